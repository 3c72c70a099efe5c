"""The ladder of reminders: who is to hear of a session when, and what of it is due.

Each audience climbs its own ladder towards a beginning: the session's, or that of a booked slot. A rung is climbed once.
Of several whose time has passed only the newest is climbed, and none after the beginning. Rungs whose time had passed
when the session was planned or moved to this beginning are left out: what was said then is newer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from bot import outbox
from bot.ladders import Rung, rungs
from bot.timetable._tables import (
    Attendee,
    Kind,
    Series,
    SessionChange,
    SessionPerson,
    SessionRow,
    SessionRung,
    Standing,
    State,
)

HORIZON = {Kind.WEBINAR: timedelta(days=28), Kind.CONSULTATION: timedelta(days=13)}
"""How long before its beginning a session of a series is announced: about when the one before it is over."""

SETTLING = timedelta(minutes=10)
"""What was planned may still be corrected for so long before it is announced."""

LINK_FROM = timedelta(days=1)
"""How long before a session its link helps."""

URGENT = 2
"""So many rungs at the end of a ladder go through quiet hours."""

_DAY, _HOUR, _WEEK = timedelta(days=1), timedelta(hours=1), timedelta(days=7)


class Audience(StrEnum):
    """Who climbs a ladder."""

    LEADING = "leading"
    COMING = "coming"
    UNDECIDED = "undecided"
    UNANSWERED = "unanswered"
    GROUPS = "groups"


@dataclass(frozen=True)
class Step:
    """One rung of one audience on the way to one beginning; `until` is when the next thing is due for them."""

    session_id: int
    audience: Audience
    rung: Rung
    at: datetime
    starts_at: datetime
    until: datetime
    urgent: bool
    older: tuple[Step, ...] = ()

    @property
    def announces(self) -> bool:
        """Whether it says that there will be a session, rather than remind of it."""
        return self.rung.before is None

    @property
    def name(self) -> str:
        """Its name among what the session's people were told."""
        return _name(self.audience, self.rung.name, None if self.announces else self.starts_at)

    @property
    def key(self) -> str:
        """What the keys of its messages begin with; the round and the recipient follow."""
        beginning = "" if self.announces else f":{_stamp(self.starts_at)}"
        return f"{self.about}{beginning}:{self.audience}:{self.rung.name}"

    @property
    def about(self) -> str:
        """What its messages are about."""
        return about_announcing(self.session_id) if self.announces else about_reminding(self.session_id)


def about_reminding(session_id: int | str) -> str:
    """What the messages that remind of a session are about."""
    return f"session:{session_id}:remind"


def reminded_of(about: str) -> int:
    """The session that such messages remind of."""
    return int(about.split(":")[1])


def about_announcing(session_id: int) -> str:
    """What the messages that announce a session are about."""
    return f"session:{session_id}:announce"


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y%m%d%H%M}"


def _name(audience: Audience, rung: str, starts_at: datetime | None) -> str:
    return f"{audience}:{rung}" + (f":{_stamp(starts_at)}" if starts_at is not None else "")


def look_again(session: SessionRow, *, now: datetime) -> None:
    """Something that reminders depend on has changed: they are reckoned anew at the next tick."""
    session.next_rung_at = now


def due_session(db: Session, *, now: datetime) -> SessionRow | None:
    """The session of which somebody is to be told first, if the time has come."""
    due = select(SessionRow).where(col(SessionRow.next_rung_at) <= now)
    return db.exec(due.order_by(col(SessionRow.next_rung_at), col(SessionRow.id)).limit(1)).one_or_none()


def rungs_of(db: Session, session: SessionRow, usual: Sequence[Rung]) -> tuple[Rung, ...]:
    """The session's own rungs: its series', or else the usual ones of its kind."""
    series = db.get(Series, session.series_id) if session.series_id is not None else None
    return rungs(series.ladder) if series is not None and series.ladder is not None else tuple(usual)


def reckon(db: Session, session: SessionRow, *, usual: Sequence[Rung], now: datetime) -> list[Step]:
    """The steps that are due now; notes on the session when to look again. What is too late for any use is taken back."""
    if session.state is not State.PLANNED or session.ends_at <= now:
        _take_back(db, session, now)
        session.next_rung_at = None
        return []
    reckoning = _Reckoning(db, session, rungs_of(db, session, usual), now)
    due = [step for ladder in reckoning.ladders() if (step := reckoning.due_of(ladder)) is not None]
    for start in reckoning.begun():
        outbox.withdraw(db, f"{about_reminding(session.id or 0)}:{_stamp(start)}", about=_about(session), now=now)
        db.add(SessionRung(session_id=session.id or 0, rung=f"begun:{_stamp(start)}", began_at=now, done_at=now))
    session.next_rung_at = now if due else min(reckoning.ahead, default=None)
    db.add(session)
    return due


def _about(session: SessionRow) -> str:
    return about_reminding(session.id or 0)


def _take_back(db: Session, session: SessionRow, now: datetime) -> None:
    for about in (about_reminding(session.id or 0), about_announcing(session.id or 0)):
        outbox.void(db, about=about, now=now)


class _Reckoning:
    """What one session's ladders look like at one moment; `ahead` collects when something is to be done."""

    def __init__(self, db: Session, session: SessionRow, ladder: tuple[Rung, ...], now: datetime) -> None:
        self.db, self.session, self.now = db, session, now
        self.rungs = ladder
        self.ahead: list[datetime] = []
        rows = db.exec(select(SessionRung).where(SessionRung.session_id == session.id)).all()
        self.done = {row.rung for row in rows if row.done_at is not None}

    def ladders(self) -> Iterator[list[Step]]:
        """Each audience's steps towards each beginning, the first first."""
        for audience, starts_at in self._ways:
            steps = self._steps(audience, starts_at)
            if steps and starts_at > self.now:
                yield steps

    def due_of(self, ladder: list[Step]) -> Step | None:
        """The newest step whose time has come, unless it was done."""
        past = [step for step in ladder if step.at <= self.now]
        coming = [step.at for step in ladder if step.at > self.now]
        self.ahead += [*coming[:1], ladder[0].starts_at]
        if not past or past[-1].name in self.done:
            return None
        return past[-1]

    def begun(self) -> list[datetime]:
        """Beginnings that have passed since somebody looked."""
        starts = {starts_at for _audience, starts_at in self._ways if starts_at <= self.now}
        return [start for start in sorted(starts) if f"begun:{_stamp(start)}" not in self.done]

    @cached_property
    def _ways(self) -> list[tuple[Audience, datetime]]:
        starts_at = self.session.starts_at
        whole = [(audience, starts_at) for audience in Audience]
        slots = select(Attendee.starts_at).where(
            Attendee.session_id == self.session.id,
            Attendee.standing == Standing.COMING,
            col(Attendee.starts_at).is_not(None),
        )
        own = {start for start in self.db.exec(slots.distinct()) if start is not None and start != starts_at}
        return [*whole, *((Audience.COMING, start) for start in sorted(own))]

    def _steps(self, audience: Audience, starts_at: datetime) -> list[Step]:
        timed = [(self._at(rung, starts_at), rung) for rung in self.rungs if self._is_for(audience, rung)]
        announced = next((at for at, rung in timed if rung.before is None), None)
        not_before = max(self._settled_at, announced or self._settled_at)
        kept = sorted(
            ((at, rung) for at, rung in timed if rung.before is None or at > not_before), key=lambda each: each[0]
        )
        urgent = {rung.name for rung in self.rungs[-URGENT:]}
        steps: list[Step] = []
        for n, (at, rung) in enumerate(kept):
            until = kept[n + 1][0] if n + 1 < len(kept) else starts_at
            urgently = rung.name in urgent
            steps.append(Step(self.session.id or 0, audience, rung, at, starts_at, until, urgently, older=tuple(steps)))
        return steps

    def _at(self, rung: Rung, starts_at: datetime) -> datetime:
        if rung.before is not None:
            return starts_at - rung.before
        planned = self.session.created_at + SETTLING
        if self.session.series_id is None:
            return planned
        return max(planned, starts_at - HORIZON[self.session.kind])

    @cached_property
    def _settled_at(self) -> datetime:
        """Since when the session has been planned for this time."""
        moved = select(func.max(SessionChange.at)).where(
            SessionChange.session_id == self.session.id, SessionChange.what == "starts_at"
        )
        return max(self.session.created_at, self.db.exec(moved).one() or self.session.created_at)

    def _is_for(self, audience: Audience, rung: Rung) -> bool:
        before, consultation = rung.before, self.session.kind is Kind.CONSULTATION
        if audience is Audience.COMING:
            return before is not None
        if audience is Audience.LEADING:  # consultants get their agenda an hour before
            return before is not None and not (consultation and before == _HOUR)
        if audience is Audience.UNDECIDED:
            return before is not None and before >= _DAY
        if audience is Audience.UNANSWERED:
            return not consultation and (before is None or before >= _WEEK)
        return before is None or before >= _HOUR


def begin(db: Session, step: Step, *, now: datetime) -> SessionRung:
    """How far a step has come; when it has just begun, what earlier steps have not sent yet is taken back."""
    row = db.get(SessionRung, (step.session_id, step.name))
    if row is None:
        row = SessionRung(session_id=step.session_id, rung=step.name, began_at=now)
        db.add(row)
        for older in step.older:
            outbox.withdraw(db, older.key, about=older.about, now=now)
    return row


def listeners(db: Session, session: SessionRow, step: Step, *, after: int, limit: int) -> list[int]:
    """The next members, by their ids, whom a step is for and who have said something about the session or lead it."""
    leading = select(SessionPerson.member_id).where(SessionPerson.session_id == step.session_id)
    if step.audience is Audience.LEADING:
        query = leading.where(col(SessionPerson.member_id) > after).distinct().order_by(col(SessionPerson.member_id))
        return list(db.exec(query.limit(limit)))
    own = col(Attendee.starts_at) == step.starts_at
    if step.starts_at == session.starts_at:
        own = or_(own, col(Attendee.starts_at).is_(None))
    query = select(Attendee.member_id).where(
        Attendee.session_id == step.session_id,
        Attendee.standing == (Standing.COMING if step.audience is Audience.COMING else Standing.MAYBE),
        col(Attendee.since) < step.at,
        col(Attendee.member_id) > after,
        col(Attendee.member_id).not_in(leading),
        own,
    )
    return list(db.exec(query.order_by(col(Attendee.member_id)).limit(limit)))


def answered(db: Session, session_id: int, member_ids: Sequence[int]) -> set[int]:
    """Which of these members have said something about the session, or lead it."""
    said = select(Attendee.member_id).where(Attendee.session_id == session_id, col(Attendee.member_id).in_(member_ids))
    lead = select(SessionPerson.member_id).where(
        SessionPerson.session_id == session_id, col(SessionPerson.member_id).in_(member_ids)
    )
    return {*db.exec(said), *db.exec(lead)}


def standings(db: Session, session_id: int, member_ids: Sequence[int]) -> Mapping[int, Attendee]:
    """What these members are to the session, by their ids."""
    query = select(Attendee).where(Attendee.session_id == session_id, col(Attendee.member_id).in_(member_ids))
    return {mine.member_id: mine for mine in db.exec(query)}

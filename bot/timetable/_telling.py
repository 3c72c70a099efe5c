"""Telling changes: what of it people have to know, when, and who is concerned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.timetable._changing import LOUD, What
from bot.timetable._ladder import LINK_FROM, Audience
from bot.timetable._tables import Attendee, SessionChange, SessionPerson, SessionRow, SessionRung, Standing, State

QUIET = timedelta(minutes=10)
"""Changes are told when nothing more was changed for so long."""
QUIET_NEAR = timedelta(minutes=1)
"""The same for a session that begins within NEAR."""
NEAR = timedelta(hours=1)


@dataclass(frozen=True)
class Difference:
    """What was once and what is now, as text (moments in ISO form)."""

    what: str
    old: str | None
    new: str | None


def ripe(db: Session, *, now: datetime) -> SessionRow | None:
    """A session with changes that are to be told now."""
    untold = select(SessionChange.session_id, SessionChange.at).where(col(SessionChange.told_at).is_(None))
    last: dict[int, datetime] = {}
    for session_id, at in db.exec(untold.order_by(col(SessionChange.at))):
        last[session_id] = at
    for session_id, at in last.items():
        session = db.get_one(SessionRow, session_id)
        if at + _quiet(session, now) <= now:
            return session
    return None


def _quiet(session: SessionRow, now: datetime) -> timedelta:
    if session.state is State.CANCELLED:
        return timedelta(0)
    return QUIET_NEAR if session.starts_at - now <= NEAR else QUIET


def begin_telling(db: Session, session: SessionRow, *, now: datetime) -> None:
    """Put the untold changes of a session together; who is concerned is told in portions from now on."""
    untold = select(SessionChange).where(SessionChange.session_id == session.id, col(SessionChange.told_at).is_(None))
    changes = db.exec(untold.order_by(col(SessionChange.id))).all()
    for change in changes:
        change.told_at = now
    db.add_all(changes)
    db.add(SessionRung(session_id=session.id or 0, rung=f"change:{changes[-1].id}", began_at=now))
    session.next_rung_at = now
    db.add(session)


def telling(db: Session, session: SessionRow) -> SessionRung | None:
    """Changes that are being told, the first first."""
    query = select(SessionRung).where(
        SessionRung.session_id == session.id,
        col(SessionRung.rung).startswith("change:"),
        col(SessionRung.done_at).is_(None),
    )
    return db.exec(query.order_by(col(SessionRung.began_at), col(SessionRung.rung)).limit(1)).one_or_none()


def differences(db: Session, session: SessionRow, told: SessionRung) -> list[Difference]:
    """What has changed for people: the first old and the last new of each, without what is as it was before.

    A cancellation leaves nothing else to say. A link that nobody needed yet is no change.
    """
    query = select(SessionChange).where(
        SessionChange.session_id == session.id,
        SessionChange.told_at == told.began_at,
        col(SessionChange.what).in_(LOUD),
    )
    merged: dict[str, Difference] = {}
    for change in db.exec(query.order_by(col(SessionChange.id))):
        first = merged.get(change.what)
        merged[change.what] = Difference(change.what, first.old if first else change.old, change.new)
    if What.CANCELLED in merged:
        return [merged[What.CANCELLED]] if session.state is State.CANCELLED else []
    return [each for each in merged.values() if each.old != each.new and _matters(each, session, told.began_at)]


def once_there(differences: Sequence[Difference]) -> set[int]:
    """Members who were to do something at a session before its people changed."""
    return {
        int(id_) for each in differences if each.what == What.PEOPLE and each.old for id_ in each.old.split(",") if id_
    }


def _matters(difference: Difference, session: SessionRow, now: datetime) -> bool:
    return difference.what not in (What.LINK, What.JOIN) or session.starts_at - now <= LINK_FROM


def concerned(db: Session, session: SessionRow) -> set[int]:
    """Members who lead the session, come, wait or may come, and do not know it as it is now."""
    part = select(SessionPerson.member_id).where(SessionPerson.session_id == session.id)
    mine = select(Attendee.member_id).where(
        Attendee.session_id == session.id,
        col(Attendee.standing).in_((Standing.COMING, Standing.WAITING, Standing.MAYBE)),
        col(Attendee.told_sequence) < session.sequence,
    )
    return {*db.exec(part), *db.exec(mine)}


def spoken_for(db: Session, session_id: int) -> set[int]:
    """Members who have said anything about the session, or lead it."""
    said = select(Attendee.member_id).where(Attendee.session_id == session_id)
    part = select(SessionPerson.member_id).where(SessionPerson.session_id == session_id)
    return {*db.exec(said), *db.exec(part)}


def was_public(db: Session, session_id: int) -> bool:
    """Whether the groups have heard of the session."""
    in_groups = select(SessionRung).where(
        SessionRung.session_id == session_id, col(SessionRung.rung).startswith(f"{Audience.GROUPS}:")
    )
    return db.exec(in_groups.limit(1)).first() is not None


def told(db: Session, session: SessionRow, member_ids: Sequence[int]) -> None:
    """Note that these members know the session as it is now."""
    query = select(Attendee).where(Attendee.session_id == session.id, col(Attendee.member_id).in_(member_ids))
    for mine in db.exec(query):
        mine.told_sequence = session.sequence
        db.add(mine)

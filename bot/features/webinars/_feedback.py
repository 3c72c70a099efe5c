"""What people thought of a webinar: three taps and a line, once each, changeable, counted without names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot import screening
from bot.errors import NotAttended, Outdated, TextTooLong
from bot.features.people import Member
from bot.features.webinars._tables import Feedback
from bot.timetable import Attendee, Kind, SessionRow, State

LINE_LIMIT = 400
ASKED_AFTER = timedelta(minutes=5)
ASKED_WITHIN = timedelta(days=21)
VALUES = {"useful": 5, "level": 3, "trying": 3}
"""What is asked, and the highest answer; the lowest is 1."""


@dataclass(frozen=True)
class Summary:
    """How many answered, how often each answer was given (by its number), and the lines without names."""

    answered: int
    useful: dict[int, int]
    level: dict[int, int]
    trying: dict[int, int]
    lines: Sequence[str]

    @property
    def mean(self) -> float | None:
        """How useful it was on average; None when nobody said."""
        count = sum(self.useful.values())
        return sum(value * times for value, times in self.useful.items()) / count if count else None


def to_ask(db: Session, *, now: datetime, limit: int = 500) -> list[tuple[SessionRow, Member]]:
    """Who was at a webinar that ended lately and was not asked yet what they thought of it."""
    query = (
        select(SessionRow, Member)
        .join(Attendee, col(Attendee.session_id) == col(SessionRow.id))
        .join(Member, col(Member.id) == col(Attendee.member_id))
        .outerjoin(
            Feedback,
            (col(Feedback.session_id) == col(SessionRow.id)) & (col(Feedback.member_id) == col(Attendee.member_id)),
        )
        .where(
            SessionRow.kind == Kind.WEBINAR,
            SessionRow.state != State.CANCELLED,
            col(SessionRow.ends_at) <= now - ASKED_AFTER,
            col(SessionRow.ends_at) > now - ASKED_WITHIN,
            col(Attendee.attended_at).is_not(None),
            col(Feedback.session_id).is_(None),
        )
    )
    return [(session, member) for session, member in db.exec(query.limit(limit))]


def note_asked(db: Session, session_id: int, member: Member, *, now: datetime) -> Feedback:
    """Somebody is asked; the row that their answers go to."""
    found = feedback(db, session_id, member)
    if found is None:
        found = Feedback(session_id=session_id, member_id=member.id or 0, asked_at=now)
        db.add(found)
        db.flush()
    return found


def feedback(db: Session, session_id: int, member: Member) -> Feedback | None:
    """What a member said of a webinar."""
    return db.get(Feedback, (session_id, member.id))


def require_attended(db: Session, session: SessionRow, member: Member) -> None:
    """Raise NotAttended unless the member is known to have been there."""
    query = select(Attendee.attended_at).where(Attendee.session_id == session.id, Attendee.member_id == member.id)
    if db.exec(query).one_or_none() is None:
        raise NotAttended


def rate(db: Session, session: SessionRow, member: Member, *, what: str, value: int, now: datetime) -> Feedback:
    """Give one of the three answers, or change it. Raises NotAttended, and Outdated for what was never asked."""
    if not 1 <= value <= VALUES.get(what, 0):
        raise Outdated
    require_attended(db, session, member)
    given = note_asked(db, session.id or 0, member, now=now)
    setattr(given, what, value)
    given.given_at = now
    return given


def say(db: Session, session: SessionRow, member: Member, text: str, *, now: datetime) -> Feedback:
    """Add a line, without what may identify a patient; raises NotAttended or TextTooLong."""
    require_attended(db, session, member)
    line = " ".join(text.split())
    if len(line) > LINE_LIMIT:
        raise TextTooLong(LINE_LIMIT, len(line))
    given = note_asked(db, session.id or 0, member, now=now)
    given.line, given.given_at = screening.masked(line) or None, now
    return given


def summary(db: Session, session_id: int) -> Summary:
    """What all thought of a webinar; the lines in an order that tells nothing of who wrote them."""
    query = select(Feedback).where(Feedback.session_id == session_id, col(Feedback.given_at).is_not(None))
    given = list(db.exec(query))
    counted: dict[str, dict[int, int]] = {what: {} for what in VALUES}
    for one in given:
        for what, times in counted.items():
            value = getattr(one, what)
            if value is not None:
                times[value] = times.get(value, 0) + 1
    lines = sorted(one.line for one in given if one.line)
    return Summary(len(given), counted["useful"], counted["level"], counted["trying"], lines)


def feedback_of(db: Session, member: Member) -> list[Feedback]:
    """What a member said of webinars."""
    return list(db.exec(select(Feedback).where(Feedback.member_id == member.id)))

"""Around the slot: the word the day before, who came, notes and next steps, and how it went two weeks later."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot import timetable
from bot.errors import NotAllowed, Outdated, TextTooLong
from bot.features.consultations._ending import locked
from bot.features.consultations._tables import Booking, State, Went
from bot.features.consultations._terms import ASK_BEFORE, CUT_OFF, FOLLOW_UP, NOTES_LIMIT
from bot.features.people import Member, Role
from bot.timetable import Kind, Part, SessionRow


def to_ask(db: Session, *, now: datetime) -> list[Booking]:
    """Who has a slot within a day and was not asked yet whether they will be there, while they can still give it back."""
    query = select(Booking).where(
        Booking.state == State.BOOKED,
        col(Booking.starts_at) > now + CUT_OFF,
        col(Booking.starts_at) <= now + ASK_BEFORE,
        col(Booking.asked_at).is_(None),
        col(Booking.created_at) <= now - timedelta(hours=1),
    )
    return list(db.exec(query.order_by(col(Booking.starts_at), col(Booking.id))))


def at_desk(db: Session, booking_id: int, consultant: Member) -> Booking:
    """A booking for those who work on it: the session's consultants and organizers; raises Outdated or NotAllowed."""
    if not consultant.role.reaches(Role.CONSULTANT):
        raise NotAllowed(Role.CONSULTANT)
    booking = locked(db, booking_id)
    if booking.state is not State.BOOKED:
        raise Outdated
    if not consultant.role.reaches(Role.ORGANIZER) and consultant.id not in consultants(db, booking.session_id):
        raise NotAllowed(Role.ORGANIZER)
    return booking


def consultants(db: Session, session_id: int) -> list[int]:
    """The ids of the session's consultants."""
    return [person.member_id for person in timetable.people(db, session_id, Part.CONSULTANT)]


def agenda(db: Session, session_id: int, *, consultant_id: int | None = None) -> list[Booking]:
    """What is booked of a session, in order; only what is this consultant's or nobody's where one is given."""
    query = select(Booking).where(Booking.session_id == session_id, Booking.state == State.BOOKED)
    if consultant_id is not None:
        query = query.where((col(Booking.consultant_id) == consultant_id) | col(Booking.consultant_id).is_(None))
    return list(db.exec(query.order_by(col(Booking.starts_at), col(Booking.id))))


def near(db: Session, *, since: datetime, until: datetime) -> list[SessionRow]:
    """Consultations that are planned or held and begin within this time."""
    query = select(SessionRow).where(
        SessionRow.kind == Kind.CONSULTATION,
        col(SessionRow.starts_at) > since,
        col(SessionRow.starts_at) <= until,
        SessionRow.state != timetable.State.CANCELLED,
    )
    return list(db.exec(query.order_by(col(SessionRow.starts_at))))


def open_now(db: Session, *, now: datetime) -> SessionRow | None:
    """The open consultation that is going on: one without slots."""
    found = near(db, since=now - timedelta(days=1), until=now)
    return next((row for row in found if is_open(row) and row.ends_at > now), None)


def is_open(session: SessionRow) -> bool:
    """Whether everybody may come and ask: a session without slots."""
    return not session.slot_minutes


def note_attendance(db: Session, booking: Booking, *, came: bool, now: datetime) -> None:
    """Whether they came; raises Outdated before the slot has begun."""
    if now < booking.starts_at:
        raise Outdated
    booking.came = came
    db.add(booking)
    session = timetable.session(db, booking.session_id)
    if session is not None:
        timetable.attended(db, session, member_id=booking.member_id, how="consultant", was_there=came, now=now)


def write_notes(db: Session, booking: Booking, *, notes: str, next_steps: str, by: Member, now: datetime) -> None:
    """Keep what was said and agreed, for the trainee too; two weeks later they are asked how it went."""
    check_notes(notes)
    check_notes(next_steps)
    booking.notes, booking.next_steps, booking.notes_by, booking.notes_at = notes, next_steps, by.id, now
    if booking.went is None:
        booking.follow_up_at = now + FOLLOW_UP
    db.add(booking)


def check_notes(text: str) -> None:
    """Raise TextTooLong for notes that are too long for one message."""
    if len(text) > NOTES_LIMIT:
        raise TextTooLong(NOTES_LIMIT, len(text))


def last_time(db: Session, booking: Booking) -> Booking | None:
    """The member's last consultation before this one that has notes."""
    query = select(Booking).where(
        Booking.member_id == booking.member_id,
        col(Booking.starts_at) < booking.starts_at,
        col(Booking.notes).is_not(None),
    )
    return db.exec(query.order_by(col(Booking.starts_at).desc())).first()


def to_follow_up(db: Session, *, now: datetime, limit: int = 100) -> list[Booking]:
    """Whom to ask how it went; gives each once."""
    query = select(Booking).where(col(Booking.follow_up_at).is_not(None), col(Booking.follow_up_at) <= now)
    found = list(db.exec(query.order_by(col(Booking.follow_up_at)).limit(limit)))
    for booking in found:
        booking.follow_up_at = None
    return found


def say_how_it_went(booking: Booking, went: str) -> Went:
    """How it went; raises Outdated for a word that is none."""
    if went not in list(Went) or booking.notes_at is None:
        raise Outdated
    booking.went, booking.follow_up_at = Went(went), None
    return booking.went

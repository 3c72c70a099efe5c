"""What a booking is to the timetable, so that reminders and calendars follow it; and how it ends."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot import timetable
from bot.errors import Outdated
from bot.features.consultations._tables import Booking, State
from bot.timetable import SessionRow, Standing


def locked(db: Session, booking_id: int) -> Booking:
    """The booking with this id as it is now, locked by its session; raises Outdated when there is none."""
    booking = db.get(Booking, booking_id)
    session = timetable.session(db, booking.session_id) if booking is not None else None
    if booking is None or session is None:
        raise Outdated
    timetable.lock(db, session)
    db.refresh(booking)
    return booking


def follow(db: Session, session: SessionRow, booking: Booking, *, now: datetime) -> None:
    """Reminders and calendars know the slot of what is booked; an offer is nobody's appointment yet."""
    if booking.state is State.BOOKED:
        timetable.join(
            db,
            session,
            member_id=booking.member_id,
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            first_come=True,
            now=now,
        )


def follow_waiting(db: Session, session: SessionRow, member_id: int, *, now: datetime) -> None:
    """Whoever waits hears as well when the session is moved or cancelled."""
    timetable.join(db, session, member_id=member_id, standing=Standing.WAITING, now=now)


def end(db: Session, session: SessionRow | None, booking: Booking, state: State, *, now: datetime) -> None:
    """The slot is free again; a member who leaves a cancelled session stays its attendee, so that they are told."""
    booking.state, booking.slot_id, booking.ended_at, booking.until = state, None, now, None
    db.add(booking)
    db.flush()
    if session is not None and session.state is timetable.State.PLANNED:
        timetable.leave(db, session, member_id=booking.member_id, now=now)

"""What is kept of a person, and how it is forgotten."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from bot.features.consultations._tables import Booking, Slot, Waiting
from bot.features.people import Member


def bookings_of(db: Session, member: Member) -> list[Booking]:
    """Everything that a member ever booked or was offered, oldest first."""
    return list(db.exec(select(Booking).where(Booking.member_id == member.id).order_by(col(Booking.starts_at))))


def waiting_of(db: Session, member: Member) -> list[Waiting]:
    """The waiting lists that a member is on."""
    return list(db.exec(select(Waiting).where(Waiting.member_id == member.id).order_by(col(Waiting.since))))


def notes_by(db: Session, member: Member) -> list[Booking]:
    """The consultations of which somebody wrote the notes."""
    return list(db.exec(select(Booking).where(Booking.notes_by == member.id).order_by(col(Booking.starts_at))))


def forget(db: Session, member: Member) -> None:
    """Delete a person's bookings with all that was written of them; what a consultant leaves stays with the others."""
    db.exec(delete(Waiting).where(col(Waiting.member_id) == member.id))
    db.exec(delete(Booking).where(col(Booking.member_id) == member.id))
    db.exec(update(Booking).where(col(Booking.notes_by) == member.id).values(notes_by=None))
    db.exec(update(Booking).where(col(Booking.consultant_id) == member.id).values(consultant_id=None))
    db.exec(update(Slot).where(col(Slot.consultant_id) == member.id).values(consultant_id=None))

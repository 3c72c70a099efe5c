"""Slots: made from a session for each of its consultants side by side, and made again when the session changes.

Made again, a slot that somebody holds keeps its holder: at its new time, or with a colleague at the same time. Whoever
has no slot any more comes first on the waiting list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session, col, select

from bot import timetable
from bot.features.consultations._ending import end, follow, follow_waiting
from bot.features.consultations._tables import ACTIVE, Arrangement, Booking, Slot, State, Waiting
from bot.features.consultations._terms import BOOK_UNTIL
from bot.timetable import Kind, Part, SessionRow


class What(StrEnum):
    """What became of a booking when its session's slots were made again."""

    PASSED = "passed"
    SHIFTED = "shifted"
    WAITS = "waits"
    OPENED = "opened"


@dataclass(frozen=True)
class Change:
    """What the holder of a booking has to hear; a move together with the session is not among it."""

    booking: Booking
    what: What


def unarranged(db: Session, *, now: datetime) -> list[SessionRow]:
    """Sessions ahead whose slots are not those of what they are now."""
    ahead = select(SessionRow, Arrangement.made_from).outerjoin(
        Arrangement, col(Arrangement.session_id) == col(SessionRow.id)
    )
    ahead = ahead.where(
        SessionRow.kind == Kind.CONSULTATION,
        SessionRow.state == timetable.State.PLANNED,
        col(SessionRow.starts_at) > now,
    )
    rows = db.exec(ahead.order_by(col(SessionRow.starts_at))).all()
    consultants = _consultants(db, [row.id or 0 for row, _made_from in rows]) if rows else {}
    return [row for row, made_from in rows if made_from != _made_from(row, consultants.get(row.id or 0, []))]


def _consultants(db: Session, session_ids: Collection[int]) -> dict[int, list[int]]:
    query = select(timetable.SessionPerson.session_id, timetable.SessionPerson.member_id).where(
        col(timetable.SessionPerson.session_id).in_(session_ids), timetable.SessionPerson.part == Part.CONSULTANT
    )
    found: dict[int, list[int]] = {}
    for session_id, member_id in db.exec(query.order_by(col(timetable.SessionPerson.member_id))):
        found.setdefault(session_id, []).append(member_id)
    return found


def _made_from(session: SessionRow, consultants: Collection[int]) -> str:
    parts = (session.starts_at, session.ends_at, session.slot_minutes, session.buffer_minutes, *consultants)
    return "|".join(str(part) for part in parts)


def times(session: SessionRow) -> Iterator[tuple[datetime, datetime]]:
    """When the session's slots begin and end; none for an open session."""
    if not session.slot_minutes or session.slot_minutes < 0:
        return
    length, step = timedelta(minutes=session.slot_minutes), timedelta(minutes=max(session.buffer_minutes, 0))
    at = session.starts_at
    while at + length <= session.ends_at:
        yield at, at + length
        at += length + step


def arrange(db: Session, session: SessionRow, *, now: datetime) -> list[Change]:
    """Make the slots that the session should have now; gives what those who hold one have to hear. Twice does nothing."""
    timetable.lock(db, session)
    session_id = session.id or 0
    before = db.get(Arrangement, session_id)
    shift = session.starts_at - before.starts_at if before is not None else timedelta(0)
    consultants = _consultants(db, [session_id]).get(session_id, [])
    lanes: list[int | None] = [*consultants] or [None]
    slots = {(slot.position, slot.consultant_id): slot for slot in of_session(db, session_id)}
    wanted = {(position, consultant): span for position, span in enumerate(times(session)) for consultant in lanes}
    changes = []
    for place, (starts_at, ends_at) in wanted.items():
        slot = slots.get(place) or Slot(
            session_id=session_id, position=place[0], consultant_id=place[1], starts_at=starts_at, ends_at=ends_at
        )
        moved_by, slot.starts_at, slot.ends_at = starts_at - slot.starts_at, starts_at, ends_at
        db.add(slot)
        changes += _moved(db, session, slot, now, as_told=moved_by == shift)
    db.flush()
    stale = [slot for place, slot in slots.items() if place not in wanted]
    changes += [change for slot in stale for change in _left_without(db, session, slot, lanes, now)]
    for slot in stale:
        db.delete(slot)
    made_from = _made_from(session, consultants)
    db.merge(Arrangement(session_id=session_id, made_from=made_from, starts_at=session.starts_at))
    db.flush()
    return changes


def _moved(db: Session, session: SessionRow, slot: Slot, now: datetime, *, as_told: bool) -> list[Change]:
    booking = holder(db, slot)
    if booking is None or (booking.starts_at, booking.ends_at) == (slot.starts_at, slot.ends_at):
        return []
    take_place(booking, slot)
    booking.asked_at = booking.confirmed_at = None
    follow(db, session, booking, now=now)
    return [] if as_told else [Change(booking, What.SHIFTED)]


def _left_without(
    db: Session, session: SessionRow, slot: Slot, lanes: Collection[int | None], now: datetime
) -> list[Change]:
    """The slot goes: its holder passes to a colleague who is free at the time, or else waits before all others."""
    booking = holder(db, slot)
    if booking is None:
        return []
    for other in free(db, session, now=now):
        if other.position == slot.position and other.consultant_id in lanes:
            take_place(booking, other)
            db.flush()
            follow(db, session, booking, now=now)
            return [Change(booking, What.PASSED)]
    end(db, session, booking, State.VOID, now=now)
    if not session.slot_minutes:
        return [Change(booking, What.OPENED)]
    db.add(
        Waiting(
            session_id=session.id or 0,
            member_id=booking.member_id,
            since=now,
            first=True,
            subject=booking.subject,
            case=booking.case,
            question_id=booking.question_id,
        )
    )
    db.flush()
    follow_waiting(db, session, booking.member_id, now=now)
    return [Change(booking, What.WAITS)]


def take_place(booking: Booking, slot: Slot) -> None:
    """The booking is this slot's from now on."""
    booking.session_id, booking.slot_id, booking.consultant_id = slot.session_id, slot.id, slot.consultant_id
    booking.starts_at, booking.ends_at = slot.starts_at, slot.ends_at


def holder(db: Session, slot: Slot) -> Booking | None:
    """The booking that holds a slot."""
    return db.exec(select(Booking).where(Booking.slot_id == slot.id)).one_or_none() if slot.id is not None else None


def of_session(db: Session, session_id: int) -> list[Slot]:
    """All slots of a session, in their order."""
    query = select(Slot).where(Slot.session_id == session_id)
    return list(db.exec(query.order_by(col(Slot.position), col(Slot.consultant_id))))


def free(db: Session, session: SessionRow, *, now: datetime) -> list[Slot]:
    """Slots that can be booked now, in their order."""
    if session.state is not timetable.State.PLANNED:
        return []
    query = select(Slot).outerjoin(Booking, col(Booking.slot_id) == col(Slot.id))
    query = query.where(
        Slot.session_id == session.id, col(Booking.id).is_(None), col(Slot.starts_at) >= now + BOOK_UNTIL
    )
    return list(db.exec(query.order_by(col(Slot.position), col(Slot.consultant_id))))


def void(db: Session, *, now: datetime) -> list[Booking]:
    """The sessions that were cancelled: what was booked of them is void, and nobody waits for them; gives the bookings."""
    cancelled = db.exec(
        select(SessionRow).where(
            SessionRow.kind == Kind.CONSULTATION,
            SessionRow.state == timetable.State.CANCELLED,
            col(SessionRow.starts_at) > now - timedelta(days=1),
        )
    ).all()
    ended = []
    for session in cancelled:
        held = select(Booking).where(Booking.session_id == session.id, col(Booking.state).in_(ACTIVE))
        for booking in db.exec(held).all():
            end(db, session, booking, State.VOID, now=now)
            ended.append(booking)
        for one in db.exec(select(Waiting).where(Waiting.session_id == session.id)).all():
            db.delete(one)
    return ended

"""The waiting list: its order, and the timed offers of slots that come free."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from bot import timetable
from bot.errors import CannotBook
from bot.features import attention
from bot.features.consultations._booking import hold
from bot.features.consultations._ending import end, follow_waiting
from bot.features.consultations._fairness import ahead, had_lately, hindrance
from bot.features.consultations._slots import free
from bot.features.consultations._tables import Booking, State, Waiting
from bot.features.consultations._terms import CUT_OFF, OFFER, SHORTEST_OFFER, Why
from bot.features.people import Member
from bot.timetable import SessionRow


def wait(
    db: Session,
    member: Member,
    session: SessionRow,
    *,
    now: datetime,
    subject: str | None = None,
    question_id: int | None = None,
) -> Waiting:
    """Join the waiting list, or stay where one is. Raises CannotBook for somebody who has a slot already."""
    timetable.lock(db, session)
    mine = waits(db, member, session)
    if mine is not None:
        return mine
    if ahead(db, member.id or 0, now=now) is not None:
        raise CannotBook(Why.OPEN)
    mine = Waiting(
        session_id=session.id or 0, member_id=member.id or 0, since=now, subject=subject, question_id=question_id
    )
    db.add(mine)
    db.flush()
    follow_waiting(db, session, mine.member_id, now=now)
    return mine


def waits(db: Session, member: Member, session: SessionRow) -> Waiting | None:
    """The member's place on the session's waiting list."""
    return db.exec(
        select(Waiting).where(Waiting.session_id == session.id, Waiting.member_id == member.id)
    ).one_or_none()


def wait_no_longer(db: Session, member: Member, session: SessionRow, *, now: datetime) -> None:
    """Leave the waiting list."""
    if (mine := waits(db, member, session)) is not None:
        db.delete(mine)
        timetable.leave(db, session, member_id=mine.member_id, now=now)


def line(db: Session, session: SessionRow, *, now: datetime) -> list[Waiting]:
    """The waiting list in its order: who lost a slot, then who had none lately, then who came first."""
    query = select(Waiting).where(Waiting.session_id == session.id)
    rows = db.exec(query.order_by(col(Waiting.since), col(Waiting.id))).all()
    return sorted(rows, key=lambda row: (not row.first, had_lately(db, row.member_id, now=now) is not None))


def position(db: Session, member: Member, session: SessionRow, *, now: datetime) -> int | None:
    """The member's place in the line, 1 for the first; None for who does not wait."""
    order = [row.member_id for row in line(db, session, now=now)]
    return order.index(member.id or 0) + 1 if member.id in order else None


def waited_for(db: Session) -> list[SessionRow]:
    """Sessions ahead that somebody waits for."""
    return [session for session in _waited_for(db) if session.state is timetable.State.PLANNED]


def _waited_for(db: Session) -> list[SessionRow]:
    query = select(SessionRow).where(col(SessionRow.id).in_(select(Waiting.session_id)))
    return list(db.exec(query.order_by(col(SessionRow.starts_at))))


def offer(db: Session, session: SessionRow, *, now: datetime) -> list[Booking]:
    """Offer each free slot to who is next in the line and may book; gives the offers that were made.

    The clock of an offer runs from when it reaches somebody, after their quiet hours; near the start it is shorter, and
    it stops at the cut-off.
    """
    timetable.lock(db, session)
    slots = [slot for slot in free(db, session, now=now) if slot.starts_at - CUT_OFF - SHORTEST_OFFER >= now]
    made: list[Booking] = []
    for row in line(db, session, now=now) if slots else ():
        member = db.get(Member, row.member_id)
        if member is None or member.unreachable_at is not None or not slots:
            continue
        if hindrance(db, member, session, now=now) is not None:
            continue
        until = _until(db, member, slots[0].starts_at - CUT_OFF, now)
        if until is None:
            continue
        booking = hold(
            db,
            member,
            slots[0],
            state=State.OFFERED,
            until=until,
            subject=row.subject,
            case=row.case,
            question_id=row.question_id,
            now=now,
        )
        if booking is not None:
            slots.pop(0)
            db.delete(row)
            db.flush()
            made.append(booking)
    return made


def _until(db: Session, member: Member, cut_off: datetime, now: datetime) -> datetime | None:
    return offered_until(attention.after_quiet(attention.of(db, member), member.timezone, now), cut_off)


def offered_until(reaches_at: datetime, cut_off: datetime) -> datetime | None:
    """When an offer ends: near the cut-off half of what is left before it; None when it is too late to offer anything."""
    left = cut_off - reaches_at
    if left < SHORTEST_OFFER:
        return None
    return reaches_at + min(OFFER, max(left / 2, SHORTEST_OFFER))


def lapsed(db: Session, *, now: datetime) -> list[Booking]:
    """End the offers whose time is over; gives them."""
    over = db.exec(select(Booking).where(Booking.state == State.OFFERED, col(Booking.until) <= now)).all()
    for booking in over:
        end(db, timetable.session(db, booking.session_id), booking, State.LAPSED, now=now)
    return list(over)


def in_vain(db: Session, *, now: datetime) -> list[tuple[Member, SessionRow]]:
    """Whoever still waits when nothing can be offered any more waits no longer; gives who, and for what."""
    found = []
    for session in _waited_for(db):
        if session.ends_at > now + CUT_OFF:
            continue
        for row in db.exec(select(Waiting).where(Waiting.session_id == session.id).order_by(col(Waiting.id))).all():
            db.delete(row)
            if session.state is timetable.State.PLANNED and session.ends_at > now:
                timetable.leave(db, session, member_id=row.member_id, now=now)
            if (member := db.get(Member, row.member_id)) is not None:
                found.append((member, session))
    return found

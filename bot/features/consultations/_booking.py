"""Booking: one slot for one person, whoever taps at the same time; moving it, giving it back, what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from bot import timetable
from bot.errors import CannotBook, NotYours, Outdated, PastCutOff, SessionOver, SlotTaken, TextTooLong
from bot.features.consultations._ending import end, follow, locked
from bot.features.consultations._fairness import hindrance
from bot.features.consultations._slots import free, take_place
from bot.features.consultations._tables import ACTIVE, Booking, Slot, State, Waiting
from bot.features.consultations._terms import CASE, CUT_OFF, FIELD_LIMIT, SUBJECT_LIMIT, Why
from bot.features.people import Member
from bot.timetable import Kind, SessionRow

table: Any = Booking.__table__  # type: ignore[attr-defined]


def session_of(db: Session, session_id: int) -> SessionRow:
    """The consultation session with this id; raises Outdated, or SessionOver."""
    session = timetable.session(db, session_id)
    if session is None or session.kind is not Kind.CONSULTATION:
        raise Outdated
    if session.state is timetable.State.CANCELLED:
        raise SessionOver(cancelled=True)
    return session


def bookable(db: Session, session_id: int, *, now: datetime) -> SessionRow:
    """The session with this id, if it has slots and is not over; raises Outdated, or SessionOver."""
    session = session_of(db, session_id)
    if session.ends_at <= now or session.state is timetable.State.HELD:
        raise SessionOver(cancelled=False)
    if not session.slot_minutes:
        raise Outdated
    return session


def get(db: Session, booking_id: int, member: Member) -> Booking:
    """The member's own booking, locked with its session; raises Outdated when there is none, NotYours for another's."""
    booking = locked(db, booking_id)
    if booking.member_id != member.id:
        raise NotYours("")
    return booking


def held(db: Session, booking_id: int, member: Member) -> Booking:
    """The member's own booking that still holds a slot ahead; raises SessionOver for a cancelled session, or Outdated."""
    booking = get(db, booking_id, member)
    session_of(db, booking.session_id)
    if not booking.holds:
        raise Outdated
    return booking


def in_session(db: Session, session_id: int, member: Member) -> Booking | None:
    """What a member holds in a session: a slot, or the offer of one."""
    return db.exec(
        select(Booking).where(
            Booking.session_id == session_id, Booking.member_id == member.id, col(Booking.state).in_(ACTIVE)
        )
    ).one_or_none()


def book(
    db: Session,
    member: Member,
    session: SessionRow,
    *,
    starts_at: datetime,
    now: datetime,
    consultant_id: int | None = None,
    subject: str | None = None,
    question_id: int | None = None,
) -> Booking:
    """Book the slot that begins then, with this consultant or (None) with whoever is free and has the least to do.

    Booking the same once more gives the same booking. Raises SlotTaken when somebody was quicker, CannotBook when it is
    others' turn, and SessionOver.
    """
    timetable.lock(db, session)  # before anything refers to it: two who did both would wait for each other
    mine = in_session(db, session.id or 0, member)
    if mine is not None and mine.starts_at == starts_at:
        accept(db, mine, now=now)
        return mine
    if mine is None and (why := hindrance(db, member, session, now=now)) is not None:
        raise CannotBook(why)
    if mine is not None and mine.state is State.BOOKED:
        raise CannotBook(Why.OPEN)
    for slot in _at(db, session, starts_at, consultant_id, now):
        booking = _in_place_of(db, mine, slot) if mine is not None else None
        booking = booking or hold(
            db, member, slot, state=State.BOOKED, subject=subject, question_id=question_id, now=now
        )
        if booking is not None:
            _settled(db, session, booking, now)
            return booking
    raise SlotTaken


def _in_place_of(db: Session, offer: Booking, slot: Slot) -> Booking | None:
    """Another slot instead of the one that was offered."""
    if not _took(db, offer, slot):
        return None
    offer.state, offer.until = State.BOOKED, None
    db.flush()
    return offer


def _at(db: Session, session: SessionRow, starts_at: datetime, consultant_id: int | None, now: datetime) -> list[Slot]:
    """The free slots that fit, those of consultants with the least to do first."""
    fit = [slot for slot in free(db, session, now=now) if slot.starts_at == starts_at]
    if consultant_id is not None:
        return [slot for slot in fit if slot.consultant_id == consultant_id]
    busy = select(Booking.consultant_id, func.count()).where(
        Booking.session_id == session.id, col(Booking.state).in_(ACTIVE)
    )
    load = dict(db.exec(busy.group_by(col(Booking.consultant_id))).all())
    return sorted(fit, key=lambda slot: load.get(slot.consultant_id, 0))


def hold(
    db: Session,
    member: Member,
    slot: Slot,
    *,
    state: State,
    now: datetime,
    until: datetime | None = None,
    subject: str | None = None,
    case: Mapping[str, str] | None = None,
    question_id: int | None = None,
) -> Booking | None:
    """Hold a slot for a member; None when it is taken, or when they hold one of this session already."""
    row = {
        "session_id": slot.session_id,
        "slot_id": slot.id,
        "member_id": member.id,
        "consultant_id": slot.consultant_id,
        "state": state,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "subject": subject,
        "case": dict(case or {}),
        "question_id": question_id,
        "created_at": now,
        "until": until,
    }
    insert = insert_sqlite if db.connection().dialect.name == "sqlite" else insert_postgres
    made = db.execute(insert(table).values(row).on_conflict_do_nothing().returning(table.c.id)).scalar_one_or_none()
    return db.get(Booking, made) if made is not None else None


def _settled(db: Session, session: SessionRow, booking: Booking, now: datetime) -> None:
    """Whoever has a slot waits for none, and has no other offers."""
    for waiting in db.exec(select(Waiting).where(Waiting.member_id == booking.member_id)).all():
        db.delete(waiting)
        _left(db, waiting.session_id, booking, now)
    others = select(Booking).where(
        Booking.member_id == booking.member_id, Booking.state == State.OFFERED, Booking.id != booking.id
    )
    for offer in db.exec(others).all():
        end(db, None, offer, State.LAPSED, now=now)
        _left(db, offer.session_id, booking, now)
    follow(db, session, booking, now=now)


def _left(db: Session, session_id: int, booking: Booking, now: datetime) -> None:
    """They are nothing to another session any more."""
    other = timetable.session(db, session_id)
    if other is not None and session_id != booking.session_id and other.state is timetable.State.PLANNED:
        timetable.leave(db, other, member_id=booking.member_id, now=now)


def accept(db: Session, booking: Booking, *, now: datetime) -> None:
    """Take the offered slot; accepting it twice is once. Raises Outdated when the offer has passed."""
    if booking.state is State.BOOKED:
        return
    if not is_offered(booking, now=now):
        raise Outdated
    session = session_of(db, booking.session_id)
    timetable.lock(db, session)
    booking.state, booking.until = State.BOOKED, None
    db.flush()
    _settled(db, session, booking, now)


def is_offered(booking: Booking, *, now: datetime) -> bool:
    """Whether it is an offer that can still be taken."""
    return booking.state is State.OFFERED and (booking.until is None or booking.until > now)


def require_before_cut_off(booking: Booking, *, now: datetime) -> None:
    """Raise PastCutOff when it is too late to move or give back what is booked."""
    if booking.state is State.BOOKED and now > booking.starts_at - CUT_OFF:
        raise PastCutOff(booking.starts_at - CUT_OFF)


def give_back(db: Session, booking: Booking, *, now: datetime) -> None:
    """Free the slot for whoever waits; an offer is refused. Raises PastCutOff."""
    require_before_cut_off(booking, now=now)
    state = State.LAPSED if booking.state is State.OFFERED else State.GIVEN_BACK
    end(db, timetable.session(db, booking.session_id), booking, state, now=now)


def move(
    db: Session, member: Member, booking: Booking, session: SessionRow, *, starts_at: datetime, now: datetime
) -> None:
    """Take another slot in place of this one, with the same consultant where they are free.

    Raises PastCutOff, SlotTaken, CannotBook; then the old one stays.
    """
    if (booking.session_id, booking.starts_at) == (session.id, starts_at):
        return
    require_before_cut_off(booking, now=now)
    if booking.session_id != session.id and (why := hindrance(db, member, session, now=now, beside=booking)):
        raise CannotBook(why)
    old = timetable.session(db, booking.session_id)
    timetable.lock(db, session)
    fit = _at(db, session, starts_at, None, now)
    same_first = sorted(fit, key=lambda slot: slot.consultant_id != booking.consultant_id)
    for slot in same_first:
        if _took(db, booking, slot):
            booking.asked_at = booking.confirmed_at = None
            if old is not None and old.id != session.id:
                timetable.leave(db, old, member_id=booking.member_id, now=now)
            _settled(db, session, booking, now)
            return
    raise SlotTaken


def _took(db: Session, booking: Booking, slot: Slot) -> bool:
    try:
        with db.begin_nested():
            take_place(booking, slot)
            db.add(booking)
    except IntegrityError:
        db.refresh(booking)
        return False
    return True


def confirm(booking: Booking, *, now: datetime) -> None:
    """They will be there."""
    booking.confirmed_at = booking.confirmed_at or now


def take_along(booking: Booking, *, question_id: int) -> None:
    """A question to the experts is to be talked about as well."""
    booking.question_id = question_id


def write_subject(booking: Booking, text: str) -> None:
    """What they want to talk about, in one line; raises TextTooLong."""
    booking.subject = _checked(" ".join(text.split()), SUBJECT_LIMIT)


def write_case(booking: Booking, field: str, text: str) -> None:
    """One field of the case form; raises Outdated for a field that is not one, and TextTooLong."""
    if field not in CASE:
        raise Outdated
    booking.case = {**booking.case, field: _checked(text.strip(), FIELD_LIMIT)}


def _checked(text: str, limit: int) -> str:
    if len(text) > limit:
        raise TextTooLong(limit, len(text))
    return text

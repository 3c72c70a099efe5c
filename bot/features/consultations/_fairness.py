"""Who may book what when slots are few: those who had no consultation lately come first."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot import timetable
from bot.features.consultations._slots import free, of_session
from bot.features.consultations._tables import ACTIVE, Booking, State, Waiting
from bot.features.consultations._terms import CUT_OFF, KEPT_UNTIL, LATELY, MOST, Why, programme_of
from bot.features.people import Member
from bot.timetable import SessionRow


def is_short(db: Session, session: SessionRow, *, now: datetime) -> bool:
    """Whether slots are few: at most a third of them are free, or fewer than people wait for."""
    left, total = len(free(db, session, now=now)), len(of_session(db, session.id or 0))
    wait = db.exec(select(func.count()).select_from(Waiting).where(Waiting.session_id == session.id)).one()
    return left * 3 <= total or left < wait


def had_lately(db: Session, member_id: int, *, now: datetime) -> datetime | None:
    """When the member last had a consultation within the last weeks; one that they missed does not count."""
    query = select(func.max(Booking.starts_at)).where(
        Booking.member_id == member_id,
        Booking.state == State.BOOKED,
        col(Booking.starts_at) > now - LATELY,
        col(Booking.starts_at) <= now,
        or_(col(Booking.came).is_(None), col(Booking.came).is_(True)),
    )
    return db.exec(query).one()


def ahead(db: Session, member_id: int, *, now: datetime) -> Booking | None:
    """The slot that a member has booked and not had yet; what was cancelled is none."""
    held = _held_ahead(member_id, now).where(Booking.state == State.BOOKED)
    return db.exec(held).first()


def ahead_of(db: Session, member: Member, *, now: datetime) -> list[Booking]:
    """What a member holds ahead: a slot, or offers of one."""
    return list(db.exec(_held_ahead(member.id or 0, now)))


def _held_ahead(member_id: int, now: datetime) -> SelectOfScalar[Booking]:
    query = select(Booking).join(SessionRow, col(SessionRow.id) == col(Booking.session_id))
    query = query.where(
        Booking.member_id == member_id,
        col(Booking.state).in_(ACTIVE),
        col(Booking.ends_at) > now,
        SessionRow.state == timetable.State.PLANNED,
    )
    return query.order_by(col(Booking.starts_at))


def hindrance(
    db: Session, member: Member, session: SessionRow, *, now: datetime, beside: Booking | None = None
) -> Why | None:
    """Why a member cannot book in this session now; None when they can. `beside` is a booking that would be given up."""
    member_id = member.id or 0
    mine = ahead(db, member_id, now=now)
    if mine is not None and (beside is None or mine.id != beside.id):
        return Why.OPEN
    if now >= session.starts_at - CUT_OFF or not is_short(db, session, now=now):
        return None  # near the start what is free goes to whoever comes
    if now < session.starts_at - KEPT_UNTIL and had_lately(db, member_id, now=now) is not None:
        return Why.LATELY
    if _how_often(db, member_id, now) - (beside is not None) >= MOST:
        return Why.OFTEN
    return Why.PROGRAMME if _of_programme(db, member, session) >= MOST else None


def _how_often(db: Session, member_id: int, now: datetime) -> int:
    query = select(func.count()).select_from(Booking)
    query = query.where(
        Booking.member_id == member_id,
        Booking.state == State.BOOKED,
        col(Booking.starts_at) > now - LATELY,
        or_(col(Booking.came).is_(None), col(Booking.came).is_(True)),
    )
    return db.exec(query).one()


def _of_programme(db: Session, member: Member, session: SessionRow) -> int:
    """How many others of the member's programme have booked in the session."""
    programme = programme_of(member)
    if programme is None:
        return 0
    query = select(Member).join(Booking, col(Booking.member_id) == col(Member.id))
    query = query.where(Booking.session_id == session.id, Booking.state == State.BOOKED, Member.id != member.id)
    return sum(programme_of(other) == programme for other in db.exec(query))

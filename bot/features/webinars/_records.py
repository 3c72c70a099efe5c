"""What is kept of a webinar besides its session, and which webinars there were."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot import timetable
from bot.errors import Outdated
from bot.features.people import Member
from bot.features.webinars._tables import Minutes, Record
from bot.timetable import Attendee, Kind, SessionRow, Standing, State


def webinar(db: Session, session_id: int) -> SessionRow:
    """The webinar with this id; raises Outdated where there is none."""
    found = timetable.session(db, session_id)
    if found is None or found.kind is not Kind.WEBINAR:
        raise Outdated
    return found


def record(db: Session, session_id: int) -> Record:
    """What is kept of a webinar, made when it is first asked for."""
    found = db.get(Record, session_id)
    if found is None:
        found = Record(session_id=session_id)
        db.add(found)
        db.flush()
    return found


def past(db: Session, *, now: datetime, limit: int, offset: int = 0) -> list[SessionRow]:
    """Webinars that are over and took place, the latest first."""
    query = select(SessionRow).where(
        SessionRow.kind == Kind.WEBINAR, SessionRow.state != State.CANCELLED, col(SessionRow.ends_at) <= now
    )
    query = query.order_by(col(SessionRow.starts_at).desc(), col(SessionRow.id).desc())
    return list(db.exec(query.limit(limit).offset(offset)))


def running(db: Session, *, now: datetime, opened: datetime) -> list[SessionRow]:
    """Webinars that begin by `opened` and have not ended."""
    query = select(SessionRow).where(
        SessionRow.kind == Kind.WEBINAR,
        SessionRow.state != State.CANCELLED,
        col(SessionRow.ends_at) >= now,
        col(SessionRow.starts_at) <= opened,
    )
    return list(db.exec(query.order_by(col(SessionRow.starts_at), col(SessionRow.id))))


def beginning(db: Session, *, now: datetime, until: datetime) -> list[SessionRow]:
    """Webinars that begin after now and by `until`."""
    query = select(SessionRow).where(
        SessionRow.kind == Kind.WEBINAR,
        SessionRow.state == State.PLANNED,
        col(SessionRow.starts_at) > now,
        col(SessionRow.starts_at) <= until,
    )
    return list(db.exec(query.order_by(col(SessionRow.starts_at), col(SessionRow.id))))


def standings(db: Session, session_ids: list[int], member: Member) -> dict[int, Standing]:
    """What a member is to each of these webinars."""
    query = select(Attendee.session_id, Attendee.standing).where(
        col(Attendee.session_id).in_(session_ids), Attendee.member_id == member.id
    )
    return {session_id: Standing(standing) for session_id, standing in db.exec(query)}


def counts(db: Session, session_id: int) -> dict[Standing, int]:
    """How many people are what to a webinar."""
    query = select(Attendee.standing, func.count()).where(Attendee.session_id == session_id)
    return {Standing(standing): count for standing, count in db.exec(query.group_by(col(Attendee.standing)))}


def roll(db: Session, session_id: int) -> list[tuple[Attendee, Member]]:
    """Everybody who is something to a webinar, by name."""
    query = select(Attendee, Member).join(Member, col(Member.id) == col(Attendee.member_id))
    found = [(mine, member) for mine, member in db.exec(query.where(Attendee.session_id == session_id))]
    return sorted(found, key=lambda pair: (pair[1].shown_name.casefold(), pair[1].id or 0))


def was_taken(db: Session, session_id: int) -> bool:
    """Whether it is known of anybody that they were at a webinar."""
    query = select(Attendee.id).where(Attendee.session_id == session_id, col(Attendee.attended_at).is_not(None))
    return db.exec(query.limit(1)).first() is not None


def minutes_of(db: Session, member: Member) -> list[Minutes]:
    """How long the meeting software saw a member, webinar by webinar."""
    return list(db.exec(select(Minutes).where(Minutes.member_id == member.id)))

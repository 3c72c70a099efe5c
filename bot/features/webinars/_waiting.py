"""A place that comes free goes to whoever waits longest, at once: nobody has to accept what they asked for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists
from sqlmodel import Session, col, select

from bot import timetable
from bot.features.people import Member
from bot.timetable import Attendee, Kind, SessionRow, Standing, State


def pass_places_on(db: Session, session: SessionRow, *, now: datetime) -> list[Member]:
    """Give free places to those who wait, in their order; who got one. From the webinar's beginning on nobody waits."""
    if session.state is not State.PLANNED or session.starts_at <= now:
        return []
    timetable.lock(db, session)
    given: list[Member] = []
    while (places := timetable.free(db, session)) is None or places > 0:
        following = timetable.next_waiting(db, session)
        member = db.get(Member, following.member_id) if following is not None else None
        if member is None:
            break
        timetable.join(db, session, member_id=member.id or 0, now=now)
        given.append(member)
    return given


def with_waiting(db: Session, *, now: datetime) -> list[SessionRow]:
    """Webinars to come for which somebody waits; looks at those to come only, however many people wait elsewhere."""
    waits = exists().where(col(Attendee.session_id) == col(SessionRow.id), col(Attendee.standing) == Standing.WAITING)
    query = select(SessionRow).where(
        SessionRow.kind == Kind.WEBINAR, SessionRow.state == State.PLANNED, col(SessionRow.starts_at) > now, waits
    )
    return list(db.exec(query.order_by(col(SessionRow.starts_at))))

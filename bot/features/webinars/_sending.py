"""Recording and materials: kept with the session, and sent to everybody who signed up, some people at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.errors import Outdated
from bot.features.people import Member
from bot.features.webinars._records import record
from bot.features.webinars._tables import Record
from bot.timetable import Attendee, SessionRow, Standing

SIGNED_UP = (Standing.COMING, Standing.MAYBE, Standing.WAITING)
MOST = 12
"""Things that one webinar can have."""


def add_thing(session: SessionRow, thing: dict[str, Any]) -> None:
    """Keep one more thing: `title` with `url`, or with `media` and `file_id`. Raises Outdated beyond what fits a screen."""
    if len(session.materials) >= MOST:
        raise Outdated
    session.materials = [*session.materials, thing]


def remove_thing(session: SessionRow, number: int) -> dict[str, Any]:
    """Take one away again; raises Outdated when there is none."""
    if not 0 <= number < len(session.materials):
        raise Outdated
    things = list(session.materials)
    removed: dict[str, Any] = things.pop(number)
    session.materials = things
    return removed


def receivers(db: Session, session_id: int) -> int:
    """How many people get recording and materials: those who signed up, and those who were there anyway."""
    return db.exec(select(func.count()).select_from(Attendee).where(*_of(session_id))).one()


def _of(session_id: int) -> tuple[Any, Any]:
    wanted = col(Attendee.standing).in_(SIGNED_UP) | col(Attendee.attended_at).is_not(None)
    return Attendee.session_id == session_id, wanted


def begin_sending(db: Session, session: SessionRow, *, turn: int, now: datetime) -> bool:
    """Send it to everybody for the `turn`-th time; False when that was begun already."""
    kept = record(db, session.id or 0)
    if kept.sent != turn - 1 or kept.reached is not None:
        return False
    kept.sent, kept.sent_at, kept.reached = turn, now, 0
    return True


def sending(db: Session) -> list[Record]:
    """Webinars whose recording and materials are on their way."""
    return list(db.exec(select(Record).where(col(Record.reached).is_not(None)).order_by(col(Record.session_id))))


def next_receivers(db: Session, kept: Record, *, limit: int) -> list[tuple[Attendee, Member]]:
    """The next people who get it; none when all have it, and then it has been sent."""
    query = (
        select(Attendee, Member)
        .join(Member, col(Member.id) == col(Attendee.member_id))
        .where(*_of(kept.session_id), col(Attendee.id) > (kept.reached or 0))
        .order_by(col(Attendee.id))
    )
    found = [(mine, member) for mine, member in db.exec(query.limit(limit))]
    kept.reached = found[-1][0].id if found else None
    return found

"""Calendar feeds: whose address is whose, and which sessions are in it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from bot.timetable._tables import Attendee, CalendarToken, SessionPerson, SessionRow, Standing, State

KEPT = timedelta(days=30)
"""So long a session that is over stays in the feeds."""

_MINE = (Standing.COMING, Standing.MAYBE)


@dataclass(frozen=True)
class Appointment:
    """A session in a calendar: what its owner is to it, and whether they lead it."""

    session: SessionRow
    mine: Attendee | None = None
    leads: bool = False

    @property
    def privy(self) -> bool:
        """Whether they may see how one joins."""
        return self.leads or (self.mine is not None and self.mine.standing is Standing.COMING)

    @property
    def changed_at(self) -> datetime:
        """When it became what it is."""
        changed = self.session.changed_at or self.session.created_at
        return max(changed, self.mine.since) if self.mine is not None else changed


def feed_token(db: Session, member_id: int | None, *, now: datetime) -> str:
    """The secret part of a feed's address, made where there is none; without a member that of the public feed."""
    query = select(CalendarToken).where(_of(member_id), col(CalendarToken.revoked_at).is_(None))
    found = db.exec(query.order_by(col(CalendarToken.made_at).desc()).limit(1)).one_or_none()
    return found.token if found is not None else _new(db, member_id, now)


def renew_feed(db: Session, member_id: int | None, *, now: datetime) -> str:
    """A new address; every earlier one leads nowhere from now on."""
    for token in db.exec(select(CalendarToken).where(_of(member_id), col(CalendarToken.revoked_at).is_(None))):
        token.revoked_at = now
        db.add(token)
    return _new(db, member_id, now)


def _of(member_id: int | None) -> ColumnElement[bool]:
    column = col(CalendarToken.member_id)
    return column.is_(None) if member_id is None else column == member_id


def _new(db: Session, member_id: int | None, now: datetime) -> str:
    token = CalendarToken(token=secrets.token_urlsafe(24), member_id=member_id, made_at=now)
    db.add(token)
    db.flush()
    return token.token


def feed_of(db: Session, token: str) -> CalendarToken | None:
    """The feed behind an address; None for one that is unknown or revoked."""
    found = db.get(CalendarToken, token)
    return found if found is not None and found.revoked_at is None else None


def appointments(db: Session, member_id: int, *, now: datetime) -> list[Appointment]:
    """What a member comes to, may come to, or leads, the first first; also what was cancelled, and lately was over."""
    rows = select(SessionRow, Attendee).join(Attendee, col(Attendee.session_id) == col(SessionRow.id))
    rows = rows.where(
        Attendee.member_id == member_id,
        col(Attendee.standing).in_(_MINE),
        col(SessionRow.ends_at) > now - KEPT,
    )
    found = {row.id: Appointment(row, mine) for row, mine in db.exec(rows)}
    part = select(SessionPerson.session_id).where(SessionPerson.member_id == member_id)
    led = select(SessionRow).where(col(SessionRow.id).in_(part), col(SessionRow.ends_at) > now - KEPT)
    for row in db.exec(led):
        known = found.get(row.id)
        found[row.id] = Appointment(row, known.mine if known is not None else None, leads=True)
    return sorted(found.values(), key=lambda each: (each.session.starts_at, each.session.id or 0))


def public_appointments(db: Session, *, now: datetime) -> list[Appointment]:
    """Every session that the community may know of, the first first."""
    rows = select(SessionRow).where(
        col(SessionRow.ends_at) > now - KEPT, col(SessionRow.state).in_((State.PLANNED, State.HELD, State.CANCELLED))
    )
    return [Appointment(row) for row in db.exec(rows.order_by(col(SessionRow.starts_at), col(SessionRow.id)))]


def appointment(db: Session, session: SessionRow, member_id: int) -> Appointment:
    """A session as it is in a member's calendar."""
    mine = select(Attendee).where(Attendee.session_id == session.id, Attendee.member_id == member_id)
    leads = select(SessionPerson).where(SessionPerson.session_id == session.id, SessionPerson.member_id == member_id)
    return Appointment(session, db.exec(mine).one_or_none(), db.exec(leads).first() is not None)


def last_change(db: Session, member_id: int) -> datetime | None:
    """When a member last said anything about a session: what they gave up is in no feed any more."""
    latest = select(Attendee.since).where(Attendee.member_id == member_id).order_by(col(Attendee.since).desc())
    return db.exec(latest.limit(1)).first()


def feeds_by(db: Session, member_id: int) -> Sequence[CalendarToken]:
    """A member's addresses, past ones included."""
    return db.exec(select(CalendarToken).where(CalendarToken.member_id == member_id)).all()


def forget_feeds(db: Session, member_id: int) -> None:
    """Delete a member's addresses."""
    for token in feeds_by(db, member_id):
        db.delete(token)
    db.flush()

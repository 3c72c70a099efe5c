"""Digests: who wants their own things once a week in one message, of which kinds, and when."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, Column, delete
from sqlmodel import Field, Session, SQLModel, col, select

from bot.db import UtcDateTime
from bot.errors import Outdated
from bot.features.people import Member

WEEK = timedelta(days=7)
REST = timedelta(days=2)
"""How long after a digest there is none, whatever the clock says where somebody is now."""


class Part(StrEnum):
    """What a digest can hold."""

    QUESTIONS = "questions"
    STEP = "step"
    SESSIONS = "sessions"
    ANSWERS = "answers"


class PersonalDigest(SQLModel, table=True):
    """What somebody wants once a week; who wants nothing has no row. Weekday and minute of the day are on their own clock.

    `since` is the moment from which the next digest tells what is new.
    """

    __tablename__ = "personal_digests"

    member_id: int = Field(foreign_key="members.id", primary_key=True)
    parts: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    weekday: int = 0
    minute: int = 8 * 60
    next_at: datetime = Field(sa_type=UtcDateTime, index=True)
    since: datetime = Field(sa_type=UtcDateTime)


def of(db: Session, member: Member) -> PersonalDigest | None:
    """What somebody chose; None for no digest."""
    return db.get(PersonalDigest, member.id)


def switch(db: Session, member: Member, part: Part, *, now: datetime) -> PersonalDigest | None:
    """Add a part, or take it out; without any the digest ends."""
    mine = of(db, member)
    wanted = {*(mine.parts if mine is not None else ())} ^ {part}
    if mine is None:
        return _begin(db, member, wanted, now=now)
    if not wanted:
        db.delete(mine)
        db.flush()
        return None
    mine.parts = _in_order(wanted)
    return mine


def begin(db: Session, member: Member, *, now: datetime) -> PersonalDigest:
    """All of it; what somebody chose before stays."""
    return of(db, member) or _begin(db, member, list(Part), now=now)


def _begin(db: Session, member: Member, parts: Collection[str], *, now: datetime) -> PersonalDigest:
    made = PersonalDigest(member_id=member.id or 0, parts=_in_order(parts), next_at=now, since=now)
    made.next_at = _next(made, member.timezone, after=now)
    db.add(made)
    db.flush()
    return made


def _in_order(parts: Collection[str]) -> list[str]:
    return [part.value for part in Part if part in parts]


def settle(db: Session, member: Member, *, weekday: int, minute: int, now: datetime) -> PersonalDigest:
    """At this day and time from now on; raises Outdated for one that is none."""
    if weekday not in range(7) or minute not in range(24 * 60):
        raise Outdated
    mine = begin(db, member, now=now)
    mine.weekday, mine.minute = weekday, minute
    mine.next_at = _next(mine, member.timezone, after=now)
    return mine


def _next(mine: PersonalDigest, zone: str, *, after: datetime) -> datetime:
    """The first such day and time after a moment, on the member's own clock."""
    local = after.astimezone(ZoneInfo(zone)).date()
    first = local + timedelta(days=(mine.weekday - local.weekday()) % 7)
    return next(moment for moment in _moments(first, mine.minute, zone) if moment > after)


def _moments(day: date, minute: int, zone: str) -> Iterator[datetime]:
    while True:
        yield datetime.combine(day, time(*divmod(minute, 60)), ZoneInfo(zone)).astimezone(UTC)
        day += WEEK


def stop(db: Session, member: Member) -> None:
    """No digest any more."""
    db.exec(delete(PersonalDigest).where(col(PersonalDigest.member_id) == member.id))


def due(db: Session, *, now: datetime, limit: int) -> list[tuple[PersonalDigest, Member]]:
    """Whose digest is due, the longest waiting first."""
    query = select(PersonalDigest, Member).join(Member, col(Member.id) == col(PersonalDigest.member_id))
    query = query.where(col(PersonalDigest.next_at) <= now).order_by(col(PersonalDigest.next_at)).limit(limit)
    return list(db.exec(query).all())


def told(mine: PersonalDigest, member: Member, *, now: datetime) -> None:
    """This week's is done, whether or not there was anything to tell: after a long absence there is one, not several.

    Nor does it come again on the same day to somebody who has moved to where that day begins later.
    """
    mine.since, mine.next_at = now, _next(mine, member.timezone, after=now + REST)


forget = stop
"""Delete what somebody chose."""

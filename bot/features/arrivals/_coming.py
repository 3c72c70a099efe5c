"""Coming and going: who is new in a group, and with whom they are greeted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.features.arrivals._tables import Arrival, Greeting
from bot.features.people import Member, Role

TOGETHER = timedelta(minutes=1)
"""Who comes within this time is greeted with those before."""

FIRST_DAY = timedelta(days=1)
"""As long somebody counts as a newcomer."""

_KNOWN = [role for role in Role if role.reaches(Role.CONSULTANT)]


def arrive(db: Session, member: Member, *, chat_id: int, now: datetime) -> bool:
    """Note that somebody is in a group now; True when they have not been greeted there yet."""
    arrival = _of(db, member, chat_id)
    if arrival is None:
        db.add(Arrival(chat_id=chat_id, member_id=member.id or 0, joined_at=now))
        db.flush()
        return True
    if arrival.left_at is not None:
        arrival.joined_at, arrival.left_at = now, None
    return arrival.greeting_id is None


def leave(db: Session, member: Member, *, chat_id: int, now: datetime) -> Greeting | None:
    """Note that somebody is not in a group any more; gives the greeting with their name where it is the group's newest."""
    arrival = _of(db, member, chat_id)
    if arrival is None:
        arrival = Arrival(chat_id=chat_id, member_id=member.id or 0, joined_at=now)
        db.add(arrival)
    arrival.left_at = now
    db.flush()
    newest = _newest(db, chat_id)
    return newest if newest is not None and newest.id == arrival.greeting_id else None


def left(db: Session, member: Member) -> set[int]:
    """The groups that somebody was seen to leave."""
    query = select(Arrival.chat_id).where(Arrival.member_id == member.id, col(Arrival.left_at).is_not(None))
    return set(db.exec(query))


def close(greeting: Greeting) -> None:
    """Nobody is in it any more, and nobody comes into it: whoever comes next gets another one."""
    greeting.begun_at -= TOGETHER


def _newest(db: Session, chat_id: int) -> Greeting | None:
    newest = select(Greeting).where(Greeting.chat_id == chat_id).order_by(col(Greeting.id).desc())
    return db.exec(newest.limit(1)).one_or_none()


def _of(db: Session, member: Member, chat_id: int) -> Arrival | None:
    query = select(Arrival).where(Arrival.chat_id == chat_id, Arrival.member_id == member.id)
    return db.exec(query).one_or_none()


def greet(db: Session, members: Sequence[Member], *, chat_id: int, now: datetime) -> tuple[Greeting, Greeting | None]:
    """Put people into the group's greeting of this minute, or into a new one; gives it and the one that it replaces."""
    last = _newest(db, chat_id)
    if last is not None and last.begun_at <= now < last.begun_at + TOGETHER:
        greeting, replaced = last, None
    else:
        greeting, replaced = Greeting(chat_id=chat_id, begun_at=now), last
        db.add(greeting)
        db.flush()
    for member in members:
        if (arrival := _of(db, member, chat_id)) is not None:
            arrival.greeting_id = greeting.id
    db.flush()
    return greeting, replaced


def greeted(db: Session, greeting: Greeting, *, limit: int) -> tuple[list[Member], int]:
    """Whom a greeting is for, as far as they are there: the first of them in the order in which they came, and how many."""
    here = (Arrival.greeting_id == greeting.id, col(Arrival.left_at).is_(None))
    query = select(Member).join(Arrival, col(Arrival.member_id) == Member.id).where(*here)
    count = select(func.count()).select_from(Arrival).where(*here)
    return list(db.exec(query.order_by(col(Arrival.id)).limit(limit))), db.exec(count).one()


def greetings_of(db: Session, member: Member) -> list[Greeting]:
    """The greetings that name somebody."""
    mine = select(Greeting).join(Arrival, col(Arrival.greeting_id) == col(Greeting.id))
    return list(db.exec(mine.where(Arrival.member_id == member.id)))


def newcomers(db: Session, *, now: datetime) -> dict[tuple[int, int], datetime]:
    """Who is new in which group, by chat and Telegram id, and until when; consultants and organizers are known already."""
    query = (
        select(Arrival.chat_id, Member.telegram_id, Arrival.joined_at)
        .join(Member, col(Member.id) == Arrival.member_id)
        .where(Arrival.joined_at > now - FIRST_DAY, col(Arrival.left_at).is_(None), col(Member.role).not_in(_KNOWN))
    )
    return {(chat_id, telegram_id): at + FIRST_DAY for chat_id, telegram_id, at in db.exec(query)}

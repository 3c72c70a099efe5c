"""What is kept of a person's arriving: shown, followed when a group moves, and forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select, update

from bot.features.arrivals._tables import Arrival, Greeting, JoinRequest
from bot.features.people import Member

KEPT = timedelta(days=90)


def arrivals_of(db: Session, member: Member) -> list[Arrival]:
    """When somebody came to which group."""
    return list(db.exec(select(Arrival).where(Arrival.member_id == member.id).order_by(col(Arrival.id))))


def requests_of(db: Session, member: Member) -> list[JoinRequest]:
    """What somebody said when they asked to be let in."""
    return list(db.exec(select(JoinRequest).where(JoinRequest.member_id == member.id).order_by(col(JoinRequest.id))))


def forget(db: Session, member: Member) -> None:
    """Delete when somebody came and what they said about themselves; what they decided for others stays, without them."""
    db.exec(delete(Arrival).where(col(Arrival.member_id) == member.id))
    db.exec(delete(JoinRequest).where(col(JoinRequest.member_id) == member.id))
    db.exec(update(JoinRequest).where(col(JoinRequest.decided_by) == member.id).values(decided_by=None))


def move_chat(db: Session, old: int, new: int) -> None:
    """A group became a supergroup: who came to it came to the new one. Its greetings stay behind."""
    there = select(Arrival.member_id).where(Arrival.chat_id == new)
    db.exec(delete(Arrival).where(col(Arrival.chat_id) == old, col(Arrival.member_id).in_(there)))
    for table in (Arrival, JoinRequest):
        db.exec(update(table).where(col(table.chat_id) == old).values(chat_id=new))


def prune(db: Session, *, now: datetime) -> None:
    """Forget wishes that were decided long ago, and greetings that name nobody."""
    db.exec(delete(JoinRequest).where(col(JoinRequest.decided_at) < now - KEPT))
    named = select(Arrival.greeting_id).where(col(Arrival.greeting_id).is_not(None))
    db.exec(delete(Greeting).where(col(Greeting.begun_at) < now - KEPT, col(Greeting.id).not_in(named)))

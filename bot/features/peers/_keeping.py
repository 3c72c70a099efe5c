"""What is kept about one person, and its end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from bot.features.peers._tables import PeerAsk, PeerSearch
from bot.features.peers._willing import withdraw
from bot.features.people import Member


def searches_of(db: Session, member: Member) -> list[PeerSearch]:
    """For what somebody looked for a colleague, oldest first."""
    return list(db.exec(select(PeerSearch).where(PeerSearch.seeker_id == member.id).order_by(col(PeerSearch.id))))


def asks_of(db: Session, member: Member) -> list[PeerAsk]:
    """When somebody was asked to help, and what they said."""
    return list(db.exec(select(PeerAsk).where(PeerAsk.helper_id == member.id).order_by(col(PeerAsk.id))))


def forget(db: Session, member: Member, *, now: datetime) -> None:
    """Delete somebody's willingness, searches and answers; a search that waits for them goes on with the next one."""
    withdraw(db, member, now=now)
    mine = select(PeerSearch.id).where(PeerSearch.seeker_id == member.id)
    db.exec(delete(PeerAsk).where(col(PeerAsk.search_id).in_(mine) | (col(PeerAsk.helper_id) == member.id)))
    db.exec(delete(PeerSearch).where(col(PeerSearch.seeker_id) == member.id))
    helped = update(PeerSearch).where(col(PeerSearch.helper_id) == member.id)
    db.exec(helped.values(helper_id=None, helper_said=None, follow_up_at=None))

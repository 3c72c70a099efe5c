"""Willingness: who may be asked, and how often in a month."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.errors import Outdated
from bot.features.peers._tables import Ask, PeerAsk, PeerSearch, PeerWilling, State
from bot.features.people import Member

MONTH = timedelta(days=30)
REST = timedelta(days=3)
"""How long nobody is asked again after they were asked, whoever it is for: one request is one talk to think about."""

LIMITS = (1, 2, 4)
"""How often in thirty days somebody can let themselves be asked."""


def willing_of(db: Session, member: Member) -> PeerWilling | None:
    """What somebody said about being asked; None for never or no more."""
    return db.get(PeerWilling, member.id)


def is_willing(db: Session, member: Member) -> bool:
    """Whether somebody may be asked at all."""
    return willing_of(db, member) is not None


def willing() -> SelectOfScalar[int]:
    """The ids of all who may be asked at all, for a query."""
    return select(PeerWilling.member_id)


def set_limit(db: Session, member: Member, per_month: int, *, now: datetime) -> PeerWilling:
    """They may be asked so often in a month; raises Outdated for a number that is not offered."""
    if per_month not in LIMITS:
        raise Outdated
    mine = willing_of(db, member) or PeerWilling(member_id=member.id or 0, per_month=per_month, since=now)
    mine.per_month = per_month
    db.add(mine)
    db.flush()
    return mine


def withdraw(db: Session, member: Member, *, now: datetime) -> None:
    """They are not asked any more, and what they were just asked is taken back: the next one is asked at once."""
    db.exec(delete(PeerWilling).where(col(PeerWilling.member_id) == member.id))
    mine = (col(PeerAsk.helper_id) == member.id, col(PeerAsk.answer) == Ask.OPEN)
    waiting = select(PeerAsk.search_id).where(*mine)
    open_ones = (col(PeerSearch.id).in_(waiting), col(PeerSearch.state) == State.SEARCHING)
    db.exec(update(PeerSearch).where(*open_ones).values(look_at=now).execution_options(synchronize_session="fetch"))
    db.exec(update(PeerAsk).where(*mine).values(answer=Ask.VOID, answered_at=now))


def asked_lately(db: Session, member: Member, *, now: datetime) -> int:
    """How often somebody was asked in the last thirty days."""
    lately = select(func.count()).select_from(PeerAsk)
    return db.exec(lately.where(PeerAsk.helper_id == member.id, PeerAsk.asked_at > now - MONTH)).one()

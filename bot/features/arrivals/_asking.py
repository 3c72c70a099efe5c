"""Wishes to be let into a group: asked, answered, decided by whoever is first."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from bot.errors import NotYours, Outdated
from bot.features.arrivals._tables import JoinRequest, State
from bot.features.people import FIELD_LIMIT, Member
from bot.features.people import line as one_line

PATIENCE = timedelta(hours=1)
"""After so long without an answer an organizer is asked with what is known."""


def ask(db: Session, member: Member, *, chat_id: int, now: datetime) -> JoinRequest:
    """The person's open wish to join a group, or a new one."""
    mine = (JoinRequest.chat_id == chat_id, JoinRequest.member_id == member.id)
    wish = db.exec(select(JoinRequest).where(*mine, _open())).first()
    if wish is None:
        wish = JoinRequest(chat_id=chat_id, member_id=member.id or 0, asked_at=now)
        db.add(wish)
        db.flush()
    return wish


def mine(db: Session, member: Member, wish_id: int) -> JoinRequest:
    """A wish that its owner still answers questions about; raises Outdated or NotYours."""
    wish = locked(db, wish_id)
    if wish.member_id != member.id:
        raise NotYours("")
    if wish.state is not State.ASKING:
        raise Outdated
    return wish


def locked(db: Session, wish_id: int) -> JoinRequest:
    """A wish that nobody else decides meanwhile; raises Outdated."""
    wish = db.exec(select(JoinRequest).where(JoinRequest.id == wish_id).with_for_update()).one_or_none()
    if wish is None:
        raise Outdated
    return wish


def open_of(db: Session, member: Member, *, chat_id: int | None = None) -> list[JoinRequest]:
    """The wishes of a person that nobody has decided, for one group or for all."""
    query = select(JoinRequest).where(JoinRequest.member_id == member.id, _open())
    if chat_id is not None:
        query = query.where(JoinRequest.chat_id == chat_id)
    return list(db.exec(query.order_by(col(JoinRequest.id))))


def say_city(wish: JoinRequest, text: str) -> None:
    """Note the city; raises TextTooLong or Unclear."""
    wish.city = one_line(text, "city", FIELD_LIMIT)


def hand_over(wish: JoinRequest) -> bool:
    """An organizer decides; False when that was so already."""
    if wish.state is not State.ASKING:
        return False
    wish.state = State.WAITING
    return True


def decide(wish: JoinRequest, state: State, *, by: Member | None, now: datetime) -> bool:
    """Settle a wish; False when somebody was quicker. `by` is None where no organizer was needed."""
    if not wish.is_open:
        return False
    wish.state, wish.decided_by, wish.decided_at = state, by.id if by else None, now
    return True


def take_over_profile(wish: JoinRequest, member: Member) -> None:
    """What the person said when asking goes into their profile where that is empty."""
    member.workplace = member.workplace or wish.workplace
    member.city = member.city or wish.city


def asking(db: Session) -> list[JoinRequest]:
    """Wishes whose owners have not answered everything yet, oldest first."""
    return list(db.exec(select(JoinRequest).where(JoinRequest.state == State.ASKING).order_by(col(JoinRequest.id))))


def waiting(db: Session, *, limit: int = 10) -> list[JoinRequest]:
    """Wishes that wait for an organizer, oldest first."""
    query = select(JoinRequest).where(JoinRequest.state == State.WAITING).order_by(col(JoinRequest.id))
    return list(db.exec(query.limit(limit)))


def _open() -> ColumnElement[bool]:
    return col(JoinRequest.state).in_([State.ASKING, State.WAITING])

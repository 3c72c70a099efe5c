"""After two were brought together: who the other one is, and how it went."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from bot.errors import NotYours
from bot.features.peers._searching import get
from bot.features.peers._tables import Outcome, PeerSearch, State
from bot.features.people import Member


def other_of(db: Session, search_id: int, member: Member) -> tuple[PeerSearch, Member | None]:
    """The colleague somebody was brought together with, if they are still here; raises NotYours for who was not."""
    search = get(db, search_id)
    if search.state is not State.MET or member.id not in (search.seeker_id, search.helper_id):
        raise NotYours("")
    other = search.helper_id if member.id == search.seeker_id else search.seeker_id
    return search, db.get(Member, other)


def follow_ups(db: Session, *, now: datetime, limit: int) -> list[PeerSearch]:
    """Whom to ask how it went, the longest waiting first."""
    query = select(PeerSearch).where(PeerSearch.state == State.MET, col(PeerSearch.follow_up_at) <= now)
    return list(db.exec(query.order_by(col(PeerSearch.follow_up_at)).limit(limit)))


def told(search: PeerSearch) -> None:
    """Both were asked."""
    search.follow_up_at = None


def noted(search: PeerSearch, member: Member) -> Outcome | None:
    """What one of the two said."""
    return search.seeker_said if member.id == search.seeker_id else search.helper_said


def say(search: PeerSearch, member: Member, outcome: Outcome) -> bool:
    """How it went, in one's own view; may change. False when they said the same before."""
    if noted(search, member) is outcome:
        return False
    if member.id == search.seeker_id:
        search.seeker_said = outcome
    else:
        search.helper_said = outcome
    return True

"""A search's life, from the wish for a colleague to its end."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.errors import NotYours, Outdated
from bot.features.peers._tables import PeerSearch, State
from bot.features.people import Member

FOLLOW_UP = timedelta(days=14)
"""How long after two were brought together both are asked how it went."""

_LARGEST_ID = 2**31 - 1


def open_of(db: Session, seeker: Member) -> PeerSearch | None:
    """The one search of somebody's that still goes on."""
    return db.exec(
        select(PeerSearch).where(PeerSearch.seeker_id == seeker.id, PeerSearch.state == State.SEARCHING)
    ).first()


def begin(db: Session, seeker: Member, what: str, *, username: str | None, now: datetime) -> tuple[PeerSearch, bool]:
    """Look for somebody who got past `what`; False with the search that goes on already."""
    before = open_of(db, seeker)
    if before is not None:
        return before, False
    search = PeerSearch(seeker_id=seeker.id or 0, what=what, username=username, begun_at=now, look_at=now)
    db.add(search)
    db.flush()
    return search, True


def get(db: Session, search_id: int) -> PeerSearch:
    """The search with this id, locked for this transaction; raises Outdated when there is none."""
    if not 0 < search_id <= _LARGEST_ID:
        raise Outdated
    query = select(PeerSearch).where(PeerSearch.id == search_id).with_for_update()
    search = db.exec(query.execution_options(populate_existing=True)).one_or_none()
    if search is None:
        raise Outdated
    return search


def own(db: Session, search_id: int, seeker: Member) -> PeerSearch:
    """The seeker's own search; raises NotYours for anybody else's."""
    search = get(db, search_id)
    if search.seeker_id != seeker.id:
        raise NotYours("")
    return search


def put_off(search: PeerSearch, *, until: datetime) -> None:
    """The next one is asked then."""
    search.look_at = until


def widen(search: PeerSearch, what: str) -> None:
    """Nobody is left who has done the step: whoever got past this barrier may know, too."""
    search.what = what


def end(search: PeerSearch, state: State, *, now: datetime) -> bool:
    """End a search without a helper; False when it was over."""
    if search.state is not State.SEARCHING:
        return False
    search.state, search.look_at, search.ended_at = state, None, now
    return True


def due(db: Session, *, now: datetime, limit: int) -> list[PeerSearch]:
    """Searches in which the next one is to be asked, the longest waiting first."""
    query = select(PeerSearch).where(col(PeerSearch.look_at) <= now, PeerSearch.state == State.SEARCHING)
    return list(db.exec(query.order_by(col(PeerSearch.look_at)).limit(limit)))

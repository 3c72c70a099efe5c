"""Asking one after the other, and what each of them answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.errors import NotYours, Outdated
from bot.features.peers._searching import FOLLOW_UP, get
from bot.features.peers._tables import Ask, PeerAsk, PeerSearch, State
from bot.features.people import Member

PATIENCE = timedelta(days=1)
"""How long somebody has to answer before the next one is asked."""

WAIT = timedelta(days=3)
"""How long after its beginning a search waits for somebody who was asked only lately, where nobody else fits."""

AT_MOST = 5
"""How many colleagues are asked because of one search."""

_REMEMBERED = timedelta(days=90)
"""How long nobody is asked again about the same step by the same person."""

AGREES = (Ask.OPEN, Ask.LAPSED)
"""Answers to which a yes may still come: a late one counts as long as nobody else was quicker."""


def ask(db: Session, search: PeerSearch, helper: Member, *, until: datetime, now: datetime) -> PeerAsk:
    """Ask this one; without an answer the next one's turn comes at `until`."""
    made = PeerAsk(search_id=search.id or 0, helper_id=helper.id or 0, asked_at=now)
    db.add(made)
    search.look_at = until
    db.flush()
    return made


def asked_before(db: Session, search: PeerSearch, *, now: datetime) -> set[int]:
    """Who was asked about the same by the same person lately, in this search or an earlier one."""
    query = select(PeerAsk.helper_id).join(PeerSearch, col(PeerSearch.id) == col(PeerAsk.search_id))
    same = query.where(PeerSearch.seeker_id == search.seeker_id, PeerSearch.what == search.what)
    return set(db.exec(same.where(PeerAsk.asked_at > now - _REMEMBERED)))


def standing(db: Session, search: PeerSearch) -> list[PeerAsk]:
    """Whom the search has asked, in order."""
    return list(db.exec(select(PeerAsk).where(PeerAsk.search_id == search.id).order_by(col(PeerAsk.id))))


def get_ask(db: Session, ask_id: int, helper: Member) -> tuple[PeerAsk, PeerSearch]:
    """What somebody was asked, with its search locked; raises NotYours for another's, Outdated for none."""
    if not 0 < ask_id < 2**31:
        raise Outdated
    found = db.get(PeerAsk, ask_id)
    if found is None:
        raise Outdated
    if found.helper_id != helper.id:
        raise NotYours("")
    search = get(db, found.search_id)
    db.refresh(found)
    return found, search


def answer_yes(found: PeerAsk, search: PeerSearch, *, now: datetime) -> bool:
    """They will help: the search is over. False when it was settled before."""
    if search.state is not State.SEARCHING or found.answer not in AGREES:
        return False
    found.answer, found.answered_at = Ask.YES, now
    search.state, search.helper_id = State.MET, found.helper_id
    search.look_at, search.ended_at, search.follow_up_at = None, now, now + FOLLOW_UP
    return True


def answer_no(found: PeerAsk, search: PeerSearch, *, now: datetime) -> bool:
    """Not now: the next one is asked at once. False when it was settled before."""
    if found.answer is not Ask.OPEN:
        return False
    found.answer, found.answered_at = Ask.NO, now
    if search.state is State.SEARCHING:
        search.look_at = now
    return True


def lapse(db: Session, search: PeerSearch, *, now: datetime) -> None:
    """Whoever has not answered has had their time."""
    for one in standing(db, search):
        if one.answer is Ask.OPEN:
            one.answer, one.answered_at = Ask.LAPSED, now


def void_others(db: Session, search: PeerSearch, *, now: datetime) -> list[PeerAsk]:
    """Whoever has not answered need not any more; they come back, to be told."""
    unanswered = [one for one in standing(db, search) if one.answer is Ask.OPEN]
    for one in unanswered:
        one.answer, one.answered_at = Ask.VOID, now
    return unanswered

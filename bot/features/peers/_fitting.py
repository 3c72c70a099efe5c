"""Whom to ask: willing, under their limit, with experience, and as near to the seeker's own place as can be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.features.peers._tables import PeerAsk, PeerWilling
from bot.features.peers._willing import MONTH, REST
from bot.features.people import Member, Role
from bot.i18n import Language
from bot.search import findable

_AT_ONCE = 500


@dataclass(frozen=True)
class Wish:
    """What the seeker's own place is like; `place` makes spellings of one city alike."""

    language: Language
    workplace: str | None
    city: str | None
    place: Callable[[str], str] = findable


@dataclass(frozen=True)
class Candidate:
    """Somebody who could be asked, from `free_at` on, and in what they are like the seeker."""

    member: Member
    free_at: datetime
    same_language: bool
    same_workplace: bool
    same_city: bool

    @property
    def nearness(self) -> int:
        """The more, the nearer: a common language counts most, then the kind of workplace, then the city."""
        return 4 * self.same_language + 2 * self.same_workplace + self.same_city


def fitting(
    db: Session, experienced: Sequence[int], wish: Wish, *, without: Iterable[int], now: datetime
) -> list[Candidate]:
    """Those of the experienced members who may be asked now or as soon as they have had a rest, whoever fits best first.

    Only the willing, within their limit, whom the bot may write to. `experienced` has the latest success first, which
    decides among equals after how often they were asked lately.
    """
    left_out = set(without)
    order = {id_: place for place, id_ in enumerate(experienced) if id_ not in left_out}
    found = [row for some in _portions(list(order)) for row in _willing(db, some)]
    lately = _asked(db, [member.id or 0 for member, _limit in found], now=now)
    never = (0, now - REST)
    free = [member for member, limit in found if lately.get(member.id or 0, never)[0] < limit]
    candidates = [_compared(member, wish, lately.get(member.id or 0, never)[1] + REST) for member in free]
    return sorted(
        candidates, key=lambda one: (-one.nearness, lately.get(one.member.id or 0, never)[0], order[one.member.id or 0])
    )


def _willing(db: Session, ids: Sequence[int]) -> Sequence[tuple[Member, int]]:
    roles = [role for role in Role if role.reaches(Role.TRAINEE)]
    query = select(Member, PeerWilling.per_month).join(PeerWilling, col(PeerWilling.member_id) == col(Member.id))
    reachable = (col(Member.started_at).is_not(None), col(Member.unreachable_at).is_(None))
    return db.exec(query.where(col(Member.id).in_(ids), col(Member.role).in_(roles), *reachable)).all()


def _asked(db: Session, ids: Sequence[int], *, now: datetime) -> Mapping[int, tuple[int, datetime]]:
    """How often each was asked lately, and when last."""
    asked: dict[int, tuple[int, datetime]] = {}
    for some in _portions(ids):
        query = select(PeerAsk.helper_id, func.count(), func.max(col(PeerAsk.asked_at)))
        query = query.where(col(PeerAsk.helper_id).in_(some), PeerAsk.asked_at > now - MONTH)
        asked |= {id_: (often, last) for id_, often, last in db.exec(query.group_by(col(PeerAsk.helper_id)))}
    return asked


def _compared(member: Member, wish: Wish, free_at: datetime) -> Candidate:
    return Candidate(
        member,
        free_at,
        same_language=member.language[:2] == wish.language[:2],
        same_workplace=bool(wish.workplace) and member.workplace == wish.workplace,
        same_city=bool(wish.city and member.city) and wish.place(member.city or "") == wish.place(wish.city or ""),
    )


def _portions(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))

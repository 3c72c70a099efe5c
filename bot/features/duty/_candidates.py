"""Whom a question fits best: expertise × language × availability × load."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlmodel import Session, col, select

from bot.features.duty._life import calendar, languages_of
from bot.features.duty._tables import Duty
from bot.features.people import Member, Role

SOON = timedelta(days=4)
"""Longer than a weekend: whoever comes back later than this is asked last."""

_NAMED, _ALL, _ANY, _ELSEWHERE = 1.0, 0.7, 0.85, 0.25
_READ, _UNREAD = 1.0, 0.2
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Reason(StrEnum):
    """A fact that speaks for somebody, or that one should know of them."""

    KNOWS = "knows"
    ALL_SUBJECTS = "all-subjects"
    READS = "reads"
    FREE = "free"
    LATER = "later"
    FULL = "full"


@dataclass(frozen=True)
class Candidate:
    """Somebody who can be asked: how well they fit, why, when they work next, and what they carry already."""

    member: Member
    score: float
    reasons: tuple[Reason, ...]
    free_at: datetime
    load: int
    capacity: int

    @property
    def last_resort(self) -> bool:
        """Whether they are asked only after everybody else: full."""
        return Reason.FULL in self.reasons


def candidates(
    db: Session,
    *,
    category: str | None,
    language: str,
    load: Mapping[int, int],
    now: datetime,
    excluding: Collection[int] = (),
    last_offered: Mapping[int, datetime] | None = None,
) -> list[Candidate]:
    """Who can be asked, the best first. `load` counts open questions by member; who paused is left out.

    Consultants count by their role; organizers and owners only once they have said something about their duty.
    """
    found = [
        candidate
        for member, duty in _on_duty(db)
        if member.id not in excluding
        and (candidate := _candidate(member, duty, category, language, load, now)) is not None
    ]
    offered = last_offered or {}

    def rank(one: Candidate) -> tuple[bool, bool, float, int, datetime, int]:
        member_id = one.member.id or 0
        late = one.free_at - now > SOON
        return one.last_resort, late, -one.score, one.load, offered.get(member_id, _LONG_AGO), member_id

    return sorted(found, key=rank)


def _on_duty(db: Session) -> list[tuple[Member, Duty]]:
    rows = db.exec(
        select(Member, Duty)
        .outerjoin(Duty, col(Duty.member_id) == col(Member.id))
        .where(col(Member.role).in_([role for role in Role if role.reaches(Role.CONSULTANT)]))
    )
    pairs = [(member, duty) for member, duty in rows if duty is not None or member.role is Role.CONSULTANT]
    return [(member, duty or Duty(member_id=member.id or 0)) for member, duty in pairs]


def _candidate(
    member: Member, duty: Duty, category: str | None, language: str, load: Mapping[int, int], now: datetime
) -> Candidate | None:
    if duty.paused_until is not None and duty.paused_until > now:
        return None
    try:
        free_at = calendar(duty, member).next_open(now)
    except ValueError:
        return None  # they have no working time in years
    carried = load.get(member.id or 0, 0)
    knows, subject = _expertise(duty, category)
    reads = language in languages_of(duty, member)
    facts = [
        *([subject] if subject else []),
        *([Reason.READS] if reads else []),
        Reason.FREE if free_at <= now else Reason.LATER,
        *([Reason.FULL] if carried >= duty.capacity else []),
    ]
    score = knows * (_READ if reads else _UNREAD) * _availability(free_at - now) * _lightness(carried, duty.capacity)
    return Candidate(member, round(score, 4), tuple(facts), free_at, carried, duty.capacity)


def _expertise(duty: Duty, category: str | None) -> tuple[float, Reason | None]:
    if category is None:
        return _ANY, None
    if not duty.categories:
        return _ALL, Reason.ALL_SUBJECTS
    return (_NAMED, Reason.KNOWS) if category in duty.categories else (_ELSEWHERE, None)


def _availability(wait: timedelta) -> float:
    """1 for somebody at work; otherwise 0.6 and half as much for each day of waiting."""
    return 1.0 if wait <= timedelta(0) else 0.6 * 0.5 ** (wait / timedelta(days=1))


def _lightness(carried: int, capacity: int) -> float:
    """1 for somebody with nothing to do, 0.3 for somebody who is full."""
    return 1 - 0.7 * min(carried / capacity, 1)

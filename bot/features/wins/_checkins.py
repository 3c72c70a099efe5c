"""Check-ins: every second week at somebody's own day and hour, never more often, and never while they rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.errors import Outdated
from bot.features.people import Member
from bot.features.wins._tables import WinPath

EVERY = 14
"""Days between two check-ins, on the member's own calendar."""

FIRST = 7
"""Days after which the first one comes, at the earliest."""

PATIENCE = 2
"""After so many without an answer it rests until they come back by themselves: never nagging."""


def next_check(mine: WinPath, zone: str, *, after: datetime) -> datetime:
    """The next one after a moment: at the chosen day and time of the member's own clock, two weeks after the last one."""
    local = after.astimezone(ZoneInfo(zone)).date()
    if mine.asked_at is not None:
        local = max(local, mine.asked_at.astimezone(ZoneInfo(zone)).date() + timedelta(days=EVERY))
    else:
        local = max(local, mine.began_at.astimezone(ZoneInfo(zone)).date() + timedelta(days=FIRST))
    first = local + timedelta(days=(mine.weekday - local.weekday()) % 7)
    return next(moment for moment in _moments(first, mine.minute, zone) if moment > after)


def _moments(first: date, minute: int, zone: str) -> Iterator[datetime]:
    """This day and every seventh after it at this time, as UTC: local times cannot be compared across a clock change."""
    day = first
    while True:
        yield datetime.combine(day, time(*divmod(minute, 60)), ZoneInfo(zone)).astimezone(UTC)
        day += timedelta(days=7)


def due(db: Session, *, now: datetime, limit: int) -> list[tuple[WinPath, Member]]:
    """Whose check-in is due, the longest waiting first."""
    query = select(WinPath, Member).join(Member, col(Member.id) == col(WinPath.member_id))
    query = query.where(col(WinPath.asked_next_at) <= now).order_by(col(WinPath.asked_next_at)).limit(limit)
    return list(db.exec(query).all())


def is_time(mine: WinPath, zone: str, *, now: datetime) -> bool:
    """Whether it is their day and hour; where their clock was set anew since, the next one is reckoned again."""
    if mine.asked_next_at is None:
        return False
    proper = next_check(mine, zone, after=mine.asked_next_at - timedelta(seconds=1))
    if proper > now:
        mine.asked_next_at = proper
    return proper <= now


def asked(mine: WinPath, zone: str, *, at: datetime) -> None:
    """They are asked `at` this moment; who lets several pass is left in peace until they come back by themselves."""
    mine.asked_at, mine.unanswered = at, mine.unanswered + 1
    mine.asked_next_at = None if mine.unanswered >= PATIENCE else next_check(mine, zone, after=at)


def put_off(mine: WinPath, zone: str, *, now: datetime) -> None:
    """They want to hear nothing of this kind now: nothing is asked, and it is tried again at their next day and hour."""
    mine.asked_next_at = next_check(mine, zone, after=now)


def rest(mine: WinPath) -> None:
    """They cannot be written to, or have nothing left to do: nothing is asked until they come back by themselves."""
    mine.asked_next_at, mine.unanswered = None, PATIENCE


def answered(mine: WinPath, zone: str, *, now: datetime) -> None:
    """They did something on their path: the next one is reckoned anew, unless they paused it."""
    mine.unanswered = 0
    mine.asked_next_at = None if mine.paused else next_check(mine, zone, after=now)


def pause(mine: WinPath) -> None:
    """Ask no more until they want to be asked again."""
    mine.paused, mine.asked_next_at = True, None


def resume(mine: WinPath, zone: str, *, now: datetime) -> None:
    """Ask again."""
    mine.paused = False
    answered(mine, zone, now=now)


def settle(mine: WinPath, zone: str, *, weekday: int, minute: int, now: datetime) -> None:
    """Ask at this day and time from now on; raises Outdated for one that is none."""
    if weekday not in range(7) or minute not in range(24 * 60):
        raise Outdated
    mine.weekday, mine.minute = weekday, minute
    resume(mine, zone, now=now)

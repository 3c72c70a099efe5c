"""Weeks of a small community with the real bot: what nobody asked for stays within everybody's budget, nights are quiet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.db import Database
from bot.knowledge import Knowledge
from tests.bench.halfyear import UNASKED, HalfYear, fullest_week, simulated

TIMES = ("03:00", "12:00", "18:50", "21:00")


def test_three_weeks_of_a_small_community_break_no_promise(sqlite: Database, knowledge: Knowledge) -> None:
    made = simulated(sqlite, knowledge, size=12, days=21, seed=3, times=TIMES)
    assert made.broken() == {}
    assert any(UNASKED.match(one.key) for one in made.arrivals)
    assert made.done["stuck"]
    _breaks_promises(made)
    assert {"in quiet hours", "over the budget (arrived)", "twice"} <= made.broken().keys(), "it would notice"


def _breaks_promises(made: HalfYear) -> None:
    """Somebody gets the same once more, at noon, who wants nothing and is always asleep."""
    first = next(one for one in made.arrivals if one.key.startswith("wins:check:"))
    made.arrivals.append(first)
    chosen = made.preferences[first.member]
    chosen.quiet_from, chosen.quiet_until, chosen.budget = 0, 24 * 60 - 1, 0


def test_the_fullest_week_is_any_seven_days() -> None:
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    moments = [monday + timedelta(days=days) for days in (0, 5, 6, 7, 11.5)]
    assert fullest_week(moments) == 4
    assert fullest_week([]) == 0

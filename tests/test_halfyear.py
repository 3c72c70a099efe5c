"""Weeks of a small community with the real bot: what nobody asked for stays within everybody's budget, nights are quiet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.db import Database
from bot.knowledge import Knowledge
from tests.bench.halfyear import UNASKED, HalfYear, broken, fullest_week, simulated

TIMES = ("03:00", "12:00", "18:50", "21:00")


def test_three_weeks_of_a_small_community_break_no_promise(sqlite: Database, knowledge: Knowledge) -> None:
    made = simulated(sqlite, knowledge, size=12, days=21, seed=3, times=TIMES)
    assert broken(made) == {}
    print(made.done)


def test_the_fullest_week_is_any_seven_days() -> None:
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    moments = [monday + timedelta(days=days) for days in (0, 5, 6, 7, 11.5)]
    assert fullest_week(moments) == 4
    assert fullest_week([]) == 0

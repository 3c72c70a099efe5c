"""Whoever was away for more than a day has missed messages that Telegram no longer keeps; the organizers hear it once."""

from __future__ import annotations

from tests.conftest import SetClock
from tests.town import Town


def test_after_more_than_a_day_away_each_organizer_hears_it_once(town: Town, clock: SetClock) -> None:
    clock.moves(hours=25)
    town.restarts()
    organizer = town.private(town.organizer)
    told = organizer.sees("I was away from")
    assert "24 hours only" in told.text
    assert "before Nov 23, 2026, 1:00" in told.text, "a day before the present moment, on the organizer's clock"
    town.restarts()
    assert len([text for text in organizer.texts if "I was away" in text]) == 1
    town.private(town.consultant).sees_nothing_of("没有运行")


def test_a_quiet_week_with_the_bot_awake_is_no_absence(town: Town, clock: SetClock) -> None:
    for _ in range(8):
        clock.moves(hours=23)
        town.settle()
    town.restarts()
    town.private(town.organizer).sees_nothing_of("I was away")


def test_less_than_a_day_away_loses_nothing_and_says_nothing(town: Town, clock: SetClock) -> None:
    clock.moves(hours=23)
    town.restarts()
    town.private(town.organizer).sees_nothing_of("I was away")

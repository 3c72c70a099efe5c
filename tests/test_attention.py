"""What people did not ask for: muted kinds, quiet hours on their own clock, a week that is full."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from bot import outbox
from bot.db import Database
from bot.features import attention, people
from bot.features.attention import Kind, Preferences
from bot.features.people import Member
from handlers.attention._hours import clock_time, read_hours
from tests.conftest import SetClock
from tests.town import Town

EVENING = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)  # 22:30 in Beijing
MORNING = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)  # 08:00 in Beijing


def _member(db: Session, zone: str = "Asia/Shanghai", number: int = 1) -> Member:
    return people.meet(
        db, telegram_id=number, name="Li Wei", language_code="en", default="en", timezone=zone, now=EVENING
    )


def test_what_is_not_urgent_waits_for_the_end_of_the_quiet_hours(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        member = _member(db)
        assert attention.moment(db, member, kind=Kind.NOTICES, now=EVENING) == MORNING
        assert attention.moment(db, member, kind=Kind.NOTICES, now=EVENING, urgent=True) == EVENING
        assert attention.moment(db, member, kind=Kind.NOTICES, now=MORNING) == MORNING


def test_quiet_hours_are_those_of_the_members_own_clock(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        assert attention.moment(db, _member(db, "Europe/London"), kind=Kind.NOTICES, now=EVENING) == EVENING


@given(
    begin=st.integers(0, 1439),
    end=st.integers(0, 1439),
    zone=st.sampled_from(["Asia/Shanghai", "America/New_York", "Europe/London"]),
    minutes=st.integers(0, 366 * 24 * 60),
)
def test_what_waits_comes_within_a_day_and_never_into_quiet_hours(
    begin: int, end: int, zone: str, minutes: int
) -> None:
    asked = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    chosen = Preferences(member_id=1, quiet_from=begin, quiet_until=end)
    moment = attention.after_quiet(chosen, zone, asked)
    assert asked <= moment <= asked + timedelta(hours=25)
    assert attention.after_quiet(chosen, zone, moment) == moment


def test_a_full_week_holds_until_it_is_over_but_not_for_what_somebody_signed_up_for(sqlite: Database) -> None:
    noon = MORNING + timedelta(hours=4)
    with sqlite.transaction() as db:
        member = _member(db)
        for hour in range(attention.BUDGET):
            assert attention.moment(db, member, kind=Kind.COMMUNITY, now=noon + timedelta(hours=hour)) is not None
        db.flush()
        assert attention.moment(db, member, kind=Kind.COMMUNITY, now=noon + timedelta(hours=5)) is None
        assert attention.moment(db, member, kind=Kind.WEBINARS, now=noon, asked_for=True) == noon
        assert attention.held_back(db, [member], kind=Kind.NOTICES, now=noon) == (set(), {member.id})
        over = noon + attention.WEEK
        assert attention.moment(db, member, kind=Kind.COMMUNITY, now=over) is None, "the first may have come late"
        later = over + attention.LATENESS
        assert attention.moment(db, member, kind=Kind.COMMUNITY, now=later) == later


def test_what_was_held_up_counts_in_the_week_in_which_it_arrives(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        member = _member(db)
        attention.keep(db, Preferences(member_id=member.id or 0, budget=1))
        assert attention.moment(db, member, kind=Kind.COMMUNITY, now=MORNING) == MORNING
        back = MORNING + timedelta(days=2)
        attention.make_up(db, since=MORNING - timedelta(minutes=5), now=back)
        for now, full in ((MORNING + timedelta(days=7, hours=2), True), (back + timedelta(days=7, hours=2), False)):
            assert (attention.held_back(db, [member], kind=Kind.COMMUNITY, now=now)[1] == {member.id}) is full


def test_a_muted_kind_is_held_back_and_the_others_come(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        member = _member(db)
        attention.keep(db, Preferences(member_id=member.id or 0, muted=[Kind.RESOURCES]))
        db.flush()
        assert attention.moment(db, member, kind=Kind.RESOURCES, now=MORNING) is None
        assert attention.moment(db, member, kind=Kind.NOTICES, now=MORNING) == MORNING


def test_what_no_week_counts_any_more_is_forgotten(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        member = _member(db)
        attention.moment(db, member, kind=Kind.NOTICES, now=MORNING)
        attention.prune(db, now=MORNING + timedelta(days=9))
        assert attention.held_back(db, [member], kind=Kind.NOTICES, now=MORNING) == (set(), set())


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("21:30–7:00", "21:30 07:00"),
        ("from 9pm to 7am", "21:00 07:00"),
        ("晚上9点到早上7点", "21:00 07:00"),
        ("22點30到8點", "22:30 08:00"),
        ("0 - 24", "00:00 00:00"),
    ],
)
def test_quiet_hours_are_understood_in_plain_words(words: str, hours: str) -> None:
    assert " ".join(clock_time(minutes) for minutes in read_hours(words) or ()) == hours


@pytest.mark.parametrize("words", ["never", "25:00-7:00", "21:75-7", "7", ""])
def test_hours_that_there_are_not_are_no_hours(words: str) -> None:
    assert read_hours(words) is None


@given(st.integers(0, 1439), st.integers(0, 1439))
def test_hours_are_read_back_as_they_are_said(begin: int, end: int) -> None:
    assert read_hours(f"{clock_time(begin)}-{clock_time(end)}") == (begin, end)


def test_somebody_chooses_what_when_and_how_often(town: Town, clock: SetClock) -> None:
    me = town.private(town.trainee)
    me.says("/profile")
    me.taps("What I tell you")
    me.taps("Webinars")
    me.sees("Quiet from 22:00 to 08:00")
    me.taps("Quiet hours")
    me.says("whenever I sleep")
    me.sees("Please write them like")
    me.says("21:30-6")
    me.sees("Quiet from 21:30 to 06:00")
    me.taps("How many in a week")
    me.taps("3")
    me.sees("At most 3 such messages")
    with town.database.transaction() as db:
        member = people.find(db, town.trainee.id)
        assert member is not None
        assert attention.moment(db, member, kind=Kind.WEBINARS, now=clock.now) is None
        assert attention.of(db, member).budget == 3
    me.says("/forget")
    me.taps("Delete everything")
    with town.database.reading() as db:
        assert not db.get(Preferences, member.id)


def test_what_waits_keeps_to_ones_wishes_until_it_leaves(town: Town, clock: SetClock) -> None:
    """They change while it waits, and then the bot is away when it was due."""
    clock.moves(hours=11)  # 23:00 in Beijing
    me = town.private(town.trainee)
    with town.database.transaction() as db:
        for words, heeds in (("A colleague is glad", Kind.COMMUNITY), ("Your week", outbox.QUIET)):
            payload, due_at = {"chat_id": me.chat.id, "text": words}, clock.now + timedelta(hours=9)
            facts: dict[str, Any] = {"key": words, "heeds": heeds, "due_at": due_at, "now": clock.now}
            outbox.enqueue(db, chat_id=me.chat.id, method="sendMessage", payload=payload, **facts)
    me.says("/quiet")
    me.taps("Quiet hours")
    me.taps("20:00–09:00")
    me.taps("Community and small wins")
    clock.moves(hours=9)
    town.settle()
    me.sees_nothing_of("Your week")
    clock.moves(hours=15)
    town.restarts()
    me.sees_nothing_of("Your week")
    clock.moves(hours=10)
    town.settle()
    me.sees("Your week")
    me.sees_nothing_of("A colleague is glad")

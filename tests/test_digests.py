"""One's own week in one message, and the one screen from which everything is a tap away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel, create_engine, select

import bot.tables  # noqa: F401  (registers every table)
from bot.features import digests, people, wins
from bot.features.digests import PersonalDigest
from bot.features.people import Member, Role
from bot.sandbox.world import Person
from handlers.overview import FOR_CONSULTANTS, FOR_EVERYBODY, FOR_ORGANIZERS
from tests.conftest import SetClock
from tests.test_questions import passed_on
from tests.town import Town

# Rules

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = ("Asia/Shanghai", "Europe/London", "America/New_York", "Australia/Lord_Howe", "UTC")


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.integers(0, 6),
    st.integers(0, 24 * 60 - 1),
    st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes)),
)
def test_the_next_digest_is_ahead_within_a_week_on_the_chosen_day(
    zone: str, day: int, minute: int, now: datetime
) -> None:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    with Session(engine) as db:
        me = Member(telegram_id=1, telegram_name="Li Wei", timezone=zone, created_at=now)
        db.add(me)
        db.flush()
        mine = digests.settle(db, me, weekday=day, minute=minute, now=now)
        assert now < mine.next_at <= now + timedelta(days=7, hours=1)
        local = mine.next_at.astimezone(ZoneInfo(zone))
        assert local.weekday() == day
        assert (local.hour * 60 + local.minute - minute) % (24 * 60) in (0, 30, 60)  # a gap of the clocks moves it
    engine.dispose()


# Conversations


def chooses_all(town: Town, person: Person) -> None:
    """Somebody who wants all of it, on Mondays at eight."""
    with town.database.transaction() as db:
        me = people.find(db, person.id)
        assert me is not None
        digests.begin(db, me, now=town.now())


def test_it_comes_on_the_chosen_day_with_what_is_mine_and_only_once(town: Town, clock: SetClock) -> None:
    passed_on(town)
    seat = town.private(town.trainee)
    with town.database.transaction() as db:
        me = people.find(db, town.trainee.id)
        assert me is not None
        wins.path(db, town.knowledge.ladder, me, now=town.now())
    seat.says("/digest")
    for part in ("My open questions", "My next step"):
        seat.taps(part)
    seat.taps("Tue")
    seat.taps("12:00")
    seat.sees("It comes next on")
    clock.moves(days=1, hours=-1)
    town.settle()
    seat.sees_nothing_of("Your week, Li Wei")
    clock.moves(hours=1, minutes=6)
    town.settle()
    told = seat.sees("Your week, Li Wei")
    assert "Q1" in told.text
    assert "Your next step" in told.text
    assert "signed up" not in told.text
    clock.moves(hours=1)
    town.settle()
    assert len([text for text in seat.texts if "Your week, Li Wei" in text]) == 1


def test_nothing_to_tell_is_no_message_and_the_week_goes_on(town: Town, clock: SetClock) -> None:
    chooses_all(town, town.second_consultant)
    seat = town.private(town.second_consultant)
    before = len(seat.posts)
    clock.moves(days=8)
    town.settle()
    assert len(seat.posts) == before
    with town.database.reading() as db:
        (mine,) = db.exec(select(PersonalDigest)).all()
        assert mine.next_at > town.now()
    seat.says("/digest")
    seat.taps("Show it now")
    seat.sees("there is nothing to tell")


def test_without_any_part_or_at_a_word_it_ends(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says("/quiet")
    seat.taps("My week in one message")
    seat.taps("My next step")
    seat.taps("My next step")
    seat.taps("My next step")
    seat.taps("No digest any more")
    seat.sees("no digest any more")
    with town.database.reading() as db:
        assert not db.exec(select(PersonalDigest)).all()


def test_after_a_long_absence_there_is_one_digest(town: Town, clock: SetClock) -> None:
    passed_on(town)
    chooses_all(town, town.trainee)
    clock.moves(days=40)
    town.settle()
    assert len([text for text in town.private(town.trainee).texts if "Your week, Li Wei" in text]) == 1


@pytest.mark.parametrize("role", [Role.GUEST, Role.TRAINEE, Role.CONSULTANT, Role.OWNER])
def test_everything_is_two_taps_away_and_nothing_that_is_not_theirs(town: Town, role: Role) -> None:
    seat = town.private(town.person("Lin", "en", role))
    seat.says("/help")
    overview = seat.last
    labels = [button["text"] for row in overview.buttons for button in row]
    assert all(len(row) <= 2 for row in overview.buttons)
    assert ("📥 Open questions" in labels) == role.reaches(Role.CONSULTANT)
    assert ("📣 Notice" in labels) == role.reaches(Role.ORGANIZER)
    for label in labels:
        count = len(seat.posts)
        tap = town.world.tap(seat.person, seat.chat, overview, label)
        town.settle()
        assert not tap.show_alert, label
        assert len(seat.posts) > count, label


def test_what_is_not_ones_own_does_not_open_by_hand(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says("/help")
    theirs = [name for row in (*FOR_CONSULTANTS, *FOR_ORGANIZERS) for name in row]
    for name in (*theirs, "forget", "start", "nonsense"):
        tap = town.world.tap(seat.person, seat.chat, seat.last.id, f"overview.open:{name}", stale=True)
        town.settle()
        assert tap.show_alert, name
    group = town.seat(town.trainee, town.group)
    group.says("/help")
    for row in FOR_EVERYBODY:
        tap = town.world.tap(group.person, group.chat, group.last.id, f"overview.open:{row[0]}", stale=True)
        town.settle()
        assert tap.show_alert


def test_a_part_that_is_none_is_refused(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says("/digest")
    for data in ("digests.switch:nonsense", "digests.settle:9:0", "digests.settle:0:5000", "digests.preview"):
        tap = town.world.tap(seat.person, seat.chat, seat.last.id, data, stale=True)
        town.settle()
        assert tap.show_alert, data

"""Somebody who has done it: whom the bot asks, what both learn and when, and what comes of it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel, create_engine, select

import bot.tables  # noqa: F401  (registers every table)
from bot.db import Database
from bot.features import attention, peers, people, wins
from bot.features.peers import Ask, PeerAsk, PeerSearch, State, Wish
from bot.features.people import Member, Role
from bot.features.wins import Win
from bot.sandbox.world import Person
from tests.conftest import NOON, SetClock
from tests.town import Seat, Town

STEP = "sw-05-first-peer-supporter"
WISH = Wish("en", "county", "Chengdu")


def member(db: Session, number: int, **fields: Any) -> Member:
    """Somebody of the community whom the bot may write to."""
    made = people.meet(
        db, telegram_id=number, name=f"Person {number}", language_code="en", default="en", timezone="UTC", now=NOON
    )
    made.role, made.started_at = Role.TRAINEE, NOON
    for name, value in fields.items():
        setattr(made, name, value)
    db.flush()
    return made


# Rules


def test_the_nearest_comes_first_language_before_workplace_before_city(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        far = member(db, 1, language="zh_Hans", workplace="county", city="Chengdu")
        city, work, both = (
            member(db, 2, city="chengdu"),
            member(db, 3, workplace="county"),
            member(db, 4, workplace="county"),
        )
        both.city = "Chengdu"
        everybody = [far, city, work, both]
        for one in everybody:
            peers.set_limit(db, one, 1, now=NOON)
        found = peers.fitting(db, [one.id or 0 for one in everybody], WISH, without=(), now=NOON)
        assert [one.member.id for one in found] == [both.id, work.id, city.id, far.id]


_OUT = (
    "unwilling",
    "no experience",
    "blocked",
    "never started",
    "guest",
    "over the limit",
    "withdrew",
    "asked already",
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(("fits", *_OUT)), min_size=1, max_size=8), st.sampled_from(peers.LIMITS))
def test_nobody_unwilling_or_over_their_limit_is_ever_asked(kinds: list[str], limit: int) -> None:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    with Session(engine) as db:
        seeker = member(db, 999)
        search, _new = peers.begin(db, seeker, STEP, username=None, now=NOON)
        experienced = []
        for number, kind in enumerate(kinds, start=1):
            one = member(db, number)
            if kind != "no experience":
                experienced.append(one.id or 0)
            if kind != "unwilling":
                peers.set_limit(db, one, limit, now=NOON)
            _make(db, one, kind, search, limit)
        without = {seeker.id or 0, *peers.asked_before(db, search, now=NOON)}
        found = peers.fitting(db, experienced, WISH, without=without, now=NOON)
        assert sorted(c.member.telegram_id for c in found) == [
            number for number, kind in enumerate(kinds, start=1) if kind == "fits"
        ]
        for candidate in found:
            assert peers.is_willing(db, candidate.member)
            assert peers.asked_lately(db, candidate.member, now=NOON) < limit
    engine.dispose()


def _make(db: Session, one: Member, kind: str, search: PeerSearch, limit: int) -> None:
    """Give somebody a reason not to be asked."""
    if kind == "blocked":
        one.unreachable_at = NOON
    elif kind == "never started":
        one.started_at = None
    elif kind == "guest":
        one.role = Role.GUEST
    elif kind == "withdrew":
        peers.withdraw(db, one, now=NOON)
    elif kind == "asked already":
        peers.ask(db, search, one, until=NOON, now=NOON)
    elif kind == "over the limit":
        for other in range(limit):
            earlier = PeerSearch(seeker_id=search.seeker_id, what="other", begun_at=NOON, state=State.MET)
            db.add(earlier)
            db.flush()
            peers.ask(db, earlier, one, until=NOON, now=NOON - timedelta(days=other))
    db.flush()


def test_the_limit_counts_thirty_days(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        seeker, helper = member(db, 1), member(db, 2)
        peers.set_limit(db, helper, 1, now=NOON)
        search, _new = peers.begin(db, seeker, STEP, username=None, now=NOON)
        peers.ask(db, search, helper, until=NOON, now=NOON)
        for days, expected in ((29, 0), (31, 1)):
            found = peers.fitting(db, [helper.id or 0], WISH, without=(), now=NOON + timedelta(days=days))
            assert len(found) == expected


def test_only_the_first_yes_counts_and_a_late_one_while_nobody_was_quicker(database: Database) -> None:
    with database.transaction() as db:
        seeker, first, second = member(db, 1), member(db, 2), member(db, 3)
        search, new = peers.begin(db, seeker, STEP, username=None, now=NOON)
        assert new
        assert peers.begin(db, seeker, "other", username=None, now=NOON) == (search, False)
        one = peers.ask(db, search, first, until=NOON, now=NOON)
        peers.lapse(db, search, now=NOON + timedelta(days=1))
        two = peers.ask(db, search, second, until=NOON, now=NOON)
        assert peers.answer_yes(one, search, now=NOON)
        assert not peers.answer_yes(two, search, now=NOON)
        assert [ask.id for ask in peers.void_others(db, search, now=NOON)] == [two.id]
        assert not peers.answer_no(two, search, now=NOON)
        assert (search.state, search.helper_id) == (State.MET, first.id)


# Conversations


def knows(town: Town, person: Person, *, per_month: int = 1, step: str = STEP) -> Seat:
    """Somebody who has done the step and is willing to be asked."""
    with town.database.transaction() as db:
        helper = people.find(db, person.id)
        assert helper is not None
        db.add(Win(member_id=helper.id or 0, step=step, done_at=town.now(), days=3))
        peers.set_limit(db, helper, per_month, now=town.now())
    return town.private(person)


def seeks(town: Town, person: Person | None = None) -> Seat:
    """A nurse in a county hospital who asks for a colleague."""
    person = person or town.trainee
    with town.database.transaction() as db:
        found = people.find(db, person.id)
        assert found is not None
        found.profession, found.workplace = "nurse", "county"
    seat = town.private(person)
    tap(seat, f"peers.seek:{STEP}")
    seat.taps("Look for somebody")
    return seat


def tap(seat: Seat, data: str) -> Any:
    """Tap a button that another part of the bot shows."""
    if not [post for post in seat.posts if post.author == seat.town.world.bot_id]:
        seat.says("/help")
    under = next(post for post in reversed(seat.posts) if post.author == seat.town.world.bot_id)
    made = seat.town.world.tap(seat.person, seat.chat, under.id, data, stale=True)
    seat.town.settle()
    return made


def test_a_yes_brings_both_together_and_nobody_is_named_before(town: Town, clock: SetClock) -> None:
    helper = knows(town, town.second_consultant)
    seat = seeks(town)
    asked = helper.sees("A nurse in a county hospital is stuck here")
    assert "Li Wei" not in asked.text
    seat.sees_nothing_of("Sarah Lin")
    helper.taps("Yes, gladly")
    assert "Li Wei" in helper.last.text
    told = seat.sees("Sarah Lin")
    assert "Hello Sarah Lin, I am Li Wei" in told.text
    assert "settled" in str(tap(helper, "peers.yes:1").text)
    seat.taps("Write through me")
    seat.says("x" * 4096)
    seat.says("y" * 904)  # Telegram sends 5,000 characters in two messages
    seat.sees("Your text has 5,000 characters; the limit is 2,000.")
    helper.sees_nothing_of("yyy")
    clock.moves(minutes=1)
    seat.says("May I ask you <something>?")
    helper.sees("May I ask you <something>?")
    helper.taps("Reply")
    helper.says("Gladly.")
    seat.sees("Gladly.")
    clock.moves(days=14)
    town.settle()
    for one in (seat, helper):
        assert len([text for text in one.texts if "How did it go?" in text]) == 1
    seat.taps("It helped")
    helper.sees("says that talking with you has helped")


def test_after_a_no_or_a_day_the_next_one_is_asked_and_in_the_end_the_seeker_hears_it(
    town: Town, clock: SetClock
) -> None:
    first, second = knows(town, town.second_consultant), knows(town, town.person("Wang Fang", "en", Role.TRAINEE))
    seat = seeks(town)
    one, other = (first, second) if any("is stuck here" in text for text in first.texts) else (second, first)
    other.sees_nothing_of("is stuck here")
    one.taps("Not now")
    other.sees("is stuck here")
    clock.moves(hours=23)
    town.settle()
    seat.sees_nothing_of("I found nobody")
    clock.moves(hours=2)
    town.settle()
    seat.sees("I found nobody who has got past")
    assert len([text for text in seat.texts if "I found nobody" in text]) == 1
    assert {"🗓 Next consultation", "↻ Look again"} == set(seat.buttons("I found nobody"))
    seat.sees_nothing_of("Sarah Lin")


def test_without_anybody_willing_the_seeker_hears_so_at_once(town: Town) -> None:
    seat = seeks(town)
    seat.sees("I found nobody who has got past")
    with town.database.reading() as db:
        assert db.exec(select(PeerSearch.state)).all() == [State.EMPTY]


def test_who_muted_the_community_is_not_asked_and_quiet_hours_hold(town: Town, clock: SetClock) -> None:
    muted, awake = knows(town, town.second_consultant), knows(town, town.consultant)
    with town.database.transaction() as db:
        helper = people.find(db, town.second_consultant.id)
        assert helper is not None
        attention.keep(db, attention.Preferences(member_id=helper.id or 0, muted=[attention.Kind.COMMUNITY]))
    clock.moves(hours=11)  # 23:00 in Beijing
    seeks(town)
    muted.sees_nothing_of("is stuck here")
    awake.sees_nothing_of("卡在这一步")
    clock.moves(hours=9, minutes=1)
    town.settle()
    awake.sees("卡在这一步")


def test_nobody_is_asked_twice_within_three_days_a_search_waits_for_them(town: Town, clock: SetClock) -> None:
    helper = knows(town, town.second_consultant, per_month=4)
    seeks(town)
    helper.taps("Not now")
    other = seeks(town, town.organizer)
    clock.moves(hours=71)
    town.settle()
    other.sees("I am looking for somebody")
    other.sees_nothing_of("I found nobody")
    helper.sees_nothing_of("is stuck here")
    clock.moves(hours=2)
    town.settle()
    helper.sees("is stuck here")


def test_stopping_takes_the_question_back_and_twice_is_once(town: Town) -> None:
    helper = knows(town, town.second_consultant)
    seat = seeks(town)
    seat.taps("Stop looking")
    helper.sees("it has been settled")
    assert "over already" in str(tap(seat, "peers.stop:1").text)
    assert "settled" in str(tap(helper, "peers.yes:1").text)
    seat.sees_nothing_of("Sarah Lin")


def test_who_left_or_blocked_the_bot_is_not_named(town: Town) -> None:
    helper = knows(town, town.second_consultant)
    seeks(town)
    town.world.block(town.trainee)
    town.settle()
    helper.taps("Yes, gladly")
    helper.sees("cannot be reached here any more")
    helper.sees_nothing_of("Li Wei")


def test_a_yes_is_only_for_who_was_asked_and_nothing_works_in_a_group(town: Town) -> None:
    knows(town, town.second_consultant)
    seat = seeks(town)
    other = town.private(town.organizer)
    other.says("/help")
    assert tap(other, "peers.yes:1").show_alert
    assert tap(other, "peers.write:1").show_alert
    assert tap(seat, "peers.seek:no-such-step").show_alert
    group = town.seat(town.trainee, town.group)
    group.says("/help")
    assert tap(group, f"peers.seek:{STEP}").show_alert
    with town.database.reading() as db:
        assert db.exec(select(PeerAsk.answer)).all() == [Ask.OPEN]


def test_one_says_that_one_may_be_asked_and_takes_it_back_in_the_middle(town: Town) -> None:
    helper = knows(town, town.second_consultant)
    helper.says("/peers")
    helper.taps("2 × a month")
    helper.sees("at most 2 times in thirty days")
    seat = seeks(town)
    helper.says("/peers")
    helper.taps("Do not ask me any more")
    helper.sees("it has been settled")
    seat.sees("I found nobody")


def test_my_data_shows_it_and_forgetting_ends_it(town: Town, clock: SetClock) -> None:
    helper = knows(town, town.second_consultant)
    seat = seeks(town)
    seat.says("/mydata")
    stored = town.world.files.find(seat.last.message["document"]["file_id"])
    assert stored is not None
    assert json.loads(stored.content)["peers"]["looked_for"][0]["what"] == STEP
    helper.says("/forget")
    helper.taps("Delete everything")
    clock.moves(minutes=6)
    town.settle()
    seat.sees("I found nobody")
    other = knows(town, town.consultant)
    seat.taps("Look again")
    seat.taps("Look for somebody")
    other.sees("卡在这一步")
    seat.says("/forget")
    seat.taps("Delete everything")
    other.sees("已经有着落了")
    with town.database.reading() as db:
        assert not db.exec(select(PeerSearch)).all()
        assert not db.exec(select(PeerAsk)).all()


def test_where_nobody_has_done_the_step_somebody_who_got_past_the_barrier_is_asked(town: Town) -> None:
    helper = knows(town, town.second_consultant, step="sw-01-write-why")
    with town.database.transaction() as db:
        helping, stuck = (people.find(db, person.id) for person in (town.second_consultant, town.trainee))
        assert helping is not None
        assert stuck is not None
        wins.offered(wins.stuck(db, helping, "sw-01-write-why", now=town.now()), "time", now=town.now())
        wins.freed(db, helping, "sw-01-write-why", now=town.now())
        wins.offered(wins.stuck(db, stuck, STEP, now=town.now()), "time", now=town.now())
    seat = seeks(town)
    helper.sees("A nurse in a county hospital is stuck here: No time.")
    helper.taps("Yes, gladly")
    seat.sees("Sarah Lin")


def test_a_barrier_finds_who_got_past_it(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        one = member(db, 1)
        wins.offered(wins.stuck(db, one, STEP, now=NOON), "time", now=NOON)
        assert wins.passed(db, "time") == []
        db.add(Win(member_id=one.id or 0, step=STEP, done_at=NOON, days=1))
        wins.freed(db, one, STEP, now=NOON)
        assert wins.passed(db, "time") == [one.id]

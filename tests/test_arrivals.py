"""Arriving: greeted once and together, asked in private before one is let in, decided by one organizer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlmodel import select

from bot.db import Database
from bot.features import arrivals, people
from bot.features.arrivals import Arrival, JoinRequest, State
from bot.features.people import Member, Role
from bot.i18n import Language
from bot.sandbox.world import Person
from tests.conftest import SetClock
from tests.town import Seat, Town

RIGHTS: dict[str, Any] = {"can_invite_users": True, "can_delete_messages": True, "can_restrict_members": True}
GROUP = -1_000_000_000_777


def joins(town: Town, name: str, language: str = "en") -> Person:
    """Somebody new comes to the community's group."""
    person = town.world.person(name, language=language)
    town.world.join(person, town.group)
    town.settle()
    return person


def greetings(town: Town) -> list[str]:
    """The greetings that stand in the group."""
    return [text for text in (post.text for post in town.group.messages.values()) if "/rules" in text]


def asks_to_join(town: Town, name: str = "Wu Fan") -> Seat:
    """Somebody asks to be let into the group, where members are admitted one by one."""
    town.world.set_bot_rights(town.group, **RIGHTS)
    town.group.join_by_request = True
    person = town.world.person(name, language="en")
    town.world.join(person, town.group)
    town.settle()
    return town.private(person)


def is_in(town: Town, seat: Seat) -> bool:
    """Whether they are in the group now."""
    return town.group.member(seat.person.id) is not None


def invitation(town: Town) -> str:
    """A code that lets one trainee in."""
    with town.database.transaction() as db:
        return people.invite(db, Role.TRAINEE, now=town.now()).code


# Being greeted


def test_who_joins_within_the_minute_is_greeted_together_and_the_greeting_before_goes(
    town: Town, clock: SetClock
) -> None:
    joins(town, "Early Bird")
    clock.moves(minutes=5)
    joins(town, "Chen Jie")
    clock.moves(seconds=30)
    joins(town, "Wu Fan")
    [greeting] = greetings(town)
    assert "Welcome, Chen Jie and Wu Fan!" in greeting
    [post] = [post for post in town.group.messages.values() if post.text == greeting]
    assert post.buttons[0][0]["url"].endswith("?start=welcome")


def test_one_is_greeted_in_ones_own_language_and_several_in_the_groups(town: Town, clock: SetClock) -> None:
    joins(town, "陈洁", "zh-hans")
    assert "欢迎 陈洁！" in greetings(town)[0]
    joins(town, "Anna", "en")
    assert "Welcome, 陈洁 and Anna!" in greetings(town)[0]


def test_a_greeting_does_not_keep_the_name_of_somebody_who_wants_to_be_forgotten(
    town: Town, clock: SetClock
) -> None:
    anna, bo = joins(town, "Anna"), joins(town, "Bo")
    for person, days, left in ((anna, 0, "Welcome, Bo!"), (bo, 3, "Welcome to this group!")):
        clock.moves(days=days)
        seat = town.private(person)
        seat.starts()
        seat.says("/forget")
        seat.taps("Delete everything")
        assert greetings(town)[0].startswith(left)


def test_nobody_is_greeted_twice_whatever_telegram_says_twice(town: Town, clock: SetClock) -> None:
    town.world.set_bot_rights(town.group, **RIGHTS)  # an administrator hears of a joining twice
    person = joins(town, "Chen Jie")
    assert len(greetings(town)) == 1
    town.world.leave(person, town.group)
    clock.moves(minutes=10)
    town.world.join(person, town.group)
    town.settle()
    assert greetings(town) == [], "who comes back is not greeted again"
    with town.database.reading() as db:
        [arrival] = db.exec(select(Arrival)).all()
        assert arrival.joined_at == clock.now
        member = db.get(Member, arrival.member_id)
        assert member is not None
        assert member.role is Role.TRAINEE, "who is in a community group belongs to the community"


def test_who_leaves_again_is_welcomed_no_more(town: Town, clock: SetClock) -> None:
    stays, leaves = joins(town, "Chen Jie"), joins(town, "Wu Fan")
    town.world.leave(leaves, town.group)
    town.settle()
    assert ["Welcome, Chen Jie!" in text for text in greetings(town)] == [True]
    town.world.leave(stays, town.group)
    town.settle()
    assert greetings(town) == [], "a greeting for nobody goes"
    joins(town, "Early Bird")
    assert ["Welcome, Early Bird!" in text for text in greetings(town)] == [True]


def test_a_whole_cohort_that_comes_at_once_is_one_message(town: Town) -> None:
    for number in range(25):
        town.world.join(town.world.person(f"Trainee {number}", language="en"), town.group)
    town.settle()
    [greeting] = greetings(town)
    assert "Trainee 19, and 5 more!" in greeting


def test_the_greetings_button_leads_into_the_private_chat(town: Town) -> None:
    chat = town.private(joins(town, "Chen Jie"))
    chat.starts("welcome")
    chat.sees("Do you agree?")


# Asking to be let in


def test_with_a_valid_invitation_one_is_let_in_after_a_few_simple_questions(town: Town) -> None:
    chat = asks_to_join(town)
    chat.sees("The rules of our groups")
    chat.taps("I agree to the rules")
    chat.taps("County hospital")
    chat.says("Kunming")
    town.world.send_photo(chat.person, chat.chat, b"a picture of the invitation")
    town.settle()
    chat.sees("I cannot read pictures. Please send me the link or the code as text")
    chat.says("https://t.me/bot?start=nonsense")
    chat.sees("I do not know this invitation")
    assert not is_in(town, chat)
    chat.says(f"https://t.me/bot?start={invitation(town)}")
    chat.sees("You are in")
    assert is_in(town, chat)
    with town.database.reading() as db:
        member = people.find(db, chat.person.id)
        assert member is not None
        assert (member.role, member.workplace, member.city) == (Role.TRAINEE, "county", "Kunming")
    assert "Wu Fan" in greetings(town)[0]


def test_without_an_invitation_an_organizer_decides_knowing_what_was_said(town: Town) -> None:
    chat = asks_to_join(town)
    chat.taps("I agree to the rules")
    chat.taps("City hospital")
    chat.taps("Skip")
    chat.taps("I have none")
    chat.starts("welcome")  # a bot may write for minutes only to somebody who never opened its chat
    desk = town.private(town.organizer)
    card = desk.sees("would like to join").text
    assert "City hospital" in card
    assert "not said" in card
    assert "Agreed to the rules." in card
    desk.taps("Let in")
    assert is_in(town, chat)
    chat.sees("You are in")


def test_of_two_organizers_one_decides_and_the_other_sees_who_did(town: Town) -> None:
    second = town.person("Lin Yue", "en", Role.ORGANIZER)
    chat = asks_to_join(town)
    chat.taps("Ask a person")
    chat.starts("welcome")
    desk, other = town.private(town.organizer), town.private(second)
    card = other.sees("would like to join")
    desk.taps("Decline")
    other.sees("Zhao Lei has declined.")
    tap = town.world.tap(second, other.chat, card.id, "arrivals.decide:1:1", stale=True)
    town.settle()
    assert tap.show_alert
    assert tap.text == "Zhao Lei has declined."
    assert not is_in(town, chat)
    chat.sees("please talk to the person who told you of the group")


def test_members_of_the_community_and_who_brings_an_invitation_by_link_are_let_in_at_once(town: Town) -> None:
    chat = asks_to_join(town)
    chat.starts(invitation(town))
    assert is_in(town, chat)
    known = town.person("Old Friend", "en", Role.TRAINEE)
    town.world.join(known, town.group)
    town.settle()
    assert is_in(town, town.private(known))


def test_who_does_not_answer_is_shown_to_an_organizer_after_an_hour(town: Town, clock: SetClock) -> None:
    chat = asks_to_join(town)
    chat.taps("I agree to the rules")
    clock.moves(minutes=61)
    town.settle()
    town.private(town.organizer).sees("would like to join")


def test_what_nobody_may_answer_for_another_and_a_city_that_is_a_story(town: Town) -> None:
    chat = asks_to_join(town)
    tap = town.world.tap(town.trainee, town.world.private(town.trainee), 1, "arrivals.work:1:county", stale=True)
    chat.taps("I agree to the rules")
    chat.taps("County hospital")
    assert tap.answered
    chat.says("x" * 500)
    chat.sees("the limit is 80")
    chat.says("Kunming")
    chat.sees("did an organizer give you an invitation?")


def test_an_administrator_who_lets_somebody_in_by_hand_settles_it(town: Town) -> None:
    chat = asks_to_join(town)
    chat.taps("Ask a person")
    town.world.settle_request(town.group, chat.person.id, admit=True, by=town.organizer.id)
    town.settle()
    town.private(town.organizer).sees("This was settled in Telegram itself.")


def test_without_the_right_to_invite_the_organizers_hear_once_what_is_missing(town: Town, clock: SetClock) -> None:
    chat = asks_to_join(town)
    town.world.set_bot_rights(town.group, can_delete_messages=True)
    chat.starts(invitation(town))
    clock.moves(minutes=2)
    town.settle()
    town.private(town.organizer).sees("Invite users")


def test_what_somebody_said_when_asking_is_shown_to_them_and_forgotten(town: Town) -> None:
    chat = asks_to_join(town)
    chat.taps("I agree to the rules")
    chat.taps("County hospital")
    chat.says("Kunming")
    chat.says("/mydata")
    stored = town.world.files.find(chat.last.message["document"]["file_id"])
    assert stored is not None
    kept = json.loads(stored.content)
    assert kept["groups"]["asked_to_join"][0]["city"] == "Kunming"
    chat.says("/forget")
    chat.taps("Delete everything")
    with town.database.reading() as db:
        assert db.exec(select(JoinRequest)).all() == []


# Rules on both databases


def somebody(database: Database, clock: SetClock, name: str, language: Language = "en") -> int:
    """A member's id."""
    with database.transaction() as db:
        number = len(db.exec(select(Member)).all()) + 1
        member = people.meet(
            db,
            telegram_id=number,
            name=name,
            language_code=language,
            default="en",
            timezone="Asia/Shanghai",
            now=clock.now,
        )
        return member.id or 0


def test_newcomers_are_known_for_a_day_and_only_while_they_are_there(database: Database, clock: SetClock) -> None:
    ids = [somebody(database, clock, name) for name in ("One", "Two", "Expert")]
    with database.transaction() as db:
        one, two, expert = [db.get_one(Member, id_) for id_ in ids]
        expert.role = Role.CONSULTANT
        for member in (one, two, expert):
            assert arrivals.arrive(db, member, chat_id=GROUP, now=clock.now)
        arrivals.leave(db, two, chat_id=GROUP, now=clock.now)
        assert set(arrivals.newcomers(db, now=clock.now)) == {(GROUP, 1)}
        clock.moves(hours=25)
        assert arrivals.newcomers(db, now=clock.now) == {}


def test_a_group_that_moves_takes_its_arrivals_along_and_forgetting_leaves_nothing(
    database: Database, clock: SetClock
) -> None:
    id_ = somebody(database, clock, "One")
    with database.transaction() as db:
        member = db.get_one(Member, id_)
        arrivals.arrive(db, member, chat_id=GROUP, now=clock.now)
        arrivals.greet(db, [member], chat_id=GROUP, now=clock.now)
        arrivals.ask(db, member, chat_id=GROUP, now=clock.now)
        arrivals.move_chat(db, GROUP, GROUP - 1)
        assert arrivals.arrivals_of(db, member)[0].chat_id == GROUP - 1
        assert not arrivals.arrive(db, member, chat_id=GROUP - 1, now=clock.now), "greeted already"
        assert arrivals.open_of(db, member)[0].chat_id == GROUP - 1
        arrivals.forget(db, member)
        arrivals.prune(db, now=clock.now)
        assert (arrivals.arrivals_of(db, member), arrivals.requests_of(db, member)) == ([], [])


@pytest.mark.parametrize("first", [State.ADMITTED, State.DECLINED])
def test_a_wish_is_decided_once(sqlite: Database, clock: SetClock, first: State) -> None:
    id_ = somebody(sqlite, clock, "One")
    with sqlite.transaction() as db:
        member = db.get_one(Member, id_)
        wish = arrivals.ask(db, member, chat_id=GROUP, now=clock.now)
        assert arrivals.ask(db, member, chat_id=GROUP, now=clock.now) is wish
        assert arrivals.decide(wish, first, by=member, now=clock.now)
        assert not arrivals.decide(wish, State.ADMITTED, by=None, now=clock.now)
        assert wish.state is first
        assert arrivals.ask(db, member, chat_id=GROUP, now=clock.now) is not wish, "one may ask again"

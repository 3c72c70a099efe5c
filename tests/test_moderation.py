"""Group keeping: a newcomer's links wait, floods are slowed, reports reach organizers quietly, measures can be undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from bot.errors import CannotModerate
from bot.features import moderation
from bot.features.moderation import Kind, Measure
from bot.features.people import Role
from bot.sandbox.errors import NotPossible
from handlers._kit._watching import BURST, Watch
from handlers.moderation._measures import read_measure
from tests.conftest import SetClock
from tests.town import Seat, Town

RIGHTS: dict[str, Any] = {
    "can_invite_users": True,
    "can_delete_messages": True,
    "can_restrict_members": True,
    "can_pin_messages": True,
}
LINK = "Look at https://example.org/cheap"


@pytest.fixture
def desk(town: Town) -> Seat:
    """The organizer's private chat, with the bot an administrator of the group."""
    town.world.set_bot_rights(town.group, **RIGHTS)
    town.settle()
    return town.private(town.organizer)


def newcomer(town: Town, name: str = "Wu Fan") -> Seat:
    """Somebody who has just come, in the group."""
    person = town.world.person(name, language="en")
    town.world.join(person, town.group)
    town.settle()
    return town.seat(person, town.group)


def group_says(town: Town, words: str) -> list[str]:
    """What stands in the group and has these words."""
    return [post.text for post in town.group.messages.values() if words in post.text]


def measures(town: Town) -> list[Measure]:
    """The whole log."""
    with town.database.reading() as db:
        return list(db.exec(select(Measure).order_by("id")).all())


# What waits


def test_a_newcomers_link_waits_and_is_published_in_their_name(town: Town, desk: Seat) -> None:
    new = newcomer(town)
    new.says(LINK)
    assert group_says(town, "cheap") == []
    assert "Wu Fan, your message waits" in group_says(town, "Nothing is lost")[0]
    desk.sees("sent a link")
    desk.taps("Publish")
    [published] = group_says(town, "cheap")
    assert published.startswith("Wu Fan shares:")
    assert "Published by Zhao Lei." in desk.sees("sent a link").text


def test_of_two_organizers_one_decides_and_the_other_sees_who_did(town: Town, desk: Seat) -> None:
    other = town.private(town.person("Lin Yue", "en", Role.ORGANIZER))
    new = newcomer(town)
    town.private(new.person).starts()
    new.says(LINK)
    town.private(new.person).sees("waits for an organizer")
    card = other.sees("sent a link")
    desk.taps("Drop")
    other.sees("Dropped by Zhao Lei.")
    tap = town.world.tap(other.person, other.chat, card.id, "moderation.judge:1:1", stale=True)
    town.settle()
    assert tap.text == "Zhao Lei has already decided."
    assert group_says(town, "cheap") == []
    town.private(new.person).sees("did not put your message")


def test_what_a_newcomer_forwards_waits(town: Town, desk: Seat) -> None:
    new = newcomer(town)
    said = town.seat(town.trainee, town.group).says("Buy this tea")
    copy = town.world.forward(new.person, said, town.group, town.group)
    town.settle()
    assert "Buy this tea" in desk.sees("forwarded this").text
    assert copy.id not in town.group.messages
    assert said.id in town.group.messages


def test_after_the_first_day_and_for_who_was_there_before_links_are_nobodys_business(
    town: Town, desk: Seat, clock: SetClock
) -> None:
    new = newcomer(town)
    clock.moves(hours=25)
    new.says(LINK)
    town.seat(town.trainee, town.group).says("And https://example.org/ours")
    assert len(group_says(town, "example.org")) == 2
    desk.sees_nothing_of("sent a link")


def test_a_link_that_is_edited_in_waits_as_well_and_so_after_a_restart(town: Town, desk: Seat) -> None:
    new = newcomer(town)
    said = new.says("Good morning")
    town.restarts()
    town.world.edit(new.person, town.group, said, LINK)
    town.settle()
    assert group_says(town, "cheap") == []
    desk.sees("sent a link")


def test_where_a_message_cannot_be_taken_out_the_organizers_hear_once_why_and_it_is_not_doubled(
    town: Town, clock: SetClock
) -> None:
    desk = town.private(town.organizer)
    town.world.set_bot_rights(town.group, can_pin_messages=True)
    new = newcomer(town)
    new.says(LINK)
    new.says(LINK + "er")
    clock.moves(minutes=2)
    town.settle()
    assert len([text for text in desk.texts if "Delete messages" in text]) == 1
    desk.taps("Publish")
    assert len(group_says(town, "cheaper")) == 1
    town.world.set_bot_rights(town.group, can_pin_messages=True, can_invite_users=True)
    new.says(LINK)
    clock.moves(minutes=2)
    town.settle()
    assert len([text for text in desk.texts if "Delete messages" in text]) == 2, "rights changed: it is news again"


# Floods


def flood(town: Town, seat: Seat) -> None:
    """More than others can follow."""
    for number in range(BURST):
        town.world.say(seat.person, seat.chat, f"Hello {number}")
    town.settle()


def test_a_flood_is_slowed_told_why_and_ends_by_itself(town: Town, desk: Seat, clock: SetClock) -> None:
    seat = town.seat(town.trainee, town.group)
    flood(town, seat)
    assert "that was a lot at once" in group_says(town, "Li Wei,")[0]
    with pytest.raises(NotPossible, match="may not write here"):
        seat.says("more")
    clock.moves(minutes=6)
    town.settle()
    seat.says("calm again")
    assert [(one.kind, one.made_by) for one in measures(town)] == [(Kind.FLOOD, None)]


def test_an_organizer_may_say_much_an_album_counts_once_and_what_is_said_to_the_bot_not_at_all(town: Town, desk: Seat) -> None:
    flood(town, town.seat(town.organizer, town.group))
    assert measures(town) == []
    watch = Watch(frozenset({-5}))
    part = {"message_id": 1, "chat": {"id": -5, "type": "supergroup"}, "from": {"id": 1, "is_bot": False}, "date": 10}
    album = {"message": part | {"media_group_id": "a"}}
    assert not any(watch.notices(album, lambda _message: False) for _ in range(BURST * 2))
    assert not any(watch.notices({"message": part}, lambda _message: True) for _ in range(BURST * 2)), "said to the bot"
    assert any(watch.notices({"message": part}, lambda _message: False) for _ in range(BURST))


def test_the_groups_own_talk_still_costs_no_row(town: Town, desk: Seat) -> None:
    before = town.app.handlers.wants
    said = town.world.say(town.trainee, town.group, "What shall we eat? https://example.org")
    assert not before({"update_id": 1, "message": said.message})


# Reports


def test_a_report_reaches_the_organizers_quietly_and_leads_to_a_mute_that_can_be_undone(
    town: Town, desk: Seat, clock: SetClock
) -> None:
    loud = newcomer(town, "Loud Voice")
    said = loud.says("You are all wrong!")
    reporter = town.seat(town.trainee, town.group)
    reporter.says("/report", reply_to=said)
    assert group_says(town, "/report") == [text for text in group_says(town, "/rules") if "/report" in text]
    town.private(town.trainee).sees("The organizers look at it")
    card = desk.sees("reports a message of Loud Voice")
    assert "You are all wrong!" in card.text
    desk.taps("Mute")
    desk.says("2h too loud")
    with pytest.raises(NotPossible, match="may not write here"):
        loud.says("what?")
    desk.sees("Loud Voice muted")
    desk.taps("Undo")
    desk.sees("Undone by Zhao Lei.")
    loud.says("thank you")


def test_two_who_report_the_same_message_make_one_card(town: Town, desk: Seat) -> None:
    said = newcomer(town).says("Hm")
    for person in (town.trainee, town.other_trainee):
        town.world.say(person, town.group, "/report", reply_to=said)
        town.settle()
    assert len([text for text in desk.texts if "reports a message" in text]) == 1
    desk.taps("Delete message")
    assert said.id not in town.group.messages
    desk.sees("Zhao Lei has seen to it.")


def test_s18_a_reason_tapped_twice_is_one_warning(town: Town, desk: Seat) -> None:
    said = newcomer(town).says("Buy my tea")
    town.seat(town.trainee, town.group).says("/report", reply_to=said)
    desk.taps("Warn")
    asked = desk.sees("What is the reason?")
    for _ in range(2):
        town.world.tap(desk.person, desk.chat, asked.id, "moderation.because:1:warn:ads", stale=True)
    town.settle()
    assert [(one.kind, one.reason) for one in measures(town)] == [(Kind.WARN, "ads")]


def test_report_without_a_reply_says_how_and_in_private_it_is_still_the_organizers_report(
    town: Town, desk: Seat
) -> None:
    town.seat(town.trainee, town.group).says("/report")
    assert group_says(town, "Reply to it with /report")
    desk.says("/report")
    desk.sees("Nobody has asked anything")


# Measures


def test_warn_mute_and_remove_by_reply_with_a_reason_a_log_and_an_undo(town: Town, desk: Seat, clock: SetClock) -> None:
    loud = newcomer(town, "Loud Voice")
    town.private(loud.person).starts()
    said = loud.says("Buy my tea")
    organizer = town.seat(town.organizer, town.group)
    organizer.says("/warn", reply_to=said)
    organizer.sees("Please add the reason")
    organizer.says("/warn no selling", reply_to=said)
    town.private(loud.person).sees("no selling")
    organizer.says("/mute 30m selling again", reply_to=said)
    organizer.says("/remove selling", reply_to=said)
    assert town.group.member(loud.person.id) is None
    assert [one.kind for one in measures(town)] == [Kind.WARN, Kind.MUTE, Kind.REMOVE]
    desk.says("/settings")
    desk.taps("Log")
    assert "no selling" in desk.last.text
    desk.taps("Undo #3")
    town.private(loud.person).sees("You can join again.")
    town.world.join(loud.person, town.group)
    assert "Undone by Zhao Lei." in desk.last.text


def test_colleagues_and_oneself_are_not_measured_and_trainees_measure_nobody(town: Town, desk: Seat) -> None:
    organizer, trainee = town.seat(town.organizer, town.group), town.seat(town.trainee, town.group)
    by_colleague = town.seat(town.consultant, town.group).says("Well")
    organizer.says("/remove rude", reply_to=by_colleague)
    organizer.sees("This is a consultant or an organizer")
    trainee.says("/remove rude", reply_to=by_colleague)
    trainee.sees("Only organizers can do this.")
    organizer.says("/mute")
    organizer.sees("as a reply to a message")
    assert measures(town) == []


def test_what_telegram_does_not_let_the_bot_do_is_said_once_and_the_person_hears_nothing(
    town: Town, clock: SetClock
) -> None:
    desk, seat = town.private(town.organizer), town.seat(town.trainee, town.group)
    said = seat.says("Hello")
    town.seat(town.organizer, town.group).says("/mute 1h too loud", reply_to=said)
    clock.moves(minutes=2)
    town.settle()
    desk.sees("Ban users")
    town.private(town.trainee).sees_nothing_of("you can read")
    seat.says("still here")


@pytest.mark.parametrize(
    ("words", "lasts", "reason"),
    [
        ("too loud", timedelta(hours=1), "too loud"),
        ("2h too loud", timedelta(hours=2), "too loud"),
        ("30m x", timedelta(minutes=30), "x"),
        ("3天 刷屏", timedelta(days=3), "刷屏"),
        ("2小时 刷屏", timedelta(hours=2), "刷屏"),
        ("100 messages", timedelta(hours=1), "100 messages"),
        ("", timedelta(hours=1), ""),
    ],
)
def test_how_long_and_why_are_read(words: str, lasts: timedelta, reason: str) -> None:
    assert read_measure(words, Kind.MUTE) == (lasts, reason)


@given(st.text(max_size=60))
def test_whatever_is_written_a_mute_ends_within_what_telegram_can_end(words: str) -> None:
    try:
        lasts, _reason = read_measure(words, Kind.MUTE)
    except CannotModerate:
        return
    assert lasts is not None
    assert moderation.MUTES[0] <= lasts <= moderation.MUTES[1]


# Rules and the guide


def test_rules_are_read_everywhere_and_written_by_organizers_in_each_language(town: Town, desk: Seat) -> None:
    group = town.seat(town.trainee, town.group)
    group.says("/rules")
    group.sees("No advertising.")
    desk.says("/settings")
    desk.taps("Rules: English")
    town.world.send_file(desk.person, desk.chat, "photo", b"x")
    town.settle()
    desk.sees("Please write the rules as text")
    desk.says("Be kind & brief")
    group.says("/rules")
    group.sees("Be kind & brief")
    town.private(town.consultant).says("/rules")
    town.private(town.consultant).sees("不发广告")
    desk.says("/settings")
    desk.taps("Rules: English")
    desk.taps("Back to the usual rules")
    desk.sees("No advertising.")


def test_forgetting_leaves_nothing_of_somebodys_conduct(town: Town, desk: Seat) -> None:
    new = newcomer(town)
    said = new.says("Hm")
    new.says(LINK)
    town.seat(town.trainee, town.group).says("/report", reply_to=said)
    desk.taps("Warn")
    desk.taps("advertising")
    chat = town.private(new.person)
    chat.starts()
    chat.says("/forget")
    chat.taps("Delete everything")
    with town.database.reading() as db:
        for table in (moderation.HeldPost, moderation.Report, moderation.Measure):
            assert db.exec(select(table)).all() == []

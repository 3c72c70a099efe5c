"""The poster week: planned by organizers, agreed to by authors, one card a day in the groups, questions that come back."""

from __future__ import annotations

import pytest
from sqlmodel import select

from bot.app import moved
from bot.features import attention, people, programmes
from bot.features.people import Role
from bot.features.programmes import Poster, PosterQuestion, PosterWeek
from bot.sandbox.world import Person
from tests.conftest import SetClock
from tests.test_planning import planned
from tests.test_programmes import hangs
from tests.town import Seat, Town

MONDAY = {"days": 6, "hours": 23}
"""From Monday noon to 11 o'clock on the next one, on Beijing's clock."""


def plans(town: Town, organizer: Person | None = None) -> Seat:
    """An organizer plans a week from next Monday on."""
    seat = town.private(organizer or town.organizer)
    seat.says("/schedule")
    seat.taps("Plan a poster week")
    seat.taps("Begin on Mon, Nov 30")
    return seat


def presented(town: Town, clock: SetClock) -> tuple[Seat, Seat]:
    """A card is the poster of the day; gives its author in private and a colleague in the group."""
    author = hangs(town, town.trainee)
    plans(town)
    author.taps("Yes, present it")
    clock.moves(**MONDAY)
    town.settle()
    return author, town.seat(town.organizer, town.group)


def test_an_author_is_asked_and_the_card_is_shown_in_the_group_on_its_day(town: Town, clock: SetClock) -> None:
    author = hangs(town, town.trainee)
    organizer = plans(town)
    organizer.sees("I am asking 1 author.")
    asked = author.sees("May I present yours?")
    assert "lotus" in asked.text
    assert "lighthouse7" not in asked.text
    author.taps("Yes, present it")
    author.sees("I present “Sugar Friends” on Mon, Nov 30.")
    group = town.seat(town.organizer, town.group)
    group.sees_nothing_of("Poster of the day")
    clock.moves(**MONDAY)
    town.settle()
    shown = group.sees("Poster of the day")
    assert "Sugar Friends" in shown.text
    assert "lighthouse7" not in shown.text
    assert any("photo" in post.message for post in group.posts)
    clock.moves(hours=2)
    town.settle()
    assert sum("Poster of the day" in text for text in group.texts) == 1


def test_a_week_stands_in_the_calendar_and_is_moved_from_there(town: Town, clock: SetClock) -> None:
    agreed, asked = hangs(town, town.trainee), hangs(town, town.second_consultant)
    planned(town, rrule="FREQ=WEEKLY;BYDAY=TU")
    organizer = plans(town)
    agreed.taps("Yes, present it")
    organizer.says("/schedule")
    labels = organizer.buttons("The calendar")
    assert "📌 Mon, Nov 30 · Poster week" in labels[0], "among the dates, in their order"
    assert "📌 Plan a poster week" not in labels, "one at a time"
    organizer.taps("Mon, Nov 30 · Poster week")
    organizer.taps("Move it")
    organizer.taps("Begin on Mon, Dec 7")
    agreed.sees("The poster week was moved: it begins on Mon, Dec 7 instead of Mon, Nov 30. I present “Sugar Friends”")
    assert "From Mon, Dec 7 on it is poster week" in asked.last.text, "who has not answered reads the new day"
    asked.taps("Yes, present it")
    asked.sees("I present “Sugar Friends” on Tue, Dec 8.")
    organizer.taps("Calendar")
    assert "Poster week" in organizer.buttons("The calendar")[1], "behind the session of Tuesday, 1 December"
    clock.moves(**MONDAY)
    town.settle()
    town.seat(town.organizer, town.group).sees_nothing_of("Poster of the day")
    clock.moves(days=7)
    town.settle()
    town.seat(town.organizer, town.group).sees("Poster of the day")
    stale = town.world.tap(
        organizer.person, organizer.chat, organizer.last, "programmes.shiftto:1:2026-12-28", stale=True
    )
    town.settle()
    assert stale.show_alert, "a week that has begun is not moved"


def test_a_question_that_waits_for_the_morning_is_asked_with_the_new_day_only(town: Town, clock: SetClock) -> None:
    author = hangs(town, town.trainee)
    clock.moves(hours=12)  # midnight in Beijing
    organizer = plans(town)
    organizer.taps("Move it")
    organizer.taps("Begin on Mon, Dec 7")
    author.sees_nothing_of("poster week")
    clock.moves(hours=9)
    town.settle()
    assert [text[:35] for text in author.texts if "poster week" in text] == ["From Mon, Dec 7 on it is poster wee"]


def test_half_a_year_after_the_last_week_organizers_hear_once_that_it_is_time(town: Town, clock: SetClock) -> None:
    second = town.private(town.person("Sun Qian", "en", Role.ORGANIZER))
    for person in (town.consultant, town.second_consultant):
        hangs(town, person)
    presented(town, clock)
    clock.moves(days=8)
    town.settle()
    second.says("/quiet")
    second.taps("Community and small wins")
    organizer = town.private(town.organizer)
    clock.moves(days=170)
    town.settle()
    organizer.sees_nothing_of("half a year ago")
    for _ in range(3):
        clock.moves(days=5)
        town.settle()
    assert sum("The last poster week was half a year ago" in text for text in organizer.texts) == 1
    second.sees_nothing_of("half a year ago")
    organizer.taps("Plan a poster week", under="half a year ago")
    organizer.sees("The last one began on Mon, Nov 30.")


def test_an_author_hears_of_their_day_after_their_own_night(town: Town, clock: SetClock) -> None:
    author = hangs(town, town.trainee)
    with town.database.transaction() as db:
        me = people.find(db, town.trainee.id)
        assert me is not None
        attention.keep(db, attention.Preferences(member_id=me.id or 0, quiet_from=20 * 60, quiet_until=12 * 60))
    plans(town)
    author.taps("Yes, present it")
    clock.moves(**MONDAY)
    town.settle()
    town.seat(town.organizer, town.group).sees("Poster of the day")
    author.sees_nothing_of("Your card is the poster of the day")
    clock.moves(hours=1)
    town.settle()
    author.sees("Your card is the poster of the day")


def test_a_question_lands_with_the_author_and_the_answer_comes_back_as_a_thread(town: Town, clock: SetClock) -> None:
    author, group = presented(town, clock)
    question = group.replies("Poster of the day", "Who pays for the lotus?")
    author.sees("Zhao Lei asks about “Sugar Friends”:\nWho pays for the lotus?")
    author.replies("Who pays for the lotus?", "Everybody brings one.")
    answer = group.sees("Everybody brings one.")
    assert "The author of “Sugar Friends” answers:" in answer.text
    assert "Li Wei" not in answer.text, "the author's name is on no card"
    assert answer.message["reply_to_message"]["message_id"] == question.id
    group.replies("Everybody brings one.", "And in winter?")
    further = author.sees("And in winter?")
    assert "Who pays for the lotus?" in further.message["reply_to_message"]["text"]
    author.replies("And in winter?", "Then we dry it.")
    group.sees("Then we dry it.")


def test_the_author_speaks_in_the_group_without_asking_themselves(town: Town, clock: SetClock) -> None:
    author, _group = presented(town, clock)
    before = len(author.posts)
    town.seat(town.trainee, town.group).replies("Poster of the day", "Thank you all!")
    assert len(author.posts) == before


def test_a_photo_is_passed_on_with_its_words(town: Town, clock: SetClock) -> None:
    author, group = presented(town, clock)
    town.world.send_photo(
        town.organizer, town.group, b"x", caption="Like this?", reply_to=group.message("Poster of the day")
    )
    town.settle()
    author.sees("Like this?")
    assert "photo" in author.last.message


def test_applause_counts_once_by_button_or_by_reaction(town: Town, clock: SetClock) -> None:
    _author, group = presented(town, clock)
    assert "1 so far" in (group.taps("Applaud").text or "")
    assert "1 so far" in (group.taps("Applaud").text or "")
    guest = town.world.person("Newcomer", language="en")
    town.world.add_member(town.group, guest)
    assert "2 so far" in (town.seat(guest, town.group).taps("Applaud").text or "")


def test_a_reaction_is_applause_until_it_is_taken_back(town: Town, clock: SetClock) -> None:
    _author, group = presented(town, clock)
    town.world.set_rights(town.group, town.world.bot_id, can_pin_messages=True)
    post = group.message("Poster of the day")
    for emoji, kudos in (("👍", 1), ("👎", 0), ("❤", 1), (None, 0)):
        town.world.set_reaction(town.organizer, town.group, post, emoji)
        town.settle()
        with town.database.reading() as db:
            assert programmes.echo(db, db.exec(select(Poster)).one()).kudos == kudos, emoji


def test_at_the_end_everybody_reads_what_came_of_it(town: Town, clock: SetClock) -> None:
    author, group = presented(town, clock)
    group.replies("Poster of the day", "Who pays for the lotus?")
    group.taps("Applaud")
    clock.moves(days=7)
    town.settle()
    summary = group.sees("The poster week is over.")
    assert "• Sugar Friends: ❓ 1, answered 0 · 👏 1" in summary.text
    author.sees("Your card got: 1 question and 1 colleague applauded.")
    organizer = town.private(town.organizer)
    organizer.says("/programmes")
    organizer.taps("Poster week")
    organizer.sees("The last one began on Mon, Nov 30.")


def test_of_two_organizers_the_second_hears_that_there_is_a_week(town: Town) -> None:
    author = hangs(town, town.trainee)
    second = town.private(town.person("Sun Qian", "en", Role.ORGANIZER))
    second.says("/schedule")
    second.taps("Plan a poster week")
    plans(town)
    tap = second.taps("Begin on Mon, Dec 7")
    assert "another organizer was quicker" in (tap.text or "")
    assert sum("May I present yours?" in text for text in author.texts) == 1
    with town.database.reading() as db:
        assert len(db.exec(select(PosterWeek)).all()) == 1


@pytest.mark.parametrize("way", ["Not this time", "Take it off the wall", "forget"])
def test_who_changes_their_mind_is_not_presented(town: Town, clock: SetClock, way: str) -> None:
    author = hangs(town, town.trainee)
    plans(town)
    author.taps("Yes, present it")
    if way == "forget":
        author.says("/forget")
        author.taps("Delete everything")
    elif way == "Not this time":
        author.taps(way)
    else:
        author.says("/programmes")
        author.taps("Sugar Friends · Xi'an")
        author.taps(way)
    clock.moves(**MONDAY)
    town.settle()
    town.seat(town.organizer, town.group).sees_nothing_of("Poster of the day")


def test_a_card_that_is_taken_off_goes_from_the_group_as_well(town: Town, clock: SetClock) -> None:
    author, group = presented(town, clock)
    author.says("/programmes")
    author.taps("Sugar Friends · Xi'an")
    author.taps("Take it off the wall")
    group.sees_nothing_of("Sugar Friends")


def test_what_was_asked_goes_with_whoever_asked_it(town: Town, clock: SetClock) -> None:
    author, group = presented(town, clock)
    asker = town.person("Wang Fang", "en", Role.ORGANIZER)
    town.world.add_member(town.group, asker)
    town.seat(asker, town.group).replies("Poster of the day", "Who pays for the lotus?")
    leaving = town.private(asker)
    leaving.says("/mydata")
    leaving.says("/forget")
    leaving.taps("Delete everything")
    author.replies("Who pays for the lotus?", "Everybody brings one.")
    author.sees("This question is not there any more")
    group.sees_nothing_of("Everybody brings one.")
    with town.database.reading() as db:
        assert not db.exec(select(PosterQuestion)).all()


def test_an_answer_follows_its_group_to_its_new_id(town: Town, clock: SetClock) -> None:
    _author, group = presented(town, clock)
    group.replies("Poster of the day", "Who pays for the lotus?")
    with town.database.connection() as connection:
        moved(connection, town.group.id, -1009999999999)
    with town.database.reading() as db:
        question = db.exec(select(PosterQuestion)).one()
    assert (question.chat_id, question.message_id) == (-1009999999999, None)


def test_an_author_who_cannot_be_reached_is_said_to_whoever_asks(town: Town, clock: SetClock) -> None:
    author, group = presented(town, clock)
    with town.database.transaction() as db:
        people.unreachable(db, town.trainee.id, now=town.now())
    before = len(author.posts)
    group.replies("Poster of the day", "Who pays for the lotus?")
    group.sees("The author cannot be reached at the moment.")
    assert len(author.posts) == before


def test_a_week_called_off_is_told_to_those_who_agreed(town: Town, clock: SetClock) -> None:
    author = hangs(town, town.trainee)
    organizer = plans(town)
    author.taps("Yes, present it")
    organizer.taps("Call it off")
    organizer.taps("Call it off", under="Shall I call")
    author.sees("The poster week was called off.")
    clock.moves(**MONDAY)
    town.settle()
    town.seat(town.organizer, town.group).sees_nothing_of("Poster of the day")

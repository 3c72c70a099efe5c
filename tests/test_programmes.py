"""Programmes in the chat: a card from its first field to the wall, searches, the map, co-owners, and what goes wrong."""

from __future__ import annotations

import json

import pytest
from sqlmodel import select

from bot.features import notices, people, programmes
from bot.features.programmes import FIELDS, Programme, ProgrammeTerm
from bot.sandbox.world import Person
from tests.conftest import SetClock
from tests.town import Seat, Town

SAID = {
    "name": "Sugar Friends",
    "city": "西安市",
    "serves": "Elders of the weaver quarter",
    "supporters": "8 retired dancers",
    "daily": "Cooking lessons with lotus",
    "emotional": "Tea on Thursdays",
    "linkage": "A walk to the clinic",
    "ongoing": "A call in every month",
    "since": "2025-03",
    "results": "48 participants\n6 groups\nHbA1c down by 0.4",
    "lesson": "Begin with one good supporter",
    "contact": "WeChat id lighthouse7",
}


def begins(town: Town, person: Person) -> Seat:
    """Somebody begins a card."""
    seat = town.private(person)
    seat.says("/programmes")
    seat.taps("Put up my card")
    return seat


def fills_in(town: Town, person: Person) -> Seat:
    """The whole guided entry, and the card on the wall."""
    seat = begins(town, person)
    for field in FIELDS:
        if field == "workplace":
            seat.taps("Community health centre")
        elif field == "format":
            seat.taps("Groups")
            seat.taps("Phone calls")
            seat.taps("Next ›")
        elif field == "poster":
            town.world.send_photo(person, seat.chat, b"our poster")
            town.settle()
        else:
            seat.says(SAID[field])
    seat.taps("Publish")
    return seat


def hangs(town: Town, person: Person, **changed: str) -> Seat:
    """The same card, put up without the talk."""
    file = town.world.files.add("photo", b"our poster")
    with town.database.transaction() as db:
        member = people.find(db, person.id)
        assert member is not None
        card = programmes.begin(db, member, now=town.now())
        for field, text in (SAID | changed).items():
            programmes.write(db, card, field, text, now=town.now(), today=town.now().date())
        for field, choice in (("workplace", "community"), ("format", "group"), ("format", "phone")):
            programmes.choose(db, card, field, choice, now=town.now())
        programmes.hang(db, card, file.file_id, "photo", now=town.now())
        programmes.publish(db, card, now=town.now())
    return town.private(person)


def card_of(town: Town) -> Programme:
    """The newest card."""
    with town.database.reading() as db:
        return db.exec(select(Programme)).all()[-1]


def test_a_card_is_filled_in_published_and_found(town: Town) -> None:
    fills_in(town, town.trainee)
    reader = town.private(town.other_trainee)
    reader.says("/programmes lotus")
    reader.taps("Sugar Friends · 西安")
    shown = reader.last.text
    for words in ("Sugar Friends", "西安", "weaver", "8 retired dancers", "lotus", "48 participants", "2025年3月"):
        assert words in shown
    assert "lighthouse7" not in shown, "contact is for its owner alone until they say otherwise"
    reader.taps("海報")
    assert reader.last.message["photo"]


def test_every_field_can_be_skipped_and_an_empty_card_is_not_published(town: Town) -> None:
    seat = begins(town, town.trainee)
    for _field in FIELDS:
        seat.taps("Skip ›")
    tap = seat.taps("Publish")
    assert tap.show_alert
    assert "There is nothing on the card yet." in (tap.text or "")
    with town.database.reading() as db:
        assert not db.exec(select(ProgrammeTerm)).all()


def test_a_few_fields_are_enough_and_the_others_wait(town: Town) -> None:
    seat = begins(town, town.trainee)
    seat.says("Sugar Friends")
    seat.taps("That is all for now")
    seat.sees("So the community sees it:")
    seat.taps("Publish")
    seat.says("Where shall these words go?")
    seat.sees("Our experts can help.")
    with town.database.reading() as db:
        card = db.exec(select(Programme)).one()
    assert card.published_at is not None
    assert card.fields == {"name": "Sugar Friends"}


def test_an_interrupted_entry_goes_on_days_later_where_it_stopped(town: Town, clock: SetClock) -> None:
    seat = begins(town, town.trainee)
    seat.says("Sugar Friends")
    seat.says("Xi'an")
    seat.taps("Go on later")
    seat.says("/faq")
    town.restarts()
    clock.moves(days=5)
    seat.says("/programmes")
    seat.taps("Go on with Sugar Friends · Xi'an")
    seat.sees("3 of 15 · Workplace")


def test_a_photo_instead_of_words_becomes_the_poster_and_the_field_is_asked_for_again(town: Town) -> None:
    seat = begins(town, town.trainee)
    town.world.send_photo(town.trainee, seat.chat, b"poster")
    town.settle()
    seat.sees("I kept this as your poster. Here I need words")
    seat.says("Sugar Friends")
    seat.sees("2 of 15 · City")
    assert card_of(town).fields["poster"]["kind"] == "photo"


def test_of_ten_photos_the_first_is_kept_and_nobody_answers_the_others(town: Town) -> None:
    seat = begins(town, town.trainee)
    for _field in FIELDS[:-1]:
        seat.taps("Skip ›")
    town.world.send_album(town.trainee, seat.chat, [f"{n}".encode() for n in range(10)])
    town.settle()
    answers = [post for post in seat.posts if post.author == town.world.bot_id]
    assert "I kept the first picture of your album." in answers[-1].text
    assert "So the community sees it:" in answers[-1].text
    assert sum("first picture" in text for text in seat.texts) == 1


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("lesson", "x" * 3000, "Your text has 3,000 characters; the limit is 800."),
        ("since", "next year", "Please write the year, or year and month"),
        ("since", "2031", "Please write the year, or year and month"),
        ("results", "many happy people", "each with a number"),
        ("workplace", "a hospital", "Please choose with the buttons above"),
        ("poster", "no photo", "Please send a photo"),
    ],
)
def test_what_cannot_be_taken_is_said_and_asked_for_again(town: Town, field: str, wrong: str, said: str) -> None:
    seat = begins(town, town.trainee)
    for _field in FIELDS[: FIELDS.index(field)]:
        seat.taps("Skip ›")
    seat.says(wrong)
    seat.sees(said)
    seat.says(SAID.get(field, "/cancel"))
    assert field not in SAID or card_of(town).fields[field]


def test_a_lesson_that_telegram_cuts_in_two_is_refused_as_a_whole(town: Town, clock: SetClock) -> None:
    seat = begins(town, town.trainee)
    for _field in FIELDS[: FIELDS.index("lesson")]:
        seat.taps("Skip ›")
    seat.says("x" * 4096)
    seat.says("y" * 904)
    seat.sees("Your text has 5,000 characters; the limit is 800.")
    assert "lesson" not in card_of(town).fields
    clock.moves(minutes=1)
    seat.says("Begin with one.")
    assert card_of(town).fields["lesson"] == "Begin with one."


def test_an_unknown_city_is_kept_and_listed_beside_the_map(town: Town) -> None:
    seat = begins(town, town.trainee)
    seat.says("Sugar Friends")
    seat.says("Penglai-on-Sea")
    seat.sees("I kept “Penglai-on-Sea”. I do not know where it lies")
    for _field in FIELDS[2:]:
        seat.taps("Skip ›")
    seat.taps("Publish")
    hangs(town, town.second_consultant)
    reader = town.private(town.organizer)
    reader.says("/programmes")
    reader.taps("Map")
    assert reader.last.message["photo"]
    reader.says("/programmes")
    reader.taps("Filter")
    reader.taps("City")
    assert {"Penglai-On-Sea · 1", "Xi'an · 1"} <= set(reader.buttons("City"))


def test_filters_and_words_narrow_the_list_together(town: Town) -> None:
    hangs(town, town.trainee)
    reader = town.private(town.organizer)
    reader.says("/programmes lotus")
    reader.taps("Filter")
    reader.taps("Format")
    reader.taps("Phone calls · 1")
    assert "Sugar Friends · Xi'an" in reader.buttons("Programmes")
    reader.says("/programmes narwhal")
    reader.sees("Nothing fits.")
    reader.taps("Programmes")
    reader.taps("Search")
    town.world.send_photo(reader.person, reader.chat, b"?")
    town.settle()
    reader.sees("Please write what you look for in a few words.")
    reader.says("lotus")
    assert "Sugar Friends · Xi'an" in reader.buttons("with the words “lotus”"), "the words were still waited for"


# Who sees what


def _buttons(seat: Seat) -> list[str]:
    return [button["text"] for row in seat.last.buttons for button in row]


def test_one_field_hidden_from_the_community_leaves_the_others(town: Town) -> None:
    seat = hangs(town, town.trainee)
    seat.says("/programmes")
    seat.taps("Sugar Friends · Xi'an")
    seat.taps("Name")
    seat.taps("Organizers")
    reader = town.private(town.second_consultant)
    reader.says("/programmes lotus")
    reader.taps("A programme in Xi'an")
    assert "Sugar" not in reader.last.text
    assert "lotus" in reader.last.text
    reader.says("/programmes sugar")
    reader.sees("Nothing fits.")


# Keeping it true, sharing it, leaving


def test_after_three_months_the_owner_is_asked_whether_it_is_still_true(town: Town, clock: SetClock) -> None:
    seat = hangs(town, town.trainee)
    clock.moves(days=90)
    town.settle()
    seat.sees_nothing_of("is this still true?")
    clock.moves(days=2)
    town.settle()
    assert {"✅ Still true", "✏️ Change"} <= set(seat.buttons("is this still true?"))
    seat.taps("Still true")
    seat.sees("“Sugar Friends” is confirmed")
    clock.moves(days=89)
    town.settle()
    seat.sees_nothing_of("is this still true?")


def test_who_muted_the_community_is_not_asked(town: Town, clock: SetClock) -> None:
    seat = hangs(town, town.trainee)
    seat.says("/quiet")
    seat.taps("Community and small wins")
    clock.moves(days=92)
    town.settle()
    seat.sees_nothing_of("is this still true?")


def test_a_card_passes_to_its_co_owner_when_its_owner_is_forgotten(town: Town) -> None:
    owner, colleague = hangs(town, town.trainee), town.private(town.second_consultant)
    owner.says("/programmes")
    owner.taps("Sugar Friends · Xi'an")
    owner.taps("Name a colleague")
    line = next(line for line in owner.last.text.splitlines() if line.startswith("/programmes join"))
    colleague.says(line)
    colleague.sees("You now keep the card “Sugar Friends” together with its owner.")
    owner.sees("Sarah Lin now keeps the card")
    colleague.says(line)
    colleague.sees("I do not know this code.")
    owner.says("/forget")
    owner.taps("Delete everything")
    colleague.sees("The card “Sugar Friends” is yours alone now")
    assert "contact" not in card_of(town).fields, "the contact was the other's own"
    reader = town.private(town.organizer)
    reader.says("/programmes lotus")
    assert any("Sugar Friends" in label for label in _buttons(reader))


def test_a_card_without_a_co_owner_goes_with_its_owner(town: Town) -> None:
    owner = hangs(town, town.trainee)
    owner.says("/mydata")
    stored = town.world.files.find(owner.last.message["document"]["file_id"])
    assert stored is not None
    data = json.loads(stored.content)["programmes"]
    assert data["cards"][0]["fields"]["contact"] == SAID["contact"]
    owner.says("/forget")
    owner.taps("Delete everything")
    reader = town.private(town.organizer)
    reader.says("/programmes lotus")
    reader.sees("Nothing fits.")
    with town.database.reading() as db:
        assert not db.exec(select(Programme)).all()
        assert not db.exec(select(ProgrammeTerm)).all()


def test_a_card_that_is_not_ones_own_cannot_be_changed(town: Town) -> None:
    hangs(town, town.trainee)
    card, stranger = card_of(town), town.private(town.second_consultant)
    stranger.says("/programmes")
    for verb in ("edit", "publish", "takeoff", "share", "alone", "later", "true", "asothers"):
        tap = town.world.tap(stranger.person, stranger.chat, stranger.last, f"programmes.{verb}:{card.id}", stale=True)
        town.settle()
        assert tap.show_alert, verb
    further = ("delete:1:1", "skip:1:name", "ask:1:name:0", "clear:1:name", "see:1:contact:community:0")
    for data in (*further, "choose:1:workplace:county:0"):
        town.world.tap(stranger.person, stranger.chat, stranger.last, f"programmes.{data}", stale=True)
        town.settle()
    assert card_of(town) == card


def test_notices_can_go_to_those_who_run_a_programme(town: Town) -> None:
    hangs(town, town.trainee)
    with town.database.reading() as db:
        assert notices.values(db, "programme")["runs"] == 1
        audience = notices.turned(notices.EVERYONE, "programme", "runs", "in")
        assert [one.telegram_id for one in notices.members(db, audience)] == [town.trainee.id]
        others = notices.turned(notices.EVERYONE, "programme", "runs", "not")
        assert town.trainee.id not in [one.telegram_id for one in notices.members(db, others)]
        assert len(notices.members(db, others)) == len(people.community(db, after=0, limit=50)) - 1

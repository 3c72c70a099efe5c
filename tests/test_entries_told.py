"""Whoever was given an answer hears once that it changed; entries past their day are brought to their owner."""

from __future__ import annotations

from dataclasses import replace

from sqlmodel import select

from bot.features import people
from bot.features.entries import Version
from bot.features.faq.content import Library
from bot.features.people import Member
from tests.conftest import SetClock
from tests.test_entries import OTHER_WORDS, QUESTION, looks_again, newest, published
from tests.town import Seat, Town

FIRST = "How do we find our first peer supporter? Why look for just one?"
FIRST_ID = "recruitment.start-with-one"


def reads(town: Town) -> Seat:
    """A trainee who was given the published entry."""
    looks_again(town)
    reader = town.private(town.trainee)
    reader.says(OTHER_WORDS)
    reader.sees("for its members only")
    return reader


def changed(town: Town, how: str) -> None:
    """Sarah changes the answer, 张敏 approves."""
    seat = town.private(town.second_consultant)
    seat.says(f"/entries {newest(town).entry_id}")
    seat.taps("English")
    seat.taps("Answer")
    seat.says("Yes, since this year a union may pay for guests.")
    seat.taps(how)
    Seat(town, town.consultant, town.room).taps("Approve")


def told(seat: Seat) -> list[str]:
    """What somebody heard of changes."""
    return [text for text in seat.texts if "has changed" in text or "内容有变" in text]


def test_a_change_in_substance_is_told_once_with_old_and_new(town: Town) -> None:
    published(town)
    reader = reads(town)
    changed(town, "Submit: changed in substance")
    assert len(told(reader)) == 1
    assert "➖ No, a union's money is for its members only." in told(reader)[0]
    assert "➕ Yes, since this year a union may pay for guests." in told(reader)[0]
    assert "Ask the foundation" not in told(reader)[0]
    town.settle()
    looks_again(town)
    reader.says(OTHER_WORDS)
    reader.sees("Yes, since this year")
    town.settle()
    assert len(told(reader)) == 1
    assert told(town.private(town.other_trainee)) == []


def test_only_wording_is_told_to_nobody(town: Town) -> None:
    published(town)
    reader = reads(town)
    changed(town, "Submit: only wording")
    assert told(reader) == []


def test_whoever_was_given_it_long_ago_or_cannot_be_reached_is_not_written_to(town: Town, clock: SetClock) -> None:
    published(town)
    reader = reads(town)
    other = town.private(town.other_trainee)
    other.starts("faq_" + newest(town).entry_id.replace(".", "__"))
    with town.database.transaction() as db:
        people.unreachable(db, town.other_trainee.id, now=clock())
    clock.moves(days=91)
    changed(town, "Submit: changed in substance")
    assert told(reader) == []
    assert told(other) == []


def test_whoever_read_it_in_the_group_hears_it_in_private(town: Town) -> None:
    published(town)
    looks_again(town)
    group = town.seat(town.trainee, town.group)
    group.says(f"/ask {OTHER_WORDS}")
    group.sees("for its members only")
    stranger = town.person("Never Started", "en")
    town.world.add_member(town.group, stranger)
    town.seat(stranger, town.group).says(f"/ask {OTHER_WORDS}")
    changed(town, "Submit: changed in substance")
    assert len(told(town.private(town.trainee))) == 1
    assert told(group) == []
    assert told(town.private(stranger)) == []


def test_a_reader_hears_it_in_their_own_language(town: Town) -> None:
    published(town)
    looks_again(town)
    reader = town.private(town.other_trainee)
    reader.starts("faq_" + newest(town).entry_id.replace(".", "__"))
    changed(town, "Submit: changed in substance")
    assert "內容有變" in reader.last.text
    assert "➕ Yes, since this year" in reader.last.text


def swap(town: Town, answer: str) -> None:
    """The file of the first entry was edited: what the keeper would read now."""
    knowledge = town.app.keeper.current()

    def edited(library: Library) -> Library:
        return replace(
            library,
            categories=tuple(
                category.model_copy(
                    update={
                        "entries": tuple(
                            entry.model_copy(update={"en": entry.en.model_copy(update={"answer": answer})})
                            if entry.id == FIRST_ID and entry.en
                            else entry
                            for entry in category.entries
                        )
                    }
                )
                for category in library.categories
            ),
        )

    town.app.keeper._knowledge = replace(knowledge, library=edited(knowledge.library), files=edited(knowledge.files))


def test_of_a_changed_file_the_organizers_are_asked_once_and_their_word_is_carried_out(
    town: Town, clock: SetClock
) -> None:
    reader = town.private(town.trainee)
    reader.says(FIRST)
    swap(town, "Begin with two people.")
    clock.moves(minutes=2)
    town.settle()
    organizer = town.private(town.organizer)
    organizer.sees("was changed in its file")
    organizer.sees("1 person was given the old answer")
    clock.moves(minutes=2)
    town.settle()
    assert len([text for text in organizer.texts if "was changed in its file" in text]) == 1
    assert told(reader) == []
    organizer.taps("Tell them")
    assert len(told(reader)) == 1
    assert "➕ Begin with two people." in told(reader)[0]
    clock.moves(minutes=2)
    town.settle()
    assert len(told(reader)) == 1


def test_a_file_that_changed_only_in_its_wording_is_told_to_nobody(town: Town, clock: SetClock) -> None:
    reader = town.private(town.trainee)
    reader.says(FIRST)
    swap(town, "Begin with a single person.")
    clock.moves(minutes=2)
    town.settle()
    organizer = town.private(town.organizer)
    organizer.taps("Only wording")
    organizer.sees("Nobody is told")
    clock.moves(minutes=2)
    town.settle()
    assert told(reader) == []


def test_of_many_changed_files_the_organizers_are_asked_a_few_at_a_time(town: Town, clock: SetClock) -> None:
    reader = town.private(town.trainee)
    library = town.app.keeper.current().library
    for entry_id in list(library.entries)[:7]:
        reader.starts("faq_" + entry_id.replace(".", "__"))
    files = replace(
        library,
        categories=tuple(
            category.model_copy(
                update={
                    "entries": tuple(
                        entry.model_copy(update={"en": entry.en.model_copy(update={"answer": "New."})}) if entry.en else entry
                        for entry in category.entries
                    )
                }
            )
            for category in library.categories
        ),
    )
    town.app.keeper._knowledge = replace(town.app.keeper.current(), library=files, files=files)
    organizer = town.private(town.organizer)

    def asked() -> int:
        clock.moves(minutes=2)
        town.settle()
        return len([text for text in organizer.texts if "was changed in its file" in text])

    assert (asked(), asked()) == (5, 5)
    before = len(organizer.texts)
    organizer.taps("Only wording")
    assert asked() == 5, "the answered one was replaced in place, the sixth came"
    assert len(organizer.texts) == before + 1


def past_its_day(town: Town, clock: SetClock) -> None:
    """A year and a day go by."""
    clock.moves(days=366)
    town.settle()


def test_past_its_day_it_goes_to_its_owner_and_is_only_suggested_until_it_is_right_again(
    town: Town, clock: SetClock
) -> None:
    owner = published(town)
    looks_again(town)
    past_its_day(town, clock)
    owner.sees("Is it still right?")
    reader = town.private(town.trainee)
    reader.says(OTHER_WORDS)
    reader.sees("Did you mean one of these?")
    assert reader.buttons("Did you mean")[0] == QUESTION
    owner.taps("Still right")
    owner.sees("is certain again")
    reader.says(OTHER_WORDS)
    reader.sees("for its members only")


def test_without_an_owner_the_organizers_get_it_and_once_a_week_at_most(town: Town, clock: SetClock) -> None:
    published(town)
    with town.database.transaction() as db:
        version = db.exec(select(Version)).one()
        version.owner_id = None
    past_its_day(town, clock)
    clock.moves(days=3)
    town.settle()
    organizer = town.private(town.organizer)
    assert len([text for text in organizer.texts if "Is it still right?" in text]) == 1
    clock.moves(days=5)
    town.settle()
    assert len([text for text in organizer.texts if "Is it still right?" in text]) == 2


def test_a_consultant_who_does_not_own_it_confirms_nothing_but_may_take_it_over(town: Town) -> None:
    published(town)
    other = town.private(town.consultant)
    other.says(f"/entries {newest(town).entry_id}")
    assert "组织者" in (other.taps("仍然正确").text or "")
    other.taps("由我负责")
    with town.database.reading() as db:
        owner = db.get(Member, db.exec(select(Version)).one().owner_id)
        assert owner is not None
        assert owner.telegram_id == town.consultant.id
    other.taps("仍然正确")
    other.sees("重新确认有效")


def test_a_withdrawn_entry_is_no_longer_shown(town: Town) -> None:
    seat = published(town)
    looks_again(town)
    seat.says(f"/entries {newest(town).entry_id}")
    seat.taps("Withdraw the English")
    seat.sees("is no longer shown")
    looks_again(town)
    assert newest(town).entry_id not in town.app.keeper.current().library.entries


def test_organizers_see_what_is_to_be_checked_in_the_files(town: Town) -> None:
    swap(town, "Begin with two people.")
    seat = town.private(town.organizer)
    seat.says("/entries")
    seat.sees("To be checked, since the other language changed: 1")
    seat.taps(FIRST_ID)
    seat.sees("smallwins faq checked recruitment.start-with-one")

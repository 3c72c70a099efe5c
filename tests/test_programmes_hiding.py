"""Cards that should not be there as they are: reported by readers, hidden by organizers with a reason, shown again."""

from __future__ import annotations

import json

import pytest
from sqlmodel import select

from bot.db import Database
from bot.errors import CardUnfit
from bot.features import programmes
from bot.features.people import Role
from bot.features.programmes import Level, Why
from tests.conftest import NOON, SetClock
from tests.test_programmes import begins, card_of, hangs
from tests.test_programmes_rules import card, member
from tests.test_programmes_week import presented
from tests.town import Seat, Town


def reader_of(town: Town) -> Seat:
    """A colleague who looks at the card."""
    seat = town.private(town.second_consultant)
    seat.says("/programmes lotus")
    seat.taps("Sugar Friends · Xi'an")
    return seat


def test_a_report_leads_to_a_card_that_is_hidden_mended_and_shown_again(town: Town, clock: SetClock) -> None:
    owner, reader, desk = hangs(town, town.trainee), reader_of(town), town.private(town.organizer)
    reader.taps("Report")
    reader.taps("It shows who a patient is")
    reader.sees("Thank you. The organizers look at it.")
    desk.sees("Sarah Lin reports the card “Sugar Friends”: It shows who a patient is.")
    owner.sees_nothing_of("Sarah Lin")
    desk.taps("Hide it")
    town.world.send_photo(town.organizer, desk.chat, b"?")
    town.settle()
    desk.sees("Please write the reason in words, or choose one.")
    desk.says("Please leave out the old lady's name.")
    desk.sees("Hidden from colleagues by an organizer: Please leave out the old lady's name.")
    told = owner.sees("An organizer has hidden your card “Sugar Friends” from colleagues for now.").text
    assert "The reason: Please leave out the old lady's name." in told
    reader.says("/programmes lotus")
    reader.sees("Nothing fits.")
    stale = town.world.tap(reader.person, reader.chat, reader.last, f"programmes.show:{card_of(town).id}", stale=True)
    town.settle()
    assert stale.show_alert, "an old button shows nothing either"
    owner.taps("Change")
    assert "📣 Publish" not in owner.buttons("Tap a field to change it")
    owner.taps("Please look again")
    owner.taps("Please look again")
    assert sum("asks you to look at the hidden card" in text for text in desk.texts) == 1
    desk.taps("See the card")
    desk.taps("Show it again")
    owner.sees("Colleagues see your card “Sugar Friends” again.")
    reader.says("/programmes lotus")
    reader.taps("Sugar Friends · Xi'an")
    reader.sees("lotus")
    desk.says("/programmes")
    desk.taps("Hidden cards")
    assert "Shown again by Zhao Lei." in desk.last.text, "the log keeps both"


def test_of_two_organizers_who_hide_at_once_the_second_sees_that_it_is_hidden(town: Town) -> None:
    owner = hangs(town, town.trainee)
    first, second = (town.private(p) for p in (town.organizer, town.person("Sun Qian", "en", Role.ORGANIZER)))
    for desk in (first, second):
        desk.says("/programmes lotus")
        desk.taps("Sugar Friends · Xi'an")
        desk.taps("Hide it")
    first.taps("It is advertising")
    second.taps("It is rude to others")
    second.sees("Hidden from colleagues by an organizer: It is advertising.")
    assert sum("has hidden your card" in text for text in owner.texts) == 1


def test_a_hidden_card_goes_from_the_groups_and_is_asked_about_no_more(town: Town, clock: SetClock) -> None:
    owner, group = presented(town, clock)
    desk = town.private(town.organizer)
    desk.says("/programmes lotus")
    desk.taps("Sugar Friends · Xi'an")
    desk.taps("Hide it")
    desk.taps("It is advertising")
    group.sees_nothing_of("Sugar Friends")
    clock.moves(days=100)
    town.settle()
    owner.sees_nothing_of("is this still true?")


def test_what_was_reported_and_hidden_is_in_the_data_and_goes_with_its_people(town: Town) -> None:
    hangs(town, town.trainee)
    reader, desk = reader_of(town), town.private(town.organizer)
    reader.taps("Report")
    reader.taps("It is advertising")
    desk.taps("Hide it")
    desk.taps("It is advertising")
    reader.says("/mydata")
    stored = town.world.files.find(reader.last.message["document"]["file_id"])
    assert stored is not None
    assert json.loads(stored.content)["programmes"]["reported_cards"][0]["why"] == "ads"
    for seat in (reader, desk):
        seat.says("/forget")
        seat.taps("Delete everything")
    with town.database.reading() as db:
        assert not db.exec(select(programmes.ProgrammeReport)).all()
        [hiding] = programmes.hidings(db, limit=5)
        assert (hiding.hidden_by, hiding.reason) == (None, "ads")


def test_only_owners_and_organizers_see_and_find_a_hidden_card(database: Database) -> None:
    with database.transaction() as db:
        owner, reader, organizer = member(db, 1), member(db, 2), member(db, 3, Role.ORGANIZER)
        one = card(db, owner, name="Sugar Friends", city="Guangzhou")
        assert programmes.report(db, one, reader, Why.ADS, now=NOON) is not None
        assert programmes.report(db, one, reader, Why.RUDE, now=NOON) is None, "one word from each reader"
        programmes.hide(db, one, by=organizer, reason="ads", now=NOON)
        assert not programmes.view(one, Level.COMMUNITY)
        for who, sees in ((owner, True), (reader, False), (organizer, True)):
            assert bool(programmes.view(one, who)) is sees
            assert bool(programmes.find(db, who, words="sugar").views) is sees
            assert bool(programmes.values(db, who, "city")) is sees
        assert not programmes.due(db, now=NOON.replace(year=2030), limit=5)
        with pytest.raises(CardUnfit):
            programmes.publish(db, one, now=NOON)
        assert programmes.unhide(db, one, by=organizer, now=NOON)
        assert not programmes.unhide(db, one, by=organizer, now=NOON)
        assert programmes.find(db, reader, words="sugar").views
        programmes.remove(db, one, now=NOON)
    with database.reading() as db:
        assert not programmes.hidings(db, limit=5)


def test_ones_own_or_an_unpublished_card_is_not_reported(town: Town) -> None:
    seat = begins(town, town.trainee)
    seat.says("Sugar Friends")
    number, reader = card_of(town).id, town.private(town.second_consultant)
    reader.says("/programmes")
    for one in (seat, reader):
        tap = town.world.tap(one.person, one.chat, one.last, f"programmes.reportas:{number}:ads", stale=True)
        town.settle()
        assert tap.show_alert
    with town.database.reading() as db:
        assert not db.exec(select(programmes.ProgrammeReport)).all()

"""Resources by members: by what right, with whose thanks, how they helped, and how one goes off the shelf."""

from __future__ import annotations

import json

from sqlmodel import select

from bot.features.people import Role
from bot.features.resources import Licence, ResourceHelped, ResourceReport, SharedResource, State
from tests.conftest import SetClock
from tests.test_resources import opened, suggested
from tests.town import Seat, Town


def on_the_shelf(town: Town) -> Seat:
    """A guide that Li Wei shared and an organizer approved."""
    giver = suggested(town)
    town.private(town.organizer).taps("Approve")
    return giver


def reader(town: Town, name: str = "Wang Fang") -> Seat:
    """A colleague who looks at it."""
    seat = town.private(town.person(name, "en", Role.TRAINEE))
    seat.says("/resources good guide")
    seat.taps("A good guide")
    return seat


def test_nothing_is_kept_without_consent_and_words_do_not_give_it(town: Town) -> None:
    seat = opened(town)
    seat.taps("Suggest one")
    seat.says("https://example.org/guide")
    seat.says("A good guide")
    seat.says("yes of course")
    assert len([text for text in seat.texts if "May colleagues have it?" in text]) == 2
    seat.taps("Rather not")
    seat.sees("I have kept nothing of it")
    tap = town.world.tap(seat.person, seat.chat, seat.last.id, "resources.right:own", stale=True)
    town.settle()
    assert tap.show_alert
    with town.database.reading() as db:
        assert not db.exec(select(SharedResource)).all()


def test_the_giver_describes_it_and_the_organizer_sees_it(town: Town) -> None:
    giver = suggested(town)
    giver.taps("Train peer supporters")
    giver.taps("中文")
    giver.taps("What it is good for")
    giver.says("For the first evening.")
    giver.taps("Thank me by name")
    giver.sees("Readers see your name.")
    organizer = town.private(town.organizer)
    card = organizer.sees("suggests this for the library")
    assert "For the first evening." in card.text
    assert "Made by the giver" in card.text
    organizer.taps("Approve")
    seat = reader(town)
    shown = seat.last.text
    assert "For the first evening." in shown
    assert "Thanks to Li Wei" in shown
    assert "中文" in shown
    giver.says("/mydata")
    stored = town.world.files.find(giver.last.message["document"]["file_id"])
    assert stored is not None
    (mine,) = json.loads(stored.content)["resources"]["suggested"]
    assert (mine["licence"], mine["good_for"], mine["named"]) == (Licence.OWN, "For the first evening.", True)
    assert mine["consented_at"]


def test_readers_thanks_are_counted_once_each_and_gathered_for_the_giver(town: Town, clock: SetClock) -> None:
    giver = on_the_shelf(town)
    one, two = reader(town), reader(town, "Sun Li")
    one.taps("This helped")
    assert "already" in str(one.taps("This helped").text)
    two.taps("This helped")
    giver.taps("Show it")
    giver.taps("This helped")
    assert "Helped 3 readers" in giver.last.text
    clock.moves(hours=2)
    town.settle()
    giver.sees("has helped 2 colleagues so far")
    three = reader(town, "He Jing")
    three.taps("This helped")
    clock.moves(hours=2)
    town.settle()
    assert len([text for text in giver.texts if "💚" in text]) == 1, "a week has not passed"
    clock.moves(days=7)
    town.settle()
    giver.sees("has helped 3 colleagues so far")


def test_a_report_takes_it_off_the_shelf_by_one_tap_and_back(town: Town) -> None:
    giver = on_the_shelf(town)
    seat = reader(town)
    seat.taps("Report")
    seat.taps("It shows a patient's data")
    seat.sees("The organizers look at it")
    tap = town.world.tap(seat.person, seat.chat, seat.last.id, "resources.reportas:1:wrong", stale=True)
    town.settle()
    assert not tap.show_alert
    organizer = town.private(town.organizer)
    organizer.sees("Wang Fang reports “A good guide”")
    assert len([text for text in organizer.texts if "reports" in text]) == 1
    organizer.taps("Take it off the shelf")
    giver.sees("no longer in the library")
    seat.says("/resources good guide")
    assert "A good guide" not in seat.buttons("🔎")
    tap = town.world.tap(seat.person, seat.chat, seat.last.id, "resources.card:shared-1:", stale=True)
    town.settle()
    assert tap.show_alert
    organizer.taps("Put it back")
    seat.says("/resources good guide")
    assert "A good guide" in seat.buttons("🔎 good guide")


def test_only_organizers_take_it_off(town: Town) -> None:
    on_the_shelf(town)
    seat = reader(town)
    for data in ("resources.takeoff:1", "resources.putback:1", "resources.named:1:1", "resources.in:1:zh"):
        tap = town.world.tap(seat.person, seat.chat, seat.last.id, data, stale=True)
        town.settle()
        assert tap.show_alert, data
    with town.database.reading() as db:
        shared = db.exec(select(SharedResource)).one()
        assert (shared.state, shared.named) == (State.APPROVED, False)


def test_who_leaves_takes_their_name_and_their_word_along(town: Town) -> None:
    giver = suggested(town)
    giver.taps("Train peer supporters")
    giver.taps("Thank me by name")
    town.private(town.organizer).taps("Approve")
    seat = reader(town)
    seat.taps("This helped")
    seat.taps("Report")
    seat.taps("It does not open")
    for one in (giver, seat):
        one.says("/forget")
        one.taps("Delete everything")
    other = reader(town, "Sun Li")
    other.sees_nothing_of("Li Wei")
    with town.database.reading() as db:
        assert not db.exec(select(ResourceHelped)).all()
        assert not db.exec(select(ResourceReport)).all()

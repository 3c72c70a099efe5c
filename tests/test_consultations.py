"""Consultations as people live them: from the slot to how it went, and what consultants see."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from bot import timetable
from bot.features import people
from bot.features.consultations import Booking
from bot.features.people import Role
from bot.sandbox.world import Person
from bot.timetable import Kind, Part, SessionPerson, SessionRow
from tests.conftest import SetClock
from tests.town import Seat, Town

TUESDAY = datetime(2026, 12, 1, 19, 0)
"""On Beijing's clock; the tests begin on 23 November."""


def member_id(town: Town, person: Person) -> int:
    with town.database.reading() as db:
        found = people.find(db, person.id)
        assert found is not None
        return found.id or 0


def planned(
    town: Town,
    *consultants: Person,
    at: datetime = TUESDAY,
    minutes: int = 90,
    slot: int | None = 20,
    title: str = "Consultation evening",
) -> int:
    """Plan a session, with slots of 20 minutes and 5 between them."""
    ids = [(member_id(town, person), Part.CONSULTANT) for person in consultants]
    with town.database.transaction() as db:
        row = timetable.add_session(
            db,
            kind=Kind.CONSULTATION,
            title={"en": title, "zh_Hans": "周二咨询会"},
            first=at,
            minutes=minutes,
            zone="Asia/Shanghai",
            by=None,
            now=town.now(),
            people=ids,
            slot_minutes=slot,
            buffer_minutes=5,
        )
    town.settle()
    return row.id or 0


def change(town: Town, session_id: int, **values: object) -> None:
    """The organizers change the session."""
    with town.database.transaction() as db:
        row = db.get_one(SessionRow, session_id)
        for name, value in values.items():
            setattr(row, name, value)
    town.settle()


def book(seat: Seat, time: str, subject: str = "Our group has shrunk to three people.") -> None:
    """Book the slot at this time, as the seat's own clock shows it, with whoever is free."""
    seat.says("/consult")
    seat.taps("Book")
    if "Whoever is free" in seat.buttons("Consultation evening"):
        seat.taps("Whoever is free")
    seat.taps(time)
    seat.says(subject)


def test_from_the_slot_to_how_it_went(town: Town, clock: SetClock) -> None:
    planned(town, town.second_consultant)
    seat, desk = town.private(town.trainee), town.private(town.second_consultant)
    seat.says("/consult")
    seat.sees("Tue, Dec 1 7:00\u202fPM–8:30\u202fPM Beijing time")
    seat.sees("3 slots of 20 minutes are free")
    seat.taps("Book")
    seat.taps("7:25\u202fPM")
    seat.sees("The slot is yours.")
    seat.says("Our group has shrunk to three people.")
    seat.taps("Describe the case (optional)")
    seat.says("A community clinic in the old town.")
    seat.says("Mr Wang Daming, phone 13912345678, does not come any more.")
    seat.sees("Underlined is what may identify a patient")
    seat.taps("Mask it")
    seat.taps("Skip")
    seat.says("A way to begin again.")
    shown = seat.last.text
    assert "7:25\u202fPM–7:45\u202fPM Beijing time" in shown
    assert "With Sarah Lin" in shown
    assert "Subject: Our group has shrunk to three people." in shown
    assert "13912345678" not in shown
    clock.moves(days=7, hours=8)
    town.settle()
    seat.sees("Your consultation is coming up")
    seat.taps("I'll be there")
    clock.moves(hours=22, minutes=30)
    town.settle()
    agenda = desk.sees("In an hour. One slot is booked:").text
    assert "7:25\u202fPM–7:45\u202fPM Li Wei 👍" in agenda
    assert "Hoped for: A way to begin again." in agenda
    assert "13912345678" not in agenda
    clock.moves(minutes=40)
    town.settle()
    desk.sees("It begins. One slot is booked:")
    clock.moves(minutes=45)
    desk.taps("7:25\u202fPM Li Wei")
    desk.taps("Was there")
    desk.taps("Write notes")
    desk.says("Start again with the three, and ask each to bring somebody.")
    desk.says("Call the three this week.")
    desk.sees("The notes are on their way to Li Wei.")
    notes = seat.sees("Notes of your consultation").text
    assert "ask each to bring somebody" in notes
    assert "Next steps\nCall the three this week." in notes
    clock.moves(days=14, hours=-9)
    town.settle()
    seat.taps("Still stuck")
    seat.sees("under my answer tap “Ask an expert”")
    seat.taps("Book")
    desk.sees("says how it went: still stuck")

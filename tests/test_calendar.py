"""Files and feeds for calendar programs, read by a library that is not ours, and /calendar."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import vobject
from prometheus_client import CollectorRegistry
from sqlmodel import select

from bot import timetable
from bot.sandbox.world import Person
from bot.settings import Settings
from bot.timetable import Attendee, CalendarFile, CalendarToken, Kind, Part, Standing, What
from bot.web import Endpoints, web_app
from tests.conftest import NOON, SetClock
from tests.test_reminders import EVENING, LINK, START, changing, comes, found, member, webinar
from tests.town import Seat, Town

ROOT = "https://bot.example.org"


@dataclass
class Program:
    """A calendar program: an event that it has is replaced by one with the same uid that is not older."""

    events: dict[str, Any] = field(default_factory=dict)

    def opens(self, content: str) -> None:
        """Open a file, or fetch a feed."""
        calendar = vobject.readOne(content)
        calendar.validate(raiseException=True)
        for event in calendar.vevent_list:
            known = self.events.get(event.uid.value)
            if known is None or int(event.sequence.value) >= int(known.sequence.value):
                self.events[event.uid.value] = event
            if event.status.value == "CANCELLED":
                assert calendar.method.value in ("CANCEL", "PUBLISH")

    @property
    def shown(self) -> list[tuple[str, datetime]]:
        """What its owner sees: titles and beginnings."""
        live = [event for event in self.events.values() if event.status.value != "CANCELLED"]
        return sorted((event.summary.value, event.dtstart.value) for event in live)


def file_of(town: Town, person: Person, session_id: int) -> str:
    """The file that the button sends."""
    town.settle()
    seat = town.private(person)
    town.world.tap(person, seat.chat, seat.last.id, f"calendar.add:{session_id}", stale=True)
    town.settle()
    return sent_file(seat)


def sent_file(seat: Seat) -> str:
    """The text of the file that was sent last."""
    stored = seat.town.world.files.find(seat.last.message["document"]["file_id"])
    assert stored is not None
    return stored.content.decode()


def web(town: Town) -> httpx.Client:
    """The web endpoints, asked as a calendar program asks."""

    async def take(_update: dict[str, Any]) -> None:
        raise AssertionError

    app = web_app(Endpoints(lambda: True, take, CollectorRegistry(), calendar=town.app.calendar))

    def ask(request: httpx.Request) -> httpx.Response:
        async def asked() -> httpx.Response:
            answer = await httpx.ASGITransport(app).handle_async_request(
                httpx.Request(request.method, request.url, headers=request.headers)
            )
            return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread())

        return town.runner.run(asked())

    return httpx.Client(transport=httpx.MockTransport(ask), base_url=ROOT)


@pytest.fixture
def reachable(town: Town) -> Town:
    """The town with a public address."""
    town.settings = Settings(rate=1000, public_url=ROOT, listen="127.0.0.1:0")
    town.restarts()
    return town


def addresses(town: Town, person: Person) -> list[str]:
    """The feeds that /calendar names: the person's own, then everybody's."""
    seat = town.private(person)
    seat.says("/calendar")
    return [line for line in seat.last.text.splitlines() if line.startswith(ROOT)]


def test_a_file_is_replaced_by_the_next_one_and_goes_with_the_cancellation(town: Town, clock: SetClock) -> None:
    session_id = webinar(town, speaker="Ruth, Dr.", description={"en": "A; b, c\nd " + "长" * 100})
    comes(town, town.trainee, session_id)
    town.private(town.trainee).says("/calendar")
    program = Program()
    content = file_of(town, town.trainee, session_id)
    program.opens(content)
    assert program.shown == [("Foot care", START)]
    (event,) = program.events.values()
    assert "The link comes the day before." in event.description.value
    assert "长" * 100 in event.description.value
    assert all(len(line.encode()) <= 75 for line in content.split("\r\n"))
    changing(town, session_id, lambda db, row: timetable.move(
        db, row, first=EVENING + timedelta(hours=1), minutes=60, zone="America/New_York", by=None, now=clock.now,
    ))  # fmt: skip
    program.opens(file_of(town, town.trainee, session_id))
    assert program.shown == [("Foot care", datetime(2026, 12, 7, 20, tzinfo=ZoneInfo("America/New_York")))]
    program.opens(content)
    assert program.shown[0][1].hour == 20, "the old file changes nothing"
    changing(town, session_id, lambda db, row: timetable.cancel(db, row, reason=None, by=None, now=clock.now))
    last = file_of(town, town.trainee, session_id)
    program.opens(last)
    assert program.shown == []
    assert "METHOD:CANCEL" in last
    assert "It was cancelled" in town.private(town.trainee).last.text


def test_the_link_is_for_those_who_come_from_the_day_before(town: Town, clock: SetClock) -> None:
    session_id = webinar(town)
    town.private(town.trainee).says("/help")
    comes(town, town.trainee, session_id)
    early = file_of(town, town.trainee, session_id)
    assert LINK not in early
    clock.now = START - timedelta(hours=24)
    program = Program()
    for content in (early, file_of(town, town.trainee, session_id)):
        program.opens(content)
    (event,) = program.events.values()
    assert event.location.value == event.url.value == LINK
    comes(town, town.trainee, session_id, Standing.MAYBE)
    assert LINK not in file_of(town, town.trainee, session_id)


def test_a_feed_holds_what_is_mine_and_the_public_one_no_links(reachable: Town, clock: SetClock) -> None:
    town = reachable
    mine, other = webinar(town), webinar(town, first=EVENING + timedelta(days=1))
    with town.database.transaction() as db:
        clinic = timetable.add_session(
            db, kind=Kind.CONSULTATION, title={"en": "Clinic"}, first=EVENING - timedelta(days=1), minutes=60,
            zone="Asia/Shanghai", by=None, now=NOON, people=[(member(town, town.consultant).id or 0, Part.CONSULTANT)],
        )  # fmt: skip
        slot = START - timedelta(days=1) + timedelta(minutes=20)
        timetable.join(
            db, clinic, member_id=member(town, town.trainee).id or 0, now=NOON, starts_at=slot,
            ends_at=slot + timedelta(minutes=20),
        )  # fmt: skip
    comes(town, town.trainee, mine)
    comes(town, town.trainee, other, Standing.MAYBE)
    own, public = addresses(town, town.trainee)
    client, program = web(town), Program()
    program.opens(client.get(own).text)
    assert program.shown == [
        ("Clinic", slot), ("Foot care", START), ("Foot care", START + timedelta(days=1)),
    ]  # fmt: skip
    assert sorted(event.status.value for event in program.events.values()) == ["CONFIRMED", "CONFIRMED", "TENTATIVE"]
    everybody = client.get(public).text
    assert everybody.count("BEGIN:VEVENT") == 3
    assert LINK not in everybody
    assert "010-555" not in everybody
    leading = Program()
    leading.opens(client.get(addresses(town, town.consultant)[0]).text)
    assert [title for title, _at in leading.shown] == ["Clinic"]
    changing(town, mine, lambda db, row: timetable.cancel(db, row, reason=None, by=None, now=clock.now))
    program.opens(client.get(own).text)
    assert ("Foot care", START) not in program.shown


def test_a_program_that_has_the_newest_is_sent_nothing(reachable: Town, clock: SetClock) -> None:
    town = reachable
    session_id = webinar(town)
    comes(town, town.trainee, session_id)
    own, _public = addresses(town, town.trainee)
    client = web(town)
    first = client.get(own)
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    tag, at = first.headers["etag"], first.headers["last-modified"]
    assert client.get(own, headers={"If-None-Match": f'"other", W/{tag}'}).status_code == 304
    again = client.get(own, headers={"If-Modified-Since": at})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(own, headers={"If-Modified-Since": "no date"}).status_code == 200
    head = client.head(own)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
    clock.moves(minutes=5)
    changing(town, session_id, lambda db, row: timetable.set_value(db, row, What.SPEAKER, "Li", by=None, now=clock.now))
    assert client.get(own, headers={"If-None-Match": tag, "If-Modified-Since": at}).status_code == 200
    assert client.get(own, headers={"If-Modified-Since": at}).status_code == 200


def test_an_address_is_given_up_for_a_new_one(reachable: Town, clock: SetClock) -> None:
    town = reachable
    seat = town.private(town.trainee)
    own, public = addresses(town, town.trainee)
    client = web(town)
    assert client.get(own).status_code == 200
    seat.taps("New address")
    new = seat.last.text.splitlines()[-1]
    assert [client.get(each).status_code for each in (own, new, public)] == [404, 200, 200]
    assert client.get(f"{ROOT}/calendar/guessed.ics").status_code == 404
    assert client.post(new).status_code == 405
    assert "New public address" not in seat.buttons("follow your sessions")
    organizer = town.private(town.organizer)
    organizer.says("/calendar")
    organizer.taps("New public address")
    assert client.get(public).status_code == 404
    tap = town.world.tap(town.trainee, town.group, 1, "calendar.renew", stale=True)
    town.settle()
    assert tap.show_alert
    assert client.get(new).status_code == 200


def test_without_a_public_address_there_is_no_feed_to_offer(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says("/calendar")
    assert "New address" not in seat.buttons("You have not signed up")


def test_mydata_shows_sessions_and_forget_deletes_them(reachable: Town) -> None:
    town = reachable
    session_id = webinar(town, capacity=1)
    comes(town, town.trainee, session_id)
    (own, _public), client = addresses(town, town.trainee), web(town)
    seat = town.private(town.trainee)
    seat.says("/mydata")
    kept = sent_file(seat)
    assert '"standing": "coming"' in kept
    assert own.rsplit("/", 1)[1].removesuffix(".ics") in kept
    seat.says("/forget")
    seat.taps("Delete everything")
    assert client.get(own).status_code == 404
    with town.database.reading() as db:
        assert db.exec(select(Attendee)).all() == []
        assert [token.member_id for token in db.exec(select(CalendarToken))] == [None]
        assert timetable.free(db, found(db, session_id)) == 1


def test_a_feed_that_cannot_be_read_now_is_asked_for_later(town: Town) -> None:
    from sqlalchemy.exc import OperationalError

    def away(_token: str) -> CalendarFile | None:
        raise OperationalError("select", {}, Exception("away"))

    async def asked() -> httpx.Response:
        app = web_app(Endpoints(lambda: True, _never, CollectorRegistry(), calendar=away))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ROOT) as client:
            return await client.get("/calendar/x.ics")

    assert town.runner.run(asked()).status_code == 503


async def _never(_update: dict[str, Any]) -> None:
    await asyncio.sleep(0)

"""The calendar as people see it, against the real bot: a webinar from its card to the certificate, in three languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot import clock, timetable
from bot.db import Database
from bot.i18n import Translator
from bot.timetable import Kind
from tests.browser.playing import DESKTOP, message, opens, shoot, shoot_wide_and_narrow, write
from tests.processes import Process

WAIT = 20_000
TITLE = "Talking about feet without fear"
HANT, HANS = Translator("zh_Hant", "webinars"), Translator("zh_Hans", "webinars")


class Stage:
    """A bot in a process of its own, its people's windows, and its one webinar, which can be moved in time."""

    def __init__(self, process: Process, browser: Browser) -> None:
        self.process = process
        self.browser = browser
        self.database = Database(process.url)
        self.contexts: list[BrowserContext] = []
        self.session_id = self._plan()
        running = process.running
        for person in running.world.people.values():
            running.do(running.world.start, person)
        running.do(running.world.updates.clear)
        process.begin()

    def _plan(self) -> int:
        tomorrow = datetime.now(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None) + timedelta(days=1)
        with self.database.transaction() as db:
            row = timetable.add_session(
                db,
                kind=Kind.WEBINAR,
                title={"en": TITLE, "zh_Hans": "足部护理怎么开口"},
                description={"en": "How to bring up foot care.", "zh_Hans": "怎样自然地谈起足部护理。"},
                first=tomorrow.replace(hour=19, minute=0, second=0, microsecond=0),
                minutes=90,
                zone="Asia/Shanghai",
                by=None,
                now=clock.now(),
                link="https://meeting.example.org/j/123",
                join_hint="dial 400 000 000, room 123",
                speaker="Sarah Lin",
            )
            return row.id or 0

    def begins(self, *, minutes_ago: int) -> None:
        """The webinar began so long ago, or is to begin."""
        with self.database.transaction() as db:
            row = timetable.session(db, self.session_id)
            assert row is not None
            row.starts_at = clock.now() - timedelta(minutes=minutes_ago)
            row.ends_at = row.starts_at + timedelta(minutes=90)

    def sits(self, name: str) -> Page:
        """A window as somebody, in their private chat with the bot."""
        people = self.process.running.world.people.values()
        who = next(person for person in people if name in person.name)
        context = self.browser.new_context(viewport=DESKTOP, locale="en-GB", reduced_motion="reduce")
        self.contexts.append(context)
        page = context.new_page()
        page.goto(f"{self.process.running.url}/?as={who.id}")
        opens(page, "Small ?Wins")
        return page


@pytest.fixture
def stage(process: Process, chromium: Browser) -> Iterator[Stage]:
    """The bot with one webinar tomorrow evening."""
    made = Stage(process, chromium)
    yield made
    for context in made.contexts:
        context.close()
    made.database.close()


def tap(page: Page, label: str) -> None:
    """Tap the newest button that says this."""
    page.get_by_role("log").get_by_role("button", name=re.compile(re.escape(label))).last.click(timeout=WAIT)


def card(page: Page, title: str) -> None:
    """Open the webinar's card."""
    write(page, "/webinars")
    tap(page, title)


def sees(page: Page, words: str) -> None:
    """Wait until a message says this."""
    expect(message(page, words)).to_be_visible(timeout=WAIT)


def test_a_webinar_from_its_card_to_the_certificate(stage: Stage) -> None:
    li_wei = stage.sits("Li Wei")
    card(li_wei, TITLE)
    sees(li_wei, "How to bring up foot care")
    shoot_wide_and_narrow(li_wei, "webinar-card-en")
    tap(li_wei, "I'm coming")
    sees(li_wei, "You are coming")
    _asks(li_wei)
    _reads_in_traditional(stage)

    stage.begins(minutes_ago=-10)
    card(li_wei, TITLE)
    sees(li_wei, "https://meeting.example.org/j/123")
    tap(li_wei, "I'm here")
    sees(li_wei, "✓ You have checked in")
    shoot(li_wei, "webinar-now-en")
    stage.begins(minutes_ago=91)
    _adds_the_recording(stage)
    _rates(li_wei)
    _is_certified(li_wei)


def _asks(page: Page) -> None:
    tap(page, "Questions for the speaker")
    tap(page, "Ask the speaker")
    sees(page, "What would you like to ask")
    write(page, "Who checks the shoes of people who live alone?")
    tap(page, "Send anonymously")
    sees(page, "1. Who checks the shoes")
    shoot(page, "webinar-questions-en")


def _reads_in_traditional(stage: Stage) -> None:
    page = stage.sits("怡君")
    card(page, "足部護理")
    tap(page, HANT.label("I'm coming"))
    sees(page, HANT.label("✓ You are coming."))
    shoot_wide_and_narrow(page, "webinar-card-zh-hant")


def _adds_the_recording(stage: Stage) -> None:
    page = stage.sits("赵磊")
    card(page, "足部护理")
    tap(page, HANS.label("For organizers"))
    sees(page, "到场")
    shoot_wide_and_narrow(page, "webinar-board-zh-hans")
    tap(page, HANS.label("Recording and materials"))
    tap(page, HANS.label("Add the recording"))
    sees(page, "请发回放")
    write(page, "https://video.example.org/feet")
    tap(page, HANS.label("Send to everybody who signed up"))
    sees(page, "这会发给")
    shoot(page, "webinar-sending-zh-hans")


def _rates(page: Page) -> None:
    card(page, TITLE)
    tap(page, "Feedback")
    sees(page, "How useful was it")
    for label in ("4", "About right", "Yes"):
        page.get_by_role("log").get_by_role("button", name=label, exact=True).last.click(timeout=WAIT)
    sees(page, "Is there one thing")
    shoot(page, "webinar-feedback-en")
    write(page, "More pictures, please.")
    sees(page, "Thank you, noted")


def _is_certified(page: Page) -> None:
    tap(page, "Certificate")
    sees(page, "This name will be on the certificate")
    tap(page, "Print this name")
    sees(page, "certificate-")
    number = re.search(r"certificate-([0-9A-Z-]{14})\.pdf", message(page, "certificate-").inner_text())
    assert number is not None
    write(page, f"/verify {number[1]}")
    sees(page, "Valid")
    shoot_wide_and_narrow(page, "webinar-certificate-en")

"""The calendar as people see it: consultations from planning to the notes, a webinar from its card to the certificate."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from bot import timetable
from bot.db import Database
from bot.i18n import Translator
from bot.sandbox.server import Running
from bot.timetable import Kind
from tests.browser.ahead import Playing
from tests.browser.playing import PHONE, message, person, shoot, write

WAIT = 60_000
BEIJING = ZoneInfo("Asia/Shanghai")
TITLE = "Talking about feet without fear"
HANT, HANS = Translator("zh_Hant", "webinars"), Translator("zh_Hans", "webinars")
PLANNING, CONSULTING = HANS.of("schedule"), HANS.of("consultations")

Sits = Callable[[str], Page]


@pytest.fixture
def sits_down(window: Callable[..., Page], sandbox: Running) -> Sits:
    """Somebody with their phone, in the chat with the bot."""

    def sit(name: str) -> Page:
        who = person(sandbox, name)
        return window(who, sandbox.world.private(who), viewport=PHONE)

    return sit


def tap(page: Page, label: str) -> None:
    """Tap the newest button that says this."""
    page.get_by_role("log").get_by_role("button", name=re.compile(re.escape(label))).last.click(timeout=WAIT)


def sees(page: Page, words: str) -> None:
    """Wait until a message says this."""
    expect(message(page, words)).to_be_visible(timeout=WAIT)


def test_consultations_from_planning_to_the_notes(playing: Playing, sits_down: Sits) -> None:
    _plans_a_series(sits_down("赵磊"))
    li_wei = sits_down("Li Wei")
    _books(li_wei)
    _moves(li_wei)
    playing.waits_until(datetime(2026, 11, 25, 19, 26, tzinfo=BEIJING))
    sees(li_wei, "tomorrow")
    shoot(li_wei, "consultation-reminder-en")
    tap(li_wei, "I'll be there")
    sees(li_wei, "Good, see you then")
    playing.waits_until(datetime(2026, 11, 26, 20, 31, tzinfo=BEIJING))
    _writes_notes(sits_down("张敏"))
    sees(li_wei, "Notes of your consultation")
    expect(message(li_wei, "Notes of your consultation")).to_contain_text("先找一位")
    shoot(li_wei, "consultation-notes-en")


def _plans_a_series(page: Page) -> None:
    write(page, "/schedule")
    tap(page, PLANNING.label("New series"))
    tap(page, PLANNING.label("Consultation"))
    sees(page, "每两周周二")
    write(page, "每两周周四 19:00-20:30")
    tap(page, PLANNING.label("That's right"))
    sees(page, "标题")
    write(page, "同伴支持咨询会")
    tap(page, PLANNING.label("Consultants"))
    tap(page, "张敏")
    tap(page, PLANNING.label("Done"))
    tap(page, PLANNING.label("Slots"))
    sees(page, "20+5")
    write(page, "20+5")
    tap(page, PLANNING.label("Save"))
    sees(page, "6")
    shoot(page, "consultation-planned-zh-hans")


def _books(page: Page) -> None:
    write(page, "/consult")
    tap(page, "Book")
    expect(page.get_by_role("button", name=re.compile("7:25"))).to_be_visible(timeout=WAIT)  # later sessions begin at 7:00, too
    tap(page, "7:00")
    sees(page, "The slot is yours")
    write(page, "How do I find the first one?")
    tap(page, "Move")
    shoot(page, "consultation-moving-en")


def _moves(page: Page) -> None:
    tap(page, "7:25")
    sees(page, "Moved.")


def _writes_notes(page: Page) -> None:
    tap(page, "19:25 Li Wei")
    tap(page, CONSULTING.label("Was there"))
    sees(page, CONSULTING.label("✓ Was there"))
    shoot(page, "consultation-desk-zh-hans")
    tap(page, CONSULTING.label("Write notes"))
    sees(page, "/cancel")
    write(page, "先找一位合适的人，一起喝杯茶。")
    tap(page, CONSULTING.label("Nothing was agreed"))


def test_a_webinar_from_its_card_to_the_certificate(playing: Playing, sits_down: Sits) -> None:
    _plan_a_webinar(playing)
    li_wei = sits_down("Li Wei")
    _opens_the_card(li_wei, TITLE)
    sees(li_wei, "How to bring up foot care")
    shoot(li_wei, "webinar-card-en")
    tap(li_wei, "I'm coming")
    sees(li_wei, "You are coming")
    _asks(li_wei)
    _reads_in_traditional(sits_down("陳怡君"))
    playing.waits_until(datetime(2026, 11, 25, 18, 55, tzinfo=BEIJING))
    _opens_the_card(li_wei, TITLE)
    sees(li_wei, "https://meeting.example.org/j/123")
    tap(li_wei, "I'm here")
    sees(li_wei, "✓ You have checked in")
    playing.waits_until(datetime(2026, 11, 25, 20, 31, tzinfo=BEIJING))
    _adds_the_recording(sits_down("赵磊"))
    _rates(li_wei)
    _is_certified(li_wei)


def _plan_a_webinar(playing: Playing) -> None:
    database = Database(playing.settings.database_url)
    with database.transaction() as db:
        timetable.add_session(
            db,
            kind=Kind.WEBINAR,
            title={"en": TITLE, "zh_Hans": "足部护理怎么开口"},
            description={"en": "How to bring up foot care.", "zh_Hans": "怎样自然地谈起足部护理。"},
            first=datetime.fromisoformat("2026-11-25T19:00"),
            minutes=90,
            zone=timetable.ZONE,
            by=None,
            now=playing.wall(),
            link="https://meeting.example.org/j/123",
            join_hint="dial 400 000 000, room 123",
            speaker="Sarah Lin",
        )
    database.close()


def _opens_the_card(page: Page, title: str) -> None:
    write(page, "/webinars")
    tap(page, title)


def _asks(page: Page) -> None:
    tap(page, "Questions for the speaker")
    tap(page, "Ask the speaker")
    sees(page, "What would you like to ask")
    write(page, "Who checks the shoes of people who live alone?")
    tap(page, "Send anonymously")
    sees(page, "1. Who checks the shoes")
    shoot(page, "webinar-questions-en")


def _reads_in_traditional(page: Page) -> None:
    _opens_the_card(page, "足部護理")
    tap(page, HANT.label("I'm coming"))
    sees(page, HANT.label("✓ You are coming."))
    shoot(page, "webinar-card-zh-hant")


def _adds_the_recording(page: Page) -> None:
    _opens_the_card(page, "足部护理")
    tap(page, HANS.label("For organizers"))
    sees(page, "到场")
    shoot(page, "webinar-board-zh-hans")
    tap(page, HANS.label("Recording and materials"))
    tap(page, HANS.label("Add the recording"))
    sees(page, "请发回放")
    write(page, "https://video.example.org/feet")
    tap(page, HANS.label("Send to everybody who signed up"))
    sees(page, "这会发给")
    shoot(page, "webinar-sending-zh-hans")


def _rates(page: Page) -> None:
    _opens_the_card(page, TITLE)
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
    shoot(page, "webinar-certificate-en")

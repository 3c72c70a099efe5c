"""A newcomer's first week as people see it: greeting, small win, a colleague's help, card, poster day, digest."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from bot.db import Database
from bot.demo import _community
from bot.features import groups
from bot.i18n import Language, Translator
from bot.sandbox.server import Running
from bot.sandbox.world import Chat, Person
from tests.browser.ahead import Playing
from tests.browser.playing import PHONE, SHOTS, chat, message, person, shoot, write

WAIT = 60_000
BEIJING = ZoneInfo("Asia/Shanghai")
NEWCOMERS: dict[Language, tuple[str, str]] = {
    "en": ("Mei Ling", "Taipei"),
    "zh_Hans": ("梅玲", "台北"),
    "zh_Hant": ("梅玲", "臺北"),
}
LOOKED_AT = list(NEWCOMERS) if SHOTS else ["en"]
"""Who wants pictures gets them in all languages."""

WORDS = "I read them to my head nurse."


@dataclass
class Reader:
    """Somebody with their phone, and the words that they read in their language."""

    page: Page
    language: Language

    def reads(self, context: str, words: str, **values: Any) -> None:
        """Wait until a message says this in their words."""
        self.sees(Translator(self.language, context).label(words, **values))

    def sees(self, words: str) -> None:
        """Wait until a message says exactly this."""
        expect(message(self.page, words)).to_be_visible(timeout=WAIT)

    def taps(self, context: str, label: str) -> None:
        """Tap the newest button that says this in their words."""
        self.presses(Translator(self.language, context).label(label))

    def presses(self, label: str) -> None:
        """Tap the newest button that says exactly this."""
        buttons = self.page.get_by_role("log").get_by_role("button", name=re.compile(re.escape(label)))
        buttons.last.click(timeout=WAIT)

    def goes_to(self, room: Chat) -> None:
        """Back to the list of chats, and into this one."""
        self.page.get_by_test_id("back").click()
        self.page.get_by_test_id(f"chat-{room.id}").click()

    def shoots(self, station: str) -> None:
        """Keep a picture of a station."""
        shoot(self.page, f"community-{station}-{self.language}")


@dataclass
class Town:
    """The demo's people and groups, and a newcomer."""

    sandbox: Running
    window: Callable[..., Page]
    newcomer: Person
    group: Chat

    def sits(self, name: str, language: Language) -> Reader:
        """Somebody in their chat with the bot."""
        who = person(self.sandbox, name)
        return Reader(self.window(who, self.sandbox.world.private(who), viewport=PHONE), language)


@pytest.fixture(params=LOOKED_AT)
def language(request: pytest.FixtureRequest) -> Language:
    """The newcomer's language."""
    found: Language = request.param
    return found


@pytest.fixture
def town(playing: Playing, sandbox: Running, window: Callable[..., Page], language: Language) -> Town:
    """The demo's world with its community, and somebody who has just come into the trainees' group."""
    _community.settle(sandbox.world, playing.settings, now=playing.wall())
    database, group = Database(playing.settings.database_url), chat(sandbox, "trainees")
    with database.transaction() as db:
        for known in groups.community(db):
            known.language, known.added_at = language, playing.wall() - timedelta(days=60)
    database.close()
    code = language.replace("_", "-").casefold()
    newcomer = sandbox.do(sandbox.world.person, NEWCOMERS[language][0], language=code)
    sandbox.do(sandbox.world.add_member, group, newcomer)
    return Town(sandbox, window, newcomer, group)


def test_a_newcomer_from_the_greeting_to_the_digest(playing: Playing, town: Town, language: Language) -> None:
    her = Reader(town.window(town.newcomer, town.group, viewport=PHONE), language)
    _is_greeted(her, NEWCOMERS[language][1])
    _shares_a_first_win(her, town)
    _gets_kudos(her, town, playing)
    _is_matched(her, town)
    _puts_up_a_card(her)
    _is_poster_of_the_day(her, town, playing)
    playing.waits_until(datetime(2026, 12, 1, 10, 5, tzinfo=BEIJING))
    her.reads("wins", "My small wins")
    expect(her.page.get_by_role("log").locator("img").last).to_be_visible(timeout=WAIT)
    her.shoots("11-digest")


def _is_greeted(her: Reader, city: str) -> None:
    her.sees(NEWCOMERS[her.language][0])
    her.shoots("01-greeted")
    her.taps("arrivals", "Write to me")
    her.taps("people", "I agree")
    her.taps("people", "Skip")
    her.taps("people", "Nurse")
    her.reads("people", "In which city do you work? Please write it.")
    write(her.page, city)
    her.taps("people", "City hospital")
    her.shoots("02-profile")
    her.taps("people", "Beijing")
    her.sees("/profile")
    write(her.page, "/profile")
    her.reads("people", "Helping colleagues")
    her.shoots("03-profile-card")


def _shares_a_first_win(her: Reader, town: Town) -> None:
    write(her.page, "/wins")
    her.reads("wins", "All steps")
    her.shoots("04-wins")
    her.taps("wins", "Done")
    her.reads("wins", "Share with the group")
    write(her.page, WORDS)
    her.reads("wins", "Noted.")
    her.taps("wins", "Share with the group")
    her.presses(town.group.title)
    her.reads("wins", "Shall your name be with it?")
    her.shoots("05-sharing")
    her.presses(Translator(her.language, "wins").label("Yes, as {name}", name=NEWCOMERS[her.language][0]))
    her.reads("wins", "It is shared with the group.")


def _gets_kudos(her: Reader, town: Town, playing: Playing) -> None:
    colleague = Reader(town.window(person(town.sandbox, "Li Wei"), town.group, viewport=PHONE), her.language)
    colleague.sees(WORDS)
    colleague.taps("wins", "Well done")
    colleague.shoots("06-shared-in-the-group")
    expect(colleague.page.get_by_text("Your colleague will hear of it.")).to_be_visible()
    playing.sets_the_clock_forward(timedelta(minutes=75))
    her.reads("wins", "What I have done")
    her.sees("👏 ")
    her.shoots("06-kudos")


def _is_matched(her: Reader, town: Town) -> None:
    write(her.page, "/wins")
    her.taps("wins", "Stuck")
    her.reads("wins", "🧱 What is in the way?")
    her.shoots("07-stuck")
    her.presses({"en": "No time", "zh_Hans": "抽不出时间", "zh_Hant": "抽不出時間"}[her.language])
    her.reads("wins", "I take the smaller step")
    her.shoots("07-stuck-offer")
    her.taps("wins", "Ask a colleague")
    her.taps("peers", "Look for somebody")
    helper = town.sits(_community.COLLEAGUE, "zh_Hant")
    helper.reads("peers", "Yes, gladly")
    if her.language == "en":
        helper.shoots("08-asked")
    helper.taps("peers", "Yes, gladly")
    her.sees(_community.COLLEAGUE)
    her.shoots("08-matched")


def _puts_up_a_card(her: Reader) -> None:
    write(her.page, "/programmes")
    her.reads("programmes", "Put up my card")
    her.shoots("09-programmes")
    her.taps("programmes", "Put up my card")
    her.reads("programmes", "What is your programme called?")
    write(her.page, "Morning Walkers")
    her.presses("📍")
    her.taps("programmes", "City hospital")
    her.reads("programmes", "{n} of {all}", n=4, all=15)
    her.shoots("09-card-entry")
    write(her.page, "People over 60")
    her.reads("programmes", "{n} of {all}", n=5, all=15)
    her.taps("programmes", "That is all for now")
    her.reads("programmes", "So the community sees it:")
    her.shoots("09-card")
    her.taps("programmes", "Publish")
    her.reads("programmes", "See the card")


def _is_poster_of_the_day(her: Reader, town: Town, playing: Playing) -> None:
    organizer = town.sits("赵磊", "zh_Hans")
    write(organizer.page, "/schedule")
    organizer.taps("programmes", "Plan a poster week")
    organizer.reads("programmes", "Poster week")
    if her.language == "en":
        organizer.shoots("10-poster-week")
    organizer.presses("11月30日")
    her.taps("programmes", "Yes, present it")
    yes = Translator(her.language, "programmes").label("Yes, present it")
    expect(her.page.get_by_role("button", name=yes)).to_have_count(0, timeout=WAIT)
    her.shoots("10-poster-agreed")
    her.goes_to(town.group)
    playing.waits_until(datetime(2026, 11, 30, 10, 5, tzinfo=BEIJING))
    her.sees("Morning Walkers")
    her.shoots("10-poster-day")

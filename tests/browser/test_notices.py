"""A notice from its first word to its readers, in a browser; the bot runs beside the test, on a clock that can be set forward."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from pydantic import SecretStr

from bot import clock, process
from bot.app import App
from bot.db import Database
from bot.demo import introduce
from bot.features import people
from bot.i18n import Translator
from bot.sandbox.server import Running
from bot.sandbox.world import Chat, Person
from bot.settings import Settings
from tests.browser.playing import PHONE, message, person, shoot, write
from tests.browser.test_page import PIXEL

WAIT = 20_000
BEIJING = ZoneInfo("Asia/Shanghai")
SAID = Translator("zh_Hans", "notices")
"""The words of the organizer's bot."""

CHINESE, ENGLISH = "周五晚上七点半有网络讲座，欢迎参加。", "The webinar is on Friday at half past seven. Please come."


class Wall:
    """A wall clock that begins at noon in Beijing and can be set forward."""

    def __init__(self) -> None:
        self.ahead = datetime(2026, 11, 24, 4, 0, tzinfo=UTC) - clock.now()

    def __call__(self) -> datetime:
        return clock.now() + self.ahead


class Playing:
    """The bot, running in a thread of its own against the served sandbox."""

    def __init__(self, settings: Settings) -> None:
        self.wall = Wall()
        self.apps: list[App] = []
        self._settings = settings
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._thread = threading.Thread(target=self._run)

    def make(self, *args: Any, **kwargs: Any) -> App:
        """The application, on this clock."""
        self.apps.append(App(*args, now=self.wall, **kwargs))
        return self.apps[-1]

    def begin(self) -> None:
        """Start it."""
        self._thread.start()

    def _run(self) -> None:
        self._loop.run_until_complete(process.run(self._settings, ended=self._ended))
        self._loop.close()

    def sets_the_clock_forward(self, by: timedelta) -> None:
        """It is later now; the next tick sees it."""
        self.wall.ahead += by
        running = self.apps[-1].clock
        assert running is not None
        running.wake()

    def end(self) -> None:
        """Stop it, and wait for its end."""
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(timeout=10)


@pytest.fixture
def playing(sandbox: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Playing]:
    """The bot on the demo's world, whose people all opened it long ago."""
    url = f"sqlite:///{tmp_path / 'notices.db'}"
    settings = Settings(token=SecretStr(sandbox.token), api_url=sandbox.url, database_url=url)
    introduce(sandbox.world, settings)
    sandbox.do(partial(_open_the_bot, sandbox))
    database = Database(url)
    with database.transaction() as db:
        for one in sandbox.world.people.values():
            if (member := people.find(db, one.id)) is not None:
                people.start(member, now=clock.now())
    database.close()
    made = Playing(settings)
    monkeypatch.setattr(process, "App", made.make)
    made.begin()
    yield made
    made.end()


def _open_the_bot(sandbox: Running) -> None:
    sandbox.world.updates.clear()
    for one in sandbox.world.people.values():
        one.started = True
        sandbox.world.private(one)


Open = Callable[..., Page]


def _sits(window: Open, sandbox: Running, name: str) -> Page:
    """Somebody with their phone, in the chat with the bot."""
    reader: Person = person(sandbox, name)
    chat: Chat = sandbox.world.private(reader)
    return window(reader, chat, viewport=PHONE)


def _tap(page: Page, label: str) -> None:
    page.get_by_role("log").get_by_role("button", name=re.compile(re.escape(label))).last.click(timeout=WAIT)


def _send_photo(page: Page, file: Path, caption: str) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_test_id("attach").click()
        page.get_by_test_id("attach-photo").click()
    chooser.value.set_files([file])
    page.get_by_test_id("caption").fill(caption)
    page.get_by_test_id("send-files").click()


def _compose(page: Page, photo: Path) -> None:
    """Two languages with a photo, and a button for signing up."""
    write(page, "/notice")
    _tap(page, SAID.label("New notice"))
    expect(message(page, "/cancel")).to_be_visible(timeout=WAIT)
    _send_photo(page, photo, CHINESE)
    _tap(page, "简体中文")
    _tap(page, SAID.label("Text"))
    _tap(page, "English")
    expect(message(page, "English")).to_be_visible(timeout=WAIT)
    _send_photo(page, photo, ENGLISH)
    _tap(page, SAID.label("Buttons"))
    _tap(page, SAID.label("Sign me up"))
    _tap(page, SAID.label("Back"))
    _tap(page, SAID.label("Who gets it"))
    _tap(page, SAID.label("Everyone"))
    _tap(page, SAID.label("Back"))


def test_an_organizer_writes_schedules_and_watches_a_notice_that_everybody_reads_in_their_language(
    playing: Playing, sandbox: Running, window: Open, tmp_path: Path
) -> None:
    photo = tmp_path / "hall.png"
    photo.write_bytes(PIXEL)
    author = _sits(window, sandbox, "赵磊")
    _compose(author, photo)
    shoot(author, "notice-composed")
    _tap(author, SAID.label("Preview"))
    expect(message(author, ENGLISH)).to_be_visible(timeout=WAIT)
    shoot(author, "notice-preview")
    _tap(author, SAID.label("Test send to me"))
    back = author.get_by_role("log").get_by_role("button", name=re.compile(SAID.label("Back to the notice")))
    expect(back.last).to_be_visible(timeout=WAIT)
    _tap(author, SAID.label("Schedule…"))
    expect(message(author, "/cancel")).to_be_visible(timeout=WAIT)
    soon = (playing.wall() + timedelta(minutes=2)).astimezone(BEIJING)
    write(author, f"{soon:%H:%M}")
    agree = re.compile(SAID.label("Yes, schedule it ({n})", n=".*"))
    author.get_by_role("log").get_by_role("button", name=agree).last.click(timeout=WAIT)
    shoot(author, "notice-scheduled")

    playing.sets_the_clock_forward(timedelta(minutes=3))
    english, traditional = _sits(window, sandbox, "Li Wei"), _sits(window, sandbox, "陳怡君")
    expect(message(english, ENGLISH)).to_be_visible(timeout=WAIT)
    expect(message(english, ENGLISH).get_by_role("img").first).to_be_visible(timeout=WAIT)
    expect(message(traditional, "週五晚上七點半有網路講座")).to_be_visible(timeout=WAIT)
    shoot(english, "notice-en")
    shoot(traditional, "notice-zh-hant")
    _tap(english, "Sign me up")
    expect(author.get_by_role("log")).to_contain_text("5 / 5", timeout=WAIT)
    shoot(author, "notice-report")
    _tap(author, SAID.label("Refresh"))
    expect(message(author, SAID.n("✋ One person signed up.", "✋ {n} people signed up.", 1))).to_be_visible(
        timeout=WAIT
    )
    shoot(author, "notice-signed-up")

"""A notice from its first word to its readers, in a browser; the bot runs beside the test, on a clock that can be set forward."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from bot.i18n import Translator
from bot.sandbox.server import Running
from bot.sandbox.world import Chat, Person
from tests.browser.ahead import Playing
from tests.browser.playing import PHONE, message, person, shoot, write
from tests.browser.test_page import PIXEL

WAIT = 60_000
BEIJING = ZoneInfo("Asia/Shanghai")
SAID = Translator("zh_Hans", "notices")
"""The words of the organizer's bot."""

CHINESE, ENGLISH = "周五晚上七点半有网络讲座，欢迎参加。", "The webinar is on Friday at half past seven. Please come."


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
    undo = author.get_by_role("log").get_by_role("button", name=re.compile(SAID.label("Take it back and change it")))
    expect(undo.last).to_be_visible(timeout=WAIT)
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

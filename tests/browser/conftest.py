"""What browser tests share: the system's Chromium, a sandbox that is being served, and a bot played by hand."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bot.sandbox.demo import demo_world
from bot.sandbox.server import Running, serve_in_thread
from bot.sandbox.world import Chat, Person
from tests.browser.ahead import Playing, played
from tests.browser.playing import DESKTOP, Hand

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")

PATIENCE = 60.0
"""Seconds: a busy machine may need long, and a test that waits sees at once what comes."""

expect.set_options(timeout=PATIENCE * 1000)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium; a person without one skips these tests, continuous integration must have it.

    It ends with its module: while it runs, its event loop would be in the way of other tests' own loops.
    """
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        reason = f"no Chromium on this machine (looked for {', '.join(NAMES)})"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def sandbox() -> Iterator[Running]:
    """The demo's world, served; no bot is running."""
    with serve_in_thread(demo_world()) as running:
        yield running


@pytest.fixture
def hand(sandbox: Running) -> Hand:
    """The bot, played by hand."""
    return Hand(sandbox)


@pytest.fixture
def playing(sandbox: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Playing]:
    """The real bot on the demo's world, whose people all opened it long ago; its clock can be set forward."""
    with played(sandbox, tmp_path, monkeypatch) as bot:
        yield bot


Open = Callable[..., Page]


@pytest.fixture
def window(chromium: Browser, sandbox: Running) -> Iterator[Open]:
    """Opens windows of the page: `window(person, chat)`; a window in which a script fails makes the test fail."""
    contexts: list[BrowserContext] = []
    failures: list[str] = []

    def open_window(person: Person | None = None, chat: Chat | None = None, **settings: Any) -> Page:
        usual: dict[str, Any] = {"viewport": DESKTOP, "locale": "en-GB", "reduced_motion": "reduce"}
        context = chromium.new_context(**usual | settings)
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(f"{sandbox.url}/?as={person.id}" if person else sandbox.url)
        if chat is not None:
            page.get_by_test_id(f"chat-{chat.id}").click()
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert not failures


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address that `smallwins demo` prints: the real bot in a process of its own, one for all tests of a module."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "bot", "demo", "--port", "0", "--no-open"]
    outside = {name: value for name, value in os.environ.items() if not name.startswith("SMALLWINS_")}
    environment = outside | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": "1"}
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout is not None
    url = next(found[0] for line in process.stdout if (found := re.search(r"http://[\d.]+:\d+", line)))
    yield url
    process.terminate()
    assert process.wait(timeout=PATIENCE) == 0, (folder / "log.txt").read_text()
    process.stdout.close()
    assert "Traceback" not in (folder / "log.txt").read_text()


@pytest.fixture
def sits(chromium: Browser, demo: str) -> Iterator[Callable[..., Page]]:
    """Opens a window of the demo as somebody: `sits("Li Wei")`."""
    with urllib.request.urlopen(f"{demo}/sandbox/people", timeout=PATIENCE) as answer:
        people = json.load(answer)["people"]
    contexts: list[BrowserContext] = []

    def open_window(name: str, **settings: Any) -> Page:
        user = next(entry["user"] for entry in people if name in entry["user"]["first_name"])
        usual: dict[str, Any] = {"viewport": DESKTOP, "locale": "en-GB", "reduced_motion": "reduce"}
        context = chromium.new_context(**usual | settings)
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{demo}/?as={user['id']}")
        return page

    yield open_window
    for context in contexts:
        context.close()

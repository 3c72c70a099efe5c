"""Hands and eyes for browser tests: the bot played by hand, and what a person does on the page."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Locator, Page, ViewportSize

from bot.sandbox.server import Running
from bot.sandbox.world import Chat, Person

Json = dict[str, Any]

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
SHOTS = os.environ.get("SMALLWINS_SHOTS")


class Hand:
    """Plays the bot by hand, through the real Bot API over HTTP; what was said before it came is passed over."""

    def __init__(self, sandbox: Running) -> None:
        self.root = f"{sandbox.url}/bot{sandbox.token}"
        earlier = self.call("getUpdates")
        self.offset = earlier[-1]["update_id"] + 1 if earlier else 0

    def call(self, method: str, **parameters: Any) -> Any:
        """Call a method and return its result."""
        reply = httpx.post(f"{self.root}/{method}", json=parameters, timeout=60, trust_env=False)
        assert reply.is_success, reply.text
        return reply.json()["result"]

    def hears(self, kind: str) -> Json:
        """Wait for the next update of a kind and return what it carries."""
        while True:
            updates = self.call("getUpdates", offset=self.offset, timeout=50, limit=1)
            assert updates, f"the bot hears no {kind}"
            self.offset = updates[0]["update_id"] + 1
            if kind in updates[0]:
                heard: Json = updates[0][kind]
                return heard


def person(sandbox: Running, name: str) -> Person:
    """The person of the world with that first name."""
    return next(person for person in sandbox.world.people.values() if person.user["first_name"] == name)


def chat(sandbox: Running, words: str) -> Chat:
    """The group whose title contains these words."""
    return next(chat for chat in sandbox.world.chats.values() if words in chat.title)


def write(page: Page, text: str) -> None:
    """Write into the composer and press Enter."""
    composer = page.get_by_test_id("composer")
    composer.fill(text)
    composer.press("Enter")


def message(page: Page, words: str) -> Locator:
    """The newest message with these words; the chat's own notices are passed over."""
    return page.get_by_role("log").locator("[role=article]:not(.service)").filter(has_text=words).last


def act(page: Page, words: str, action: str) -> None:
    """Open the menu of the newest message with these words and choose an action."""
    message(page, words).click(button="right", position={"x": 30, "y": 12})
    page.get_by_role("menuitem", name=action, exact=True).click()


def opens(page: Page, title: str) -> None:
    """Open a chat from the list."""
    page.get_by_role("button", name=re.compile(title)).first.click()


def shoot(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look (SMALLWINS_SHOTS names the folder)."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def shoot_wide_and_narrow(page: Page, name: str) -> None:
    """The same as it is at a desk and on a phone."""
    usual = page.viewport_size
    for size, kind in ((DESKTOP, "desktop"), (PHONE, "phone")):
        if SHOTS:
            page.set_viewport_size(size)
            shoot(page, f"{name}-{kind}")
    if usual is not None:
        page.set_viewport_size(usual)

"""Taps on inline buttons, and the bot's answers to them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.sandbox.errors import NotPossible
from bot.sandbox.world._model import Chat, Person, Post

LIFETIME = 30.0
"""Seconds after which Telegram's servers have forgotten a tap: its answer comes too late."""


@dataclass(slots=True, eq=False)
class Tap:
    """One tap; `answered` turns true and the other fields are filled when the bot answers."""

    id: str
    person: Person
    chat: Chat
    message_id: int
    data: str
    at: float
    answered: bool = False
    text: str | None = None
    show_alert: bool = False
    url: str | None = None
    _waiters: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = field(default_factory=list)

    def answer(self, text: str | None, show_alert: bool, url: str | None) -> None:
        """Take the bot's answer and wake who waits for it."""
        self.answered, self.text, self.show_alert, self.url = True, text, show_alert, url
        for loop, event in self._waiters:
            loop.call_soon_threadsafe(event.set)

    async def wait(self, seconds: float = 5.0) -> Tap:
        """Return when the bot has answered; raises TimeoutError."""
        if not self.answered:
            event = asyncio.Event()
            self._waiters.append((asyncio.get_running_loop(), event))
            await asyncio.wait_for(event.wait(), seconds)
        return self


def find_button(post: Post, button: str) -> str:
    """The callback data of the button with these data, this text, or this text behind an icon."""
    found = [each for row in post.buttons for each in row if "callback_data" in each]
    for fits in (_has_data, _has_text, _ends_with_text):
        for each in found:
            if fits(each, button):
                return str(each["callback_data"])
    offered = ", ".join(each["text"] for row in post.buttons for each in row) or "none"
    raise NotPossible(f"no button {button!r} under this message (there are: {offered})")


def _has_data(button: dict[str, str], wanted: str) -> bool:
    return button["callback_data"] == wanted


def _has_text(button: dict[str, str], wanted: str) -> bool:
    return button["text"] == wanted


def _ends_with_text(button: dict[str, str], wanted: str) -> bool:
    return button["text"].endswith(" " + wanted)

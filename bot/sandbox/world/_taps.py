"""Taps on inline buttons, and the bot's answers to them."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.sandbox.errors import NotPossible
from bot.sandbox.world._model import Post
from bot.sandbox.world._waiting import Waiting


@dataclass(slots=True, eq=False)
class Tap(Waiting):
    """One tap; the fields after its data are filled when the bot answers."""

    message_id: int
    data: str
    text: str | None = field(default=None, init=False)
    show_alert: bool = field(default=False, init=False)
    url: str | None = field(default=None, init=False)

    def answer(self, text: str | None, show_alert: bool, url: str | None) -> None:
        """Take the bot's answer and wake who waits for it."""
        self.text, self.show_alert, self.url = text, show_alert, url
        self.settle()


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

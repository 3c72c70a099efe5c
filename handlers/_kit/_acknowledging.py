"""What ends a person's waiting at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from telegram import Update

from handlers._kit._screens import InlineAnswer, Screen

Shown = Screen | InlineAnswer | None


@dataclass(frozen=True)
class Acknowledgement:
    """A call that ends a person's waiting at once: a tap's spinner, or a list of inline results."""

    method: str
    payload: dict[str, Any]


def acknowledgement(update: Update, shown: Shown) -> Acknowledgement | None:
    """The call that a tap or an inline query waits for; None for all else."""
    if update.callback_query is not None:
        screen = shown if isinstance(shown, Screen) else Screen()
        payload = {"callback_query_id": update.callback_query.id, "show_alert": screen.alert}
        return Acknowledgement("answerCallbackQuery", payload | ({"text": screen.toast[:200]} if screen.toast else {}))
    if update.inline_query is not None:
        found = shown if isinstance(shown, InlineAnswer) else InlineAnswer((), "…")
        button = {"text": found.button, "start_parameter": "inline"}
        payload = {"inline_query_id": update.inline_query.id, "results": list(found.results), "button": button}
        return Acknowledgement("answerInlineQuery", payload | {"cache_time": 60, "is_personal": True})
    return None

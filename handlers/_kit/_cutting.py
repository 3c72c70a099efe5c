"""A text that is too long for one message comes in two: where the first was refused, the second is no answer of its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.errors import DomainError, TextTooLong
from handlers._kit._request import Heard

WHOLE = 4000
"""Characters from which on a message may be a part of a longer text: Telegram cuts at 4,096."""

SPLIT = timedelta(seconds=3)
"""Within this time of each other both parts are sent."""

_NOTE = "cut"


def without_note(pending: dict[str, Any]) -> dict[str, Any]:
    """The pending step as its handler left it."""
    return {name: value for name, value in pending.items() if name != _NOTE}


def refuse_rest(pending: dict[str, Any], heard: Heard) -> None:
    """Raise TextTooLong for the rest of a text whose beginning was too long already."""
    note, message = pending.get(_NOTE), heard.message
    # by when it was sent, not read: what waited for a restart is read all at once
    if note is not None and message is not None and message.date - datetime.fromisoformat(note["at"]) < SPLIT:
        raise TextTooLong(note["limit"], note["length"] + len(heard.text))


def noted(pending: dict[str, Any], heard: Heard, error: DomainError) -> dict[str, Any] | None:
    """The pending step with the note that a text for it was too long and may go on; None where there is nothing to note."""
    if not isinstance(error, TextTooLong) or not pending or heard.message is None:
        return None
    if len(heard.text) < WHOLE and error.length <= len(heard.text):
        return None
    note = {"limit": error.limit, "length": error.length, "at": heard.message.date.isoformat()}
    return without_note(pending) | {_NOTE: note}

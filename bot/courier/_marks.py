"""The mark of a message that is sent again because nobody knows whether it arrived: never silently twice."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from bot.outbox import Parcel

REPEATED = " ↻"
_ROOM = {"text": 4096, "caption": 1024}
"""Where the mark goes, and how many UTF-16 units Telegram takes there once the markup is read."""

_TAG = re.compile(r"<[^>]*>")


def marked(parcel: Parcel) -> dict[str, Any]:
    """The payload; words that may have arrived already carry the mark, if there is room for it."""
    if not parcel.uncertain or not parcel.method.startswith(("send", "copy")):
        return parcel.payload
    if "media" in parcel.payload:
        first, *others = parcel.payload["media"]
        return parcel.payload | {"media": [_marked(first | {"caption": first.get("caption", "")}), *others]}
    return _marked(parcel.payload)


def _marked(payload: dict[str, Any]) -> dict[str, Any]:
    return payload | {
        name: payload[name] + REPEATED
        for name, limit in _ROOM.items()
        if name in payload and _units(payload[name] + REPEATED) <= limit
    }


def _units(html: str) -> int:
    """The length as Telegram counts it: in UTF-16 units, without the markup."""
    return len(unescape(_TAG.sub("", html)).encode("utf-16-le")) // 2

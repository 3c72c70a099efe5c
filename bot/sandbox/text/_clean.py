"""The text as it arrives: markup parsed, unprintable characters replaced, ends trimmed, entities settled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.sandbox.text._detect import detect
from bot.sandbox.text._html import TextError, parse_html
from bot.sandbox.text._order import add_found, settle
from bot.sandbox.text._utf16 import Utf16

Entity = dict[str, Any]

_SPECIAL = re.compile("[\x00-\x09\x0b-\x1f\u2028-\u202e\u030a\u0333\u033f]")
_REMOVED = re.compile("[\r\u2028-\u202e\u030a\u0333\u033f]")
_FOUND_BY_TELEGRAM = {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"}

__all__ = ["Formatted", "TextError", "formatted"]


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text and its entities, ready to stand in a message."""

    text: str
    entities: list[Entity]


def formatted(source: str, parse_mode: str | None = None, entities: list[Entity] | None = None) -> Formatted:
    """What Telegram makes of a text with markup or given entities; raises TextError with its sentence."""
    mode = (parse_mode or "none").lower()
    if mode == "html":
        text, marked = parse_html(source)
    elif mode == "none":
        text, marked = source, _given(source, entities or [])
    else:
        raise TextError(f"not in this sandbox: parse_mode {parse_mode}")
    text, marked = _without_special(text, settle(marked)) if _SPECIAL.search(text) else (text, settle(marked))
    text, marked = _trimmed(text, marked)
    found = detect(text)
    return Formatted(text, add_found(marked, found) if found else marked)


def _given(text: str, entities: list[Entity]) -> list[Entity]:
    """The entities that a caller may give; those that Telegram finds by itself are left out."""
    units = Utf16(text)
    given = [dict(entity) for entity in entities if entity["type"] not in _FOUND_BY_TELEGRAM]
    for entity in given:
        _check_place(entity, units)
    return given


def _check_place(entity: Entity, units: Utf16) -> None:
    start, end = entity["offset"], entity["offset"] + entity["length"]
    total = units.offset(len(units.text))
    if start < 0:
        raise TextError(f"Receive an entity with incorrect offset {start}")
    if entity["length"] < 0:
        raise TextError(f"Receive an entity with incorrect length {entity['length']}")
    if start > total:
        raise TextError(f"Entity begins after the end of the text at UTF-16 offset {start}")
    if end > total:
        raise TextError(
            f"Entity beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset {end}"
        )
    if units.position(start) is None:
        raise TextError(f"Entity begins in a middle of a UTF-16 symbol at byte offset {_bytes(units, start)}")
    if units.position(end) is None:
        raise TextError(
            f"Entity beginning at UTF-16 offset {start} ends in a middle of a UTF-16 symbol "
            f"at byte offset {_bytes(units, end)}"
        )


def _bytes(units: Utf16, offset: int) -> int:
    position = units.position(offset + 1)
    return len(units.text[:position].encode())


def _without_special(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Control characters become spaces; carriage returns, direction marks and strokes vanish."""
    units = Utf16(text)
    gone = [units.offset(match.start()) for match in _REMOVED.finditer(text)]
    moved = []
    for entity in entities:
        start = _moved(entity["offset"], gone)
        moved.append(entity | {"offset": start, "length": _moved(entity["offset"] + entity["length"], gone) - start})
    return _SPECIAL.sub(" ", _REMOVED.sub("", text)), settle(moved)


def _moved(offset: int, gone: list[int]) -> int:
    return offset - sum(1 for place in gone if place < offset)


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without spaces and line ends at both ends, except that nothing is cut off in front of a first entity."""
    stripped = text.rstrip(" \n")
    if not entities:
        return stripped.lstrip(" \n"), []
    end = Utf16(stripped).offset(len(stripped))
    kept = [e | {"length": min(e["length"], end - e["offset"])} for e in entities if e["offset"] < end]
    if not kept:
        return stripped.lstrip(" \n"), []
    leading = min(len(stripped) - len(stripped.lstrip(" \n")), kept[0]["offset"])
    return stripped[leading:], settle([e | {"offset": e["offset"] - leading} for e in kept])

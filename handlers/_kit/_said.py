"""What people wrote: kept with its formatting, shown as HTML, cut in pieces where Telegram takes no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup, escape
from telegram import Chat, Message, MessageEntity

PIECE = 3500
"""UTF-16 units of one piece; with a heading it stays below Telegram's 4,096."""

CAPTION = 900
"""UTF-16 units of a caption that still leave room for a heading within 1,024."""

_COPYABLE = (
    "photo",
    "document",
    "voice",
    "video",
    "audio",
    "animation",
    "video_note",
    "sticker",
    "location",
    "venue",
    "contact",
)
_LEFT_OUT = (
    "poll",
    "paid_media",
    "dice",
    "story",
    "game",
    "invoice",
    "giveaway",
    "giveaway_winners",
    "checklist",
    "live_location",
)
"""What cannot be passed on as it is: a copy would be another poll, another throw of the dice, a place that stands still."""

_CAPTIONED = ("photo", "document", "voice", "video", "audio", "animation")
_SENTENCE_ENDS = ("\n\n", "\n", "。", "！", "？", ". ", "! ", "? ", "；", "，", " ")


@dataclass(frozen=True)
class Said:
    """The words of a message, and what else it holds: `media` names the kind, `takes_caption` whether it has words.

    `unknown` is what cannot be passed on; `left_out` names its kind where we know one. `file_id` is Telegram's name of the
    file, which can be sent again by it, whatever its size (in bytes).
    """

    text: str
    entities: list[dict[str, Any]]
    media: str | None = None
    takes_caption: bool = False
    unknown: bool = False
    left_out: str | None = None
    album: str | None = None
    file_id: str | None = None
    file_name: str | None = None
    file_size: int | None = None


def said(message: Message, *, text: str | None = None) -> Said:
    """What a message says; `text` is what is left of the words where part of them was for the bot."""
    words = message.text or message.caption or ""
    entities = [entity.to_dict() for entity in (message.entities or message.caption_entities or ())]
    if text is not None and text != words:
        words, entities = text, _left(words, text, entities)
    media = next((kind for kind in _COPYABLE if getattr(message, kind)), None)
    left_out = next((kind for kind in _LEFT_OUT if _holds(message, kind)), None)
    file = message.photo[-1] if message.photo else getattr(message, media) if media else None
    return Said(
        words,
        entities,
        media,
        takes_caption(media),
        unknown=left_out is not None or (media is None and not words),
        left_out=left_out,
        album=message.media_group_id,
        file_id=getattr(file, "file_id", None),
        file_name=getattr(file, "file_name", None),
        file_size=getattr(file, "file_size", None),
    )


def _holds(message: Message, kind: str) -> bool:
    if kind == "live_location":
        return message.location is not None and message.location.live_period is not None
    return bool(getattr(message, kind))


def _left(words: str, text: str, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The formatting of the part of the words that is left; none where the words were put together anew."""
    at = words.rfind(text)
    return _within(entities, units(words[:at]), units(text)) if at >= 0 else []


def takes_caption(media: str | None) -> bool:
    """Whether a message of this kind has words of its own beside what it shows."""
    return media in _CAPTIONED


def as_html(text: str, entities: list[dict[str, Any]] | None) -> Markup:
    """Words with their formatting as HTML."""
    if not text:
        return Markup()
    outermost_first = sorted(entities or (), key=lambda raw: (raw["offset"], -raw["length"]))
    parsed = [MessageEntity.de_json(_escaped(raw), None) for raw in outermost_first]
    carrier = Message(1, datetime.now(UTC), Chat(1, Chat.PRIVATE), text=text, entities=parsed)
    return Markup(carrier.text_html)


def _escaped(entity: dict[str, Any]) -> dict[str, Any]:
    """A link's address and a program's language become attributes, which python-telegram-bot does not escape."""
    if entity.get("language"):  # Telegram reads it back only with this prefix, which the library leaves out
        entity = entity | {"language": "language-" + entity["language"]}
    return entity | {name: str(escape(entity[name])) for name in ("url", "language") if entity.get(name)}


def units(text: str) -> int:
    """The length as Telegram counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def pieces(text: str, entities: list[dict[str, Any]] | None, limit: int = PIECE) -> Iterator[Markup]:
    """The words as HTML in pieces of at most `limit` UTF-16 units, cut where a sentence ends; nothing is left out."""
    start = 0
    for piece in _cut(text, limit):
        length = units(piece)
        yield as_html(piece, _within(entities or [], start, length))
        start += length


def _cut(text: str, limit: int) -> Iterator[str]:
    while units(text) > limit:
        head = text[:limit]
        while units(head) > limit:
            head = head[: -max(1, (units(head) - limit) // 2)]
        ends = (head.rfind(mark) + len(mark) for mark in _SENTENCE_ENDS if head.rfind(mark) > len(head) // 2)
        at = next(ends, len(head))
        yield text[:at]
        text = text[at:]
    yield text


def _within(entities: list[dict[str, Any]], start: int, length: int) -> list[dict[str, Any]]:
    """The entities that touch `start … start+length`, clipped and moved to begin at zero."""
    clipped = []
    for entity in entities:
        first = max(entity["offset"], start)
        last = min(entity["offset"] + entity["length"], start + length)
        if first < last:
            clipped.append({**entity, "offset": first - start, "length": last - first})
    return clipped

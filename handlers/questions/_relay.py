"""How a part of a question's story travels, and how it looks where it arrives: in the room's topic, or at the asker's."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from markupsafe import Markup

from bot.features.questions import Part, Question
from bot.outbox import JOINED
from handlers._kit import CAPTION as CAPTION_LIMIT
from handlers._kit import Button, as_html, keyboard, pieces, takes_caption, units

CAPTION_AT_MOST = 1024
DOWNLOAD_LIMIT = 20 * 1024 * 1024
"""Bytes of the largest file that Telegram hands out to bots; larger ones can only be passed on as they are."""

IN_ALBUMS = ("photo", "video", "document", "audio")
_SENT_BY = {
    "photo": "sendPhoto",
    "document": "sendDocument",
    "voice": "sendVoice",
    "video": "sendVideo",
    "audio": "sendAudio",
    "animation": "sendAnimation",
    "video_note": "sendVideoNote",
    "sticker": "sendSticker",
}


@dataclass(frozen=True)
class Call:
    """One call to Telegram that a part becomes, with the key under which it is owed."""

    key: str
    method: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class Way:
    """Where parts go and how they look there: what stands above them, and the buttons below.

    `place` are the fields that name the chat, the topic and what is replied to. `repeats`: the heading stands above every
    piece of a long text; `heads_bare`: also above what has no caption. `nameless` takes away what could name the sender:
    files' names and mentions. `below` is said under an album, which cannot have buttons of its own.
    """

    place: dict[str, Any]
    about: str
    heading: Markup
    joint: str
    key: Callable[[Part], str]
    needs: str | None = None
    repeats: bool = False
    heads_bare: bool = True
    nameless: bool = False
    buttons: Sequence[Sequence[Button]] = ()
    below: Markup | None = None

    def headed(self, words: Markup) -> Markup:
        """The words under their heading."""
        return Markup(self.joint).join(part for part in (self.heading, words) if part)

    def entities(self, part: Part | Question) -> list[dict[str, Any]]:
        """The formatting of a part's words; a mention by id would name people behind their back."""
        given = part.entities or []
        return [entity for entity in given if entity["type"] != "text_mention"] if self.nameless else given


def shows_name(media: str | None, file_name: str | None) -> bool:
    """Whether a file carries words that its sender's device gave it: a name, or a song's artist and title."""
    return media in ("document", "audio") or (media in ("video", "animation") and file_name is not None)


def neutral_name(media: str | None, file_name: str | None) -> str:
    """A file's name that says nothing but its type."""
    suffix = PurePath(file_name or "").suffix.lower()
    return f"file{suffix}" if mimetypes.guess_type(f"x{suffix}")[0] else str(media)


def calls(way: Way, part: Part) -> list[Call]:
    """What a part becomes when it travels alone; the part's own key is that of the first message of its words, or its file."""
    if part.media is None:
        return list(_texts(way, part))
    above, caption = _above_and_caption(way, part, headed=True)
    return [*_notes(way, part, above), Call(way.key(part), *_file(way, part, caption))]


def album(way: Way, parts: Sequence[Part]) -> list[Call]:
    """What the parts of an album become together: one call, and what does not fit into its captions above it."""
    above: list[Call] = []
    media = []
    for part in parts:
        notes, caption = _above_and_caption(way, part, headed=part is parts[0])
        above += _notes(way, part, notes)
        media.append(_item(way, part, caption))
    joined = [way.key(part) for part in parts[1:]]
    return [*above, Call(way.key(parts[0]), "sendMediaGroup", way.place | {"media": media, JOINED: joined})]


def below_album(way: Way, first: Part) -> Call | None:
    """The message with the buttons that an album cannot have."""
    return Call(f"{way.key(first)}:below", *_message(way, way.below, buttons=True)) if way.below else None


def edited(
    way: Way, part: Part, call: Call, *, message_id: Any, file_changed: bool = False
) -> tuple[str, dict[str, Any]] | None:
    """The call that makes an earlier message into what `call` would send now; None for what cannot be edited."""
    place = {"chat_id": call.payload["chat_id"], "message_id": message_id}
    if "reply_markup" in call.payload:
        place["reply_markup"] = call.payload["reply_markup"]
    if call.method == "sendMessage":
        kept = ("text", "parse_mode", "link_preview_options")
        return "editMessageText", place | {name: call.payload[name] for name in kept}
    if not takes_caption(part.media):
        return None
    words = {name: call.payload[name] for name in ("caption", "parse_mode") if name in call.payload}
    if file_changed and part.media in (*IN_ALBUMS, "animation"):
        return "editMessageMedia", place | {"media": _item(way, part, None) | words}
    return "editMessageCaption", place | words


def retold(way: Way, part: Part) -> list[Call]:
    """What a part becomes when it is told again after its own message is gone: files go by their id."""
    if part.media is None:
        return calls(way, part)
    method = _SENT_BY.get(part.media)
    if method is None or part.file_id is None:
        return [Call(way.key(part), *_message(way, way.headed(Markup("📎")), buttons=False))]
    above, caption = _above_and_caption(way, part, headed=True)
    file = way.place | {part.media: part.file_id} | _captioned(caption)
    return [*_notes(way, part, above), Call(way.key(part), method, file)]


def _texts(way: Way, part: Part) -> Iterator[Call]:
    all_pieces = list(pieces(part.text or "", way.entities(part)))
    for place, piece in enumerate(all_pieces):
        text = way.headed(piece) if place == 0 or way.repeats else piece
        key = way.key(part) if place == 0 else f"{way.key(part)}:{place}"
        yield Call(key, *_message(way, text, buttons=place == len(all_pieces) - 1))


def _notes(way: Way, part: Part, texts: Sequence[Markup]) -> Iterator[Call]:
    for place, text in enumerate(texts):
        yield Call(f"{way.key(part)}:above{place}", *_message(way, text, buttons=False))


def _message(way: Way, text: Markup, *, buttons: bool) -> tuple[str, dict[str, Any]]:
    payload = way.place | {"text": str(text), "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
    return "sendMessage", payload | (_markup(way) if buttons else {})


def _markup(way: Way) -> dict[str, Any]:
    markup = keyboard(way.buttons)
    return {"reply_markup": markup} if markup is not None else {}


def _above_and_caption(way: Way, part: Part, *, headed: bool) -> tuple[list[Markup], Markup | None]:
    """What stands in messages of its own above a file, and its caption: nothing is cut off, however long it is."""
    text, entities = part.text or "", way.entities(part)
    if not takes_caption(part.media):
        return ([way.heading] if headed and way.heads_bare else []), None
    words = as_html(text, entities)
    if units(text) <= CAPTION_LIMIT:
        return [], way.headed(words) if headed else words
    if units(text) <= CAPTION_AT_MOST:
        return ([way.heading] if headed else []), words
    first, *others = pieces(text, entities)
    return [way.headed(first), *others], way.heading


def _captioned(caption: Markup | None) -> dict[str, str]:
    return {"caption": str(caption), "parse_mode": "HTML"} if caption is not None else {}


def _file(way: Way, part: Part, caption: Markup | None) -> tuple[str, dict[str, Any]]:
    """The call for one file alone: a copy without a trace of its sender, or uploaded anew where its name would be one."""
    payload = way.place | _markup(way) | _captioned(caption)
    if not _renamed(way, part):
        return "copyMessage", payload | {"from_chat_id": part.chat_id, "message_id": part.message_id}
    kind = _kind(way, part)
    return _SENT_BY[kind], payload | {kind: _source(way, part)} | _as_it_is(kind)


def _item(way: Way, part: Part, caption: Markup | None) -> dict[str, Any]:
    kind = _kind(way, part)
    found = {"type": kind, "media": _source(way, part)} | (_captioned(caption) if caption else {})
    return found | (_as_it_is(kind) if _renamed(way, part) else {})


def _renamed(way: Way, part: Part) -> bool:
    return way.nameless and part.file_id is not None and shows_name(part.media, part.file_name)


def _kind(way: Way, part: Part) -> str:
    """A song shows its artist and title; without a name it is a document."""
    return "document" if part.media == "audio" and _renamed(way, part) else str(part.media)


def _source(way: Way, part: Part) -> Any:
    return {"$again": [part.file_id, neutral_name(part.media, part.file_name)]} if _renamed(way, part) else part.file_id


def _as_it_is(kind: str) -> dict[str, bool]:
    return {"disable_content_type_detection": True} if kind == "document" else {}

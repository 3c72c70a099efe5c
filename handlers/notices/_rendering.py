"""How a notice becomes calls to Telegram, the same for a preview, a test and the real thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.features import notices
from bot.features.notices import Notice, NoticeText
from handlers._kit import Button, keyboard
from handlers.notices._feature import SignUp

Call = tuple[str, dict[str, Any]]

SENT_BY = {
    "photo": "sendPhoto",
    "document": "sendDocument",
    "video": "sendVideo",
    "audio": "sendAudio",
    "voice": "sendVoice",
    "animation": "sendAnimation",
}
"""What can come with a notice, and the method that sends it."""

_BELOW_AN_ALBUM = "👇"
"""What stands over the buttons of an album without words: an album has no buttons of its own."""


def calls(notice: Notice, text: NoticeText, *, chat_id: int) -> list[Call]:
    """The calls, in order, that bring a notice in one language to a chat; the words are those of `text.language`."""
    place: dict[str, Any] = {"chat_id": chat_id}
    markup = _markup(notice, text)
    if text.poll is not None:
        return [("sendPoll", place | _poll(text.poll) | markup)]
    if len(text.media) > 1:
        return _album(place, text, markup)
    if text.media:
        item = text.media[0]
        return [(SENT_BY[item["kind"]], place | {item["kind"]: item["file_id"]} | _caption(text.html) | markup)]
    return [_message(place, text.html, markup)]


def _markup(notice: Notice, text: NoticeText) -> dict[str, Any]:
    rows = [
        [Button(notices.label_of(button, text.language, notice.fallback), _leads_to(notice, number, button))]
        for number, button in enumerate(notice.buttons)
    ]
    found = keyboard(rows)
    return {"reply_markup": found} if found is not None else {}


def _leads_to(notice: Notice, number: int, button: dict[str, Any]) -> str | SignUp:
    return str(button["url"]) if button["kind"] == "link" else SignUp(notice.id or 0, number)


def _album(place: dict[str, Any], text: NoticeText, markup: dict[str, Any]) -> list[Call]:
    """One call for all of it; where there are buttons, the words stand below, with them."""
    captions = ["" if markup else text.html, *(item.get("html") or "" for item in text.media[1:])]
    media = [_item(item, caption) for item, caption in zip(text.media, captions, strict=True)]
    together: list[Call] = [("sendMediaGroup", place | {"media": media})]
    return [*together, _message(place, text.html or _BELOW_AN_ALBUM, markup)] if markup else together


def _item(item: dict[str, Any], caption: str) -> dict[str, Any]:
    return {"type": item["kind"], "media": item["file_id"]} | _caption(caption)


def _caption(html: str) -> dict[str, Any]:
    return {"caption": html, "parse_mode": "HTML"} if html else {}


def _message(place: dict[str, Any], html: str, markup: dict[str, Any]) -> Call:
    return "sendMessage", place | {"text": html, "parse_mode": "HTML"} | markup


def _poll(poll: dict[str, Any]) -> dict[str, Any]:
    modes = {"question_parse_mode": "HTML"} | ({"explanation_parse_mode": "HTML"} if poll.get("explanation") else {})
    options: Sequence[dict[str, Any]] = poll["options"]
    return poll | modes | {"options": [option | {"text_parse_mode": "HTML"} for option in options]}

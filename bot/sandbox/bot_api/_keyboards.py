"""Keyboards under messages: what Telegram accepts, and the form in which it keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.sandbox.errors import bad_request
from bot.sandbox.text import checked_link
from bot.sandbox.world import Chat

Json = dict[str, Any]

MOST_BUTTONS = 100
LONGEST_DATA = 64  # bytes

_KINDS = {
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
}
_PRIVATE_ONLY = {
    "request_contact": "phone number can be requested in private chats only",
    "request_location": "location can be requested in private chats only",
    "request_poll": "poll can be requested in private chats only",
    "request_users": "users can be requested in private chats only",
    "request_chat": "chats can be requested in private chats only",
    "web_app": "Web App buttons can be used in private chats only",
}


def checked_markup(markup: Json | None, chat: Chat) -> Json | None:
    """The markup to keep with a message, or None for none."""
    if not markup:
        return None
    if "inline_keyboard" in markup:
        return checked_inline(markup, private=chat.is_private)
    if "keyboard" in markup:
        return _checked_reply_keyboard(markup, chat)
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return markup
    return None


def checked_inline(markup: Json, *, private: bool) -> Json | None:
    """An inline keyboard in Telegram's form, or None for an empty one; nothing else is accepted."""
    if "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    rows = [[_checked_button(button, private) for button in row] for row in markup["inline_keyboard"] if row]
    _check_count(rows)
    return {"inline_keyboard": rows} if rows else None


def _check_count(rows: Iterable[list[Json]]) -> None:
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")


def _checked_button(button: Json, private: bool) -> Json:
    text = button["text"].strip()
    if not text:
        raise bad_request("can't parse inline keyboard button: inline keyboard button text must be non-empty")
    kinds = _KINDS.intersection(key for key, value in button.items() if value not in ("", None) or key.startswith("sw"))
    if len(kinds) != 1:
        raise bad_request("can't parse inline keyboard button: text buttons are unallowed in the inline keyboard")
    kind = kinds.pop()
    kept = {key: value for key, value in button.items() if key in {kind, "style", "icon_custom_emoji_id"}}
    return {"text": text} | kept | _checked_kind(kind, button[kind], private)


def _checked_kind(kind: str, value: Any, private: bool) -> Json:
    if kind == "callback_data" and not 1 <= len(value.encode()) <= LONGEST_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    if kind == "web_app" and not private:
        raise bad_request("BUTTON_TYPE_INVALID")
    if kind == "copy_text" and not 1 <= len(value["text"]) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if kind in {"login_url", "callback_game", "pay"}:
        raise bad_request(f"not in this sandbox: buttons with {kind}")
    if kind == "url":
        return {"url": _checked_url(value)}
    return {}


def _checked_url(url: str) -> str:
    link = url if url.lower().startswith("tg://user?id=") else checked_link(url)
    if link is None:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return link


def _checked_reply_keyboard(markup: Json, chat: Chat) -> Json | None:
    rows = [[_checked_key(button, chat) for button in row] for row in markup["keyboard"] if row]
    _check_count(rows)
    return markup | {"keyboard": rows} if rows else None


def _checked_key(button: Json, chat: Chat) -> Json:
    if not button["text"].strip():
        raise bad_request("can't parse keyboard button: keyboard button text must be non-empty")
    for key, sentence in _PRIVATE_ONLY.items():
        if button.get(key) and not chat.is_private:
            raise bad_request(sentence)
    return button

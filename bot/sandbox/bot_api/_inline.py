"""The bot's answers in inline mode: articles with a text to send, and a button that leads to the private chat."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.sandbox.bot_api._content import format_text, text_fields
from bot.sandbox.bot_api._keyboards import checked_inline
from bot.sandbox.bot_api._receiving import TOO_OLD
from bot.sandbox.errors import bad_request
from bot.sandbox.world import TEXT_LIMIT, InlineAnswer

if TYPE_CHECKING:
    from bot.sandbox.bot_api import BotApi

Json = dict[str, Any]

_MOST_RESULTS = 50
_LONGEST_ID = _LONGEST_OFFSET = 64  # bytes
_LONGEST_START = 64
_START = re.compile(r"[A-Za-z0-9_-]*")
_CACHE_SECONDS, _LONGEST_CACHE = 300, 24 * 60 * 60
_UNREADABLE = "can't parse inline query result"


def _answer_inline_query(api: BotApi, p: Json) -> bool:
    if len(p["results"]) > _MOST_RESULTS:
        raise bad_request("too many inline query results specified")
    offered = InlineAnswer(p["results"], _contents(api, p["results"]), _button(p.get("button")), _next_offset(p))
    now = api.world.seconds()
    asked = api.world.inline_queries.get(p["inline_query_id"])
    if asked is None or not asked.is_open(now):
        raise bad_request(TOO_OLD)
    kept = min(max(p.get("cache_time", _CACHE_SECONDS), 0), _LONGEST_CACHE)
    api.world.inline_cache.keep(asked, offered, until=now + kept, personal=bool(p.get("is_personal")))
    api.world.offer(asked, offered)
    return True


def _contents(api: BotApi, results: list[Json]) -> dict[str, Json]:
    """What each result posts, by its id."""
    contents: dict[str, Json] = {}
    for result in results:
        content = _content(api, result)
        if not 1 <= len(result["id"].encode()) <= _LONGEST_ID:
            raise bad_request("RESULT_ID_INVALID")
        if result["id"] in contents:
            raise bad_request("RESULT_ID_DUPLICATE")
        contents[result["id"]] = content
    return contents


def _content(api: BotApi, result: Json) -> Json:
    if result["type"] != "article":
        raise bad_request(f"not in this sandbox: inline results of type {result['type']}")
    if not result["title"].strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    given = result["input_message_content"]
    if "message_text" not in given:
        raise bad_request("not in this sandbox: input_message_content other than text")
    content = _text(api, given)
    markup = checked_inline(result["reply_markup"], private=False) if "reply_markup" in result else None
    return content | ({"reply_markup": markup} if markup else {})


def _text(api: BotApi, given: Json) -> Json:
    if not given["message_text"]:
        raise bad_request(f"{_UNREADABLE}: Input message content is not specified")
    refusal = f"{_UNREADABLE}: Can't parse entities"
    written = format_text(given["message_text"], given.get("parse_mode"), given.get("entities"), refusal=refusal)
    if len(written.text) > TEXT_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    return text_fields(api, written, given)


def _button(button: Json | None) -> Json | None:
    """The button above the results; Telegram takes a start parameter of 1 to 64 letters, digits, _ and -."""
    if button is None:
        return None
    if "web_app" in button:
        raise bad_request("not in this sandbox: inline buttons with web_app")
    if "start_parameter" not in button:
        raise bad_request(
            "can't parse inline query results button: InlineQueryResultsButton must have exactly one optional field"
        )
    start = button["start_parameter"]
    if not start:
        raise bad_request("can't use empty start_parameter")
    if len(start.encode()) > _LONGEST_START:
        raise bad_request("too long start_parameter specified")
    if not _START.fullmatch(start):
        raise bad_request("unallowed characters in start_parameter are used")
    if not button["text"].strip():
        raise bad_request("SWITCH_PM_TEXT_EMPTY")
    return button


def _next_offset(p: Json) -> str:
    offset: str = p.get("next_offset", "")
    if len(offset.encode()) > _LONGEST_OFFSET:
        raise bad_request("NEXT_OFFSET_INVALID")
    return offset


METHODS = {"answerInlineQuery": _answer_inline_query}

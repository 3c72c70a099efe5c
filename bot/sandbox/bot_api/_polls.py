"""Asking in polls and quizzes."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bot.sandbox.bot_api._access import find_chat
from bot.sandbox.bot_api._content import format_text, send
from bot.sandbox.errors import bad_request

if TYPE_CHECKING:
    from bot.sandbox.bot_api import BotApi

Json = dict[str, Any]

_QUESTION, _OPTION, _OPTIONS, _EXPLANATION = 300, 100, 12, 200
_NOT_HERE = ("media", "explanation_media", "country_codes", "members_only", "hide_results_until_closes")


def _send_poll(api: BotApi, p: Json) -> Json:
    for name in _NOT_HERE:
        if p.get(name):
            raise bad_request(f"not in this sandbox: {name} of a poll")
    question = _marked("question", p["question"], p.get("question_parse_mode"), p.get("question_entities"))
    if not question["question"]:
        raise bad_request("poll question must be non-empty")
    if len(question["question"]) > _QUESTION:
        raise bad_request(f"poll question length must not exceed {_QUESTION}")
    options = _options(p["options"])
    poll = api.world.make_poll(question, options, **_settings(api, p, len(options)))
    post = send(api, p, {"poll": poll}, "can_send_polls")
    return api.world.place_poll(find_chat(api.world, p["chat_id"]), post).message


def _marked(field: str, text: str, parse_mode: str | None, entities: list[Json] | None) -> Json:
    written = format_text(text, parse_mode, entities)
    custom = [entity for entity in written.entities if entity["type"] == "custom_emoji"]
    return {field: written.text} | ({f"{field}_entities": custom} if custom else {})


def _options(given: list[Json]) -> list[Json]:
    if not given:
        raise bad_request("poll must have at least one answer option")
    if len(given) > _OPTIONS:
        raise bad_request(f"poll can't have more than {_OPTIONS} options")
    options = []
    for option in given:
        if option.get("media"):
            raise bad_request("not in this sandbox: media of a poll's option")
        marked = _marked("text", option["text"], option.get("text_parse_mode"), option.get("text_entities"))
        if not marked["text"]:
            raise bad_request("poll option must be non-empty")
        if len(marked["text"]) > _OPTION:
            raise bad_request(f"poll options length must not exceed {_OPTION}")
        options.append(marked)
    return options


def _settings(api: BotApi, p: Json, count: int) -> Json:
    kind = p.get("type", "regular")
    if kind not in {"regular", "quiz"}:
        raise bad_request("unsupported poll type specified")
    keys = ("type", "is_anonymous", "allows_multiple_answers", "allows_revoting", "is_closed")
    settings = {key: p[key] for key in keys if key in p} | _closing(api, p)
    if p.get("description"):
        settings |= _marked("description", p["description"], p.get("description_parse_mode"), None)
    return settings | (_quiz(p, count) if kind == "quiz" else {})


def _closing(api: BotApi, p: Json) -> Json:
    if "open_period" in p and "close_date" in p:
        raise bad_request("open_period and close_date can't be used together")
    if "open_period" in p:
        return {"open_period": p["open_period"], "close_date": int(api.world.seconds()) + p["open_period"]}
    return {"close_date": p["close_date"]} if "close_date" in p else {}


def _quiz(p: Json, count: int) -> Json:
    correct = p.get("correct_option_ids") or []
    if not correct:
        raise bad_request("correct quiz option list must be non-empty")
    if any(later <= earlier for earlier, later in pairwise(correct)):
        raise bad_request("correct quiz option list must be increasing")
    if not all(0 <= option < count for option in correct):
        raise bad_request("wrong quiz correct_option_id")
    quiz: Json = {"correct_option_ids": correct}
    if p.get("explanation"):
        written = format_text(p["explanation"], p.get("explanation_parse_mode"), p.get("explanation_entities"))
        if len(written.text) > _EXPLANATION or written.text.count("\n") > 2:
            raise bad_request("message is too long")
        quiz |= {"explanation": written.text, "explanation_entities": written.entities or None}
    return quiz


METHODS = {"sendPoll": _send_poll}

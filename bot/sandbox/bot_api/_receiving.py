"""How the bot hears: long polling, webhooks, and its answers to taps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.world._updates import DEFAULT_KINDS

if TYPE_CHECKING:
    from bot.sandbox.bot_api import BotApi

Json = dict[str, Any]

_LONGEST_POLL = 50
_CONFLICTS = {
    "conflict": "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    "webhook": "Conflict: terminated by setWebhook request",
}
_ACTIVE_WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_ANSWER_LIMIT = 200

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
"""Telegram's sentence for an answer that comes too late, or twice."""


async def _get_updates(api: BotApi, p: Json) -> list[Json]:
    updates = api.world.updates
    if api.webhook is not None:
        raise ApiError(409, _ACTIVE_WEBHOOK)
    updates.allow(p.get("allowed_updates"))
    if p.get("offset"):
        updates.acknowledge(p["offset"])
    limit = min(max(p.get("limit", 100), 1), 100)
    timeout = min(max(p.get("timeout", 0), 0), _LONGEST_POLL)
    waiting = updates.first(limit)
    if waiting or not timeout:
        return waiting
    ended = await updates.wait(timeout)
    if ended in _CONFLICTS:
        raise ApiError(409, _CONFLICTS[ended])
    return updates.first(limit)


def _set_webhook(api: BotApi, p: Json) -> bool:
    """Remember where to deliver; a local address may do without TLS, which Telegram's own server would refuse."""
    url, secret = p.get("url", ""), p.get("secret_token", "")
    if not url:
        return _delete_webhook(api, p)
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise bad_request("invalid webhook URL specified")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    if p.get("drop_pending_updates"):
        api.world.updates.clear()
    api.world.updates.allow(p.get("allowed_updates"))
    api.world.updates.break_off("webhook")
    api.set_webhook(url, secret, p.get("max_connections", 40))
    return True


def _delete_webhook(api: BotApi, p: Json) -> bool:
    if p.get("drop_pending_updates"):
        api.world.updates.clear()
    api.set_webhook(None)
    return True


def _get_webhook_info(api: BotApi, p: Json) -> Json:
    hook = api.webhook
    info: Json = {"url": hook.url if hook else "", "has_custom_certificate": False}
    info["pending_update_count"] = len(api.world.updates)
    if hook is None:
        return info
    info["max_connections"] = hook.max_connections
    if hook.last_error:
        info |= {"last_error_date": hook.last_error_date, "last_error_message": hook.last_error}
    asked_for = api.world.updates.allowed
    return info if asked_for == DEFAULT_KINDS else info | {"allowed_updates": sorted(asked_for)}


def _answer_callback_query(api: BotApi, p: Json) -> bool:
    tap = api.world.taps.get(p["callback_query_id"])
    if tap is None or not tap.is_open(api.world.seconds()):
        raise bad_request(TOO_OLD)
    text = p.get("text")
    if text is not None and len(text) > _ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    tap.answer(text, bool(p.get("show_alert")), p.get("url"))
    api.world.publish("answer", tap.chat, user_id=tap.person.id, detail=_shown(tap.message_id, p))
    return True


def _shown(message_id: int, p: Json) -> Json:
    answer = {"text": p.get("text"), "show_alert": bool(p.get("show_alert")), "url": p.get("url")}
    return {"message_id": message_id} | answer


METHODS = {
    "getUpdates": _get_updates,
    "setWebhook": _set_webhook,
    "deleteWebhook": _delete_webhook,
    "getWebhookInfo": _get_webhook_info,
    "answerCallbackQuery": _answer_callback_query,
}

"""Reading updates that may be newer than this program: what is strange in one must not stop those behind it."""

from __future__ import annotations

import logging
from typing import Any

from telegram import Update, User

log = logging.getLogger(__name__)

STRANGE = (AttributeError, LookupError, TypeError, ValueError, OverflowError)
"""What reading an update raises that has another shape than the Bot API had when this was written."""

_BONES = {
    *("message_id", "date", "edit_date", "chat", "from", "sender_chat", "message_thread_id", "is_topic_message"),
    *("text", "entities", "caption", "caption_entities", "media_group_id"),
}
"""By these a message is still heard when something else in it cannot be read."""


def read(payload: dict[str, Any]) -> Update | None:
    """The update, at least in its bones; None where not even those can be read."""
    for shape in (payload, _bones(payload)):
        try:
            return Update.de_json(shape, None)
        except STRANGE as error:
            log.warning("update %s holds something unknown (%s)", payload["update_id"], type(error).__name__)
    return None


def sender_of(update: Update) -> User | None:
    """The person behind an update."""
    if update.callback_query is not None:
        return update.callback_query.from_user
    if update.my_chat_member is not None:
        return update.my_chat_member.from_user
    if update.inline_query is not None:
        return update.inline_query.from_user
    if update.chat_member is not None:
        return update.chat_member.new_chat_member.user
    if update.chat_join_request is not None:
        return update.chat_join_request.from_user
    if update.message_reaction is not None:
        return update.message_reaction.user
    message = update.message or update.edited_message
    return message.from_user if message else None


def _bones(payload: dict[str, Any]) -> dict[str, Any]:
    """The update without those parts of a message that may be new."""
    return {kind: _message(body) if isinstance(body, dict) else body for kind, body in payload.items()}


def _message(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name in _BONES} if "message_id" in body else body

"""What of a message goes along when it is forwarded or copied."""

from __future__ import annotations

from bot.sandbox.world._model import Chat, Json, Post

_NOT_CARRIED = {
    "message_id",
    "message_thread_id",
    "is_topic_message",
    "from",
    "sender_chat",
    "chat",
    "date",
    "edit_date",
    "reply_to_message",
    "external_reply",
    "quote",
    "reply_markup",
    "media_group_id",
    "has_protected_content",
    "forward_origin",
    "via_bot",
}


def carried(post: Post) -> Json:
    """The part of a message that a copy or a forward carries along."""
    return {key: value for key, value in post.message.items() if key not in _NOT_CARRIED}


def forwarded(post: Post, chat: Chat) -> Json:
    """The content of a forward, with where it came from."""
    via = {"via_bot": post.message["via_bot"]} if "via_bot" in post.message else {}
    return carried(post) | via | {"forward_origin": post.message.get("forward_origin") or _origin(post, chat)}


def _origin(post: Post, chat: Chat) -> Json:
    if chat.type == "channel":
        return {"type": "channel", "date": post.message["date"], "chat": chat.as_json(), "message_id": post.id}
    if "sender_chat" in post.message:
        return {"type": "chat", "date": post.message["date"], "sender_chat": post.message["sender_chat"]}
    return {"type": "user", "date": post.message["date"], "sender_user": post.message["from"]}

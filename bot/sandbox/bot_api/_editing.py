"""Changing and removing what stands in a chat: edits, deletions, reactions, pins, polls' ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.bot_api._access import bot_member, find_chat, find_post, own_post, readable_chat, writable_chat
from bot.sandbox.bot_api._content import caption_content, text_content
from bot.sandbox.bot_api._keyboards import checked_inline
from bot.sandbox.bot_api._media import input_media
from bot.sandbox.bot_api._reactions import checked_reactions
from bot.sandbox.errors import bad_request
from bot.sandbox.world import GENERAL, SERVICE, Chat, Post, World
from bot.sandbox.world._media import KINDS

if TYPE_CHECKING:
    from bot.sandbox.bot_api import BotApi

Json = dict[str, Any]

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
_DELETABLE_SECONDS = 48 * 60 * 60
_DICE_SECONDS = 24 * 60 * 60  # a throw can't be unmade at once
_MOST_AT_ONCE = 100


def _place(api: BotApi, p: Json) -> Chat:
    if p.get("inline_message_id"):
        raise bad_request("not in this sandbox: inline messages")
    if "chat_id" not in p:
        raise bad_request("chat_id is empty")
    if "message_id" not in p:
        raise bad_request("message identifier is not specified")
    return readable_chat(api.world, p["chat_id"])


def _edit(api: BotApi, chat: Chat, post: Post, p: Json, content: Json, old_fields: set[str]) -> Json:
    """Put new content in place of old fields; a call without a keyboard takes the old one away."""
    markup = checked_inline(p["reply_markup"], private=chat.is_private) if p.get("reply_markup") else None
    changes: Json = dict.fromkeys(old_fields | {"reply_markup"}) | content
    changes["reply_markup"] = markup
    if all(post.message.get(key) == value for key, value in changes.items()):
        raise bad_request(_NOT_MODIFIED)
    api.world.replace(chat, post, changes)
    return post.message


def _edit_message_text(api: BotApi, p: Json) -> Json:
    if "text" not in p:
        raise bad_request("message text is empty")
    chat = _place(api, p)
    content = text_content(api, p)
    post = own_post(api.world, chat, p["message_id"])
    if "text" not in post.message:
        raise bad_request("there is no text in the message to edit")
    return _edit(api, chat, post, p, content, {"text", "entities", "link_preview_options"})


def _edit_message_caption(api: BotApi, p: Json) -> Json:
    chat = _place(api, p)
    content = caption_content(api, p)
    post = own_post(api.world, chat, p["message_id"])
    if not any(kind in post.message for kind in KINDS) or "sticker" in post.message or "video_note" in post.message:
        raise bad_request("there is no caption in the message to edit")
    return _edit(api, chat, post, p, content, {"caption", "caption_entities", "show_caption_above_media"})


def _edit_message_media(api: BotApi, p: Json) -> Json:
    chat = _place(api, p)
    content = input_media(api, p["media"], p)
    post = own_post(api.world, chat, p["message_id"])
    old = {kind for kind in KINDS if kind in post.message}
    if not old and "text" not in post.message:
        raise bad_request("message media can't be edited")
    gone = old | {"caption", "caption_entities", "show_caption_above_media", "has_media_spoiler", "text", "entities"}
    return _edit(api, chat, post, p, content, gone | {"link_preview_options"})


def _edit_message_reply_markup(api: BotApi, p: Json) -> Json:
    chat = _place(api, p)
    return _edit(api, chat, own_post(api.world, chat, p["message_id"]), p, {}, set())


def _stop_poll(api: BotApi, p: Json) -> Json:
    chat = readable_chat(api.world, p["chat_id"])
    post = find_post(chat, p["message_id"], "message with poll to stop")
    poll: Json | None = post.message.get("poll")
    if poll is None:
        raise bad_request("message is not a poll")
    if post.author != api.world.bot_id:
        raise bad_request("poll can't be stopped")
    if poll["is_closed"]:
        raise bad_request("poll has already been closed")
    closed = api.world.close_poll(poll)
    markup = checked_inline(p["reply_markup"], private=chat.is_private) if p.get("reply_markup") else None
    api.world.replace(chat, post, {"reply_markup": markup})
    return closed


# Deleting


def _delete_message(api: BotApi, p: Json) -> bool:
    chat = writable_chat(api.world, p["chat_id"])
    post = find_post(chat, p["message_id"], "message to delete")
    _check_deletable(api.world, chat, post)
    api.world.remove(chat, [post.id])
    return True


def _delete_messages(api: BotApi, p: Json) -> bool:
    """Those that are gone are passed over; one that may not be deleted saves all."""
    if len(p["message_ids"]) > _MOST_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    chat = writable_chat(api.world, p["chat_id"])
    found = [chat.messages[message_id] for message_id in p["message_ids"] if message_id in chat.messages]
    for post in found:
        _check_deletable(api.world, chat, post)
    api.world.remove(chat, [post.id for post in found])
    return True


def _check_deletable(world: World, chat: Chat, post: Post) -> None:
    age = world.seconds() - post.at
    own = post.author == world.bot_id and SERVICE.isdisjoint(post.message)
    if chat.is_supergroup:
        fixed = {"forum_topic_created", "migrate_from_chat_id"} & post.message.keys()
        allowed = own or bot_member(world, chat).may("can_delete_messages")
        if age >= _DELETABLE_SECONDS or fixed or not allowed:
            raise bad_request("message can't be deleted")
        return
    young_dice = "dice" in post.message and age < _DICE_SECONDS
    allowed = chat.is_private or own or bot_member(world, chat).is_admin
    if age > _DELETABLE_SECONDS or young_dice or not allowed:
        raise bad_request("message can't be deleted for everyone")


# Reactions and pins


def _set_message_reaction(api: BotApi, p: Json) -> bool:
    chat = writable_chat(api.world, p["chat_id"])
    post = find_post(chat, p["message_id"], "message to react")
    if not SERVICE.isdisjoint(post.message):
        raise bad_request("MESSAGE_ID_INVALID")
    api.world.react(chat, post, api.world.bot_id, checked_reactions(p.get("reaction", [])))
    return True


def _pin_chat_message(api: BotApi, p: Json) -> bool:
    chat = writable_chat(api.world, p["chat_id"])
    post = find_post(chat, p["message_id"], "message to pin")
    _check_may_pin(api.world, chat)
    if not SERVICE.isdisjoint(post.message):
        raise bad_request("service messages can't be pinned")
    if post.id not in chat.pinned:
        api.world.pin(chat, post, api.world.as_bot())
    return True


def _unpin_chat_message(api: BotApi, p: Json) -> bool:
    chat = writable_chat(api.world, p["chat_id"])
    _check_may_pin(api.world, chat)
    message_id = p.get("message_id", chat.pinned[0] if chat.pinned else None)
    if message_id not in chat.messages:
        raise bad_request("message to unpin not found")
    api.world.unpin(chat, [message_id])
    return True


def _unpin_all_chat_messages(api: BotApi, p: Json) -> bool:
    chat = writable_chat(api.world, p["chat_id"])
    _check_may_pin(api.world, chat)
    api.world.unpin(chat, list(chat.pinned))
    return True


def _unpin_all_forum_topic_messages(api: BotApi, p: Json) -> bool:
    return _unpin_topic(api, p, p["message_thread_id"])


def _unpin_all_general_forum_topic_messages(api: BotApi, p: Json) -> bool:
    return _unpin_topic(api, p, GENERAL)


def _unpin_topic(api: BotApi, p: Json, thread_id: int) -> bool:
    chat = find_chat(api.world, p["chat_id"])
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    _check_may_pin(api.world, chat)
    api.world.unpin(chat, [pinned for pinned in chat.pinned if chat.messages[pinned].topic == thread_id])
    return True


def _check_may_pin(world: World, chat: Chat) -> None:
    if not chat.is_private and not bot_member(world, chat).may("can_pin_messages"):
        raise bad_request("not enough rights to manage pinned messages in the chat")


METHODS = {
    "editMessageText": _edit_message_text,
    "editMessageCaption": _edit_message_caption,
    "editMessageMedia": _edit_message_media,
    "editMessageReplyMarkup": _edit_message_reply_markup,
    "stopPoll": _stop_poll,
    "deleteMessage": _delete_message,
    "deleteMessages": _delete_messages,
    "setMessageReaction": _set_message_reaction,
    "pinChatMessage": _pin_chat_message,
    "unpinChatMessage": _unpin_chat_message,
    "unpinAllChatMessages": _unpin_all_chat_messages,
    "unpinAllForumTopicMessages": _unpin_all_forum_topic_messages,
    "unpinAllGeneralForumTopicMessages": _unpin_all_general_forum_topic_messages,
}

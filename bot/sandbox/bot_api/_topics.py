"""Topics of forums, opened and managed by the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.bot_api._access import bot_member, writable_chat
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.world import GENERAL, Chat, Topic, World

if TYPE_CHECKING:
    from bot.sandbox.bot_api import BotApi

Json = dict[str, Any]

_LONGEST_NAME = 128
_COLORS = {0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F}


def _forum(api: BotApi, p: Json) -> Chat:
    chat = writable_chat(api.world, p["chat_id"])
    if not chat.is_supergroup:
        raise bad_request("the chat is not a supergroup forum")
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    return chat


def _name(p: Json) -> str:
    """The name as Telegram cleans it: one line, cut off after 128 characters."""
    name = " ".join(p.get("name", "").split())[:_LONGEST_NAME]
    if not name:
        raise bad_request("name must be non-empty")
    return name


def _topic(chat: Chat, p: Json) -> Topic:
    topic = chat.topics.get(p["message_thread_id"])
    if topic is None or topic.id == GENERAL:
        raise bad_request("TOPIC_ID_INVALID")
    return topic


def _check_manages(world: World, chat: Chat, topic: Topic | None, sentence: str) -> None:
    own = topic is not None and topic.creator == world.bot_id
    if not own and not bot_member(world, chat).may("can_manage_topics"):
        raise bad_request(sentence)


def _create_forum_topic(api: BotApi, p: Json) -> Json:
    chat = _forum(api, p)
    if not chat.permissions["can_manage_topics"]:
        _check_manages(api.world, chat, None, "not enough rights to create a topic")
    color = p.get("icon_color", 0x6FB9F0)
    if color not in _COLORS:
        raise bad_request("invalid icon color specified")
    emoji = p.get("icon_custom_emoji_id")
    topic = api.world.open_topic(
        chat, _name(p), api.world.as_bot(), icon_color=color, icon_custom_emoji_id=emoji or None
    )
    return topic.as_json()


def _edit_forum_topic(api: BotApi, p: Json) -> bool:
    chat = _forum(api, p)
    topic = _topic(chat, p)
    _check_manages(api.world, chat, topic, "not enough rights to edit the topic")
    name = _name(p) if p.get("name") else None
    if not api.world.change_topic(chat, topic, api.world.as_bot(), name, p.get("icon_custom_emoji_id")):
        raise _not_modified()
    return True


def _not_modified() -> ApiError:
    return bad_request("TOPIC_NOT_MODIFIED")


def _close_forum_topic(api: BotApi, p: Json) -> bool:
    return _set_closed(api, _forum(api, p), _topic(_forum(api, p), p), True)


def _reopen_forum_topic(api: BotApi, p: Json) -> bool:
    return _set_closed(api, _forum(api, p), _topic(_forum(api, p), p), False)


def _set_closed(api: BotApi, chat: Chat, topic: Topic, closed: bool) -> bool:
    _check_manages(api.world, chat, topic, "not enough rights to close or open the topic")
    if not api.world.close_topic(chat, topic, api.world.as_bot(), closed):
        raise _not_modified()
    return True


def _delete_forum_topic(api: BotApi, p: Json) -> bool:
    chat = _forum(api, p)
    topic = _topic(chat, p)
    others = any(post.author != api.world.bot_id for post in chat.in_topic(topic.id))
    alone = topic.creator == api.world.bot_id and not others
    if not alone and not bot_member(api.world, chat).may("can_delete_messages"):
        raise bad_request("not enough rights to delete the topic")
    api.world.delete_topic(chat, topic)
    return True


def _get_forum_topic_icon_stickers(api: BotApi, p: Json) -> list[Json]:
    return []


# The General topic


def _general(api: BotApi, p: Json, sentence: str) -> tuple[Chat, Topic]:
    chat = _forum(api, p)
    topic = api.world.find_topic(chat, GENERAL)
    assert topic is not None  # every forum has it
    if not bot_member(api.world, chat).may("can_manage_topics"):
        raise bad_request(sentence)
    return chat, topic


def _edit_general_forum_topic(api: BotApi, p: Json) -> bool:
    chat, topic = _general(api, p, "not enough rights to edit the topic")
    if not api.world.change_topic(chat, topic, api.world.as_bot(), _name(p), None):
        raise _not_modified()
    return True


def _close_general_forum_topic(api: BotApi, p: Json) -> bool:
    return _set_closed(api, *_general(api, p, "not enough rights to close or open the topic"), True)


def _reopen_general_forum_topic(api: BotApi, p: Json) -> bool:
    return _set_closed(api, *_general(api, p, "not enough rights to close or open the topic"), False)


def _hide_general_forum_topic(api: BotApi, p: Json) -> bool:
    return _set_hidden(api, p, True)


def _unhide_general_forum_topic(api: BotApi, p: Json) -> bool:
    return _set_hidden(api, p, False)


def _set_hidden(api: BotApi, p: Json, hidden: bool) -> bool:
    chat, _ = _general(api, p, "not enough rights to close or open the topic")
    if not api.world.hide_general(chat, api.world.as_bot(), hidden):
        raise _not_modified()
    return True


METHODS = {
    "createForumTopic": _create_forum_topic,
    "editForumTopic": _edit_forum_topic,
    "closeForumTopic": _close_forum_topic,
    "reopenForumTopic": _reopen_forum_topic,
    "deleteForumTopic": _delete_forum_topic,
    "getForumTopicIconStickers": _get_forum_topic_icon_stickers,
    "editGeneralForumTopic": _edit_general_forum_topic,
    "closeGeneralForumTopic": _close_general_forum_topic,
    "reopenGeneralForumTopic": _reopen_general_forum_topic,
    "hideGeneralForumTopic": _hide_general_forum_topic,
    "unhideGeneralForumTopic": _unhide_general_forum_topic,
}

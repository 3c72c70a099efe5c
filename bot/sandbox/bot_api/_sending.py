"""Sending text, places, people and dice; forwarding and copying; showing that the bot is typing."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bot.sandbox.bot_api._access import check_may_send, find_chat, find_post, readable_chat, writable_chat
from bot.sandbox.bot_api._content import caption_content, dressing, place, send, text_content
from bot.sandbox.errors import bad_request
from bot.sandbox.world import SERVICE, Chat, Post
from bot.sandbox.world._carried import carried, forwarded

if TYPE_CHECKING:
    from bot.sandbox.bot_api import BotApi

Json = dict[str, Any]

_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
_DICE = {"🎲": 6, "🎯": 6, "🏀": 5, "⚽": 5, "🎳": 6, "🎰": 64}
_MOST_AT_ONCE = 100


def _send_message(api: BotApi, p: Json) -> Json:
    return send(api, p, text_content(api, p), "can_send_messages").message


def _send_location(api: BotApi, p: Json) -> Json:
    keys = ("latitude", "longitude", "horizontal_accuracy", "live_period", "heading", "proximity_alert_radius")
    location = {key: p[key] for key in keys if key in p}
    return send(api, p, {"location": location}, "can_send_messages").message


def _send_venue(api: BotApi, p: Json) -> Json:
    keys = ("title", "address", "foursquare_id", "foursquare_type", "google_place_id", "google_place_type")
    location = {"latitude": p["latitude"], "longitude": p["longitude"]}
    venue = {"location": location} | {key: p[key] for key in keys if key in p}
    return send(api, p, {"venue": venue, "location": location}, "can_send_messages").message


def _send_contact(api: BotApi, p: Json) -> Json:
    contact = {key: p[key] for key in ("phone_number", "first_name", "last_name", "vcard") if key in p}
    return send(api, p, {"contact": contact}, "can_send_messages").message


def _send_dice(api: BotApi, p: Json) -> Json:
    emoji = p.get("emoji", "🎲")
    if emoji not in _DICE:
        raise bad_request("DICE_EMOTICON_INVALID")
    value = random.Random(api.world.number("dice")).randint(1, _DICE[emoji])
    return send(api, p, {"dice": {"emoji": emoji, "value": value}}, "can_send_other_messages").message


def _send_chat_action(api: BotApi, p: Json) -> bool:
    if p["action"] not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = writable_chat(api.world, p["chat_id"])
    detail = {"user": api.world.bot, "action": p["action"], "thread_id": p.get("message_thread_id")}
    api.world.publish("action", chat, detail=detail)
    return True


# Forwarding and copying


def _forward_message(api: BotApi, p: Json) -> Json:
    source = readable_chat(api.world, p["from_chat_id"])
    post = find_post(source, p["message_id"], "message to forward")
    if not _may_be_forwarded(post):
        raise bad_request("message can't be forwarded")
    return _pass_on(api, p, forwarded(post, source)).message


def _copy_message(api: BotApi, p: Json) -> Json:
    source = readable_chat(api.world, p["from_chat_id"])
    post = find_post(source, p["message_id"], "message to copy")
    if not _may_be_copied(post):
        raise bad_request("message can't be copied")
    content = _copied(api, post)
    if "caption" in p and "text" not in content:
        content = _without_caption(content) | caption_content(api, p)
    return {"message_id": _pass_on(api, p, content).id}


def _forward_messages(api: BotApi, p: Json) -> list[Json]:
    return _pass_on_many(api, p, lambda source, post: forwarded(post, source) if _may_be_forwarded(post) else None)


def _copy_messages(api: BotApi, p: Json) -> list[Json]:
    def copied(_source: Chat, post: Post) -> Json | None:
        if not _may_be_copied(post):
            return None
        content = _copied(api, post)
        return _without_caption(content) if p.get("remove_caption") else content

    return _pass_on_many(api, p, copied)


def _may_be_forwarded(post: Post) -> bool:
    return SERVICE.isdisjoint(post.message) and not post.message.get("has_protected_content")


def _may_be_copied(post: Post) -> bool:
    quiz = post.message.get("poll", {}).get("type") == "quiz"
    known_answer = "correct_option_ids" in post.message.get("poll", {})
    return _may_be_forwarded(post) and (not quiz or known_answer)


def _copied(api: BotApi, post: Post) -> Json:
    content = carried(post)
    if "poll" not in content:
        return content
    poll = content["poll"]
    options = [{"text": option["text"]} for option in poll["options"]]
    settings = ("type", "is_anonymous", "allows_multiple_answers", "correct_option_ids", "explanation")
    fresh = {key: poll[key] for key in settings if key in poll}
    return {"poll": api.world.make_poll({"question": poll["question"]}, options, **fresh)}


def _without_caption(content: Json) -> Json:
    return {key: value for key, value in content.items() if key not in {"caption", "caption_entities"}}


def _pass_on(api: BotApi, p: Json, content: Json) -> Post:
    post = send(api, p, content, "can_send_messages")
    return api.world.place_poll(find_chat(api.world, p["chat_id"]), post) if "poll" in content else post


def _pass_on_many(api: BotApi, p: Json, content_of: Any) -> list[Json]:
    """Pass on all that can be, silently leaving out the rest; albums stay together."""
    ids = p["message_ids"]
    if len(ids) > _MOST_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    if any(later <= earlier for earlier, later in pairwise(ids)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    chat, source = writable_chat(api.world, p["chat_id"]), readable_chat(api.world, p["from_chat_id"])
    posts = [source.messages[message_id] for message_id in ids if message_id in source.messages]
    contents = [(post, content) for post in posts if (content := content_of(source, post)) is not None]
    if not contents:
        raise bad_request("there are no messages to forward")
    topic, _, _ = place(api, chat, p)
    check_may_send(api.world, chat, "can_send_messages")
    api.take_allowance(chat, len(contents))
    albums: dict[str, str] = {}
    sent = []
    for post, content in contents:
        content = content | dressing(p) | _album_of(api, post, albums)
        sent.append(api.world.put(chat, api.world.as_bot(), content, topic=topic))
    return [{"message_id": post.id} for post in sent]


def _album_of(api: BotApi, post: Post, albums: dict[str, str]) -> Json:
    old = post.message.get("media_group_id")
    if old is None:
        return {}
    return {"media_group_id": albums.setdefault(old, api.new_album_id())}


METHODS = {
    "sendMessage": _send_message,
    "sendLocation": _send_location,
    "sendVenue": _send_venue,
    "sendContact": _send_contact,
    "sendDice": _send_dice,
    "sendChatAction": _send_chat_action,
    "forwardMessage": _forward_message,
    "forwardMessages": _forward_messages,
    "copyMessage": _copy_message,
    "copyMessages": _copy_messages,
}

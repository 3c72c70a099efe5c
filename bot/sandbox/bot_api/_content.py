"""What the bot's messages are made of: formatted text, captions, replies, and the sending itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.bot_api._access import check_may_send, find_topic, readable_chat, writable_chat
from bot.sandbox.bot_api._keyboards import checked_markup
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.text import Formatted, TextError, formatted
from bot.sandbox.world import CAPTION_LIMIT, TEXT_LIMIT, Chat, Post

if TYPE_CHECKING:
    from bot.sandbox.bot_api import BotApi

Json = dict[str, Any]


def format_text(
    source: str, parse_mode: str | None, entities: list[Json] | None, *, refusal: str = "can't parse entities"
) -> Formatted:
    """Text with its markup read, or Telegram's refusal, which names the place where the text stands."""
    try:
        return formatted(source, parse_mode, entities)
    except TextError as refused:
        raise _unreadable(str(refused), refusal) from None


def _unreadable(sentence: str, refusal: str) -> ApiError:
    if sentence.startswith("not in this sandbox"):
        return bad_request(sentence)
    return bad_request(f"{refusal}: {sentence}")


def text_content(api: BotApi, p: Json) -> Json:
    """`text`, `entities` and `link_preview_options` of a message."""
    written = format_text(p["text"], p.get("parse_mode"), p.get("entities"))
    if len(written.text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return text_fields(api, written, p)


def text_fields(api: BotApi, written: Formatted, p: Json) -> Json:
    """The fields of a message that show a text; `p` says how its links are shown."""
    if not written.text:
        raise bad_request("text must be non-empty")
    content: Json = {"text": written.text}
    if written.entities:
        content["entities"] = _with_people(api, written.entities)
    if p.get("link_preview_options"):
        content["link_preview_options"] = p["link_preview_options"]
    return content


def caption_content(api: BotApi, p: Json) -> Json:
    """`caption` and `caption_entities` of a message, empty without a caption."""
    if not p.get("caption"):
        return {}
    written = format_text(p["caption"], p.get("parse_mode"), p.get("caption_entities"))
    if len(written.text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    content: Json = {"caption": written.text} if written.text else {}
    if written.entities:
        content["caption_entities"] = _with_people(api, written.entities)
    if p.get("show_caption_above_media"):
        content["show_caption_above_media"] = True
    return content


def _with_people(api: BotApi, entities: list[Json]) -> list[Json]:
    """Mentions by id get the whole user; a mention of somebody unknown is dropped, as Telegram does."""
    kept = []
    for entity in entities:
        if entity["type"] != "text_mention":
            kept.append(entity)
        elif (user := api.world.find_user(entity["user"]["id"])) is not None:
            kept.append(entity | {"user": user})
    return kept


def send(api: BotApi, p: Json, content: Json, permission: str) -> Post:
    """Send one message of the bot, its place and its dressing taken from the call's parameters."""
    chat = writable_chat(api.world, p["chat_id"])
    topic, reply, quoted = place(api, chat, p)
    check_may_send(api.world, chat, permission)
    markup = checked_markup(p.get("reply_markup"), chat)
    api.take_allowance(chat)
    content = content | quoted | dressing(p)
    return api.world.put(chat, api.world.as_bot(), content, topic=topic, reply=reply, markup=markup)


def dressing(p: Json) -> Json:
    """Fields that a message of any kind may get from its call."""
    worn: Json = {"has_protected_content": True} if p.get("protect_content") else {}
    return worn | ({"effect_id": p["message_effect_id"]} if p.get("message_effect_id") else {})


def place(api: BotApi, chat: Chat, p: Json) -> tuple[int, Post | None, Json]:
    """The topic, the message replied to, and fields (`quote`, `external_reply`) that the reply adds."""
    wanted = p.get("reply_parameters")
    topic = find_topic(api.world, chat, p.get("message_thread_id"))
    if not wanted:
        return topic, None, {}
    elsewhere = wanted.get("chat_id", chat.id)
    source = chat if elsewhere in {chat.id, chat.username} else readable_chat(api.world, elsewhere)
    post = source.messages.get(wanted["message_id"])
    if post is None:
        if wanted.get("allow_sending_without_reply"):
            return topic, None, {}
        raise bad_request("message to be replied not found")
    if source is not chat or (p.get("message_thread_id") and post.topic != topic):
        return topic, None, {"external_reply": _external(source, post)} | _quote(post, wanted)
    return find_topic(api.world, chat, post.topic), post, _quote(post, wanted)


def _external(source: Chat, post: Post) -> Json:
    origin: Json = {"type": "user", "date": post.message["date"], "sender_user": post.message.get("from")}
    if "sender_chat" in post.message:
        origin = {"type": "chat", "date": post.message["date"], "sender_chat": post.message["sender_chat"]}
    return {"origin": origin, "chat": source.as_json(), "message_id": post.id}


def _quote(post: Post, wanted: Json) -> Json:
    if not wanted.get("quote"):
        return {}
    quote = format_text(wanted["quote"], wanted.get("quote_parse_mode"), wanted.get("quote_entities"))
    at = post.text.find(quote.text)
    if at < 0:
        raise bad_request("QUOTE_TEXT_INVALID")
    position = len(post.text[:at].encode("utf-16-le")) // 2
    quoted: Json = {"text": quote.text, "position": position, "is_manual": True}
    return {"quote": quoted | ({"entities": quote.entities} if quote.entities else {})}

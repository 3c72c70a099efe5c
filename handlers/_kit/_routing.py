"""From an update to the one trigger that hears it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from telegram import Message, MessageEntity, MessageReactionUpdated, Update

from handlers._kit._features import Event, Trigger, Triggers
from handlers._kit._request import Heard
from handlers._kit._watching import FLOOD, Watch, coming_or_going

_QUESTION = re.compile(
    r"[?？吗嗎呢]|怎[么麼样樣]|如何|哪|什[么麼]|\b(how|what|why|who|where|when|which|can|should)\b", re.IGNORECASE
)
_MIGRATION = ("migrate_to_chat_id", "migrate_from_chat_id")
_COMMAND = re.compile(r"/[A-Za-z0-9_]+(?:@([A-Za-z0-9_]+))?")
_EVENTS = {
    "inline": Event.INLINE,
    "edited": Event.EDITED,
    "membership": Event.MEMBERSHIP,
    "migration": Event.MIGRATION,
    "topic": Event.TOPIC_CLOSED,
    "stranger": Event.UNKNOWN_SENDER,
    "arrival": Event.ARRIVAL,
    "join request": Event.JOIN_REQUEST,
    "held": Event.HELD,
    "flood": Event.FLOOD,
}
_TOPIC = ("forum_topic_closed", "forum_topic_reopened")


@dataclass(frozen=True)
class Ears:
    """Decides, from the raw JSON alone, whether an update concerns the bot at all."""

    bot_id: int
    bot_username: str
    watch: Watch = field(default_factory=Watch, compare=False)
    _albums: deque[str] = field(default_factory=lambda: deque(maxlen=64), compare=False)
    """Albums that began with a message for us: only that one names the bot, and the others come right behind it."""

    def want(self, payload: dict[str, Any], rooms: Collection[int], listening: Collection[int] = ()) -> bool:
        """Whether it does; in `listening` groups anything that looks like a question counts as well.

        False for a group's own talk, which is dropped before it costs a row in the database.
        """
        if any(kind in payload for kind in ("callback_query", "my_chat_member", "inline_query")):
            return True
        if self.watch.notices(payload, self._is_addressed):
            return True
        if (reaction := payload.get("message_reaction")) is not None:
            return not (reaction.get("user") or {"is_bot": True}).get("is_bot")
        message = payload.get("message") or payload.get("edited_message")
        if message is None or message["chat"]["type"] == "channel":
            return False
        chat = message["chat"]
        if (message.get("from") or {}).get("is_bot"):
            return chat["id"] in rooms and self._replies_to_us(message)
        if chat["id"] in rooms:
            return True
        if self._is_from_us(message):
            return False
        if chat["type"] == "private" or any(key in message for key in _MIGRATION):
            return True
        if self._is_addressed(message):
            self._albums.extend(filter(None, [message.get("media_group_id")]))
            return True
        if message.get("media_group_id") in self._albums:
            return True
        return chat["id"] in listening and looks_like_a_question(message.get("text") or "")

    def _is_from_us(self, message: dict[str, Any]) -> bool:
        """Whether a member took it from our inline mode: for others to read, and no question to answer."""
        return bool((message.get("via_bot") or {}).get("id") == self.bot_id)

    def _is_addressed(self, message: dict[str, Any]) -> bool:
        text = message.get("text") or message.get("caption") or ""
        if (command := _COMMAND.match(text)) is not None:
            return command[1] is None or command[1].casefold() == self.bot_username.casefold()
        return self._replies_to_us(message) or self._own_name.search(text) is not None

    def _replies_to_us(self, message: dict[str, Any]) -> bool:
        answered = message.get("reply_to_message") or {}
        return (answered.get("from") or {}).get("id") == self.bot_id and "forum_topic_created" not in answered

    def hear(self, update: Update) -> Heard | None:
        """The update as far as routing needs it; None for kinds that we do not listen to."""
        if update.callback_query is not None:
            return _heard_tap(update)
        if update.inline_query is not None:
            asked = update.inline_query
            return Heard(update, "inline", asked.from_user.id, asked.from_user.id, True, text=asked.query.strip())
        if update.my_chat_member is not None:
            changed = update.my_chat_member
            return Heard(update, "membership", changed.from_user.id, changed.chat.id, changed.chat.type == "private")
        if update.chat_member is not None:
            changed = update.chat_member
            self.watch.note(changed.to_dict())  # another process may have taken the update in
            return Heard(update, "arrival", changed.new_chat_member.user.id, changed.chat.id)
        if update.chat_join_request is not None:
            asked_in = update.chat_join_request
            return Heard(update, "join request", asked_in.from_user.id, asked_in.user_chat_id, True)
        if update.message_reaction is not None:
            return _heard_reaction(update, update.message_reaction)
        if update.edited_message is not None:
            heard = self._heard_message(update, update.edited_message)
            return replace(heard, kind=heard.kind if heard.kind == "held" else "edited", command=None)
        return self._heard_message(update, update.message) if update.message is not None else None

    def _heard_message(self, update: Update, message: Message) -> Heard:
        kind = "message"
        if any(getattr(message, key) for key in _MIGRATION):
            kind = "migration"
        elif any(getattr(message, key) for key in _TOPIC):
            kind = "topic"
        elif message.sender_chat is not None or (message.from_user is not None and message.from_user.is_bot):
            kind = "stranger"
        elif message.chat_id in self.watch.communities:
            kind = self._watched(update, message.to_dict())
        sender = message.from_user.id if message.from_user and message.sender_chat is None else None
        command, text = self._command(message)
        if command is None:
            text = self._without_own_name(message.text or message.caption or "")
        if not text and (command == "ask" or message.text):  # /ask, or just the bot's name, under somebody's question
            text = _said_before(message)
        return Heard(
            update,
            kind,
            sender,
            message.chat_id,
            message.chat.type == "private",
            message,
            command,
            text,
            addressed=message.chat.type != "private" and self._is_addressed(message.to_dict()),
            message_id=message.message_id,
        )

    def _watched(self, update: Update, message: dict[str, Any]) -> str:
        """What a message in a community group is heard as."""
        if coming_or_going(message):
            self.watch.note(message)
            return "arrival"
        if update.api_kwargs.get(FLOOD):
            return "flood"
        return "held" if self.watch.holds(message) else "message"

    def _command(self, message: Message) -> tuple[str | None, str]:
        text = message.text or message.caption or ""
        entities = message.entities or message.caption_entities
        if not entities or entities[0].type != MessageEntity.BOT_COMMAND or entities[0].offset != 0:
            return None, text
        end = entities[0].length  # a command is ASCII: here units are characters
        name, _, mentioned = text[1:end].partition("@")
        if mentioned and mentioned.casefold() != self.bot_username.casefold():
            return None, text
        return name.casefold(), text[end:].strip()

    def _without_own_name(self, text: str) -> str:
        return self._own_name.sub(" ", text, count=1).strip()

    @property
    def _own_name(self) -> re.Pattern[str]:
        return re.compile(rf"@{re.escape(self.bot_username)}\b", re.IGNORECASE)


def _said_before(message: Message) -> str:
    """The words of the person whom a message replies to."""
    replied = message.reply_to_message
    if replied is None or (replied.from_user and replied.from_user.is_bot):
        return ""
    return replied.text or replied.caption or ""


def looks_like_a_question(text: str) -> bool:
    """Whether somebody asks something, as far as one can tell without knowing what."""
    return _QUESTION.search(text) is not None


def _heard_reaction(update: Update, reaction: MessageReactionUpdated) -> Heard:
    return Heard(
        update,
        "reaction",
        reaction.user.id if reaction.user else None,
        reaction.chat.id,
        reaction.chat.type == "private",
        message_id=reaction.message_id,
    )


def _heard_tap(update: Update) -> Heard:
    query = update.callback_query
    if query is None:
        raise LookupError("not a tap")
    # a message that was deleted, or is too old for the bot to see, comes with the date 0
    message = query.message if isinstance(query.message, Message) and query.message.date.timestamp() > 0 else None
    chat = query.message.chat if query.message else None
    return Heard(
        update,
        "tap",
        query.from_user.id,
        chat.id if chat else query.from_user.id,
        chat is None or chat.type == "private",
        message,
        data=query.data or "",
        message_id=message.message_id if message else None,
    )


def event_of(heard: Heard, rooms: Collection[int]) -> Event:
    """Which event a message is that no command, step or reply claims."""
    if (event := _EVENTS.get(heard.kind)) is not None:
        return event
    return Event.ROOM if heard.chat_id in rooms else Event.WORDS


def find_trigger(
    triggers: Triggers,
    heard: Heard,
    *,
    rooms: Collection[int],
    step: str | None,
    about: str | None,
    album: str | None = None,
) -> Trigger | None:
    """The trigger that hears this: a tap, a command, a reply's or reaction's subject, the pending step, or an event.

    `album` is the one that its sender has begun to send: whoever heard its first message heard what it is for.
    """
    if heard.kind == "tap":
        if heard.message is None:
            return None
        return triggers.taps.get((heard.data or "").split(":", 1)[0])
    subject = (about or "").split(":", 1)[0]
    if heard.kind == "reaction":
        return triggers.reactions.get(subject)
    if heard.kind == "stranger" and heard.chat_id not in rooms:
        return None
    if heard.kind == "message":
        if heard.album is not None and heard.album == album and heard.chat_id not in rooms:
            return triggers.events.get(Event.ALBUM)
        if heard.command is not None:
            if not heard.private and heard.chat_id not in rooms and heard.command in triggers.group_commands:
                return triggers.group_commands[heard.command]
            return triggers.commands.get(heard.command) or triggers.events.get(event_of(heard, rooms))
        if subject in triggers.replies and heard.chat_id not in rooms:
            return triggers.replies[subject]
        if heard.private and step in triggers.steps:
            return triggers.steps[step]
    return triggers.events.get(event_of(heard, rooms))

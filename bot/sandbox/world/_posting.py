"""How messages come to stand in a chat, change and go, and which of it the bot is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.sandbox.world._model import ANONYMOUS_ADMIN, CHANNEL_SENDER, GENERAL, Chat, Json, Person, Post
from bot.sandbox.world._state import State

_OWN_DEEDS_TOLD = {
    "new_chat_title",
    "new_chat_photo",
    "delete_chat_photo",
    "left_chat_member",
    "pinned_message",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
}
"""Service messages that a Bot API server passes on although the bot itself caused them."""

SERVICE = _OWN_DEEDS_TOLD | {
    "new_chat_members",
    "group_chat_created",
    "supergroup_chat_created",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
}
"""The fields that make a message a service message."""


@dataclass(frozen=True, slots=True)
class Sender:
    """In whose name a message stands: `author` wrote it, `fields` is what its readers are shown."""

    author: int
    fields: Json = field(default_factory=dict)


class Posting(State):
    """Messages: put, replaced, removed, pinned and reacted to, by anyone."""

    # In whose name

    def as_bot(self) -> Sender:
        """The bot."""
        return Sender(self.bot_id, {"from": self.bot})

    def as_person(self, person: Person) -> Sender:
        """A person in their own name."""
        return Sender(person.id, {"from": person.user})

    def as_user(self, user_id: int) -> Sender:
        """A person or the bot, by id."""
        return self.as_bot() if user_id == self.bot_id else self.as_person(self.people[user_id])

    def as_anonymous_admin(self, person: Person, chat: Chat) -> Sender:
        """An administrator who hides behind the group's name."""
        return Sender(person.id, {"from": ANONYMOUS_ADMIN, "sender_chat": chat.as_json()})

    def as_channel(self, person: Person, channel: Chat) -> Sender:
        """A person who writes in the name of their channel."""
        return Sender(person.id, {"from": CHANNEL_SENDER, "sender_chat": channel.as_json()})

    # Messages

    def put(
        self,
        chat: Chat,
        sender: Sender,
        content: Json,
        *,
        topic: int = GENERAL,
        reply: Post | None = None,
        markup: Json | None = None,
    ) -> Post:
        """Let a message appear in a chat and tell everyone who sees it."""
        now = self.seconds()
        message: Json = {"message_id": self._next_message_id(chat), **sender.fields}
        message |= {"chat": chat.as_json(), "date": int(now)}
        if chat.is_supergroup:
            message |= self._thread(chat, topic, reply)
        if reply is not None and "external_reply" not in content:
            message["reply_to_message"] = _quoted(reply)
        message |= content
        post = Post(message, sender.author, at=now)
        if markup is not None:
            self._attach(post, markup)
        return self._appear(chat, post)

    def _appear(self, chat: Chat, post: Post) -> Post:
        chat.messages[post.id] = post
        self.publish("message", chat, message=post.message)
        if self.bot_sees(chat, post):
            self.updates.push("channel_post" if chat.type == "channel" else "message", post.message)
        return post

    def _next_message_id(self, chat: Chat) -> int:
        """Supergroups and channels count their own messages; all other chats share the account's counter."""
        if chat.type in {"supergroup", "channel"}:
            chat.last_id += 1
            return chat.last_id
        return self.number("messages")

    def _thread(self, chat: Chat, topic: int, reply: Post | None) -> Json:
        if chat.is_forum and topic != GENERAL:
            thread: Json = {"message_thread_id": topic, "is_topic_message": True}
            opening = chat.messages.get(topic)
            return thread | ({"reply_to_message": _quoted(opening)} if reply is None and opening else {})
        if reply is None:
            return {}
        return {"message_thread_id": reply.message.get("message_thread_id", reply.id)}

    def _attach(self, post: Post, markup: Json) -> None:
        if "inline_keyboard" in markup:
            if any(markup["inline_keyboard"]):
                post.message["reply_markup"] = markup
        else:
            post.markup, post.fixed = markup, True

    def service(self, chat: Chat, sender: Sender, content: Json, *, topic: int = GENERAL) -> Post:
        """Let a service message appear ("… joined the group")."""
        return self.put(chat, sender, content, topic=topic)

    def replace(self, chat: Chat, post: Post, changes: Json, *, edited: bool = True) -> None:
        """Change fields of a message (None removes one); only an edit is marked and told as such."""
        message = {key: value for key, value in (post.message | changes).items() if value is not None}
        if edited:
            message["edit_date"] = int(self.seconds())
        post.message = message
        self.publish("edited", chat, message=message)
        if edited and post.author != self.bot_id and self.bot_sees(chat, post):
            self.updates.push("edited_message", message)

    def remove(self, chat: Chat, message_ids: Iterable[int]) -> list[int]:
        """Take messages away; bots are never told. Returns the ids that were there."""
        gone = [message_id for message_id in message_ids if chat.messages.pop(message_id, None)]
        if gone:
            was_pinned = any(message_id in chat.pinned for message_id in gone)
            chat.pinned = [message_id for message_id in chat.pinned if message_id not in gone]
            self.publish("deleted", chat, detail={"message_ids": gone})
            if was_pinned:
                self.publish("chat", chat)
        return gone

    # Pins and reactions

    def pin(self, chat: Chat, post: Post, sender: Sender) -> None:
        """Pin a message and say so in the chat."""
        chat.pinned = [post.id, *(pinned for pinned in chat.pinned if pinned != post.id)]
        self.service(chat, sender, {"pinned_message": _quoted(post)}, topic=post.topic)
        self.publish("chat", chat)

    def unpin(self, chat: Chat, message_ids: Iterable[int]) -> None:
        """Take pins away."""
        gone = set(message_ids)
        chat.pinned = [pinned for pinned in chat.pinned if pinned not in gone]
        self.publish("chat", chat)

    def react(self, chat: Chat, post: Post, user_id: int, reactions: list[Json]) -> None:
        """Set somebody's reactions to a message; an empty list takes them back."""
        old = post.reactions.get(user_id, [])
        if old == reactions:
            return
        post.reactions = {key: value for key, value in post.reactions.items() if key != user_id}
        if reactions:
            post.reactions[user_id] = reactions
        self.publish("edited", chat, message=post.message)
        if user_id != self.bot_id and self._bot_watches(chat):
            self.updates.push("message_reaction", self._reaction_update(chat, post, user_id, old, reactions))

    def _reaction_update(self, chat: Chat, post: Post, user_id: int, old: list[Json], new: list[Json]) -> Json:
        member = chat.member(user_id)
        anonymous = member is not None and member.anonymous
        actor = {"actor_chat": chat.as_json()} if anonymous else {"user": self.people[user_id].user}
        told = {"chat": chat.as_json(), "message_id": post.id, **actor, "date": int(self.seconds())}
        return told | {"old_reaction": old, "new_reaction": new}

    # What the bot is told

    def _bot_watches(self, chat: Chat) -> bool:
        """Whether the bot is told of reactions and of members: in private, and where it is an administrator."""
        member = chat.member(self.bot_id)
        return chat.is_private or (member is not None and member.is_admin)

    def bot_sees(self, chat: Chat, post: Post) -> bool:
        """Whether a message reaches the bot: its own do not, and privacy mode hides what is not meant for it."""
        message = post.message
        service = not SERVICE.isdisjoint(message)
        if post.author == self.bot_id:
            return not _OWN_DEEDS_TOLD.isdisjoint(message) and message.get("from") == self.bot
        if chat.is_private:
            return not self.people[chat.id].blocked
        member = chat.member(self.bot_id)
        if member is None:
            return bool(message.get("left_chat_member", {}).get("id") == self.bot_id)
        return service or not self.privacy_mode or member.is_admin or self._meant_for_bot(message)

    def _meant_for_bot(self, message: Json) -> bool:
        """A command, a mention of the bot, a reply to one of its messages, or what it offered in inline mode."""
        if "via_bot" in message:
            return True
        replied = message.get("reply_to_message")
        implicit = replied is not None and "forum_topic_created" in replied
        if replied is not None and replied.get("from", {}).get("id") == self.bot_id and not implicit:
            return True
        text = message.get("text") or message.get("caption") or ""
        entities = message.get("entities") or message.get("caption_entities") or []
        return any(self._entity_means_bot(text, entity) for entity in entities)

    def _entity_means_bot(self, text: str, entity: Json) -> bool:
        kind = entity["type"]
        if kind == "text_mention":
            return bool(entity["user"]["id"] == self.bot_id)
        if kind not in {"mention", "bot_command"}:
            return False
        _, _, name = entity_text(text, entity).partition("@")
        if kind == "bot_command" and not name:
            return bool(entity["offset"] == 0)
        return bool(name.lower() == str(self.bot["username"]).lower())


def _quoted(post: Post) -> Json:
    """A message as it stands inside another one: without its own inner message."""
    if "reply_to_message" not in post.message:
        return post.message
    return {key: value for key, value in post.message.items() if key != "reply_to_message"}


def entity_text(text: str, entity: Json) -> str:
    """The part of a text that an entity covers."""
    units = text.encode("utf-16-le")
    return units[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode("utf-16-le")

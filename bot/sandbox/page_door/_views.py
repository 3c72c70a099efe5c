"""The world as one person's screen shows it."""

from __future__ import annotations

from typing import Any

from bot.sandbox.bot_api import BotApi, commands_for, menu_language, text_for
from bot.sandbox.errors import NotPossible
from bot.sandbox.world import GENERAL, SERVICE, Chat, Person, Post, World

Json = dict[str, Any]
Place = tuple[int, int, int]  # person, chat, topic


class Reading:
    """How far everybody has read, by person, chat and topic."""

    def __init__(self) -> None:
        self._read: dict[Place, int] = {}

    def mark(self, person: Person, chat: Chat, topic: int) -> None:
        """Note that a person has read all that is in a place now."""
        newest = next((post.id for post in reversed(_posts(chat, topic))), 0)
        self._read[person.id, chat.id, topic] = newest

    def unread(self, person: Person, chat: Chat, topic: int, posts: list[Post]) -> int:
        """How many messages of others are new to a person."""
        upto = self._read.get((person.id, chat.id, topic), 0)
        return sum(post.id > upto and post.author != person.id and not is_service(post) for post in posts)


def is_service(post: Post) -> bool:
    """Whether a message only says what happened in the chat."""
    return not SERVICE.isdisjoint(post.message)


def _posts(chat: Chat, topic: int) -> list[Post]:
    return chat.in_topic(topic) if chat.is_forum else list(chat.messages.values())


class Views:
    """Makes the page protocol's objects for one person at a time."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self.world: World = api.world
        self.reading = Reading()

    def people(self) -> list[Json]:
        """Everybody, for the chooser."""
        return [{"user": person.user, "note": person.note} for person in self.world.people.values()]

    def hello(self, person: Person) -> Json:
        """All that a page needs to begin."""
        chats = [self.chat(person, chat) for chat in self.world.chats_of(person)]
        hello: Json = {"type": "hello", "me": person.user, "bot": self.world.bot, "people": self.people()}
        return hello | {"chats": chats, "language": person.language or "en"}

    def message(self, person: Person, chat: Chat, message: Json) -> Json:
        """A message with a person's own view of its reactions and votes."""
        post = chat.messages.get(message["message_id"])
        view: Json = {"reactions": [], "votes": [], "reads": True}
        if post is not None:
            view["reactions"] = _reactions(post, person)
            view["votes"] = self.world.chosen(person, post)
        return message | {"view": view}

    def chat(self, person: Person, chat: Chat) -> Json:
        """A `ChatView` of the protocol."""
        topics = self._topics(person, chat) if chat.is_forum else []
        unread = sum(topic["unread"] for topic in topics) if chat.is_forum else self._unread(person, chat, GENERAL)
        view: Json = {"chat": chat.as_json(), "title": self._title(chat), "unread": unread}
        view["last"] = self._last(person, chat)
        view |= {"members": _members(chat), "topics": topics, "pinned": chat.pinned}
        view["commands"] = commands_for(self.api, chat, person.id, person.language)
        view |= {"keyboard": _keyboard(person, chat), "can_send": self._can_send(person, chat)}
        view["about"] = text_for(self.api, "description", menu_language(person.language)) if chat.is_private else ""
        return view | {"started": person.started, "blocked": person.blocked}

    def _title(self, chat: Chat) -> str:
        return str(self.world.bot["first_name"]) if chat.is_private else chat.title

    def _unread(self, person: Person, chat: Chat, topic: int) -> int:
        return self.reading.unread(person, chat, topic, _posts(chat, topic))

    def _last(self, person: Person, chat: Chat) -> Json | None:
        return self.message(person, chat, chat.last.message) if chat.last else None

    def _topics(self, person: Person, chat: Chat) -> list[Json]:
        self.world.find_topic(chat, GENERAL)
        by_topic: dict[int, list[Post]] = {topic_id: [] for topic_id in chat.topics}
        for post in chat.messages.values():
            by_topic.setdefault(post.topic, []).append(post)
        ordered = sorted(chat.topics.values(), key=lambda topic: topic.id)
        return [
            {
                "message_thread_id": topic.id,
                "name": topic.name,
                "icon_color": topic.icon_color,
                "closed": topic.closed,
                "unread": self.reading.unread(person, chat, topic.id, by_topic[topic.id]),
                "last": self.message(person, chat, by_topic[topic.id][-1].message) if by_topic[topic.id] else None,
            }
            for topic in ordered
        ]

    def _can_send(self, person: Person, chat: Chat) -> bool:
        try:
            self.world.check_may_write(person, chat)
        except NotPossible:
            return False
        return True


def _reactions(post: Post, person: Person) -> list[Json]:
    counted: dict[str, Json] = {}
    for user_id, given in post.reactions.items():
        for reaction in given:
            emoji = reaction.get("emoji", "")
            entry = counted.setdefault(emoji, {"emoji": emoji, "count": 0, "mine": False})
            entry["count"] += 1
            entry["mine"] = entry["mine"] or user_id == person.id
    return list(counted.values())


def _members(chat: Chat) -> list[Json]:
    return [
        {"user": member.user, "status": "member" if member.status == "restricted" else member.status}
        for member in chat.members.values()
        if member.present
    ]


def _keyboard(person: Person, chat: Chat) -> Json | None:
    """The reply keyboard (or forced reply) that stands under a person's chat now."""
    answered = False
    for post in reversed(chat.messages.values()):
        if post.markup is not None and _is_for(post, person):
            once = post.markup.get("one_time_keyboard") or "force_reply" in post.markup
            gone = "remove_keyboard" in post.markup or (once and answered)
            return None if gone else post.markup
        answered = answered or post.author == person.id
    return None


def _is_for(post: Post, person: Person) -> bool:
    """A selective keyboard is for the person replied to and for those mentioned only."""
    if post.markup is None or not post.markup.get("selective"):
        return True
    entities = post.message.get("entities", [])
    mentioned = {entity["user"]["id"] for entity in entities if entity["type"] == "text_mention"}
    replied = post.message.get("reply_to_message", {}).get("from", {}).get("id")
    name = person.user.get("username")
    return person.id in mentioned or person.id == replied or (name is not None and f"@{name}" in post.text)

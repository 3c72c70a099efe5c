"""The things of the sandbox's world: people, chats, members, topics and messages.

Everything that a bot can see is kept in the Bot API's own JSON form (`User`, `Chat`, `Message` as dicts) and is
replaced, never changed in place, so that a copy handed out yesterday still says what was true yesterday.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.world._rights import default_permissions

Json = dict[str, Any]

GENERAL = 0
"""The General topic where one has to be named; its messages carry no thread id."""

ANONYMOUS_ADMIN: Json = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
CHANNEL_SENDER: Json = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}


@dataclass(slots=True, eq=False)
class Person:
    """Somebody with a Telegram account; `user` is what a bot sees of them."""

    user: Json
    note: str = ""
    started: bool = False
    blocked: bool = False
    deactivated: bool = False
    photo: str | None = None  # the file id of their picture

    @property
    def id(self) -> int:
        """The user's id, which is also the id of their private chat with the bot."""
        return int(self.user["id"])

    @property
    def name(self) -> str:
        """First and last name."""
        return " ".join(filter(None, (self.user["first_name"], self.user.get("last_name"))))

    @property
    def language(self) -> str | None:
        """The language of their Telegram app."""
        return self.user.get("language_code")


@dataclass(slots=True, eq=False)
class Member:
    """Somebody's standing in a group: creator, administrator, member, restricted, left or kicked."""

    user: Json
    status: str = "member"
    rights: dict[str, bool] = field(default_factory=dict)
    permissions: dict[str, bool] = field(default_factory=dict)
    until: int = 0  # of a restriction or ban, Unix time; 0 is for ever
    anonymous: bool = False
    inside: bool = True  # for those who are restricted
    title: str | None = None
    promoted_by_bot: bool = False

    @property
    def present(self) -> bool:
        """Whether they are in the group now."""
        return self.status in {"creator", "administrator", "member"} or (self.status == "restricted" and self.inside)

    @property
    def is_admin(self) -> bool:
        """Whether they are the owner or an administrator."""
        return self.status in {"creator", "administrator"}

    def may(self, right: str) -> bool:
        """Whether they have a right as owner or administrator."""
        return self.status == "creator" or (self.status == "administrator" and self.rights.get(right, False))


@dataclass(slots=True, eq=False)
class Topic:
    """A topic of a forum; its id is the id of the service message that opened it (0 for General)."""

    id: int
    name: str
    icon_color: int = 7322096
    icon_custom_emoji_id: str | None = None
    creator: int = 0
    closed: bool = False
    hidden: bool = False

    def as_json(self) -> Json:
        """The topic as a Bot API `ForumTopic`."""
        icon = {"icon_custom_emoji_id": self.icon_custom_emoji_id} if self.icon_custom_emoji_id else {}
        return {"message_thread_id": self.id, "name": self.name, "icon_color": self.icon_color} | icon


@dataclass(slots=True, eq=False)
class Post:
    """A message and what Telegram knows about it beyond what a bot is shown."""

    message: Json
    author: int
    reactions: dict[int, list[Json]] = field(default_factory=dict)
    markup: Json | None = None  # a reply keyboard, its removal or a forced reply that came with it
    fixed: bool = False  # can never be edited
    at: float = 0.0

    @property
    def id(self) -> int:
        """The message's id in its chat."""
        return int(self.message["message_id"])

    @property
    def text(self) -> str:
        """What is written in it: the text or the caption, "" where there is neither."""
        return str(self.message.get("text") or self.message.get("caption") or "")

    @property
    def topic(self) -> int:
        """The id of its forum topic; 0 in General and outside of forums."""
        return int(self.message["message_thread_id"]) if self.message.get("is_topic_message") else GENERAL

    @property
    def buttons(self) -> list[list[Json]]:
        """The rows of its inline keyboard."""
        rows: list[list[Json]] = self.message.get("reply_markup", {}).get("inline_keyboard", [])
        return rows


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat with the bot, a group, a supergroup (perhaps a forum) or a channel."""

    id: int
    type: str
    title: str = ""
    username: str | None = None
    is_forum: bool = False
    user: Json | None = None  # the person of a private chat
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, Post] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    permissions: dict[str, bool] = field(default_factory=default_permissions)
    description: str | None = None
    protected: bool = False
    join_by_request: bool = False
    invite_links: dict[str, Json] = field(default_factory=dict)
    invite_uses: dict[str, int] = field(default_factory=dict)
    join_requests: dict[int, Json] = field(default_factory=dict)
    migrated_to: int | None = None
    last_id: int = 0  # of a supergroup's own counter
    photo: str | None = None

    @property
    def is_private(self) -> bool:
        """Whether it is the private chat of one person with the bot."""
        return self.type == "private"

    @property
    def is_supergroup(self) -> bool:
        """Whether it is a supergroup, a forum or not."""
        return self.type == "supergroup"

    def as_json(self) -> Json:
        """The chat as a Bot API `Chat`."""
        if self.user is not None:
            names = ("first_name", "last_name", "username")
            return {"id": self.id, "type": "private"} | {k: self.user[k] for k in names if k in self.user}
        seen: Json = {"id": self.id, "type": self.type, "title": self.title}
        if self.username:
            seen["username"] = self.username
        return seen | ({"is_forum": True} if self.is_forum else {})

    def member(self, user_id: int) -> Member | None:
        """The standing of a user who is in the group now, else None."""
        found = self.members.get(user_id)
        return found if found is not None and found.present else None

    def post(self, message_id: int) -> Post:
        """The message of that id; raises KeyError."""
        return self.messages[message_id]

    @property
    def last(self) -> Post | None:
        """The newest message."""
        return next(reversed(self.messages.values()), None)

    def in_topic(self, thread_id: int) -> list[Post]:
        """The messages of a topic, oldest first, the one that opened it among them."""
        return [post for post in self.messages.values() if post.topic == thread_id]


@dataclass(slots=True, eq=False)
class Vote:
    """The votes of one poll: the chosen options by user, and the messages that show it."""

    by_user: dict[int, list[int]] = field(default_factory=dict)
    places: list[tuple[Chat, Post]] = field(default_factory=list)
    own: bool = False  # asked by the bot


@dataclass(frozen=True, slots=True)
class Event:
    """Something that people may see happen, for pages and tests that watch the world.

    Kinds: message, edited, deleted, chat (anything else about it), gone (for `user_id`), answer and inline
    (for `user_id` alone), action.
    """

    kind: str
    chat: Chat
    message: Json | None = None
    user_id: int | None = None
    detail: Json = field(default_factory=dict)

"""The ground of the world: its clock, people, chats and watchers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.errors import NotPossible
from bot.sandbox.world._faults import Faults
from bot.sandbox.world._files import Files
from bot.sandbox.world._inline import InlineCache, InlineQuery
from bot.sandbox.world._model import Chat, Event, Json, Member, Person, Vote
from bot.sandbox.world._rights import admin_rights
from bot.sandbox.world._taps import Tap
from bot.sandbox.world._updates import UpdateQueue

Clock = Callable[[], datetime]
Watcher = Callable[[Event], None]


def now() -> datetime:
    """The true time."""
    return datetime.now(UTC)


class State:
    """Who and what there is; nothing happens here."""

    def __init__(self, clock: Clock = now, *, bot_username: str = "SmallWinsBot", limits: bool = False) -> None:
        self.clock = clock
        self.limits = limits
        self.privacy_mode = True
        self.inline_mode = True
        self.inline_feedback = False  # BotFather's /setinlinefeedback: tell the bot what was chosen
        self.bot: Json = {"id": 7_000_000_001, "is_bot": True, "first_name": "Small Wins", "username": bot_username}
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.files = Files()
        self.taps: dict[str, Tap] = {}  # by the callback query's id
        self.inline_queries: dict[str, InlineQuery] = {}
        self.inline_cache = InlineCache()
        self.votes: dict[str, Vote] = {}  # by the poll's id
        self.faults = Faults()
        self.updates = UpdateQueue(self.seconds)
        self._watchers: list[Watcher] = []
        self._numbers: dict[str, int] = {}

    @property
    def bot_id(self) -> int:
        """The bot's user id."""
        return int(self.bot["id"])

    def seconds(self) -> float:
        """The clock's Unix time."""
        return self.clock().timestamp()

    def number(self, series: str, start: int = 1) -> int:
        """The next number of a series, such as ids of people or of messages in private chats."""
        self._numbers[series] = self._numbers.get(series, start - 1) + 1
        return self._numbers[series]

    # People and chats

    def person(
        self,
        first_name: str,
        last_name: str | None = None,
        *,
        language: str | None = "en",
        username: str | None = None,
        note: str = "",
        id: int | None = None,
    ) -> Person:
        """Let somebody with a Telegram account exist; the bot knows nothing of them yet."""
        user: Json = {"id": id or self.number("people", 500_000_001), "is_bot": False, "first_name": first_name}
        optional = {"last_name": last_name, "username": username, "language_code": language}
        person = Person(user | {name: value for name, value in optional.items() if value}, note=note)
        self.people[person.id] = person
        self.chats[person.id] = Chat(person.id, "private", user=person.user)
        return person

    def private(self, person: Person) -> Chat:
        """The person's private chat with the bot, there even before they start it."""
        return self.chats[person.id]

    def group(self, title: str, *people: Person, bot: bool = True) -> Chat:
        """Let a basic group exist; the first person owns it."""
        return self._found(Chat(-self.number("groups", 4_000_001), "group", title), people, bot)

    def supergroup(self, title: str, *people: Person, bot: bool = True, username: str | None = None) -> Chat:
        """Let a supergroup exist; the first person owns it."""
        chat = Chat(self._supergroup_id(), "supergroup", title, username)
        return self._found(chat, people, bot)

    def forum(self, title: str, *people: Person, bot: bool = True) -> Chat:
        """Let a forum (a supergroup with topics) exist; the first person owns it."""
        return self._found(Chat(self._supergroup_id(), "supergroup", title, is_forum=True), people, bot)

    def channel(self, title: str, *, username: str | None = None) -> Chat:
        """Let a channel exist, to write in groups in its name."""
        return self._found(Chat(self._supergroup_id(), "channel", title, username), (), False)

    def _supergroup_id(self) -> int:
        return -1_000_000_000_000 - self.number("supergroups", 2_000_000_001)

    def _found(self, chat: Chat, people: tuple[Person, ...], bot: bool) -> Chat:
        for person in people:
            chat.members[person.id] = Member(person.user, "member" if chat.members else "creator")
        if bot:
            chat.members[self.bot_id] = Member(self.bot)
        chat.last_id = 1  # the group's own beginning, which is also General's place in a forum
        self.chats[chat.id] = chat
        return chat

    def set_rights(self, chat: Chat, user_id: int, **granted: bool) -> Member:
        """Make somebody an administrator with exactly these rights, silently; see `promote` for the event."""
        member = chat.members[user_id]
        member.status, member.rights = "administrator", admin_rights(granted)
        return member

    # Who they are

    def find_chat(self, chat: Chat | int) -> Chat:
        """The chat itself or by its id; raises NotPossible for an unknown id."""
        if isinstance(chat, Chat):
            return chat
        found = self.chats.get(chat)
        if found is None:
            raise NotPossible(f"there is no chat {chat}")
        return found

    def find_user(self, user_id: int) -> Json | None:
        """A person or the bot as a Bot API `User`, or None."""
        if user_id == self.bot_id:
            return self.bot
        person = self.people.get(user_id)
        return person.user if person else None

    def chats_of(self, person: Person) -> list[Chat]:
        """The chats in a person's list: the one with the bot first, then the groups they are in."""
        groups = [chat for chat in self.chats.values() if chat.member(person.id) and chat.migrated_to is None]
        return [self.private(person), *groups]

    # Watchers

    def subscribe(self, watcher: Watcher) -> Callable[[], None]:
        """Tell `watcher` of every event from now on; returns what ends it."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def publish(self, kind: str, chat: Chat, **facts: Any) -> None:
        """Tell the watchers of an event."""
        if self._watchers:
            event = Event(kind, chat, **facts)
            for watcher in tuple(self._watchers):
                watcher(event)

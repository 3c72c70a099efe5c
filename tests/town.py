"""A town for tests: the sandbox's world with the bot's real application over it, stepped by hand.

chat.says("/ask How do we begin?"); chat.taps("Ask an expert"); chat.sees("This goes to our experts")
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import inbox
from bot.app import App, Identity
from bot.db import Database
from bot.features import groups, people
from bot.features.groups import Kind
from bot.features.people import Role
from bot.i18n import Language, language_for
from bot.knowledge import Knowledge
from bot.sandbox.bot_api import BotApi
from bot.sandbox.transport import TOKEN, SandboxRequest
from bot.sandbox.world import Chat, InlineQuery, Person, Post, Tap, World
from bot.settings import Settings
from bot.telegram_api import TelegramApi


@dataclass
class Seat:
    """One person looking at one chat, or at one topic of it."""

    town: Town
    person: Person
    chat: Chat
    topic: int = 0

    def says(self, text: str, *, reply_to: Post | None = None) -> Post:
        """Write, and let everything happen that comes of it."""
        post = self.town.world.say(self.person, self.chat, text, topic=self.topic, reply_to=reply_to)
        self.town.settle()
        return post

    def replies(self, words: str, text: str) -> Post:
        """Reply to the newest message that contains `words`."""
        return self.says(text, reply_to=self.message(words))

    def starts(self, payload: str | None = None) -> None:
        """Press START."""
        self.town.world.start(self.person, payload)
        self.town.settle()

    def taps(self, label: str, *, under: str | None = None) -> Tap:
        """Tap the newest button with this label; `under` names words of its message."""
        post = next(p for p in reversed(self.posts) if _has_button(p, label) and (under is None or under in p.text))
        tap = self.town.world.tap(self.person, self.chat, post, label)
        self.town.settle()
        assert tap.answered, f"the spinner of {label!r} never ends"
        return tap

    def searches(self, words: str) -> InlineQuery:
        """Type `@bot words`, and let the bot answer."""
        asked = self.town.world.inline(self.person, self.chat, words)
        self.town.settle()
        assert asked.answered, f"nothing comes for {words!r}"
        return asked

    def chooses(self, asked: InlineQuery, result_id: str, *, reply_to: Post | None = None) -> Post:
        """Send one of the results, and let everything happen that comes of it."""
        choose = self.town.world.choose_inline
        post = choose(self.person, self.chat, asked, result_id, topic=self.topic, reply_to=reply_to)
        self.town.settle()
        return post

    @property
    def posts(self) -> list[Post]:
        """What is there, oldest first."""
        here = list(self.chat.messages.values())
        return [post for post in here if post.topic == self.topic] if self.chat.is_forum else here

    @property
    def texts(self) -> list[str]:
        """The texts of what is there."""
        return [post.text for post in self.posts]

    @property
    def last(self) -> Post:
        """The newest message."""
        return self.posts[-1]

    def message(self, words: str) -> Post:
        """The newest message that contains `words`."""
        found = [post for post in self.posts if words in post.text]
        assert found, f"nobody said {words!r}; there is: " + "\n---\n".join(self.texts)
        return found[-1]

    def sees(self, words: str) -> Post:
        """Assert that a message with these words is there."""
        return self.message(words)

    def sees_nothing_of(self, words: str) -> None:
        """Assert that no message has these words."""
        assert not [text for text in self.texts if words in text]

    def buttons(self, words: str) -> list[str]:
        """The labels under the newest message with these words."""
        return [button["text"] for row in self.message(words).buttons for button in row]


def _has_button(post: Post, label: str) -> bool:
    return any(re.search(rf"(^|\s){re.escape(label)}$", button["text"]) for row in post.buttons for button in row)


class Town:
    """World, application and clock; `settle` runs until nothing more happens."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        knowledge: Knowledge,
        runner: asyncio.Runner,
        settings: Settings | None = None,
    ) -> None:
        self.database = database
        self.now = clock
        self.runner = runner
        self.knowledge = knowledge
        self.ticking: Callable[[], float] = time.monotonic
        self.settings = settings or Settings(rate=1000)
        self.world = World(clock)
        self.bot_api = BotApi(self.world)
        self.app = self._application()
        self._found()

    def _application(self) -> App:
        identity = Identity(self.world.bot_id, self.world.bot["username"])
        return App(
            self.settings,
            self.database,
            TelegramApi("http://sandbox", TOKEN, SandboxRequest(self.bot_api)),
            identity,
            self.knowledge,
            now=self.now,
            per_chat_pace=False,
            monotonic=lambda: 0.0,
            ticking=lambda: self.now().timestamp(),
        )

    def _found(self) -> None:
        self.organizer = self.person("Zhao Lei", "en", Role.ORGANIZER)
        self.trainee = self.person("Li Wei", "en", Role.TRAINEE)
        self.other_trainee = self.person("陳怡君", "zh-hant", Role.TRAINEE)
        self.consultant = self.person("张敏", "zh-hans", Role.CONSULTANT)
        self.second_consultant = self.person("Sarah Lin", "en", Role.CONSULTANT)
        everybody = [self.organizer, self.trainee, self.other_trainee, self.consultant]
        self.group = self.world.supergroup("Trainees 2026", *everybody)
        self.room = self.world.forum("Consultants' room", self.organizer, self.consultant, self.second_consultant)
        self.world.set_rights(self.room, self.world.bot_id, can_manage_topics=True)
        self._settle_groups()
        self._look_at_the_clock()
        self.settle()

    def _look_at_the_clock(self) -> None:
        """Nothing is due in a town that was just founded: what is looked at from time to time was looked at."""
        handlers = self.app.handlers
        with self.database.transaction() as db:
            inbox.beat(db, now=self.now())
        handlers._ticked |= {tick.run: self.now() for tick in handlers.triggers.ticks if tick.every}

    def _settle_groups(self) -> None:
        with self.database.transaction() as db:
            for chat, kind in ((self.group, Kind.COMMUNITY), (self.room, Kind.CONSULTANTS)):
                group = groups.seen(
                    db,
                    chat.id,
                    title=chat.title,
                    is_forum=chat.is_forum,
                    language="en",
                    timezone="Asia/Shanghai",
                    now=self.now(),
                )
                groups.settle(db, group, kind)
                group.can_manage_topics = chat.is_forum
        self.app.handlers.reload()

    def person(self, name: str, language: str, role: Role | None = None) -> Person:
        """Somebody with a Telegram account; with a role, somebody who went through /start and agreed long ago."""
        person = self.world.person(name, language=language)
        if role is not None:
            person.started = True
            with self.database.transaction() as db:
                chosen: Language = language_for(language, "en")
                member = people.meet(
                    db,
                    telegram_id=person.id,
                    name=name,
                    language_code=language,
                    default=chosen,
                    timezone="Asia/Shanghai",
                    now=self.now(),
                )
                people.start(member, now=self.now())
                people.agree(member, now=self.now())
                member.role = role
        return person

    def private(self, person: Person) -> Seat:
        """The person in their private chat with the bot."""
        return Seat(self, person, self.world.private(person))

    def seat(self, person: Person, chat: Chat, topic: int = 0) -> Seat:
        """The person in a group."""
        return Seat(self, person, chat, topic)

    def topic(self, person: Person, name: str) -> Seat:
        """The person in the room's newest topic whose name contains `name`."""
        found = [topic for topic in self.room.topics.values() if name in topic.name]
        assert found, f"no topic {name!r} among {[t.name for t in self.room.topics.values()]}"
        return Seat(self, person, self.room, found[-1].id)

    def settle(self) -> None:
        """Let updates come in, be handled, and their messages go out, until nothing more happens."""
        self.runner.run(self._settle())

    async def _settle(self) -> None:
        looked = False
        for _round in range(50):
            came = await self.app.poller.once()
            await self.app.lanes.idle()
            went = await self.app.courier.drain()
            if looked and not came and not went:
                return
            wish = await asyncio.to_thread(self.app.handlers.tick)
            looked = not await self.app.courier.drain() and wish != timedelta(0)
        raise AssertionError("the town never comes to rest")

    def restarts(self) -> None:
        """The process dies and a new one begins on the same database."""
        self.app = self._application()
        self.runner.run(self._restart())
        self.settle()

    async def _restart(self) -> None:
        await self.app.replay()
        await self.app.lanes.idle()
        await self.app.poller.once()
        await self.app.courier.recover()

    def close(self) -> None:
        """Nothing runs on."""
        self.app.close()

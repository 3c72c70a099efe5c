"""A stage for the sandbox's own tests: a world under a set clock, and python-telegram-bot's Bot in front of it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from telegram import Bot, Update
from telegram.error import TelegramError

from bot.sandbox.bot_api import BotApi, Reply
from bot.sandbox.transport import TOKEN, SandboxRequest
from bot.sandbox.world import Chat, Person, World

T = TypeVar("T")

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c6360f8cf00000101010018dd8db000"
    "00000049454e44ae426082"
)


@dataclass
class Stage:
    """The world, its Bot API, a Bot, and one person who has started the bot."""

    runner: asyncio.Runner
    now: datetime = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    limits: bool = False
    offset: int = 0
    world: World = field(init=False)
    api: BotApi = field(init=False)
    bot: Bot = field(init=False)
    li: Person = field(init=False)

    def __post_init__(self) -> None:
        self.world = World(lambda: self.now, limits=self.limits)
        self.api = BotApi(self.world)
        self.bot = Bot(TOKEN, request=SandboxRequest(self.api), get_updates_request=SandboxRequest(self.api))
        self.run(self.bot.initialize())
        self.li = self.world.person("Li Wei", username="liwei")
        self.li.started = True

    @property
    def private(self) -> Chat:
        return self.world.private(self.li)

    def passes(self, **by: float) -> None:
        self.now += timedelta(**by)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def refusal(self, work: Coroutine[Any, Any, Any]) -> str:
        """The sentence with which a call is refused."""
        with pytest.raises(TelegramError) as refused:
            self.run(work)
        return refused.value.message

    def call(self, method: str, **parameters: Any) -> Any:
        """The result of a raw call."""
        return self.run(self.api.call(method, parameters))

    def reply(self, method: str, **parameters: Any) -> Reply:
        """The answer to a raw call, as a server gives it."""
        return self.run(self.api.handle(method, parameters))

    def updates(self) -> list[Update]:
        """What is new for the bot, acknowledged."""
        new = self.run(self.bot.get_updates(offset=self.offset))
        self.offset = new[-1].update_id + 1 if new else self.offset
        return list(new)

    def allow(self, *kinds: str) -> None:
        self.run(self.bot.get_updates(allowed_updates=kinds))


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as made:
        yield made


@pytest.fixture
def stage(runner: asyncio.Runner) -> Stage:
    return Stage(runner)

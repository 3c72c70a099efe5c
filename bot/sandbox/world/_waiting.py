"""What a person waits for until the bot answers: a tap, or the results of inline mode."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Self

from bot.sandbox.world._model import Chat, Person

LIFETIME = 30.0
"""Seconds after which Telegram's servers have forgotten a query: its answer comes too late."""


@dataclass(slots=True, eq=False)
class Waiting:
    """One query to the bot; `answered` turns true when the bot answers."""

    id: str
    person: Person
    chat: Chat
    at: float
    answered: bool = field(default=False, init=False)
    _waiters: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = field(default_factory=list, init=False)

    def is_open(self, now: float) -> bool:
        """Whether an answer is still taken at a Unix time."""
        return not self.answered and now - self.at <= LIFETIME

    def settle(self) -> None:
        """Note that the answer is there and wake who waits for it."""
        self.answered = True
        for loop, event in self._waiters:
            loop.call_soon_threadsafe(event.set)

    async def wait(self, seconds: float = 5.0) -> Self:
        """Return when the bot has answered; raises TimeoutError."""
        if not self.answered:
            event = asyncio.Event()
            self._waiters.append((asyncio.get_running_loop(), event))
            await asyncio.wait_for(event.wait(), seconds)
        return self

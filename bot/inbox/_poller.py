"""Fetching updates: stored first, acknowledged afterwards by the next offset."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot import inbox
from bot.db import Database
from bot.errors import TokenUnknown
from bot.inbox import Arrived
from bot.telegram_api import TelegramApi, wished_pause

log = logging.getLogger(__name__)

WANTED = [
    "message",
    "edited_message",
    "callback_query",
    "message_reaction",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "inline_query",
]
PATIENCE = 50
_LONGEST_PAUSE = 30.0


class Poller:
    """Long polling. `wants` sorts out what concerns nobody; `put` hands on what is stored."""

    def __init__(
        self,
        api: TelegramApi,
        database: Database,
        *,
        wants: Callable[[dict[str, Any]], bool],
        put: Callable[[Arrived], None],
        now: Callable[[], datetime],
    ) -> None:
        self._api = api
        self._database = database
        self._wants = wants
        self._put = put
        self._now = now
        self._offset: int | None = None
        self._pause = 0.0
        self.caught_up = asyncio.Event()

    async def run(self) -> None:
        """Fetch until cancelled; an unreachable server is said once and tried again with growing pauses."""
        while True:
            try:
                await self.once(patience=PATIENCE if self.caught_up.is_set() else 0)
                self._recovered()
            except InvalidToken as error:
                raise TokenUnknown from error
            except Conflict:
                await self._wait_out("Another program fetches this bot's updates; end it. Trying again meanwhile.", 5.0)
            except RetryAfter as error:
                await asyncio.sleep(wished_pause(error))
            except NetworkError as error:
                await self._wait_out(
                    f"The Bot API server cannot be reached ({type(error).__name__}); trying again.", 1.0
                )
            except TelegramError as error:
                await self._wait_out(f"The Bot API server refuses to give updates: {error.message}", 5.0)

    async def once(self, *, patience: int = 0) -> int:
        """Fetch one batch, store it, hand it on; returns how many updates came."""
        payload = {"timeout": patience, "allowed_updates": WANTED, "limit": 100}
        if self._offset is not None:
            payload["offset"] = self._offset
        updates: list[dict[str, Any]] = await self._api.call("getUpdates", payload, patience=patience + 10.0)
        if updates:
            for arrived in await asyncio.to_thread(self._sift, updates):
                self._put(arrived)
            self._offset = updates[-1]["update_id"] + 1
        else:
            self.caught_up.set()
        return len(updates)

    def _sift(self, updates: list[dict[str, Any]]) -> list[Arrived]:
        return self.store([update for update in updates if self._wants(update)])

    def store(self, updates: list[dict[str, Any]]) -> list[Arrived]:
        """Make updates durable; those that were stored before are left out."""
        if not updates:
            return []
        with self._database.connection() as connection:
            return inbox.receive(connection, updates, now=self._now())

    async def _wait_out(self, sentence: str, first_pause: float) -> None:
        if self._pause == 0.0:
            log.warning(sentence)
        self._pause = min(max(self._pause * 2, first_pause), _LONGEST_PAUSE)
        await asyncio.sleep(self._pause)

    def _recovered(self) -> None:
        if self._pause:
            log.info("Updates arrive again.")
            self._pause = 0.0

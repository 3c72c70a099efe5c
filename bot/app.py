"""The composition root: puts settings, database, content, handlers, courier, clock and web together, and runs them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlmodel import Session
from telegram.error import TelegramError

import handlers.attention
import handlers.consultations
import handlers.duty
import handlers.entries
import handlers.faq
import handlers.groups
import handlers.housekeeping
import handlers.notices
import handlers.people
import handlers.questions
import handlers.reports
import handlers.resources
import handlers.schedule
import handlers.webinars
from bot import clock, inbox, outbox, traditional
from bot.courier import Courier, Hooks
from bot.db import Database
from bot.features import groups, notices, people, questions
from bot.inbox import Arrived, Hands, Lanes, Poller
from bot.knowledge import Keeper, Knowledge
from bot.settings import Settings
from bot.telegram_api import TelegramApi
from handlers._kit import Acknowledgement, Feature, Handlers, Services

log = logging.getLogger(__name__)

FEATURES: list[Feature] = [
    handlers.attention.feature,
    handlers.consultations.feature,
    handlers.duty.feature,
    handlers.entries.feature,
    handlers.faq.feature,
    handlers.groups.feature,
    handlers.housekeeping.feature,
    handlers.notices.feature,
    handlers.people.feature,
    handlers.questions.feature,
    handlers.reports.feature,
    handlers.resources.feature,
    handlers.schedule.feature,
    handlers.webinars.feature,
]
WIDTH = 8
"""How many handlers may run side by side, where they have to wait for something."""

CHATS = 64
"""How many chats' updates may wait for a handler at a time; the others' stay in the inbox's lanes."""


@dataclass(frozen=True)
class Identity:
    """Who the bot is, as its server says."""

    id: int
    username: str


class App:
    """The running bot, all of it but the transport: tests run it in-process, `run` for real."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        api: TelegramApi,
        identity: Identity,
        knowledge: Knowledge,
        *,
        now: Callable[[], datetime] = clock.now,
        per_chat_pace: bool = True,
        monotonic: Callable[[], float] = time.monotonic,
        ticking: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings
        self.database = database
        self.api = api
        self.identity = identity
        self.now = now
        self.keeper = Keeper(settings, database, knowledge, monotonic)
        services = Services(settings, self.keeper.current, self.keeper.refresh, identity.id, identity.username)
        self.handlers = Handlers(database, services, FEATURES, now)
        self.handlers.wake = self._news
        self.courier = Courier(
            database,
            api,
            Hooks(moved, unreachable, self._news),
            rate=settings.rate,
            now=now,
            per_chat=per_chat_pace,
            clock=ticking,
        )
        self.lanes = Lanes(self._handle, width=CHATS)
        self.poller = Poller(api, database, wants=self.handlers.wants, put=self.lanes.put, now=now)
        self.clock: clock.Clock | None = None
        self.menus = handlers.people.general_menus()
        self._hands = Hands(self.handlers.handle, width=WIDTH, name="handler")

    async def _handle(self, arrived: Arrived) -> None:
        """One update to its end: the handler in a worker thread, then the tap's answer and the courier."""
        acknowledgement = await self._hands(arrived)
        self.courier.nudge()
        if acknowledgement is not None:
            await self._acknowledge(acknowledgement)

    async def _acknowledge(self, acknowledgement: Acknowledgement) -> None:
        """End a person's waiting; an answer that comes too late is no loss."""
        try:
            await self.api.call(acknowledgement.method, acknowledgement.payload)
        except TelegramError as error:
            log.info("%s came to nothing: %s", acknowledgement.method, error.message)

    def _news(self) -> None:
        if self.clock is not None:
            self.clock.wake()

    async def tick(self) -> None:
        """Do what is due, and send what came of it."""
        await asyncio.to_thread(self.keeper.refresh)
        soon = await asyncio.to_thread(self.handlers.tick)
        traditional.release()
        self.courier.nudge()
        if soon is not None and self.clock is not None:
            self.clock.wake(soon)

    async def take(self, update: dict[str, Any]) -> None:
        """An update by webhook: store it, then hand it on."""
        if self.handlers.wants(update):
            for arrived in await asyncio.to_thread(self.poller.store, [update]):
                self.lanes.put(arrived)

    async def replay(self) -> None:
        """Begin: do what belongs to the start, then handle what a crash left in the inbox."""
        await asyncio.to_thread(self.handlers.begin)
        for arrived in await asyncio.to_thread(self._unfinished):
            self.lanes.put(arrived)

    def _unfinished(self) -> list[Arrived]:
        with self.database.reading() as db:
            return inbox.unfinished(db)

    def ready(self) -> bool:
        """Whether the database answers."""
        return self.database.version() is not None

    def close(self) -> None:
        """End the worker threads; the database is closed by whoever opened it."""
        self._hands.close()
        self.courier.close()


def moved(connection: Connection, old: int, new: int) -> None:
    """Telegram says that a group has a new id: remap everything in the courier's transaction."""
    with Session(bind=connection, join_transaction_mode="rollback_only") as db:
        if groups.move(db, old, new):
            questions.move_chat(db, old, new)
            notices.move_audiences(db, old, new)
            notices.move_recipients(db, old, new)
        db.flush()
    outbox.move_chat(connection, old, new)


def unreachable(connection: Connection, telegram_id: int, now: datetime) -> None:
    """Telegram says that a person cannot be written to."""
    with Session(bind=connection, join_transaction_mode="rollback_only") as db:
        people.unreachable(db, telegram_id, now=now)
        db.flush()

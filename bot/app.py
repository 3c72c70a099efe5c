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
from sqlalchemy.exc import OperationalError
from sqlmodel import Session
from telegram.error import TelegramError

import handlers.arrivals
import handlers.attention
import handlers.calendar
import handlers.consultations
import handlers.digests
import handlers.duty
import handlers.entries
import handlers.faq
import handlers.groups
import handlers.guides
import handlers.housekeeping
import handlers.moderation
import handlers.notices
import handlers.overdue
import handlers.overview
import handlers.peers
import handlers.people
import handlers.programmes
import handlers.questions
import handlers.reports
import handlers.resources
import handlers.schedule
import handlers.webinars
import handlers.wins
from bot import clock, inbox, outbox, traditional
from bot.courier import Courier, Hooks
from bot.db import Database
from bot.errors import LeaseLost
from bot.features import arrivals, groups, guides, moderation, notices, people, programmes, questions, wins
from bot.inbox import Arrived, Hands, Lanes, Poller
from bot.knowledge import Keeper, Knowledge
from bot.settings import Settings
from bot.telegram_api import TelegramApi
from bot.timetable import CalendarFile
from handlers._kit import Acknowledgement, Feature, Handlers, Services

log = logging.getLogger(__name__)

FEATURES: list[Feature] = [
    handlers.arrivals.feature,
    handlers.attention.feature,
    handlers.calendar.feature,
    handlers.consultations.feature,
    handlers.digests.feature,
    handlers.duty.feature,
    handlers.entries.feature,
    handlers.faq.feature,
    handlers.groups.feature,
    handlers.guides.feature,
    handlers.housekeeping.feature,
    handlers.moderation.feature,
    handlers.notices.feature,
    handlers.overdue.feature,
    handlers.overview.feature,
    handlers.peers.feature,
    handlers.people.feature,
    handlers.programmes.feature,
    handlers.questions.feature,
    handlers.reports.feature,
    handlers.resources.feature,
    handlers.schedule.feature,
    handlers.webinars.feature,
    handlers.wins.feature,
]
WIDTH = 8
"""How many handlers may run side by side, where they have to wait for something."""

CHATS = 64
"""How many chats' updates may wait for a handler at a time; the others' stay in the inbox's lanes."""

FETCH_PATIENCE = 90.0
"""Seconds that a handler waits for a file; the request itself gives up before."""


@dataclass(frozen=True)
class Identity:
    """Who the bot is, as its server says."""

    id: int
    username: str


class App:
    """The running bot, all of it but the transport: tests run it in-process, `run` for real.

    With `standby` another process is the owner: this one only stores what comes by webhook, and tells the owner.
    """

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
        services = Services(
            settings, self.keeper.current, self.keeper.refresh, identity.id, identity.username, self._fetch
        )
        self.handlers = Handlers(database, services, FEATURES, now)
        self.handlers.wake = self._news
        self.courier = Courier(
            database,
            api,
            Hooks(moved, unreachable, self._news, self._guard),
            rate=settings.rate,
            now=now,
            per_chat=per_chat_pace,
            clock=ticking,
        )
        self.lanes = Lanes(self._handle, width=CHATS)
        self.poller = Poller(api, database, wants=self.handlers.wants, put=self._put, now=now)
        self.clock: clock.Clock | None = None
        self.standby = False
        self._term: int | None = None
        self._held_at: datetime | None = None
        self._known: set[int] = set()
        self._unswept = False
        self._sweeper: asyncio.Task[None] | None = None
        self.introductions = handlers.people.introductions()
        self._hands = Hands(self.handlers.handle, width=WIDTH, name="handler")
        self._loop: asyncio.AbstractEventLoop | None = None

    def begin_term(self, owner: str) -> None:
        """Become the process that delivers."""
        with self.database.connection() as connection:
            self._term = outbox.take_over(connection, owner=owner, now=self.now())

    def end_term(self) -> None:
        """Leave the place empty."""
        if self._term is not None:
            with self.database.connection() as connection:
                outbox.step_down(connection, self._term)

    def _guard(self, connection: Connection) -> None:
        if self._term is not None and not outbox.is_current(connection, self._term):
            raise LeaseLost("Another process has taken over this database.")

    def _put(self, arrived: Arrived) -> None:
        """Queue an update, unless it waits in its queue already."""
        if arrived.update_id not in self._known:
            self._known.add(arrived.update_id)
            self.lanes.put(arrived)

    async def _handle(self, arrived: Arrived) -> None:
        """One update to its end: the handler in a worker thread, then the tap's answer and the courier."""
        self._loop = asyncio.get_running_loop()
        try:
            acknowledgement = await self._hands(arrived)
        finally:
            self._known.discard(arrived.update_id)
        self.courier.nudge()
        if acknowledgement is not None:
            await self._acknowledge(acknowledgement)

    def _fetch(self, file_id: str) -> bytes:
        """A file that somebody sent, for a handler in its thread: the loop gets it while the thread waits."""
        if self._loop is None:
            raise TelegramError(f"{file_id} cannot be fetched before anything was heard")
        return asyncio.run_coroutine_threadsafe(self.api.download(file_id), self._loop).result(FETCH_PATIENCE)

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
        if self._held_at is not None:
            await self._look_whether_released()
        if not self.database.is_sqlite:
            self.sweep()
        traditional.release()
        self.courier.nudge()
        if soon is not None and self.clock is not None:
            self.clock.wake(soon)

    async def _look_whether_released(self) -> None:
        if await asyncio.to_thread(self._hold) is None:
            await self.replay()

    async def take(self, update: dict[str, Any]) -> None:
        """An update by webhook: store it, then hand it on."""
        if self.standby:
            await asyncio.to_thread(self._lay_by, update)
        elif self.handlers.wants(update):
            stored = await asyncio.to_thread(self.poller.store, [update])
            if self.database.is_sqlite:
                for arrived in stored:
                    self._put(arrived)
            else:
                self.sweep()

    def _lay_by(self, update: dict[str, Any]) -> None:
        """Store an update for the owner; which chats are heard may have changed there."""
        self.handlers.reload()
        if self.handlers.wants(update):
            with self.database.connection() as connection:
                inbox.receive(connection, [update], now=self.now())
                self.database.tell(connection)

    def sweep(self) -> None:
        """Queue what is stored and not queued yet, in order: other processes may have stored the earlier part of a talk."""
        self._unswept = True
        if self._sweeper is None or self._sweeper.done():
            self._sweeper = asyncio.get_running_loop().create_task(self._sweep())

    async def _sweep(self) -> None:
        try:
            while self._unswept:
                self._unswept = False
                for arrived in await asyncio.to_thread(self._waiting):
                    self._put(arrived)
        except OperationalError:
            log.exception("the inbox cannot be read; the next tick tries again")

    def _waiting(self) -> list[Arrived]:
        with self.database.reading() as db:
            return inbox.waiting(db, known=frozenset(self._known), since=self._held_at)

    def _hold(self) -> datetime | None:
        with self.database.reading() as db:
            self._held_at = outbox.standing(db).held_at
        return self._held_at

    async def replay(self) -> None:
        """Begin: do what belongs to the start, then handle what a crash left in the inbox; what is held by a restore waits."""
        if await asyncio.to_thread(self._hold) is None:
            await asyncio.to_thread(self.handlers.begin)
        for arrived in await asyncio.to_thread(self._waiting):
            self._put(arrived)

    def calendar(self, token: str) -> CalendarFile | None:
        """What a calendar feed's address gives; None for one that leads nowhere."""
        organizer = self.handlers.services.link
        with self.database.reading() as db:
            return handlers.calendar.feed(db, self.settings, token, organizer=organizer, now=self.now())

    def ready(self) -> bool:
        """Whether the database answers."""
        return self.database.version() is not None

    def close(self, *, wait: bool = True) -> None:
        """End the worker threads; the database is closed by whoever opened it."""
        self._hands.close(wait=wait)
        self.courier.close(wait=wait)


def moved(connection: Connection, old: int, new: int) -> None:
    """Telegram says that a group has a new id: remap everything in the courier's transaction."""
    with Session(bind=connection, join_transaction_mode="rollback_only") as db:
        if groups.move(db, old, new):
            questions.move_chat(db, old, new)
            notices.move_audiences(db, old, new)
            notices.move_recipients(db, old, new)
            arrivals.move_chat(db, old, new)
            moderation.move_chat(db, old, new)
            guides.move_chat(db, old, new)
            programmes.move_chat(db, old, new)
            wins.move_chat(db, old, new)
        db.flush()
    outbox.move_chat(connection, old, new)


def unreachable(connection: Connection, telegram_id: int, now: datetime) -> None:
    """Telegram says that a person cannot be written to."""
    with Session(bind=connection, join_transaction_mode="rollback_only") as db:
        people.unreachable(db, telegram_id, now=now)
        db.flush()

"""The courier: takes what the outbox owes to Telegram, at the right pace, in order, and writes down what came of it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from bot import outbox
from bot.courier._books import ATTEMPTS, Books, Hooks
from bot.courier._outcome import Outcome
from bot.courier._pace import Departure, Pace
from bot.courier._sending import Sender
from bot.courier._verdicts import Kind
from bot.db import Database
from bot.outbox import Lane, Parcel
from bot.telegram_api import TelegramApi

log = logging.getLogger(__name__)

T = TypeVar("T")

IN_FLIGHT = 100
BULK_IN_FLIGHT = 60
"""Reminders and notices leave connections to replies, also when Telegram answers nothing for a while."""

LATEST_LOOK = 30.0
"""Seconds after which the outbox is looked at in any case: a clock may have been set, a machine may have slept."""

_BREATH = 0.01
"""Seconds between two claims when much happens at once: many rows together cost less than one by one."""


@dataclass(frozen=True, slots=True)
class _Flight:
    task: asyncio.Task[None]
    bulk: bool


@dataclass(frozen=True, slots=True)
class _Claim:
    """What was claimed, and, when that is all there was, the time at which the next row becomes due."""

    parcels: list[Parcel]
    exhausted: bool
    next_due: datetime | None = None


class Courier:
    """Sends rows until it is stopped. `nudge` wakes it from any thread."""

    def __init__(
        self,
        database: Database,
        api: TelegramApi,
        hooks: Hooks,
        *,
        rate: float,
        now: Callable[[], datetime],
        per_chat: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._hooks = hooks
        self._now = now
        self._pace = Pace(rate, clock, per_chat=per_chat)
        self._sender = Sender(api, database, clock)
        self._books = Books(database, hooks, now)
        self._flying: dict[int, _Flight] = {}
        self._outcomes: list[Outcome] = []
        self._fault: BaseException | None = None
        self._news = asyncio.Event()
        self._settling = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="courier")  # its own: a picture holds up no reply

    def nudge(self) -> None:
        """There is something to send."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._news.set)

    async def recover(self) -> None:
        """After a crash: what was being sent is in doubt, and what Telegram said before it still holds."""
        doubted, told_until = await self._in_thread(self._recover)
        if doubted:
            log.warning("%s messages were being sent when the process ended; they are marked uncertain", doubted)
        if told_until is not None:
            self._pace.pause_bulk((told_until - self._now()).total_seconds())

    def _recover(self) -> tuple[int, datetime | None]:
        with self._database.connection() as connection:
            now = self._now()
            return outbox.recover(connection, now=now), outbox.told_until(connection, now=now)

    async def run(self) -> None:
        """Send what is due, for ever."""
        self._loop = asyncio.get_running_loop()
        while True:
            self._news.clear()
            begun, change = self._loop.time(), self._pace.next_change()  # of what may not go at this very moment
            claim = await self._start_some()
            if claim is None or claim.exhausted:
                await self._wait(begun + (LATEST_LOOK if change is None else change), claim and claim.next_due)
            await asyncio.sleep(max(0.0, begun + _BREATH - self._loop.time()))

    async def drain(self) -> int:
        """Send until nothing more can go now; returns how many were sent."""
        self._loop = asyncio.get_running_loop()
        sent = 0
        while (started := await self.start_some()) or self._flying:
            sent += started
            if self._flying:
                flights = [flight.task for flight in self._flying.values()]
                await asyncio.wait(flights, return_when=asyncio.FIRST_COMPLETED)
        return sent

    async def stop(self, seconds: float) -> None:
        """Let what is in flight arrive, for at most `seconds`."""
        if self._flying:
            await asyncio.wait([flight.task for flight in self._flying.values()], timeout=seconds)

    def close(self) -> None:
        """End its threads."""
        self._threads.shutdown(wait=True)

    async def start_some(self) -> int:
        """Claim as many rows as may go now and send them; returns how many."""
        claim = await self._start_some()
        return len(claim.parcels) if claim is not None else 0

    async def _start_some(self) -> _Claim | None:
        """The same; None when nothing may go at this moment."""
        if self._fault is not None:
            raise self._fault
        limit = min(self._pace.free(), IN_FLIGHT - len(self._flying))
        if limit <= 0:
            return None
        bulk_flying = sum(flight.bulk for flight in self._flying.values())
        bulk = max(0, min(self._pace.free_for_bulk(), BULK_IN_FLIGHT - bulk_flying))
        claim = await self._in_thread(
            self._claim, limit, bulk, self._pace.waiting() | self._flying.keys(), self._pace.waiting_for_bulk()
        )
        for parcel in claim.parcels:
            self._launch(parcel)
        return claim

    def _claim(self, limit: int, bulk: int, busy: set[int], bulk_busy: set[int]) -> _Claim:
        now = self._now()
        with self._database.connection() as connection:
            parcels = outbox.claim(connection, now=now, limit=limit, bulk=bulk, busy=busy, bulk_busy=bulk_busy)
            if len(parcels) == limit:
                return _Claim(parcels, exhausted=False)
            return _Claim(parcels, exhausted=True, next_due=outbox.next_due(connection, after=now))

    def _launch(self, parcel: Parcel) -> None:
        departure = self._pace.took(parcel.chat_id, parcel.method, 1 + len(parcel.joined))
        task = asyncio.get_running_loop().create_task(self._carry(parcel, departure))
        self._flying[parcel.chat_id] = _Flight(task, Lane(parcel.lane).is_bulk)
        task.add_done_callback(partial(self._landed, parcel.chat_id))

    async def _carry(self, parcel: Parcel, departure: Departure) -> None:
        """Send one parcel and see its outcome written down; its chat is busy until then."""
        try:
            outcome = await self._sender.send(parcel, leaves=partial(self._pace.leaves, departure))
        finally:
            self._pace.answered(departure)
        self._outcomes.append(outcome)  # not in one line: the list may be another one by the time the answer is there
        await self._settle()

    def _landed(self, chat_id: int, task: asyncio.Task[None]) -> None:
        """The chat is free for its next message; a fault of ours ends the courier rather than be lost in a task."""
        self._flying.pop(chat_id, None)
        if not task.cancelled() and (fault := task.exception()) is not None:
            self._fault = fault
        self._news.set()

    async def _settle(self) -> None:
        """Write down every outcome that is there: many at once when many come at once."""
        async with self._settling:
            outcomes, self._outcomes = self._outcomes, []
            given_up = await self._books.written(outcomes, self._in_thread) if outcomes else set()
        for outcome in outcomes:
            if outcome.parcel.id in given_up:
                self._lament(outcome)
            else:
                self._mind(outcome)

    def _mind(self, outcome: Outcome) -> None:
        """What an outcome means for what is sent next."""
        verdict, chat_id = outcome.verdict, outcome.parcel.chat_id
        if verdict is None:
            if outcome.parcel.method == "createForumTopic":
                self._hooks.news()  # what waits for the way to the topic need not wait for the next tick
        elif verdict.kind is Kind.WAIT:
            self._pace.pause(chat_id, outcome.pause)
            if chat_id > 0:  # each group has its narrow limit of its own; with people it is the whole that was too much
                self._pace.pause_bulk(outcome.pause)

    def _lament(self, outcome: Outcome) -> None:
        """Say that a message was given up; the features look at what that means."""
        place = "a group" if outcome.parcel.chat_id < 0 else "a person"
        reason = outcome.verdict.error if outcome.verdict else ""
        log.warning("%s to %s failed: %s", outcome.parcel.method, place, reason)
        self._hooks.news()

    async def _wait(self, deadline: float, next_due: datetime | None) -> None:
        """Wait for news, for the pace, or until something becomes due."""
        pauses = [LATEST_LOOK, deadline - asyncio.get_running_loop().time()]
        if (change := self._pace.next_change()) is not None:
            pauses.append(change)
        if next_due is not None:
            pauses.append((next_due - self._now()).total_seconds())
        try:
            async with asyncio.timeout(max(0.0, min(pauses))):
                await self._news.wait()
        except TimeoutError:
            return

    async def _in_thread(self, work: Callable[..., T], *args: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, partial(work, *args))


__all__ = ["ATTEMPTS", "Courier", "Hooks"]

"""The courier: takes what the outbox owes to Telegram, at the right pace, in order, and writes down what came of it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from bot import outbox
from bot.courier._books import ATTEMPTS, Books, Hooks, persistently
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

AHEAD = 0.04
"""Seconds for which rows are claimed before their place is free, so that they leave in the very moment in which it is."""

_BREATH = 0.01
"""Seconds between two claims when much happens at once: many rows together cost less than one by one."""


@dataclass(frozen=True, slots=True)
class _Flight:
    task: asyncio.Task[None]
    bulk: bool


@dataclass(frozen=True, slots=True)
class _Round:
    """What was given up and claimed together; `next_due` is known when nothing else may go at this moment."""

    given_up: Collection[int] = ()
    parcels: Sequence[Parcel] = ()
    exhausted: bool = True
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
        self._books = Books(hooks)
        self._flying: dict[int, _Flight] = {}
        self._landed: list[Outcome] = []
        self._working: asyncio.Task[_Round] | None = None
        self._fault: BaseException | None = None
        self._news = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._home = 0  # the loop's thread
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="courier")  # its own: a picture holds up no reply

    def nudge(self) -> None:
        """There is something to send."""
        if self._loop is None or self._loop.is_closed() or self._news.is_set():
            return
        if threading.get_ident() == self._home:
            self._news.set()
        else:
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
        self._loop, self._home = asyncio.get_running_loop(), threading.get_ident()
        while True:
            self._news.clear()
            begun, change = self._loop.time(), self._pace.next_change()  # of what may not go at this very moment
            self._working = self._loop.create_task(self._round(AHEAD))
            done = await asyncio.shield(self._working)  # what it claims leaves, also when this is the end
            if done.exhausted:
                await self._wait(begun + (LATEST_LOOK if change is None else change - AHEAD), done.next_due)
            await asyncio.sleep(max(0.0, begun + _BREATH - self._loop.time()))

    async def drain(self) -> int:
        """Send until nothing more can go now; returns how many were sent."""
        self._loop, self._home = asyncio.get_running_loop(), threading.get_ident()
        sent = 0
        while (started := len((await self._round()).parcels)) or self._flying:
            sent += started
            await self._one_lands()
        return sent

    async def stop(self, seconds: float) -> None:
        """Let what is in flight arrive, for at most `seconds`, and write that down."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                if self._working is not None:
                    await asyncio.wait({self._working})
                while self._flying:
                    await self._one_lands()
                    await self._round(most=0)

    def close(self) -> None:
        """End its threads."""
        self._threads.shutdown(wait=True)

    async def _one_lands(self) -> None:
        if self._flying and not self._landed:
            flights = [flight.task for flight in self._flying.values()]
            await asyncio.wait(flights, return_when=asyncio.FIRST_COMPLETED)

    async def _round(self, ahead: float = 0.0, *, most: int = IN_FLIGHT) -> _Round:
        """Write down what has landed and, in the same transaction, claim what may go now or within `ahead` seconds."""
        if self._fault is not None:
            raise self._fault
        outcomes, self._landed = self._landed, []
        self._heed(outcomes)
        flying = self._flying.keys() - {outcome.parcel.chat_id for outcome in outcomes}
        limit = min(self._pace.free(ahead), most - len(flying))
        if limit <= 0 and not outcomes:
            return _Round()
        bulk_flying = sum(self._flying[chat].bulk for chat in flying)
        claim = partial(
            outbox.claim,
            limit=max(0, limit),
            bulk=max(0, min(self._pace.free_for_bulk(ahead), BULK_IN_FLIGHT - bulk_flying)),
            busy=self._pace.waiting() | flying,
            bulk_busy=self._pace.waiting_for_bulk(),
        )
        done = await persistently(partial(self._in_thread, self._work, outcomes, claim, limit))
        self._mind(outcomes, done.given_up)
        for parcel in done.parcels:
            self._launch(parcel)
        return done

    def _work(self, outcomes: list[Outcome], claim: Callable[..., list[Parcel]], limit: int) -> _Round:
        now = self._now()
        with self._database.connection() as connection:
            given_up = self._books.write(connection, outcomes, now) if outcomes else set()
            parcels = claim(connection, now=now)
            if len(parcels) == limit:
                return _Round(given_up, parcels, exhausted=False)
            return _Round(given_up, parcels, next_due=outbox.next_due(connection, after=now))

    def _heed(self, outcomes: Sequence[Outcome]) -> None:
        """Where Telegram said to wait, that holds from now on."""
        for outcome in outcomes:
            chat_id = outcome.parcel.chat_id
            if outcome.verdict is not None and outcome.verdict.kind is Kind.WAIT:
                self._pace.pause(chat_id, outcome.pause)
                if chat_id > 0:  # a group has a narrow limit of its own; with people it is the whole that was too much
                    self._pace.pause_bulk(outcome.pause)

    def _mind(self, outcomes: Sequence[Outcome], given_up: Collection[int]) -> None:
        """It is written down: their chats are free, and whom it concerns hears of it."""
        for outcome in outcomes:
            self._flying.pop(outcome.parcel.chat_id, None)
            if outcome.parcel.id in given_up:
                self._lament(outcome)
            elif outcome.receipt is not None and outcome.parcel.method == "createForumTopic":
                self._hooks.news()  # what waits for the way to the topic need not wait for the next tick

    def _lament(self, outcome: Outcome) -> None:
        """Say that a message was given up; the features look at what that means."""
        place = "a group" if outcome.parcel.chat_id < 0 else "a person"
        reason = outcome.verdict.error if outcome.verdict else ""
        log.warning("%s to %s failed: %s", outcome.parcel.method, place, reason)
        self._hooks.news()

    def _launch(self, parcel: Parcel) -> None:
        departure = self._pace.took(parcel.chat_id, parcel.method, 1 + len(parcel.joined))
        task = asyncio.get_running_loop().create_task(self._carry(parcel, departure))
        self._flying[parcel.chat_id] = _Flight(task, Lane(parcel.lane).is_bulk)
        task.add_done_callback(self._is_back)

    async def _carry(self, parcel: Parcel, departure: Departure) -> None:
        """Send one parcel; its chat is busy until its outcome is written down."""
        try:
            outcome = await self._sender.send(parcel, its_turn=partial(self._turn_of, departure))
        finally:
            self._pace.answered(departure)
        self._landed.append(outcome)

    async def _turn_of(self, departure: Departure) -> None:
        if (pause := self._pace.wait_of(departure)) > 0:
            await asyncio.sleep(pause)
        self._pace.leaves(departure)

    def _is_back(self, task: asyncio.Task[None]) -> None:
        """A fault of ours ends the courier rather than be lost in a task."""
        if not task.cancelled() and (fault := task.exception()) is not None:
            self._fault = fault
        self._news.set()

    async def _wait(self, deadline: float, next_due: datetime | None) -> None:
        """Wait for news, for the pace, or until something becomes due."""
        pauses = [LATEST_LOOK, deadline - asyncio.get_running_loop().time()]
        if (change := self._pace.next_change()) is not None:
            pauses.append(change - AHEAD)
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

"""The courier: takes what the outbox owes to Telegram, at the right pace, in order, and writes down what came of it."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from telegram.error import TelegramError

from bot import outbox
from bot.certificates import Unmakeable
from bot.courier._drawing import drawn
from bot.courier._marks import marked
from bot.courier._pace import Pace
from bot.courier._recovery import find_again
from bot.courier._verdicts import Kind, Verdict, judge
from bot.db import Database
from bot.outbox import Parcel, Receipt
from bot.pictures import Undrawable
from bot.telegram_api import TelegramApi

log = logging.getLogger(__name__)

IN_FLIGHT = 100
ATTEMPTS = 8
"""After so many attempts that failed in passing (about ten minutes) a row counts as failed."""

_PAUSES = (0.1, 1.0, 5.0)
"""Seconds after which a database that could not be written to is tried again."""


@dataclass(frozen=True)
class Hooks:
    """What the features have to do when Telegram says something about a chat, inside the receipt's transaction.

    `news` comes afterwards, when a message was given up or a topic was opened: ticks may have something to do.
    """

    moved: Callable[[Connection, int, int], None]
    unreachable: Callable[[Connection, int, datetime], None]
    news: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One parcel and what came of it; `pause` in seconds, until the next attempt."""

    parcel: Parcel
    receipt: Receipt | None = None
    verdict: Verdict | None = None
    pause: float = 0.0


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
        self._api = api
        self._hooks = hooks
        self._now = now
        self._pace = Pace(rate, clock, per_chat=per_chat)
        self._flying: dict[int, asyncio.Task[None]] = {}
        self._outcomes: list[Outcome] = []
        self._fault: BaseException | None = None
        self._news = asyncio.Event()
        self._settling = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    def nudge(self) -> None:
        """There is something to send."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._news.set)

    async def recover(self) -> None:
        """After a crash: what was being sent is in doubt."""
        doubted = await asyncio.to_thread(self._recover)
        if doubted:
            log.warning("%s messages were being sent when the process ended; they are marked uncertain", doubted)

    def _recover(self) -> int:
        with self._database.connection() as connection:
            return outbox.recover(connection, now=self._now())

    async def run(self) -> None:
        """Send what is due, for ever."""
        self._loop = asyncio.get_running_loop()
        while True:
            self._news.clear()
            if await self.start_some() == 0:
                await self._wait()

    async def drain(self) -> int:
        """Send until nothing more can go now; returns how many were sent."""
        self._loop = asyncio.get_running_loop()
        sent = 0
        while (started := await self.start_some()) or self._flying:
            sent += started
            if self._flying:
                await asyncio.wait(self._flying.values(), return_when=asyncio.FIRST_COMPLETED)
        return sent

    async def stop(self, seconds: float) -> None:
        """Let what is in flight arrive, for at most `seconds`."""
        if self._flying:
            await asyncio.wait(self._flying.values(), timeout=seconds)

    async def start_some(self) -> int:
        """Claim as many rows as may go now and send them; returns how many."""
        if self._fault is not None:
            raise self._fault
        limit = min(self._pace.free(), IN_FLIGHT - len(self._flying))
        if limit <= 0:
            return 0
        busy = self._pace.waiting() | self._flying.keys()
        parcels = await asyncio.to_thread(self._claim, limit, busy)
        for parcel in parcels:
            self._pace.took(parcel.chat_id, parcel.method, 1 + len(parcel.joined))
            self._flying[parcel.chat_id] = asyncio.get_running_loop().create_task(self._carry(parcel))
            self._flying[parcel.chat_id].add_done_callback(partial(self._landed, parcel.chat_id))
        return len(parcels)

    def _claim(self, limit: int, busy: set[int]) -> list[Parcel]:
        with self._database.connection() as connection:
            return outbox.claim(connection, now=self._now(), limit=limit, busy=busy, bulk=not self._pace.bulk_waits)

    async def _carry(self, parcel: Parcel) -> None:
        """Send one parcel and see its outcome written down; its chat is busy until then."""
        outcome = await self._send(parcel)
        self._outcomes.append(outcome)  # not in one line: the list may be another one by the time the answer is there
        await self._settle()

    def _landed(self, chat_id: int, task: asyncio.Task[None]) -> None:
        """The chat is free for its next message; a fault of ours ends the courier rather than be lost in a task."""
        self._flying.pop(chat_id, None)
        if not task.cancelled() and (fault := task.exception()) is not None:
            self._fault = fault
        self._news.set()

    async def _send(self, parcel: Parcel) -> Outcome:
        if parcel.uncertain:
            try:
                found = await find_again(self._api, self._database, parcel)
            except TelegramError as error:
                return _undelivered(parcel, _without_doubt(judge(error)))
            if found is not None:
                return Outcome(parcel, receipt=found)
        try:
            payload = await self._api.with_files(await drawn(marked(parcel)))
        except TelegramError as error:
            return _undelivered(parcel, _without_doubt(judge(error)))
        except (Undrawable, Unmakeable) as error:
            return _undelivered(parcel, Verdict(Kind.FAILED, f"the picture cannot be drawn: {error}"))
        try:
            result = await self._api.call(parcel.method, payload)
        except TelegramError as error:
            return _undelivered(parcel, judge(error))
        return Outcome(parcel, receipt=_receipt(parcel, result))

    async def _settle(self) -> None:
        """Write down every outcome that is there: many at once when many come at once."""
        async with self._settling:
            outcomes, self._outcomes = self._outcomes, []
            given_up = await self._written(outcomes) if outcomes else set()
        for outcome in outcomes:
            if outcome.parcel.id in given_up:
                self._lament(outcome)
            else:
                self._mind(outcome)

    async def _written(self, outcomes: list[Outcome]) -> set[int]:
        """What Telegram took has to be written down: a database that is away for a moment is tried again."""
        for pause in _PAUSES:
            try:
                return await asyncio.to_thread(self._write, outcomes)
            except OperationalError:
                log.exception("receipts could not be written; trying again")
                await asyncio.sleep(pause)
        return await asyncio.to_thread(self._write, outcomes)

    def _write(self, outcomes: list[Outcome]) -> set[int]:
        """Write outcomes down; returns the ids of rows that are given up."""
        now = self._now()
        with self._database.connection() as connection:
            outbox.deliver(connection, [o.receipt for o in outcomes if o.receipt is not None], now=now)
            return {
                outcome.parcel.id
                for outcome in outcomes
                if outcome.verdict is not None and self._note(connection, outcome, outcome.verdict, now)
            }

    def _note(self, connection: Connection, outcome: Outcome, verdict: Verdict, now: datetime) -> bool:
        """Write down a verdict other than delivery; whether the row is given up."""
        parcel, later = outcome.parcel, now + timedelta(seconds=outcome.pause)
        tired = parcel.attempts >= ATTEMPTS
        if verdict.kind is Kind.DONE:
            outbox.deliver(connection, [Receipt(parcel.id, parcel.payload.get("message_id"), None)], now=now)
        elif verdict.kind is Kind.WAIT:
            outbox.postpone(connection, parcel.id, until=later, error=verdict.error, counted=False)
        elif verdict.kind is Kind.MOVED and verdict.new_chat_id is not None:
            self._hooks.moved(connection, parcel.chat_id, verdict.new_chat_id)
            outbox.postpone(connection, parcel.id, until=now, error=verdict.error, counted=False)
        elif verdict.kind is Kind.UNCERTAIN and not tired:
            return not outbox.doubt(connection, parcel.id, until=later, now=now, error=verdict.error)
        elif verdict.kind is Kind.RETRY and not tired:
            outbox.postpone(connection, parcel.id, until=later, error=verdict.error)
        else:
            outbox.fail(connection, parcel.id, now=now, error=verdict.error)
            if verdict.kind is Kind.UNREACHABLE and parcel.chat_id > 0:
                self._hooks.unreachable(connection, parcel.chat_id, now)
            return True
        return False

    def _mind(self, outcome: Outcome) -> None:
        """What an outcome means for what is sent next."""
        verdict, chat_id = outcome.verdict, outcome.parcel.chat_id
        if verdict is None:
            if outcome.parcel.method == "createForumTopic":
                self._hooks.news()  # what waits for the way to the topic need not wait for the next tick
            return
        if verdict.kind in (Kind.WAIT, Kind.RETRY, Kind.UNCERTAIN):
            self._pace.pause(chat_id, outcome.pause)
        if verdict.kind is Kind.WAIT:
            self._pace.pause_bulk(outcome.pause)

    def _lament(self, outcome: Outcome) -> None:
        """Say that a message was given up; the features look at what that means."""
        place = "a group" if outcome.parcel.chat_id < 0 else "a person"
        reason = outcome.verdict.error if outcome.verdict else ""
        log.warning("%s to %s failed: %s", outcome.parcel.method, place, reason)
        self._hooks.news()

    async def _wait(self) -> None:
        pauses = [30.0]
        if (change := self._pace.next_change()) is not None:
            pauses.append(change)
        due = await asyncio.to_thread(self._next_due)
        if due is not None:
            pauses.append(max(0.0, (due - self._now()).total_seconds()))
        try:
            async with asyncio.timeout(min(pauses)):
                await self._news.wait()
        except TimeoutError:
            return

    def _next_due(self) -> datetime | None:
        with self._database.reading() as db:
            return outbox.next_due(db.connection(), after=self._now())


def _undelivered(parcel: Parcel, verdict: Verdict) -> Outcome:
    return Outcome(parcel, verdict=verdict, pause=verdict.seconds or _backoff(parcel))


def _without_doubt(verdict: Verdict) -> Verdict:
    """The verdict on a call that sent nothing to anybody."""
    return replace(verdict, kind=Kind.RETRY) if verdict.kind is Kind.UNCERTAIN else verdict


def _backoff(parcel: Parcel) -> float:
    """Seconds until the next attempt: doubling from half a second to two minutes, with jitter."""
    return float(min(120.0, 0.5 * 2 ** (parcel.attempts - 1)) * random.uniform(0.8, 1.2))


def _receipt(parcel: Parcel, result: Any) -> Receipt:
    if isinstance(result, list):  # an album, in the order of its messages
        first, *others = [int(message["message_id"]) for message in result]
        return Receipt(parcel.id, first, None, tuple(zip(parcel.joined, others, strict=False)))
    if not isinstance(result, dict):
        return Receipt(parcel.id, parcel.payload.get("message_id"), None)
    thread_id = result.get("message_thread_id") if parcel.method == "createForumTopic" else None
    return Receipt(parcel.id, result.get("message_id"), thread_id)


__all__ = ["Courier", "Hooks"]

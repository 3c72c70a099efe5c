"""Writing down what came of parcels: receipts, and what every other verdict means for its row."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from bot import outbox
from bot.courier._meter import Meter, tellings
from bot.courier._outcome import Outcome
from bot.courier._verdicts import Kind, Verdict
from bot.outbox import Receipt

log = logging.getLogger(__name__)

ATTEMPTS = 12
"""After so many attempts that Telegram failed in passing (about ten minutes) a row counts as failed."""

CUT_OFF = 4
"""How often a message is sent at most whose connection breaks each time."""

_SPARED = 4
"""The last attempts, which are not used up while nobody can be reached at all."""

_PAUSES = (0.1, 1.0, 5.0)
"""Seconds after which a database that could not be written to is tried again."""

T = TypeVar("T")


async def persistently(work: Callable[[], Awaitable[T]]) -> T:
    """Do what has to be written down: a database that is away for a moment is tried again."""
    for pause in _PAUSES:
        try:
            return await work()
        except OperationalError:
            log.exception("receipts could not be written; trying again")
            await asyncio.sleep(pause)
    return await work()


@dataclass(frozen=True)
class Hooks:
    """What the features have to do when Telegram says something about a chat, inside the receipt's transaction.

    `news` comes afterwards, when a message was given up or a topic was opened: ticks may have something to do.
    `guard` is asked inside every transaction of the courier, and raises when another process delivers meanwhile.
    """

    moved: Callable[[Connection, int, int], None]
    unreachable: Callable[[Connection, int, datetime], None]
    news: Callable[[], None]
    guard: Callable[[Connection], None] = lambda _connection: None


class Books:
    """The outbox's side of the courier."""

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks
        self._away = False
        self.meter = Meter()

    def write(self, connection: Connection, outcomes: list[Outcome], now: datetime) -> set[int]:
        """Write outcomes down; returns the ids of rows that are given up."""
        outbox.deliver(connection, [o.receipt for o in outcomes if o.receipt is not None], now=now)
        given_up = {
            outcome.parcel.id
            for outcome in outcomes
            if outcome.verdict is not None and self._note(connection, outcome, outcome.verdict, now)
        }
        self._notice_return(connection, outcomes, now)
        outbox.tally(connection, tellings(outcomes, given_up, now), now=now)
        self.meter.count(sum(1 + len(o.parcel.joined) for o in outcomes if o.receipt is not None))
        return given_up

    def _note(self, connection: Connection, outcome: Outcome, verdict: Verdict, now: datetime) -> bool:
        """Write down a verdict other than delivery; whether the row is given up."""
        parcel, later = outcome.parcel, now + timedelta(seconds=outcome.pause)
        tired = parcel.attempts >= ATTEMPTS
        if verdict.kind is Kind.CALLED_OFF:
            return False
        if verdict.kind is Kind.DONE:
            outbox.deliver(connection, [Receipt(parcel.id, parcel.payload.get("message_id"), None)], now=now)
        elif verdict.kind is Kind.WAIT:
            outbox.postpone(connection, parcel.id, until=later, error=verdict.error, told=True)
        elif verdict.kind is Kind.MOVED and verdict.new_chat_id is not None:
            self._hooks.moved(connection, parcel.chat_id, verdict.new_chat_id)
            outbox.postpone(connection, parcel.id, until=now, error=verdict.error, counted=False)
        elif verdict.kind is Kind.AWAY:
            counted = parcel.attempts < ATTEMPTS - _SPARED
            outbox.postpone(connection, parcel.id, until=later, error=verdict.error, counted=counted)
        elif verdict.kind is Kind.UNCERTAIN and not tired:
            again = verdict.cut and parcel.attempts < CUT_OFF
            return not outbox.doubt(connection, parcel.id, until=later, now=now, error=verdict.error, again=again)
        elif verdict.kind is Kind.RETRY and not tired:
            outbox.postpone(connection, parcel.id, until=later, error=verdict.error)
        else:
            outbox.fail(connection, parcel.id, now=now, error=verdict.error)
            if verdict.kind is Kind.UNREACHABLE and parcel.chat_id > 0:
                self._hooks.unreachable(connection, parcel.chat_id, now)
            return True
        return False

    def _notice_return(self, connection: Connection, outcomes: list[Outcome], now: datetime) -> None:
        """Once Telegram can be reached again, nothing waits out the pauses that grew meanwhile."""
        if any(outcome.receipt is not None for outcome in outcomes):
            if self._away:
                outbox.hurry(connection, now=now)
            self._away = False
        elif any(outcome.verdict is not None and outcome.verdict.kind is Kind.AWAY for outcome in outcomes):
            self._away = True

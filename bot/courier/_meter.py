"""How much goes out: the last minute, for whoever watches, and what each outcome adds to the tallies."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime, timedelta

from bot.courier._outcome import Outcome
from bot.courier._verdicts import Kind
from bot.outbox import Event, repeatable

_MINUTE = 60.0


class Meter:
    """How many messages went out in the last minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sent: deque[tuple[float, int]] = deque()

    def count(self, messages: int) -> None:
        """So many have just been sent."""
        if messages:
            self._sent.append((self._clock(), messages))
        while self._sent and self._sent[0][0] <= self._clock() - _MINUTE:
            self._sent.popleft()

    @property
    def last_minute(self) -> int:
        """Messages of the last sixty seconds."""
        since = self._clock() - _MINUTE
        return sum(messages for at, messages in tuple(self._sent) if at > since)


def tellings(outcomes: Iterable[Outcome], given_up: Collection[int], now: datetime) -> Iterator[Event]:
    """What the outcomes add to the tallies; attempts that are to be made again add nothing."""
    for outcome in outcomes:
        parcel, verdict = outcome.parcel, outcome.verdict
        if outcome.receipt is not None or (verdict is not None and verdict.kind is Kind.DONE):
            yield Event(parcel.lane, "sent", now - parcel.due_at if parcel.due_at else timedelta(0))
        elif parcel.id in given_up:
            yield Event(parcel.lane, "failed")
        elif verdict is not None and verdict.kind is Kind.UNCERTAIN and not repeatable(parcel.method):
            yield Event(parcel.lane, "uncertain")

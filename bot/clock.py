"""The clock: it only wakes. What is due, the database says."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)

TICK = timedelta(seconds=30)
"""Often enough that a stepped clock or a sleeping machine does no harm."""


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


class Clock:
    """Calls `tick` every thirty seconds, and at once when something asks for it; never twice at a time."""

    def __init__(self, tick: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._tick = tick
        self._ticking: asyncio.Task[None] | None = None
        self._asked = False
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._job = self._scheduler.add_job(
            self._begin, "interval", seconds=TICK.total_seconds(), misfire_grace_time=None, coalesce=True
        )

    async def _begin(self) -> None:
        self._asked = True
        if self._ticking is None or self._ticking.done():
            self._ticking = asyncio.create_task(self._work_off())

    async def _work_off(self) -> None:
        """Tick, and once more if somebody asked for it meanwhile: what they saw may be newer than this tick."""
        while self._asked:
            self._asked = False
            try:
                await self._tick()
            except Exception:  # the outermost loop: one tick that fails must not end the clock
                log.exception("a tick failed; the next one tries again")

    def start(self) -> None:
        """Begin to tick, the first time now."""
        self._scheduler.start()
        self.wake()

    def wake(self, after: timedelta = timedelta(0)) -> None:
        """Tick as soon as possible, or after a while unless it ticks sooner; nothing happens once it was stopped."""
        moment = now() + after
        if self._scheduler.running and moment < self._job.next_run_time:
            self._job.modify(next_run_time=moment)

    async def stop(self) -> None:
        """Tick no more; a tick that has begun comes to its end."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        self._asked = False
        if self._ticking is not None:
            await self._ticking

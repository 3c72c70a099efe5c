"""One chat's updates in order, different chats side by side."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from bot.inbox import Arrived

log = logging.getLogger(__name__)

_PAUSES = (0.2, 1.0, 5.0, 15.0)


class Lanes:
    """A queue for each chat, worked off by at most `width` at a time."""

    def __init__(self, work: Callable[[Arrived], Awaitable[None]], *, width: int) -> None:
        self._work = work
        self._width = asyncio.Semaphore(width)
        self._waiting: dict[int, deque[Arrived]] = {}
        self._running: set[asyncio.Task[None]] = set()

    def put(self, arrived: Arrived) -> None:
        """Queue an update behind those of its chat."""
        lane = self._waiting.get(arrived.lane)
        if lane is not None:
            lane.append(arrived)
            return
        self._waiting[arrived.lane] = deque([arrived])
        task = asyncio.get_running_loop().create_task(self._work_off(arrived.lane))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _work_off(self, number: int) -> None:
        lane = self._waiting[number]
        while lane:
            async with self._width:
                await self._until_done(lane.popleft())
        del self._waiting[number]

    async def _until_done(self, arrived: Arrived) -> None:
        """Work that fails as a whole (the database is away) is tried again; the update stays in the inbox meanwhile."""
        for pause in (*_PAUSES, None):
            try:
                return await self._work(arrived)
            except Exception:  # the outermost loop: one update must not end its chat's lane
                log.exception("update %s could not be handled", arrived.update_id)
                if pause is None:
                    return None
                await asyncio.sleep(pause)
        return None

    async def idle(self) -> None:
        """Wait until everything that was put in is worked off."""
        while self._running:
            await asyncio.gather(*self._running)

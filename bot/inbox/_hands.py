"""Threads for the handlers: one does what is quick, in a row; another joins when it is held up.

Handlers mostly compute, and threads that compute only get into each other's way. What is slow (a picture, a database far
away) leaves the processor free: then others go on.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

HELD_UP = 0.05
"""Seconds without anything done, after which another thread joins."""

PORTION = 8
"""Results that are handed back together."""


class Hands(Generic[T, R]):
    """Does `work` for whoever awaits it, in up to `width` threads, in the order in which it was asked for."""

    def __init__(self, work: Callable[[T], R], *, width: int, name: str) -> None:
        self._work = work
        self._width = width
        self._threads = ThreadPoolExecutor(width, thread_name_prefix=name)
        self._waiting: deque[tuple[T, asyncio.Future[R]]] = deque()
        self._busy = 0
        self._moved_at = 0.0
        self._watch: asyncio.TimerHandle | None = None

    async def __call__(self, thing: T) -> R:
        """The work's result, or what it raised."""
        done: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((thing, done))
        if self._busy == 0:
            self._one_more_joins()
        elif self._watch is None:
            self._watch = asyncio.get_running_loop().call_later(HELD_UP, self._look)
        return await done

    def _look(self) -> None:
        """Does it go on?"""
        self._watch = None
        if not self._waiting:
            return
        if self._busy < self._width and time.monotonic() - self._moved_at >= HELD_UP:
            self._one_more_joins()
        self._watch = asyncio.get_running_loop().call_later(HELD_UP, self._look)

    def _one_more_joins(self) -> None:
        self._busy += 1
        self._moved_at = time.monotonic()
        loop = asyncio.get_running_loop()
        loop.run_in_executor(self._threads, self._work_off, loop).add_done_callback(self._one_leaves)

    def _one_leaves(self, end: asyncio.Future[None]) -> None:
        self._busy -= 1
        end.result()
        if self._waiting and self._busy == 0:
            self._one_more_joins()

    def _work_off(self, loop: asyncio.AbstractEventLoop) -> None:
        """In a thread: work until nothing waits."""
        ended: list[tuple[asyncio.Future[R], R | Exception]] = []
        while True:
            try:
                thing, done = self._waiting.popleft()
            except IndexError:
                break
            ended.append((done, self._outcome(thing)))
            self._moved_at = time.monotonic()
            if len(ended) == PORTION:
                loop.call_soon_threadsafe(_tell, ended)
                ended = []
        if ended:
            loop.call_soon_threadsafe(_tell, ended)

    def _outcome(self, thing: T) -> R | Exception:
        try:
            return self._work(thing)
        except Exception as error:  # the thread's outermost loop: whoever awaits the work gets what it raised
            return error

    def close(self, *, wait: bool = True) -> None:
        """End the threads."""
        self._threads.shutdown(wait=wait, cancel_futures=not wait)


def _tell(ended: list[tuple[asyncio.Future[R], R | Exception]]) -> None:
    for done, outcome in ended:
        if done.cancelled():
            continue
        if isinstance(outcome, Exception):
            done.set_exception(outcome)
        else:
            done.set_result(outcome)

"""The queue of updates that wait for the bot, and those who wait for updates."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

Json = dict[str, Any]

_KINDS = """
    message edited_message channel_post edited_channel_post business_connection business_message
    edited_business_message deleted_business_messages guest_message message_reaction message_reaction_count inline_query
    chosen_inline_result callback_query shipping_query pre_checkout_query purchased_paid_media poll poll_answer
    my_chat_member chat_member chat_join_request chat_boost removed_chat_boost managed_bot
"""
ALL_KINDS = frozenset(_KINDS.split())
DEFAULT_KINDS = ALL_KINDS - {"chat_member", "message_reaction", "message_reaction_count"}
KEPT_SECONDS = 24 * 60 * 60


class UpdateQueue:
    """Updates in order, kept until they are acknowledged or 24 hours old."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._waiting: deque[tuple[float, Json]] = deque()
        self._next_id = 100_000_001
        self._waiter: tuple[asyncio.AbstractEventLoop, asyncio.Future[str]] | None = None
        self.allowed = DEFAULT_KINDS
        self.polled = asyncio.Event()  # set while somebody waits

    def __len__(self) -> int:
        return len(self._waiting)

    def allow(self, kinds: Iterable[str] | None) -> None:
        """Choose the kinds to keep from now on; an empty choice means the default, None no change."""
        if kinds is not None:
            self.allowed = frozenset(kinds) & ALL_KINDS or DEFAULT_KINDS

    def push(self, kind: str, payload: Json) -> None:
        """Add an update if the bot wants its kind, and wake who waits."""
        if kind not in self.allowed:
            return
        self._waiting.append((self._seconds(), {"update_id": self._next_id, kind: payload}))
        self._next_id += 1
        self.break_off("updates")

    def acknowledge(self, offset: int) -> None:
        """Forget updates before the offset; a negative one keeps only that many of the newest."""
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft()
        else:
            while self._waiting and self._waiting[0][1]["update_id"] < offset:
                self._waiting.popleft()

    def first(self, limit: int) -> list[Json]:
        """The oldest updates still waiting, without taking them away."""
        too_old = self._seconds() - KEPT_SECONDS
        while self._waiting and self._waiting[0][0] < too_old:
            self._waiting.popleft()
        return [update for _, update in islice(self._waiting, limit)]

    def clear(self) -> None:
        """Drop everything that waits."""
        self._waiting.clear()

    async def wait(self, seconds: float) -> str:
        """Wait for an update: "updates" when there is one, "timeout", or why the wait was broken off.

        There is one who waits at a time: a newcomer breaks off the wait of the one before ("conflict").
        """
        if self._waiting:
            return "updates"
        self.break_off("conflict")
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[str] = loop.create_future()
        self._waiter = (loop, waiter)
        self.polled.set()
        try:
            return await asyncio.wait_for(waiter, seconds)
        except TimeoutError:
            return "timeout"
        finally:
            if self._waiter is not None and self._waiter[1] is waiter:
                self._waiter = None
                self.polled.clear()

    def break_off(self, reason: str) -> None:
        """End the wait of whoever waits, with a reason."""
        if self._waiter is not None:
            (loop, waiter), self._waiter = self._waiter, None
            self.polled.clear()
            loop.call_soon_threadsafe(_settle, waiter, reason)


def _settle(waiter: asyncio.Future[str], reason: str) -> None:
    if not waiter.done():
        waiter.set_result(reason)

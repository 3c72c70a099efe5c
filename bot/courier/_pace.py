"""How fast messages may go: overall, to each private chat, to each group; and the pauses that Telegram asks for.

Telegram counts when it gets a message, which lies somewhere between sending it and having the answer. So a message's
place in a window is taken until that window has passed since its answer, less the time that the quickest answer of late
took: two messages are never closer together there than here, whatever the network does to one of them.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

USUAL_RATE = 30.0
PRIVATE_BURST = 3
GROUP_MESSAGES = 20
GROUP_WINDOW = 60.0
_MESSAGES = ("send", "copy", "forward")
_IN_GROUPS = (*_MESSAGES, "edit")
"""Telegram counts edits in groups; in a private chat a person's own taps may change a message as fast as they come."""

_PORTION = 0.1
"""Seconds' worth of reminders and notices that may go together: a place for a reply becomes free ten times a second."""

_DOUBT = 0.01
"""Seconds by which even the quickest answer may have been slower than the way there and back can be."""

_LOST = 1.0
"""Seconds after which a message that is still without an answer is thought to have reached Telegram."""


@dataclass(eq=False, slots=True)
class Departure:
    """One call on its way, which does not leave before its place is free: an album is several messages."""

    chat_id: int
    messages: int
    counts: bool
    not_before: float
    left_at: float | None = None


@dataclass(slots=True)
class _Bucket:
    """Tokens of a private chat: `speed` a second (usually one), up to a short burst."""

    tokens: float
    at: float
    speed: float

    def level(self, now: float) -> float:
        return min(PRIVATE_BURST * self.speed, self.tokens + (now - self.at) * self.speed)


class Pace:
    """Telegram's limits. `rate`: messages a second overall.

    Where more than the usual 30 are allowed, each chat may get more in proportion; without `per_chat` it may get any number.
    """

    def __init__(self, rate: float, clock: Callable[[], float], *, per_chat: bool = True) -> None:
        self._rate = rate
        self._scale = max(1.0, rate / USUAL_RATE)
        self._burst = PRIVATE_BURST * self._scale
        self._group_messages = int(GROUP_MESSAGES * self._scale)
        self._messages = max(1, int(rate))
        self._window = max(1.0, 1.0 / rate)
        self._portion = max(1.0, rate * _PORTION)
        self._clock = clock
        self._per_chat = per_chat
        self._out: set[Departure] = set()
        self._over: list[float] = []  # when the places of those that were answered become free, soonest first
        self._quickest = _Quickest(clock)
        self._bulk_next = 0.0  # when the next would go if all kept an even rhythm; replies need not, bulk does
        self._bulk_pause = 0.0
        self._private: dict[int, _Bucket] = {}
        self._groups: dict[int, deque[float]] = {}
        self._pauses: dict[int, float] = {}

    # What may go

    def free(self, ahead: float = 0.0) -> int:
        """How many messages may start now, or within `ahead` seconds: each is told to wait for its place then."""
        now = self._clock()
        while self._over and self._over[0] <= now:
            heapq.heappop(self._over)
        taken = sum(over > now + ahead for over in self._over) if ahead else len(self._over)
        return max(0, self._messages - taken - self._on_the_way(now))

    def free_for_bulk(self, ahead: float = 0.0) -> int:
        """How many of them may be reminders and notices, which go in an even rhythm."""
        now = self._clock() + ahead
        if now < self._bulk_pause + ahead:
            return 0
        saved = self._portion - max(0.0, self._bulk_next - now) * self._rate
        return min(self.free(ahead), int(saved + 0.001))

    def _on_the_way(self, now: float) -> int:
        return sum(one.messages for one in self._out if self._ends(one) > now)

    def _ends(self, one: Departure) -> float:
        """When the place of a message without an answer becomes free."""
        return float("inf") if one.left_at is None else one.left_at + _LOST + self._window

    # What goes

    def took(self, chat_id: int, method: str, messages: int = 1) -> Departure:
        """A place is taken for a call to this chat; an album counts as the messages that it has."""
        now = self._clock()
        places = self._messages - len(self._over) - self._on_the_way(now)
        soonest = [heapq.heappop(self._over) for _ in range(min(messages - places, len(self._over)))]
        counts = self._per_chat and method.startswith(_IN_GROUPS if chat_id < 0 else _MESSAGES)
        departure = Departure(chat_id, messages, counts, not_before=max(soonest, default=now))
        self._out.add(departure)
        self._bulk_next = max(self._bulk_next, now) + messages / self._rate
        if counts and chat_id < 0:
            self._groups.setdefault(chat_id, deque()).extend([now] * messages)
        elif counts:
            bucket = self._private.get(chat_id, _Bucket(self._burst, now, self._scale))
            self._private[chat_id] = _Bucket(bucket.level(now) - messages, now, self._scale)
        return departure

    def wait_of(self, departure: Departure) -> float:
        """Seconds until it may leave."""
        return max(0.0, departure.not_before - self._clock())

    def leaves(self, departure: Departure) -> None:
        """It is made ready, and leaves now."""
        departure.left_at = self._clock()

    def answered(self, departure: Departure) -> None:
        """Its answer is there, or it will never come, or it did not leave at all."""
        self._out.discard(departure)
        if departure.left_at is None:
            return
        now = self._clock()
        quickest = self._quickest.note(now - departure.left_at)
        taken = now - quickest + min(_DOUBT, quickest / 2)
        for _ in range(departure.messages):
            heapq.heappush(self._over, taken + self._window)
        if departure.counts and departure.chat_id < 0 and (times := self._groups.get(departure.chat_id)):
            for place in range(1, 1 + min(departure.messages, len(times))):
                times[-place] = taken  # one chat has one call out at a time: these are the last

    # Pauses

    def pause(self, chat_id: int, seconds: float) -> None:
        """This chat waits."""
        self._pauses[chat_id] = max(self._pauses.get(chat_id, 0.0), self._clock() + seconds)

    def pause_bulk(self, seconds: float) -> None:
        """Reminders and notices wait; people who ask or tap do not."""
        self._bulk_pause = max(self._bulk_pause, self._clock() + seconds)

    def waiting(self) -> set[int]:
        """Chats that may not get anything at this moment; what is over is forgotten on the way."""
        now = self._clock()
        self._pauses = {chat: until for chat, until in self._pauses.items() if until > now}
        self._private = {chat: b for chat, b in self._private.items() if b.level(now) < self._burst}
        for chat, times in list(self._groups.items()):
            while times and times[0] <= now - GROUP_WINDOW:
                times.popleft()
            if not times:
                del self._groups[chat]
        full = {chat for chat, times in self._groups.items() if len(times) >= self._group_messages}
        return full | self._without(1) | self._pauses.keys()

    def waiting_for_bulk(self) -> set[int]:
        """Private chats that get no reminder and no notice now: a reply to that person has to find a token left."""
        return self._without(2)

    def _without(self, tokens: int) -> set[int]:
        now = self._clock()
        return {chat for chat, bucket in self._private.items() if bucket.level(now) < tokens}

    def next_change(self) -> float | None:
        """Seconds until something that waits now may go; None when nothing does."""
        now = self._clock()
        times = [until - now for until in self._pauses.values()]
        levels = [bucket.level(now) for bucket in self._private.values()]
        times += [(tokens - level) / self._scale for level in levels for tokens in (1, 2) if level < tokens]
        times += [sent[0] + GROUP_WINDOW - now for sent in self._groups.values() if len(sent) >= self._group_messages]
        if self.free() == 0:
            times += [self._over[0] - now] if self._over else []
            times += [self._ends(one) - now for one in self._out if one.left_at is not None]
        if self.free_for_bulk() == 0:
            rhythm = self._bulk_next - (self._portion - 1) / self._rate
            times += [wait] if (wait := max(self._bulk_pause, rhythm) - now) > 0 else []
        return max(0.001, min(times)) if times else None


class _Quickest:
    """How long the quickest answer took, of the last minute or so."""

    _PERIOD = 30.0

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._since = clock()
        self._before = self._now = float("inf")

    def note(self, seconds: float) -> float:
        """One more answer came; returns the quickest."""
        now = self._clock()
        if now - self._since >= self._PERIOD:
            self._since, self._before, self._now = now, self._now, float("inf")
        self._now = min(self._now, seconds)
        return min(self._now, self._before)

"""How fast messages may go: overall, to each private chat, to each group; and the pauses that Telegram asks for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

PRIVATE_BURST = 3
GROUP_MESSAGES = 20
GROUP_WINDOW = 60.0
_MESSAGES = ("send", "copy", "forward")
_IN_GROUPS = (*_MESSAGES, "edit")
"""Telegram counts edits in groups; in a private chat a person's own taps may change a message as fast as they come."""


@dataclass
class _Bucket:
    """Tokens of a private chat: one a second, up to a short burst."""

    tokens: float
    at: float

    def level(self, now: float) -> float:
        return min(PRIVATE_BURST, self.tokens + (now - self.at))


class Pace:
    """Telegram's limits. `rate`: messages a second overall; without `per_chat` only that holds (a server of one's own)."""

    def __init__(self, rate: float, clock: Callable[[], float], *, per_chat: bool = True) -> None:
        self._messages = max(1, int(rate))
        self._window = max(1.0, 1.0 / rate)
        self._clock = clock
        self._per_chat = per_chat
        self._overall: deque[float] = deque()
        self._private: dict[int, _Bucket] = {}
        self._groups: dict[int, deque[float]] = {}
        self._pauses: dict[int, float] = {}
        self._bulk_pause = 0.0

    def free(self) -> int:
        """How many messages may start now."""
        now = self._clock()
        while self._overall and self._overall[0] <= now - self._window:
            self._overall.popleft()
        return max(0, self._messages - len(self._overall))

    def took(self, chat_id: int, method: str, messages: int = 1) -> None:
        """A call to this chat starts now; an album counts as the messages that it has."""
        now = self._clock()
        self._overall.extend([now] * messages)
        if not self._per_chat or not method.startswith(_IN_GROUPS if chat_id < 0 else _MESSAGES):
            return
        if chat_id < 0:
            self._groups.setdefault(chat_id, deque()).extend([now] * messages)
        else:
            bucket = self._private.get(chat_id, _Bucket(PRIVATE_BURST, now))
            self._private[chat_id] = _Bucket(bucket.level(now) - messages, now)

    def pause(self, chat_id: int, seconds: float) -> None:
        """This chat waits."""
        self._pauses[chat_id] = max(self._pauses.get(chat_id, 0.0), self._clock() + seconds)

    def pause_bulk(self, seconds: float) -> None:
        """Notices wait; people who ask or tap do not."""
        self._bulk_pause = max(self._bulk_pause, self._clock() + seconds)

    @property
    def bulk_waits(self) -> bool:
        """Whether notices have to wait now."""
        return self._clock() < self._bulk_pause

    def waiting(self) -> set[int]:
        """Chats that may not get anything at this moment; what is over is forgotten on the way."""
        now = self._clock()
        self._pauses = {chat: until for chat, until in self._pauses.items() if until > now}
        self._private = {chat: b for chat, b in self._private.items() if b.level(now) < PRIVATE_BURST}
        for chat, times in list(self._groups.items()):
            while times and times[0] <= now - GROUP_WINDOW:
                times.popleft()
            if not times:
                del self._groups[chat]
        full = {chat for chat, times in self._groups.items() if len(times) >= GROUP_MESSAGES}
        empty = {chat for chat, bucket in self._private.items() if bucket.level(now) < 1}
        return full | empty | self._pauses.keys()

    def next_change(self) -> float | None:
        """Seconds until something that waits now may go; None when nothing does."""
        now = self._clock()
        times = [until - now for until in self._pauses.values()]
        times += [1 - b.level(now) for b in self._private.values() if b.level(now) < 1]
        times += [sent[0] + GROUP_WINDOW - now for sent in self._groups.values() if len(sent) >= GROUP_MESSAGES]
        if self._overall and self.free() == 0:
            times.append(self._overall[0] + self._window - now)
        if self.bulk_waits:
            times.append(self._bulk_pause - now)
        return max(0.001, min(times)) if times else None

"""Telegram's limits on how fast a bot may send, answered by 429 and the seconds to wait."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable

from bot.sandbox.errors import too_many_requests
from bot.sandbox.world import Chat

OVERALL = 30  # messages in any second
PRIVATE_BURST = 5  # messages at once to one person, who then gets one a second
GROUP = 20  # messages in any minute to one group
_MINUTE = 60.0


class RateLimits:
    """Counts what was sent; times are the world's."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._sent: deque[float] = deque()
        self._groups: dict[int, deque[float]] = {}
        self._private: dict[int, float] = {}  # when a person's allowance is full again

    def take(self, chat: Chat, count: int = 1) -> None:
        """Count messages about to be sent, or refuse them all with 429."""
        now = self._seconds()
        wait = max(_wait(self._sent, OVERALL, 1.0, count, now), self._chat_wait(chat, count, now))
        if wait > 0:
            raise too_many_requests(max(1, math.ceil(wait)))
        self._sent.extend([now] * count)
        if chat.is_private:
            self._private[chat.id] = max(now, self._private.get(chat.id, 0.0)) + count
        else:
            self._groups[chat.id].extend([now] * count)

    def _chat_wait(self, chat: Chat, count: int, now: float) -> float:
        if chat.is_private:
            return self._private.get(chat.id, 0.0) - now + count - max(PRIVATE_BURST, count)
        return _wait(self._groups.setdefault(chat.id, deque()), GROUP, _MINUTE, count, now)


def _wait(sent: deque[float], most: int, window: float, count: int, now: float) -> float:
    """Seconds until `count` more fit into the window; an album larger than the limit fits an empty one."""
    while sent and sent[0] <= now - window:
        sent.popleft()
    surplus = len(sent) + min(count, most) - most
    return sent[surplus - 1] + window - now if surplus > 0 else 0.0

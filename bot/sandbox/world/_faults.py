"""Trouble on request: refusals, dropped connections and slow answers, matched by method and chat."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from typing import Any

Json = dict[str, Any]

_SENTENCES = {
    400: "Bad Request: fault asked for",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    429: "Too Many Requests: retry after {}",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(slots=True, kw_only=True)
class Fault:
    """One kind of trouble: at most one of `error_code` and `drop`, perhaps slow as well.

    `drop` is "before" (the request is never taken), "after" (it takes effect, the answer is lost) or "unreachable"
    (in the in-process door connecting itself times out; over HTTP the same as "before").
    `delay` is in seconds; the in-process door does not sleep when the client would give up earlier.
    `times` bounds how often it strikes (None: always), `probability` how likely it is each time.
    """

    method: str | None = None
    chat_id: int | None = None
    error_code: int | None = None
    description: str | None = None
    retry_after: int | None = None
    drop: str | None = None
    delay: float = 0.0
    times: int | None = 1
    probability: float = 1.0
    struck: int = 0

    def __post_init__(self) -> None:
        if self.drop not in {None, "before", "after", "unreachable"}:
            raise ValueError('drop is "before", "after" or "unreachable"')
        if self.drop and self.error_code:
            raise ValueError("a connection that is dropped carries no error code")
        if not (self.drop or self.error_code or self.delay):
            raise ValueError("a fault has an error_code, a drop or a delay")
        if self.error_code == 429 and self.retry_after is None:
            self.retry_after = 1

    def payload(self) -> Json:
        """The answer that it puts in place of the true one."""
        code = self.error_code or 500
        sentence = self.description or _SENTENCES.get(code, "Error").format(self.retry_after)
        answer: Json = {"ok": False, "error_code": code, "description": sentence}
        if self.retry_after is not None:
            answer["parameters"] = {"retry_after": self.retry_after}
        return answer

    def fits(self, method: str, chat_id: object) -> bool:
        """Whether it is meant for this call and not used up."""
        if self.times is not None and self.struck >= self.times:
            return False
        if self.method is not None and self.method.lower() != method.lower():
            return False
        return self.chat_id is None or str(self.chat_id) == str(chat_id)


class Faults:
    """The faults asked for, tried in order for every call."""

    def __init__(self, seed: int = 0) -> None:
        self._faults: list[Fault] = []
        self._random = random.Random(seed)

    def ask(self, **wanted: Any) -> Fault:
        """Add a fault (the fields of `Fault` as keywords); ValueError or TypeError for what makes no sense."""
        fault = Fault(**wanted)
        self._faults.append(fault)
        return fault

    def seed(self, seed: int) -> None:
        """Start the dice of all probabilities anew."""
        self._random = random.Random(seed)

    def clear(self) -> None:
        """No more trouble."""
        self._faults.clear()

    def strike(self, method: str, chat_id: object) -> Fault | None:
        """The fault for this call, counted as used, or None."""
        for fault in self._faults:
            if fault.fits(method, chat_id) and self._random.random() < fault.probability:
                fault.struck += 1
                return fault
        return None

    def as_json(self) -> list[Json]:
        """All faults asked for, with how often each has struck."""
        return [asdict(fault) for fault in self._faults]

    def __bool__(self) -> bool:
        return bool(self._faults)

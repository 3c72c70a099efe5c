"""What came of a parcel."""

from __future__ import annotations

import random
from dataclasses import dataclass

from bot.courier._verdicts import Verdict
from bot.outbox import Parcel, Receipt

_LONGEST = 120.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """One parcel and what came of it; `pause` in seconds, until the next attempt."""

    parcel: Parcel
    receipt: Receipt | None = None
    verdict: Verdict | None = None
    pause: float = 0.0


def undelivered(parcel: Parcel, verdict: Verdict) -> Outcome:
    """It did not arrive, or nobody knows: the next attempt is when Telegram says, or after a growing pause."""
    return Outcome(parcel, verdict=verdict, pause=verdict.seconds or backoff(parcel.attempts))


def backoff(attempts: int) -> float:
    """Seconds until the next attempt: doubling from half a second to two minutes, with jitter."""
    return float(min(_LONGEST, 0.5 * 2 ** (min(attempts, 20) - 1)) * random.uniform(0.8, 1.2))

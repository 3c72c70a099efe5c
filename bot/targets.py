"""Targets for questions: how soon one is taken and how soon it is answered, as the settings say it.

`default=4h/2d, training=8h/3d`: a subject, then the time to be taken and the time to be answered; h are working hours,
d are working days.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.worktime import Calendar

DEFAULT = "default"
_LIMITS = {"h": 400, "d": 60}
_ONE = re.compile(r"([a-z][a-z0-9-]*)\s*=\s*(\d{1,4})([hd])\s*/\s*(\d{1,4})([hd])")


@dataclass(frozen=True)
class Span:
    """A stretch of working time: `amount` hours (`h`) or days (`d`)."""

    amount: int
    unit: str

    def after(self, start: datetime, calendar: Calendar) -> datetime:
        """The moment when it is over."""
        if self.unit == "d":
            return calendar.add_days(start, self.amount)
        return calendar.add(start, timedelta(hours=self.amount))


@dataclass(frozen=True)
class Target:
    """How soon a question is to be taken, and how soon answered."""

    ack: Span
    answer: Span


def parse(text: str) -> Mapping[str, Target]:
    """Subject → target; raises ValueError with a sentence for what cannot be read."""
    found: dict[str, Target] = {}
    for part in (part.strip() for part in text.split(",") if part.strip()):
        read = _ONE.fullmatch(part)
        if read is None:
            raise ValueError(f"'{part}' is not subject=take/answer, for example default=4h/2d (h hours, d days)")
        if read[1] in found:
            raise ValueError(f"'{read[1]}' is named twice")
        found[read[1]] = Target(_span(read[2], read[3]), _span(read[4], read[5]))
    if DEFAULT not in found:
        raise ValueError("a target for 'default' is missing, for example default=4h/2d")
    return found


def _span(amount: str, unit: str) -> Span:
    if not 1 <= int(amount) <= _LIMITS[unit]:
        raise ValueError(f"'{amount}{unit}' is out of bounds: 1 to {_LIMITS[unit]}{unit}")
    return Span(int(amount), unit)

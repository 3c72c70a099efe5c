"""Ladders of reminders: when people hear of a session before it begins, as the settings or its series say it.

`webinar=announced/7d/1d/1h/10m`: what kind of session, then its rungs; d are days, h hours, m minutes before it begins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

ANNOUNCED = "announced"
KINDS = ("consultation", "webinar")
USUAL = "consultation=announced/7d/1d/1h/10m, webinar=announced/7d/1d/1h/10m"

_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
_LONGEST = timedelta(days=60)
_BEFORE_ALL = timedelta(days=3650)
_RUNG = re.compile(r"([1-9]\d{0,3})([dhm])")


@dataclass(frozen=True)
class Rung:
    """One reminder: so long `before` the beginning; None for the announcement, which comes when there is something new."""

    name: str
    before: timedelta | None


def parse(text: str) -> Mapping[str, tuple[Rung, ...]]:
    """Kind of session → its rungs; raises ValueError with a sentence for what cannot be read."""
    found: dict[str, tuple[Rung, ...]] = {}
    for part in (part.strip() for part in text.split(",") if part.strip()):
        kind, equals, names = (piece.strip() for piece in part.partition("="))
        if not equals or kind not in KINDS:
            raise ValueError(f"'{part}' is not kind=rungs, for example webinar=announced/7d/1d/1h/10m")
        if kind in found:
            raise ValueError(f"'{kind}' is named twice")
        found[kind] = rungs([name.strip() for name in names.split("/") if name.strip()])
    return {**parse(USUAL), **found} if text != USUAL else found


def rungs(names: Sequence[str]) -> tuple[Rung, ...]:
    """Rungs by their names, the one that comes first first; raises ValueError with a sentence."""
    once = {name: _rung(name) for name in names}
    return tuple(sorted(once.values(), key=lambda rung: rung.before or _BEFORE_ALL, reverse=True))


def _rung(name: str) -> Rung:
    if name == ANNOUNCED:
        return Rung(name, None)
    read = _RUNG.fullmatch(name)
    before = int(read[1]) * _UNITS[read[2]] if read else None
    if before is None or before > _LONGEST:
        raise ValueError(f"'{name}' is no reminder: write {ANNOUNCED}, or such as 7d, 1h or 10m, at most 60d")
    return Rung(name, before)

"""The feature that the siblings register on, its buttons, and what they offer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from bot.features.duty import NOWHERE, WEEKDAYS
from bot.worktime import Hours
from handlers._kit import Feature, Tap

feature = Feature("duty")

CAPACITIES = (1, 2, 3, 5, 8, 12, 20)
REGIONS = ("CN", "HK", "MO", "TW", "SG", NOWHERE)
PRESETS: dict[str, Hours] = {
    "weekdays": WEEKDAYS,
    "mornings": {day: ((time(8), time(12)),) for day in range(5)},
    "evenings": {day: ((time(19), time(21)),) for day in range(5)},
}


@dataclass(frozen=True)
class Show(Tap, prefix="duty.show"):
    """The whole duty, or one part of it to change."""

    part: str


@dataclass(frozen=True)
class Subject(Tap, prefix="duty.subject"):
    """Add or take away one subject; without a name, all."""

    category: str


@dataclass(frozen=True)
class Tongue(Tap, prefix="duty.language"):
    """Add or take away one language."""

    language: str


@dataclass(frozen=True)
class Preset(Tap, prefix="duty.hours"):
    """Usual hours."""

    name: str


@dataclass(frozen=True)
class WorkAfterAll(Tap, prefix="duty.work"):
    """Take days off back; `first` is their first day."""

    first: str


@dataclass(frozen=True)
class Region(Tap, prefix="duty.region"):
    """Whose public holidays are free."""

    region: str


@dataclass(frozen=True)
class Capacity(Tap, prefix="duty.capacity"):
    """How many open questions at most."""

    most: int


@dataclass(frozen=True)
class Pause(Tap, prefix="duty.pause"):
    """Nothing new for some days; 0 ends the pause."""

    days: int

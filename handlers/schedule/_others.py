"""What else stands in the organizers' calendar: another feature adds its dates, so that there is one place to plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from handlers._kit import Button, Request


@dataclass(frozen=True)
class Dated:
    """Something that is planned, on a button."""

    starts_at: datetime
    button: Button


Dates = Callable[[Request], list[Dated]]
Way = Callable[[Request], Button | None]

_OTHERS: list[tuple[Dates, Way]] = []


def show_also(dates: Dates, way: Way) -> None:
    """Show what `dates` finds among the sessions, and the button with which more is planned, where there is one."""
    _OTHERS.append((dates, way))


def also_planned(request: Request) -> list[Dated]:
    """What the others have planned, in order."""
    return sorted((one for dates, _way in _OTHERS for one in dates(request)), key=lambda one: one.starts_at)


def ways_to_plan(request: Request) -> list[list[Button]]:
    """The buttons with which the others plan, each in a row of its own."""
    return [[button] for _dates, way in _OTHERS if (button := way(request)) is not None]

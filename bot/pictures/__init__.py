"""Charts as PNG files, drawn by a process of their own.

matplotlib takes some 70 MB and never gives them back; a chart is wanted once a month. So a child process draws it and ends.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.apart import drawn_apart

log = logging.getLogger(__name__)

PATIENCE = 120.0
"""Seconds that a drawing may take: the first one on a machine makes matplotlib's list of fonts."""

NO_FONT = "no font with Chinese characters"

_DRAWING = Path(__file__).with_name("_drawing.py")
_said: set[str] = set()


@dataclass(frozen=True)
class Panel:
    """Some bars under a title, each with its label."""

    title: str
    bars: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Place:
    """A spot on a map, in degrees east and north, with its number."""

    name: str
    east: float
    north: float
    value: float


@dataclass(frozen=True)
class Chart:
    """A title with a line below it, a map where there are places, and panels one below the other."""

    title: str
    note: str
    panels: tuple[Panel, ...]
    places: tuple[Place, ...] = ()


def as_json(chart: Chart, plain: Chart) -> dict[str, Any]:
    """The chart as it is kept in a promised message; `plain` has Latin letters only, for machines without Chinese fonts."""
    return {"chart": asdict(chart), "plain": asdict(plain)}


def draw(wanted: dict[str, Any]) -> bytes:
    """The PNG of what `as_json` made; raises Undrawable. Takes a second or two: not for an open transaction."""
    picture, said = drawn_apart(_DRAWING, wanted, begins=b"\x89PNG", patience=PATIENCE)
    if NO_FONT in said and NO_FONT not in _said:
        _said.add(NO_FONT)
        log.warning("There is %s on this machine: pictures have English labels. Install fonts-noto-cjk.", NO_FONT)
    return picture

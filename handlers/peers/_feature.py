"""The feature that the siblings register on, its buttons, and the one that leads here from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from handlers._kit import Feature, Tap

feature = Feature("peers")


@dataclass(frozen=True)
class Seek(Tap, prefix="peers.seek"):
    """Ask for a colleague who got past `step`: the id of a step of the ladder, or of a barrier."""

    step: str

"""The feature that the siblings register on, and the button that leads here from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from handlers._kit import Feature, Tap

feature = Feature("digests")


@dataclass(frozen=True)
class Show(Tap, prefix="digests.show"):
    """What my digest holds, and when it comes."""

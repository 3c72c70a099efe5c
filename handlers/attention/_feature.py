"""The feature that the siblings register on, and the button that leads here from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from handlers._kit import Feature, Tap

feature = Feature("attention")


@dataclass(frozen=True)
class Show(Tap, prefix="attention.show"):
    """Show what I want to be told."""

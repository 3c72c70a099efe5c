"""The feature that the siblings register on, and the button that leads from a report to its gaps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from handlers._kit import Feature, Tap

feature = Feature("reports")

WINDOW = timedelta(days=30)
"""What /report looks back on; the words of questions are kept as long."""


@dataclass(frozen=True)
class ShowGaps(Tap, prefix="reports.gaps"):
    """Which questions does the FAQ not answer?"""

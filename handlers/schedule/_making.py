"""The sessions of every series are made as their weeks come."""

from __future__ import annotations

from datetime import timedelta

from bot import timetable
from handlers._kit import Moment
from handlers.schedule._feature import feature


@feature.tick(timedelta(days=1))
def make_sessions(moment: Moment) -> None:
    """Make what begins within twelve weeks and is not there yet."""
    timetable.materialise(moment.db, now=moment.now)

"""Programmes: cards that colleagues learn from, and the poster week."""

from bot.features import notices, programmes
from handlers.programmes import (
    _cards,
    _entry,
    _presenting,
    _reminding,
    _searching,
    _threads,
    _week,
)
from handlers.programmes._feature import Home, Show, feature
from handlers.programmes._person import forget, of_person

notices.ask_also("programme", programmes.runs_one, programmes.audience_values)

__all__ = ["Home", "Show", "feature", "forget", "of_person"]

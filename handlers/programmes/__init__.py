"""Programmes: cards that colleagues learn from, and the poster week."""

from bot.features import notices, programmes
from handlers.programmes import _cards as _cards
from handlers.programmes import _data as _data
from handlers.programmes import _entry as _entry
from handlers.programmes import _hiding as _hiding
from handlers.programmes import _planning as _planning
from handlers.programmes import _presenting as _presenting
from handlers.programmes import _reminding as _reminding
from handlers.programmes import _searching as _searching
from handlers.programmes import _threads as _threads
from handlers.programmes import _week as _week
from handlers.programmes._feature import Home, Show, feature

notices.ask_also("programme", programmes.runs_one, programmes.audience_values)

__all__ = ["Home", "Show", "feature"]

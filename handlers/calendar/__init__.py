"""The calendar: announcements, reminders and changes of sessions, files and feeds for calendar programs."""

from handlers.calendar import _climbing, _data, _mine  # noqa: F401  (they register their triggers)
from handlers.calendar._events import feed
from handlers.calendar._feature import feature

__all__ = ["feature", "feed"]

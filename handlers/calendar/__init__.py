"""The calendar: announcements, reminders and changes of sessions, files and feeds for calendar programs."""

from handlers.calendar import _climbing  # noqa: F401  (it registers its triggers)
from handlers.calendar._feature import feature

__all__ = ["feature"]

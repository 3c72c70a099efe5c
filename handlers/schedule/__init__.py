"""The organizers' calendar: series and sessions."""

from handlers.schedule._feature import feature

__all__ = ["feature"]

"""Reports for organizers: on request, each month by itself, and what the FAQ lacks."""

from handlers.reports import _gaps, _month  # noqa: F401  (they register their triggers)
from handlers.reports._feature import feature

__all__ = ["feature"]

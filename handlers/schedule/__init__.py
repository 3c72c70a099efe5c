"""The organizers' calendar: planning series and sessions, changing them, and what has to be done for them."""

from handlers.schedule import (  # noqa: F401  (they register their triggers)
    _checklist,
    _drafting,
    _editing,
    _holidays,
    _leading,
    _making,
    _moving,
    _overview,
    _session,
    _when,
)
from handlers.schedule._feature import Home, feature
from handlers.schedule._others import Dated, show_also

__all__ = ["Dated", "Home", "feature", "show_also"]

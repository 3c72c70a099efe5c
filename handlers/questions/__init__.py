"""Questions to the experts: what the asker sees, what the consultants' room sees, and what the clock mends."""

from handlers.questions import (  # noqa: F401  (they register their triggers)
    _desk,
    _mending,
    _mine,
    _reopening,
    _retracting,
)
from handlers.questions._alarm import page_room, told_on_duty
from handlers.questions._asking import ask_button, way_on
from handlers.questions._feature import feature
from handlers.questions._which import adding_row, ask_which, continue_answered

__all__ = [
    "adding_row",
    "ask_button",
    "ask_which",
    "continue_answered",
    "feature",
    "page_room",
    "told_on_duty",
    "way_on",
]

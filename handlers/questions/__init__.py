"""Questions to the experts: what the asker sees, what the consultants' room sees, and what the clock mends."""

from handlers.questions import _desk, _lateness, _mending, _offering, _queue, _screening  # noqa: F401  (they register their triggers)
from handlers.questions._asker import continue_answered
from handlers.questions._asking import ask_button
from handlers.questions._feature import feature
from handlers.questions._room import page_room

__all__ = ["ask_button", "continue_answered", "feature", "page_room"]

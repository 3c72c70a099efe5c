"""Questions to the experts: what the asker sees, what the consultants' room sees, and what the clock mends."""

from handlers.questions import (  # noqa: F401  (they register their triggers)
    _desk,
    _edits,
    _further,
    _lateness,
    _mending,
    _menu,
    _offering,
    _queue,
    _reactions,
    _screening,
    _strangers,
    _undelivered,
)
from handlers.questions._asker import continue_answered
from handlers.questions._asking import ask_button
from handlers.questions._attachments import keep_attachment, not_passed_on
from handlers.questions._feature import feature
from handlers.questions._room import page_room

__all__ = ["ask_button", "continue_answered", "feature", "keep_attachment", "not_passed_on", "page_room"]

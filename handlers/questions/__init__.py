"""Questions to the experts: what the asker sees, what the consultants' room sees, and what the clock mends."""

from handlers.questions import (  # noqa: F401  (they register their triggers)
    _data,
    _desk,
    _edits,
    _finding,
    _further,
    _lateness,
    _mending,
    _menu,
    _mine,
    _offering,
    _queue,
    _reactions,
    _reopening,
    _retracting,
    _screening,
    _strangers,
    _undelivered,
)
from handlers.questions._alarm import page_room, told_on_duty
from handlers.questions._asking import also_live, ask_button, way_on
from handlers.questions._attachments import keep_asked, not_passed_on
from handlers.questions._feature import feature
from handlers.questions._from_elsewhere import bring_to_desk
from handlers.questions._transcript import own_transcript_buttons, transcript_buttons
from handlers.questions._which import adding_row, ask_which, continue_answered

__all__ = [
    "adding_row",
    "also_live",
    "ask_button",
    "ask_which",
    "bring_to_desk",
    "continue_answered",
    "feature",
    "keep_asked",
    "not_passed_on",
    "own_transcript_buttons",
    "page_room",
    "told_on_duty",
    "transcript_buttons",
    "way_on",
]

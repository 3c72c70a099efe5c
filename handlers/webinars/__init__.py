"""Webinars: cards and sign-up, questions for the speaker, attendance, recording, feedback, certificates."""

from handlers.webinars import (  # noqa: F401  (they register their triggers)
    _asking,
    _data,
    _feedback,
    _importing,
    _leftover,
    _organizing,
    _signing,
    _speaker,
    _things,
)
from handlers.webinars._cards import answers, opened, short
from handlers.webinars._certifying import checked_link, verdict
from handlers.webinars._checkin import code_said
from handlers.webinars._feature import deep_link, feature, linked

__all__ = [
    "answers",
    "checked_link",
    "code_said",
    "deep_link",
    "feature",
    "linked",
    "opened",
    "short",
    "verdict",
]

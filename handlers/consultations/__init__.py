"""Consultations: booking, the waiting list, the consultants' agenda, notes, the open consultation."""

from handlers.consultations import (  # noqa: F401  (they register their triggers)
    _agenda,
    _arranging,
    _booking,
    _data,
    _mine,
    _notes,
    _offering,
    _opening,
    _questions,
)
from handlers.consultations._feature import feature, look_button
from handlers.consultations._questions import take_button
from handlers.consultations._sessions import LINK, home

__all__ = ["LINK", "feature", "home", "look_button", "take_button"]

"""Small wins: a ladder from the week after the workshop to a programme that stays, and everybody's own way up."""

from bot.features.wins._path import (
    answered,
    applaud,
    asked,
    choose,
    due,
    forget,
    mark,
    next_check,
    next_step,
    passed,
    path,
    pause,
    stuck,
    unmark,
    wins_of,
    without_offer,
)
from bot.features.wins._tables import Kudos, Win, WinHitch, WinPath

__all__ = [
    "Kudos",
    "Win",
    "WinHitch",
    "WinPath",
    "answered",
    "applaud",
    "asked",
    "choose",
    "due",
    "forget",
    "mark",
    "next_check",
    "next_step",
    "passed",
    "path",
    "pause",
    "stuck",
    "unmark",
    "wins_of",
    "without_offer",
]

"""The feature that the siblings register on."""

from bot.features import attention
from bot.timetable import Kind
from handlers._kit import Feature

feature = Feature("calendar")

PORTION = 200
"""So many people are told at a time: nobody who taps a button waits longer behind them than a moment."""

ATTENTION = {Kind.WEBINAR: attention.Kind.WEBINARS, Kind.CONSULTATION: attention.Kind.CONSULTATIONS}
"""What people mute when they mute sessions of a kind."""

"""Checks a call's parameters against the official API, with Telegram's sentences for what does not fit.

Parameters come as Telegram takes them: strings of a form, JSON values, or uploaded files. Every method is
compiled once into readers, so that a call costs one dictionary look-up for each parameter.
"""

from bot.sandbox.validation._method import Method, find_method
from bot.sandbox.validation._text import Upload
from bot.sandbox.validation._values import conform

__all__ = ["Method", "Upload", "conform", "find_method"]

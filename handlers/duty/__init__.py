"""Duty: a consultant says what they know, which languages they answer in, when they work and how much they carry."""

from handlers.duty import _data, _screens  # noqa: F401  (they register their triggers)
from handlers.duty._feature import feature

__all__ = ["feature"]

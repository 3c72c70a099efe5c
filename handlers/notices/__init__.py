"""Notices of organizers to many people."""

from handlers.notices import _correcting, _running, _signing  # noqa: F401  (they register their triggers)
from handlers.notices._feature import feature

__all__ = ["feature"]

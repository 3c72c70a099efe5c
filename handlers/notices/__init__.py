"""Notices of organizers to many people."""

from handlers.notices import (  # noqa: F401  (they register their triggers)
    _aiming,
    _approving,
    _correcting,
    _data,
    _editor,
    _linking,
    _listing,
    _options,
    _running,
    _saying,
    _sending,
    _signing,
    _trying,
)
from handlers.notices._feature import feature

__all__ = ["feature"]

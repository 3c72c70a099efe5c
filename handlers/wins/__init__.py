"""Small wins: the ladder as a personal path, sharing and kudos, check-ins, ways on for whoever is stuck, digests."""

from handlers.wins import (  # noqa: F401  (they register their triggers)
    _checkins,
    _data,
    _digest,
    _kudos,
    _marking,
    _mending,
    _mine,
    _path,
    _sharing,
    _stuck,
)
from handlers.wins._feature import LINK, feature
from handlers.wins._path import home

__all__ = ["LINK", "feature", "home"]

"""Somebody who has done it: a member who is stuck is brought together with a colleague who got past the same place."""

from handlers.peers import _afterwards, _answering, _asking, _data, _seeking, _willing, _writing  # noqa: F401  (they register)
from handlers.peers._feature import Seek, Show, feature

__all__ = ["Seek", "Show", "feature"]

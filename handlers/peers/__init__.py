"""Somebody who has done it: a member who is stuck is brought together with a colleague who got past the same place."""

from handlers.peers._feature import Seek, feature

__all__ = ["Seek", "feature"]

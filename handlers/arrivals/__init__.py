"""Arriving in a community group: asking to be let in, and being greeted."""

from handlers.arrivals import _asking, _data, _deciding, _greeting  # noqa: F401  (they register their triggers)
from handlers.arrivals._asking import invited
from handlers.arrivals._deciding import waiting_button
from handlers.arrivals._feature import LINK, feature

__all__ = ["LINK", "feature", "invited", "waiting_button"]

"""The resource library: browsed, searched, saved; suggested by members, decided by organizers."""

from handlers.resources import (  # noqa: F401  (they register their triggers)
    _data,
    _deciding,
    _describing,
    _listing,
    _readers,
    _suggesting,
)
from handlers.resources._browsing import LINK, card, card_text
from handlers.resources._feature import feature, way_in

__all__ = ["LINK", "card", "card_text", "feature", "way_in"]

"""What people want to be told, when, and how often: /quiet."""

from handlers.attention import _data  # noqa: F401  (it registers)
from handlers.attention._choosing import kind_name
from handlers.attention._feature import Show, feature
from handlers.attention._waiting import look_again

__all__ = ["Show", "feature", "kind_name", "look_again"]

"""What people want to be told, when, and how often: /quiet."""

from handlers.attention import _choosing  # noqa: F401  (it registers its triggers)
from handlers.attention._feature import Show, feature

__all__ = ["Show", "feature"]

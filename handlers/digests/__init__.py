"""The personal digest: one's own things once a week in one message, for whoever wants it."""

from handlers.digests import _choosing, _data, _telling  # noqa: F401  (they register their triggers)
from handlers.digests._feature import Show, feature

__all__ = ["Show", "feature"]

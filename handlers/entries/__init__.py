"""Answers that stay: from a solved question to an FAQ entry that a second consultant approves, and its later life."""

from handlers.entries import _approving, _data, _editing, _listing, _reviewing, _telling  # noqa: F401  (they register)
from handlers.entries._feature import feature
from handlers.entries._making import make_button, make_of_words

__all__ = ["feature", "make_button", "make_of_words"]

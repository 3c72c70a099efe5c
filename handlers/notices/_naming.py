"""What a notice is called where it is not shown itself: its first words."""

from __future__ import annotations

from markupsafe import Markup

from bot.features import notices
from bot.features.notices import Notice
from handlers._kit import Deed

LENGTH = 40


def name_of(deed: Deed, notice: Notice) -> str:
    """Its first words in the language that it was written in first, or its number where it has none."""
    written = notices.texts(deed.db, notice)
    text = written.get(notice.fallback) or next(iter(written.values()), None)
    words = " ".join(Markup(text.html).striptags().split()) if text is not None else ""
    if text is not None and not words and text.poll is not None:
        words = " ".join(Markup(str(text.poll.get("question", ""))).striptags().split())
    return (words[: LENGTH - 1] + "…" if len(words) > LENGTH else words) or f"#{notice.id}"

"""The way from a list to a question's topic."""

from __future__ import annotations

from markupsafe import Markup

from bot import outbox
from bot.features.questions import Question
from handlers._kit import Deed


def address(deed: Deed, question: Question) -> str | None:
    """The address of its topic; None where it has none (yet)."""
    made = outbox.receipt(deed.db, question.topic_key) if question.topic_key else None
    room = str(question.room_id or "")
    if made is None or made.thread_id is None or not room.startswith("-100"):
        return None
    return f"https://t.me/c/{room.removeprefix('-100')}/{made.thread_id}"


def topic_link(deed: Deed, question: Question) -> Markup:
    """The question's label, leading into its topic where there is one."""
    url = address(deed, question)
    if url is None:
        return Markup("<b>{}</b>").format(question.label)
    return Markup('<a href="{}">{}</a>').format(url, question.label)

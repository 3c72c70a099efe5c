"""What the FAQ and the experts' questions share: matching what was said, keeping it, and asking it anew."""

from __future__ import annotations

from dataclasses import dataclass

from bot.features import faq
from bot.features.faq import Asked
from bot.search import Match
from handlers._kit import Preparing, Request, Said, Tap


@dataclass(frozen=True)
class AsNew(Tap, prefix="faq.new"):
    """The words belong to none of the open questions: treat them as a new one."""

    asked: int


def match(preparing: Preparing) -> Match | None:
    """The slow part, before any transaction is open; None for a question without words."""
    preparing.services.refresh()
    words = " ".join(part for part in (preparing.pending.get("text"), preparing.text) if part)
    if not words.strip():
        return None
    return preparing.services.knowledge().match(words, None)


def recorded(request: Request, content: Said, found: Match | None) -> Asked:
    """Keep what was said with what the matcher made of it; without words there is nothing to match."""
    return faq.record(
        request.db,
        asker=request.me,
        text=content.text,
        match=found or Match("expert", (), request.me.language),
        chat_id=request.chat_id,
        message_id=request.message.message_id,
        thread_id=request.heard.thread_id,
        entities=content.entities,
        media=content.media,
        now=request.now,
    )

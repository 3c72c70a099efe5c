"""What the FAQ and the experts' questions share: matching what was said, and the tap that asks it anew."""

from __future__ import annotations

from dataclasses import dataclass

from bot.search import Match
from handlers._kit import Preparing, Tap


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
    return preparing.services.knowledge().match(words, preparing.language)

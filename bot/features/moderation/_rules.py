"""The groups' rules in each language, and what the bot may not do in a group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, delete

from bot.errors import TextTooLong, Unclear
from bot.features.moderation._tables import LackingRight, Rules
from bot.features.people import Member
from bot.i18n import Language

RULES_LIMIT = 2000


def rules(db: Session, language: Language) -> Rules | None:
    """The rules that organizers wrote in a language; None where the usual ones hold."""
    return db.get(Rules, language)


def write_rules(
    db: Session, language: Language, text: str, entities: Sequence[dict[str, Any]], *, by: Member, now: datetime
) -> Rules:
    """Put these rules in place of what held in a language; raises Unclear or TextTooLong."""
    if not text.strip():
        raise Unclear("rules")
    if len(text) > RULES_LIMIT:
        raise TextTooLong(RULES_LIMIT, len(text))
    written = Rules(language=language, text=text, entities=list(entities), written_by=by.id, written_at=now)
    return db.merge(written)


def reset_rules(db: Session, language: Language) -> None:
    """Let the usual rules hold again."""
    db.exec(delete(Rules).where(col(Rules.language) == language))


def lacks(db: Session, chat_id: int, right: str, *, now: datetime) -> bool:
    """Note that the bot may not do something in a group; False when the organizers know that already."""
    if db.get(LackingRight, (chat_id, right)) is not None:
        return False
    db.add(LackingRight(chat_id=chat_id, right=right, told_at=now))
    db.flush()
    return True


def rights_changed(db: Session, chat_id: int) -> None:
    """Somebody changed what the bot may do: what it lacks from now on is news again."""
    db.exec(delete(LackingRight).where(col(LackingRight.chat_id) == chat_id))

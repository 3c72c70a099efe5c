"""Saved replies: words that consultants use again, by language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from bot.errors import Outdated, TextTooLong, Unclear
from bot.features.people import Member
from bot.features.questions._tables import SavedReply

TITLE_LIMIT = 60
TEXT_LIMIT = 3000


def saved(db: Session, language: str | None = None) -> list[SavedReply]:
    """The saved replies, of one language or of all, those used most often first."""
    found = select(SavedReply)
    if language is not None:
        found = found.where(SavedReply.language == language)
    order = (col(SavedReply.language), col(SavedReply.used).desc(), col(SavedReply.title))
    return list(db.exec(found.order_by(*order)))


def saved_by(db: Session, member: Member) -> list[SavedReply]:
    """Those that a member wrote."""
    return list(db.exec(select(SavedReply).where(SavedReply.made_by == member.id).order_by(col(SavedReply.id))))


def reply(db: Session, reply_id: int) -> SavedReply:
    """The saved reply with this id, locked for this transaction; raises Outdated when there is none."""
    found = db.exec(select(SavedReply).where(SavedReply.id == reply_id).with_for_update()).one_or_none()
    if found is None:
        raise Outdated
    return found


def save_reply(
    db: Session,
    *,
    by: Member,
    title: str,
    language: str,
    text: str,
    entities: list[dict[str, Any]] | None,
    now: datetime,
) -> SavedReply:
    """Keep words to be used again; raises Unclear or TextTooLong."""
    made = SavedReply(
        title=checked_title(title), language=language, text="", made_by=by.id, created_at=now
    )
    reword_reply(made, text=text, entities=entities)
    db.add(made)
    db.flush()
    return made


def checked_title(title: str) -> str:
    """A title in one line; raises Unclear or TextTooLong."""
    return _within(" ".join(title.split()), TITLE_LIMIT)


def reword_reply(reply: SavedReply, *, text: str, entities: list[dict[str, Any]] | None) -> None:
    """Change the words; raises Unclear or TextTooLong."""
    reply.text, reply.entities = _within(text, TEXT_LIMIT), entities


def _within(text: str, limit: int) -> str:
    if not text.strip():
        raise Unclear("reply")
    if len(text) > limit:
        raise TextTooLong(limit, len(text))
    return text

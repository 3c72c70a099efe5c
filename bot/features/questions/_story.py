"""What was said about a question, in order, with what each message said before it was edited."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from bot.features.people import Member
from bot.features.questions._family import homes
from bot.features.questions._tables import Part, Question, Side, id_of


def tell(
    db: Session,
    question: Question,
    *,
    side: Side,
    author: Member,
    chat_id: int,
    message_id: int,
    now: datetime,
    text: str | None,
    entities: list[dict[str, Any]] | None = None,
    media: str | None = None,
) -> Part | None:
    """Add a message to the story; None when it is there already."""
    known = db.exec(select(Part).where(Part.chat_id == chat_id, Part.message_id == message_id)).one_or_none()
    if known is not None:
        return None
    part = Part(
        question_id=id_of(question),
        side=side,
        author_id=author.id,
        chat_id=chat_id,
        message_id=message_id,
        text=text,
        entities=entities,
        media=media,
        said_at=now,
    )
    db.add(part)
    db.flush()
    return part


def story(db: Session, question: Question) -> list[Part]:
    """What was said about a question, oldest first."""
    return list(db.exec(select(Part).where(Part.question_id == question.id).order_by(col(Part.id))))


def story_in_room(db: Session, question: Question) -> list[Part]:
    """The story as the experts have it: with what those said whose questions were merged into this one."""
    together = [home.id for home in homes(db, question)]
    return list(db.exec(select(Part).where(col(Part.question_id).in_(together)).order_by(col(Part.id))))

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
    album: str | None = None,
    file_id: str | None = None,
    file_name: str | None = None,
    file_size: int | None = None,
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
        album=album,
        file_id=file_id,
        file_name=file_name,
        file_size=file_size,
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


def part_at(db: Session, chat_id: int, message_id: int) -> Part | None:
    """The part of a story that was said in this message."""
    return db.exec(select(Part).where(Part.chat_id == chat_id, Part.message_id == message_id)).one_or_none()


def question_at(db: Session, chat_id: int, message_id: int) -> Question | None:
    """The question that was asked in this message."""
    return db.exec(
        select(Question)
        .where(Question.chat_id == chat_id, Question.message_id == message_id)
        .order_by(col(Question.id).desc())
        .limit(1)
    ).one_or_none()


def album_in(db: Session, chat_id: int, album: str | None) -> list[Part]:
    """The parts that were sent as this album in this chat, in order; none without an album."""
    if album is None:
        return []
    return list(db.exec(select(Part).where(Part.album == album, Part.chat_id == chat_id).order_by(col(Part.id))))

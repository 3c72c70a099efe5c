"""What questions and their parts said before somebody edited them: kept, never rewritten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from bot import screening
from bot.features.questions._tables import Part, Question, Version, id_of


def revise(
    db: Session,
    question: Question,
    part: Part | None,
    *,
    text: str,
    entities: list[dict[str, Any]] | None,
    now: datetime,
) -> bool:
    """Take the new words of a part, or (without one) of the question itself; False when they are the old ones.

    What could identify a patient in the earlier ones is not kept.
    """
    said = part or question
    if (said.text or "") == text and (said.entities or []) == (entities or []):
        return False
    before, formatting = screening.masked_message(said.text or "", said.entities)
    version = Version(
        question_id=id_of(question), part_id=part.id if part else None, text=before, entities=formatting, until=now
    )
    db.add(version)
    said.text, said.entities = text, entities
    db.flush()
    return True


def versions(db: Session, question: Question, part: Part | None = None) -> list[Version]:
    """The earlier wordings of a part, or (without one) of the question itself, oldest first."""
    part_id = part.id if part else None
    return list(
        db.exec(
            select(Version)
            .where(Version.question_id == question.id, col(Version.part_id).is_not_distinct_from(part_id))
            .order_by(col(Version.id))
        )
    )

"""Merging a question into another open one, and splitting them again."""

from __future__ import annotations

from sqlmodel import Session, col, select

from bot.errors import CannotMerge
from bot.features.questions._family import follow, followers
from bot.features.questions._life import require_open
from bot.features.questions._tables import UNSOLVED, Question, State


def others_open(db: Session, question: Question, limit: int = 200) -> list[Question]:
    """Open questions that this one could be merged into, newest first."""
    return list(
        db.exec(
            select(Question)
            .where(
                col(Question.state).in_(UNSOLVED),
                col(Question.merged_into_id).is_(None),
                col(Question.room_id).is_not(None),
                Question.id != question.id,
            )
            .order_by(col(Question.number).desc())
            .limit(limit)
        )
    )


def merge(db: Session, question: Question, into: Question) -> bool:
    """Let a question follow another; False when it does. Raises CannotMerge, QuestionMerged or QuestionClosed.

    A question that others were merged into stays a leading one, so that there are no chains and no circles.
    """
    if question.merged_into_id is not None and question.merged_into_id == into.id:
        return False
    if question.id == into.id:
        raise CannotMerge("itself", question.number or 0)
    require_open(db, question)
    require_open(db, into)
    if followers(db, question):
        raise CannotMerge("leading", question.number or 0)
    question.merged_into_id = into.id
    follow(question, into)
    db.flush()
    return True


def split(question: Question) -> bool:
    """Let a merged question stand by itself again; False when it does."""
    if question.merged_into_id is None:
        return False
    question.merged_into_id = None
    if question.state is not State.CLOSED:
        question.state = (
            State.ANSWERED if question.answered_at else State.CLAIMED if question.owner_id is not None else State.OPEN
        )
    return True

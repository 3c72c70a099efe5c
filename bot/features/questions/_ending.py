"""How a question ends for its asker: taken back, rated, and perhaps opened once more."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from bot.errors import Outdated
from bot.features.questions._tables import Part, Question, Side, State, Version

REOPEN_FOR = timedelta(days=7)
"""How long after its end a question opens again by itself; later the asker says whether they mean it."""

RATING_CHANGES_FOR = timedelta(days=1)
RATINGS = range(1, 6)
NOTE_LIMIT = 1000


def reopens(question: Question, *, now: datetime) -> bool:
    """Whether a closed question opens again without asking back."""
    if question.state is not State.CLOSED or question.taken_back_at is not None or question.closed_at is None:
        return False
    return now - question.closed_at <= REOPEN_FOR


def take_back(db: Session, question: Question, *, now: datetime) -> bool:
    """End a question that nobody answered and forget its words, the number stays; False when it was answered or over."""
    if question.state in (State.DRAFT, State.CLOSED) or question.answered_at is not None:
        return False
    question.state, question.closed_at, question.taken_back_at = State.CLOSED, now, now
    question.text, question.entities, question.media, question.nearly = "", None, None, []
    question.solved, question.paused_at = None, None
    db.execute(delete(Version).where(col(Version.question_id) == question.id))
    db.execute(
        update(Part)
        .where(col(Part.question_id) == question.id, col(Part.side) == Side.ASKER)
        .values(text=None, entities=None, media=None, file_id=None, file_name=None, undone_at=now)
    )
    return True


def take_back_part(db: Session, part: Part, *, now: datetime) -> bool:
    """Forget the words of what the asker added; False when an answer came after it, or it was taken back before."""
    answered = select(Part.id).where(
        Part.question_id == part.question_id, Part.side == Side.CONSULTANT, col(Part.id) > part.id
    )
    if part.side is not Side.ASKER or part.undone_at is not None or db.exec(answered).first() is not None:
        return False
    db.execute(delete(Version).where(col(Version.part_id) == part.id))
    part.text, part.entities, part.media, part.file_id, part.file_name = None, None, None, None, None
    part.undone_at = now
    return True


def rate(question: Question, rating: int, *, first_at: datetime | None, now: datetime) -> bool:
    """Keep the asker's rating, 1 to 5; False when it was given (at `first_at`) too long ago to be changed."""
    if rating not in RATINGS or question.state is not State.CLOSED or question.taken_back_at is not None:
        raise Outdated
    if question.rating is not None and first_at is not None and now - first_at > RATING_CHANGES_FOR:
        return False
    question.rating = rating
    return True

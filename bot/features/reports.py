"""Looking back over a stretch of time: how questions went, at the FAQ and at the experts' desk, and what the FAQ lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, or_
from sqlmodel import Session, col, select

from bot.features.faq import Asked
from bot.features.questions import Part, Question, Side, State

Elapsed = Callable[[datetime, datetime], timedelta]
"""How long it was from one moment to another, in the time that counts."""

SENT_WEIGHT = 2
"""What a question that was passed on counts among the gaps, against one that only found no answer."""


@dataclass(frozen=True)
class Desk:
    """What became of the questions of a stretch of time; waits are those until the first answer."""

    asked: int
    by_faq: int
    passed_on: int
    answered: int
    solved: int
    half_within: timedelta | None
    most_within: timedelta | None
    ratings: int
    rating: float | None
    by_category: list[tuple[str | None, int]]
    asked_by_language: list[tuple[str, int]]


@dataclass(frozen=True)
class Lacking:
    """A question that the FAQ did not answer."""

    text: str
    language: str
    weight: int


def desk(db: Session, *, since: datetime, until: datetime, elapsed: Elapsed) -> Desk:
    """Count what was asked from `since` on and before `until`."""
    sent = _sent(db, since, until)
    first = _first_answers(db, since, until)
    waits = [elapsed(question.sent_at, at) for question in sent if (at := _answer(question, first)) and question.sent_at]
    ratings = [question.rating for question in sent if question.rating is not None]
    languages = Counter(dict(_by_language(db, since, until)))
    return Desk(
        asked=sum(languages.values()),
        by_faq=_by_faq(db, since, until),
        passed_on=len(sent),
        answered=len(waits),
        solved=sum(question.state is State.CLOSED and question.solved is True for question in sent),
        half_within=quantile(waits, 0.5),
        most_within=quantile(waits, 0.9),
        ratings=len(ratings),
        rating=sum(ratings) / len(ratings) if ratings else None,
        by_category=Counter(question.category for question in sent).most_common(),
        asked_by_language=languages.most_common(),
    )


def _sent(db: Session, since: datetime, until: datetime) -> Sequence[Question]:
    """Questions that were passed on, without those that their askers took back."""
    sent = and_(col(Question.sent_at) >= since, col(Question.sent_at) < until)
    return db.exec(select(Question).where(sent, col(Question.taken_back_at).is_(None))).all()


def _first_answers(db: Session, since: datetime, until: datetime) -> dict[int, datetime]:
    rows = db.exec(
        select(Part.question_id, func.min(Part.said_at))
        .join(Question, col(Question.id) == Part.question_id)
        .where(col(Question.sent_at) >= since, col(Question.sent_at) < until)
        .where(Part.side == Side.CONSULTANT, col(Part.undone_at).is_(None))
        .group_by(col(Part.question_id))
    )
    return dict(rows.all())


def _answer(question: Question, first: dict[int, datetime]) -> datetime | None:
    """When it was first answered; a question that was merged into another has its answer there."""
    return first.get(question.id or 0) or (question.answered_at if question.merged_into_id is not None else None)


def quantile(waits: Sequence[timedelta], share: float) -> timedelta | None:
    """The shortest wait within which this share of all waits lies; None where there are none."""
    if not waits:
        return None
    ordered = sorted(waits)
    return ordered[max(0, -(-int(len(ordered) * share * 1000) // 1000) - 1)]


def _asked(since: datetime, until: datetime) -> Any:
    return and_(col(Asked.asked_at) >= since, col(Asked.asked_at) < until)


def _by_language(db: Session, since: datetime, until: datetime) -> Sequence[tuple[str, int]]:
    query = select(Asked.language, func.count()).where(_asked(since, until)).group_by(col(Asked.language))
    return [(language, count) for language, count in db.exec(query)]


def _was_sent() -> Any:
    return exists().where(col(Question.asked_id) == Asked.id, col(Question.number).is_not(None))


def _by_faq(db: Session, since: datetime, until: datetime) -> int:
    """An entry was shown, nobody said that it did not help, and no expert was asked."""
    content = and_(col(Asked.shown).is_not(None), col(Asked.helpful).is_not(False), ~_was_sent())
    return db.exec(select(func.count()).select_from(Asked).where(_asked(since, until), content)).one()


def lacking(db: Session, *, since: datetime, limit: int) -> list[Lacking]:
    """The newest questions that found no answer in the FAQ, or not the right one, as far as their words are still kept."""
    sent = _was_sent()
    unhelped = or_(sent, col(Asked.helpful).is_(False), and_(col(Asked.decision) == "expert", col(Asked.shown).is_(None)))
    rows = db.exec(
        select(Asked.text, Asked.language, sent)
        .where(col(Asked.asked_at) >= since, col(Asked.text).is_not(None), col(Asked.text) != "", unhelped)
        .order_by(col(Asked.id).desc())
        .limit(limit)
    )
    return [Lacking(text or "", language, SENT_WEIGHT if was_sent else 1) for text, language, was_sent in rows]

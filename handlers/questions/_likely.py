"""Questions that are like a question, found before any transaction opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.features import questions
from bot.features.questions import Question
from bot.search import Candidate
from handlers._kit import Preparing
from handlers.questions._prompts import meant

Looking = Callable[[Session, Question], Sequence[Candidate]]


@dataclass(frozen=True)
class Likely:
    """Ids of questions that are like the one at hand, best first."""

    ids: tuple[int, ...]


def finding(candidates: Looking, *, at_most: int) -> Callable[[Preparing], Likely]:
    """A `prepare` step that looks for what is like the question of a button or of a topic."""

    def prepare(preparing: Preparing) -> Likely:
        with preparing.reading() as db:
            question = _question(db, preparing)
            if question is None or not question.text.strip():
                return Likely(())
            text, others = question.text, candidates(db, question)
        found = preparing.services.knowledge().similar(text, others, at_most)
        return Likely(tuple(number for number, _score in found))

    return prepare


def _question(db: Session, preparing: Preparing) -> Question | None:
    """The question of the tapped button, whose first value it is, or of the topic."""
    heard = preparing.heard
    if heard.kind == "tap":
        value = (heard.data or "").split(":")[1:2]
        question_id = int(value[0]) if value and value[0].isdigit() else None
    else:
        question_id = meant(db, heard, preparing.about)
    return db.get(Question, question_id) if question_id is not None else None


def open_ones(db: Session, question: Question) -> list[Candidate]:
    """Open questions it could be merged into, newest first."""
    return [(questions.id_of(other), other.text, other.language) for other in questions.others_open(db, question)]


def shortened(text: str, limit: int = 60) -> str:
    """The beginning of a text in one line; a sign for what has no words."""
    line = " ".join(text.split()) or "📎"
    return line if len(line) <= limit else line[: limit - 1] + "…"

"""What the desk keeps of a person: their questions, and what they did at the desk."""

from __future__ import annotations

from typing import Any

from sqlmodel import select

from bot.features import questions
from bot.features.questions import Part, Question
from handlers._kit import Request, chosen
from handlers.questions._feature import feature

_OF_A_QUESTION = (
    "number",
    "text",
    "anonymous",
    "state",
    "sent_at",
    "answered_at",
    "closed_at",
    "taken_back_at",
    "solved",
    "rating",
    "rating_note",
)


def of_person(request: Request) -> dict[str, Any]:
    """Their questions; what was offered to them, what they looked for, and the replies they saved."""
    db, me = request.db, request.me
    return {
        "questions": _questions(request),
        "offered": chosen(questions.offers_to(db, me), "offered_at", "outcome", "ended_at"),
        "looked_for": chosen(questions.finds_of(db, me), "words", "looked_at"),
        "saved_replies": chosen(questions.saved_by(db, me), "title", "language", "text", "created_at"),
    }


def _questions(request: Request) -> list[dict[str, Any]]:
    """The person's questions to the experts with all that was said, but for the experts' own notes."""
    mine = request.db.exec(select(Question).where(Question.asker_id == request.me.id)).all()
    known = chosen(mine, *_OF_A_QUESTION)
    return [
        fields | {"story": _story(request, row), "earlier": _earlier(request, row)}
        for fields, row in zip(known, mine, strict=True)
    ]


def _story(request: Request, question: Question) -> list[dict[str, Any]]:
    parts = [part for part in questions.story(request.db, question) if part.side != questions.Side.NOTE]
    known = chosen(parts, "side", "text", "media", "file_name", "said_at")
    return [fields | {"earlier": _earlier(request, question, part)} for fields, part in zip(known, parts, strict=True)]


def _earlier(request: Request, question: Question, part: Part | None = None) -> list[str | None]:
    return [version.text for version in questions.versions(request.db, question, part)]


def forget(request: Request) -> None:
    """The words of their questions go, and their place at the desk."""
    questions.forget(request.db, request.me)


feature.keeps(of_person, forgotten=forget)

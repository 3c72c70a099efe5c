"""What the life of FAQ entries keeps of a person."""

from __future__ import annotations

from typing import Any

from bot.features import entries
from handlers._kit import Request, chosen
from handlers.entries._feature import feature

_WRITTEN = ("entry_id", "language", "question", "answer", "state", "created_at")


def of_person(request: Request) -> dict[str, Any]:
    """Which wordings of the FAQ they were given, and which they wrote."""
    db, me = request.db, request.me
    return {
        "answers_given": chosen(entries.given_to(db, me), "entry_id", "language", "given_at"),
        "entries_written": chosen(entries.written_by(db, me), *_WRITTEN),
    }


def forget(request: Request) -> None:
    """What they were given goes; what they wrote stays without their name."""
    entries.forget(request.db, request.me)


feature.keeps(of_person, forgotten=forget)

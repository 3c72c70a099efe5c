"""What webinars keep of a person, as /mydata shows it."""

from __future__ import annotations

from typing import Any

from bot.features import webinars
from handlers._kit import Request


def of_person(request: Request) -> dict[str, Any]:
    """Questions, support for others' questions, feedback and certificates; what one was to sessions is the calendar's."""
    db, me = request.db, request.me
    asked = {"session_id", "text", "anonymous", "asked_at", "answered_at", "passed_on_as"}
    said = {"session_id", "useful", "level", "trying", "line", "given_at"}
    given = {"number", "session_id", "name", "made_at", "revoked_at"}
    return {
        "questions": [one.model_dump(mode="json", include=asked) for one in webinars.questions_of(db, me)],
        "supports": [{"question": one.text, "at": at.isoformat()} for one, at in webinars.supports_of(db, me)],
        "feedback": [one.model_dump(mode="json", include=said) for one in webinars.feedback_of(db, me)],
        "certificates": [one.model_dump(mode="json", include=given) for one in webinars.certificates_of(db, me)],
        "minutes": [{"session_id": one.session_id, "minutes": one.minutes} for one in webinars.minutes_of(db, me)],
    }

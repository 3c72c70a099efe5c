"""What webinars keep of a person; what one was to sessions is the calendar's."""

from __future__ import annotations

from typing import Any

from bot.features import webinars
from handlers._kit import Request, chosen
from handlers.webinars._feature import feature


def of_person(request: Request) -> dict[str, Any]:
    """Questions, support for others' questions, feedback, minutes and certificates."""
    db, me = request.db, request.me
    asked = ("session_id", "text", "anonymous", "asked_at", "answered_at", "passed_on_as")
    given = ("number", "session_id", "name", "made_at", "revoked_at")
    said = ("session_id", "useful", "level", "trying", "line", "given_at")
    return {
        "webinars": {
            "questions": chosen(webinars.questions_of(db, me), *asked),
            "supports": [{"question": one.text, "at": at.isoformat()} for one, at in webinars.supports_of(db, me)],
            "feedback": chosen(webinars.feedback_of(db, me), *said),
            "certificates": chosen(webinars.certificates_of(db, me), *given),
            "minutes": chosen(webinars.minutes_of(db, me), "session_id", "minutes"),
        }
    }


def forget(request: Request) -> None:
    """All of it goes; a certificate's number then means nothing."""
    webinars.forget(request.db, request.me)


feature.keeps(of_person, forgotten=forget)

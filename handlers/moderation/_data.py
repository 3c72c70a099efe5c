"""What is kept of a person's conduct in groups, for them to see; never who reported them."""

from __future__ import annotations

from typing import Any

from bot.features import moderation
from handlers._kit import Request


def of_person(request: Request) -> dict[str, Any]:
    """Measures against and by them, messages of theirs that waited or were reported, and what they reported."""
    db, me = request.db, request.me
    measure = {"chat_id", "kind", "reason", "made_at", "until", "undone_at"}
    return {
        "measures": [row.model_dump(mode="json", include=measure) for row in moderation.measures_of(db, me)],
        "measures_taken": [row.model_dump(mode="json", include=measure) for row in moderation.measures_by(db, me)],
        "waited": [
            row.model_dump(mode="json", include={"chat_id", "text", "why", "state", "held_at"})
            for row in moderation.held_of(db, me)
        ],
        "reported": [
            row.model_dump(mode="json", include={"chat_id", "text", "reported_at"})
            for row in moderation.reports_on(db, me)
        ],
        "reports": [
            row.model_dump(mode="json", include={"chat_id", "message_id", "reported_at", "decided_at"})
            for row in moderation.reports_by(db, me)
        ],
    }

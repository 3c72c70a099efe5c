"""What is kept of a person's conduct in groups, for them to see; never who reported them."""

from __future__ import annotations

from typing import Any

from bot.features import moderation
from handlers._kit import Request, chosen
from handlers.moderation._feature import feature

_MEASURE = ("chat_id", "kind", "reason", "made_at", "until", "undone_at")


def of_person(request: Request) -> dict[str, Any]:
    """Measures against and by them, messages of theirs that waited or were reported, and what they reported."""
    db, me = request.db, request.me
    return {
        "conduct": {
            "measures": chosen(moderation.measures_of(db, me), *_MEASURE),
            "measures_taken": chosen(moderation.measures_by(db, me), *_MEASURE),
            "waited": chosen(moderation.held_of(db, me), "chat_id", "text", "why", "state", "held_at"),
            "reported": chosen(moderation.reports_on(db, me), "chat_id", "text", "reported_at"),
            "reports": chosen(moderation.reports_by(db, me), "chat_id", "message_id", "reported_at", "decided_at"),
        }
    }


def forget(request: Request) -> None:
    """What the groups need not know goes."""
    moderation.forget(request.db, request.me)


feature.keeps(of_person, forgotten=forget)

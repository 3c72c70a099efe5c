"""What is kept about one person here, for /mydata."""

from __future__ import annotations

from typing import Any

from bot.features import peers
from handlers._kit import Request


def of_person(request: Request) -> dict[str, Any]:
    """Whether they may be asked, for what they looked for somebody, and what they were asked and said."""
    db, me = request.db, request.me
    willing = peers.willing_of(db, me)
    searched = {"what", "username", "state", "begun_at", "ended_at", "seeker_said"}
    return {
        "willing": willing.model_dump(mode="json", exclude={"member_id"}) if willing is not None else None,
        "looked_for": [row.model_dump(mode="json", include=searched) for row in peers.searches_of(db, me)],
        "asked": [
            row.model_dump(mode="json", include={"asked_at", "answer", "answered_at"}) for row in peers.asks_of(db, me)
        ],
    }

"""What is kept of how a person came to which group."""

from __future__ import annotations

from typing import Any

from bot.features import arrivals
from handlers._kit import Request, chosen
from handlers.arrivals._feature import feature
from handlers.arrivals._greeting import unname

_ASKED = ("chat_id", "asked_at", "state", "workplace", "city", "agreed_at", "decided_at")


def of_person(request: Request) -> dict[str, Any]:
    """When they came to which group, and what they said when they asked to be let in."""
    db, me = request.db, request.me
    return {
        "groups": {
            "came": chosen(arrivals.arrivals_of(db, me), "chat_id", "joined_at", "left_at"),
            "asked_to_join": chosen(arrivals.requests_of(db, me), *_ASKED),
        }
    }


def forget(request: Request) -> None:
    """No greeting has their name any more, and nothing else of it stays."""
    greetings = arrivals.greetings_of(request.db, request.me)
    arrivals.forget(request.db, request.me)
    unname(request, greetings)


feature.keeps(of_person, forgotten=forget)

"""What the resource library keeps of a person."""

from __future__ import annotations

from typing import Any

from bot.features import resources
from handlers._kit import Request, chosen
from handlers.resources._feature import feature

_OF_A_SUGGESTION = (
    "kind",
    "title",
    "url",
    "media",
    "text",
    "purpose",
    "language",
    "good_for",
    "licence",
    "consented_at",
    "named",
    "helped",
    "state",
    "suggested_at",
)


def of_person(request: Request) -> dict[str, Any]:
    """Their own list, what they searched for lately, what they suggested, and what helped them."""
    db, me = request.db, request.me
    return {
        "resources": {
            "saved": resources.saved_by(db, me),
            "searches": chosen(resources.searches_of(db, me), "words", "searched_at"),
            "suggested": chosen(resources.suggested_by(db, me), *_OF_A_SUGGESTION),
            "helped": chosen(resources.helped_by(db, me), "resource_id", "at"),
            "reported": chosen(resources.reports_by(db, me), "shared_id", "why", "at"),
        }
    }


def forget(request: Request) -> None:
    """Their list and searches go; what they gave stays without their name."""
    resources.forget(request.db, request.me)


feature.keeps(of_person, forgotten=forget)

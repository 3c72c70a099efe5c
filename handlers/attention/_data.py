"""What is kept of what a person wants to be told."""

from __future__ import annotations

from typing import Any

from bot.features import attention
from handlers._kit import Request, all_but
from handlers.attention._feature import feature


def of_person(request: Request) -> dict[str, Any]:
    """What they muted, their quiet hours and their number a week."""
    return {"told": all_but(attention.of(request.db, request.me), "member_id")}


def forget(request: Request) -> None:
    """Nothing of it stays."""
    attention.forget(request.db, request.me)


feature.keeps(of_person, forgotten=forget)

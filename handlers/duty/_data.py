"""What duty keeps of a person: when they work, what they know, how much they carry."""

from __future__ import annotations

from typing import Any

from bot.features import duty
from handlers._kit import Request, all_but
from handlers.duty._feature import feature


def of_person(request: Request) -> dict[str, Any]:
    """Their subjects, languages, hours and days off."""
    return {"duty": all_but(duty.of(request.db, request.me), "member_id")}


def forget(request: Request) -> None:
    """Nothing of it stays."""
    duty.forget(request.db, request.me)


feature.keeps(of_person, forgotten=forget)

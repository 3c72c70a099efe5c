"""What the personal digest keeps of a person."""

from __future__ import annotations

from typing import Any

from bot.features import digests
from handlers._kit import Request, chosen
from handlers.digests._feature import feature


def of_person(request: Request) -> dict[str, Any]:
    """What they chose to hear once a week, and when."""
    mine = filter(None, [digests.of(request.db, request.me)])
    return {"digest": chosen(mine, "parts", "weekday", "minute", "next_at")}


def forget(request: Request) -> None:
    """Nothing of it stays."""
    digests.forget(request.db, request.me)


feature.keeps(of_person, forgotten=forget)

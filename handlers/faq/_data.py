"""What the FAQ keeps of a person: what they asked it."""

from __future__ import annotations

from typing import Any

from sqlmodel import select

from bot.features import faq
from bot.features.faq import Asked
from handlers._kit import Request, chosen
from handlers.faq._feature import feature


def of_person(request: Request) -> dict[str, Any]:
    """What the FAQ was asked, with what came along."""
    rows = request.db.exec(select(Asked).where(Asked.member_id == request.me.id)).all()
    known = chosen(rows, "text", "language", "shown", "helpful", "asked_at")
    return {
        "asked": [
            fields | {"attached": chosen(faq.attachments(request.db, row.id), "media", "text", "file_name")}
            for fields, row in zip(known, rows, strict=True)
        ]
    }


def forget(request: Request) -> None:
    """What they asked goes; that something was asked stays counted."""
    faq.forget(request.db, request.me)


feature.keeps(of_person, forgotten=forget)

"""What notices keep of a person."""

from __future__ import annotations

from typing import Any

from bot.features import notices
from bot.features.notices import Notice
from handlers._kit import Request, chosen
from handlers.notices._feature import feature

_GOT = ("notice_id", "language", "outcome", "sent_at", "due_at", "change")


def of_person(request: Request) -> dict[str, Any]:
    """Which notices they got, for what they signed up below them, and which they wrote."""
    db, me = request.db, request.me
    return {
        "notices": chosen(notices.received_by(db, me), *_GOT),
        "signed_up": chosen(notices.signups_of(db, me), "notice_id", "button", "at"),
        "notices_written": [_written(request, notice) for notice in notices.written_by(db, me)],
    }


def _written(request: Request, notice: Notice) -> dict[str, Any]:
    said = {language: text.html for language, text in notices.texts(request.db, notice).items()}
    return notice.model_dump(mode="json", include={"state", "created_at", "due_at"}) | {"texts": said}


def forget(request: Request) -> None:
    """What they got and signed up for goes, what they wrote stays without their name."""
    notices.forget_writer(request.db, request.me)
    notices.forget_recipient(request.db, request.me)


feature.keeps(of_person, forgotten=forget)

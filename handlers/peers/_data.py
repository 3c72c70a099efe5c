"""What is kept about one person here, for /mydata; and what happens when they leave."""

from __future__ import annotations

from typing import Any

from bot.features import peers
from handlers._kit import Request
from handlers.peers._asking import release


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


def leave(request: Request) -> None:
    """Somebody goes: whoever was asked because of them need not answer any more, and all of theirs is deleted."""
    search = peers.open_of(request.db, request.me)
    if search is not None and peers.end(search, peers.State.CANCELLED, now=request.now):
        release(request, search)
    peers.forget(request.db, request.me, now=request.now)

"""What is kept about one person here, and what happens when they leave."""

from __future__ import annotations

from typing import Any

from bot.features import peers
from handlers._kit import Request, all_but, chosen
from handlers.peers._asking import release
from handlers.peers._feature import feature

_SEARCHED = ("what", "username", "state", "begun_at", "ended_at", "seeker_said")


def of_person(request: Request) -> dict[str, Any]:
    """Whether they may be asked, for what they looked for somebody, and what they were asked and said."""
    db, me = request.db, request.me
    return {
        "peers": {
            "willing": all_but(peers.willing_of(db, me), "member_id"),
            "looked_for": chosen(peers.searches_of(db, me), *_SEARCHED),
            "asked": chosen(peers.asks_of(db, me), "asked_at", "answer", "answered_at"),
        }
    }


def leave(request: Request) -> None:
    """Somebody goes: whoever was asked because of them need not answer any more, and all of theirs is deleted."""
    search = peers.open_of(request.db, request.me)
    if search is not None and peers.end(search, peers.State.CANCELLED, now=request.now):
        release(request, search)
    peers.forget(request.db, request.me, now=request.now)


feature.keeps(of_person, forgotten=leave)

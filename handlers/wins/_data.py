"""What is kept of a person's path, for /mydata and /forget."""

from __future__ import annotations

from typing import Any

from bot.features import wins
from handlers._kit import Request
from handlers.wins._sharing import take_down

_OF_A_WIN = {"step", "note", "photos", "done_at", "shared_at", "named"}
_OF_A_HITCH = {"step", "barrier", "said_at", "over_at"}


def of_person(request: Request) -> dict[str, Any]:
    """Their path, what they did, where they were stuck, and the kudos that they gave."""
    db, me = request.db, request.me
    mine = wins.path_of(db, me)
    return {
        "path": mine.model_dump(mode="json", exclude={"member_id"}) if mine is not None else None,
        "done": [win.model_dump(mode="json", include=_OF_A_WIN) for win in wins.wins_of(db, me)],
        "stuck": [hitch.model_dump(mode="json", include=_OF_A_HITCH) for hitch in wins.hitches_of(db, me)],
        "kudos_given": [kudos.model_dump(mode="json", include={"win_id", "at"}) for kudos in wins.kudos_by(db, me)],
    }


def take_all_down(request: Request) -> None:
    """Whoever is forgotten is not named in groups any more."""
    for win in wins.shared_by(request.db, request.me):
        take_down(request, win)

"""What is kept of a person's path."""

from __future__ import annotations

from typing import Any

from bot.features import wins
from handlers._kit import Request, all_but, chosen
from handlers.wins._feature import feature
from handlers.wins._sharing import take_down


def of_person(request: Request) -> dict[str, Any]:
    """Their path, what they did, where they were stuck, and the kudos that they gave."""
    db, me = request.db, request.me
    return {
        "small_wins": {
            "path": all_but(wins.path_of(db, me), "member_id"),
            "done": chosen(wins.wins_of(db, me), "step", "note", "photos", "done_at", "shared_at", "named"),
            "stuck": chosen(wins.hitches_of(db, me), "step", "barrier", "said_at", "over_at"),
            "kudos_given": chosen(wins.kudos_by(db, me), "win_id", "at"),
        }
    }


def forget(request: Request) -> None:
    """Whoever is forgotten is not named in groups any more, and nothing of their path stays."""
    for win in wins.shared_by(request.db, request.me):
        take_down(request, win)
    wins.forget(request.db, request.me)


feature.keeps(of_person, forgotten=forget)

"""What consultations keep of a person."""

from __future__ import annotations

from typing import Any

from bot.features import consultations
from handlers._kit import Request, chosen
from handlers.consultations._feature import feature

_OF_A_BOOKING = (
    "state",
    "starts_at",
    "ends_at",
    "subject",
    "case",
    "created_at",
    "confirmed_at",
    "ended_at",
    "came",
    "notes",
    "next_steps",
    "notes_at",
    "went",
)


def of_person(request: Request) -> dict[str, Any]:
    """What they booked and what came of it, where they wait, and the notes that they wrote themselves."""
    db, me = request.db, request.me
    return {
        "consultations": {
            "booked": chosen(consultations.bookings_of(db, me), *_OF_A_BOOKING),
            "waiting": chosen(consultations.waiting_of(db, me), "session_id", "since", "subject"),
            "notes_written": chosen(consultations.notes_by(db, me), "starts_at", "notes", "next_steps", "notes_at"),
        }
    }


def forget(request: Request) -> None:
    """Their bookings go with all that was written of them; what they wrote as a consultant stays with the others."""
    consultations.forget(request.db, request.me)


feature.keeps(of_person, forgotten=forget)

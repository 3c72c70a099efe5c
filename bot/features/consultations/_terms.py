"""The terms on which slots are given: until when, how many, who comes first."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from bot.features.people import Member

CUT_OFF = timedelta(hours=12)
"""Until this long before a slot it can be moved or given back, and is offered to those who wait."""

BOOK_UNTIL = timedelta(hours=1)
"""Until this long before a slot it can be booked: then the consultant gets the agenda."""

LATELY = timedelta(weeks=8)
"""Whoever had a consultation within this time lets others go first when slots are few."""

MOST = 2
"""How many one person books within `LATELY`, and one programme in one session, when slots are few."""

KEPT_UNTIL = timedelta(days=3)
"""Until this long before a session its last slots are kept for those who had none lately."""

OFFER = timedelta(hours=12)
"""How long an offer waits for a word."""

SHORTEST_OFFER = timedelta(minutes=15)
ASK_BEFORE = timedelta(days=1)
FOLLOW_UP = timedelta(weeks=2)

SUBJECT_LIMIT, FIELD_LIMIT, NOTES_LIMIT = 200, 500, 1500
CASE = ("setting", "situation", "tried", "wish")
"""The fields of the case form, in their order; none of them asks who the patient is."""


class Why(StrEnum):
    """Why somebody cannot book a slot now."""

    OPEN = "open"
    LATELY = "lately"
    OFTEN = "often"
    PROGRAMME = "programme"


def programme_of(member: Member) -> str | None:
    """What counts as one programme: the same kind of workplace in the same city, or else the same cohort."""
    if member.workplace and member.city:
        return f"{member.workplace} · {member.city.casefold()}"
    return member.cohort

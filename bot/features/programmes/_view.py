"""What a reader sees of a card. Every screen, the index behind search and filters, the map and the posters go through `view`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.features.people import Member, Role
from bot.features.programmes._fields import FIELDS, usual
from bot.features.programmes._tables import Level, Programme


@dataclass(frozen=True)
class View:
    """A card as one reader sees it: only the fields that are filled in and shown to them, in the card's order."""

    id: int
    fields: Mapping[str, Any]

    def __bool__(self) -> bool:
        return bool(self.fields)


def level_of(programme: Programme, reader: Member) -> Level | None:
    """How much somebody may see of a card; None for nothing."""
    if reader.id is not None and reader.id in (programme.owner_id, programme.co_owner_id):
        return Level.ME
    if programme.published_at is None or not reader.role.reaches(Role.TRAINEE):
        return None
    if reader.role.reaches(Role.ORGANIZER):
        return Level.ORGANIZERS
    return Level.COMMUNITY if programme.hidden_at is None else None


def shown_to(programme: Programme, field: str) -> Level:
    """Who sees a field of the card."""
    return Level(programme.levels[field]) if field in programme.levels else usual(field)


def view(programme: Programme, reader: Member | Level) -> View:
    """The card as `reader` sees it: a person, or everybody of a level; empty where they may see nothing."""
    level = reader if isinstance(reader, Level) else level_of(programme, reader)
    if level is Level.COMMUNITY and programme.hidden_at is not None:
        level = None
    seen = {
        field: programme.fields[field]
        for field in FIELDS
        if level is not None and programme.fields.get(field) and level.sees(shown_to(programme, field))
    }
    return View(programme.id or 0, seen)

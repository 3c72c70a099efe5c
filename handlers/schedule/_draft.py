"""A series or a session while it is put together, as it is kept between one tap and the next."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from bot import timetable
from bot.errors import Outdated
from bot.timetable import Kind, Occurrence, Part, Recurrence, Rhythm
from handlers._kit import Request

SERIES, SESSION = "series", "session"


@dataclass
class Plan:
    """What is wished so far; `when` is as `written` makes it, None until it is said."""

    what: str
    kind: Kind
    when: dict[str, Any] | None = None
    title: dict[str, str] = field(default_factory=dict)
    description: dict[str, str] = field(default_factory=dict)
    people: list[int] = field(default_factory=list)
    speaker: str | None = None
    link: str | None = None
    join_hint: str | None = None
    capacity: int | None = None
    slots: list[int] = field(default_factory=lambda: [0, 0])
    ladder: list[str] | None = None

    @property
    def part(self) -> Part:
        """What the people do who are put on it."""
        return part_of(self.kind)

    @property
    def recurrence(self) -> Recurrence:
        """When the series takes place; raises Outdated while that is not said."""
        if self.when is None or self.what != SERIES:
            raise Outdated
        return read(self.when)

    @property
    def occurrence(self) -> Occurrence:
        """When the single session is; raises Outdated while that is not said."""
        if self.when is None or self.what != SESSION:
            raise Outdated
        return timetable.occurrence(datetime.fromisoformat(self.when["first"]), self.when["minutes"], self.when["zone"])


def part_of(kind: Kind) -> Part:
    """What somebody does at a session of this kind."""
    return Part.CONSULTANT if kind is Kind.CONSULTATION else Part.SPEAKER


def plan_of(request: Request) -> Plan:
    """What this organizer has drafted; raises Outdated for nothing."""
    data = timetable.draft(request.db, request.me.id or 0)
    return Plan(**data | {"kind": Kind(data["kind"])})


def keep(request: Request, plan: Plan) -> Plan:
    """Keep it for the next tap."""
    timetable.keep_draft(request.db, request.me.id or 0, asdict(plan), now=request.now)
    return plan


def written(when: Recurrence) -> dict[str, Any]:
    """A recurrence as JSON."""
    return {
        "rule": when.rhythm.rule,
        "first": when.first.isoformat(),
        "minutes": when.minutes,
        "zone": when.zone,
        "skipped": sorted(wall.isoformat() for wall in when.skipped),
        "extra": sorted(wall.isoformat() for wall in when.extra),
    }


def read(data: dict[str, Any]) -> Recurrence:
    """The recurrence that was written so."""
    return Recurrence(
        Rhythm.of(data["rule"]),
        datetime.fromisoformat(data["first"]),
        data["minutes"],
        data["zone"],
        frozenset(map(datetime.fromisoformat, data["skipped"])),
        frozenset(map(datetime.fromisoformat, data["extra"])),
    )

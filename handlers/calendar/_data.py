"""What the calendar keeps of a person: what they planned, what they do at sessions, what they said to them."""

from __future__ import annotations

from typing import Any

from bot import timetable
from handlers._kit import Request, chosen
from handlers.calendar._feature import feature

_SAID = ("session_id", "standing", "since", "starts_at", "ends_at", "attended_at", "attended_how")
_PLANNED = ("kind", "title", "rrule", "first", "zone", "created_at")


def of_person(request: Request) -> dict[str, Any]:
    """What they said to sessions and were at; what they planned, changed, do and are to see to."""
    db, id_ = request.db, request.me.id or 0
    return {
        "sessions": {
            "said": chosen(timetable.attended_by(db, id_), *_SAID),
            "calendar_addresses": chosen(timetable.feeds_by(db, id_), "token", "made_at", "revoked_at"),
        },
        "calendar": {
            "planned": chosen(timetable.planned_by(db, id_), *_PLANNED),
            "changed": chosen(timetable.changes_by(db, id_), "what", "old", "new", "at"),
            "parts": _parts(request),
            "to_do": _to_do(request),
            "draft": timetable.draft_of(db, id_),
        },
    }


def _parts(request: Request) -> list[dict[str, Any]]:
    return [
        {"part": person.part, "session": row.starts_at.isoformat(), "confirmed": person.confirmed_at is not None}
        for person, row in timetable.parts_of(request.db, request.me.id or 0)
    ]


def _to_do(request: Request) -> list[dict[str, Any]]:
    return [
        {"task": task.task, "session": row.starts_at.isoformat(), "due": task.due_at.isoformat()}
        for task, row in timetable.tasks_of(request.db, request.me.id or 0, now=request.now)
    ]


def forget(request: Request) -> None:
    """They are at no session any more; where they were to do something, somebody has to be found."""
    db, id_ = request.db, request.me.id or 0
    timetable.forget_planning(db, id_, now=request.now)
    timetable.forget_attendee(db, id_)
    timetable.forget_feeds(db, id_)


feature.keeps(of_person, forgotten=forget)

"""What somebody is putting together: one draft for each person, which survives restarts and other commands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col

from bot.errors import Outdated
from bot.timetable._tables import Draft


def draft(db: Session, member_id: int) -> dict[str, Any]:
    """What somebody has put together so far; raises Outdated for nothing."""
    found = draft_of(db, member_id)
    if found is None:
        raise Outdated
    return found


def draft_of(db: Session, member_id: int) -> dict[str, Any] | None:
    """The same; None for nothing."""
    kept = db.get(Draft, member_id)
    return dict(kept.data) if kept is not None else None


def keep_draft(db: Session, member_id: int, data: dict[str, Any], *, now: datetime) -> None:
    """Keep it for when they go on, in place of what was there."""
    db.merge(Draft(member_id=member_id, data=data, at=now))
    db.flush()


def drop_draft(db: Session, member_id: int) -> None:
    """It is done, or not wanted."""
    db.execute(delete(Draft).where(col(Draft.member_id) == member_id))

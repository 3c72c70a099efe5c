"""What waits and heeds its reader's wishes: found again when these change, or when its time has passed unused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from bot.outbox._delivery import TOLD_TO_WAIT
from bot.outbox._promises import end_what_needs
from bot.outbox._rows import Lane, is_in, is_ready, table

_AT_ONCE = 5000
"""Ids in one statement: SQLite takes 32,766."""


@dataclass(frozen=True, slots=True)
class Heeding:
    """A row that waits, and what it heeds."""

    id: int
    chat_id: int
    about: str | None
    heeds: str
    due_at: datetime


def heeding_in(db: Session, chat_id: int) -> list[Heeding]:
    """What waits for a private chat and heeds its reader's wishes, oldest first."""
    return _found(db, table.c.chat_id == chat_id, is_in("due"))


def heeding_late(db: Session, *, before: datetime) -> list[Heeding]:
    """What heeds its reader's wishes and should have gone out `before`, or was tried in vain.

    Where Telegram told a chat to wait, nothing changes until that time is over.
    """
    late = _found(db, is_ready(), table.c.lane.in_([int(lane) for lane in Lane]), table.c.due_at <= before)
    told = table.c.error.startswith(TOLD_TO_WAIT)
    return late + _found(db, is_ready(), table.c.error.is_not(None), ~told, table.c.due_at > before)


def _found(db: Session, *which: Any) -> list[Heeding]:
    columns = (table.c[name] for name in ("id", "chat_id", "about", "heeds", "due_at"))
    rows = db.execute(select(*columns).where(*which, table.c.heeds.is_not(None)).order_by(table.c.id))
    return [Heeding(*row) for row in rows]


def put_off(db: Session, times: Mapping[int, datetime]) -> None:
    """These rows, by their ids, go out at these times, unless they are on their way already; nothing waits behind them."""
    by_time: dict[datetime, list[int]] = {}
    for row_id, at in times.items():
        by_time.setdefault(at, []).append(row_id)
    for at, ids in by_time.items():
        for start in range(0, len(ids), _AT_ONCE):
            some = table.c.id.in_(ids[start : start + _AT_ONCE])
            db.execute(update(table).where(some, is_in("due")).values(due_at=at, error=None))


def drop(db: Session, ids: Iterable[int], *, now: datetime) -> None:
    """These rows, by their ids, do not go out any more, nor does what waits for them; what is on its way does."""
    which = (table.c.id.in_(list(ids)), is_in("due"))
    keys = db.execute(update(table).where(*which).values(state="void", done_at=now).returning(table.c.key))
    end_what_needs(db, keys.scalars().all(), state="void", now=now)

"""How much waits to be sent, and for how long; read from what is due, which costs the same however much was delivered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session

from bot.outbox._rows import Lane, is_in, is_ready, table


@dataclass(frozen=True)
class Depth:
    """What waits in one lane: rows that are promised, and how long the oldest of them has been due."""

    waiting: int = 0
    lag: timedelta = timedelta(0)


def depths(db: Session, *, now: datetime) -> dict[Lane, Depth]:
    """What waits, by lane; rows that are promised for later count as waiting, without lag, those that need another not yet."""
    rows = db.execute(select(table.c.lane, func.count()).where(is_ready()).group_by(table.c.lane))
    counts = {row[0]: row[1] for row in rows}
    return {lane: Depth(counts.get(lane, 0), _lag(db, lane, now) if lane in counts else timedelta(0)) for lane in Lane}


def _lag(db: Session, lane: Lane, now: datetime) -> timedelta:
    first = db.execute(
        select(table.c.due_at)
        .where(is_ready(), table.c.lane == int(lane), table.c.due_at <= now)
        .order_by(table.c.due_at, table.c.id)
        .limit(1)
    ).scalar_one_or_none()
    return now - first if first is not None else timedelta(0)


def in_flight(db: Session) -> int:
    """How many rows are being sent at this moment."""
    return int(db.execute(select(func.count()).where(is_in("claimed"))).scalar_one())

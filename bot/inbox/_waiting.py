"""Updates that wait: what other processes stored for the owner, and what a restore left undecided."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import Session

from bot.inbox import Arrived, InboxRow

_table: Any = InboxRow.__table__  # type: ignore[attr-defined]


def waiting(db: Session, *, known: Collection[int] = (), since: datetime | None = None) -> list[Arrived]:
    """What is stored and not done, oldest first, without those `known` already and those that came before `since`."""
    rows = select(_table.c.update_id, _table.c.lane).where(_table.c.done_at.is_(None))
    if since is not None:
        rows = rows.where(_table.c.received_at >= since)
    new = [row.update_id for row in db.execute(rows.order_by(_table.c.update_id)) if row.update_id not in known]
    return [arrived for start in range(0, len(new), 500) for arrived in _read(db, new[start : start + 500])]


def _read(db: Session, update_ids: list[int]) -> list[Arrived]:
    rows = db.execute(
        select(_table.c.update_id, _table.c.lane, _table.c.payload)
        .where(_table.c.update_id.in_(update_ids))
        .order_by(_table.c.update_id)
    )
    return [Arrived(row.update_id, row.lane, json.loads(row.payload)) for row in rows if row.payload]


def lag(db: Session, *, now: datetime) -> timedelta:
    """How long the oldest update has been waiting."""
    first = db.execute(
        select(_table.c.received_at).where(_table.c.done_at.is_(None)).order_by(_table.c.update_id).limit(1)
    ).scalar_one_or_none()
    return now - first if first is not None else timedelta(0)


def from_before(db: Session, moment: datetime) -> int:
    """How many updates wait that came before a moment."""
    old = select(func.count()).where(_table.c.done_at.is_(None), _table.c.received_at < moment)
    return int(db.execute(old).scalar_one())


def put_aside_before(db: Session, moment: datetime, *, now: datetime) -> None:
    """End updates that came before a moment without handling them."""
    old = update(_table).where(_table.c.done_at.is_(None), _table.c.received_at < moment)
    db.execute(old.values(done_at=now, payload=None, error="restored from a backup and not wanted any more"))

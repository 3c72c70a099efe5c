"""Updates, made durable before Telegram is told that they arrived, and replayed after a crash.

The row's "done" commits together with what its handler did; until then the update is handled again after a restart.
A done row keeps only its number: what people wrote is not kept here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Index, Text, bindparam, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Field, Session, SQLModel

from bot.db import UtcDateTime

ELSEWHERE_KEPT = timedelta(hours=24)
"""How long Telegram keeps updates that nobody fetches."""

KEPT = timedelta(days=8)  # Telegram repeats an unconfirmed update for one day; a week and a day is plenty


class InboxRow(SQLModel, table=True):
    """One update: `payload` is its JSON until it is done; `lane` keeps one chat's updates in order."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index(
            "ix_inbox_open", "update_id", sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")
        ),
        Index("ix_inbox_message", "lane", "message_id"),
    )

    update_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    lane: int = Field(sa_column=Column(BigInteger, nullable=False))
    message_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    payload: str | None = Field(sa_column=Column(Text))
    error: str | None = Field(default=None, sa_column=Column(Text))
    received_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


class Pulse(SQLModel, table=True):
    """When the bot was last awake, in the one row that there is: Telegram keeps updates for a day only."""

    __tablename__ = "pulse"

    id: int = Field(default=1, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)


_table: Any = InboxRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Arrived:
    """An update on its way to a handler."""

    update_id: int
    lane: int
    payload: dict[str, Any]


def lane_of(payload: dict[str, Any]) -> int:
    """The chat (or else the person) whose updates have to stay in order."""
    for kind, body in payload.items():
        if kind == "update_id" or not isinstance(body, dict):
            continue
        place = (
            body.get("chat") or (body.get("message") or {}).get("chat") or body.get("from") or body.get("user") or {}
        )
        return int(place.get("id", 0))
    return 0


def receive(connection: Connection, payloads: Sequence[dict[str, Any]], *, now: datetime) -> list[Arrived]:
    """Store updates and give back those that are new, in order; a repeated `update_id` has no effect."""
    if not payloads:
        return []
    rows = [
        {
            "update_id": p["update_id"],
            "lane": lane_of(p),
            "message_id": (p.get("message") or {}).get("message_id"),
            "payload": json.dumps(p, ensure_ascii=False),
            "received_at": now,
        }
        for p in payloads
    ]
    new = set(connection.execute(_STORE[connection.dialect.name], rows).scalars())
    arrived = {p["update_id"]: Arrived(p["update_id"], row["lane"], p) for p, row in zip(payloads, rows, strict=True)}
    return [arrived[update_id] for update_id in sorted(new)]


_STORE = {  # without its rows: with them it would be compiled anew each time
    name: insert(_table).on_conflict_do_nothing().returning(_table.c.update_id)
    for name, insert in (("sqlite", insert_sqlite), ("postgresql", insert_postgres))
}


def finish(db: Session, update_id: int, *, now: datetime) -> bool:
    """Mark an update as handled, inside the handler's transaction; False when it already was."""
    return bool(db.connection().execute(_FINISH, {"number": update_id, "now": now}).rowcount == 1)


_FINISH = (
    update(_table)
    .where(_table.c.update_id == bindparam("number"), _table.c.done_at.is_(None))
    .values(done_at=bindparam("now"), payload=None)
)


def put_aside(db: Session, update_id: int, error: str, *, now: datetime) -> None:
    """End an update whose handler failed; what was said stays on the row until it is pruned, for whoever mends it."""
    db.execute(
        update(_table)
        .where(_table.c.update_id == update_id, _table.c.done_at.is_(None))
        .values(done_at=now, error=error[:500])
    )


def beat(db: Session, *, now: datetime) -> None:
    """The bot is awake."""
    pulse = db.get(Pulse, 1)
    if pulse is None:
        db.add(Pulse(at=now))
    else:
        pulse.at = now


def last_beat(db: Session) -> datetime | None:
    """When the bot was last awake, to within a few minutes; None before its first start."""
    pulse = db.get(Pulse, 1)
    return pulse.at if pulse is not None else None


def heard(db: Session, chat_id: int, above: int) -> set[int]:
    """Ids above `above` of messages that others wrote in a chat, as far as they reached the inbox."""
    rows = db.execute(select(_table.c.message_id).where(_table.c.lane == chat_id, _table.c.message_id > above))
    return set(rows.scalars())


def last_heard(db: Session, chat_id: int) -> datetime | None:
    """When anything was last heard from a private chat; None when that is longer ago than is kept."""
    found = select(_table.c.received_at).where(_table.c.lane == chat_id).order_by(_table.c.update_id.desc()).limit(1)
    heard_at: datetime | None = db.execute(found).scalar_one_or_none()
    return heard_at


def depth(db: Session) -> int:
    """How many updates wait to be handled."""
    return int(db.execute(select(func.count()).where(_table.c.done_at.is_(None))).scalar_one())


PORTION = 1000
"""Rows that are cleared away in one transaction: nobody who writes waits long for it."""


def prune(db: Session, *, now: datetime) -> int:
    """Forget a portion of the updates that were handled long ago; returns how many."""
    old = select(_table.c.update_id).where(_table.c.done_at < now - KEPT).order_by(_table.c.done_at).limit(PORTION)
    result: Any = db.execute(delete(_table).where(_table.c.update_id.in_(old)))
    return int(result.rowcount)


from bot.inbox._hands import Hands  # noqa: E402  (the siblings need the names above)
from bot.inbox._lanes import Lanes  # noqa: E402
from bot.inbox._poller import WANTED, Poller  # noqa: E402
from bot.inbox._waiting import from_before, lag, put_aside_before, waiting  # noqa: E402

__all__ = [
    "ELSEWHERE_KEPT",
    "WANTED",
    "Arrived",
    "Hands",
    "InboxRow",
    "Lanes",
    "Poller",
    "Pulse",
    "beat",
    "depth",
    "finish",
    "from_before",
    "heard",
    "lag",
    "lane_of",
    "last_beat",
    "last_heard",
    "prune",
    "put_aside",
    "put_aside_before",
    "receive",
    "waiting",
]

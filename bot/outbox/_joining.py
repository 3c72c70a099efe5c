"""Promises that change before they are kept: newer words, an album that grows, a moment's patience, another try."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import String, insert, literal, select, update
from sqlmodel import Session

from bot.outbox._promises import arrived_keys
from bot.outbox._rows import OutboxRow, table

JOINED = "$joined"
"""The place in an album's payload that names the keys of its further messages, in order."""

_GIVEN_UP = ":given-up:"


def find(db: Session, key: str) -> OutboxRow | None:
    """The row with this key, whatever has become of it."""
    return db.execute(
        select(OutboxRow).where(table.c.key == key).execution_options(populate_existing=True)
    ).scalar_one_or_none()


def rewrite(db: Session, key: str, payload: dict[str, Any], *, method: str | None = None) -> bool:
    """Put another call in place of one that waits to be sent, or failed; False when it is on its way already, or gone."""
    waiting = table.c.state.in_(("due", "failed"))
    changes = {"payload": json.dumps(payload, ensure_ascii=False)} | ({"method": method} if method else {})
    changed = db.execute(update(table).where(table.c.key == key, waiting).values(changes).returning(table.c.id))
    return changed.scalar_one_or_none() is not None


def join(db: Session, key: str, *, to: str) -> None:
    """Let a further message travel with the album `to`, whose payload names it; nothing happens when it does already."""
    if find(db, key) is not None:
        return
    album = table.alias("album")
    columns = ("lane", "chat_id", "method", "about", "due_at", "attempts", "created_at")
    db.execute(
        insert(table).from_select(
            ["key", "needs", "payload", "state", *columns],
            select(
                _literal(key), _literal(to), _literal("{}"), _literal("joined"), *(album.c[name] for name in columns)
            ).where(album.c.key == to),
        )
    )


def _literal(value: str) -> Any:
    return literal(value, String)


def hasten(db: Session, *, about: str, now: datetime) -> None:
    """What speaks of `about` and was held back goes now: something that has to come after it is on its way."""
    db.execute(
        update(table)
        .where(table.c.about == about, table.c.state == "due", table.c.error.is_(None), table.c.due_at > now)
        .values(due_at=now)
    )


def given_up(db: Session, *, about: Collection[str], chat_id: int) -> list[OutboxRow]:
    """Failed rows about any of these in one chat that nobody has tried again, oldest first."""
    return list(
        db.execute(
            select(OutboxRow)
            .where(
                table.c.about.in_(about),
                table.c.chat_id == chat_id,
                table.c.state == "failed",
                table.c.key.not_like(f"%{_GIVEN_UP}%"),
            )
            .order_by(table.c.id)
        ).scalars()
    )


def again(db: Session, row: OutboxRow, *, now: datetime) -> bool:
    """Promise a failed call anew, and what waited for it; False when that was done. The failed row keeps what happened."""
    db.flush()
    retired = db.execute(
        update(table)
        .where(table.c.id == row.id, table.c.state == "failed", table.c.key == row.key)
        .values(key=f"{row.key}{_GIVEN_UP}{row.id}")
        .returning(table.c.id)
    ).scalar_one_or_none()
    if retired is None or row.key is None:
        return False
    names = ("lane", "chat_id", "method", "about", "needs", "payload")
    fresh = {name: getattr(row, name) for name in names}
    fresh["uncertain_at"] = now if row.uncertain_at is not None else None  # it may be there already: it says so again
    fresh["waits"] = _waits(db, row.needs)
    db.execute(
        insert(table).values(fresh | {"key": row.key, "state": "due", "due_at": now, "created_at": now, "attempts": 0})
    )
    _wake_what_needs(db, row.key, now)
    joined = update(table).where(table.c.needs == row.key, table.c.state == "void", table.c.payload == "{}")
    db.execute(joined.values(state="joined", done_at=None))
    db.expire(row)
    return True


def revive(db: Session, key: str, *, method: str, payload: dict[str, Any], needs: str | None, now: datetime) -> None:
    """Send a message of an album that failed as a message of its own, and what waited for it."""
    fresh: dict[str, Any] = {
        "state": "due",
        "due_at": now,
        "attempts": 0,
        "error": None,
        "reported_at": None,
        "done_at": None,
    }
    call = {"method": method, "payload": json.dumps(payload, ensure_ascii=False), "needs": needs}
    db.flush()
    fresh["waits"] = _waits(db, needs)
    db.execute(update(table).where(table.c.key == key, table.c.state.in_(("failed", "void"))).values(fresh | call))
    _wake_what_needs(db, key, now)


def _waits(db: Session, needs: str | None) -> bool:
    return needs is not None and not arrived_keys(db.connection(), [needs])


def _wake_what_needs(db: Session, key: str, now: datetime) -> None:
    fresh = {"state": "due", "waits": True, "due_at": now, "error": None, "reported_at": None, "done_at": None}
    db.execute(
        update(table)
        .where(table.c.needs == key, table.c.state == "failed", table.c.error == f"needs {key}")
        .values(fresh)
    )

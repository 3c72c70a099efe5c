"""From a due row to its receipt: claim, deliver, postpone, doubt, fail, recover."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, exists, func, literal, or_, select, update

from bot.outbox._joining import JOINED
from bot.outbox._promises import end_what_needs
from bot.outbox._rows import Lane, Parcel, Receipt, table

REPEATABLE = ("edit", "set", "delete", "close", "reopen", "pin", "unpin", "answer", "approve", "decline")
"""Methods that may be called twice without harm begin with one of these words."""

_AGAIN = case((table.c.void_at.is_not(None), "void"), else_="due")
"""What a row becomes that was out and has to be tried again: nothing more when it was taken back meanwhile."""


def claim(
    connection: Connection, *, now: datetime, limit: int, busy: Collection[int] = (), bulk: bool = True
) -> list[Parcel]:
    """Take up to `limit` due rows, the first of each chat that is not `busy`, and mark them as being sent.

    Without `bulk` notices are left where they are.

    Rows of one chat stay in order: never more than one of them is out at a time, and none overtakes one that was put off.
    """
    chosen = _first_of_each_chat(connection.execute(_due_rows(now, busy, bulk, limit * 4 + 20)), limit)
    if not chosen:
        return []
    ids = [row.id for row in chosen]
    taken = {
        row.id: row  # as they are now: an album may have grown since they were chosen
        for row in connection.execute(
            update(table)
            .where(table.c.id.in_(ids), table.c.state == "due")
            .values(state="claimed", claimed_at=now, attempts=table.c.attempts + 1)
            .returning(table)
        )
    }
    return [_parcel(connection, taken[row.id]) for row in chosen if row.id in taken]


def _due_rows(now: datetime, busy: Collection[int], bulk: bool, limit: int) -> Any:
    earlier, other = table.alias("earlier"), table.alias("other")
    put_off = and_(other.c.state == "due", other.c.error.is_not(None), other.c.due_at > now)
    ready = or_(
        table.c.needs.is_(None),
        exists(select(literal(1)).where(earlier.c.key == table.c.needs, earlier.c.state == "sent")),
    )
    query = select(table).where(
        table.c.state == "due",
        table.c.due_at <= now,
        ready,
        table.c.chat_id.not_in(select(other.c.chat_id).where(other.c.state == "claimed")),
        table.c.chat_id.not_in(select(other.c.chat_id).where(put_off)),
    )
    if not bulk:
        query = query.where(table.c.lane < int(Lane.NOTICE))
    if busy:
        query = query.where(table.c.chat_id.not_in(list(busy)))
    return query.order_by(table.c.lane, table.c.id).limit(limit)


def _first_of_each_chat(rows: Iterable[Any], limit: int) -> list[Any]:
    first: dict[int, Any] = {}
    for row in rows:
        if row.chat_id not in first and len(first) < limit:
            first[row.chat_id] = row
    return list(first.values())


def _parcel(connection: Connection, row: Any) -> Parcel:
    payload = _filled(connection, json.loads(row.payload))
    joined = tuple(payload.pop(JOINED, ()))
    return Parcel(
        row.id,
        row.key,
        row.lane,
        row.chat_id,
        row.method,
        payload,
        row.about,
        row.attempts,
        row.uncertain_at is not None,
        joined,
    )


def _filled(connection: Connection, value: Any) -> Any:
    """The payload with every `receipt_of` replaced by what the earlier row's receipt says."""
    if isinstance(value, list):
        return [_filled(connection, item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$receipt" in value:
        key, field = value["$receipt"]
        return connection.execute(select(table.c[field]).where(table.c.key == key)).scalar_one_or_none()
    return {name: _filled(connection, item) for name, item in value.items()}


def deliver(connection: Connection, receipts: Sequence[Receipt], *, now: datetime) -> None:
    """Write receipts: these rows have arrived."""
    if receipts:
        connection.execute(
            update(table)
            .where(table.c.id == bindparam("row"))
            .values(
                state="sent", done_at=now, error=None, message_id=bindparam("message"), thread_id=bindparam("thread")
            ),
            [{"row": r.row_id, "message": r.message_id, "thread": r.thread_id} for r in receipts],
        )
    if further := [{"joined": key, "message": number} for r in receipts for key, number in r.further]:
        connection.execute(
            update(table)
            .where(table.c.key == bindparam("joined"), table.c.state == "joined")
            .values(state="sent", done_at=now, message_id=bindparam("message")),
            further,
        )


def postpone(connection: Connection, row_id: int, *, until: datetime, error: str, counted: bool = True) -> None:
    """Give a row back, to be tried again at `until`; an attempt that Telegram forbade (429) is not `counted`."""
    attempts = table.c.attempts if counted else table.c.attempts - 1
    connection.execute(
        update(table)
        .where(table.c.id == row_id)
        .values(state=_AGAIN, due_at=until, error=error[:300], attempts=attempts, claimed_at=None)
    )


def doubt(connection: Connection, row_id: int, *, until: datetime, now: datetime, error: str) -> bool:
    """The row may or may not have arrived: send it once more at `until`, unless that was done; False when it was."""
    row = connection.execute(select(table.c.uncertain_at, table.c.method).where(table.c.id == row_id)).one()
    if repeatable(row.method):
        postpone(connection, row_id, until=until, error=error)
        return True
    if row.uncertain_at is not None:
        fail(connection, row_id, now=now, error=f"uncertain twice: {error}")
        return False
    connection.execute(
        update(table)
        .where(table.c.id == row_id)
        .values(state=_AGAIN, due_at=until, uncertain_at=now, error=error[:300], claimed_at=None)
    )
    return True


def fail(connection: Connection, row_id: int, *, now: datetime, error: str) -> None:
    """Give up on a row and on those that wait for its receipt."""
    key = connection.execute(
        update(table)
        .where(table.c.id == row_id)
        .values(state="failed", done_at=now, error=error[:300])
        .returning(table.c.key)
    ).scalar_one_or_none()
    connection.execute(
        update(table).where(table.c.needs == key, table.c.state == "joined").values(state="void", done_at=now)
    )
    end_what_needs(connection, [key], state="failed", now=now)


def repeatable(method: str) -> bool:
    """Whether calling the method twice does no harm."""
    return method.startswith(REPEATABLE)


def recover(connection: Connection, *, now: datetime) -> int:
    """After a crash: rows that were out are due again, marked uncertain; returns how many are in doubt."""
    out = connection.execute(select(table.c.id).where(table.c.state == "claimed")).scalars().all()
    doubted = sum(
        doubt(connection, row_id, until=now, now=now, error="the process ended while this was being sent")
        for row_id in out
    )
    connection.execute(
        update(table).where(table.c.state == "due", table.c.attempts > 0, table.c.due_at > now).values(due_at=now)
    )
    return doubted


def next_due(connection: Connection, *, after: datetime) -> datetime | None:
    """When the earliest row becomes due that is not due yet."""
    return connection.execute(
        select(func.min(table.c.due_at)).where(table.c.state == "due", table.c.due_at > after)
    ).scalar_one_or_none()

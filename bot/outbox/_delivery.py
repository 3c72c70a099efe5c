"""From a due row to its receipt: claim, deliver, postpone, doubt, fail, recover."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
    update,
)

from bot.outbox._joining import JOINED
from bot.outbox._promises import end_what_needs
from bot.outbox._rows import Lane, Parcel, Receipt, is_in, is_ready, table
from bot.outbox._standing import held_through

REPEATABLE = ("edit", "set", "delete", "close", "reopen", "pin", "unpin", "answer", "approve", "decline")
"""Methods that may be called twice without harm begin with one of these words."""

TOLD_TO_WAIT = "told to wait"
"""So begins the `error` of a row that was answered with a 429: its chat gets nothing before its time."""


def claim(
    connection: Connection,
    *,
    now: datetime,
    limit: int,
    busy: Collection[int] = (),
    bulk: int | None = None,
    bulk_busy: Collection[int] = (),
) -> list[Parcel]:
    """Take up to `limit` due rows, the first of each chat that is not `busy`, and mark them as being sent.

    At most `bulk` of them (any number by default) are reminders and notices, none of these for a chat in `bulk_busy`.

    Rows of one chat stay in order: never more than one of them is out at a time, and none overtakes one that was put
    off, but for a more urgent one; where Telegram told the chat to wait, none does. What it costs depends on what is due
    now, not on what is promised for later, waits for a receipt or was sent.
    """
    bulk = limit if bulk is None else min(bulk, limit)
    if limit <= 0:
        return []
    look = {
        "now": now,
        "busy": list(busy),
        "bulk_busy": [*busy, *bulk_busy],
        "most": 2 * limit + 10,
        "most_bulk": 2 * bulk + 10 if bulk else 0,
    }
    chosen = _first_of_each_chat(connection.execute(_DUE, look), limit, bulk)
    if not chosen:
        return []
    taken = {row.id: row for row in connection.execute(_TAKE, {"chosen": chosen, "now": now})}
    return [_parcel(connection, taken[row_id]) for row_id in chosen if row_id in taken]


# What is asked many times a second is put together once.

_other = table.alias("other")
_now = bindparam("now", type_=table.c.due_at.type)


def _due_rows(lane: Lane) -> Select[Any]:
    """The first rows of a lane that may go, in the order of their times."""
    busy, most = ("bulk_busy", "most_bulk") if lane.is_bulk else ("busy", "most")
    query = (
        select(table.c.id, table.c.chat_id, table.c.lane, table.c.due_at)
        .where(
            is_ready(),
            table.c.lane == literal_column(str(int(lane))),
            table.c.due_at <= _now,
            table.c.id > held_through(),
            table.c.chat_id.not_in(select(_other.c.chat_id).where(is_in("claimed", _other))),
            table.c.chat_id.not_in(bindparam(busy, expanding=True)),
            ~exists(_goes_before()),
        )
        .order_by(table.c.due_at, table.c.id)
        .limit(bindparam(most, type_=Integer))
    )
    return select(query.subquery())


def _goes_before() -> Select[Any]:
    """Rows of the same chat that were put off and must not be overtaken."""
    told = and_(_other.c.due_at > _now, _other.c.error.startswith(TOLD_TO_WAIT))
    earlier = and_(_other.c.lane == table.c.lane, _other.c.id < table.c.id)
    return select(literal(1)).where(
        _other.c.chat_id == table.c.chat_id,
        is_in("due", _other),
        _other.c.error.is_not(None),
        _other.c.id != table.c.id,
        _other.c.id > held_through(),
        or_(told, earlier, _other.c.lane < table.c.lane),
    )


_DUE = union_all(*(_due_rows(lane) for lane in Lane))
_OF_A_PARCEL = ("id", "key", "lane", "chat_id", "method", "payload", "about", "attempts", "uncertain_at", "due_at")
_TAKE = (  # as they are now: an album may have grown since they were chosen
    update(table)
    .where(table.c.id.in_(bindparam("chosen", expanding=True)), is_in("due"))
    .values(state="claimed", claimed_at=_now, attempts=table.c.attempts + 1)
    .returning(*(table.c[name] for name in _OF_A_PARCEL))
)
_DELIVER = (
    update(table)
    .where(table.c.id == bindparam("row"))
    .values(state="sent", done_at=_now, error=None, message_id=bindparam("message"), thread_id=bindparam("thread"))
)
_WAKE = (
    update(table)
    .where(
        table.c.needs.in_(select(_other.c.key).where(_other.c.id.in_(bindparam("rows", expanding=True)))),
        table.c.waits,
    )
    .values(waits=False)
)
_NEXT = select(
    func.min(
        union_all(
            *(
                select(func.min(table.c.due_at).label("at")).where(
                    is_ready(), table.c.lane == literal_column(str(int(lane))), table.c.due_at > _now
                )
                for lane in Lane
            )
        )
        .subquery()
        .c.at
    )
)


def _first_of_each_chat(rows: Iterable[Any], limit: int, bulk: int) -> list[int]:
    """The ids of at most `limit` rows, at most `bulk` of them bulk."""
    first: dict[int, int] = {}
    left = bulk
    for row in sorted(rows, key=lambda row: (row.lane, row.due_at, row.id)):
        if len(first) == limit:
            break
        if row.chat_id in first or (Lane(row.lane).is_bulk and left == 0):
            continue
        left -= Lane(row.lane).is_bulk
        first[row.chat_id] = row.id
    return list(first.values())


def taken_back(connection: Connection, parcels: Iterable[Parcel]) -> set[int]:
    """The ids of those claimed rows that were taken back since: they are void now and must not be sent."""
    query = select(table.c.id).where(
        table.c.id.in_([parcel.id for parcel in parcels]), is_in("claimed"), table.c.taken_back_at.is_not(None)
    )
    found = connection.execute(query).scalars().all()
    return {row_id for row_id in found if _end_called_off(connection, row_id)}


def _end_called_off(connection: Connection, row_id: int) -> bool:
    """Void a row that was taken back while it was on its way, and what waits for it; False when it was not."""
    row = connection.execute(
        update(table)
        .where(table.c.id == row_id, is_in("claimed"), table.c.taken_back_at.is_not(None))
        .values(state="void", done_at=table.c.taken_back_at)
        .returning(table.c.key, table.c.done_at)
    ).one_or_none()
    if row is not None:
        end_what_needs(connection, [row.key], state="void", now=row.done_at)
    return row is not None


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
        row.due_at,
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
    if not receipts:
        return
    rows = [{"row": r.row_id, "message": r.message_id, "thread": r.thread_id, "now": now} for r in receipts]
    connection.execute(_DELIVER, rows)
    connection.execute(_WAKE, {"rows": [receipt.row_id for receipt in receipts]})
    if further := [{"joined": key, "message": number} for r in receipts for key, number in r.further]:
        connection.execute(
            update(table)
            .where(table.c.key == bindparam("joined"), table.c.state == "joined")
            .values(state="sent", done_at=now, message_id=bindparam("message")),
            further,
        )
        keys = [row["joined"] for row in further]
        connection.execute(update(table).where(table.c.needs.in_(keys), table.c.waits).values(waits=False))


def postpone(
    connection: Connection, row_id: int, *, until: datetime, error: str, counted: bool = True, told: bool = False
) -> None:
    """Give a row back, to be tried again at `until`, which Telegram may have `told`: such an attempt is not `counted`."""
    if _end_called_off(connection, row_id):
        return
    attempts = table.c.attempts if counted and not told else table.c.attempts - 1
    error = f"{TOLD_TO_WAIT}: {error}" if told else error
    connection.execute(
        update(table)
        .where(table.c.id == row_id)
        .values(state="due", due_at=until, error=error[:300], attempts=attempts, claimed_at=None)
    )


def doubt(
    connection: Connection, row_id: int, *, until: datetime, now: datetime, error: str, again: bool = False
) -> bool:
    """The row may or may not have arrived: send it once more at `until`, unless that was done; False when it was.

    `again` sends a reminder or a notice also where that was done.
    """
    row = connection.execute(select(table.c.uncertain_at, table.c.method, table.c.lane).where(table.c.id == row_id)).one()
    if repeatable(row.method):
        postpone(connection, row_id, until=until, error=error)
        return True
    if _end_called_off(connection, row_id):
        connection.execute(update(table).where(table.c.id == row_id).values(uncertain_at=now))
        return True
    if row.uncertain_at is not None and not (again and Lane(row.lane).is_bulk):
        fail(connection, row_id, now=now, error=f"uncertain twice: {error}")
        return False
    connection.execute(
        update(table)
        .where(table.c.id == row_id)
        .values(state="due", due_at=until, uncertain_at=now, error=error[:300], claimed_at=None)
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
    out = connection.execute(select(table.c.id).where(is_in("claimed"))).scalars().all()
    doubted = sum(
        doubt(connection, row_id, until=now, now=now, error="the process ended while this was being sent", again=True)
        for row_id in out
    )
    # a new process tries anew: what ended the last one was no failure of theirs
    connection.execute(update(table).where(table.c.id.in_(out), is_in("due")).values(attempts=0))
    hurry(connection, now=now)
    return doubted


def hurry(connection: Connection, *, now: datetime) -> None:
    """What failed in passing is tried again now; where Telegram said how long to wait, that is kept."""
    put_off = and_(is_in("due"), table.c.error.is_not(None), table.c.due_at > now)
    told = table.c.error.startswith(TOLD_TO_WAIT)
    connection.execute(update(table).where(put_off, ~told).values(due_at=now))


def told_until(connection: Connection, *, now: datetime) -> datetime | None:
    """Until when Telegram told somebody to wait, as far as that is not over: it may have been said before a restart."""
    query = select(func.max(table.c.due_at)).where(
        is_in("due"), table.c.error.is_not(None), table.c.error.startswith(TOLD_TO_WAIT), table.c.due_at > now
    )
    return connection.execute(query).scalar_one_or_none()


def next_due(connection: Connection, *, after: datetime) -> datetime | None:
    """When the earliest row becomes due that is not due yet and waits for nothing else."""
    return connection.execute(_NEXT, {"now": after}).scalar_one_or_none()

"""Messages promised to somebody: rows that are made in the same transaction as the reason for them.

due → claimed → sent, or failed, or void. A row that was claimed when the process died (or whose answer never came) is
*uncertain*: `uncertain_at` is set for good, and it is sent once more at most. Receipts (the ids that Telegram gave out)
stay on the row; a payload may point at an earlier row's receipt with `receipt_of(key, field)`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Field, Session, SQLModel

from bot.db import UtcDateTime

REPEATABLE = ("edit", "set", "delete", "close", "reopen", "pin", "unpin", "answer", "approve", "decline")
"""Methods that may be called twice without harm begin with one of these words."""


class Lane(IntEnum):
    """Who goes first when not everything can go at once."""

    REPLY = 0
    ANSWER = 1
    REMINDER = 2
    NOTICE = 3


class OutboxRow(SQLModel, table=True):
    """One call to Telegram that is owed. `about` ties the message to what it speaks of, such as `question:12:answer`."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_due", "lane", "id", sqlite_where=text("state = 'due'"), postgresql_where=text("state = 'due'")
        ),
        Index(
            "ix_outbox_claimed",
            "id",
            sqlite_where=text("state = 'claimed'"),
            postgresql_where=text("state = 'claimed'"),
        ),
        Index("ix_outbox_message", "chat_id", "message_id"),
        Index("ix_outbox_thread", "chat_id", "thread_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str | None = Field(default=None, unique=True)
    lane: int
    chat_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    method: str
    payload: str = Field(sa_column=Column(Text, nullable=False))
    needs: str | None = Field(default=None, index=True)
    about: str | None = Field(default=None, index=True)
    state: str = "due"
    due_at: datetime = Field(sa_type=UtcDateTime)
    attempts: int = 0
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    uncertain_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    message_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    thread_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    error: str | None = Field(default=None, sa_column=Column(Text))
    reported_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


_table: Any = OutboxRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed row, ready to be sent; `uncertain` when it may have arrived already."""

    id: int
    key: str | None
    lane: int
    chat_id: int
    method: str
    payload: dict[str, Any]
    about: str | None
    attempts: int
    uncertain: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """What Telegram gave back for a row."""

    row_id: int
    message_id: int | None
    thread_id: int | None


def receipt_of(key: str, field: str) -> dict[str, Any]:
    """A place in a payload that is filled with `message_id` or `thread_id` of the row `key` right before sending."""
    return {"$receipt": [key, field]}


def enqueue(
    db: Session,
    *,
    chat_id: int,
    method: str,
    payload: dict[str, Any],
    now: datetime,
    lane: Lane = Lane.REPLY,
    key: str | None = None,
    about: str | None = None,
    needs: str | None = None,
    due_at: datetime | None = None,
) -> bool:
    """Promise one call to Telegram; False when a row with this key exists already."""
    row = {
        "key": key,
        "lane": int(lane),
        "chat_id": chat_id,
        "method": method,
        "about": about,
        "needs": needs,
        "payload": json.dumps(payload, ensure_ascii=False),
        "state": "due",
        "due_at": due_at or now,
        "attempts": 0,
        "created_at": now,
    }
    dialect = db.connection().dialect.name
    insert = insert_sqlite if dialect == "sqlite" else insert_postgres
    statement = insert(_table).values(row).on_conflict_do_nothing(index_elements=["key"]).returning(_table.c.id)
    return db.execute(statement).scalar_one_or_none() is not None


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
    taken = set(
        connection.execute(
            update(_table)
            .where(_table.c.id.in_(ids), _table.c.state == "due")
            .values(state="claimed", claimed_at=now, attempts=_table.c.attempts + 1)
            .returning(_table.c.id)
        ).scalars()
    )
    return [_parcel(connection, row) for row in chosen if row.id in taken]


def _due_rows(now: datetime, busy: Collection[int], bulk: bool, limit: int) -> Any:
    earlier, other = _table.alias("earlier"), _table.alias("other")
    put_off = and_(other.c.state == "due", other.c.error.is_not(None), other.c.due_at > now)
    ready = or_(
        _table.c.needs.is_(None),
        exists(select(literal(1)).where(earlier.c.key == _table.c.needs, earlier.c.state == "sent")),
    )
    query = select(_table).where(
        _table.c.state == "due",
        _table.c.due_at <= now,
        ready,
        _table.c.chat_id.not_in(select(other.c.chat_id).where(other.c.state == "claimed")),
        _table.c.chat_id.not_in(select(other.c.chat_id).where(put_off)),
    )
    if not bulk:
        query = query.where(_table.c.lane < int(Lane.NOTICE))
    if busy:
        query = query.where(_table.c.chat_id.not_in(list(busy)))
    return query.order_by(_table.c.lane, _table.c.id).limit(limit)


def _first_of_each_chat(rows: Iterable[Any], limit: int) -> list[Any]:
    first: dict[int, Any] = {}
    for row in rows:
        if row.chat_id not in first and len(first) < limit:
            first[row.chat_id] = row
    return list(first.values())


def _parcel(connection: Connection, row: Any) -> Parcel:
    payload = _filled(connection, json.loads(row.payload))
    return Parcel(
        row.id,
        row.key,
        row.lane,
        row.chat_id,
        row.method,
        payload,
        row.about,
        row.attempts + 1,
        row.uncertain_at is not None,
    )


def _filled(connection: Connection, value: Any) -> Any:
    """The payload with every `receipt_of` replaced by what the earlier row's receipt says."""
    if isinstance(value, list):
        return [_filled(connection, item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$receipt" in value:
        key, field = value["$receipt"]
        return connection.execute(select(_table.c[field]).where(_table.c.key == key)).scalar_one_or_none()
    return {name: _filled(connection, item) for name, item in value.items()}


def deliver(connection: Connection, receipts: Sequence[Receipt], *, now: datetime) -> None:
    """Write receipts: these rows have arrived."""
    if receipts:
        connection.execute(
            update(_table)
            .where(_table.c.id == bindparam("row"))
            .values(
                state="sent", done_at=now, error=None, message_id=bindparam("message"), thread_id=bindparam("thread")
            ),
            [{"row": r.row_id, "message": r.message_id, "thread": r.thread_id} for r in receipts],
        )


def postpone(connection: Connection, row_id: int, *, until: datetime, error: str, counted: bool = True) -> None:
    """Give a row back, to be tried again at `until`; an attempt that Telegram forbade (429) is not `counted`."""
    attempts = _table.c.attempts if counted else _table.c.attempts - 1
    connection.execute(
        update(_table)
        .where(_table.c.id == row_id)
        .values(state="due", due_at=until, error=error[:300], attempts=attempts, claimed_at=None)
    )


def doubt(connection: Connection, row_id: int, *, until: datetime, now: datetime, error: str) -> bool:
    """The row may or may not have arrived: send it once more at `until`, unless that was done; False when it was."""
    row = connection.execute(select(_table.c.uncertain_at, _table.c.method).where(_table.c.id == row_id)).one()
    if repeatable(row.method):
        postpone(connection, row_id, until=until, error=error)
        return True
    if row.uncertain_at is not None:
        fail(connection, row_id, now=now, error=f"uncertain twice: {error}")
        return False
    connection.execute(
        update(_table)
        .where(_table.c.id == row_id)
        .values(state="due", due_at=until, uncertain_at=now, error=error[:300], claimed_at=None)
    )
    return True


def fail(connection: Connection, row_id: int, *, now: datetime, error: str) -> None:
    """Give up on a row and on those that wait for its receipt."""
    key = connection.execute(
        update(_table)
        .where(_table.c.id == row_id)
        .values(state="failed", done_at=now, error=error[:300])
        .returning(_table.c.key)
    ).scalar_one_or_none()
    _end_what_needs(connection, [key], state="failed", now=now)


def _end_what_needs(db: Connection | Session, keys: Iterable[str | None], *, state: str, now: datetime) -> None:
    """A receipt that will never come ends the rows that wait for it, and in turn those that wait for theirs."""
    while wanted := [key for key in keys if key is not None]:
        keys = db.execute(
            update(_table)
            .where(_table.c.needs.in_(wanted), _table.c.state == "due")
            .values(state=state, done_at=now, error=literal("needs ").concat(_table.c.needs))
            .returning(_table.c.key)
        ).scalars()


def repeatable(method: str) -> bool:
    """Whether calling the method twice does no harm."""
    return method.startswith(REPEATABLE)


def recover(connection: Connection, *, now: datetime) -> int:
    """After a crash: rows that were out are due again, marked uncertain; returns how many are in doubt."""
    out = connection.execute(select(_table.c.id).where(_table.c.state == "claimed")).scalars().all()
    doubted = sum(
        doubt(connection, row_id, until=now, now=now, error="the process ended while this was being sent")
        for row_id in out
    )
    connection.execute(
        update(_table).where(_table.c.state == "due", _table.c.attempts > 0, _table.c.due_at > now).values(due_at=now)
    )
    return doubted


def next_due(connection: Connection, *, after: datetime) -> datetime | None:
    """When the earliest row becomes due that is not due yet."""
    return connection.execute(
        select(func.min(_table.c.due_at)).where(_table.c.state == "due", _table.c.due_at > after)
    ).scalar_one_or_none()


def about(db: Session, chat_id: int, message_id: int) -> str | None:
    """What the bot's message with this id speaks of."""
    return db.execute(
        select(_table.c.about)
        .where(_table.c.chat_id == chat_id, _table.c.message_id == message_id, _table.c.about.is_not(None))
        .order_by(_table.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def about_thread(db: Session, chat_id: int, thread_id: int) -> str | None:
    """What the forum topic that the bot made speaks of."""
    return db.execute(
        select(_table.c.about)
        .where(_table.c.chat_id == chat_id, _table.c.thread_id == thread_id)
        .order_by(_table.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def last_about(db: Session, chat_id: int) -> str | None:
    """What the bot's newest message in a chat speaks of."""
    return db.execute(
        select(_table.c.about)
        .where(_table.c.chat_id == chat_id, _table.c.state == "sent", _table.c.message_id.is_not(None))
        .where(or_(_table.c.method.startswith("send"), _table.c.method.startswith("copy")))
        .order_by(_table.c.message_id.desc())
        .limit(1)
    ).scalar_one_or_none()


def receipt(db: Session, key: str) -> Receipt | None:
    """The receipt of the row with this key, once it was sent."""
    row = db.execute(
        select(_table.c.id, _table.c.message_id, _table.c.thread_id).where(
            _table.c.key == key, _table.c.state == "sent"
        )
    ).one_or_none()
    return Receipt(row.id, row.message_id, row.thread_id) if row else None


def newest_message(connection: Connection, chat_id: int) -> int | None:
    """The highest message id that a receipt names in a chat."""
    newest = connection.execute(
        select(func.max(_table.c.message_id), func.max(_table.c.thread_id)).where(_table.c.chat_id == chat_id)
    ).one()
    return max((number for number in newest if number is not None), default=None)


def setbacks(db: Session, prefix: str) -> list[OutboxRow]:
    """Failed rows about `prefix…` that nobody was told of yet, oldest first."""
    return list(
        db.execute(
            select(OutboxRow)
            .where(_table.c.state == "failed", _table.c.reported_at.is_(None), _table.c.about.startswith(prefix))
            .order_by(_table.c.id)
        ).scalars()
    )


def unreported(db: Session) -> bool:
    """Whether any failed row waits to be looked at."""
    return bool(
        db.execute(
            select(
                exists(
                    select(literal(1)).where(
                        _table.c.state == "failed", _table.c.reported_at.is_(None), _table.c.about.is_not(None)
                    )
                )
            )
        ).scalar()
    )


def void(db: Session, *, about: str, now: datetime) -> int:
    """Take back what is about `about` and has not been sent, and what waits for it; returns how many are about it."""
    keys = (
        db.execute(
            update(_table)
            .where(_table.c.about == about, _table.c.state == "due")
            .values(state="void", done_at=now)
            .returning(_table.c.key)
        )
        .scalars()
        .all()
    )
    _end_what_needs(db, keys, state="void", now=now)
    return len(keys)


def move_chat(connection: Connection, old: int, new: int) -> None:
    """A group became a supergroup: everything owed to it goes to the new id."""
    connection.execute(
        update(_table).where(_table.c.chat_id == old, _table.c.state.in_(("due", "claimed"))).values(chat_id=new)
    )
    for row in connection.execute(
        select(_table.c.id, _table.c.payload).where(_table.c.chat_id == new, _table.c.state.in_(("due", "claimed")))
    ).all():
        payload = json.loads(row.payload)
        if payload.get("chat_id") == old:
            # The old group's message ids mean nothing in the supergroup.
            payload = {k: v for k, v in payload.items() if k != "reply_parameters"} | {"chat_id": new}
            connection.execute(
                update(_table).where(_table.c.id == row.id).values(payload=json.dumps(payload, ensure_ascii=False))
            )


def counts(db: Session) -> dict[str, int]:
    """How many rows are in each state, and how many are uncertain."""
    rows = db.execute(select(_table.c.state, func.count()).group_by(_table.c.state))
    states = {row[0]: row[1] for row in rows}
    uncertain = db.execute(select(func.count()).where(_table.c.uncertain_at.is_not(None))).scalar_one()
    return {**states, "uncertain": uncertain}


def prune(db: Session, *, before: datetime) -> None:
    """Forget delivered messages that nothing refers to."""
    db.execute(
        delete(_table).where(_table.c.done_at < before, _table.c.about.is_(None), _table.c.state.in_(("sent", "void")))
    )


def forget_person(db: Session, chat_id: int) -> None:
    """Take back what is still owed to a private chat, and the words of what was sent to it."""
    db.execute(update(_table).where(_table.c.chat_id == chat_id, _table.c.state == "due").values(state="void"))
    db.execute(
        update(_table).where(and_(_table.c.chat_id == chat_id, _table.c.state != "claimed")).values(payload="{}")
    )

"""Making promises, and taking them back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session

from bot.outbox._rows import Lane, Promise, table


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
    statement = insert(table).values(row).on_conflict_do_nothing(index_elements=["key"]).returning(table.c.id)
    return db.execute(statement).scalar_one_or_none() is not None


def void(db: Session, *, about: str, now: datetime) -> int:
    """Take back what is about `about` and has not been sent, and what waits for it; returns how many are about it.

    What is being sent at this moment may arrive; if it does not, it is not tried again.
    """
    keys = (
        db.execute(
            update(table)
            .where(table.c.about == about, table.c.state.in_(("due", "joined")))
            .values(state="void", done_at=now)
            .returning(table.c.key)
        )
        .scalars()
        .all()
    )
    db.execute(update(table).where(table.c.about == about, table.c.state == "claimed").values(void_at=now))
    end_what_needs(db, keys, state="void", now=now)
    return len(keys)


def withdraw(db: Session, key: str, *, about: str, now: datetime) -> list[Promise]:
    """Take back the rows about `about` under `key` and `key:…` that have not gone out; returns those that have or may have."""
    ours = and_(table.c.about == about, or_(table.c.key == key, table.c.key.startswith(f"{key}:", autoescape=True)))
    held = db.execute(
        update(table)
        .where(ours, table.c.state == "due", table.c.uncertain_at.is_(None))
        .values(state="void", done_at=now)
        .returning(table.c.key)
    ).scalars()
    end_what_needs(db, held.all(), state="void", now=now)
    out = select(table.c.key, table.c.chat_id).where(ours, table.c.state.in_(("due", "claimed", "sent")))
    return [Promise(row.key, row.chat_id) for row in db.execute(out.order_by(table.c.id))]


def blank(db: Session, key: str, *, about: str) -> None:
    """Forget the words of the rows about `about` under `key` and `key:…`; that they went out, and where, stays known."""
    ours = and_(table.c.about == about, or_(table.c.key == key, table.c.key.startswith(f"{key}:", autoescape=True)))
    db.execute(update(table).where(ours, table.c.state.not_in(("due", "claimed", "joined"))).values(payload="{}"))


def end_what_needs(db: Connection | Session, keys: Iterable[str | None], *, state: str, now: datetime) -> None:
    """A receipt that will never come ends the rows that wait for it, and in turn those that wait for theirs."""
    while wanted := [key for key in keys if key is not None]:
        keys = db.execute(
            update(table)
            .where(table.c.needs.in_(wanted), table.c.state == "due")
            .values(state=state, done_at=now, error=literal("needs ").concat(table.c.needs))
            .returning(table.c.key)
        ).scalars()


def move_chat(connection: Connection, old: int, new: int) -> None:
    """A group became a supergroup: everything owed to it goes to the new id."""
    connection.execute(
        update(table).where(table.c.chat_id == old, table.c.state.in_(("due", "claimed", "joined"))).values(chat_id=new)
    )
    for row in connection.execute(
        select(table.c.id, table.c.payload).where(table.c.chat_id == new, table.c.state.in_(("due", "claimed")))
    ).all():
        payload = json.loads(row.payload)
        if payload.get("chat_id") == old:
            # The old group's message ids mean nothing in the supergroup.
            payload = {k: v for k, v in payload.items() if k != "reply_parameters"} | {"chat_id": new}
            connection.execute(
                update(table).where(table.c.id == row.id).values(payload=json.dumps(payload, ensure_ascii=False))
            )


def prune(db: Session, *, before: datetime) -> None:
    """Forget delivered messages that nothing refers to."""
    db.execute(
        delete(table).where(table.c.done_at < before, table.c.about.is_(None), table.c.state.in_(("sent", "void")))
    )


def forget_person(db: Session, chat_id: int) -> None:
    """Take back what is still owed to a private chat, and the words of what was sent to it."""
    db.execute(update(table).where(table.c.chat_id == chat_id, table.c.state == "due").values(state="void"))
    db.execute(update(table).where(and_(table.c.chat_id == chat_id, table.c.state != "claimed")).values(payload="{}"))

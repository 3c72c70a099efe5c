"""Making promises, and taking them back."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, literal, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session

from bot.outbox._rows import SPENT, Lane, Owed, Promise, is_in, table


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
    heeds: str | None = None,
) -> bool:
    """Promise one call to Telegram; False when a row with this key exists already."""
    owed = Owed(chat_id, method, payload, key, lane, about, needs, due_at, heeds)
    return enqueue_many(db, [owed], now=now) == 1


def enqueue_many(db: Session, owed: Iterable[Owed], *, now: datetime) -> int:
    """Promise many calls at once, in this order; returns how many are new: those whose key exists already are left out."""
    connection = db.connection()
    owed = list(owed)
    there = arrived_keys(connection, {one.needs for one in owed if one.needs is not None})
    rows = [_as_row(one, now) | {"waits": one.needs is not None and one.needs not in there} for one in owed]
    if not rows:
        return 0
    return len(connection.execute(_INSERT[connection.dialect.name], rows if len(rows) > 1 else rows[0]).all())


_INSERT = {
    name: insert(table).on_conflict_do_nothing(index_elements=["key"]).returning(table.c.id)
    for name, insert in (("sqlite", insert_sqlite), ("postgresql", insert_postgres))
}


def arrived_keys(connection: Connection, keys: Collection[str]) -> set[str]:
    """Which of these rows have a receipt; the others get none before this transaction has ended."""
    if not keys:
        return set()
    query = select(table.c.key, table.c.state).where(table.c.key.in_(keys)).with_for_update(read=True)
    return {row.key for row in connection.execute(query) if row.state == "sent"}


def _as_row(owed: Owed, now: datetime) -> dict[str, Any]:
    return {
        "key": owed.key,
        "lane": int(owed.lane),
        "chat_id": owed.chat_id,
        "method": owed.method,
        "about": owed.about,
        "needs": owed.needs,
        "payload": json.dumps(owed.payload, ensure_ascii=False),
        "state": "due",
        "due_at": owed.due_at or now,
        "heeds": owed.heeds,
        "attempts": 0,
        "created_at": now,
    }


def void(db: Session, *, about: str, now: datetime) -> int:
    """Take back what is about `about` and has not been sent, and what waits for it; returns how many are about it.

    What is on its way already is not counted; it is held back if it has not left.
    """
    _call_off(db, table.c.about == about, now)
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
    end_what_needs(db, keys, state="void", now=now)
    return len(keys)


def _call_off(db: Session, which: Any, now: datetime) -> None:
    db.execute(update(table).where(which, is_in("claimed")).values(taken_back_at=now))


def withdraw(db: Session, key: str, *, about: str, now: datetime) -> list[Promise]:
    """Take back the rows about `about` under `key` and `key:…` that have not gone out; returns those that have or may have."""
    ours = and_(table.c.about == about, or_(table.c.key == key, table.c.key.startswith(f"{key}:", autoescape=True)))
    _call_off(db, ours, now)
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


PORTION = 500
"""Rows that are cleared away in one transaction: nobody who writes waits long for it."""


def prune(db: Session, *, before: datetime) -> int:
    """Clear away a portion of what was done before `before`; returns how many rows that were.

    Notices go (what came of them is in their own tables), and so does what speaks of nothing. Of the rest the words go:
    key and receipt stay, for a repetition, an edit or a reaction may come at any time. Failed calls stay as they are, to
    be tried again.
    """
    old = select(table.c.id).where(text(SPENT), table.c.done_at < before).order_by(table.c.done_at).limit(PORTION)
    ids = list(db.execute(old).scalars())
    if ids:
        useless = or_(table.c.lane == int(Lane.NOTICE), table.c.about.is_(None))
        db.execute(delete(table).where(table.c.id.in_(ids), useless))
        db.execute(update(table).where(table.c.id.in_(ids)).values(payload="{}"))
    return len(ids)


def forget_person(db: Session, chat_id: int, *, now: datetime) -> None:
    """Take back what is still owed to a private chat, and the words of what was sent to it."""
    _call_off(db, table.c.chat_id == chat_id, now)
    db.execute(
        update(table).where(table.c.chat_id == chat_id, table.c.state == "due").values(state="void", done_at=now)
    )
    db.execute(update(table).where(and_(table.c.chat_id == chat_id, table.c.state != "claimed")).values(payload="{}"))

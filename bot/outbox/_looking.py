"""What the outbox knows of messages: their subjects, receipts, setbacks, counts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, Select, String, bindparam, func, or_, select
from sqlmodel import Session

from bot.outbox._rows import Lane, OutboxRow, Receipt, is_ready, table

KEPT = ("due", "claimed", "joined", "sent", "failed")
"""States of promises that were not taken back."""


def about(db: Session, chat_id: int, message_id: int) -> str | None:
    """What the bot's message with this id speaks of."""
    return db.execute(
        select(table.c.about)
        .where(table.c.chat_id == chat_id, table.c.message_id == message_id, table.c.about.is_not(None))
        .order_by(table.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def key_of(db: Session, chat_id: int, message_id: int) -> str | None:
    """The key under which the bot's message with this id was promised; edits of it are passed over."""
    return db.execute(
        select(table.c.key)
        .where(table.c.chat_id == chat_id, table.c.message_id == message_id, table.c.state == "sent")
        .where(or_(table.c.method.startswith("send"), table.c.method.startswith("copy")))
        .order_by(table.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def newest_about(db: Session, chat_id: int, about: str) -> int | None:
    """The newest message of the bot in a chat that speaks of `about`."""
    return db.execute(
        select(func.max(table.c.message_id)).where(
            table.c.about == about, table.c.chat_id == chat_id, table.c.state == "sent"
        )
    ).scalar_one_or_none()


def about_thread(db: Session, chat_id: int, thread_id: int) -> str | None:
    """What the forum topic that the bot made speaks of."""
    return db.execute(
        select(table.c.about)
        .where(table.c.chat_id == chat_id, table.c.thread_id == thread_id)
        .order_by(table.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def last_about(db: Session, chat_id: int) -> str | None:
    """What the bot's newest message in a chat speaks of."""
    said = last_said(db, chat_id)
    return said[0] if said else None


def last_said(db: Session, chat_id: int) -> tuple[str | None, datetime] | None:
    """What the bot's newest message in a chat speaks of, and when it was promised."""
    row = db.execute(
        select(OutboxRow)
        .where(table.c.chat_id == chat_id, table.c.state == "sent", table.c.message_id.is_not(None))
        .where(or_(table.c.method.startswith("send"), table.c.method.startswith("copy")))
        .order_by(table.c.message_id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return (row.about, row.created_at) if row else None


def first_promised(db: Session, about: str) -> datetime | None:
    """When something about `about` was promised for the first time."""
    row = db.execute(select(OutboxRow).where(table.c.about == about).order_by(table.c.id).limit(1)).scalar_one_or_none()
    return row.created_at if row else None


def arrived(db: Session, chat_id: int, *, about: str, since: datetime) -> list[OutboxRow]:
    """The bot's messages about `about` that stand in a chat, or are on their way there, and were promised after `since`."""
    query = select(OutboxRow).where(
        table.c.about == about,
        table.c.chat_id == chat_id,
        table.c.created_at >= since,
        table.c.state.in_(("sent", "claimed")),
        or_(table.c.method.startswith("send"), table.c.method.startswith("copy")),
    )
    return list(db.execute(query.order_by(table.c.id)).scalars())


def promised_to(db: Session, *, about: str, key: str = "", states: Collection[str] = KEPT) -> set[int]:
    """The chats that were sent something about `about` under keys that begin with `key`, or may have got it.

    That is, rows in one of these `states`, and those in doubt whatever became of them.
    """
    kept = or_(table.c.state.in_(states), table.c.uncertain_at.is_not(None))
    query = select(table.c.chat_id).where(table.c.about == about, kept)
    if key:
        query = query.where(table.c.key.startswith(key, autoescape=True))
    return set(db.execute(query).scalars())


def chats_of(abouts: Collection[str], *, states: Collection[str]) -> Select[tuple[int]]:
    """A query for the chats of the rows about these subjects in these states, for use in another query."""
    chats: Select[tuple[int]] = select(table.c.chat_id).where(table.c.about.in_(abouts), table.c.state.in_(states))
    return chats


def late(db: Session, *, subjects: str, before: datetime, tried: bool) -> list[str]:
    """What reminders and notices are about that should have gone out `before`; `subjects` is a pattern for LIKE.

    Only those that were `tried` in vain, or all.
    """
    query = select(table.c.about).where(
        is_ready(),
        table.c.lane.in_([int(lane) for lane in Lane if lane.is_bulk]),
        table.c.due_at < before,
        table.c.about.like(subjects),
        table.c.uncertain_at.is_(None),
    )
    if tried:
        query = query.where(table.c.attempts > 0)
    return sorted(set(db.execute(query).scalars()))  # sorted here: asked to do it, the planner reads the whole table


def receipt(db: Session, key: str) -> Receipt | None:
    """The receipt of the row with this key, once it was sent."""
    row = db.execute(
        select(table.c.id, table.c.message_id, table.c.thread_id).where(table.c.key == key, table.c.state == "sent")
    ).one_or_none()
    return Receipt(row.id, row.message_id, row.thread_id) if row else None


def known(db: Session, keys: Collection[str]) -> set[str]:
    """Which of these keys have a row, whatever became of it."""
    if not keys:
        return set()
    return set(db.execute(select(table.c.key).where(table.c.key.in_(keys))).scalars())


def is_promised(db: Session, key: str) -> bool:
    """Whether a row with this key was made, whatever became of it."""
    return bool(known(db, [key]))


def newest_message(connection: Connection, chat_id: int) -> int | None:
    """The highest message id that a receipt names in a chat."""
    newest = [  # one by one: an index knows the end of each, but not of both
        connection.execute(select(func.max(number)).where(table.c.chat_id == chat_id)).scalar_one_or_none()
        for number in (table.c.message_id, table.c.thread_id)
    ]
    return max((number for number in newest if number is not None), default=None)


def setbacks(db: Session, prefix: str) -> list[OutboxRow]:
    """Failed rows about `prefix…` that nobody was told of yet, oldest first."""
    return list(db.execute(_SETBACKS, {"prefix": prefix}).scalars())


def doubtful(db: Session, prefix: str) -> list[OutboxRow]:
    """Rows about `prefix…` that may have arrived twice, and of which nobody was told yet, oldest first."""
    return list(db.execute(_DOUBTFUL, {"prefix": prefix}).scalars())


# What several features ask at each tick is put together once.
_UNTOLD = (
    select(OutboxRow)
    .where(table.c.reported_at.is_(None), table.c.about.startswith(bindparam("prefix", type_=String)))
    .order_by(table.c.id)
)
_SETBACKS = _UNTOLD.where(table.c.state == "failed")
_DOUBTFUL = _UNTOLD.where(table.c.uncertain_at.is_not(None), table.c.state == "sent")


def counts(db: Session) -> dict[str, int]:
    """How many rows are in each state, and how many are uncertain."""
    rows = db.execute(select(table.c.state, func.count()).group_by(table.c.state))
    states = {row[0]: row[1] for row in rows}
    uncertain = db.execute(select(func.count()).where(table.c.uncertain_at.is_not(None))).scalar_one()
    return {**states, "uncertain": uncertain}


def outcomes(db: Session, *, about: str) -> dict[str, int]:
    """How many rows about `about` are in each state, and how many of them are uncertain."""
    rows = db.execute(
        select(table.c.state, func.count(), func.count(table.c.uncertain_at))
        .where(table.c.about == about)
        .group_by(table.c.state)
    ).all()
    return {row[0]: row[1] for row in rows} | {"uncertain": sum(row[2] for row in rows)}

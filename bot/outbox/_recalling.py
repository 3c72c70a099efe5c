"""Promises made to many, taken back so that they can be made anew; and what became of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, case, cast, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session

from bot.outbox._rows import Owed, is_in, table

_RECALLED = ":recalled:"

_AT_ONCE = 5000
"""Keys in one statement: SQLite takes 32,766."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of a promise.

    `uncertain`: the message may have arrived although its receipt was lost; `taken_back`: it was, before it left.
    """

    state: str
    message_id: int | None
    done_at: datetime | None
    error: str | None
    uncertain: bool
    taken_back: bool

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in ("sent", "failed", "void")


def endings(db: Session, keys: Sequence[str]) -> dict[str, Ending]:
    """What became of the promises under these keys, as far as they are known."""
    names = ("key", "state", "message_id", "done_at", "error", "uncertain_at", "taken_back_at")
    query = select(*(table.c[name] for name in names))
    return {row.key: _ending(row) for some in _portions(keys) for row in db.execute(query.where(table.c.key.in_(some)))}


def _ending(row: Any) -> Ending:
    uncertain = row.uncertain_at is not None
    taken_back = row.state == "void" and row.taken_back_at is not None and not uncertain
    return Ending(row.state, row.message_id, row.done_at, row.error, uncertain, taken_back)


def recall(db: Session, *, about: str, now: datetime) -> list[str]:
    """Take back what is about `about` and has not gone out; returns the keys, which can be promised anew.

    What may have arrived is not repeated and keeps its key. What is on its way keeps its key too: it is held back if it has
    not left, and its ending says so.
    """
    ours = table.c.about == about
    db.execute(update(table).where(ours, is_in("claimed")).values(taken_back_at=now))
    doubtful = ours & is_in("due") & table.c.uncertain_at.is_not(None)
    db.execute(update(table).where(doubtful).values(state="void", done_at=now))
    taken = _retire(db, ours & is_in("due"), now)
    return taken + [key for some in _portions(taken) for key in _retire(db, _joined_to(some), now)]


def retire(db: Session, keys: Collection[str], *, now: datetime) -> None:
    """Let these keys be promised anew, where what was promised failed or waits; the old rows keep what happened."""
    for some in _portions(list(keys)):
        ended = table.c.state.in_(("due", "failed", "void", "joined"))
        _retire(db, table.c.key.in_(some) & ended, now)


def join_many(db: Session, owed: Sequence[Owed], *, now: datetime) -> None:
    """Let further messages of albums travel with the albums that they need, but for those that do already."""
    rows = [
        {
            "key": one.key,
            "needs": one.needs,
            "lane": int(one.lane),
            "chat_id": one.chat_id,
            "method": one.method,
            "about": one.about,
            "payload": "{}",
            "state": "joined",
            "due_at": now,
            "created_at": now,
            "attempts": 0,
        }
        for one in owed
    ]
    if rows:
        insert = insert_sqlite if db.connection().dialect.name == "sqlite" else insert_postgres
        db.execute(insert(table).on_conflict_do_nothing(index_elements=["key"]), rows)


def note(db: Session, keys: Sequence[str], *, now: datetime) -> None:
    """These failures and doubts are known to whom they concern."""
    for some in _portions(keys):
        troubled = or_(table.c.state == "failed", table.c.uncertain_at.is_not(None))
        db.execute(update(table).where(table.c.key.in_(some), troubled).values(reported_at=now))


def _retire(db: Session, which: Any, now: datetime) -> list[str]:
    """End rows and free their keys, which come back: in one statement, since the courier may be claiming them."""
    waiting = table.c.state.in_(("due", "joined"))
    ended = {
        "key": table.c.key.concat(_RECALLED).concat(cast(table.c.id, String)),
        "state": case((waiting, "void"), else_=table.c.state),
        "done_at": case((waiting, now), else_=table.c.done_at),
    }
    keys = db.execute(update(table).where(which, table.c.key.is_not(None)).values(ended).returning(table.c.key))
    return [key.rpartition(_RECALLED)[0] for key in keys.scalars()]


def _joined_to(keys: Sequence[str]) -> Any:
    return table.c.needs.in_(keys) & (table.c.state == "joined")


def _portions(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))

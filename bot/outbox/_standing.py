"""Who delivers, and whether delivery is held: the one row that all processes on a database share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Field, Session, SQLModel

from bot.db import UtcDateTime
from bot.outbox._promises import end_what_needs
from bot.outbox._rows import Lane, is_in
from bot.outbox._rows import table as outbox


class Delivery(SQLModel, table=True):
    """`term` grows whenever a process takes over: a process of an earlier term may neither claim nor write receipts.

    After a restore, rows up to `held_through` and updates from before `held_at` wait until an organizer decides;
    `backed_up_at` says how old the backup was.
    """

    __tablename__ = "delivery"

    id: int = Field(default=1, primary_key=True)
    term: int = 0
    owner: str | None = None
    owner_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ticked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    held_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    held_through: int | None = None
    backed_up_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


table: Any = Delivery.__table__  # type: ignore[attr-defined]
_THE_ROW = table.c.id == 1


@dataclass(frozen=True)
class Overdue:
    """What should have been sent before now and is held, by kind."""

    answers: int = 0
    reminders: int = 0
    notices: int = 0

    @property
    def total(self) -> int:
        """All of it."""
        return self.answers + self.reminders + self.notices


def take_over(connection: Connection, *, owner: str, now: datetime) -> int:
    """Begin a new term; from here on what an earlier owner still tries comes to nothing."""
    insert = insert_sqlite if connection.dialect.name == "sqlite" else insert_postgres
    changes = {"term": table.c.term + 1, "owner": owner, "owner_since": now}
    statement = insert(table).values(id=1, term=1, owner=owner, owner_since=now)
    return int(
        connection.execute(
            statement.on_conflict_do_update(index_elements=["id"], set_=changes).returning(table.c.term)
        ).scalar_one()
    )


def step_down(connection: Connection, term: int) -> None:
    """The owner ends in peace."""
    connection.execute(update(table).where(_THE_ROW, table.c.term == term).values(owner=None, owner_since=None))


def is_current(connection: Connection, term: int) -> bool:
    """Whether nobody has taken over since; nobody can until this transaction ends."""
    return connection.execute(select(table.c.term).where(_THE_ROW).with_for_update(read=True)).scalar() == term


def note_tick(db: Session, *, now: datetime) -> None:
    """The owner's clock runs."""
    db.execute(update(table).where(_THE_ROW).values(ticked_at=now))


def standing(db: Session) -> Delivery:
    """The row; one with nothing in it before the first owner."""
    return db.get(Delivery, 1) or Delivery()


def held_through() -> Any:
    """The highest row that is held, as part of a query; 0 where nothing is held."""
    return func.coalesce(select(table.c.held_through).where(_THE_ROW).scalar_subquery(), 0)


def hold(connection: Connection, *, now: datetime, backed_up_at: datetime) -> None:
    """Hold everything that is owed at this moment."""
    through = connection.execute(select(func.coalesce(func.max(outbox.c.id), 0))).scalar_one()
    insert = insert_sqlite if connection.dialect.name == "sqlite" else insert_postgres
    changes = {"held_at": now, "held_through": through, "backed_up_at": backed_up_at, "owner": None, "owner_since": None}
    statement = insert(table).values(id=1, term=0, **changes)
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changes))


def overdue(db: Session, *, now: datetime) -> Overdue:
    """How much is held that should have been sent by now."""
    rows = db.execute(
        select(outbox.c.lane, func.count())
        .where(is_in("due", outbox), outbox.c.due_at <= now, outbox.c.id <= held_through())
        .group_by(outbox.c.lane)
    )
    counts = {row[0]: row[1] for row in rows}
    answers = counts.get(Lane.REPLY, 0) + counts.get(Lane.ANSWER, 0)
    return Overdue(answers, counts.get(Lane.REMINDER, 0), counts.get(Lane.NOTICE, 0))


def void_overdue(db: Session, *, beginning_with: Lane, now: datetime) -> int:
    """Take back what is held and overdue, in this lane and those after it; returns how many rows that were."""
    late = and_(is_in("due", outbox), outbox.c.due_at <= now, outbox.c.id <= held_through())
    keys = (
        db.execute(
            update(outbox)
            .where(late, outbox.c.lane >= int(beginning_with))
            .values(state="void", done_at=now, error="restored from a backup and not wanted any more")
            .returning(outbox.c.key)
        )
        .scalars()
        .all()
    )
    end_what_needs(db, keys, state="void", now=now)
    voided = select(outbox.c.key).where(outbox.c.state == "void", outbox.c.key.is_not(None))
    db.execute(
        update(outbox)
        .where(outbox.c.state == "joined", outbox.c.needs.in_(voided))
        .values(state="void", done_at=now)
    )
    return len(keys)


def release(db: Session) -> None:
    """Hold nothing any more."""
    db.execute(update(table).where(_THE_ROW).values(held_at=None, held_through=None))
    db.expire_all()

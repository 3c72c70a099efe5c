"""What became of messages, counted hour by hour as it happens: totals that cost nothing to read, whatever is pruned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Integer, String, delete, func, select, true
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Field, Session, SQLModel

from bot.db import UtcDateTime
from bot.outbox._delivery import repeatable
from bot.outbox._rows import is_in
from bot.outbox._rows import table as outbox

KEPT = timedelta(days=100)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""The hour into which all hours are counted that are not kept one by one any more."""

BOUNDS = (1, 2, 5, 10, 30, 60, 300, 1800, 7200, 86_400)
BEYOND = 604_800
"""Seconds: how late a message was, up to which of these."""


class Tally(SQLModel, table=True):
    """`n` messages of a lane in an hour: `what` is sent, failed or uncertain; `seconds` bounds the delay of those sent."""

    __tablename__ = "delivery_tallies"

    hour: datetime = Field(sa_type=UtcDateTime, primary_key=True)
    lane: int = Field(primary_key=True, sa_type=Integer)
    what: str = Field(primary_key=True, sa_type=String)
    seconds: int = Field(default=0, primary_key=True, sa_type=Integer)
    n: int


table: Any = Tally.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Event:
    """Something that became of one message: `delay` since it was due, for those that were sent."""

    lane: int
    what: str
    delay: timedelta = timedelta(0)


@dataclass(frozen=True)
class Tallied:
    """Totals of a stretch of time; `typical` is the delay within which half of the messages went out."""

    sent: int = 0
    failed: int = 0
    uncertain: int = 0
    typical: timedelta | None = None


def tally(connection: Connection, events: Iterable[Event], *, now: datetime) -> None:
    """Count what has just happened, in the transaction in which it is written down."""
    counted = Counter((event.lane, event.what, _bound(event)) for event in events)
    _add(connection, [(_hour(now), *key, n) for key, n in counted.items()])


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _bound(event: Event) -> int:
    if event.what != "sent":
        return 0
    late = event.delay.total_seconds()
    return next((bound for bound in BOUNDS if late <= bound), BEYOND)


def _add(connection: Connection | Session, rows: list[tuple[Any, ...]]) -> None:
    if not rows:
        return
    dialect = connection.dialect if isinstance(connection, Connection) else connection.connection().dialect
    connection.execute(_COUNT[dialect.name], [dict(zip(_NAMES, row, strict=True)) for row in rows])


# Put together once: a statement that holds its rows would be compiled anew each time.
_NAMES = ("hour", "lane", "what", "seconds", "n")
_COUNT = {
    name: (statement := insert(table)).on_conflict_do_update(
        index_elements=_NAMES[:4], set_={"n": table.c.n + statement.excluded.n}
    )
    for name, insert in (("sqlite", insert_sqlite), ("postgresql", insert_postgres))
}


def tally_those_out(connection: Connection, *, now: datetime) -> None:
    """Before rows that were out when a process died are recovered: count those that will be in doubt."""
    out = connection.execute(
        select(outbox.c.lane, outbox.c.method).where(is_in("claimed", outbox), outbox.c.uncertain_at.is_(None))
    )
    tally(connection, [Event(row.lane, "uncertain") for row in out if not repeatable(row.method)], now=now)


def tallied(db: Session, *, since: datetime, until: datetime | None = None) -> Tallied:
    """What became of messages since the hour of `since`, and before that of `until`."""
    rows = db.execute(
        select(table.c.what, table.c.seconds, func.sum(table.c.n))
        .where(table.c.hour >= _hour(since), table.c.hour < until if until is not None else true())
        .group_by(table.c.what, table.c.seconds)
    ).all()
    sent = Counter({row[1]: int(row[2]) for row in rows if row[0] == "sent"})
    others = Counter({row[0]: int(row[2]) for row in rows if row[0] != "sent"})
    return Tallied(sent.total(), others["failed"], others["uncertain"], _typical(sent))


def _typical(sent: Counter[int]) -> timedelta | None:
    half, so_far = sent.total() / 2, 0
    for bound in sorted(sent):
        so_far += sent[bound]
        if so_far >= half:
            return timedelta(seconds=bound)
    return None


def totals(db: Session) -> dict[tuple[int, str], int]:
    """All that was ever counted: (lane, what) → messages."""
    rows = db.execute(select(table.c.lane, table.c.what, func.sum(table.c.n)).group_by(table.c.lane, table.c.what))
    return {(row[0], row[1]): int(row[2]) for row in rows}


def prune_tallies(db: Session, *, now: datetime) -> None:
    """Count hours of long ago together: totals stay what they are."""
    old = table.c.hour < now - KEPT
    key = (table.c.lane, table.c.what, table.c.seconds)
    summed = db.execute(
        select(*key, func.sum(table.c.n)).where(old, table.c.hour > BEGINNING).group_by(*key)
    ).all()
    _add(db, [(BEGINNING, *row[:3], int(row[3])) for row in summed])
    db.execute(delete(table).where(old, table.c.hour > BEGINNING))

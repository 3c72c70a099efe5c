"""The outbox's table, and what is handed around of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Index, Text, and_, false, literal_column, text
from sqlmodel import Field, SQLModel

from bot.db import UtcDateTime


class Lane(IntEnum):
    """Who goes first when not everything can go at once. Reminders and notices are *bulk*: replies overtake them."""

    REPLY = 0
    ANSWER = 1
    REMINDER = 2
    NOTICE = 3

    @property
    def is_bulk(self) -> bool:
        """Whether it may go to thousands at once."""
        return self >= Lane.REMINDER


READY = "state = 'due' AND waits = 0"
"""Due, and not waiting for another row's receipt (as SQLite says it)."""

PUT_OFF = "state = 'due' AND error IS NOT NULL"
QUIET = "quiet"
"""What a row heeds that keeps to quiet hours and cannot be muted."""

SPENT = (
    "done_at IS NOT NULL AND (lane = 3 OR (about IS NULL AND state IN ('sent', 'void')) "
    "OR (state = 'sent' AND payload <> '{}'))"
)
"""What has to be cleared away some day: see `prune`."""


def _partial(name: str, *columns: str, where: str, postgres: str | None = None) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(postgres or where))


class OutboxRow(SQLModel, table=True):
    """One call to Telegram that is owed. `about` ties the message to what it speaks of, such as `question:12:answer`.

    A row that `needs` another one's receipt `waits` until that is there. `taken_back_at` marks a row that was taken back
    while it was on its way: it does not go out if that can still be helped. The further messages of an album are rows of
    their own in the state `joined`: they travel with the row that they need, and get their receipts from its call.
    `heeds` is what of its reader's wishes a row heeds until it leaves: `QUIET` for their quiet hours alone, or a kind of
    messages that they may mute as well; None for what goes out whenever it is due.
    """

    __tablename__ = "outbox"
    __table_args__ = (  # every index is as small as it can be: most rows were sent long ago
        _partial("ix_outbox_ready", "lane", "due_at", "id", where=READY, postgres="state = 'due' AND NOT waits"),
        _partial("ix_outbox_claimed", "chat_id", where="state = 'claimed'"),
        _partial("ix_outbox_put_off", "chat_id", "lane", "id", where=PUT_OFF),
        _partial("ix_outbox_broken", "id", where="state = 'failed' AND reported_at IS NULL"),
        _partial("ix_outbox_uncertain", "id", where="uncertain_at IS NOT NULL AND reported_at IS NULL"),
        _partial("ix_outbox_needs", "needs", where="needs IS NOT NULL"),
        _partial("ix_outbox_thread", "chat_id", "thread_id", where="thread_id IS NOT NULL"),
        _partial("ix_outbox_spent", "done_at", where=SPENT),
        Index("ix_outbox_message", "chat_id", "message_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str | None = Field(default=None, unique=True)
    lane: int
    chat_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    method: str
    payload: str = Field(sa_column=Column(Text, nullable=False))
    needs: str | None = None
    waits: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    about: str | None = Field(default=None, index=True)
    state: str = "due"
    due_at: datetime = Field(sa_type=UtcDateTime)
    heeds: str | None = None
    attempts: int = 0
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    taken_back_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    uncertain_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    message_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    thread_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    error: str | None = Field(default=None, sa_column=Column(Text))
    reported_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


table: Any = OutboxRow.__table__  # type: ignore[attr-defined]


def is_in(state: str, row: Any = table) -> ColumnElement[bool]:
    """Whether a row is in a state, in words that the partial indexes know: no planner looks into a parameter."""
    found: ColumnElement[bool] = row.c.state == literal_column(f"'{state}'")
    return found


def is_ready() -> ColumnElement[bool]:
    """Whether a row may go as soon as its time has come."""
    return and_(is_in("due"), ~table.c.waits)


@dataclass(frozen=True, slots=True)
class Owed:
    """One call to Telegram that is to be promised together with many others; without `due_at` it is due at once."""

    chat_id: int
    method: str
    payload: dict[str, Any]
    key: str | None = None
    lane: Lane = Lane.NOTICE
    about: str | None = None
    needs: str | None = None
    due_at: datetime | None = None
    heeds: str | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed row, ready to be sent; `uncertain` when it may have arrived already; `joined` are its album's other keys."""

    id: int
    key: str | None
    lane: int
    chat_id: int
    method: str
    payload: dict[str, Any]
    about: str | None
    attempts: int
    uncertain: bool
    joined: tuple[str, ...] = ()
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What Telegram gave back for a row; for an album also each further message's key and id."""

    row_id: int
    message_id: int | None
    thread_id: int | None
    further: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Promise:
    """A row by its key, and the chat it is for."""

    key: str
    chat_id: int

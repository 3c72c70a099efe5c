"""The outbox's table, and what is handed around of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Text, text
from sqlmodel import Field, SQLModel

from bot.db import UtcDateTime


class Lane(IntEnum):
    """Who goes first when not everything can go at once."""

    REPLY = 0
    ANSWER = 1
    REMINDER = 2
    NOTICE = 3


class OutboxRow(SQLModel, table=True):
    """One call to Telegram that is owed. `about` ties the message to what it speaks of, such as `question:12:answer`.

    `void_at` says that it was taken back while it was out: if it did not arrive, it is not sent again.

    The further messages of an album are rows of their own in the state `joined`: they travel with the row that they
    need, and get their receipts from its call.
    """

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
        Index(
            "ix_outbox_broken",
            "id",
            sqlite_where=text("state = 'failed' AND reported_at IS NULL"),
            postgresql_where=text("state = 'failed' AND reported_at IS NULL"),
        ),
        Index(
            "ix_outbox_uncertain",
            "id",
            sqlite_where=text("uncertain_at IS NOT NULL AND reported_at IS NULL"),
            postgresql_where=text("uncertain_at IS NOT NULL AND reported_at IS NULL"),
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
    void_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    uncertain_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    message_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    thread_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    error: str | None = Field(default=None, sa_column=Column(Text))
    reported_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


table: Any = OutboxRow.__table__  # type: ignore[attr-defined]


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

"""What is kept of somebody's path: steps done, where they stand, when they are asked, where they are stuck, kudos."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Column, Index, Text, text
from sqlmodel import Field, SQLModel, UniqueConstraint

from bot.db import UtcDateTime

NEVER_AGAIN = {"sqlite_autoincrement": True}
"""Ids stand in messages that outlive their row: SQLite too gives none of them to another one later."""


def _partial(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


class Win(SQLModel, table=True):
    """A step that somebody has done, `days` after their path began.

    `photos` are Telegram's file ids, `album` its number of the album that they came in. `chat_id` is the group that it
    was shared with; `named` says that their name went with it.
    """

    __tablename__ = "wins"
    __table_args__ = (
        UniqueConstraint("member_id", "step"),
        Index("ix_wins_step_done_at", "step", "done_at"),
        Index("ix_wins_step_days", "step", "days"),
        _partial("ix_wins_shared", "chat_id", "shared_at", where="shared_at IS NOT NULL"),
        NEVER_AGAIN,
    )

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="members.id")
    step: str
    note: str | None = Field(default=None, sa_column=Column(Text))
    photos: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    album: str | None = None
    chat_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    shared_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    named: bool = False
    days: int = 0
    done_at: datetime = Field(sa_type=UtcDateTime, index=True)

    @property
    def key(self) -> str:
        """What messages that show it are about."""
        return f"win:{self.id}"


class WinPath(SQLModel, table=True):
    """Somebody on the ladder, at `step`; None at its top. `chosen` says that they chose it instead of the usual one.

    Check-ins come at `weekday` (Monday is 0) and `minute` of their own clock, next `asked_next_at`; None while they are
    `paused`, and after so many that were left `unanswered`. `kudos_at` is when they last heard of kudos.
    """

    __tablename__ = "win_paths"
    __table_args__ = (
        _partial("ix_win_paths_asked", "asked_next_at", where="asked_next_at IS NOT NULL"),
        Index("ix_win_paths_step", "step"),
    )

    member_id: int = Field(foreign_key="members.id", primary_key=True)
    step: str | None = None
    chosen: bool = False
    weekday: int = 2
    minute: int = 12 * 60
    paused: bool = False
    asked_next_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unanswered: int = 0
    kudos_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    began_at: datetime = Field(sa_type=UtcDateTime)


class WinHitch(SQLModel, table=True):
    """Somebody is stuck at a step, and on what; `offered_at` once they were offered help, `over_at` once it is over."""

    __tablename__ = "win_hitches"
    __table_args__ = (
        Index("ix_win_hitches_member_id_step", "member_id", "step"),
        _partial("ix_win_hitches_waiting", "said_at", where="offered_at IS NULL AND over_at IS NULL"),
        _partial("ix_win_hitches_over", "barrier", "over_at", where="over_at IS NOT NULL"),
        NEVER_AGAIN,
    )

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="members.id")
    step: str
    barrier: str | None = None
    said_at: datetime = Field(sa_type=UtcDateTime)
    offered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    over_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Kudos(SQLModel, table=True):
    """Somebody is glad about another's win: they `reacted` in the group, or `tapped`; `told_at` once the other heard of it."""

    __tablename__ = "win_kudos"
    __table_args__ = (_partial("ix_win_kudos_untold", "at", where="told_at IS NULL"),)

    win_id: int = Field(foreign_key="wins.id", primary_key=True)
    telegram_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False, index=True))
    reacted: bool = False
    tapped: bool = False
    at: datetime = Field(sa_type=UtcDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class WinDigest(SQLModel, table=True):
    """A group got its digest of a month (such as 2026-11)."""

    __tablename__ = "win_digests"

    chat_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    month: str = Field(primary_key=True)
    sent_at: datetime = Field(sa_type=UtcDateTime)

"""What is kept of somebody's path: steps done, where they stand, when they are asked, where they are stuck, kudos."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Text, text
from sqlmodel import Field, SQLModel, UniqueConstraint

from bot.db import UtcDateTime


class Win(SQLModel, table=True):
    """A step that somebody has done. `photo` is Telegram's file id; `named` says that their name may go with it in groups."""

    __tablename__ = "wins"
    __table_args__ = (UniqueConstraint("member_id", "step"), Index("ix_wins_step_done_at", "step", "done_at"))

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="members.id")
    step: str
    note: str | None = Field(default=None, sa_column=Column(Text))
    photo: str | None = None
    shared_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    named: bool = False
    done_at: datetime = Field(sa_type=UtcDateTime)


class WinPath(SQLModel, table=True):
    """Somebody on the ladder. Check-ins come at `weekday` (Monday is 0) and `minute` of their own clock, next `asked_next_at`.

    `unanswered` counts check-ins without an answer; None in `asked_next_at` means a pause.
    """

    __tablename__ = "win_paths"
    __table_args__ = (
        Index(
            "ix_win_paths_asked",
            "asked_next_at",
            sqlite_where=text("asked_next_at IS NOT NULL"),
            postgresql_where=text("asked_next_at IS NOT NULL"),
        ),
    )

    member_id: int = Field(foreign_key="members.id", primary_key=True)
    step: str | None = None
    step_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    weekday: int = 2
    minute: int = 12 * 60 + 30
    asked_next_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unanswered: int = 0
    began_at: datetime = Field(sa_type=UtcDateTime)


class WinHitch(SQLModel, table=True):
    """Somebody is stuck at a step, and on what; `offered_at` once they were offered help, `over_at` once it is over."""

    __tablename__ = "win_hitches"
    __table_args__ = (Index("ix_win_hitches_member_id_step", "member_id", "step"),)

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="members.id")
    step: str
    barrier: str | None = None
    said_at: datetime = Field(sa_type=UtcDateTime)
    offered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    over_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Kudos(SQLModel, table=True):
    """Somebody is glad about another's win: a reaction in a group, or a tap."""

    __tablename__ = "win_kudos"

    win_id: int = Field(foreign_key="wins.id", primary_key=True)
    telegram_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    at: datetime = Field(sa_type=UtcDateTime)

"""The tables of keeping a group: its rules, what waits for approval, what was reported, and what was done about it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.db import UtcDateTime, Word


class Why(StrEnum):
    """Why a newcomer's message waits."""

    LINK = "link"
    FORWARD = "forward"


class State(StrEnum):
    """What became of a message that waits."""

    HELD = "held"
    PUBLISHED = "published"
    DROPPED = "dropped"


class Kind(StrEnum):
    """What was done about somebody; FLOOD is the pause that the bot itself gives."""

    WARN = "warn"
    MUTE = "mute"
    REMOVE = "remove"
    FLOOD = "flood"


class Rules(SQLModel, table=True):
    """The groups' rules in one language, as organizers wrote them; a language without a row has the usual ones."""

    __tablename__ = "group_rules"

    language: str = Field(primary_key=True)
    text: str = Field(sa_column=Column(Text, nullable=False))
    entities: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    written_by: int | None = Field(default=None, foreign_key="members.id")
    written_at: datetime = Field(sa_type=UtcDateTime)


class HeldPost(SQLModel, table=True):
    """A newcomer's message that was taken out of the group until an organizer has seen it.

    `files`: [kind of media, file id, message id] of each message of it; an album has several.
    """

    __tablename__ = "held_posts"
    __table_args__ = (UniqueConstraint("chat_id", "message_id"),)

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    message_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    thread_id: int | None = None
    member_id: int = Field(foreign_key="members.id", index=True)
    why: Why = Field(sa_type=Word(Why))
    text: str = Field(sa_column=Column(Text, nullable=False))
    entities: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    files: list[list[Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    album: str | None = None
    state: State = Field(default=State.HELD, sa_type=Word(State), index=True)
    held_at: datetime = Field(sa_type=UtcDateTime)
    decided_by: int | None = Field(default=None, foreign_key="members.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    def key(self, what: str) -> str:
        """The outbox key of one message about it."""
        return f"held:{self.id}:{what}"


class Report(SQLModel, table=True):
    """A message in a group that somebody told the organizers about; `others` counts who did so after the first."""

    __tablename__ = "group_reports"
    __table_args__ = (UniqueConstraint("chat_id", "message_id"),)

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    message_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    author_id: int | None = Field(default=None, foreign_key="members.id", index=True)
    reported_by: int | None = Field(default=None, foreign_key="members.id", index=True)
    others: int = 0
    text: str = Field(sa_column=Column(Text, nullable=False))
    reported_at: datetime = Field(sa_type=UtcDateTime)
    decided_by: int | None = Field(default=None, foreign_key="members.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    def key(self, what: str) -> str:
        """The outbox key of one message about it."""
        return f"reported:{self.id}:{what}"


class Measure(SQLModel, table=True):
    """Something that was done about somebody in a group, by an organizer or (`made_by` None) by the bot: the log."""

    __tablename__ = "measures"

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    member_id: int = Field(foreign_key="members.id", index=True)
    kind: Kind = Field(sa_type=Word(Kind))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    made_by: int | None = Field(default=None, foreign_key="members.id")
    made_at: datetime = Field(sa_type=UtcDateTime, index=True)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    undone_by: int | None = Field(default=None, foreign_key="members.id")
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    def key(self, what: str) -> str:
        """The outbox key of one message about it."""
        return f"measure:{self.id}:{what}"


class LackingRight(SQLModel, table=True):
    """What the bot was not allowed to do in a group, and when the organizers were told so."""

    __tablename__ = "lacking_rights"

    chat_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    right: str = Field(primary_key=True)
    told_at: datetime = Field(sa_type=UtcDateTime)

"""What is kept about resources: people's own lists, what they shared, and what they searched for."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.db import UtcDateTime, Word
from bot.features.resources.content import SHARED


class Kind(StrEnum):
    """What somebody shared."""

    LINK = "link"
    FILE = "file"
    TEXT = "text"


class State(StrEnum):
    """Where a suggestion stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Licence(StrEnum):
    """By what right something is shared, in its giver's words."""

    OWN = "own"
    PUBLIC = "public"
    ALLOWED = "allowed"


class SavedResource(SQLModel, table=True):
    """A resource on somebody's own list."""

    __tablename__ = "saved_resources"

    member_id: int = Field(foreign_key="members.id", primary_key=True)
    resource_id: str = Field(primary_key=True)
    saved_at: datetime = Field(sa_type=UtcDateTime)


class SharedResource(SQLModel, table=True):
    """A link, a file (which stays at Telegram) or a text that a member suggested.

    `address` is what two spellings of one url have in common, `media` the kind of file in Telegram's words, `purpose`
    the need that it serves, `good_for` what it is good for in the giver's words, `uses` how often its card was opened.
    `named` says that the giver may be thanked by name; `thanked` is how many readers' thanks they have heard of, and
    `thanked_at` when.
    """

    __tablename__ = "shared_resources"

    id: int | None = Field(default=None, primary_key=True)
    kind: Kind = Field(sa_type=Word(Kind))
    title: str
    url: str | None = Field(default=None, sa_column=Column(Text))
    address: str | None = Field(default=None, sa_column=Column(Text, unique=True))
    media: str | None = None
    file_id: str | None = None
    file_unique_id: str | None = Field(default=None, unique=True)
    text: str | None = Field(default=None, sa_column=Column(Text))
    entities: list[dict[str, Any]] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    purpose: str | None = None
    language: str
    state: State = Field(default=State.WAITING, sa_type=Word(State), index=True)
    suggested_by: int | None = Field(default=None, foreign_key="members.id", index=True)
    suggested_at: datetime = Field(sa_type=UtcDateTime)
    decided_by: int | None = Field(default=None, foreign_key="members.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    uses: int = 0
    good_for: str | None = Field(default=None, sa_column=Column(Text))
    licence: Licence | None = Field(default=None, sa_type=Word(Licence))
    consented_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    named: bool = False
    helped: int = Field(default=0, index=True)
    thanked: int = 0
    thanked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def resource_id(self) -> str:
        """Its id among all resources."""
        return f"{SHARED}{self.id}"

    def key(self, *parts: object) -> str:
        """A unique name for something owed because of this suggestion."""
        return ":".join(["shared", str(self.id), *map(str, parts)])


class ResourceSearch(SQLModel, table=True):
    """What somebody searched for, kept for a while so that a button can lead back to what was found."""

    __tablename__ = "resource_searches"

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="members.id", index=True)
    words: str
    searched_at: datetime = Field(sa_type=UtcDateTime, index=True)


class ResourceHelped(SQLModel, table=True):
    """A reader says that a resource helped."""

    __tablename__ = "resources_helped"

    member_id: int = Field(foreign_key="members.id", primary_key=True)
    resource_id: str = Field(primary_key=True, index=True)
    at: datetime = Field(sa_type=UtcDateTime)


class Why(StrEnum):
    """What is wrong with something that a member shared."""

    WRONG = "wrong"
    PATIENT = "patient"
    RIGHTS = "rights"
    BROKEN = "broken"


class ResourceReport(SQLModel, table=True):
    """A reader says that something shared should not be there; once for each reader."""

    __tablename__ = "resource_reports"
    __table_args__ = (UniqueConstraint("shared_id", "member_id"),)

    id: int | None = Field(default=None, primary_key=True)
    shared_id: int = Field(foreign_key="shared_resources.id", index=True)
    member_id: int = Field(foreign_key="members.id", index=True)
    why: Why = Field(sa_type=Word(Why))
    at: datetime = Field(sa_type=UtcDateTime)

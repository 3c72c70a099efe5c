"""The tables of entries that came from the desk: their versions, who was given which wording, and changes to decide on."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Column, Index, Text, text
from sqlmodel import Field, SQLModel

from bot.db import UtcDateTime, Word
from bot.errors import Outdated


class State(StrEnum):
    """Where a version stands; REPLACED by a newer one, or RETRACTED."""

    DRAFT = "draft"
    WAITING = "waiting"
    PUBLISHED = "published"
    REPLACED = "replaced"
    RETRACTED = "retracted"


class Verdict(StrEnum):
    """What an organizer said of a changed file: OPEN until then."""

    OPEN = "open"
    TELL = "tell"
    WORDING = "wording"


_OPEN = "state IN ('draft', 'waiting')"
_PUBLISHED = "state = 'published'"


class Version(SQLModel, table=True):
    """One wording of one entry in one language (`en` or `zh`), from draft to published and replaced.

    `hands` are the members who wrote at it: none of them may approve it. `round` counts how often it was submitted.
    `to_check` is set on a published change until the other language was looked at.
    """

    __tablename__ = "entry_versions"
    __table_args__ = (
        Index("ix_entry_versions_open", "entry_id", "language", unique=True,
              sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
        Index("ix_entry_versions_published", "entry_id", "language", unique=True,
              sqlite_where=text(_PUBLISHED), postgresql_where=text(_PUBLISHED)),
    )

    id: int | None = Field(default=None, primary_key=True)
    entry_id: str = Field(index=True)
    language: str
    question: str = Field(default="", sa_column=Column(Text, nullable=False))
    answer: str = Field(default="", sa_column=Column(Text, nullable=False))
    points: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    next_step: str | None = Field(default=None, sa_column=Column(Text))
    variants: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    sources: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    state: State = Field(default=State.DRAFT, sa_type=Word(State), index=True)
    substantial: bool = False
    to_check: bool = False
    round: int = 0
    note: str | None = Field(default=None, sa_column=Column(Text))
    question_id: int | None = Field(default=None, index=True)
    owner_id: int | None = Field(default=None, foreign_key="members.id", index=True)
    author_id: int | None = Field(default=None, foreign_key="members.id", index=True)
    hands: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    decided_by: int | None = Field(default=None, foreign_key="members.id")
    review_by: datetime = Field(sa_type=UtcDateTime, index=True)
    reminded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    retracted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    def key(self, *parts: object) -> str:
        """A unique name for something owed because of this version."""
        return ":".join(["entry", str(self.id), *map(str, parts)])

    @property
    def substance(self) -> list[str]:
        """The lines that an answer consists of."""
        return [self.answer, *self.points]


class Given(SQLModel, table=True):
    """Who was shown which wording of an entry last: by the digest of its lines."""

    __tablename__ = "entry_given"
    __table_args__ = (Index("ix_entry_given_wording", "entry_id", "language", "digest"),)

    member_id: int = Field(foreign_key="members.id", primary_key=True)
    entry_id: str = Field(primary_key=True)
    language: str
    digest: str
    given_at: datetime = Field(sa_type=UtcDateTime, index=True)


class GivenText(SQLModel, table=True):
    """The lines behind a digest, kept as long as somebody was given them."""

    __tablename__ = "entry_texts"

    digest: str = Field(primary_key=True)
    lines: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class Change(SQLModel, table=True):
    """An entry's file changed since people were given its answer: an organizer says whether they are told."""

    __tablename__ = "entry_changes"
    __table_args__ = (Index("ix_entry_changes_pair", "entry_id", "language", "old", "new", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    entry_id: str
    language: str
    old: str
    new: str
    verdict: Verdict = Field(default=Verdict.OPEN, sa_type=Word(Verdict), index=True)
    decided_by: int | None = Field(default=None, foreign_key="members.id")
    seen_at: datetime = Field(sa_type=UtcDateTime)

    def key(self, *parts: object) -> str:
        """A unique name for something owed because of this change."""
        return ":".join(["entry-change", str(self.id), *map(str, parts)])


def id_of(row: Version | Change) -> int:
    """The row's id, which every stored row has; raises Outdated otherwise."""
    if row.id is None:
        raise Outdated
    return row.id

"""What is kept about programmes: the cards, the index that finds them, and the poster weeks."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, String, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.db import UtcDateTime, Word

_EXACT = String().with_variant(String(collation="C"), "postgresql")  # terms are compared by code point, as SQLite does


class Level(StrEnum):
    """Who sees a field, and how much a reader sees: each level sees what the levels before it see."""

    COMMUNITY = "community"
    ORGANIZERS = "organizers"
    ME = "me"

    @property
    def rank(self) -> int:
        """Its place: the higher, the fewer people."""
        return list(Level).index(self)

    def sees(self, other: Level) -> bool:
        """Whether a reader of this level sees a field that is shown to `other`."""
        return self.rank >= other.rank


class Answer(StrEnum):
    """What an author said to having the card presented."""

    ASKED = "asked"
    YES = "yes"
    NO = "no"


class Why(StrEnum):
    """What can be wrong with a card."""

    WRONG = "wrong"
    PATIENT = "patient"
    ADS = "ads"
    RUDE = "rude"


class Programme(SQLModel, table=True):
    """A programme's card. `fields` holds what was said by field, `levels` who sees it where that is not the usual.

    `at` is the field that the guided entry has come to, None when it is through. `code` is what a colleague writes to
    become co-owner. `remind_at` is when its owner is asked whether it is still true. While `hidden_at` is set, an
    organizer has taken it out of the community's sight: only its owners and organizers see it.
    """

    __tablename__ = "programmes"

    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="members.id", index=True)
    co_owner_id: int | None = Field(default=None, foreign_key="members.id", index=True)
    code: str | None = Field(default=None, unique=True)
    fields: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    levels: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    at: str | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    remind_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    hidden_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def workplace(self) -> str | None:
        """The kind of workplace, whoever may see it."""
        return self.fields.get("workplace")

    @property
    def city(self) -> str | None:
        """The city as its owner wrote it, whoever may see it."""
        return self.fields.get("city")


class ProgrammeReport(SQLModel, table=True):
    """A reader's word to the organizers that something is wrong with a card; one from each reader."""

    __tablename__ = "programme_reports"
    __table_args__ = (UniqueConstraint("programme_id", "reporter_id"),)

    id: int | None = Field(default=None, primary_key=True)
    programme_id: int = Field(foreign_key="programmes.id", index=True)
    reporter_id: int = Field(foreign_key="members.id", index=True)
    why: Why = Field(sa_type=Word(Why))
    said_at: datetime = Field(sa_type=UtcDateTime)


class ProgrammeHiding(SQLModel, table=True):
    """An organizer hid a card from the community, and why, until `undone_at`: the log. `reason` is a `Why` or free words."""

    __tablename__ = "programme_hidings"

    id: int | None = Field(default=None, primary_key=True)
    programme_id: int = Field(foreign_key="programmes.id", index=True)
    reason: str = Field(sa_column=Column(Text, nullable=False))
    hidden_by: int | None = Field(default=None, foreign_key="members.id")
    hidden_at: datetime = Field(sa_type=UtcDateTime)
    undone_by: int | None = Field(default=None, foreign_key="members.id")
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ProgrammeTerm(SQLModel, table=True):
    """A word or a filter's value by which a published card is found, and the widest circle that may find it by that."""

    __tablename__ = "programme_terms"
    __table_args__ = (Index("ix_programme_terms_found", "term", "programme_id", "level"),)

    programme_id: int = Field(foreign_key="programmes.id", primary_key=True)
    term: str = Field(primary_key=True, sa_type=_EXACT)
    level: int


class ProgrammeCount(SQLModel, table=True):
    """How many cards have a filter's value, by the widest circle that may find them by it; kept along with the terms."""

    __tablename__ = "programme_counts"

    term: str = Field(primary_key=True, sa_type=_EXACT)
    level: int = Field(primary_key=True)
    number: int


class ProgrammeSearch(SQLModel, table=True):
    """What somebody looks for among the programmes: words, and a value by filter."""

    __tablename__ = "programme_searches"

    member_id: int = Field(foreign_key="members.id", primary_key=True)
    words: str = ""
    filters: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    searched_at: datetime = Field(sa_type=UtcDateTime, index=True)


class PosterWeek(SQLModel, table=True):
    """A week in which cards are presented, one a day from `first` on. `slot` is 1 until it is over: there is one at a time.

    `nudged_at` is when organizers heard that half a year has passed since.
    """

    __tablename__ = "poster_weeks"

    id: int | None = Field(default=None, primary_key=True)
    slot: int | None = Field(default=1, unique=True)
    first: date
    opened_by: int | None = Field(default=None, foreign_key="members.id")
    opened_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    nudged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Poster(SQLModel, table=True):
    """A card in a poster week. `day` counts from 0; it is given when the author says yes, None when the week is full."""

    __tablename__ = "posters"
    __table_args__ = (UniqueConstraint("week_id", "programme_id"), UniqueConstraint("week_id", "day"))

    id: int | None = Field(default=None, primary_key=True)
    week_id: int = Field(foreign_key="poster_weeks.id", index=True)
    programme_id: int = Field(foreign_key="programmes.id", index=True)
    answer: Answer = Field(default=Answer.ASKED, sa_type=Word(Answer))
    day: int | None = None
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    presented_on: date | None = None


class PosterQuestion(SQLModel, table=True):
    """What somebody asked an author under the card in a group; `follows` is the question whose answer it replies to."""

    __tablename__ = "poster_questions"

    id: int | None = Field(default=None, primary_key=True)
    poster_id: int = Field(foreign_key="posters.id", index=True)
    asker_id: int = Field(foreign_key="members.id", index=True)
    chat_id: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    message_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    follows: int | None = None
    text: str = Field(sa_column=Column(Text, nullable=False))
    asked_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PosterKudos(SQLModel, table=True):
    """Somebody's applause for a card, by button or by reaction."""

    __tablename__ = "poster_kudos"

    poster_id: int = Field(foreign_key="posters.id", primary_key=True)
    member_id: int = Field(foreign_key="members.id", primary_key=True, index=True)
    at: datetime = Field(sa_type=UtcDateTime)

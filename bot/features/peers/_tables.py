"""What is kept about peers: who is willing, who looks for somebody, and who was asked."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.db import UtcDateTime, Word

_OPEN = "state = 'searching'"


class State(StrEnum):
    """Where a search stands: MET has a helper, EMPTY ended without one, CANCELLED was given up."""

    SEARCHING = "searching"
    MET = "met"
    EMPTY = "empty"
    CANCELLED = "cancelled"


class Ask(StrEnum):
    """What became of asking somebody: LAPSED after a day without an answer, VOID when it was settled without them."""

    OPEN = "open"
    YES = "yes"
    NO = "no"
    LAPSED = "lapsed"
    VOID = "void"


class Outcome(StrEnum):
    """How it went, in the words of one of the two."""

    HELPED = "helped"
    NOT_YET = "notyet"
    DID_NOT_FIT = "unfit"


class PeerWilling(SQLModel, table=True):
    """Somebody who said that they may be asked; who never said so has no row. `per_month` is how often in thirty days."""

    __tablename__ = "peer_willing"

    member_id: int = Field(foreign_key="members.id", primary_key=True)
    per_month: int
    since: datetime = Field(sa_type=UtcDateTime)


class PeerSearch(SQLModel, table=True):
    """Somebody looks for a colleague who got past `what`: the id of a step of the ladder or of a barrier.

    `username` is the seeker's at Telegram, if they had one when they began. `look_at` is when the next one is asked,
    `follow_up_at` when both are asked how it went; both are None when that is over.
    """

    __tablename__ = "peer_searches"
    __table_args__ = (
        Index(
            "ix_peer_searches_open", "seeker_id", unique=True, sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    seeker_id: int = Field(foreign_key="members.id", index=True)
    what: str
    username: str | None = None
    state: State = Field(default=State.SEARCHING, sa_type=Word(State))
    begun_at: datetime = Field(sa_type=UtcDateTime)
    look_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    helper_id: int | None = Field(default=None, foreign_key="members.id", index=True)
    follow_up_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    seeker_said: Outcome | None = Field(default=None, sa_type=Word(Outcome))
    helper_said: Outcome | None = Field(default=None, sa_type=Word(Outcome))

    def key(self, *parts: object) -> str:
        """A unique name for something owed because of this search."""
        return ":".join(["peers", str(self.id), *map(str, parts)])


class PeerAsk(SQLModel, table=True):
    """One willing colleague who was asked because of one search: nobody is asked twice because of the same."""

    __tablename__ = "peer_asks"
    __table_args__ = (UniqueConstraint("search_id", "helper_id"), Index("ix_peer_asks_lately", "helper_id", "asked_at"))

    id: int | None = Field(default=None, primary_key=True)
    search_id: int = Field(foreign_key="peer_searches.id", index=True)
    helper_id: int = Field(foreign_key="members.id")
    asked_at: datetime = Field(sa_type=UtcDateTime)
    answer: Ask = Field(default=Ask.OPEN, sa_type=Word(Ask))
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

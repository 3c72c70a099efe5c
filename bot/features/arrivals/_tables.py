"""The tables of arriving: who came to which group when, how they were greeted, and who asked to be let in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.db import UtcDateTime, Word


class State(StrEnum):
    """What became of a wish to join; GONE when it was settled elsewhere or taken back."""

    ASKING = "asking"
    WAITING = "waiting"
    ADMITTED = "admitted"
    DECLINED = "declined"
    GONE = "gone"


class Greeting(SQLModel, table=True):
    """One message in a group that greets everybody who came within a minute."""

    __tablename__ = "greetings"

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    begun_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def key(self) -> str:
        """The outbox key of its message."""
        return f"greeting:{self.id}"


class Arrival(SQLModel, table=True):
    """Somebody in a group since `joined_at`; who comes back is not greeted again."""

    __tablename__ = "arrivals"
    __table_args__ = (UniqueConstraint("chat_id", "member_id"),)

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    member_id: int = Field(foreign_key="members.id", index=True)
    joined_at: datetime = Field(sa_type=UtcDateTime, index=True)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    greeting_id: int | None = Field(default=None, foreign_key="greetings.id", index=True)


class JoinRequest(SQLModel, table=True):
    """A wish to be let into a group, with what the person said about themselves."""

    __tablename__ = "join_requests"

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    member_id: int = Field(foreign_key="members.id", index=True)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    state: State = Field(default=State.ASKING, sa_type=Word(State), index=True)
    agreed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    workplace: str | None = None
    city: str | None = None
    decided_by: int | None = Field(default=None, foreign_key="members.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.state in (State.ASKING, State.WAITING)

    def key(self, what: str) -> str:
        """The outbox key of one message about it."""
        return f"join:{self.id}:{what}"

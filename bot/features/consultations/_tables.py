"""The tables of consultations: slots of a session, who booked which and what came of it, and who waits."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.db import UtcDateTime, Word
from bot.errors import Outdated


class State(StrEnum):
    """Where a booking stands. OFFERED and BOOKED hold a slot; an offer that was not taken LAPSED; VOID is the session's end."""

    OFFERED = "offered"
    BOOKED = "booked"
    GIVEN_BACK = "given_back"
    LAPSED = "lapsed"
    VOID = "void"


ACTIVE = (State.OFFERED, State.BOOKED)


class Went(StrEnum):
    """How it went with what was agreed, two weeks later."""

    WELL = "well"
    PARTLY = "partly"
    STUCK = "stuck"


class Arrangement(SQLModel, table=True):
    """What a session's slots were made from, so that they are made again when it changes."""

    __tablename__ = "consultation_arrangements"

    session_id: int = Field(foreign_key="sessions.id", primary_key=True)
    made_from: str
    starts_at: datetime = Field(sa_type=UtcDateTime)


class Slot(SQLModel, table=True):
    """A part of a session for one person: the `position`-th with this consultant, or with whoever is there (None)."""

    __tablename__ = "consultation_slots"
    __table_args__ = (UniqueConstraint("session_id", "position", "consultant_id"),)

    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="sessions.id")
    position: int
    consultant_id: int | None = Field(default=None, foreign_key="members.id", index=True)
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)


class Booking(SQLModel, table=True):
    """Somebody's slot, what they want to talk about, and what came of it.

    `slot_id` is unique and empty as soon as the slot is free again: that keeps the capacity. Times and consultant are
    the slot's, kept here because slots go. `case` is the case form by field. `until` ends an offer. `question_id` is the
    question to the experts that was taken here.
    """

    __tablename__ = "consultation_bookings"
    __table_args__ = (
        Index(
            "ix_consultation_bookings_one_each",
            "session_id",
            "member_id",
            unique=True,
            sqlite_where=text("state IN ('offered', 'booked')"),
            postgresql_where=text("state IN ('offered', 'booked')"),
        ),
        Index(
            "ix_consultation_bookings_until",
            "until",
            sqlite_where=text("state = 'offered'"),
            postgresql_where=text("state = 'offered'"),
        ),
        Index(
            "ix_consultation_bookings_follow_up",
            "follow_up_at",
            sqlite_where=text("follow_up_at IS NOT NULL"),
            postgresql_where=text("follow_up_at IS NOT NULL"),
        ),
        Index("ix_consultation_bookings_state_starts_at", "state", "starts_at"),
        Index("ix_consultation_bookings_member", "member_id", "starts_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="sessions.id")
    slot_id: int | None = Field(default=None, foreign_key="consultation_slots.id", unique=True)
    member_id: int = Field(foreign_key="members.id")
    consultant_id: int | None = Field(default=None, foreign_key="members.id", index=True)
    state: State = Field(sa_type=Word(State))
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    subject: str | None = Field(default=None, sa_column=Column(Text))
    case: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    question_id: int | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    came: bool | None = None
    notes: str | None = Field(default=None, sa_column=Column(Text))
    next_steps: str | None = Field(default=None, sa_column=Column(Text))
    notes_by: int | None = Field(default=None, foreign_key="members.id", index=True)
    notes_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    follow_up_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    went: Went | None = Field(default=None, sa_type=Word(Went))

    @property
    def holds(self) -> bool:
        """Whether it holds its slot."""
        return self.state in ACTIVE

    def key(self, *parts: object) -> str:
        """A unique name for something owed because of this booking."""
        return ":".join(["booking", str(self.id), *map(str, parts)])


class Waiting(SQLModel, table=True):
    """Somebody who waits for a slot of a session; `first` for those whose own slot was taken from them."""

    __tablename__ = "consultation_waiting"
    __table_args__ = (UniqueConstraint("session_id", "member_id"),)

    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="sessions.id")
    member_id: int = Field(foreign_key="members.id", index=True)
    since: datetime = Field(sa_type=UtcDateTime)
    first: bool = False
    subject: str | None = Field(default=None, sa_column=Column(Text))
    case: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    question_id: int | None = None


def id_of(booking: Booking) -> int:
    """The booking's id, which every stored booking has; raises Outdated otherwise."""
    if booking.id is None:
        raise Outdated
    return booking.id

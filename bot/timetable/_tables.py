"""The tables under consultations and webinars: series, their sessions, the people in them, what changed, what is to be done."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, Index, Text, text
from sqlmodel import Field, SQLModel, UniqueConstraint

from bot.db import UtcDateTime, Word


class Kind(StrEnum):
    """What a session is."""

    CONSULTATION = "consultation"
    WEBINAR = "webinar"


class State(StrEnum):
    """Where a session is in its life."""

    PLANNED = "planned"
    CANCELLED = "cancelled"
    HELD = "held"


class Standing(StrEnum):
    """What somebody is to a session. COMING holds a place, WAITING waits for one; GIVEN_BACK had one."""

    COMING = "coming"
    MAYBE = "maybe"
    WAITING = "waiting"
    DECLINED = "declined"
    GIVEN_BACK = "given_back"


class Part(StrEnum):
    """What somebody does at a session."""

    CONSULTANT = "consultant"
    SPEAKER = "speaker"
    HOST = "host"


class Series(SQLModel, table=True):
    """A recurring session: RFC 5545 `rrule` on wall time (`first`, ISO without a zone) in `zone`.

    `title` and `description` are texts by language. `skipped` and `extra` are wall times in ISO form. `ladder` names the
    rungs of its reminders, None for those of its kind.
    """

    __tablename__ = "series"

    id: int | None = Field(default=None, primary_key=True)
    kind: Kind = Field(sa_type=Word(Kind))
    title: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    description: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    rrule: str
    first: str
    minutes: int
    zone: str
    skipped: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    extra: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    speaker: str | None = None
    link: str | None = None
    join_hint: str | None = None
    capacity: int | None = None
    slot_minutes: int | None = None
    buffer_minutes: int = 0
    ladder: list[str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    made_by: int | None = Field(default=None, foreign_key="members.id")
    created_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SessionRow(SQLModel, table=True):
    """One session. `occurrence` is the wall time that its series gave it, which stays when the session is moved.

    Texts that are None are the series'. `sequence` rises with every change that people have to know of, for calendars.
    `own` says that it was edited by itself and no longer follows its series. `next_rung_at` is when somebody is to be
    reminded next.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        UniqueConstraint("series_id", "occurrence"),
        Index("ix_sessions_kind_starts_at", "kind", "starts_at"),
        Index(
            "ix_sessions_rung",
            "next_rung_at",
            sqlite_where=text("next_rung_at IS NOT NULL"),
            postgresql_where=text("next_rung_at IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    series_id: int | None = Field(default=None, foreign_key="series.id")
    kind: Kind = Field(sa_type=Word(Kind))
    occurrence: str
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime, index=True)
    zone: str
    title: dict[str, str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    description: dict[str, str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    speaker: str | None = None
    link: str | None = None
    join_hint: str | None = None
    capacity: int | None = None
    slot_minutes: int | None = None
    buffer_minutes: int = 0
    state: State = Field(default=State.PLANNED, sa_type=Word(State))
    reason: str | None = None
    uid: str = Field(unique=True)
    sequence: int = 0
    own: bool = False
    provisional: bool = False
    recording: str | None = None
    materials: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    next_rung_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    made_by: int | None = Field(default=None, foreign_key="members.id")
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SeriesPerson(SQLModel, table=True):
    """Somebody who does something at every session of a series."""

    __tablename__ = "series_people"

    series_id: int = Field(foreign_key="series.id", primary_key=True)
    member_id: int = Field(foreign_key="members.id", primary_key=True, index=True)
    part: Part = Field(sa_type=Word(Part), primary_key=True)


class SessionPerson(SQLModel, table=True):
    """Somebody who does something at one session."""

    __tablename__ = "session_people"

    session_id: int = Field(foreign_key="sessions.id", primary_key=True)
    member_id: int = Field(foreign_key="members.id", primary_key=True, index=True)
    part: Part = Field(sa_type=Word(Part), primary_key=True)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Attendee(SQLModel, table=True):
    """What a member is to a session; `starts_at` and `ends_at` where their own part of it is shorter (a booked slot).

    `told_sequence` is the session's `sequence` that they were told last.
    """

    __tablename__ = "attendees"
    __table_args__ = (UniqueConstraint("session_id", "member_id"),)

    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="sessions.id")
    member_id: int = Field(foreign_key="members.id", index=True)
    standing: Standing = Field(sa_type=Word(Standing))
    since: datetime = Field(sa_type=UtcDateTime)
    starts_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    told_sequence: int = 0
    attended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attended_how: str | None = None


class SessionChange(SQLModel, table=True):
    """Who changed what of a session, and when; `told_at` once those concerned know (or need not)."""

    __tablename__ = "session_changes"
    __table_args__ = (
        Index(
            "ix_session_changes_untold",
            "at",
            sqlite_where=text("told_at IS NULL"),
            postgresql_where=text("told_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="sessions.id", index=True)
    what: str
    old: str | None = Field(default=None, sa_column=Column(Text))
    new: str | None = Field(default=None, sa_column=Column(Text))
    by: int | None = Field(default=None, foreign_key="members.id")
    at: datetime = Field(sa_type=UtcDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SessionTask(SQLModel, table=True):
    """Something that has to be done for a session, by whom and until when."""

    __tablename__ = "session_tasks"
    __table_args__ = (
        UniqueConstraint("session_id", "task"),
        Index(
            "ix_session_tasks_open",
            "due_at",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="sessions.id")
    task: str
    owner_id: int | None = Field(default=None, foreign_key="members.id", index=True)
    due_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    nagged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SessionDoubt(SQLModel, table=True):
    """A day on which a session may not be meant to be, as organizers were asked; `decision` once one of them said so."""

    __tablename__ = "session_doubts"

    session_id: int = Field(foreign_key="sessions.id", primary_key=True)
    day: str = Field(primary_key=True)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    decision: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="members.id")


class OfficialDay(SQLModel, table=True):
    """What an organizer said of a day: that it is free or worked, whatever the known calendar says."""

    __tablename__ = "official_days"

    day: str = Field(primary_key=True)
    free: bool
    by: int | None = Field(default=None, foreign_key="members.id")
    at: datetime = Field(sa_type=UtcDateTime)


class OfficialYear(SQLModel, table=True):
    """A year whose official calendar an organizer has entered or found right."""

    __tablename__ = "official_years"

    year: int = Field(primary_key=True)
    by: int | None = Field(default=None, foreign_key="members.id")
    at: datetime = Field(sa_type=UtcDateTime)


class Draft(SQLModel, table=True):
    """A series, a session or a change that somebody is putting together; one for each person."""

    __tablename__ = "schedule_drafts"

    member_id: int = Field(foreign_key="members.id", primary_key=True)
    data: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    at: datetime = Field(sa_type=UtcDateTime)


class SessionRung(SQLModel, table=True):
    """Something that many people are told of a session, once: a reminder's rung, or changes that belong together.

    `reached` is the last member who has been thought of while `done_at` is None: large audiences are told in portions.
    `anew` is how often it was begun anew, for those who had no message from it yet.
    """

    __tablename__ = "session_rungs"

    session_id: int = Field(foreign_key="sessions.id", primary_key=True)
    rung: str = Field(primary_key=True)
    began_at: datetime = Field(sa_type=UtcDateTime)
    reached: int = 0
    anew: int = 0
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CalendarToken(SQLModel, table=True):
    """The secret part of a calendar feed's address; `member_id` is None for the community's public feed."""

    __tablename__ = "calendar_tokens"

    token: str = Field(primary_key=True)
    member_id: int | None = Field(default=None, foreign_key="members.id", index=True)
    made_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

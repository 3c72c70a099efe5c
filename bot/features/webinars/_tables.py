"""The tables of webinars: questions beforehand and their support, attendance in minutes, feedback, certificates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Text, text
from sqlmodel import Field, SQLModel

from bot.db import UtcDateTime


class Asked(SQLModel, table=True):
    """A question for the speaker. `chat_id` and `message_id` are where its asker wrote it.

    `answered_at`: it was answered at the webinar. `passed_on_as` is its number at the experts' desk.
    """

    __tablename__ = "webinar_questions"

    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="sessions.id", index=True)
    member_id: int = Field(foreign_key="members.id", index=True)
    anonymous: bool = False
    text: str = Field(sa_column=Column(Text, nullable=False))
    language: str
    chat_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    message_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    asked_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    passed_on_as: int | None = None


class Support(SQLModel, table=True):
    """Somebody wants to know the same."""

    __tablename__ = "webinar_supports"

    question_id: int = Field(foreign_key="webinar_questions.id", ondelete="CASCADE", primary_key=True)
    member_id: int = Field(foreign_key="members.id", primary_key=True, index=True)
    at: datetime = Field(sa_type=UtcDateTime)


class Record(SQLModel, table=True):
    """What is kept of a webinar besides its session: the code word, and what was done for it.

    `sent` counts how often recording and materials were sent to those who signed up; while that is going on, `reached` is
    the last of them (by their place on the list) who got it.
    """

    __tablename__ = "webinar_records"

    session_id: int = Field(foreign_key="sessions.id", primary_key=True)
    code: str | None = None
    day_list_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    hour_list_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent: int = 0
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reached: int | None = Field(default=None, index=True)


class Attempt(SQLModel, table=True):
    """The code words that somebody tried in vain, so that nobody finds one by trying."""

    __tablename__ = "webinar_attempts"

    session_id: int = Field(foreign_key="sessions.id", primary_key=True)
    member_id: int = Field(foreign_key="members.id", primary_key=True, index=True)
    wrong: int = 0


class Minutes(SQLModel, table=True):
    """How long somebody was there, as the meeting software counted it."""

    __tablename__ = "webinar_minutes"

    session_id: int = Field(foreign_key="sessions.id", primary_key=True)
    member_id: int = Field(foreign_key="members.id", primary_key=True, index=True)
    minutes: int


class Import(SQLModel, table=True):
    """An attendance list that an organizer is still reviewing; each of `rows` is a `Line` as JSON."""

    __tablename__ = "webinar_imports"

    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="sessions.id", index=True)
    made_by: int = Field(foreign_key="members.id", index=True)
    rows: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    made_at: datetime = Field(sa_type=UtcDateTime, index=True)


class Feedback(SQLModel, table=True):
    """What somebody thought of a webinar; the row is there from the moment they are asked.

    `useful` is 1 to 5. `level`: 1 too easy, 2 about right, 3 too hard. `trying`: 1 yes, 2 perhaps, 3 no.
    """

    __tablename__ = "webinar_feedback"

    session_id: int = Field(foreign_key="sessions.id", primary_key=True)
    member_id: int = Field(foreign_key="members.id", primary_key=True, index=True)
    useful: int | None = None
    level: int | None = None
    trying: int | None = None
    line: str | None = Field(default=None, sa_column=Column(Text))
    asked_at: datetime = Field(sa_type=UtcDateTime)
    given_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Certificate(SQLModel, table=True):
    """That somebody attended; `number` is drawn at random. One that was replaced or taken back is `revoked_at`."""

    __tablename__ = "webinar_certificates"
    __table_args__ = (
        Index(
            "ix_webinar_certificates_valid",
            "session_id",
            "member_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    number: str = Field(primary_key=True)
    session_id: int = Field(foreign_key="sessions.id", index=True)
    member_id: int = Field(foreign_key="members.id", index=True)
    name: str
    made_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

"""The tables of questions to the experts: the question, its story, its earlier wordings, its offers, saved replies."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.db import UtcDateTime, Word
from bot.errors import Outdated


class State(StrEnum):
    """Where a question stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLAIMED = "claimed"
    ANSWERED = "answered"
    CLOSED = "closed"


UNSOLVED = (State.OPEN, State.CLAIMED, State.ANSWERED)


class Side(StrEnum):
    """Who said a part of the story, and to whom: BACK is what a consultant asked the asker."""

    ASKER = "asker"
    CONSULTANT = "consultant"
    BACK = "back"
    NOTE = "note"


class Question(SQLModel, table=True):
    """One question for the experts. `number` is given when it is sent: Q12. `topic` counts the topics made for it.

    While `paused_at` is set the clock of its targets stands still: the asker was asked back. `warned_at`, `overdue_at`,
    `escalated_at` and `apologised_at` say who heard already that a target comes near or has passed.
    """

    __tablename__ = "questions"
    __table_args__ = (
        Index("ix_questions_message", "chat_id", "message_id"),
        Index(
            "ix_questions_merged",
            "merged_into_id",
            sqlite_where=text("merged_into_id IS NOT NULL"),
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: int | None = Field(default=None, unique=True)
    asker_id: int | None = Field(foreign_key="members.id", index=True)
    asked_id: int | None = Field(default=None, unique=True)
    anonymous: bool = False
    text: str = Field(sa_column=Column(Text, nullable=False))
    entities: list[dict[str, Any]] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    language: str
    category: str | None = None
    nearly: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    chat_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    message_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    thread_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    media: str | None = None
    state: State = Field(default=State.DRAFT, sa_type=Word(State), index=True)
    owner_id: int | None = Field(default=None, foreign_key="members.id")
    room_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    topic: int = 0
    has_topic: bool = False
    receipt_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    solved: bool | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    taken_back_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    paused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ack_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    answer_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    warned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    overdue_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    escalated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    apologised_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    merged_into_id: int | None = Field(default=None, foreign_key="questions.id")
    rating: int | None = None
    rating_note: str | None = Field(default=None, sa_column=Column(Text))

    @property
    def label(self) -> str:
        """How people call it: Q12."""
        return f"Q{self.number}"

    def key(self, *parts: object) -> str:
        """A unique name for something owed because of this question."""
        return ":".join(["question", str(self.id), *map(str, parts)])

    @property
    def topic_key(self) -> str | None:
        """The outbox key of its topic's making; None where the room has no topics."""
        return self.key("topic", self.topic) if self.has_topic else None

    @property
    def in_group(self) -> bool:
        """Whether it was asked in a group, where the answer goes as well."""
        return self.chat_id < 0


class Part(SQLModel, table=True):
    """One message of the story; the message itself stays in Telegram at (`chat_id`, `message_id`).

    Messages that were sent as one album carry its number. `undone_at` is set when its author took it back.
    """

    __tablename__ = "question_parts"
    __table_args__ = (UniqueConstraint("chat_id", "message_id"),)

    id: int | None = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key="questions.id", index=True)
    side: Side = Field(sa_type=Word(Side))
    author_id: int | None = Field(default=None, foreign_key="members.id")
    chat_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    message_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    text: str | None = Field(default=None, sa_column=Column(Text))
    entities: list[dict[str, Any]] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    media: str | None = None
    album: str | None = Field(default=None, index=True)
    file_id: str | None = None
    file_name: str | None = None
    file_size: int | None = Field(default=None, sa_column=Column(BigInteger))
    said_at: datetime = Field(sa_type=UtcDateTime)
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Version(SQLModel, table=True):
    """What a message said before it was edited: of a part, or (without `part_id`) of the question itself."""

    __tablename__ = "question_versions"

    id: int | None = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key="questions.id", index=True)
    part_id: int | None = Field(default=None, foreign_key="question_parts.id")
    text: str | None = Field(default=None, sa_column=Column(Text))
    entities: list[dict[str, Any]] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    until: datetime = Field(sa_type=UtcDateTime)


class Outcome(StrEnum):
    """What became of an offer; OPEN while it waits for a word."""

    OPEN = "open"
    TAKEN = "taken"
    PASSED = "passed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Offer(SQLModel, table=True):
    """A question was offered to a consultant, until a moment in that person's working time; one is open at a time."""

    __tablename__ = "question_offers"
    __table_args__ = (
        Index(
            "ix_question_offers_open",
            "question_id",
            unique=True,
            sqlite_where=text("outcome = 'open'"),
            postgresql_where=text("outcome = 'open'"),
        ),
        Index("ix_question_offers_until", "outcome", "until"),
    )

    id: int | None = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key="questions.id", index=True)
    member_id: int = Field(foreign_key="members.id", index=True)
    reasons: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    offered_at: datetime = Field(sa_type=UtcDateTime)
    until: datetime = Field(sa_type=UtcDateTime)
    outcome: Outcome = Field(default=Outcome.OPEN, sa_type=Word(Outcome))
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SavedReply(SQLModel, table=True):
    """Words that consultants use again; `{name}` and `{number}` stand for the asker's name and the question's label."""

    __tablename__ = "saved_replies"

    id: int | None = Field(default=None, primary_key=True)
    title: str
    language: str
    text: str = Field(sa_column=Column(Text, nullable=False))
    entities: list[dict[str, Any]] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    made_by: int | None = Field(default=None, foreign_key="members.id")
    used: int = 0
    created_at: datetime = Field(sa_type=UtcDateTime)


def id_of(question: Question) -> int:
    """The question's id, which every stored question has; raises Outdated otherwise."""
    if question.id is None:
        raise Outdated
    return question.id

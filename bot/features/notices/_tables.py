"""The tables of notices: what is said in which language, to whom, and what came of it for each."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Text
from sqlmodel import Field, SQLModel, UniqueConstraint

from bot.db import UtcDateTime, Word
from bot.features import attention


class State(StrEnum):
    """Where a notice is in its life."""

    DRAFT = "draft"
    ASKED = "asked"
    """Confirmed by its author; it waits for a second organizer."""
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"
    DELETED = "deleted"


class Notice(SQLModel, table=True):
    """A notice. `audience` is an expression as `bot.features.notices` reads it; `buttons` are links or sign-ups.

    `confirmed` is the fingerprint of content and number of recipients that its author agreed to. `revision` rises with
    every correction.
    """

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_state_due_at", "state", "due_at"),)

    id: int | None = Field(default=None, primary_key=True)
    author_id: int | None = Field(default=None, foreign_key="members.id", index=True)
    kind: attention.Kind = Field(default=attention.Kind.NOTICES, sa_type=Word(attention.Kind))
    state: State = Field(default=State.DRAFT, sa_type=Word(State))
    audience: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    buttons: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    fallback: str = "zh_Hans"
    urgent: bool = False
    pin: bool = False
    confirmed: str | None = None
    confirmed_by: int | None = Field(default=None, foreign_key="members.id")
    approved_by: int | None = Field(default=None, foreign_key="members.id")
    recipients: int | None = None
    revision: int = 0
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    shown_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When its progress was shown last."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class NoticeText(SQLModel, table=True):
    """What a notice says in one language: HTML, and what comes along (a photo, a document, a video, an album, a poll)."""

    __tablename__ = "notice_texts"

    notice_id: int = Field(foreign_key="notices.id", primary_key=True)
    language: str = Field(primary_key=True)
    html: str = Field(default="", sa_column=Column(Text, nullable=False))
    media: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    poll: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))


class NoticeRecipient(SQLModel, table=True):
    """Somebody (or a group, which has no `member_id`) to whom a notice goes.

    `outcome` stays None while it is on its way: the outbox's row under the key `notice:<id>:<chat id>` says how far it is.
    """

    __tablename__ = "notice_recipients"
    __table_args__ = (
        UniqueConstraint("notice_id", "chat_id"),
        Index("ix_notice_recipients_open", "notice_id", "outcome"),
    )

    id: int | None = Field(default=None, primary_key=True)
    notice_id: int = Field(foreign_key="notices.id")
    member_id: int | None = Field(default=None, foreign_key="members.id", index=True)
    chat_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    language: str
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str | None = None
    error: str | None = None
    message_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class NoticeSignup(SQLModel, table=True):
    """Somebody tapped a notice's button "sign me up"."""

    __tablename__ = "notice_signups"

    notice_id: int = Field(foreign_key="notices.id", primary_key=True)
    member_id: int = Field(foreign_key="members.id", primary_key=True, index=True)
    button: int = Field(default=0, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)

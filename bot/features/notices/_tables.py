"""The tables of notices: what is said in which language, to whom, and what came of it for each."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, String, Text
from sqlmodel import Field, SQLModel, UniqueConstraint

from bot.db import UtcDateTime, Word
from bot.features import attention
from bot.i18n import Language


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
    """It went out, and was taken back from those who had got it."""
    DISCARDED = "discarded"
    """A draft that was thrown away; its number is not given to another one."""


class Outcome(StrEnum):
    """What became of a notice for one recipient; None while they wait for it."""

    QUEUED = "queued"
    """It is in the outbox; what becomes of it there is not known yet."""
    SENT = "sent"
    UNCERTAIN = "uncertain"
    """It may not have arrived, or have arrived twice: the receipt was lost."""
    UNREACHABLE = "unreachable"
    FAILED = "failed"
    MUTED = "muted"
    FULL = "full"
    """They have had as many messages this week as they want."""


class Change(StrEnum):
    """What became of a correction or of taking it back, for a copy that was sent."""

    EDITING = "editing"
    EDITED = "edited"
    UNEDITED = "unedited"
    DELETING = "deleting"
    DELETED = "deleted"
    UNDELETED = "undeleted"


class Notice(SQLModel, table=True):
    """A notice. `audience` is an expression as `_audience` reads it; `buttons` are links or sign-ups.

    A button is `{"kind": "link" | "signup", "url": …, "labels": {language: label}}`. `tested` is the fingerprint of the
    content that arrived in a test, `testing` the one of a test that is on its way, with the test's number behind a dot.
    `confirmed` is the fingerprint of content and number of recipients that its author agreed to; `note` is why another
    organizer sent it back. `revision` rises with every correction.
    """

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_state_due_at", "state", "due_at"),)

    id: int | None = Field(default=None, primary_key=True)
    author_id: int | None = Field(default=None, foreign_key="members.id", index=True)
    kind: attention.Kind = Field(default=attention.Kind.NOTICES, sa_type=Word(attention.Kind))
    state: State = Field(default=State.DRAFT, sa_type=Word(State))
    audience: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    buttons: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    fallback: Language = Field(default="zh_Hans", sa_type=String)
    urgent: bool = False
    pin: bool = False
    tested: str | None = None
    testing: str | None = None
    confirmed: str | None = None
    confirmed_by: int | None = Field(default=None, foreign_key="members.id")
    approved_by: int | None = Field(default=None, foreign_key="members.id")
    note: str | None = None
    recipients: int | None = None
    revision: int = 0
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    shown_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When its progress was shown last, and `shown` is what was shown then: the numbers in short."""
    shown: str | None = None
    runs: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How often it began to go out: again after a stop, or to those whom it failed to reach."""
    listed_to: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Up to which member's id its recipients are listed."""
    listed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reported_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    past: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}"))
    """Recipients whose rows are gone (they left, or it is long ago), by outcome."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class NoticeText(SQLModel, table=True):
    """What a notice says in one language: HTML, and what comes along (a photo, a document, a video, an album, a poll).

    `media` are `{"kind", "file_id", "html"}` in order, where `html` is the caption of an album's further part. `poll` has
    the fields of `sendPoll`. `album` is Telegram's number of the album whose parts still come in. `earlier` is what stood
    here before, with the id of whoever wrote it, so that two who write at once lose nothing.
    """

    __tablename__ = "notice_texts"

    notice_id: int = Field(foreign_key="notices.id", primary_key=True)
    language: Language = Field(primary_key=True, sa_type=String)
    html: str = Field(default="", sa_column=Column(Text, nullable=False))
    media: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    poll: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    revision: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """The notice's revision when these words changed last after it had begun to go out."""
    album: str | None = Field(default=None, index=True)
    earlier: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    changed_by: int | None = Field(default=None, foreign_key="members.id")
    changed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class NoticeRecipient(SQLModel, table=True):
    """Somebody (or a group, which has no `member_id`) to whom a notice goes.

    Until it goes out `due_at` is the earliest moment for it (the end of quiet hours), afterwards the moment when it was let
    go. `promise` is the key of its first row in the outbox, `notice:<id>:<chat id>`. `messages` are Telegram's ids of all
    its messages; the words are in `message_id`. `revision` is the one of what they have.
    """

    __tablename__ = "notice_recipients"
    __table_args__ = (
        UniqueConstraint("notice_id", "chat_id"),
        Index("ix_notice_recipients_open", "notice_id", "outcome", "due_at"),
        Index("ix_notice_recipients_change", "notice_id", "change"),
    )

    id: int | None = Field(default=None, primary_key=True)
    notice_id: int = Field(foreign_key="notices.id")
    member_id: int | None = Field(default=None, foreign_key="members.id", index=True)
    chat_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    language: str
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: Outcome | None = Field(default=None, sa_type=Word(Outcome))
    error: str | None = None
    promise: str | None = None
    message_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    messages: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]"))
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revision: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    change: Change | None = Field(default=None, sa_type=Word(Change))


class NoticeSignup(SQLModel, table=True):
    """Somebody tapped a notice's button "sign me up"."""

    __tablename__ = "notice_signups"

    notice_id: int = Field(foreign_key="notices.id", primary_key=True)
    member_id: int = Field(foreign_key="members.id", primary_key=True, index=True)
    button: int = Field(default=0, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)

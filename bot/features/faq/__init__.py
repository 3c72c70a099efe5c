"""FAQ: what was asked, what the bot knew, and whether it helped."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Text, update
from sqlmodel import Field, Session, SQLModel, col

from bot.db import UtcDateTime
from bot.errors import Outdated, TextMissing, TextTooLong
from bot.features.people import Member
from bot.search import Match

TEXT_LIMIT = 3500
"""Longest question that is taken, in characters; with its frame it still fits one Telegram message."""

TEXT_KEPT = timedelta(days=30)


class Asked(SQLModel, table=True):
    """One question to the FAQ, what the matcher made of it, and the asker's verdict."""

    __tablename__ = "asked"

    id: int | None = Field(default=None, primary_key=True)
    member_id: int | None = Field(default=None, foreign_key="members.id", index=True)
    chat_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    message_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    thread_id: int | None = Field(default=None, sa_column=Column(BigInteger))
    text: str | None = Field(default=None, sa_column=Column(Text))
    entities: list[dict[str, Any]] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    media: str | None = None
    language: str
    decision: str
    hits: list[list[Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    shown: str | None = None
    helpful: bool | None = None
    asked_at: datetime = Field(sa_type=UtcDateTime, index=True)

    @property
    def entries(self) -> list[str]:
        """Ids of the entries that came near, best first."""
        return [str(entry) for entry, _score in self.hits]


def checked(text: str) -> str:
    """The question as it is taken; raises TextMissing or TextTooLong."""
    text = text.strip()
    if not text:
        raise TextMissing
    if len(text) > TEXT_LIMIT:
        raise TextTooLong(TEXT_LIMIT, len(text))
    return text


def record(
    db: Session,
    *,
    asker: Member,
    text: str,
    match: Match,
    chat_id: int,
    message_id: int,
    now: datetime,
    thread_id: int | None = None,
    entities: list[dict[str, Any]] | None = None,
    media: str | None = None,
) -> Asked:
    """Keep one question with what the matcher decided."""
    asked = Asked(
        member_id=asker.id,
        chat_id=chat_id,
        message_id=message_id,
        thread_id=thread_id,
        text=text,
        entities=entities,
        media=media,
        language=match.lang,
        decision=match.decision,
        hits=[[hit.id, round(hit.score, 4)] for hit in match.hits],
        shown=match.hits[0].id if match.decision in ("answer", "urgent") and match.hits else None,
        asked_at=now,
    )
    db.add(asked)
    db.flush()
    return asked


def recall(db: Session, asked_id: int) -> Asked:
    """The question behind a button; raises Outdated when it is no longer kept."""
    asked = db.get(Asked, asked_id)
    if asked is None:
        raise Outdated
    return asked


def choose(asked: Asked, entry_id: str) -> None:
    """The asker picked an entry among the suggestions."""
    asked.shown, asked.helpful = entry_id, None


def prune(db: Session, *, now: datetime) -> None:
    """Forget the words of questions after thirty days; the counts stay."""
    db.execute(
        update(Asked).where(col(Asked.asked_at) < now - TEXT_KEPT).values(text=None, entities=None, member_id=None)
    )


def forget(db: Session, member: Member) -> None:
    """Delete what the person asked."""
    db.execute(update(Asked).where(col(Asked.member_id) == member.id).values(text=None, entities=None, member_id=None))

"""FAQ: what was asked, what the bot knew, and whether it helped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Text, and_, delete, func, update
from sqlmodel import Field, Session, SQLModel, col, select

from bot import screening
from bot.db import UtcDateTime
from bot.errors import Outdated, TextMissing, TextTooLong
from bot.features.faq._attachments import Attachment, asked_with, attach, attachments, detach
from bot.features.people import Member
from bot.search import BankLine, Match

TEXT_LIMIT = 3500
"""Longest question that is taken, in characters; with its frame it still fits one Telegram message."""

TEXT_KEPT = timedelta(days=30)
BREATH = timedelta(seconds=15)
"""Messages of one person within this time are one thought."""

BANK_SHORTEST = 6
BANK_LARGEST = 2000

_IDENTIFYING = (
    re.compile(r"\S+@\S+\.\S+|https?://\S+|@\w+"),
    re.compile(r"[\dXx][\d\s-]{2,}[\dXx]"),
    re.compile("▇+"),
)


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


def recall(db: Session, asked_id: int, *, chat_id: int) -> Asked:
    """The question behind a button of this chat; raises Outdated when it is not kept, or was asked elsewhere."""
    asked = db.get(Asked, asked_id)
    if asked is None or asked.chat_id != chat_id:
        raise Outdated
    return asked


def burst(db: Session, asked: Asked) -> list[Asked]:
    """What the same person wrote in the same breath, before or after, and did not get an answer to; oldest first."""
    nearby = select(Asked).where(
        Asked.member_id == asked.member_id,
        Asked.chat_id == asked.chat_id,
        Asked.message_id != asked.message_id,
        Asked.asked_at >= asked.asked_at - BREATH,
        Asked.asked_at <= asked.asked_at + BREATH,
        col(Asked.decision).in_(("expert", "suggest")),
        col(Asked.helpful).is_not(True),
    )
    return list(db.exec(nearby.order_by(col(Asked.message_id))))


def set_aside(asked: Asked) -> None:
    """The words belong to a question that the experts have: no question to the FAQ any more."""
    asked.decision, asked.shown = "added", None


def take_back(db: Session, asked_id: int | None, text: str, language: str) -> None:
    """Forget the words of a question, also what the matcher learnt of it."""
    asked = db.get(Asked, asked_id) if asked_id is not None else None
    if asked is not None:
        asked.text, asked.entities = None, None
    words = screened(text)[:300]
    learnt = select(BankRow).where(BankRow.text == words, BankRow.language == language)
    if (row := db.exec(learnt.order_by(col(BankRow.id).desc())).first()) is not None:
        db.delete(row)


def reword(db: Session, asked_id: int | None, *, text: str, entities: list[dict[str, Any]] | None) -> None:
    """The asker masked or rewrote their question: what it said before is not kept."""
    db.execute(update(Asked).where(col(Asked.id) == asked_id).values(text=text, entities=entities))


def reword_at(
    db: Session, *, chat_id: int, message_id: int, member: Member, text: str, entities: list[dict[str, Any]] | None
) -> Asked | None:
    """The asker edited what they had asked: the newest words count from here on; None when nothing was asked there."""
    asked = db.exec(
        select(Asked)
        .where(Asked.member_id == member.id, Asked.chat_id == chat_id, Asked.message_id == message_id)
        .order_by(col(Asked.id).desc())
        .limit(1)
    ).one_or_none()
    if asked is not None:
        asked.text, asked.entities = text, entities
    return asked


def last_shown(db: Session, member: Member, *, chat_id: int) -> Asked | None:
    """The newest question of a member in a chat that has an answer shown; None when there is none."""
    mine = (Asked.member_id == member.id, Asked.chat_id == chat_id, col(Asked.shown).is_not(None))
    return db.exec(select(Asked).where(*mine).order_by(col(Asked.id).desc()).limit(1)).first()


def choose(asked: Asked, entry_id: str) -> None:
    """The asker picked an entry among the suggestions."""
    asked.shown, asked.helpful = entry_id, None


@dataclass(frozen=True)
class Summary:
    """What was asked since some day: counts, what was shown most, and examples that found no answer."""

    asked: int
    by_decision: dict[str, int]
    helpful: int
    not_quite: int
    most_shown: list[tuple[str, int]]
    unanswered: list[str]


def summary(db: Session, *, since: datetime, until: datetime) -> Summary:
    """Look back on what was asked from `since` on and before `until`."""
    recent = and_(col(Asked.asked_at) >= since, col(Asked.asked_at) < until)
    decided = dict(db.execute(select(Asked.decision, func.count()).where(recent).group_by(col(Asked.decision))).all())
    judged = dict(db.execute(select(Asked.helpful, func.count()).where(recent).group_by(col(Asked.helpful))).all())
    shown = db.execute(
        select(Asked.shown, func.count())
        .where(recent, col(Asked.shown).is_not(None))
        .group_by(col(Asked.shown))
        .order_by(func.count().desc())
        .limit(5)
    ).all()
    unanswered = db.execute(
        select(Asked.text)
        .where(recent, Asked.decision == "expert", col(Asked.text).is_not(None), col(Asked.text) != "")
        .order_by(col(Asked.id).desc())
        .limit(5)
    ).scalars()
    return Summary(
        sum(decided.values()),
        decided,
        judged.get(True, 0),
        judged.get(False, 0),
        [tuple(row) for row in shown],
        [screening.masked(str(text)) for text in unanswered],
    )


class BankRow(SQLModel, table=True):
    """A question that went to the experts, without what could identify anybody: it keeps the matcher silent."""

    __tablename__ = "faq_bank"

    id: int | None = Field(default=None, primary_key=True)
    text: str = Field(sa_column=Column(Text, nullable=False))
    language: str
    added_at: datetime = Field(sa_type=UtcDateTime)


def remember_for_experts(db: Session, text: str, language: str, *, now: datetime) -> None:
    """Teach the matcher that a question like this belongs to the experts; what identifies people is taken out first."""
    words = screened(text)
    if len(words) >= BANK_SHORTEST:
        db.add(BankRow(text=words[:300], language=language, added_at=now))


def forget_for_experts(db: Session, text: str) -> None:
    """A question like this has an entry now: it no longer keeps the matcher silent."""
    db.execute(delete(BankRow).where(col(BankRow.text) == screened(text)[:300]))


def bank(db: Session) -> list[BankLine]:
    """What the experts were asked, newest first, as the matcher learns from it."""
    rows = db.exec(select(BankRow).order_by(col(BankRow.id).desc()).limit(BANK_LARGEST))
    return [BankLine(row.text, "en" if row.language == "en" else "zh_Hans", "expert", None) for row in rows]


def newest_in_bank(db: Session) -> int:
    """A number that grows with the bank."""
    return db.exec(select(func.max(BankRow.id))).one() or 0


def screened(text: str) -> str:
    """The words without what can identify a patient, and without links, mentions and numbers of four digits or more."""
    text = screening.masked(text)
    for pattern in _IDENTIFYING:
        text = pattern.sub("…", text)
    return " ".join(text.split())


def prune(db: Session, *, now: datetime) -> None:
    """Forget the words of questions after thirty days, and what came with them; the counts stay."""
    detach(db, select(Asked.id).where(col(Asked.asked_at) < now - TEXT_KEPT))
    db.execute(
        update(Asked).where(col(Asked.asked_at) < now - TEXT_KEPT).values(text=None, entities=None, member_id=None)
    )


def forget(db: Session, member: Member) -> None:
    """Delete what the person asked."""
    detach(db, select(Asked.id).where(Asked.member_id == member.id))
    db.execute(update(Asked).where(col(Asked.member_id) == member.id).values(text=None, entities=None, member_id=None))


__all__ = [
    "BANK_LARGEST",
    "BANK_SHORTEST",
    "TEXT_KEPT",
    "TEXT_LIMIT",
    "Asked",
    "Attachment",
    "BankRow",
    "Summary",
    "asked_with",
    "attach",
    "attachments",
    "bank",
    "checked",
    "choose",
    "forget",
    "newest_in_bank",
    "prune",
    "recall",
    "record",
    "remember_for_experts",
    "reword",
    "reword_at",
    "screened",
    "summary",
]

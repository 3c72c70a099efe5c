"""Questions to the experts: from the asker to the consultants' room, and the answer home.

draft → open → claimed → answered → closed. A question has one topic in the room; everything that either side says about
it is kept in order as its story, so that a topic that was deleted by hand can be told again.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Text, UniqueConstraint, delete, func, update
from sqlmodel import Field, Session, SQLModel, col, select

from bot.db import UtcDateTime, Word
from bot.errors import AlreadyClaimed, NotYours, Outdated, QuestionClosed, TooManyOpen
from bot.features.people import Member, Role

OPEN_LIMIT = {Role.GUEST: 2}
OPEN_LIMIT_OF_MEMBERS = 10


class State(StrEnum):
    """Where a question stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLAIMED = "claimed"
    ANSWERED = "answered"
    CLOSED = "closed"


UNSOLVED = (State.OPEN, State.CLAIMED, State.ANSWERED)


class Side(StrEnum):
    """Who said a part of the story."""

    ASKER = "asker"
    CONSULTANT = "consultant"
    NOTE = "note"


class Question(SQLModel, table=True):
    """One question for the experts. `number` is given when it is sent: Q12. `topic` counts the topics made for it."""

    __tablename__ = "questions"

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
    """One message of the story; the message itself stays in Telegram at (`chat_id`, `message_id`)."""

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
    said_at: datetime = Field(sa_type=UtcDateTime)


def draft(
    db: Session,
    *,
    asker: Member,
    asked_id: int,
    text: str,
    entities: list[dict[str, Any]] | None,
    language: str,
    category: str | None,
    nearly: list[str],
    chat_id: int,
    message_id: int,
    thread_id: int | None,
    media: str | None,
    now: datetime,
) -> Question:
    """Prepare a question to be looked at before it is sent; asking twice from one answer gives the same draft."""
    existing = db.exec(select(Question).where(Question.asked_id == asked_id)).one_or_none()
    if existing is not None:
        return existing
    question = Question(
        asker_id=asker.id,
        asked_id=asked_id,
        text=text,
        entities=entities,
        language=language,
        category=category,
        nearly=nearly,
        chat_id=chat_id,
        message_id=message_id,
        thread_id=thread_id,
        media=media,
        created_at=now,
    )
    db.add(question)
    db.flush()
    return question


def get(db: Session, question_id: int) -> Question:
    """The question with this id, locked for this transaction; raises Outdated when there is none."""
    question = db.exec(select(Question).where(Question.id == question_id).with_for_update()).one_or_none()
    if question is None:
        raise Outdated
    return question


def require_asker(db: Session, question: Question, member: Member) -> None:
    """Raise NotYours unless the member asked this question."""
    if question.asker_id != member.id:
        asker = None if question.anonymous else asker_of(db, question)
        raise NotYours(asker.shown_name if asker else "")


def asker_of(db: Session, question: Question) -> Member | None:
    """Who asked; None when they had themselves forgotten."""
    return db.get(Member, question.asker_id) if question.asker_id is not None else None


def send(db: Session, question: Question, *, anonymous: bool, now: datetime) -> bool:
    """Pass a draft on and give it its number; False when it was passed on already. Raises TooManyOpen."""
    if question.state is not State.DRAFT:
        return False
    asker = asker_of(db, question)
    limit = OPEN_LIMIT.get(asker.role if asker else Role.GUEST, OPEN_LIMIT_OF_MEMBERS)
    if len(unsolved_of(db, question.asker_id)) >= limit:
        raise TooManyOpen(limit)
    newest = db.exec(select(func.max(Question.number))).one()
    question.number = (newest or 0) + 1
    question.anonymous, question.state, question.sent_at = anonymous, State.OPEN, now
    db.flush()
    return True


def place(question: Question, *, room_id: int, has_topic: bool) -> None:
    """The question goes to a room, into a new topic where the room has topics."""
    question.room_id, question.has_topic = room_id, has_topic
    question.topic += 1


def waiting_for_a_room(db: Session) -> list[Question]:
    """Questions that were sent while there was no room to take them, oldest first."""
    return list(
        db.exec(
            select(Question)
            .where(col(Question.state).in_(UNSOLVED), col(Question.room_id).is_(None))
            .order_by(col(Question.number))
        )
    )


def discard(db: Session, question: Question) -> bool:
    """Throw a draft away; False when it was passed on already."""
    if question.state is not State.DRAFT:
        return False
    db.delete(question)
    return True


def claim(db: Session, question: Question, consultant: Member, *, now: datetime) -> bool:
    """Make the consultant its owner; False when they are. Raises AlreadyClaimed or QuestionClosed."""
    _require_open(question)
    if question.owner_id == consultant.id:
        return False
    if question.owner_id is not None:
        owner = db.get(Member, question.owner_id)
        raise AlreadyClaimed(owner.shown_name if owner else "")
    question.owner_id, question.claimed_at = consultant.id, now
    if question.state is State.OPEN:
        question.state = State.CLAIMED
    return True


def release(question: Question, consultant: Member) -> None:
    """Give a question back to the room; only its owner or an organizer may. Raises NotYours or QuestionClosed."""
    _require_open(question)
    if question.owner_id != consultant.id and not consultant.role.reaches(Role.ORGANIZER):
        raise NotYours("")
    question.owner_id, question.claimed_at = None, None
    question.state = State.ANSWERED if question.answered_at else State.OPEN


def answered(question: Question, consultant: Member, *, now: datetime) -> bool:
    """An answer is on its way; it claims what nobody had claimed. True for the first answer."""
    _require_open(question)
    first = question.answered_at is None
    if question.owner_id is None:
        question.owner_id, question.claimed_at = consultant.id, now
    question.state, question.answered_at = State.ANSWERED, now
    return first


def close(question: Question, *, solved: bool, now: datetime) -> bool:
    """End a question; False when it had ended."""
    if question.state is State.CLOSED:
        question.solved = question.solved or solved
        return False
    if question.state is State.DRAFT:
        raise Outdated
    question.state, question.closed_at, question.solved = State.CLOSED, now, solved
    return True


def reopen(question: Question) -> bool:
    """The asker still has a question; False when it was open anyway."""
    if question.state is not State.CLOSED:
        return False
    question.closed_at, question.solved = None, None
    question.state = State.CLAIMED if question.owner_id is not None else State.OPEN
    return True


def tell(
    db: Session,
    question: Question,
    *,
    side: Side,
    author: Member,
    chat_id: int,
    message_id: int,
    now: datetime,
    text: str | None,
    entities: list[dict[str, Any]] | None = None,
    media: str | None = None,
) -> Part | None:
    """Add a message to the story; None when it is there already."""
    known = db.exec(select(Part).where(Part.chat_id == chat_id, Part.message_id == message_id)).one_or_none()
    if known is not None:
        return None
    part = Part(
        question_id=_id(question),
        side=side,
        author_id=author.id,
        chat_id=chat_id,
        message_id=message_id,
        text=text,
        entities=entities,
        media=media,
        said_at=now,
    )
    db.add(part)
    db.flush()
    return part


def story(db: Session, question: Question) -> list[Part]:
    """What was said about a question, oldest first."""
    return list(db.exec(select(Part).where(Part.question_id == question.id).order_by(col(Part.id))))


def unsolved_of(db: Session, asker_id: int | None) -> list[Question]:
    """A person's questions that have been sent and not ended, oldest first."""
    return list(
        db.exec(
            select(Question)
            .where(Question.asker_id == asker_id, col(Question.state).in_(UNSOLVED))
            .order_by(col(Question.number))
        )
    )


def of_asker(db: Session, asker: Member, limit: int = 10) -> list[Question]:
    """A person's newest questions that were sent."""
    return list(
        db.exec(
            select(Question)
            .where(Question.asker_id == asker.id, col(Question.number).is_not(None))
            .order_by(col(Question.number).desc())
            .limit(limit)
        )
    )


def queue(db: Session, limit: int = 20) -> list[Question]:
    """Open questions, unclaimed first, then oldest first."""
    return list(
        db.exec(
            select(Question)
            .where(col(Question.state).in_(UNSOLVED))
            .order_by(col(Question.answered_at).is_not(None), col(Question.owner_id).is_not(None), col(Question.number))
            .limit(limit)
        )
    )




def move_chat(db: Session, old: int, new: int) -> None:
    """A group became a supergroup: its questions go with it."""
    db.execute(update(Question).where(col(Question.chat_id) == old).values(chat_id=new))
    db.execute(update(Question).where(col(Question.room_id) == old).values(room_id=new))


def forget(db: Session, member: Member) -> None:
    """Take the person out of their questions: drafts go, sent ones stay with the room without name or words."""
    db.execute(delete(Question).where(col(Question.asker_id) == member.id, col(Question.state) == State.DRAFT))
    mine = select(Question.id).where(Question.asker_id == member.id)
    db.execute(
        update(Part)
        .where(col(Part.question_id).in_(mine), col(Part.side) == Side.ASKER)
        .values(text=None, entities=None)
    )
    db.execute(update(Part).where(col(Part.author_id) == member.id).values(author_id=None))
    db.execute(
        update(Question)
        .where(col(Question.asker_id) == member.id)
        .values(asker_id=None, anonymous=True, text="", entities=None)
    )
    db.execute(update(Question).where(col(Question.owner_id) == member.id).values(owner_id=None))


def _require_open(question: Question) -> None:
    if question.state is State.CLOSED:
        raise QuestionClosed(question.number or 0)
    if question.state is State.DRAFT:
        raise Outdated


def _id(question: Question) -> int:
    if question.id is None:
        raise Outdated
    return question.id

"""A question's life: draft → open → claimed → answered → closed, and what stops its clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from bot.errors import AlreadyClaimed, NotOwner, NotYours, Outdated, QuestionClosed, QuestionMerged, TooManyOpen
from bot.features.people import Member, Role
from bot.features.questions._family import keep_together, leading
from bot.features.questions._looking import unsolved_of
from bot.features.questions._tables import Part, Question, State, Version

OPEN_LIMIT = {Role.GUEST: 2}
OPEN_LIMIT_OF_MEMBERS = 10


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
    """Raise NotYours unless the member asked this question; who did is not told, since buttons can be forged."""
    if question.asker_id != member.id:
        raise NotYours("")


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


def reword(
    question: Question,
    *,
    text: str,
    entities: list[dict[str, Any]] | None,
    message_id: int | None = None,
    media: str | None = None,
) -> bool:
    """Put other words, perhaps of another message, in place of a draft's; False when it was passed on already.

    What was attached stays, with its message, unless the other message has something attached as well.
    """
    if question.state is not State.DRAFT:
        return False
    question.text, question.entities = text, entities
    if message_id is not None and (media is not None or question.media is None):
        question.message_id, question.media = message_id, media
    return True


def place(question: Question, *, room_id: int, has_topic: bool) -> None:
    """The question goes to a room, into a new topic where the room has topics."""
    question.room_id, question.has_topic = room_id, has_topic
    question.topic += 1


def discard(db: Session, question: Question) -> bool:
    """Throw a draft away with all that belongs to it; False when it was passed on already."""
    if question.state is not State.DRAFT:
        return False
    db.execute(delete(Version).where(col(Version.question_id) == question.id))
    db.execute(delete(Part).where(col(Part.question_id) == question.id))
    db.delete(question)
    return True


def claim(db: Session, question: Question, consultant: Member, *, now: datetime) -> bool:
    """Make the consultant its owner; False when they are. Raises AlreadyClaimed, QuestionMerged or QuestionClosed."""
    require_open(db, question)
    if question.owner_id == consultant.id:
        return False
    if question.owner_id is not None:
        raise AlreadyClaimed(_owner_name(db, question))
    _give_to(db, question, consultant, now)
    return True


def hand_over(db: Session, question: Question, consultant: Member, *, now: datetime) -> Member | None:
    """Make the consultant its owner, whoever had it; returns who had. Raises QuestionMerged or QuestionClosed."""
    require_open(db, question)
    before = db.get(Member, question.owner_id) if question.owner_id is not None else None
    _give_to(db, question, consultant, now)
    return before


def commit_to(question: Question, *, ack_due_at: datetime | None, answer_due_at: datetime | None) -> None:
    """New moments by which it is to be taken and answered; who was warned of the old ones is warned of these again."""
    if question.ack_due_at != ack_due_at or question.answer_due_at != answer_due_at:
        question.warned_at = question.overdue_at = question.escalated_at = None
    question.ack_due_at, question.answer_due_at = ack_due_at, answer_due_at


def release(db: Session, question: Question, consultant: Member) -> None:
    """Give a question back to the room. Raises NotOwner, QuestionMerged or QuestionClosed."""
    require_open(db, question)
    require_owner(db, question, consultant)
    question.owner_id, question.claimed_at = None, None
    question.state = State.ANSWERED if question.answered_at else State.OPEN
    keep_together(db, question)


def transfer(db: Session, question: Question, to: Member, *, by: Member, now: datetime) -> bool:
    """Hand a question to another consultant; False when they have it. Raises NotOwner, QuestionMerged or QuestionClosed."""
    require_open(db, question)
    if question.owner_id == to.id:
        return False
    require_owner(db, question, by)
    if not to.role.reaches(Role.CONSULTANT):
        raise Outdated
    _give_to(db, question, to, now)
    return True


def _give_to(db: Session, question: Question, consultant: Member, now: datetime) -> None:
    question.owner_id, question.claimed_at = consultant.id, now
    if question.state is State.OPEN:
        question.state = State.CLAIMED
    keep_together(db, question)


def answered(db: Session, question: Question, consultant: Member, *, now: datetime) -> bool:
    """An answer is on its way; it claims what nobody had claimed. True for the first answer."""
    require_open(db, question)
    first = question.answered_at is None
    if question.owner_id is None:
        question.owner_id, question.claimed_at = consultant.id, now
    question.state, question.answered_at = State.ANSWERED, now
    keep_together(db, question)
    return first


def asked_back(db: Session, question: Question, consultant: Member, *, now: datetime) -> None:
    """The asker is asked something back; that claims what nobody had claimed. Raises as `release` does."""
    require_open(db, question)
    require_owner(db, question, consultant)
    if question.owner_id is None:
        _give_to(db, question, consultant, now)


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
    """The asker still has a question; False when it was open anyway, or was taken back for good."""
    if question.state is not State.CLOSED or question.taken_back_at is not None:
        return False
    question.closed_at, question.solved = None, None
    question.state = State.CLAIMED if question.owner_id is not None else State.OPEN
    return True


def pause(question: Question, *, now: datetime) -> bool:
    """The asker was asked back: the clock of the targets stands still; False when it did already."""
    if question.paused_at is not None:
        return False
    question.paused_at = now
    return True


def resume(question: Question, *, ack_due_at: datetime | None, answer_due_at: datetime | None) -> bool:
    """The clock goes on towards new moments; False when it was not standing still."""
    if question.paused_at is None:
        return False
    question.paused_at = None
    question.ack_due_at, question.answer_due_at = ack_due_at, answer_due_at
    return True


def require_open(db: Session, question: Question) -> None:
    """Raise QuestionMerged, QuestionClosed or Outdated unless the experts work on this question."""
    if question.state is State.DRAFT:
        raise Outdated
    require_leading(db, question)
    if question.state is State.CLOSED:
        raise QuestionClosed(question.number or 0)


def require_leading(db: Session, question: Question) -> None:
    """Raise QuestionMerged when the experts work on the question that this one was merged into."""
    if question.merged_into_id is not None:
        raise QuestionMerged(question.number or 0, leading(db, question).number or 0)


def require_owner(db: Session, question: Question, consultant: Member) -> None:
    """Raise NotOwner when somebody else has it, unless an organizer steps in; what nobody has is everybody's."""
    if question.owner_id not in (None, consultant.id) and not consultant.role.reaches(Role.ORGANIZER):
        raise NotOwner(_owner_name(db, question))


def _owner_name(db: Session, question: Question) -> str:
    owner = db.get(Member, question.owner_id) if question.owner_id is not None else None
    return owner.shown_name if owner else ""

"""Questions looked up: a person's own, the open ones, those that are late, those that wait for a room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, or_
from sqlmodel import Session, col, select

from bot.features.people import Member
from bot.features.questions._tables import UNSOLVED, Offer, Outcome, Part, Question, Side, State

_TO_ANSWER = (State.OPEN, State.CLAIMED)


def unsolved_of(db: Session, asker_id: int | None) -> list[Question]:
    """A person's questions that have been sent and not ended, oldest first."""
    return list(
        db.exec(
            select(Question)
            .where(Question.asker_id == asker_id, col(Question.state).in_(UNSOLVED))
            .order_by(col(Question.number))
        )
    )


def of_asker(db: Session, asker: Member, limit: int = 10, offset: int = 0) -> list[Question]:
    """A person's newest questions that were sent."""
    return list(
        db.exec(
            select(Question)
            .where(Question.asker_id == asker.id, col(Question.number).is_not(None))
            .order_by(col(Question.number).desc())
            .limit(limit)
            .offset(offset)
        )
    )


def subjects_of(db: Session, asker: Member) -> set[str]:
    """The categories of what somebody has asked the experts."""
    mine = select(Question.category).where(Question.asker_id == asker.id, col(Question.number).is_not(None)).distinct()
    return {category for category in db.exec(mine) if category is not None}


def late(now: datetime) -> Any:
    """The condition that a target has passed: to be taken for what nobody has, otherwise to be answered."""
    return and_(
        col(Question.state).in_(_TO_ANSWER),
        col(Question.merged_into_id).is_(None),
        col(Question.paused_at).is_(None),
        or_(
            col(Question.answer_due_at) < now,
            and_(col(Question.owner_id).is_(None), col(Question.ack_due_at) < now),
        ),
    )


def count_of_asker(db: Session, asker: Member) -> int:
    """How many questions a person has sent."""
    counted = select(func.count()).where(Question.asker_id == asker.id, col(Question.number).is_not(None))
    return db.exec(counted).one()


def of_message(db: Session, asker: Member, chat_id: int, message_id: int) -> tuple[Question, Part | None] | None:
    """The asker's question that a message of theirs began, or (with the part) continued."""
    question = db.exec(
        select(Question)
        .where(Question.asker_id == asker.id, Question.chat_id == chat_id, Question.message_id == message_id)
        .order_by(col(Question.id).desc())
    ).first()
    if question is not None:
        return question, None
    part = db.exec(select(Part).where(Part.chat_id == chat_id, Part.message_id == message_id)).one_or_none()
    continued = db.get(Question, part.question_id) if part is not None else None
    return (continued, part) if continued is not None and continued.asker_id == asker.id else None


def draft_of(db: Session, asker: Member, question_id: int) -> Question | None:
    """The asker's draft with this id; None when it is gone, or sent, or somebody else's."""
    question = db.get(Question, question_id)
    return question if question and question.asker_id == asker.id and question.state is State.DRAFT else None


def with_same_words(db: Session, asker: Member, text: str, *, since: datetime) -> Question | None:
    """The asker's newest question with exactly these words that was begun after `since` and has not ended."""
    same = select(Question).where(
        Question.asker_id == asker.id,
        Question.text == text,
        Question.text != "",
        Question.created_at >= since,
        Question.state != State.CLOSED,
    )
    return db.exec(same.order_by(col(Question.id).desc())).first()


def of_unreachable(db: Session) -> list[Question]:
    """Open questions in the room, asked in private by people whom the bot cannot write to now, oldest first."""
    return list(db.exec(_OF_UNREACHABLE))


_OF_UNREACHABLE = (  # asked at each tick: put together once
    select(Question)
    .join(Member, col(Member.id) == col(Question.asker_id))
    .where(col(Member.unreachable_at).is_not(None), col(Question.state).in_(UNSOLVED))
    .where(col(Question.room_id).is_not(None), Question.chat_id > 0)
    .order_by(col(Question.number))
)


def queue(db: Session, *, now: datetime, limit: int = 8, offset: int = 0) -> list[Question]:
    """Open questions: the late ones first, then those that nobody has, then by age; the answered ones last; no merged ones."""
    return list(
        db.exec(
            select(Question)
            .where(col(Question.state).in_(UNSOLVED), col(Question.merged_into_id).is_(None))
            .order_by(
                func.coalesce(late(now), False).desc(),
                col(Question.state) == State.ANSWERED,
                col(Question.owner_id).is_not(None),
                col(Question.number),
            )
            .limit(limit)
            .offset(offset)
        )
    )


def count_open(db: Session) -> int:
    """How many questions are not ended."""
    open_ones = select(func.count()).where(col(Question.state).in_(UNSOLVED), col(Question.merged_into_id).is_(None))
    return db.exec(open_ones).one()


def loads(db: Session) -> dict[int, int]:
    """How many questions each consultant has to answer or is being offered."""
    owned = db.exec(
        select(Question.owner_id, func.count())
        .where(col(Question.state) == State.CLAIMED, col(Question.owner_id).is_not(None))
        .where(col(Question.merged_into_id).is_(None))
        .group_by(col(Question.owner_id))
    )
    load = {owner: number for owner, number in owned if owner is not None}
    offered = db.exec(
        select(Offer.member_id, func.count()).where(col(Offer.outcome) == Outcome.OPEN).group_by(col(Offer.member_id))
    )
    for member_id, number in offered:
        load[member_id] = load.get(member_id, 0) + number
    return load


def due_for_warning(db: Session, *, before: datetime, limit: int = 100) -> list[Question]:
    """Questions with a target before that moment of which nobody was warned yet, the nearest first."""
    due = func.coalesce(col(Question.ack_due_at), col(Question.answer_due_at))
    return list(
        db.exec(
            select(Question)
            .where(
                col(Question.state).in_(_TO_ANSWER),
                col(Question.merged_into_id).is_(None),
                col(Question.paused_at).is_(None),
                col(Question.warned_at).is_(None),
                due < before,
            )
            .order_by(due, col(Question.id))
            .limit(limit)
        )
    )


def due_to_tell(db: Session, *, now: datetime, limit: int = 100) -> list[Question]:
    """Late questions of which colleagues, organizers or the asker have not heard yet, the oldest first."""
    untold = or_(
        col(Question.overdue_at).is_(None),
        col(Question.escalated_at).is_(None),
        and_(col(Question.apologised_at).is_(None), col(Question.answer_due_at) < now),
    )
    return list(db.exec(select(Question).where(late(now), untold).order_by(col(Question.number)).limit(limit)))


def untaken(db: Session, *, now: datetime, limit: int = 20) -> list[Question]:
    """What a room should look at: questions that nobody has, and late ones; the late ones first."""
    return list(
        db.exec(
            select(Question)
            .where(
                col(Question.merged_into_id).is_(None),
                or_(and_(col(Question.state) == State.OPEN, col(Question.owner_id).is_(None)), late(now)),
            )
            .order_by(func.coalesce(late(now), False).desc(), col(Question.number))
            .limit(limit)
        )
    )


def waiting_for_a_room(db: Session) -> list[Question]:
    """Questions that were sent while there was no room to take them, oldest first."""
    return list(
        db.exec(
            select(Question)
            .where(col(Question.state).in_(UNSOLVED), col(Question.room_id).is_(None))
            .order_by(col(Question.number))
        )
    )


def solved_before(db: Session, question: Question, limit: int = 1000) -> list[tuple[int, str, str]]:
    """Id, words and language of solved questions that have an answer in words, newest first."""
    answered = exists().where(
        col(Part.question_id) == col(Question.id),
        col(Part.side) == Side.CONSULTANT,
        col(Part.undone_at).is_(None),
        col(Part.text) != "",
    )
    rows = db.exec(
        select(Question.id, Question.text, Question.language)
        .where(
            Question.state == State.CLOSED,
            col(Question.solved).is_(True),
            Question.text != "",
            Question.id != question.id,
            answered,
        )
        .order_by(col(Question.id).desc())
        .limit(limit)
    )
    return [(found or 0, text, language) for found, text, language in rows]

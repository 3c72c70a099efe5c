"""Questions before a webinar: asked, supported, taken back, answered, or left for the experts' desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from bot.errors import NotYours, Outdated, SessionOver, TextMissing, TextTooLong, TooManyAsked
from bot.features.people import Member
from bot.features.webinars._tables import Asked, Support
from bot.timetable import SessionRow, State

TEXT_LIMIT = 500
AT_MOST = 5
"""Questions of one person before one webinar."""


@dataclass(frozen=True)
class Ranked:
    """A question with how many want to know the same, and whether somebody looking at it asked or supports it."""

    question: Asked
    support: int
    own: bool = False
    supported: bool = False


def checked(text: str) -> str:
    """A question as it is taken; raises TextMissing or TextTooLong."""
    text = " ".join(text.split())
    if not text:
        raise TextMissing
    if len(text) > TEXT_LIMIT:
        raise TextTooLong(TEXT_LIMIT, len(text))
    return text


def ask(
    db: Session,
    session: SessionRow,
    *,
    member: Member,
    text: str,
    anonymous: bool,
    chat_id: int,
    message_id: int,
    now: datetime,
) -> Asked:
    """Keep a question for the speaker; the same message asks once. Raises TooManyAsked, SessionOver."""
    require_open(session, now=now)
    mine = select(Asked).where(Asked.session_id == session.id, Asked.member_id == member.id)
    known = list(db.exec(mine))
    same = next((one for one in known if one.message_id == message_id and one.chat_id == chat_id), None)
    if same is not None:
        return same
    if len(known) >= AT_MOST:
        raise TooManyAsked(AT_MOST)
    asked = Asked(
        session_id=session.id or 0,
        member_id=member.id or 0,
        anonymous=anonymous,
        text=checked(text),
        language=member.language,
        chat_id=chat_id,
        message_id=message_id,
        asked_at=now,
    )
    db.add(asked)
    db.flush()
    return asked


def require_open(session: SessionRow, *, now: datetime) -> None:
    """Raise SessionOver unless the webinar is still to be held, or is being held."""
    if session.state is not State.PLANNED or session.ends_at <= now:
        raise SessionOver(cancelled=session.state is State.CANCELLED)


def question(db: Session, question_id: int) -> Asked:
    """The question with this id; raises Outdated when there is none (any more)."""
    found = db.get(Asked, question_id)
    if found is None:
        raise Outdated
    return found


def support(db: Session, asked: Asked, member: Member, *, now: datetime) -> bool:
    """Want to know the same; False where that counts nothing: one's own question, or supported before."""
    if asked.member_id == member.id or db.get(Support, (asked.id, member.id)) is not None:
        return False
    db.add(Support(question_id=asked.id or 0, member_id=member.id or 0, at=now))
    db.flush()
    return True


def withdraw_support(db: Session, asked: Asked, member: Member) -> bool:
    """Rather not; False when there was nothing to take back."""
    mine = db.get(Support, (asked.id, member.id))
    if mine is None:
        return False
    db.delete(mine)
    db.flush()
    return True


def take_back(db: Session, asked: Asked, member: Member) -> None:
    """Delete one's own question; raises NotYours."""
    if asked.member_id != member.id:
        raise NotYours("")
    db.execute(delete(Support).where(col(Support.question_id) == asked.id))
    db.delete(asked)
    db.flush()


def answered(asked: Asked, *, now: datetime) -> bool:
    """Mark a question answered, or not after all; gives what it is now."""
    asked.answered_at = None if asked.answered_at is not None else now
    return asked.answered_at is not None


def passed_on(asked: Asked, number: int) -> None:
    """The experts' desk has it under this number."""
    asked.passed_on_as = number


def ranked(db: Session, session_id: int, *, reader: Member | None = None) -> list[Ranked]:
    """A webinar's questions: open ones before answered ones, those with most support first, then the oldest."""
    query = (
        select(Asked, func.count(col(Support.member_id)))
        .outerjoin(Support, col(Support.question_id) == col(Asked.id))
        .where(Asked.session_id == session_id)
        .group_by(col(Asked.id))
    )
    mine = _supported_by(db, session_id, reader) if reader is not None else set()
    found = [
        Ranked(asked, count, reader is not None and asked.member_id == reader.id, asked.id in mine)
        for asked, count in db.exec(query)
    ]
    return sorted(found, key=lambda one: (one.question.answered_at is not None, -one.support, one.question.id or 0))


def _supported_by(db: Session, session_id: int, reader: Member) -> set[int]:
    query = select(Support.question_id).join(Asked, col(Asked.id) == col(Support.question_id))
    return set(db.exec(query.where(Asked.session_id == session_id, Support.member_id == reader.id)))


def left_over(db: Session, session_id: int) -> list[Asked]:
    """What was not answered and is not at the desk, those with most support first."""
    return [
        one.question
        for one in ranked(db, session_id)
        if one.question.answered_at is None and one.question.passed_on_as is None
    ]


def count_questions(db: Session, session_id: int) -> int:
    """How many questions a webinar has."""
    return db.exec(select(func.count()).select_from(Asked).where(Asked.session_id == session_id)).one()


def questions_of(db: Session, member: Member) -> list[Asked]:
    """What a member asked before webinars."""
    return list(db.exec(select(Asked).where(Asked.member_id == member.id).order_by(col(Asked.id))))


def supports_of(db: Session, member: Member) -> list[tuple[Asked, datetime]]:
    """Which questions of others a member supports, and since when."""
    query = select(Asked, Support.at).join(Support, col(Support.question_id) == col(Asked.id))
    return [(asked, at) for asked, at in db.exec(query.where(Support.member_id == member.id))]

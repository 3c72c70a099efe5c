"""Questions to authors under their cards, each a thread between the group and the author's private chat."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.errors import Outdated
from bot.features.people import Member
from bot.features.programmes._tables import Poster, PosterKudos, PosterQuestion

TEXT_LIMIT = 4000
_questions: Any = PosterQuestion.__table__  # type: ignore[attr-defined]


def ask(
    db: Session,
    one: Poster,
    asker: Member,
    *,
    text: str,
    chat_id: int,
    message_id: int,
    follows: int | None,
    now: datetime,
) -> PosterQuestion:
    """Keep a question to an author; `follows` is the question to whose answer it replies."""
    before = db.get(PosterQuestion, follows) if follows is not None else None
    question = PosterQuestion(
        poster_id=one.id or 0,
        asker_id=asker.id or 0,
        chat_id=chat_id,
        message_id=message_id,
        follows=before.id if before is not None and before.poster_id == one.id else None,
        text=text[:TEXT_LIMIT],
        asked_at=now,
    )
    db.add(question)
    db.flush()
    return question


def question(db: Session, question_id: int) -> PosterQuestion:
    """The question with this id; raises Outdated when its asker took it with them."""
    found = db.get(PosterQuestion, question_id) if 0 < question_id < 2**31 else None
    if found is None:
        raise Outdated
    return found


def answered(one: PosterQuestion, *, now: datetime) -> None:
    """The author has answered, perhaps not for the first time."""
    one.answered_at = one.answered_at or now


def questions_by(db: Session, member: Member) -> list[PosterQuestion]:
    """What somebody asked authors."""
    return list(db.exec(select(PosterQuestion).where(PosterQuestion.asker_id == member.id).order_by(_questions.c.id)))


def kudos_by(db: Session, member: Member) -> list[PosterKudos]:
    """What somebody applauded."""
    query = select(PosterKudos).where(PosterKudos.member_id == member.id)
    return list(db.exec(query.order_by(col(PosterKudos.poster_id))))


def move_chat(db: Session, old: int, new: int) -> None:
    """A group became a supergroup: answers go there; the old messages' ids mean nothing any more."""
    db.execute(update(_questions).where(_questions.c.chat_id == old).values(chat_id=new, message_id=None))

"""Answers that were given, and taking one back."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.errors import NotOwner, Outdated
from bot.features.people import Member, Role
from bot.features.questions._family import homes, keep_together
from bot.features.questions._tables import Part, Question, Side, State

DELETABLE = timedelta(hours=48)
"""For so long Telegram lets a bot delete what it sent."""


def part(db: Session, part_id: int) -> Part:
    """The part of a story with this id, locked for this transaction; raises Outdated when there is none."""
    found = db.exec(select(Part).where(Part.id == part_id).with_for_update()).one_or_none()
    if found is None:
        raise Outdated
    return found


def together(db: Session, part: Part) -> list[Part]:
    """The part with the others of its album, which go and come back as one."""
    if part.album is None:
        return [part]
    same = select(Part).where(Part.album == part.album, Part.chat_id == part.chat_id)
    return list(db.exec(same.order_by(col(Part.id))))


def answers(db: Session, question: Question, *, by: Member | None = None) -> list[Part]:
    """What went to the asker and stands, newest first; with `by`, only what this consultant said."""
    found = select(Part).where(
        Part.question_id == question.id,
        col(Part.side).in_((Side.CONSULTANT, Side.BACK)),
        col(Part.undone_at).is_(None),
    )
    if by is not None:
        found = found.where(Part.author_id == by.id)
    return list(db.exec(found.order_by(col(Part.id).desc())))


def require_author(db: Session, part: Part, member: Member) -> None:
    """Raise NotOwner unless the member said it or is an organizer; Outdated for what never went to an asker."""
    if part.side not in (Side.CONSULTANT, Side.BACK):
        raise Outdated
    if part.author_id != member.id and not member.role.reaches(Role.ORGANIZER):
        author = db.get(Member, part.author_id) if part.author_id is not None else None
        raise NotOwner(author.shown_name if author else "")


def deletable(part: Part, *, now: datetime) -> bool:
    """Whether what was delivered can still be deleted at the asker's."""
    return now - part.said_at < DELETABLE


def undo(db: Session, question: Question, part: Part, *, now: datetime) -> bool:
    """An answer does not stand any more; False when that was so already."""
    if part.undone_at is not None:
        return False
    part.undone_at = now
    db.flush()
    for home in homes(db, question):
        if not _has_answer(db, home):
            home.answered_at = None
    if question.state is State.ANSWERED and not _has_answer(db, question):
        question.state = State.CLAIMED if question.owner_id is not None else State.OPEN
    keep_together(db, question)
    return True


def _has_answer(db: Session, question: Question) -> bool:
    return any(answer.side is Side.CONSULTANT for answer in answers(db, question))

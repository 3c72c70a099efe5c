"""Questions move with their group, and forget their people."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from bot.features.people import Member
from bot.features.questions._finding import Find
from bot.features.questions._tables import Offer, Part, Question, SavedReply, Side, State, Version
from bot.features.questions._terms import reindex


def move_chat(db: Session, old: int, new: int) -> None:
    """A group became a supergroup: its questions go with it; the old messages' ids mean nothing there."""
    db.execute(update(Question).where(col(Question.chat_id) == old).values(chat_id=new, message_id=0))
    db.execute(update(Question).where(col(Question.room_id) == old).values(room_id=new))


def forget(db: Session, member: Member) -> None:
    """Take the person out of their questions: drafts go, sent ones stay with the room without name or words."""
    mine = select(Question.id).where(Question.asker_id == member.id)
    db.execute(delete(Version).where(col(Version.question_id).in_(mine)))
    drafts = select(Question.id).where(Question.asker_id == member.id, Question.state == State.DRAFT)
    db.execute(delete(Part).where(col(Part.question_id).in_(drafts)))
    db.execute(delete(Question).where(col(Question.asker_id) == member.id, col(Question.state) == State.DRAFT))
    db.execute(
        update(Part)
        .where(col(Part.question_id).in_(mine), col(Part.side) == Side.ASKER)
        .values(text=None, entities=None, file_id=None, file_name=None)
    )
    asked = list(db.exec(mine))
    db.execute(delete(Find).where(col(Find.member_id) == member.id))
    db.execute(delete(Offer).where(col(Offer.member_id) == member.id))
    db.execute(update(SavedReply).where(col(SavedReply.made_by) == member.id).values(made_by=None))
    db.execute(update(Part).where(col(Part.author_id) == member.id).values(author_id=None))
    db.execute(
        update(Question)
        .where(col(Question.asker_id) == member.id)
        .values(asker_id=None, anonymous=True, text="", entities=None, rating_note=None)
    )
    db.execute(update(Question).where(col(Question.owner_id) == member.id).values(owner_id=None))
    reindex(db, [question_id for question_id in asked if question_id is not None])

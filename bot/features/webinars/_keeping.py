"""What webinars keep of a person, deleted when they want it."""

from __future__ import annotations

from sqlalchemy import delete
from sqlmodel import Session, col, select

from bot.features.people import Member
from bot.features.webinars._tables import Asked, Attempt, Certificate, Feedback, Import, Minutes, Support


def forget(db: Session, member: Member) -> None:
    """Delete a person's questions, support, feedback, minutes and certificates, whose numbers then mean nothing."""
    mine = select(Asked.id).where(Asked.member_id == member.id)
    db.execute(delete(Support).where(col(Support.question_id).in_(mine)))
    for table in (Support, Asked, Attempt, Minutes, Feedback, Certificate):
        db.execute(delete(table).where(col(table.member_id) == member.id))
    db.execute(delete(Import).where(col(Import.made_by) == member.id))
    _out_of_reviews(db, member)


def _out_of_reviews(db: Session, member: Member) -> None:
    """No list that is still being reviewed knows them any more."""
    for begun in db.exec(select(Import)):
        kept = [row for row in begun.rows if row["member"] != member.id and member.id not in row["choices"]]
        if len(kept) != len(begun.rows):
            begun.rows = kept
            db.add(begun)

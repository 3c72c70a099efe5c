"""What is kept of a person's conduct in groups: shown, followed when a group moves, cleared away, and forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select, update

from bot.features.moderation._tables import HeldPost, LackingRight, Measure, Report, Rules, State
from bot.features.people import Member

KEPT = timedelta(days=365)
WORDS_KEPT = timedelta(days=30)
"""How long the words of messages stay that were decided on."""


def measures_of(db: Session, member: Member) -> list[Measure]:
    """What was done about somebody."""
    return list(db.exec(select(Measure).where(Measure.member_id == member.id).order_by(col(Measure.id))))


def measures_by(db: Session, member: Member) -> list[Measure]:
    """What somebody did about others."""
    return list(db.exec(select(Measure).where(Measure.made_by == member.id).order_by(col(Measure.id))))


def held_of(db: Session, member: Member) -> list[HeldPost]:
    """Which of somebody's messages waited for an organizer."""
    return list(db.exec(select(HeldPost).where(HeldPost.member_id == member.id).order_by(col(HeldPost.id))))


def reports_on(db: Session, member: Member) -> list[Report]:
    """Which of somebody's messages others reported."""
    return list(db.exec(select(Report).where(Report.author_id == member.id).order_by(col(Report.id))))


def reports_by(db: Session, member: Member) -> list[Report]:
    """Which messages somebody reported."""
    return list(db.exec(select(Report).where(Report.reported_by == member.id).order_by(col(Report.id))))


def forget(db: Session, member: Member) -> None:
    """Delete what was done about somebody, and their words; what they did for the group stays, without them."""
    db.exec(delete(Measure).where(col(Measure.member_id) == member.id))
    db.exec(delete(HeldPost).where(col(HeldPost.member_id) == member.id))
    db.exec(delete(Report).where(col(Report.author_id) == member.id))
    db.exec(update(Measure).where(col(Measure.made_by) == member.id).values(made_by=None))
    db.exec(update(Measure).where(col(Measure.undone_by) == member.id).values(undone_by=None))
    db.exec(update(HeldPost).where(col(HeldPost.decided_by) == member.id).values(decided_by=None))
    db.exec(update(Report).where(col(Report.reported_by) == member.id).values(reported_by=None))
    db.exec(update(Report).where(col(Report.decided_by) == member.id).values(decided_by=None))
    db.exec(update(Rules).where(col(Rules.written_by) == member.id).values(written_by=None))


def move_chat(db: Session, old: int, new: int) -> None:
    """A group became a supergroup: its log goes with it; what the bot may do there is to be seen anew."""
    for table in (HeldPost, Report, Measure):
        db.exec(update(table).where(col(table.chat_id) == old).values(chat_id=new))
    db.exec(delete(LackingRight).where(col(LackingRight.chat_id).in_([old, new])))


def prune(db: Session, *, now: datetime) -> None:
    """Clear away words that were decided on long ago, and the oldest of the log."""
    decided = (col(HeldPost.state) != State.HELD, col(HeldPost.decided_at) < now - WORDS_KEPT)
    db.exec(delete(HeldPost).where(*decided))
    db.exec(delete(Report).where(col(Report.reported_at) < now - KEPT))
    db.exec(delete(Measure).where(col(Measure.made_at) < now - KEPT))

"""What the planning keeps of a person: what they planned and changed, their part in sessions, their open work."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from bot.timetable._changing import What, ids_text
from bot.timetable._drafts import drop_draft
from bot.timetable._tables import (
    OfficialDay,
    OfficialYear,
    Series,
    SeriesPerson,
    SessionChange,
    SessionDoubt,
    SessionPerson,
    SessionRow,
    SessionTask,
    State,
)
from bot.timetable._tasks import Task


def planned_by(db: Session, member_id: int) -> list[Series]:
    """The series that somebody planned."""
    return list(db.exec(select(Series).where(Series.made_by == member_id).order_by(col(Series.id))))


def parts_of(db: Session, member_id: int) -> list[tuple[SessionPerson, SessionRow]]:
    """What somebody does at which sessions."""
    query = select(SessionPerson, SessionRow).join(SessionRow, col(SessionRow.id) == col(SessionPerson.session_id))
    return list(db.exec(query.where(SessionPerson.member_id == member_id).order_by(col(SessionRow.starts_at))).all())


def changes_by(db: Session, member_id: int) -> list[SessionChange]:
    """What somebody changed of sessions."""
    return list(db.exec(select(SessionChange).where(SessionChange.by == member_id).order_by(col(SessionChange.id))))


def forget_planning(db: Session, member_id: int, *, now: datetime) -> None:
    """Take the person out of the calendar; where they were to be, somebody has to be found."""
    drop_draft(db, member_id)
    _leave_sessions(db, member_id, now)
    db.execute(delete(SeriesPerson).where(col(SeriesPerson.member_id) == member_id))
    db.execute(update(SessionTask).where(col(SessionTask.owner_id) == member_id).values(owner_id=None))
    for made in (Series, SessionRow):
        db.execute(update(made).where(col(made.made_by) == member_id).values(made_by=None))
    for said in (SessionChange, SessionDoubt, OfficialDay, OfficialYear):
        db.execute(update(said).where(col(said.by) == member_id).values(by=None))


def _leave_sessions(db: Session, member_id: int, now: datetime) -> None:
    for person, row in parts_of(db, member_id):
        db.delete(person)
        if row.state is State.PLANNED and row.starts_at > now:
            db.flush()
            _look_for_somebody(db, row, member_id, now)
    db.flush()


def _look_for_somebody(db: Session, row: SessionRow, member_id: int, now: datetime) -> None:
    left = {
        (one.member_id, one.part) for one in db.exec(select(SessionPerson).where(SessionPerson.session_id == row.id))
    }
    change = SessionChange(
        session_id=row.id or 0, what=What.PEOPLE, old=None, new=ids_text(left), by=None, at=now, told_at=now
    )
    db.add(change)
    task = select(SessionTask).where(SessionTask.session_id == row.id, SessionTask.task == Task.SPEAKER)
    for one in db.exec(task):
        one.done_at = None

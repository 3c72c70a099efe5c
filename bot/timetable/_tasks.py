"""The checklist of a session: what has to be done, by whom, until when; done by itself where the fact is there."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session, col, select

from bot.timetable._tables import Kind, SessionPerson, SessionRow, SessionTask, State

EVERY = timedelta(days=2)
"""How long somebody is left in peace after they were reminded of what is open."""
GIVEN_UP = timedelta(days=60)
"""How long after a session what is still open is no longer asked for."""


class Task(StrEnum):
    """What has to be done for a session."""

    SPEAKER = "speaker"
    TITLE = "title"
    LINK = "link"
    MATERIALS = "materials"
    RECORDING = "recording"
    FEEDBACK = "feedback"
    QUESTIONS = "questions"


_BEFORE: dict[Kind, dict[Task, timedelta]] = {
    Kind.CONSULTATION: {Task.SPEAKER: timedelta(days=5), Task.LINK: timedelta(days=3)},
    Kind.WEBINAR: {
        Task.SPEAKER: timedelta(days=21),
        Task.TITLE: timedelta(days=16),
        Task.LINK: timedelta(days=8),
    },
}
"""How long before the start what has to be ready; the notice a week ahead carries title and link of a webinar."""

_AFTER: dict[Kind, dict[Task, timedelta]] = {
    Kind.CONSULTATION: {Task.QUESTIONS: timedelta(days=1), Task.FEEDBACK: timedelta(days=7)},
    Kind.WEBINAR: {
        Task.MATERIALS: timedelta(days=1),
        Task.QUESTIONS: timedelta(days=2),
        Task.RECORDING: timedelta(days=3),
        Task.FEEDBACK: timedelta(days=7),
    },
}


def lay_out(db: Session, row: SessionRow, *, now: datetime) -> None:
    """Write a new session's checklist, all of it its planner's until somebody else gets it."""
    db.add_all(
        SessionTask(session_id=row.id or 0, task=task, owner_id=row.made_by, due_at=due)
        for task, due in _dues(row).items()
    )
    db.flush()
    settle(db, row, now=now)


def _dues(row: SessionRow) -> dict[Task, datetime]:
    before = {task: row.starts_at - ahead for task, ahead in _BEFORE[row.kind].items()}
    return before | {task: row.ends_at + later for task, later in _AFTER[row.kind].items()}


def redate(db: Session, row: SessionRow) -> None:
    """The session was moved: what is open is due with it."""
    dues = _dues(row)
    for task in open_tasks(db, row):
        task.due_at = dues[Task(task.task)]


def settle(db: Session, row: SessionRow, *, now: datetime) -> None:
    """Tick off what the session's own facts show to be done."""
    facts = _facts(db, row)
    for task in tasks(db, row):
        if facts.get(Task(task.task)) and task.done_at is None:
            task.done_at = now


def _facts(db: Session, row: SessionRow) -> dict[Task, bool]:
    people = db.exec(select(SessionPerson).where(SessionPerson.session_id == row.id)).all()
    return {
        Task.SPEAKER: bool(people) and all(person.confirmed_at is not None for person in people),
        Task.TITLE: bool(row.title) and (row.series_id is not None or row.kind is Kind.WEBINAR),
        Task.LINK: bool(row.link),
        Task.MATERIALS: bool(row.materials),
        Task.RECORDING: bool(row.recording),
    }


def tasks(db: Session, row: SessionRow) -> list[SessionTask]:
    """A session's checklist in the order in which it is due."""
    query = select(SessionTask).where(SessionTask.session_id == row.id)
    return list(db.exec(query.order_by(col(SessionTask.due_at), col(SessionTask.id))))


def open_tasks(db: Session, row: SessionRow) -> list[SessionTask]:
    """What is still to be done for a session."""
    return [task for task in tasks(db, row) if task.done_at is None]


def finish(task: SessionTask, *, now: datetime) -> None:
    """Somebody says that it is done."""
    task.done_at = task.done_at or now


def reopen(task: SessionTask) -> None:
    """It is not done after all."""
    task.done_at = None


def give(task: SessionTask, member_id: int) -> None:
    """It is somebody's from now on, who hears of it when it is due."""
    if task.owner_id != member_id:
        task.owner_id, task.nagged_at = member_id, None


def put_off(task: SessionTask, due_at: datetime) -> None:
    """It may be done later."""
    task.due_at, task.nagged_at = due_at, None


def due_tasks(db: Session, *, now: datetime) -> list[tuple[SessionTask, SessionRow]]:
    """What is due and not done, the longest due first, facts of each session looked at anew."""
    rows = _due(db, now)
    for _task, row in rows:
        settle(db, row, now=now)
    return [(task, row) for task, row in rows if task.done_at is None]


def _due(db: Session, now: datetime) -> list[tuple[SessionTask, SessionRow]]:
    query = (
        select(SessionTask, SessionRow)
        .join(SessionRow, col(SessionRow.id) == col(SessionTask.session_id))
        .where(
            col(SessionTask.done_at).is_(None),
            col(SessionTask.due_at) <= now,
            SessionRow.state != State.CANCELLED,
            col(SessionRow.ends_at) > now - GIVEN_UP,
        )
        .order_by(col(SessionTask.due_at), col(SessionTask.id))
    )
    return list(db.exec(query).all())


def tasks_of(db: Session, member_id: int, *, now: datetime) -> list[tuple[SessionTask, SessionRow]]:
    """What somebody has to do for sessions and is not done, the first due first."""
    query = (
        select(SessionTask, SessionRow)
        .join(SessionRow, col(SessionRow.id) == col(SessionTask.session_id))
        .where(
            SessionTask.owner_id == member_id,
            col(SessionTask.done_at).is_(None),
            SessionRow.state != State.CANCELLED,
            col(SessionRow.ends_at) > now - GIVEN_UP,
        )
    )
    return list(db.exec(query.order_by(col(SessionTask.due_at), col(SessionTask.id))).all())


def may_be_nagged(mine: list[SessionTask], *, now: datetime) -> bool:
    """Whether somebody with this open work has been left in peace for long enough."""
    return all(task.nagged_at is None or task.nagged_at <= now - EVERY for task in mine)

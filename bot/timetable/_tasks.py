"""The checklist of a session: what has to be done, by whom, until when; done by itself where the fact is there."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session, col, select

from bot.timetable._tables import Kind, SessionPerson, SessionRow, SessionTask, State

EVERY = timedelta(days=2)
"""How long somebody is left in peace after they were reminded of what is open."""
_AT_ONCE = 500
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


_ASKED = {Kind.CONSULTATION: timedelta(days=8), Kind.WEBINAR: timedelta(days=28)}
"""How long before the start whoever leads a session is asked to confirm it: some days before it is due."""


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
    """The session was moved: what is open is due with it, and whoever leads it has to say yes once more."""
    dues = _dues(row)
    for task in tasks(db, row):
        if task.task == Task.SPEAKER:
            reopen(task)
        if task.done_at is None:
            task.due_at = dues[Task(task.task)]


def settle(db: Session, row: SessionRow, *, now: datetime) -> None:
    """Tick off what the session's own facts show to be done."""
    _tick_off([(task, row) for task in tasks(db, row)], _confirmed(db, [row]), now)


def _tick_off(items: list[tuple[SessionTask, SessionRow]], confirmed: Collection[int], now: datetime) -> None:
    for task, row in items:
        if task.done_at is None and _is_fact(Task(task.task), row, confirmed):
            task.done_at = now


def _is_fact(task: Task, row: SessionRow, confirmed: Collection[int]) -> bool:
    facts: dict[Task, object] = {
        Task.SPEAKER: row.id in confirmed,
        Task.TITLE: row.title,
        Task.LINK: row.link,
        Task.MATERIALS: row.materials,
        Task.RECORDING: row.recording,
    }
    return bool(facts.get(task))


def _confirmed(db: Session, rows: Iterable[SessionRow]) -> set[int]:
    """Sessions that somebody leads, all of whom said that they will be there."""
    ids = sorted({row.id or 0 for row in rows})
    said: dict[int, bool] = {}
    for some in (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)):
        people = db.exec(select(SessionPerson).where(col(SessionPerson.session_id).in_(some)))
        for person in people:
            said[person.session_id] = said.get(person.session_id, True) and person.confirmed_at is not None
    return {id_ for id_, all_of_them in said.items() if all_of_them}


def unconfirmed(db: Session, *, now: datetime) -> list[tuple[SessionPerson, SessionRow]]:
    """Who leads a session that comes near, and has not said yet that they will be there."""
    query = (
        select(SessionPerson, SessionRow)
        .join(SessionRow, col(SessionRow.id) == col(SessionPerson.session_id))
        .where(
            col(SessionPerson.confirmed_at).is_(None),
            SessionRow.state == State.PLANNED,
            col(SessionRow.starts_at) > now,
            col(SessionRow.starts_at) <= now + max(_ASKED.values()),
        )
        .order_by(col(SessionRow.starts_at), col(SessionPerson.member_id))
    )
    return [(person, row) for person, row in db.exec(query) if row.starts_at <= now + _ASKED[row.kind]]


def confirm(db: Session, row: SessionRow, member_id: int, *, now: datetime) -> bool:
    """Somebody who leads the session says that they will be there; whether they lead it."""
    mine = db.exec(
        select(SessionPerson).where(SessionPerson.session_id == row.id, SessionPerson.member_id == member_id)
    ).all()
    for person in mine:
        person.confirmed_at = person.confirmed_at or now
    db.flush()
    settle(db, row, now=now)
    return bool(mine)


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
    items = _due(db, now)
    _tick_off(items, _confirmed(db, (row for _task, row in items)), now)
    return [(task, row) for task, row in items if task.done_at is None]


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

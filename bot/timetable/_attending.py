"""Who takes part in a session: places that cannot be given twice, the waiting list in its order, who was there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.errors import SessionOver
from bot.timetable._reading import attendee
from bot.timetable._tables import Attendee, SessionRow, Standing, State

HOLDING = (Standing.COMING,)
"""What takes a place up."""


def join(
    db: Session,
    session: SessionRow,
    *,
    member_id: int,
    now: datetime,
    standing: Standing = Standing.COMING,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    first_come: bool = False,
) -> Standing:
    """Make a member COMING, MAYBE or WAITING; who wants to come while it is full is WAITING. Gives what they are now.

    A place that came free belongs to those who wait, in their order: somebody new joins the list behind them, unless it
    is `first_come`. Joining again changes nothing but the slot (`starts_at`, `ends_at`). Raises SessionOver.
    """
    lock(db, session)
    _still_ahead(session, now)
    mine = attendee(db, session.id or 0, member_id)
    if standing is Standing.COMING and not _has_a_place(db, session, mine, first_come=first_come):
        standing = Standing.WAITING
    if standing is Standing.WAITING and mine is not None and mine.standing is Standing.COMING:
        standing = Standing.COMING
    slot = (starts_at, ends_at) if standing is Standing.COMING else (None, None)
    _note(db, session, mine, member_id, standing, slot, now)
    return standing


def _still_ahead(session: SessionRow, now: datetime) -> None:
    if session.state is not State.PLANNED or session.ends_at <= now:
        raise SessionOver(cancelled=session.state is State.CANCELLED)


def _has_a_place(db: Session, session: SessionRow, mine: Attendee | None, *, first_come: bool) -> bool:
    places = free(db, session)
    if places is None or (mine is not None and mine.standing is Standing.COMING):
        return True
    if first_come:
        return places > 0
    before = _waiting_before(db, session, mine if mine is not None and mine.standing is Standing.WAITING else None)
    return places > before


def _note(
    db: Session,
    session: SessionRow,
    mine: Attendee | None,
    member_id: int,
    standing: Standing,
    slot: tuple[datetime | None, datetime | None],
    now: datetime,
) -> None:
    # who is new saw it as it is now; who only gets another slot may not have
    told = session.sequence if mine is None or mine.standing is not standing else mine.told_sequence
    if mine is None:
        mine = Attendee(session_id=session.id or 0, member_id=member_id, standing=standing, since=now)
    elif mine.standing is not standing or (slot[0] is not None and mine.starts_at != slot[0]):
        mine.standing, mine.since = standing, now
    if slot[0] is not None or standing is not Standing.COMING:
        mine.starts_at, mine.ends_at = slot
    mine.told_sequence = told
    session.next_rung_at = now  # their reminders are reckoned at the next tick
    db.add_all((mine, session))
    db.flush()


def leave(
    db: Session, session: SessionRow, *, member_id: int, now: datetime, standing: Standing = Standing.GIVEN_BACK
) -> Standing | None:
    """Make a member GIVEN_BACK or DECLINED; gives what they were before: COMING when a place came free.

    Who was nothing to the session cannot give anything back, but can decline.
    """
    lock(db, session)
    mine = attendee(db, session.id or 0, member_id)
    before = mine.standing if mine is not None else None
    if before is standing or (mine is None and standing is Standing.GIVEN_BACK):
        return before
    _note(db, session, mine, member_id, standing, (None, None), now)
    return before


def lock(db: Session, session: SessionRow) -> None:
    """Let nobody else change who takes part in this session until the transaction ends, and see what they left."""
    db.flush()
    db.exec(
        select(SessionRow)
        .where(SessionRow.id == session.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def taken(db: Session, session: SessionRow) -> int:
    """How many places are taken."""
    count = select(func.count()).select_from(Attendee)
    return db.exec(count.where(Attendee.session_id == session.id, col(Attendee.standing).in_(HOLDING))).one()


def free(db: Session, session: SessionRow) -> int | None:
    """How many places are free; None where any number may come."""
    return None if session.capacity is None else max(0, session.capacity - taken(db, session))


def waiting(db: Session, session_id: int) -> list[Attendee]:
    """The waiting list in its order."""
    query = select(Attendee).where(Attendee.session_id == session_id, Attendee.standing == Standing.WAITING)
    return list(db.exec(query.order_by(col(Attendee.since), col(Attendee.id))))


def position(db: Session, session: SessionRow, *, member_id: int) -> int | None:
    """A member's place on the waiting list, 1 for the first; None for who does not wait."""
    mine = attendee(db, session.id or 0, member_id)
    if mine is None or mine.standing is not Standing.WAITING:
        return None
    return _waiting_before(db, session, mine) + 1


def _waiting_before(db: Session, session: SessionRow, mine: Attendee | None) -> int:
    count = select(func.count()).select_from(Attendee)
    count = count.where(Attendee.session_id == session.id, Attendee.standing == Standing.WAITING)
    if mine is not None:
        earlier = col(Attendee.since) < mine.since
        count = count.where(earlier | ((col(Attendee.since) == mine.since) & (col(Attendee.id) < mine.id)))
    return db.exec(count).one()


def next_waiting(db: Session, session: SessionRow, *, except_for: Collection[int] = ()) -> Attendee | None:
    """Whom a free place is offered to next, leaving out the members in `except_for`; None when nobody waits."""
    query = select(Attendee).where(Attendee.session_id == session.id, Attendee.standing == Standing.WAITING)
    if except_for:
        query = query.where(col(Attendee.member_id).not_in(except_for))
    return db.exec(query.order_by(col(Attendee.since), col(Attendee.id)).limit(1)).one_or_none()


def attended(
    db: Session, session: SessionRow, *, member_id: int, how: str, now: datetime, was_there: bool = True
) -> Attendee:
    """Note that a member was there, and how that is known; or take it back. Who came without a word is noted as COMING."""
    lock(db, session)
    mine = attendee(db, session.id or 0, member_id)
    if mine is None:
        mine = Attendee(session_id=session.id or 0, member_id=member_id, standing=Standing.COMING, since=now)
        mine.told_sequence = session.sequence
    if not was_there:
        mine.attended_at, mine.attended_how = None, how
    elif mine.attended_at is None:
        mine.attended_at, mine.attended_how = now, how
    db.add(mine)
    db.flush()
    return mine


def attended_by(db: Session, member_id: int) -> list[Attendee]:
    """What a member ever said to sessions, in order."""
    return list(db.exec(select(Attendee).where(Attendee.member_id == member_id).order_by(col(Attendee.id))))


def forget_attendee(db: Session, member_id: int) -> None:
    """Take a person out of every session's list; places that they held come free."""
    for mine in db.exec(select(Attendee).where(Attendee.member_id == member_id)).all():
        db.delete(mine)
    db.flush()

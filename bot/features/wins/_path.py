"""Somebody's way up the ladder: where they are, what they did, where they are stuck, when they are asked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from bot.features.people import Member
from bot.features.wins._tables import Kudos, Win, WinHitch, WinPath
from bot.features.wins.content import Ladder, Step

EVERY = timedelta(days=14)
"""How often somebody is asked how it goes."""

PATIENCE = 2
"""After so many check-ins without an answer it pauses: never nagging."""


def path(db: Session, member: Member, *, now: datetime) -> WinPath:
    """Somebody's path, begun now if it was not."""
    found = db.get(WinPath, member.id)
    if found is None:
        found = WinPath(member_id=member.id or 0, began_at=now)
        found.asked_next_at = next_check(found, member.timezone, after=now)
        db.add(found)
        db.flush()
    return found


def wins_of(db: Session, member: Member) -> list[Win]:
    """What somebody has done, oldest first."""
    return list(db.exec(select(Win).where(Win.member_id == member.id).order_by(col(Win.done_at), col(Win.id))))


def next_step(db: Session, ladder: Ladder, member: Member) -> Step | None:
    """The one step that comes next for somebody: the one they chose, or the ladder's; None at the top."""
    passed = {win.step for win in wins_of(db, member)}
    mine = db.get(WinPath, member.id)
    if mine is not None and mine.step is not None and mine.step not in passed and mine.step in ladder.by_id:
        return ladder.by_id[mine.step]
    return ladder.after(passed)


def choose(mine: WinPath, step: str, *, now: datetime) -> None:
    """Go for this step next."""
    mine.step, mine.step_since = step, now


def mark(db: Session, member: Member, step: str, *, now: datetime) -> Win:
    """A step is done; marking it again changes nothing. Being stuck at it is over."""
    found = db.exec(select(Win).where(Win.member_id == member.id, Win.step == step)).one_or_none()
    if found is None:
        found = Win(member_id=member.id or 0, step=step, done_at=now)
        db.add(found)
        db.flush()
    _freed(db, member, step, now=now)
    mine = path(db, member, now=now)
    mine.step, mine.step_since = None, now
    return found


def unmark(db: Session, win: Win) -> None:
    """It was not done after all."""
    db.exec(delete(Kudos).where(col(Kudos.win_id) == win.id))
    db.delete(win)


def stuck(db: Session, member: Member, step: str, *, barrier: str | None, now: datetime) -> WinHitch:
    """Somebody is stuck at a step; saying it again only names the barrier anew."""
    found = db.exec(
        select(WinHitch).where(WinHitch.member_id == member.id, WinHitch.step == step, col(WinHitch.over_at).is_(None))
    ).first()
    if found is None:
        found = WinHitch(member_id=member.id or 0, step=step, said_at=now)
        db.add(found)
    found.barrier = barrier or found.barrier
    db.flush()
    return found


def _freed(db: Session, member: Member, step: str, *, now: datetime) -> None:
    db.exec(
        update(WinHitch)
        .where(col(WinHitch.member_id) == member.id, col(WinHitch.step) == step, col(WinHitch.over_at).is_(None))
        .values(over_at=now)
    )


def without_offer(db: Session, *, limit: int = 100) -> list[WinHitch]:
    """Who is stuck and was offered nothing yet, oldest first."""
    waiting = select(WinHitch).where(col(WinHitch.offered_at).is_(None), col(WinHitch.over_at).is_(None))
    return list(db.exec(waiting.order_by(col(WinHitch.id)).limit(limit)))


def next_check(mine: WinPath, zone: str, *, after: datetime) -> datetime:
    """The next check-in: at the chosen day and time of the member's own clock, two weeks after the last one at the earliest."""
    earliest = max(after, mine.asked_at + EVERY) if mine.asked_at is not None else after + timedelta(days=7)
    local = earliest.astimezone(ZoneInfo(zone))
    day = local.date() + timedelta(days=(mine.weekday - local.weekday()) % 7)
    wall = time(*divmod(mine.minute, 60))
    found = datetime.combine(day, wall, ZoneInfo(zone))
    return (found if found >= local else datetime.combine(day + timedelta(days=7), wall, ZoneInfo(zone))).astimezone(
        after.tzinfo
    )


def due(db: Session, *, now: datetime, limit: int = 200) -> list[WinPath]:
    """Whose check-in is due, the longest waiting first."""
    query = select(WinPath).where(col(WinPath.asked_next_at) <= now).order_by(col(WinPath.asked_next_at))
    return list(db.exec(query.limit(limit)))


def asked(mine: WinPath, zone: str, *, now: datetime) -> None:
    """Somebody was asked; who let several pass is left in peace until they come back by themselves."""
    mine.asked_at, mine.unanswered = now, mine.unanswered + 1
    mine.asked_next_at = None if mine.unanswered >= PATIENCE else next_check(mine, zone, after=now)


def answered(mine: WinPath, zone: str, *, now: datetime) -> None:
    """Somebody said how it goes: they are asked again in two weeks."""
    mine.unanswered = 0
    mine.asked_next_at = next_check(mine, zone, after=now)


def pause(mine: WinPath) -> None:
    """Ask no more until they want to be asked again."""
    mine.asked_next_at = None


def passed(db: Session, steps: Collection[str], *, limit: int = 500) -> list[int]:
    """Ids of members who have done any of these steps, the latest first."""
    query = select(Win.member_id).where(col(Win.step).in_(steps)).group_by(col(Win.member_id))
    return list(db.exec(query.order_by(func.max(col(Win.done_at)).desc()).limit(limit)))


def applaud(db: Session, win: Win, telegram_id: int, *, glad: bool, now: datetime) -> int:
    """Give kudos or take them back; returns how many there are."""
    known = db.get(Kudos, (win.id, telegram_id))
    if glad and known is None:
        db.add(Kudos(win_id=win.id or 0, telegram_id=telegram_id, at=now))
    elif not glad and known is not None:
        db.delete(known)
    db.flush()
    return db.exec(select(func.count()).select_from(Kudos).where(Kudos.win_id == win.id)).one()


def forget(db: Session, member: Member) -> None:
    """Delete somebody's path, wins and kudos."""
    mine = select(Win.id).where(Win.member_id == member.id)
    db.exec(delete(Kudos).where(col(Kudos.win_id).in_(mine) | (col(Kudos.telegram_id) == member.telegram_id)))
    for table in (Win, WinHitch, WinPath):
        db.exec(delete(table).where(col(table.member_id) == member.id))

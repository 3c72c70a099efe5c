"""Somebody's way up the ladder: where they are, what they did, what comes next."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from bot.errors import Outdated
from bot.features.people import Member
from bot.features.wins import _checkins
from bot.features.wins._stuck import freed
from bot.features.wins._tables import Kudos, Win, WinHitch, WinPath
from bot.features.wins.content import Ladder, Step


def path(db: Session, ladder: Ladder, member: Member, *, now: datetime) -> WinPath:
    """Somebody's path, begun now if it was not."""
    found = db.get(WinPath, member.id)
    if found is None:
        found = WinPath(member_id=member.id or 0, began_at=now)
        found.asked_next_at = _checkins.next_check(found, member.timezone, after=now)
        db.add(found)
        _settle(db, ladder, member, found)
    return found


def path_of(db: Session, member: Member) -> WinPath | None:
    """Somebody's path, if they have begun one."""
    return db.get(WinPath, member.id)


def wins_of(db: Session, member: Member) -> list[Win]:
    """What somebody has done, oldest first."""
    return list(db.exec(select(Win).where(Win.member_id == member.id).order_by(col(Win.done_at), col(Win.id))))


def passed_by(db: Session, member: Member) -> set[str]:
    """The steps that somebody has done."""
    return set(db.exec(select(Win.step).where(Win.member_id == member.id)))


def own(db: Session, win_id: int, member: Member) -> Win:
    """A member's own win; raises Outdated for any other."""
    win = db.get(Win, win_id)
    if win is None or win.member_id != member.id:
        raise Outdated
    return win


def in_album(db: Session, member: Member, album: str) -> Win | None:
    """The win whose photos came in this album of Telegram's."""
    return db.exec(select(Win).where(Win.member_id == member.id, Win.album == album)).first()


def next_step(db: Session, ladder: Ladder, member: Member) -> Step | None:
    """The one step that comes next for somebody: the one they chose, or the ladder's; None at the top."""
    passed, mine = passed_by(db, member), path_of(db, member)
    if mine is not None and mine.chosen and mine.step is not None and mine.step not in passed:
        return ladder.by_id.get(mine.step) or ladder.after(passed)
    return ladder.after(passed)


def _settle(db: Session, ladder: Ladder, member: Member, mine: WinPath) -> None:
    """Note where they stand now, for everything that counts people without knowing the ladder."""
    db.flush()
    following = next_step(db, ladder, member)
    mine.chosen = mine.chosen and following is not None and following.id == mine.step
    mine.step = following.id if following is not None else None
    db.flush()


def choose(db: Session, ladder: Ladder, member: Member, step: str, *, now: datetime) -> None:
    """Go for this step next; raises Outdated for one that is none."""
    if step not in ladder.by_id:
        raise Outdated
    mine = path(db, ladder, member, now=now)
    mine.step, mine.chosen = step, True
    _settle(db, ladder, member, mine)


def mark(db: Session, ladder: Ladder, member: Member, step: str, *, now: datetime) -> Win:
    """A step is done; marking it again changes nothing. Being stuck at it is over. Raises Outdated for no such step."""
    if step not in ladder.by_id:
        raise Outdated
    mine = path(db, ladder, member, now=now)
    found = db.exec(select(Win).where(Win.member_id == member.id, Win.step == step)).one_or_none()
    if found is None:
        found = Win(member_id=member.id or 0, step=step, done_at=now, days=(now - mine.began_at).days)
        db.add(found)
    freed(db, member, step, now=now)
    _settle(db, ladder, member, mine)
    return found


def unmark(db: Session, ladder: Ladder, member: Member, win: Win, *, now: datetime) -> None:
    """It was not done after all."""
    db.exec(delete(Kudos).where(col(Kudos.win_id) == win.id))
    db.delete(win)
    _settle(db, ladder, member, path(db, ladder, member, now=now))


def done_by(db: Session, step: str, *, at_most: int) -> int:
    """How many people have done a step, counted up to a limit."""
    some = select(Win.id).where(Win.step == step).limit(at_most).subquery()
    return db.exec(select(func.count()).select_from(some)).one()


def forget(db: Session, member: Member) -> None:
    """Delete somebody's path, wins and kudos."""
    mine = select(Win.id).where(Win.member_id == member.id)
    db.exec(delete(Kudos).where(col(Kudos.win_id).in_(mine) | (col(Kudos.telegram_id) == member.telegram_id)))
    for table in (Win, WinHitch, WinPath):
        db.exec(delete(table).where(col(table.member_id) == member.id))

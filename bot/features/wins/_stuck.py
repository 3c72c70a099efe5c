"""Being stuck: at which step, on what, whether help was offered, and who got past it before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.errors import Outdated
from bot.features.people import Member
from bot.features.wins._tables import Win, WinHitch

ANEW = timedelta(days=1)


def stuck(db: Session, member: Member, step: str, *, now: datetime) -> WinHitch:
    """Somebody is stuck at a step; saying it again is the same, but after a day help is owed anew."""
    found = _open(db, member, step)
    if found is None:
        found = WinHitch(member_id=member.id or 0, step=step, said_at=now)
        db.add(found)
        db.flush()
    elif now - found.said_at > ANEW:
        found.said_at, found.offered_at = now, None
    return found


def _open(db: Session, member: Member, step: str) -> WinHitch | None:
    mine = select(WinHitch).where(WinHitch.member_id == member.id, WinHitch.step == step)
    return db.exec(mine.where(col(WinHitch.over_at).is_(None)).order_by(col(WinHitch.id).desc())).first()


def hitch(db: Session, hitch_id: int, member: Member) -> WinHitch:
    """Where a member is or was stuck; raises Outdated for anybody else's."""
    found = db.get(WinHitch, hitch_id)
    if found is None or found.member_id != member.id:
        raise Outdated
    return found


def hitches_of(db: Session, member: Member) -> list[WinHitch]:
    """Where somebody was stuck, oldest first."""
    return list(db.exec(select(WinHitch).where(WinHitch.member_id == member.id).order_by(col(WinHitch.id))))


def offered(found: WinHitch, barrier: str, *, now: datetime) -> None:
    """Help against this barrier was offered."""
    found.barrier, found.offered_at = barrier, now


def freed(db: Session, member: Member, step: str, *, now: datetime) -> None:
    """Somebody is not stuck at this step any more."""
    here = (col(WinHitch.member_id) == member.id, col(WinHitch.step) == step, col(WinHitch.over_at).is_(None))
    db.exec(update(WinHitch).where(*here).values(over_at=now))


def without_offer(db: Session, *, before: datetime, limit: int) -> list[tuple[WinHitch, Member]]:
    """Who said `before` that they are stuck and was offered nothing yet, the longest waiting first; whoever cannot be
    written to is left out.
    """
    waiting = select(WinHitch, Member).join(Member, col(Member.id) == col(WinHitch.member_id))
    waiting = waiting.where(col(WinHitch.offered_at).is_(None), col(WinHitch.over_at).is_(None))
    waiting = waiting.where(col(Member.started_at).is_not(None), col(Member.unreachable_at).is_(None))
    return list(db.exec(waiting.where(WinHitch.said_at <= before).order_by(col(WinHitch.said_at)).limit(limit)).all())


def barrier_of(db: Session, member: Member, step: str | None = None) -> str | None:
    """What somebody is stuck on now, at this step or anywhere; None when they are not stuck, or did not say on what."""
    mine = select(WinHitch.barrier).where(WinHitch.member_id == member.id, col(WinHitch.over_at).is_(None))
    if step is not None:
        mine = mine.where(WinHitch.step == step)
    return db.exec(mine.order_by(col(WinHitch.id).desc())).first()


def passed(
    db: Session,
    what: str,
    *,
    among: SelectOfScalar[int] | None = None,
    latest: int = 500,
    limit: int = 500,
    offset: int = 0,
) -> list[int]:
    """Ids of members who have done the step `what`, or were stuck on the barrier `what` and got past it; latest first.

    The `latest` successes are looked at. Of those `among` whom they are, `limit` are given, from `offset` on.
    """
    did = select(Win.member_id, Win.done_at).where(Win.step == what)
    if found := _some(db, did.order_by(col(Win.done_at).desc()).limit(latest), among, limit, offset):
        return found
    same = (col(Win.member_id) == col(WinHitch.member_id)) & (col(Win.step) == col(WinHitch.step))
    got_past = select(WinHitch.member_id, col(WinHitch.over_at)).join(Win, same)
    got_past = got_past.where(WinHitch.barrier == what, col(WinHitch.over_at).is_not(None))
    return _some(db, got_past.order_by(col(WinHitch.over_at).desc()).limit(latest), among, limit, offset)


def _some(db: Session, successes: Any, among: SelectOfScalar[int] | None, limit: int, offset: int) -> list[int]:
    """Each of them once, by their last success."""
    who, at = successes.subquery().c
    query = sa.select(who).group_by(who).order_by(sa.func.max(at).desc(), who.desc())
    if among is not None:
        query = query.where(who.in_(among))
    return list(db.execute(query.limit(limit).offset(offset)).scalars())

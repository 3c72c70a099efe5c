"""What is done about somebody: warned, muted, removed, slowed; noted, and undone."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.errors import CannotModerate, Outdated, TextTooLong
from bot.features.moderation._tables import Kind, Measure
from bot.features.people import Member, Role

REASON_LIMIT = 300
AT_ONCE = timedelta(seconds=20)
FLOOD_PAUSE = timedelta(minutes=5)
MUTES = (timedelta(minutes=1), timedelta(days=30))
"""The shortest and the longest time that somebody can be muted: Telegram takes less or more than a year for ever."""


def check(target: Member, *, by: Member) -> None:
    """Refuse measures against oneself, consultants and organizers; raises CannotModerate."""
    if target.id == by.id:
        raise CannotModerate("oneself")
    if target.role.reaches(Role.CONSULTANT):
        raise CannotModerate("colleague")


def note(
    db: Session,
    target: Member,
    *,
    chat_id: int,
    kind: Kind,
    reason: str,
    by: Member | None,
    now: datetime,
    until: datetime | None = None,
) -> Measure:
    """Enter it in the log; raises TextTooLong for a reason that is a story."""
    reason = " ".join(reason.split())
    if len(reason) > REASON_LIMIT:
        raise TextTooLong(REASON_LIMIT, len(reason))
    made_by = by.id if by else None
    measure = Measure(
        chat_id=chat_id,
        member_id=target.id or 0,
        kind=kind,
        reason=reason,
        made_by=made_by,
        made_at=now,
        until=until,
    )
    db.add(measure)
    db.flush()
    return measure


def just_taken(db: Session, target: Member, *, chat_id: int, kind: Kind, by: Member, now: datetime) -> Measure | None:
    """The same measure by the same person a moment ago: they tapped twice."""
    same = (Measure.chat_id == chat_id, Measure.member_id == target.id, Measure.kind == kind, Measure.made_by == by.id)
    query = select(Measure).where(*same, Measure.made_at > now - AT_ONCE, col(Measure.undone_at).is_(None))
    return db.exec(query.order_by(col(Measure.id).desc())).first()


def locked(db: Session, measure_id: int) -> Measure:
    """An entry of the log that nobody else undoes meanwhile; raises Outdated."""
    measure = db.exec(select(Measure).where(Measure.id == measure_id).with_for_update()).one_or_none()
    if measure is None:
        raise Outdated
    return measure


def undo(measure: Measure, *, by: Member, now: datetime) -> bool:
    """Note that it was taken back; False when that was done."""
    if measure.undone_at is not None:
        return False
    measure.undone_by, measure.undone_at = by.id, now
    return True


def silences(db: Session, target: Member, *, chat_id: int, now: datetime) -> list[Measure]:
    """What keeps somebody silent in a group now."""
    query = select(Measure).where(
        Measure.chat_id == chat_id,
        Measure.member_id == target.id,
        col(Measure.kind).in_([Kind.MUTE, Kind.FLOOD]),
        col(Measure.undone_at).is_(None),
        col(Measure.until) > now,
    )
    return list(db.exec(query.order_by(col(Measure.id))))


def log(db: Session, *, limit: int, before: int | None = None) -> list[Measure]:
    """The newest entries, or those older than the entry `before`."""
    query = select(Measure).order_by(col(Measure.id).desc()).limit(limit)
    if before is not None:
        query = query.where(col(Measure.id) < before)
    return list(db.exec(query))

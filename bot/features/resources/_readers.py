"""What readers say of a resource: that it helped, or that it should not be there; and who is thanked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, update
from sqlmodel import Session, col, select

from bot.features.people import Member
from bot.features.resources._tables import ResourceHelped, ResourceReport, SharedResource, State, Why

GATHERED = timedelta(days=7)
"""Thanks are gathered this long before their giver hears of them."""


def say_helped(db: Session, member: Member, resource_id: str, shared: SharedResource | None, *, now: datetime) -> bool:
    """A reader says that it helped; False when they have said so before. The giver's own word does not count."""
    if db.get(ResourceHelped, (member.id, resource_id)) is not None:
        return False
    db.add(ResourceHelped(member_id=member.id or 0, resource_id=resource_id, at=now))
    db.flush()
    if shared is not None and shared.suggested_by != member.id:
        more = update(SharedResource).where(col(SharedResource.id) == shared.id)
        db.exec(more.values(helped=SharedResource.helped + 1))
        db.refresh(shared)
    return True


def helped_count(db: Session, resource_id: str) -> int:
    """How many readers it has helped."""
    return db.exec(
        select(func.count()).select_from(ResourceHelped).where(ResourceHelped.resource_id == resource_id)
    ).one()


def to_thank(db: Session, *, now: datetime, limit: int) -> list[SharedResource]:
    """What has helped readers of whom its giver has not heard, at most once a week for each."""
    waits = or_(col(SharedResource.thanked_at).is_(None), col(SharedResource.thanked_at) <= now - GATHERED)
    fresh = select(SharedResource).where(
        col(SharedResource.helped) > 0,
        col(SharedResource.helped) > col(SharedResource.thanked),
        SharedResource.state == State.APPROVED,
        col(SharedResource.suggested_by).is_not(None),
        waits,
    )
    return list(db.exec(fresh.order_by(col(SharedResource.id)).limit(limit)))


def thanked(shared: SharedResource, *, reached: bool, now: datetime) -> None:
    """The giver has heard of it, or is left alone for another week."""
    shared.thanked_at = now
    if reached:
        shared.thanked = shared.helped


def report(db: Session, member: Member, shared: SharedResource, why: Why, *, now: datetime) -> ResourceReport | None:
    """A reader says what is wrong with it; None when they have said so before, or it is not on the shelf."""
    before = select(ResourceReport.id).where(
        ResourceReport.shared_id == shared.id, ResourceReport.member_id == member.id
    )
    if shared.state is not State.APPROVED or db.exec(before).first() is not None:
        return None
    made = ResourceReport(shared_id=shared.id or 0, member_id=member.id or 0, why=why, at=now)
    db.add(made)
    db.flush()
    return made


def take_off(shared: SharedResource, *, by: Member, now: datetime) -> bool:
    """Take it off the shelf; False when it is not there."""
    if shared.state is not State.APPROVED:
        return False
    shared.state, shared.decided_by, shared.decided_at = State.WITHDRAWN, by.id, now
    return True


def put_back(shared: SharedResource, *, by: Member, now: datetime) -> bool:
    """Put it back on the shelf; False when it was not taken off."""
    if shared.state is not State.WITHDRAWN:
        return False
    shared.state, shared.decided_by, shared.decided_at = State.APPROVED, by.id, now
    return True


def helped_by(db: Session, member: Member) -> Sequence[ResourceHelped]:
    """What has helped somebody, oldest first."""
    mine = select(ResourceHelped).where(ResourceHelped.member_id == member.id)
    return db.exec(mine.order_by(col(ResourceHelped.at), col(ResourceHelped.resource_id))).all()


def reports_by(db: Session, member: Member) -> Sequence[ResourceReport]:
    """What somebody reported, oldest first."""
    mine = select(ResourceReport).where(ResourceReport.member_id == member.id)
    return db.exec(mine.order_by(col(ResourceReport.id))).all()


def forget_reader(db: Session, member: Member) -> None:
    """Delete what somebody said of resources, and what others said of theirs that goes; counts stay."""
    theirs = select(SharedResource.id).where(
        SharedResource.suggested_by == member.id, SharedResource.state != State.APPROVED
    )
    db.exec(delete(ResourceHelped).where(col(ResourceHelped.member_id) == member.id))
    db.exec(
        delete(ResourceReport).where(
            or_(col(ResourceReport.member_id) == member.id, col(ResourceReport.shared_id).in_(theirs))
        )
    )

"""Versions looked up: by where they stand, by their review date, and as the library takes them in."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, func, literal, update
from sqlmodel import Session, col, select

from bot.features.entries._tables import Change, Given, State, Version
from bot.features.people import Member

REMIND_EVERY = timedelta(days=7)


def all_published(db: Session) -> list[Version]:
    """Every version that people are shown now, oldest first."""
    return in_state(db, State.PUBLISHED, limit=None)


def in_state(db: Session, state: State, *, limit: int | None = 20) -> list[Version]:
    """Versions that stand there, oldest first."""
    return list(db.exec(select(Version).where(Version.state == state).order_by(col(Version.id)).limit(limit)))


def published_since(db: Session, moment: datetime, *, limit: int) -> list[Version]:
    """What was published after a moment and is still shown, newest first."""
    query = select(Version).where(Version.state == State.PUBLISHED, col(Version.published_at) > moment)
    return list(db.exec(query.order_by(col(Version.published_at).desc()).limit(limit)))


def stamp(db: Session) -> int:
    """A number that grows whenever something is published or retracted, in whatever order transactions end."""
    made, ended = db.execute(select(func.count(col(Version.published_at)), func.count(col(Version.retracted_at)))).one()
    return int(made) + int(ended)


def is_past_review(db: Session, entry_id: str, *, now: datetime) -> bool:
    """Whether somebody should have looked at the entry again by now."""
    due = exists(select(literal(1)).where(*_past(now), Version.entry_id == entry_id))
    return bool(db.execute(select(due)).scalar())


def past_review(db: Session, *, now: datetime) -> list[Version]:
    """Published versions whose day has passed, longest first."""
    return list(db.exec(select(Version).where(*_past(now)).order_by(col(Version.review_by), col(Version.id))))


def to_remind(db: Session, *, now: datetime) -> list[Version]:
    """Those past their day of which nobody was told within a week, one of each entry; they count as told from now on."""
    asked: dict[str, Version] = {}
    for version in past_review(db, now=now):
        if version.reminded_at is None or version.reminded_at <= now - REMIND_EVERY:
            asked.setdefault(version.entry_id, version)
            version.reminded_at = now
    return list(asked.values())


def to_check(db: Session) -> list[Version]:
    """Published changes whose other language nobody has looked at."""
    return list(
        db.exec(
            select(Version).where(Version.state == State.PUBLISHED, col(Version.to_check)).order_by(col(Version.id))
        )
    )


def written_by(db: Session, member: Member) -> list[Version]:
    """Versions that somebody submitted or began."""
    return list(db.exec(select(Version).where(Version.author_id == member.id).order_by(col(Version.id))))


def forget(db: Session, member: Member) -> None:
    """Delete what somebody was given and their unfinished drafts; what was published stays, without a name."""
    db.execute(delete(Given).where(col(Given.member_id) == member.id))
    db.execute(delete(Version).where(col(Version.author_id) == member.id, col(Version.state) == State.DRAFT))
    for version in db.exec(select(Version)):
        version.hands = [hand for hand in version.hands if hand != member.id]
    for name in ("author_id", "owner_id", "decided_by"):
        db.execute(update(Version).where(getattr(Version, name) == member.id).values({name: None}))
    db.execute(update(Change).where(col(Change.decided_by) == member.id).values(decided_by=None))


def _past(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return col(Version.state) == State.PUBLISHED, col(Version.review_by) < now

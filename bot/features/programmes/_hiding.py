"""Cards that should not be there as they are: readers report them, organizers hide them with a reason, and undo it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session, col, select

from bot.errors import TextTooLong, Unclear
from bot.features.people import Member
from bot.features.programmes._finding import reindex
from bot.features.programmes._life import confirm, get
from bot.features.programmes._tables import Programme, ProgrammeHiding, ProgrammeReport, Why
from bot.features.programmes._weeks import step_back

REASON_LIMIT = 300
_reports: Any = ProgrammeReport.__table__  # type: ignore[attr-defined]


def report(db: Session, programme: Programme, by: Member, why: Why, *, now: datetime) -> int | None:
    """Note what a reader says is wrong; the report's id, or None where they have said so before."""
    insert_one = insert_sqlite if db.connection().dialect.name == "sqlite" else insert_postgres
    row = {"programme_id": programme.id, "reporter_id": by.id, "why": why, "said_at": now}
    made = insert_one(_reports).values(row).on_conflict_do_nothing().returning(_reports.c.id)
    return db.execute(made).scalar_one_or_none()


def locked(db: Session, programme_id: int) -> Programme:
    """A card that nobody else hides or shows meanwhile; raises Outdated."""
    programme = get(db, programme_id)
    db.refresh(programme, with_for_update=True)
    return programme


def hide(db: Session, programme: Programme, *, by: Member, reason: str, now: datetime) -> ProgrammeHiding | None:
    """Take it out of the community's sight; None when it is hidden already. Raises Unclear or TextTooLong."""
    words = " ".join(reason.split()).rstrip(".。 ")
    if not words:
        raise Unclear("reason")
    if len(words) > REASON_LIMIT:
        raise TextTooLong(REASON_LIMIT, len(words))
    if programme.hidden_at is not None:
        return None
    made = ProgrammeHiding(programme_id=programme.id or 0, reason=words, hidden_by=by.id, hidden_at=now)
    db.add(made)
    step_back(db, programme, now=now)
    programme.hidden_at, programme.remind_at = now, None
    db.flush()
    reindex(db, programme)
    return made


def unhide(db: Session, programme: Programme, *, by: Member, now: datetime) -> bool:
    """Let the community see it again; False when it was not hidden."""
    hiding = hiding_of(db, programme)
    if hiding is None:
        return False
    hiding.undone_by, hiding.undone_at, programme.hidden_at = by.id, now, None
    if programme.published_at is not None:
        confirm(programme, now=now)
    db.flush()
    reindex(db, programme)
    return True


def hiding_of(db: Session, programme: Programme) -> ProgrammeHiding | None:
    """Why and by whom a card is hidden now; None where it is not."""
    if programme.hidden_at is None:
        return None
    query = select(ProgrammeHiding).where(ProgrammeHiding.programme_id == programme.id)
    return db.exec(query.where(col(ProgrammeHiding.undone_at).is_(None))).first()


def hidings(db: Session, *, limit: int) -> list[ProgrammeHiding]:
    """The log: what was hidden, the newest first."""
    return list(db.exec(select(ProgrammeHiding).order_by(col(ProgrammeHiding.id).desc()).limit(limit)))


def reports_by(db: Session, member: Member) -> list[ProgrammeReport]:
    """What somebody said was wrong."""
    query = select(ProgrammeReport).where(ProgrammeReport.reporter_id == member.id)
    return list(db.exec(query.order_by(col(ProgrammeReport.id))))

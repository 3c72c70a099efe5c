"""Who runs a programme, as a condition on people: for whoever writes to some of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, false, func, not_, or_
from sqlmodel import Session, col, select

from bot.features.people import Member, Role
from bot.features.programmes._tables import Programme

RUNS = "runs"
"""The value for people with a published card; "" stands for all others."""


def _runs() -> ColumnElement[bool]:
    theirs = or_(col(Programme.owner_id) == Member.id, col(Programme.co_owner_id) == Member.id)
    return exists().where(theirs, col(Programme.published_at).is_not(None))


def runs_one(values: Sequence[str]) -> ColumnElement[bool]:
    """The condition that somebody has one of these values."""
    wanted = [condition for value, condition in ((RUNS, _runs()), ("", not_(_runs()))) if value in values]
    return or_(*wanted) if wanted else false()


def teams(db: Session) -> list[set[int]]:
    """Whose each card is that colleagues can see, as members' ids."""
    query = select(Programme.owner_id, Programme.co_owner_id)
    seen = query.where(col(Programme.published_at).is_not(None), col(Programme.hidden_at).is_(None))
    return [{one for one in pair if one is not None} for pair in db.exec(seen)]


def audience_values(db: Session) -> dict[str, int]:
    """How many members of the community have each value."""
    many = select(func.count()).select_from(Member).where(col(Member.role) != Role.GUEST)
    running = db.exec(many.where(_runs())).one()
    return {RUNS: running, "": db.exec(many).one() - running}

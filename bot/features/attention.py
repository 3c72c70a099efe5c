"""Attention: what people did not ask for reaches them only when and as often as they want.

Quiet hours hold for everything that is not urgent, mutes and the weekly budget for what nobody asked for. Answers to
somebody's own questions never come here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, Column, delete, func, insert, update
from sqlmodel import Field, Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.db import UtcDateTime, Word
from bot.features.people import Member

QUIET_FROM, QUIET_UNTIL = 22 * 60, 8 * 60
"""Quiet hours unless somebody chooses others: minutes after midnight on their own clock."""

WEEK = timedelta(days=7)
LATENESS = timedelta(hours=1)
"""How much later than it was promised a message may arrive, where thousands get one: it counts in the week of either moment."""

BUDGET = 5
"""How many messages that they did not ask for somebody gets in seven days, unless they choose another number."""


class Kind(StrEnum):
    """What a message that nobody asked for is about; people mute kinds."""

    NOTICES = "notices"
    CONSULTATIONS = "consultations"
    WEBINARS = "webinars"
    COMMUNITY = "community"
    RESOURCES = "resources"


class Preferences(SQLModel, table=True):
    """What somebody chose; who chose nothing has no row. Equal `quiet_from` and `quiet_until` mean no quiet hours."""

    __tablename__ = "attention_preferences"

    member_id: int = Field(foreign_key="members.id", primary_key=True)
    quiet_from: int = QUIET_FROM
    quiet_until: int = QUIET_UNTIL
    muted: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    budget: int = BUDGET


class Unasked(SQLModel, table=True):
    """A message that somebody did not ask for and that counts against their week."""

    __tablename__ = "attention_unasked"

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="members.id", index=True)
    kind: Kind = Field(sa_type=Word(Kind))
    at: datetime = Field(sa_type=UtcDateTime, index=True)


def of(db: Session, member: Member) -> Preferences:
    """What a member chose, or what holds for everybody else; not stored until `keep`."""
    return db.get(Preferences, member.id) or Preferences(member_id=member.id or 0)


def keep(db: Session, preferences: Preferences) -> None:
    """Store what somebody chose."""
    db.merge(preferences)


def after_quiet(preferences: Preferences, zone: str, moment: datetime) -> datetime:
    """`moment`, or the end of the quiet hours that it falls into."""
    if not _is_quiet(preferences, moment.astimezone(ZoneInfo(zone))):
        return moment
    local = moment.astimezone(ZoneInfo(zone))
    hour, minute = divmod(preferences.quiet_until, 60)
    end = datetime.combine(local.date(), time(hour % 24, minute), ZoneInfo(zone))
    if end <= local:
        end = datetime.combine(local.date() + timedelta(days=1), time(hour % 24, minute), ZoneInfo(zone))
    return end.astimezone(moment.tzinfo)


def _is_quiet(preferences: Preferences, local: datetime) -> bool:
    minute = local.hour * 60 + local.minute
    begin, end = preferences.quiet_from, preferences.quiet_until
    return begin <= minute < end if begin <= end else minute >= begin or minute < end


def wakings(db: Session, members: Sequence[Member], *, now: datetime) -> dict[int, datetime]:
    """By member, now or the end of the quiet hours that it falls into. Counts nothing."""
    chosen, usual = _chosen(db, [member.id or 0 for member in members]), Preferences(member_id=0)
    return {
        id_: after_quiet(chosen.get(id_, usual), member.timezone, now)
        for member in members
        if (id_ := member.id or 0)
    }


def moment(
    db: Session,
    member: Member,
    *,
    kind: Kind,
    now: datetime,
    urgent: bool = False,
    asked_for: bool = False,
) -> datetime | None:
    """When a message of this kind may reach a member; None when it may not. Counts against their week unless `asked_for`.

    `urgent` goes through quiet hours, mutes and budget; `asked_for` (a session that they signed up for) through mutes and budget.
    """
    return moments(db, [member], kind=kind, now=now, urgent=urgent, asked_for=asked_for)[member.id or 0]


def moments(
    db: Session,
    members: Sequence[Member],
    *,
    kind: Kind,
    now: datetime,
    urgent: bool = False,
    asked_for: bool = False,
    before: datetime | None = None,
) -> dict[int, datetime | None]:
    """`moment` for many members at once, by their ids; what could only reach them at `before` or later, does not."""
    ids = [member.id or 0 for member in members]
    chosen, usual = _chosen(db, ids), Preferences(member_id=0)
    used = {} if urgent or asked_for else _used(db, ids, since=_week_before(now))
    found: dict[int, datetime | None] = {}
    for member in members:
        mine = chosen.get(member.id or 0, usual)
        held = kind in mine.muted or used.get(member.id or 0, 0) >= mine.budget
        if held and not urgent and not asked_for:
            found[member.id or 0] = None
        else:
            at = now if urgent else after_quiet(mine, member.timezone, now)
            found[member.id or 0] = at if before is None or at < before else None
    if not asked_for:
        counted = [{"member_id": id_, "kind": kind, "at": at} for id_, at in found.items() if at is not None]
        if counted:
            db.execute(insert(Unasked), counted)
    return found


def unspend(db: Session, spent: Mapping[int, datetime], *, kind: Kind) -> None:
    """Messages that were counted, by member and moment, do not go out after all: they count against nobody's week."""
    by_moment: dict[datetime, list[int]] = {}
    for member_id, at in spent.items():
        by_moment.setdefault(at, []).append(member_id)
    for at, ids in by_moment.items():
        for some in _portions(ids):
            counted = (col(Unasked.member_id).in_(some), col(Unasked.kind) == kind, col(Unasked.at) == at)
            one_each = select(func.min(Unasked.id)).where(*counted).group_by(col(Unasked.member_id))
            db.exec(delete(Unasked).where(col(Unasked.id).in_(one_each)))


def make_up(db: Session, *, since: datetime, now: datetime) -> None:
    """What was to reach people while nothing went out, `since` then, reaches them from now on: so it counts in their week."""
    missed = (col(Unasked.at) > since, col(Unasked.at) < now)
    members = db.exec(select(Member).where(col(Member.id).in_(select(Unasked.member_id).where(*missed)))).all()
    by_moment: dict[datetime, list[int]] = {}
    for member_id, at in wakings(db, members, now=now).items():
        by_moment.setdefault(at, []).append(member_id)
    for at, ids in by_moment.items():
        for some in _portions(ids):
            db.exec(update(Unasked).where(*missed, col(Unasked.member_id).in_(some)).values(at=at))


def put_off(db: Session, member: Member, kind: Kind, *, at: datetime, until: datetime) -> None:
    """One message that was counted at a moment reaches somebody at another one: it counts then."""
    counted = select(Unasked).where(Unasked.member_id == member.id, Unasked.kind == kind, Unasked.at == at)
    if (found := db.exec(counted).first()) is not None:
        found.at = until


def _week_before(now: datetime) -> datetime:
    return now - WEEK - LATENESS


def held_back(db: Session, members: Sequence[Member], *, kind: Kind, now: datetime) -> tuple[set[int], set[int]]:
    """Whom a message of this kind would not reach now: those who muted it, and those whose week is full. Counts nothing."""
    ids = [member.id or 0 for member in members]
    chosen, used = _chosen(db, ids), _used(db, ids, since=_week_before(now))
    muted = {id_ for id_ in ids if id_ in chosen and kind in chosen[id_].muted}
    budgets = {id_: chosen[id_].budget if id_ in chosen else BUDGET for id_ in ids}
    return muted, {id_ for id_ in ids if id_ not in muted and used.get(id_, 0) >= budgets[id_]}


def held_back_among(db: Session, ids: SelectOfScalar[int | None], *, kind: Kind, now: datetime) -> tuple[int, int]:
    """`held_back` as two numbers for everybody whom a query names, without loading them: for audiences of thousands."""
    chose = select(Preferences.member_id, Preferences.muted, Preferences.budget)
    rows = db.exec(chose.where(col(Preferences.member_id).in_(ids))).all()
    muted = {member_id for member_id, kinds, _budget in rows if kind in kinds}
    budgets = {member_id: budget for member_id, _kinds, budget in rows}
    counted = select(Unasked.member_id, func.count()).where(Unasked.at > _week_before(now), col(Unasked.member_id).in_(ids))
    used = dict(db.exec(counted.group_by(col(Unasked.member_id))).all())
    full = {id_ for id_ in used.keys() | budgets.keys() if used.get(id_, 0) >= budgets.get(id_, BUDGET)}
    return len(muted), len(full - muted)


_AT_ONCE = 500


def _chosen(db: Session, ids: Sequence[int]) -> dict[int, Preferences]:
    rows: list[Preferences] = []
    for some in _portions(ids):
        rows += db.exec(select(Preferences).where(col(Preferences.member_id).in_(some))).all()
    return {row.member_id: row for row in rows}


def _used(db: Session, ids: Sequence[int], *, since: datetime) -> dict[int, int]:
    used: dict[int, int] = {}
    for some in _portions(ids):
        query = select(Unasked.member_id, func.count()).where(col(Unasked.member_id).in_(some), Unasked.at > since)
        used.update(db.exec(query.group_by(col(Unasked.member_id))).all())
    return used


def _portions(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))


def prune(db: Session, *, now: datetime) -> None:
    """Forget what no week counts any more."""
    db.exec(delete(Unasked).where(col(Unasked.at) < now - WEEK - timedelta(days=1)))


def forget(db: Session, member: Member) -> None:
    """Delete what somebody chose and what was counted."""
    db.exec(delete(Unasked).where(col(Unasked.member_id) == member.id))
    db.exec(delete(Preferences).where(col(Preferences.member_id) == member.id))

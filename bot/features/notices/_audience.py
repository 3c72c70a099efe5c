"""To whom a notice goes: conditions on people, combined with "and" and "not", and particular groups.

An audience is `{"people": bool, "where": {field: {"in": […], "not": […]}}, "groups": [chat ids]}`. All conditions have to
hold; several values of one condition are alternatives; the value "" stands for what somebody has not said. Guests are
left out unless the role of a guest is asked for. Without `people` only the groups get it; an empty audience is nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.features import attention
from bot.features.notices._tables import Notice, NoticeSignup, State
from bot.features.people import Member, Role
from bot.i18n import Language

Audience = dict[str, Any]

NOBODY: Audience = {}
EVERYONE: Audience = {"people": True, "where": {}, "groups": []}
UNSAID = ""
"""The value that stands for "has not said"."""


def _among(column: Any) -> Callable[[Sequence[str]], ColumnElement[bool]]:
    def holds(values: Sequence[str]) -> ColumnElement[bool]:
        said = [value for value in values if value != UNSAID]
        is_one = and_(column.is_not(None), column.in_(said)) if said else false()
        return or_(is_one, column.is_(None), column == UNSAID) if UNSAID in values else is_one

    return holds


def _signed_up(values: Sequence[str]) -> ColumnElement[bool]:
    numbers = [int(value) for value in values]
    return exists().where(col(NoticeSignup.member_id) == col(Member.id), col(NoticeSignup.notice_id).in_(numbers))


FIELDS: dict[str, Callable[[Sequence[str]], ColumnElement[bool]]] = {
    "role": _among(col(Member.role)),
    "language": _among(col(Member.language)),
    "cohort": _among(col(Member.cohort)),
    "city": _among(col(Member.city)),
    "workplace": _among(col(Member.workplace)),
    "profession": _among(col(Member.profession)),
    "answered": _signed_up,
}
"""What can be asked of people: a field's name, and how its values become a condition. A further one needs a line here."""

Values = Callable[[Session], dict[str, int]]
_VALUES: dict[str, Values] = {}


def ask_also(field: str, condition: Callable[[Sequence[str]], ColumnElement[bool]], found: Values) -> None:
    """Let audiences be chosen by what another feature knows of people: its condition, and the values there are."""
    FIELDS[field], _VALUES[field] = condition, found


@dataclass(frozen=True)
class Count:
    """Whom an audience reaches, people and groups; and whom not: they blocked the bot, never opened it, have not agreed."""

    people: int = 0
    groups: int = 0
    blocked: int = 0
    never_started: int = 0
    not_agreed: int = 0

    @property
    def chats(self) -> int:
        """How many chats it goes to."""
        return self.people + self.groups

    @property
    def unreachable(self) -> int:
        """How many of the people meant cannot be written to."""
        return self.blocked + self.never_started + self.not_agreed


def _meant(audience: Mapping[str, Any]) -> ColumnElement[bool]:
    """Everybody who is meant, whether or not they can be written to."""
    if not audience.get("people"):
        return false()
    where: Mapping[str, Mapping[str, Sequence[str]]] = audience.get("where") or {}
    conditions = []
    if Role.GUEST not in where.get("role", {}).get("in", ()):
        conditions.append(col(Member.role) != Role.GUEST)
    for field, chosen in where.items():
        if chosen.get("in"):
            conditions.append(FIELDS[field](chosen["in"]))
        if chosen.get("not"):
            conditions.append(not_(FIELDS[field](chosen["not"])))
    return and_(*conditions) if conditions else col(Member.id).is_not(None)


def _reached(audience: Mapping[str, Any]) -> ColumnElement[bool]:
    return and_(
        _meant(audience),
        col(Member.started_at).is_not(None),
        col(Member.unreachable_at).is_(None),
        col(Member.consented_at).is_not(None),
    )


def ids(audience: Mapping[str, Any]) -> SelectOfScalar[int | None]:
    """The query for the ids of everybody whom the audience reaches."""
    return select(col(Member.id)).where(_reached(audience))


def members(db: Session, audience: Mapping[str, Any], *, after: int = 0, limit: int | None = None) -> list[Member]:
    """The people whom an audience reaches, by id, those behind `after`: in portions where there are thousands."""
    query = select(Member).where(_reached(audience), col(Member.id) > after).order_by(col(Member.id))
    return list(db.exec(query.limit(limit) if limit is not None else query))


def meant(db: Session, audience: Mapping[str, Any], *, after: int = 0, limit: int) -> list[tuple[int, int, Language]]:
    """Who is meant, also if they cannot be written to: id, Telegram id and language, by id, those behind `after`."""
    query = select(col(Member.id), col(Member.telegram_id), col(Member.language)).where(_meant(audience))
    found = db.exec(query.where(col(Member.id) > after).order_by(col(Member.id)).limit(limit))
    return [(id_ or 0, telegram_id, language) for id_, telegram_id, language in found]


def chats(audience: Mapping[str, Any]) -> list[int]:
    """The groups of an audience, by their chat ids."""
    return [int(chat_id) for chat_id in audience.get("groups") or ()]


def count(db: Session, audience: Mapping[str, Any]) -> Count:
    """The exact numbers, now."""
    started, blocked, agreed = (
        col(Member.started_at).is_not(None),
        col(Member.unreachable_at).is_not(None),
        col(Member.consented_at).is_not(None),
    )
    numbers = {"people": 0, "blocked": 0, "never_started": 0, "not_agreed": 0}
    query = select(started, blocked, agreed, func.count()).where(_meant(audience)).group_by(started, blocked, agreed)
    for has_started, has_blocked, has_agreed, number in db.exec(query):
        numbers[_standing(has_started, has_blocked, has_agreed)] += number
    return Count(groups=len(chats(audience)), **numbers)


def _standing(started: bool, blocked: bool, agreed: bool) -> str:
    if blocked:
        return "blocked"
    if not started:
        return "never_started"
    return "people" if agreed else "not_agreed"


def readers(db: Session, audience: Mapping[str, Any]) -> dict[Language, int]:
    """How many of the people whom it reaches read each language."""
    query = select(col(Member.language), func.count()).where(_reached(audience)).group_by(col(Member.language))
    return dict(db.exec(query).all())


def held_back(db: Session, notice: Notice, *, now: datetime) -> tuple[int, int]:
    """How many of those whom it reaches muted its kind, and how many have had their week's messages; urgent goes to all."""
    if notice.urgent:
        return 0, 0
    return attention.held_back_among(db, ids(notice.audience), kind=notice.kind, now=now)


def values(db: Session, field: str) -> dict[str, int]:
    """The values that people have in a field, with how many members of the community have each, the most frequent first."""
    if field in _VALUES:
        return _VALUES[field](db)
    column = {
        "cohort": Member.cohort,
        "city": Member.city,
        "workplace": Member.workplace,
        "profession": Member.profession,
        "language": Member.language,
        "role": Member.role,
    }[field]
    query = select(col(column), func.count()).group_by(col(column)).order_by(func.count().desc(), col(column))
    if field != "role":
        query = query.where(col(Member.role) != Role.GUEST)
    found: dict[str, int] = {}
    for value, number in db.exec(query):
        found[value or UNSAID] = found.get(value or UNSAID, 0) + number
    return found


def sign_ups(db: Session) -> dict[str, int]:
    """The notices that people signed up under, the newest first, with how many did."""
    number = func.count(col(NoticeSignup.member_id).distinct())
    query = select(NoticeSignup.notice_id, number).group_by(col(NoticeSignup.notice_id))
    return {str(notice_id): many for notice_id, many in db.exec(query.order_by(col(NoticeSignup.notice_id).desc()))}


def turned(audience: Mapping[str, Any], field: str, value: str, way: str) -> Audience:
    """The audience with one value `in` or `not` in a field, or in neither (`off`)."""
    where = {name: {k: list(v) for k, v in chosen.items()} for name, chosen in (audience.get("where") or {}).items()}
    chosen = where.setdefault(field, {})
    for side in ("in", "not"):
        kept = [one for one in chosen.get(side, []) if one != value] + ([value] if side == way else [])
        chosen[side] = kept
    where[field] = {side: kept for side, kept in chosen.items() if kept}
    where = {name: kept for name, kept in where.items() if kept}
    return {"people": True, "where": where, "groups": chats(audience)}


def opposite(audience: Mapping[str, Any], field: str) -> Audience:
    """The audience with a field's condition turned round: what was wanted is excluded, what was excluded is wanted."""
    where = dict(audience.get("where") or {})
    chosen = where.get(field, {})
    where[field] = {new: chosen[old] for new, old in (("in", "not"), ("not", "in")) if chosen.get(old)}
    return {"people": True, "where": where, "groups": chats(audience)}


def without(audience: Mapping[str, Any], field: str) -> Audience:
    """The audience without its condition on a field."""
    where = {name: chosen for name, chosen in (audience.get("where") or {}).items() if name != field}
    return {"people": bool(audience.get("people")), "where": where, "groups": chats(audience)}


def with_group(audience: Mapping[str, Any], chat_id: int, *, on: bool) -> Audience:
    """The audience with or without a group; whether people get it stays as it is."""
    others = [other for other in chats(audience) if other != chat_id]
    kept = {"people": bool(audience.get("people")), "where": dict(audience.get("where") or {})}
    return kept | {"groups": sorted([*others, chat_id] if on else others)}


def move_audiences(db: Session, old: int, new: int) -> None:
    """A group became a supergroup: what is to go there still goes there."""
    waiting = (State.DRAFT, State.ASKED, State.SCHEDULED)
    for notice in db.exec(select(Notice).where(col(Notice.state).in_(waiting))):
        if old in chats(notice.audience):
            notice.audience = with_group(with_group(notice.audience, old, on=False), new, on=True)

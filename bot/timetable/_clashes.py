"""Nobody can be in two sessions at once: what a person already does at a time, planned weeks ahead or further."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from sqlmodel import Session, col, select

from bot.errors import CannotPlan
from bot.timetable._recurrence import Occurrence, Recurrence, recurrence_of
from bot.timetable._tables import Series, SeriesPerson, SessionPerson, SessionRow, State

AHEAD = timedelta(days=366)
"""How far ahead two series are compared."""

_LONGEST = timedelta(hours=12)


def refuse_clashes(
    db: Session,
    members: Collection[int],
    one: Occurrence,
    *,
    now: datetime,
    but: Collection[int] = (),
    but_series: Collection[int] = (),
) -> None:
    """Raise CannotPlan when one of these members is in another session then; `but` are sessions that do not count."""
    taken = _taken(db, members, one.starts_at, one.ends_at, but=but, but_series=but_series)
    _refuse([one], sorted(taken))


def refuse_clashes_of_a_series(
    db: Session,
    when: Recurrence,
    members: Collection[int],
    *,
    now: datetime,
    but: Collection[int] = (),
    but_series: Collection[int] = (),
) -> None:
    """The same for a whole series, a year ahead; a series whose own sessions overlap is refused for everybody."""
    coming = when.between(now, now + AHEAD)
    for before, after in pairwise(coming):
        if before.ends_at > after.starts_at:
            raise CannotPlan("overlap", when=after.starts_at, who=None)
    if members and coming:
        taken = _taken(db, members, now, now + AHEAD, but=but, but_series=but_series)
        _refuse(coming, sorted(taken))


Taken = tuple[datetime, datetime, int]
"""From when to when a member is in a session."""


def _refuse(wished: Sequence[Occurrence], taken: Sequence[Taken]) -> None:
    for one in wished:
        for start, end, member in taken:
            if start < one.ends_at and one.starts_at < end:
                raise CannotPlan("overlap", when=start, who=member)


def _taken(
    db: Session,
    members: Collection[int],
    start: datetime,
    end: datetime,
    *,
    but: Collection[int],
    but_series: Collection[int],
) -> set[Taken]:
    return set(_planned(db, members, start, end, but)) | set(_to_come(db, members, start, end, but_series))


def _planned(
    db: Session, members: Collection[int], start: datetime, end: datetime, but: Collection[int]
) -> Iterator[Taken]:
    query = (
        select(SessionRow.starts_at, SessionRow.ends_at, SessionPerson.member_id)
        .join(SessionPerson, col(SessionPerson.session_id) == col(SessionRow.id))
        .where(
            col(SessionPerson.member_id).in_(members),
            SessionRow.state == State.PLANNED,
            col(SessionRow.starts_at) < end,
            col(SessionRow.ends_at) > start,
            col(SessionRow.id).not_in(but),
        )
    )
    yield from db.exec(query)


def _to_come(
    db: Session, members: Collection[int], start: datetime, end: datetime, but_series: Collection[int]
) -> Iterator[Taken]:
    """Times of their series for which there is no session yet."""
    query = (
        select(Series, SeriesPerson.member_id)
        .join(SeriesPerson, col(SeriesPerson.series_id) == col(Series.id))
        .where(
            col(SeriesPerson.member_id).in_(members), col(Series.ended_at).is_(None), col(Series.id).not_in(but_series)
        )
    )
    for series, member in db.exec(query):
        there = set(db.exec(select(SessionRow.occurrence).where(SessionRow.series_id == series.id)))
        for one in recurrence_of(series).between(start - _LONGEST, end):
            if one.wall.isoformat() not in there and one.ends_at > start:
                yield one.starts_at, one.ends_at, member

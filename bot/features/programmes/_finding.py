"""Finding cards by words and filters. The index is made of what each circle of readers sees, so nobody finds more than that."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, insert, or_
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.errors import Outdated, TextTooLong
from bot.features.people import Member, Role
from bot.features.programmes import cities
from bot.features.programmes._fields import FUNCTIONS
from bot.features.programmes._tables import Level, Programme, ProgrammeCount, ProgrammeSearch, ProgrammeTerm
from bot.features.programmes._view import View, view
from bot.search import findable

FILTERS = ("city", "workplace", "function", "format")
WORDS_LIMIT = 100
LONGEST = 30
KEPT = timedelta(days=7)
FARTHEST = 50
"""The last page that can be turned to; whoever has not found it by then adds a word or a filter."""

_ALL = "*"
_FILTER = "="
_SAMPLE = 200
_RUNS = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+")
_LAST = "\U0010ffff"
_counts: Any = ProgrammeCount.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Found:
    """One page of cards as the reader sees them; `more` says whether others follow."""

    views: list[View]
    more: bool


def reindex(db: Session, programme: Programme) -> None:
    """Read a card anew: each term is kept with the widest circle that sees it; a draft is found by nobody."""
    levels: dict[str, int] = {}
    for level in reversed(Level) if programme.published_at is not None else ():
        levels |= dict.fromkeys(_terms(view(programme, level)), level.rank)
    mine = col(ProgrammeTerm.programme_id) == programme.id
    filters = select(ProgrammeTerm.term, ProgrammeTerm.level).where(mine, *_among(_FILTER))
    change = Counter((term, rank) for term, rank in levels.items() if term.startswith(_FILTER))
    change.subtract((term, rank) for term, rank in db.exec(filters))
    db.execute(delete(ProgrammeTerm).where(mine))
    rows = [{"programme_id": programme.id, "term": term, "level": rank} for term, rank in levels.items()]
    if rows:
        db.execute(insert(ProgrammeTerm), rows)
    _count(db, change)


def _among(start: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """That a term begins so, as an index knows it."""
    term = col(ProgrammeTerm.term)
    return term >= start, term < start + _LAST


def _count(db: Session, change: Mapping[tuple[str, int], int]) -> None:
    """So many cards more or fewer have these values; in one order, so that two who count do not wait for each other."""
    insert_one = insert_sqlite if db.connection().dialect.name == "sqlite" else insert_postgres
    for (term, level), number in sorted(change.items()):
        if number:
            row = insert_one(_counts).values(term=term, level=level, number=number)
            more = _counts.c.number + row.excluded.number
            db.execute(row.on_conflict_do_update(index_elements=["term", "level"], set_={"number": more}))


def _terms(seen: View) -> Iterator[str]:
    """Everything by which whoever sees this may find it."""
    if not seen:
        return
    yield _ALL
    for field, value in seen.fields.items():
        yield from _filters(field, value)
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and field not in ("workplace", "format"):
                yield from _words(text)
        if field == "city" and (city := cities.place(value).city) is not None:
            yield from _words(f"{city.en} {city.zh}")


def _filters(field: str, value: Any) -> Iterator[str]:
    if field == "city":
        yield filter_term("city", cities.place(value).key)
    elif field == "workplace":
        yield filter_term("workplace", value)
    elif field == "format":
        yield from (filter_term("format", one) for one in value)
    elif field in FUNCTIONS:
        yield filter_term("function", field)


def filter_term(name: str, value: str) -> str:
    """A filter's value as a term; no word begins so."""
    return f"{_FILTER}{name}:{value}"


def _words(text: str) -> Iterator[str]:
    """Latin words whole, Chinese ones in pairs and with the last character alone."""
    for run in _RUNS.findall(findable(text)):
        if _is_chinese(run):
            yield from (run[at : at + 2] for at in range(len(run)))
        else:
            yield run[:LONGEST]


def _is_chinese(run: str) -> bool:
    return "\u3400" <= run[0] <= "\u9fff"


def search_of(db: Session, member: Member) -> ProgrammeSearch | None:
    """What the member looks for at present."""
    return db.get(ProgrammeSearch, member.id)


def look(
    db: Session, member: Member, *, words: str = "", filters: Mapping[str, str] | None = None, now: datetime
) -> ProgrammeSearch:
    """Keep what the member looks for from now on; raises TextTooLong, or Outdated for a filter that is none."""
    line = " ".join(words.split())
    if len(line) > WORDS_LIMIT:
        raise TextTooLong(WORDS_LIMIT, len(line))
    if set(filters or ()) - set(FILTERS):
        raise Outdated
    wanted = ProgrammeSearch(member_id=member.id or 0, words=line, filters=dict(filters or {}), searched_at=now)
    return db.merge(wanted)


def prune(db: Session, *, now: datetime) -> None:
    """Forget what was looked for a week ago."""
    db.execute(delete(ProgrammeSearch).where(col(ProgrammeSearch.searched_at) < now - KEPT))


def find(
    db: Session,
    reader: Member,
    *,
    words: str = "",
    filters: Mapping[str, str] | None = None,
    page: int = 0,
    size: int = 8,
) -> Found:
    """A page of the published cards that the reader may see and that hold all the words and values, newest first."""
    usable = _RUNS.findall(findable(words))
    if words.strip() and not usable:
        return Found([], more=False)
    circle = _circle_of(db, reader)
    term, card = col(ProgrammeTerm.term), aliased(ProgrammeTerm)
    conditions = [condition for run in usable for condition in _conditions(run)]
    conditions += [term == filter_term(name, value) for name, value in (filters or {}).items()]
    query: Any = select(card.programme_id).where(card.term == _ALL, circle.sees(card))
    for condition in conditions:
        query = query.where(_holds(db, card, condition & circle.sees(ProgrammeTerm)))
    at = min(max(page, 0), FARTHEST)
    newest = query.order_by(col(card.programme_id).desc()).offset(at * size).limit(size + 1)
    ids = list(db.exec(newest))
    cards = {card.id: card for card in db.exec(select(Programme).where(col(Programme.id).in_(ids[:size])))}
    seen = [view(cards[id_], reader) for id_ in ids[:size] if id_ in cards]
    return Found([one for one in seen if one], more=len(ids) > size and at < FARTHEST)


@dataclass(frozen=True)
class _Circle:
    """The terms by which a reader may find a card: those of what they see of it."""

    rank: int
    own: tuple[int, ...]

    def sees(self, terms: Any) -> ColumnElement[bool]:
        seen: ColumnElement[bool] = col(terms.level) <= self.rank
        return or_(seen, col(terms.programme_id).in_(self.own)) if self.own else seen


def _circle_of(db: Session, reader: Member) -> _Circle:
    mine = or_(col(Programme.owner_id) == reader.id, col(Programme.co_owner_id) == reader.id)
    own = tuple(id_ for id_ in db.exec(select(Programme.id).where(mine)) if id_ is not None)
    if not reader.role.reaches(Role.TRAINEE):
        return _Circle(-1, own)
    level = Level.ORGANIZERS if reader.role.reaches(Role.ORGANIZER) else Level.COMMUNITY
    return _Circle(level.rank, own)


def _conditions(run: str) -> Iterator[ColumnElement[bool]]:
    """What a card's terms have to be for it to hold this run of letters; Latin words are found by their beginning."""
    term = col(ProgrammeTerm.term)
    if _is_chinese(run) and len(run) > 1:
        yield from (term == run[at : at + 2] for at in range(len(run) - 1))
    else:
        yield (term >= run[:LONGEST]) & (term < run[:LONGEST] + _LAST)


def _holds(db: Session, card: Any, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """A rare term is fetched; a common one is checked on the way down from the newest card."""
    having = select(ProgrammeTerm.programme_id).where(condition)
    some = having.limit(_SAMPLE).subquery()
    if db.exec(select(func.count()).select_from(some)).one() < _SAMPLE:
        return col(card.programme_id).in_(having)
    return exists().where(condition, col(ProgrammeTerm.programme_id) == card.programme_id)


def values(db: Session, reader: Member, name: str) -> dict[str, int]:
    """A filter's values with how many cards the reader may find by each, the most frequent first; raises Outdated."""
    if name not in FILTERS:
        raise Outdated
    start, circle = filter_term(name, ""), _circle_of(db, reader)
    counted = select(ProgrammeCount.term, func.sum(ProgrammeCount.number)).where(
        col(ProgrammeCount.term) >= start, col(ProgrammeCount.term) < start + _LAST, ProgrammeCount.level <= circle.rank
    )
    found = Counter(dict(db.exec(counted.group_by(col(ProgrammeCount.term))).all()))
    own = select(ProgrammeTerm.term).where(col(ProgrammeTerm.programme_id).in_(circle.own), *_among(start))
    found.update(db.exec(own.where(ProgrammeTerm.level > circle.rank)) if circle.own else ())
    in_order = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    return {term.removeprefix(start): many for term, many in in_order if many}

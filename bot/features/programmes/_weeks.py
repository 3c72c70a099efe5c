"""Poster weeks: opened by organizers, agreed to by authors, one card a day, with applause, and an end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, insert
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session, col, select

from bot.errors import CardUnfit, NotYours, Outdated
from bot.features.people import Member
from bot.features.programmes._tables import (
    Answer,
    Level,
    Poster,
    PosterKudos,
    PosterQuestion,
    PosterWeek,
    Programme,
    ProgrammeTerm,
)

DAYS = 7
FARTHEST = timedelta(days=60)
"""How far ahead a week can begin."""

HALF_YEAR = timedelta(weeks=26)
ENOUGH = 3
"""Cards that make a week worth planning."""

_LARGEST_ID = 2**31 - 1
_weeks: Any = PosterWeek.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Echo:
    """What came of a card: questions, how many of them were answered, and applause."""

    questions: int
    answered: int
    kudos: int


def current(db: Session) -> PosterWeek | None:
    """The poster week that is planned or under way."""
    return db.exec(select(PosterWeek).where(PosterWeek.slot == 1)).first()


def latest(db: Session) -> PosterWeek | None:
    """The last week that is over."""
    over = select(PosterWeek).where(col(PosterWeek.slot).is_(None)).order_by(col(PosterWeek.first).desc())
    return db.exec(over.limit(1)).first()


def open_week(db: Session, by: Member, *, first: date, today: date, now: datetime) -> PosterWeek:
    """Plan a week from `first` on; of two organizers the later one hears CardUnfit. Raises Outdated for a day that is past."""
    if not today < first <= today + FARTHEST:
        raise Outdated
    insert_one = insert_sqlite if db.connection().dialect.name == "sqlite" else insert_postgres
    row = {"slot": 1, "first": first, "opened_by": by.id, "opened_at": now}
    made = db.execute(
        insert_one(_weeks).values(row).on_conflict_do_nothing().returning(_weeks.c.id)
    ).scalar_one_or_none()
    week = db.get(PosterWeek, made) if made is not None else None
    if week is None:
        raise CardUnfit("week")
    return week


def open_one(db: Session, week_id: int) -> PosterWeek:
    """The week behind a button, which nobody else changes meanwhile; raises Outdated when it is over."""
    query = select(PosterWeek).where(PosterWeek.id == week_id, PosterWeek.slot == 1).with_for_update()
    week = db.exec(query).one_or_none() if 0 < week_id <= _LARGEST_ID else None
    if week is None:
        raise Outdated
    return week


def move(week: PosterWeek, *, first: date, today: date) -> date:
    """Let it begin on another day; gives the one before. Raises Outdated once it has begun, and for a day that is past."""
    if today >= week.first or not today < first <= today + FARTHEST:
        raise Outdated
    before, week.first = week.first, first
    return before


def long_ago(db: Session, *, today: date) -> PosterWeek | None:
    """The last week, where the next one is due: half a year has passed, none is planned, and nobody was told so yet."""
    last = latest(db)
    if last is None or last.nudged_at is not None or last.first + HALF_YEAR > today or current(db) is not None:
        return None
    shown = select(ProgrammeTerm.programme_id).where(ProgrammeTerm.term == "*")
    some = db.exec(shown.where(ProgrammeTerm.level == Level.COMMUNITY.rank).limit(ENOUGH)).all()
    return last if len(some) == ENOUGH else None


def candidates(db: Session, week: PosterWeek, *, limit: int) -> list[Programme]:
    """Cards that the community sees and whose authors were not asked for this week: those never presented first."""
    last = select(func.max(Poster.presented_on)).where(col(Poster.programme_id) == col(Programme.id)).scalar_subquery()
    asked = select(Poster.programme_id).where(Poster.week_id == week.id)
    shown = and_(col(ProgrammeTerm.programme_id) == Programme.id, col(ProgrammeTerm.term) == "*")
    query = select(Programme).join(ProgrammeTerm, shown).where(col(ProgrammeTerm.level) == Level.COMMUNITY.rank)
    query = query.where(col(Programme.id).not_in(asked))
    order = (last.is_not(None), last, col(Programme.confirmed_at).desc(), col(Programme.id))
    return list(db.exec(query.order_by(*order).limit(limit)))


def invite(db: Session, week: PosterWeek, programmes: list[Programme]) -> list[Poster]:
    """These authors are asked."""
    posters = [Poster(week_id=week.id or 0, programme_id=programme.id or 0) for programme in programmes]
    db.add_all(posters)
    db.flush()
    return posters


def poster(db: Session, poster_id: int) -> Poster:
    """The poster with this id; raises Outdated when there is none."""
    found = db.get(Poster, poster_id) if 0 < poster_id <= _LARGEST_ID else None
    if found is None:
        raise Outdated
    return found


def own_poster(db: Session, poster_id: int, member: Member) -> tuple[Poster, PosterWeek, Programme]:
    """The poster of the member's own card in a week that is not over; raises Outdated or NotYours."""
    found = poster(db, poster_id)
    programme = db.get(Programme, found.programme_id)
    if programme is None:
        raise Outdated
    if member.id not in (programme.owner_id, programme.co_owner_id):
        raise NotYours("")
    return found, open_one(db, found.week_id), programme


def agree(db: Session, one: Poster, *, now: datetime) -> None:
    """The author wants it presented: on the first free day, or when one becomes free; raises Outdated afterwards."""
    if one.presented_on is not None:
        raise Outdated
    if one.answer is not Answer.YES:
        one.answer, one.answered_at = Answer.YES, now
        _give_days(db, one.week_id)


def decline(db: Session, one: Poster, *, now: datetime) -> None:
    """Not this time; the day is another card's. Raises Outdated once it was presented."""
    if one.presented_on is not None:
        raise Outdated
    one.answer, one.answered_at, one.day = Answer.NO, now, None
    _give_days(db, one.week_id)


def step_back(db: Session, programme: Programme, *, now: datetime) -> None:
    """A card that is taken away is not presented; its day is another card's."""
    week = current(db)
    query = select(Poster).where(Poster.programme_id == programme.id, col(Poster.presented_on).is_(None))
    for one in db.exec(query.where(Poster.week_id == week.id)).all() if week is not None else ():
        decline(db, one, now=now)


def _give_days(db: Session, week_id: int) -> None:
    """Whoever agreed first gets the first free day."""
    db.flush()
    agreed = db.exec(select(Poster).where(Poster.week_id == week_id, Poster.answer == Answer.YES)).all()
    taken = {one.day for one in agreed}
    free = [day for day in range(DAYS) if day not in taken]
    waiting = sorted((one for one in agreed if one.day is None), key=lambda one: (one.answered_at or 0, one.id or 0))
    for one, day in zip(waiting, free, strict=False):
        one.day = day
    db.flush()


def posters_of(db: Session, week: PosterWeek) -> list[Poster]:
    """The cards of a week whose authors were asked, in the order of their days, those without a day last."""
    found = db.exec(select(Poster).where(Poster.week_id == week.id)).all()
    return sorted(found, key=lambda one: (one.day is None, one.day or 0, one.id or 0))


def posters_about(db: Session, programme: Programme) -> list[Poster]:
    """Every time that a card was to be presented."""
    return list(db.exec(select(Poster).where(Poster.programme_id == programme.id)))


def due_poster(db: Session, week: PosterWeek, *, today: date) -> Poster | None:
    """The card to be presented today: the next one, unless one was presented today already."""
    if today < week.first:
        return None
    there = posters_of(db, week)
    if any(one.presented_on == today for one in there):
        return None
    return next((one for one in there if one.day is not None and one.presented_on is None), None)


def days_of(db: Session, week: PosterWeek, *, today: date) -> dict[int, date]:
    """On which day each card was or will be presented, by poster: a day without a card moves the others."""
    there = [one for one in posters_of(db, week) if one.day is not None]
    found = {one.id or 0: one.presented_on for one in there if one.presented_on is not None}
    begin = max(week.first, today + timedelta(days=1) if today in found.values() else today)
    waiting = [one for one in there if one.presented_on is None]
    return found | {one.id or 0: begin + timedelta(days=place) for place, one in enumerate(waiting)}


def is_over(db: Session, week: PosterWeek, *, today: date) -> bool:
    """Whether the seven days have passed and nothing waits for its day."""
    waits = any(one.day is not None and one.presented_on is None for one in posters_of(db, week))
    shown_today = any(one.presented_on == today for one in posters_of(db, week))
    return today >= week.first + timedelta(days=DAYS) and not waits and not shown_today


def end(week: PosterWeek, *, now: datetime) -> None:
    """The week is over; another one can be planned."""
    week.slot, week.ended_at = None, now


def applaud(db: Session, one: Poster, member: Member, *, on: bool, now: datetime) -> None:
    """Somebody applauds, or takes it back; twice is once."""
    there = db.get(PosterKudos, (one.id, member.id))
    if on and there is None:
        db.execute(insert(PosterKudos), [{"poster_id": one.id, "member_id": member.id, "at": now}])
    elif not on and there is not None:
        db.delete(there)


def echo(db: Session, one: Poster) -> Echo:
    """What came of a card until now."""
    asked = select(func.count(), func.count(col(PosterQuestion.answered_at)))
    questions, answered = db.exec(asked.where(PosterQuestion.poster_id == one.id)).one()
    kudos = select(func.count()).select_from(PosterKudos).where(PosterKudos.poster_id == one.id)
    return Echo(questions, answered, db.exec(kudos).one())

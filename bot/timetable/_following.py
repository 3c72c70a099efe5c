"""Changing a session and all that follow: its series is cut there, and what begins with it is a series of its own.

A session that was changed by itself keeps what it was given; whatever it has in common with its series follows.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.errors import CannotPlan, Outdated
from bot.timetable._changing import (
    What,
    cancel,
    checked_slots,
    checked_value,
    column_of,
    move_to,
    record,
    refuse_over,
    set_people,
    set_slots,
    set_value,
    text_change,
)
from bot.timetable._clashes import refuse_clashes, refuse_clashes_of_a_series
from bot.timetable._planning import (
    TEXT_LIMIT,
    TITLE_LIMIT,
    People,
    checked_people,
    checked_texts,
    checked_time,
    materialise_series,
)
from bot.timetable._recurrence import Occurrence, Recurrence, moment, recurrence_of
from bot.timetable._tables import Series, SeriesPerson, SessionPerson, SessionRow, State


def series_of(db: Session, row: SessionRow) -> Series:
    """The series that a session belongs to; raises Outdated for one that stands alone."""
    series = db.get(Series, row.series_id) if row.series_id is not None else None
    if series is None:
        raise Outdated
    return series


def following(db: Session, row: SessionRow) -> list[SessionRow]:
    """A session and those of its series that come after it, cancelled ones included."""
    query = select(SessionRow).where(SessionRow.series_id == row.series_id, SessionRow.occurrence >= row.occurrence)
    return list(db.exec(query.order_by(col(SessionRow.occurrence))))


def recurrence_from(db: Session, row: SessionRow) -> Recurrence:
    """When a session's series takes place from that session on."""
    when, cut = recurrence_of(series_of(db, row)), datetime.fromisoformat(row.occurrence)
    return _rest(when, cut, _before(when, cut))


def split(db: Session, row: SessionRow, *, now: datetime) -> Series:
    """Cut the series before this session; gives the series that begins with it, the same where it is the first."""
    series, cut = series_of(db, row), datetime.fromisoformat(row.occurrence)
    when = recurrence_of(series)
    earlier = _before(when, cut)
    if earlier == 0 and not any(wall < cut for wall in when.extra):
        return series
    later = _from(series, when, cut, earlier, now)
    db.add(later)
    db.flush()
    _hand_over(db, series, later, row)
    series.rrule = replace(when.rhythm, until=cut.date() - timedelta(days=1), count=None).rule
    series.skipped = [wall for wall in series.skipped if wall < row.occurrence]
    series.extra = [wall for wall in series.extra if wall < row.occurrence]
    db.flush()
    return later


def _before(when: Recurrence, cut: datetime) -> int:
    """How many times its rule has before a wall time."""
    n = 0
    for wall in replace(when, skipped=frozenset(), extra=frozenset()).walls():
        if wall >= cut:
            break
        n += 1
    return n


def _rest(when: Recurrence, cut: datetime, earlier: int) -> Recurrence:
    """The part of a recurrence that begins with a wall time."""
    rhythm = when.rhythm
    if rhythm.count is not None:
        rhythm = replace(rhythm, count=max(rhythm.count - earlier, 1))
    ruled = replace(when, skipped=frozenset(), extra=frozenset())
    return replace(
        when,
        rhythm=rhythm,
        first=next(ruled.walls(after=cut - timedelta(seconds=1)), cut),
        skipped=frozenset(wall for wall in when.skipped if wall >= cut),
        extra=frozenset(wall for wall in when.extra if wall >= cut),
    )


def _from(series: Series, when: Recurrence, cut: datetime, earlier: int, now: datetime) -> Series:
    rest = _rest(when, cut, earlier)
    kept = series.model_dump(exclude={"id", "rrule", "first", "skipped", "extra", "created_at"})
    return Series(
        **kept,
        rrule=rest.rhythm.rule,
        first=rest.first.isoformat(),
        skipped=_isos(rest.skipped),
        extra=_isos(rest.extra),
        created_at=now,
    )


def _hand_over(db: Session, series: Series, later: Series, row: SessionRow) -> None:
    for person in db.exec(select(SeriesPerson).where(SeriesPerson.series_id == series.id)):
        db.add(SeriesPerson(series_id=later.id or 0, member_id=person.member_id, part=person.part))
    moved = update(SessionRow).where(
        col(SessionRow.series_id) == series.id, col(SessionRow.occurrence) >= row.occurrence
    )
    db.exec(moved.values(series_id=later.id).execution_options(synchronize_session="fetch"))


def set_value_following(
    db: Session, row: SessionRow, what: What, value: str | int | None, *, by: int | None, now: datetime
) -> int:
    """Change link, way to join, speaker or capacity from this session on; how many sessions that changed."""
    value, series, column = checked_value(what, value), split(db, row, now=now), column_of(what)
    old = getattr(series, column)
    rows = [each for each in _open(db, row, now) if each.id == row.id or getattr(each, column) == old]
    setattr(series, column, value)
    return sum(set_value(db, each, what, value, by=by, now=now) for each in rows)


def set_text_following(
    db: Session, row: SessionRow, what: What, language: str, text: str, *, by: int | None, now: datetime
) -> int:
    """Change the title or the description from this session on; how many sessions show it."""
    series = split(db, row, now=now)
    old: dict[str, str] = getattr(series, what)
    new = checked_texts(old | {language: text}, TITLE_LIMIT if what is What.TITLE else TEXT_LIMIT)
    setattr(series, what, new)
    rows = [each for each in _open(db, row, now) if each.id == row.id or not getattr(each, what)]
    for each in rows:
        if own := getattr(each, what):
            setattr(each, what, checked_texts(own | {language: text}, TEXT_LIMIT))
        before = (own or old).get(language)
        if before != new.get(language):
            record(db, each, text_change(what, language), old=before, new=new.get(language), by=by, now=now)
    return len(rows)


def set_slots_following(
    db: Session, row: SessionRow, minutes: int | None, buffer: int, *, by: int | None, now: datetime
) -> int:
    """Change the slots from this session on; how many sessions that changed."""
    minutes, buffer = checked_slots(minutes, buffer)
    series = split(db, row, now=now)
    old = (series.slot_minutes, series.buffer_minutes)
    rows = [
        each for each in _open(db, row, now) if each.id == row.id or (each.slot_minutes, each.buffer_minutes) == old
    ]
    series.slot_minutes, series.buffer_minutes = minutes, buffer
    return sum(set_slots(db, each, minutes, buffer, by=by, now=now) for each in rows)


def set_ladder(db: Session, series: Series, ladder: list[str], *, now: datetime) -> None:
    """Remind of the series' sessions at these rungs from now on."""
    series.ladder = ladder
    planned = select(SessionRow).where(SessionRow.series_id == series.id, SessionRow.state == State.PLANNED)
    for row in db.exec(planned.where(col(SessionRow.starts_at) > now)):
        row.next_rung_at = now


def set_people_following(db: Session, row: SessionRow, people: People, *, by: int | None, now: datetime) -> int:
    """Put others on this session and those that follow; how many sessions that changed."""
    wanted, series = set(checked_people(people)), split(db, row, now=now)
    stored = list(db.exec(select(SeriesPerson).where(SeriesPerson.series_id == series.id)))
    old = {(person.member_id, person.part) for person in stored}
    rows = [each for each in _open(db, row, now) if each.id == row.id or _parts(db, each) == old]
    new = sorted({member for member, part in wanted - old})
    refuse_clashes_of_a_series(
        db, recurrence_of(series), new, now=now, but=[each.id or 0 for each in rows], but_series=[series.id or 0]
    )
    for person in stored:
        db.delete(person)
    db.flush()
    db.add_all(SeriesPerson(series_id=series.id or 0, member_id=member, part=part) for member, part in wanted)
    return sum(set_people(db, each, list(wanted), by=by, now=now) for each in rows)


def move_following(db: Session, row: SessionRow, when: Recurrence, *, by: int | None, now: datetime) -> int:
    """Hold this session and those that follow at other times, one after the other; how many that moved.

    What no new time is left for is cancelled. Raises CannotPlan.
    """
    refuse_over(row, now)
    when = when.checked().beginning(now)
    series = split(db, row, now=now)
    rows, old = following(db, row), recurrence_of(series)
    people = [person.member_id for person in db.exec(select(SeriesPerson).where(SeriesPerson.series_id == series.id))]
    ids = [each.id or 0 for each in rows]
    refuse_clashes_of_a_series(db, when, people, now=now, but=ids, but_series=[series.id or 0])
    series.rrule, series.first, series.zone = when.rhythm.rule, when.first.isoformat(), when.zone
    series.minutes = when.minutes
    series.skipped, series.extra = _isos(when.skipped), _isos(when.extra)
    last = max(each.starts_at for each in rows) + old.rhythm.cycle
    moved = _reseat(db, rows, when.between(now, last), old, when, by=by, now=now)
    materialise_series(db, series, now=now)
    return moved


def _isos(walls: frozenset[datetime]) -> list[str]:
    return sorted(wall.isoformat() for wall in walls)


def _reseat(
    db: Session,
    rows: list[SessionRow],
    places: list[Occurrence],
    old: Recurrence,
    when: Recurrence,
    *,
    by: int | None,
    now: datetime,
) -> int:
    """Give each session the next of the new times; one that was moved by itself stays at its own."""
    usual = {each.id: moment(datetime.fromisoformat(each.occurrence), each.zone) == each.starts_at for each in rows}
    for each in rows:
        each.occurrence = f"~{each.id}"  # so that no two have the same place while they change seats
    db.flush()
    moved = 0
    for each, place in zip(rows, places, strict=False):
        each.occurrence = place.wall.isoformat()
        if usual[each.id] and each.state is State.PLANNED:
            moved += move_to(db, each, place, when.zone, by=by, now=now)
    for each in rows[len(places) :]:
        _leave(db, each, old, by=by, now=now)
    db.flush()
    return moved


def _leave(db: Session, row: SessionRow, old: Recurrence, *, by: int | None, now: datetime) -> None:
    """The new rhythm has no time for it: it is cancelled and stands alone with what its series gave it."""
    series = series_of(db, row)
    row.title, row.description = row.title or series.title, row.description or series.description or None
    row.series_id, row.occurrence = None, row.starts_at.replace(tzinfo=None).isoformat()
    if row.state is State.PLANNED:
        cancel(db, row, reason=None, by=by, now=now)


def cancel_following(db: Session, row: SessionRow, *, reason: str | None, by: int | None, now: datetime) -> int:
    """This session and all that would follow do not take place; how many were planned."""
    refuse_over(row, now)
    series = split(db, row, now=now)
    series.ended_at = now
    rows = _open(db, row, now)
    for each in rows:
        cancel(db, each, reason=reason, by=by, now=now)
    return len(rows)


def add_date(db: Session, series: Series, first: datetime, *, by: int | None, now: datetime) -> list[SessionRow]:
    """One more date of a series, outside of its rhythm; the session, once its weeks have come. Raises CannotPlan."""
    one = checked_time(first, series.minutes, series.zone, now=now)
    people = [person.member_id for person in db.exec(select(SeriesPerson).where(SeriesPerson.series_id == series.id))]
    refuse_clashes(db, people, one, now=now)
    series.skipped = [wall for wall in series.skipped if wall != first.isoformat()]
    series.extra = sorted({*series.extra, first.isoformat()})
    db.flush()
    return materialise_series(db, series, now=now)


def skip_date(
    db: Session, series: Series, day: date, *, reason: str | None, by: int | None, now: datetime
) -> SessionRow | None:
    """Leave out the series' time of this day; a session that is planned already is cancelled. Raises CannotPlan."""
    when = recurrence_of(series)
    begin = datetime.combine(day, time())
    wall = next(when.walls(after=begin - timedelta(seconds=1)), None)
    if wall is None or wall.date() != day:
        raise CannotPlan("notthen", day=day)
    series.skipped = sorted({*series.skipped, wall.isoformat()})
    query = select(SessionRow).where(SessionRow.series_id == series.id, SessionRow.occurrence == wall.isoformat())
    row = db.exec(query).one_or_none()
    if row is not None and row.state is State.PLANNED:
        cancel(db, row, reason=reason, by=by, now=now)
    return row


def _open(db: Session, row: SessionRow, now: datetime) -> list[SessionRow]:
    refuse_over(row, now)
    return [each for each in following(db, row) if each.state is State.PLANNED and each.ends_at > now]


def _parts(db: Session, row: SessionRow) -> set[tuple[int, object]]:
    stored = db.exec(select(SessionPerson).where(SessionPerson.session_id == row.id))
    return {(person.member_id, person.part) for person in stored}

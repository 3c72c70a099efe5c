"""Planning: a series and a single session are made here, and a series' sessions weeks ahead."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypedDict, Unpack
from urllib.parse import urlsplit

from sqlmodel import Session, col, select

from bot.errors import CannotPlan
from bot.timetable._clashes import refuse_clashes, refuse_clashes_of_a_series
from bot.timetable._holidays import is_provisional
from bot.timetable._recurrence import MOST, Occurrence, Recurrence, Rhythm, exists, occurrence, recurrence_of
from bot.timetable._tables import Kind, Part, Series, SeriesPerson, SessionPerson, SessionRow
from bot.timetable._tasks import lay_out

WEEKS = 12
"""How far ahead the sessions of a series are made."""
TITLE_LIMIT = 120
TEXT_LIMIT = 2000
PEOPLE_LIMIT = 10

People = Sequence[tuple[int, Part]]
"""Members by their id, each with what they do."""


class Details(TypedDict, total=False):
    """What a series or a session may have besides its kind, its title and its time; texts are by language."""

    description: dict[str, str]
    people: People
    speaker: str | None
    link: str | None
    join_hint: str | None
    capacity: int | None
    slot_minutes: int | None
    buffer_minutes: int


class SeriesDetails(Details, total=False):
    """What only a series has: the rungs of its reminders."""

    ladder: list[str] | None


def plan(
    db: Session,
    *,
    kind: Kind,
    title: dict[str, str],
    rrule: str,
    first: datetime,
    minutes: int,
    zone: str,
    by: int | None,
    now: datetime,
    skipped: Sequence[datetime] = (),
    extra: Sequence[datetime] = (),
    **details: Unpack[SeriesDetails],
) -> Series:
    """Make a series, with its sessions of the next weeks. `first` is a wall time; raises CannotPlan."""
    when = Recurrence(Rhythm.of(rrule), first, minutes, zone, frozenset(skipped), frozenset(extra)).checked()
    when = when.beginning(now)
    people = checked_people(details.get("people", ()))
    refuse_clashes_of_a_series(db, when, [member for member, _part in people], now=now)
    series = Series(
        kind=kind,
        title=checked_texts(title, TITLE_LIMIT),
        description=checked_texts(details.get("description", {}), TEXT_LIMIT),
        rrule=when.rhythm.rule,
        first=when.first.isoformat(),
        minutes=minutes,
        zone=zone,
        skipped=[wall.isoformat() for wall in sorted(when.skipped)],
        extra=[wall.isoformat() for wall in sorted(when.extra)],
        ladder=details.get("ladder"),
        made_by=by,
        created_at=now,
    )
    _furnish(series, details)
    db.add(series)
    db.flush()
    db.add_all(SeriesPerson(series_id=series.id or 0, member_id=member, part=part) for member, part in people)
    _make(db, series, now=now, weeks=WEEKS)
    return series


def add_session(
    db: Session,
    *,
    kind: Kind,
    title: dict[str, str],
    first: datetime,
    minutes: int,
    zone: str,
    by: int | None,
    now: datetime,
    **details: Unpack[Details],
) -> SessionRow:
    """Make one session that belongs to no series; `first` is its wall time. Raises CannotPlan."""
    one = checked_time(first, minutes, zone, now=now)
    people = checked_people(details.get("people", ()))
    refuse_clashes(db, [member for member, _part in people], one, now=now)
    row = _row(kind, one, zone, now)
    row.title = checked_texts(title, TITLE_LIMIT)
    row.description = checked_texts(details.get("description", {}), TEXT_LIMIT) or None
    _furnish(row, details)
    row.made_by = by
    _place(db, row, people, now=now)
    return row


def materialise(db: Session, *, now: datetime, weeks: int = WEEKS) -> list[SessionRow]:
    """Make the sessions of all series that begin within so many weeks and are not there yet; gives the new ones."""
    series = db.exec(select(Series).where(col(Series.ended_at).is_(None)).order_by(col(Series.id)).with_for_update())
    return [row for each in series.all() for row in _make(db, each, now=now, weeks=weeks)]


def materialise_series(db: Session, series: Series, *, now: datetime) -> list[SessionRow]:
    """The same for one series."""
    return _make(db, series, now=now, weeks=WEEKS)


def checked_time(first: datetime, minutes: int, zone: str, *, now: datetime) -> Occurrence:
    """One time to come, given on purpose; raises CannotPlan for one that is past, too long or on no clock."""
    if not 1 <= minutes <= 12 * 60:
        raise CannotPlan("length", minutes=minutes)
    if not exists(first, zone):
        raise CannotPlan("gap", when=first, zone=zone)
    one = occurrence(first, minutes, zone)
    if one.starts_at <= now:
        raise CannotPlan("past", when=first, zone=zone)
    return one


def checked_link(link: str | None) -> str | None:
    """An address that is safe to open; raises CannotPlan for one without https."""
    if link is None:
        return None
    parts = urlsplit(link.strip())
    if (
        parts.scheme != "https"
        or not parts.hostname
        or "." not in parts.hostname
        or len(link) > 500
        or " " in link.strip()
    ):
        raise CannotPlan("link")
    return link.strip()


def checked_texts(texts: dict[str, str], limit: int) -> dict[str, str]:
    """Texts by language without the empty ones; raises CannotPlan beyond the limit."""
    kept = {language: text.strip() for language, text in texts.items() if text.strip()}
    for text in kept.values():
        if len(text) > limit:
            raise CannotPlan("text", limit=limit, length=len(text))
    return kept


def checked_people(people: People) -> People:
    """The same people, each part once; raises CannotPlan for more than a session can have."""
    once = list(dict.fromkeys(people))
    if len(once) > PEOPLE_LIMIT:
        raise CannotPlan("number")
    return once


def _furnish(thing: Series | SessionRow, details: Details | SeriesDetails) -> None:
    thing.speaker = details.get("speaker")
    thing.link = checked_link(details.get("link"))
    thing.join_hint = details.get("join_hint")
    thing.capacity = details.get("capacity")
    thing.slot_minutes = details.get("slot_minutes")
    thing.buffer_minutes = details.get("buffer_minutes", 0)


def _make(db: Session, series: Series, *, now: datetime, weeks: int) -> list[SessionRow]:
    there = set(db.exec(select(SessionRow.occurrence).where(SessionRow.series_id == series.id)))
    coming = recurrence_of(series).between(now, now + timedelta(weeks=weeks))[:MOST]
    people = db.exec(select(SeriesPerson).where(SeriesPerson.series_id == series.id)).all()
    placed = [(person.member_id, person.part) for person in people]
    return [_of_series(db, series, one, placed, now) for one in coming if one.wall.isoformat() not in there]


def _of_series(db: Session, series: Series, one: Occurrence, people: People, now: datetime) -> SessionRow:
    row = _row(series.kind, one, series.zone, now)
    row.series_id = series.id
    for field in ("speaker", "link", "join_hint", "capacity", "slot_minutes", "buffer_minutes"):
        setattr(row, field, getattr(series, field))
    row.made_by = series.made_by
    _place(db, row, people, now=now)
    return row


def _row(kind: Kind, one: Occurrence, zone: str, now: datetime) -> SessionRow:
    return SessionRow(
        kind=kind,
        occurrence=one.wall.isoformat(),
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        zone=zone,
        uid=f"{secrets.token_hex(12)}@smallwins",
        created_at=now,
        next_rung_at=now,
    )


def _place(db: Session, row: SessionRow, people: People, *, now: datetime) -> None:
    """Store a session with its people and its checklist."""
    row.provisional = is_provisional(db, row)
    db.add(row)
    db.flush()
    db.add_all(SessionPerson(session_id=row.id or 0, member_id=member, part=part) for member, part in people)
    db.flush()
    lay_out(db, row, now=now)

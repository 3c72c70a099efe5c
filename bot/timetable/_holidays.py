"""Days on which a session may not be meant to be: public holidays, weekends that are worked instead, the eve of a long holiday.

Whoever takes part lives by the calendar of mainland China, wherever a speaker is. What organizers said of a day wins over
what is known of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot import worktime
from bot.i18n import Language
from bot.timetable._recurrence import Rhythm, moment, wall_of
from bot.timetable._tables import OfficialDay, OfficialYear, Series, SessionDoubt, SessionRow, State

REGION = "CN"
ZONE = "Asia/Shanghai"
LONG = 4
"""Days in a row that make a holiday long: people travel on its eve."""
ALONE = timedelta(days=14)
"""The cycle of a session that belongs to no series."""

_SATURDAY = 5
_LONGEST_HOLIDAY = 15


class Doubt(StrEnum):
    """Why a session's day may not be meant."""

    HOLIDAY = "holiday"
    WORKED = "worked"
    EVE = "eve"


@dataclass(frozen=True)
class Days:
    """The official calendar as far as it is known, with what organizers said of single days and whole years."""

    said: dict[date, bool]
    published: frozenset[int]

    @classmethod
    def of(cls, db: Session) -> Days:
        """What holds now."""
        said = {date.fromisoformat(row.day): row.free for row in db.exec(select(OfficialDay))}
        return cls(said, frozenset(db.exec(select(OfficialYear.year))))

    def is_known(self, year: int) -> bool:
        """Whether the year's calendar is final."""
        return year in self.published or worktime.is_published(REGION, year)

    def is_holiday(self, day: date) -> bool:
        """Whether the day is a public holiday itself."""
        return self.said.get(day, day in worktime.public_days(REGION, day.year)[0])

    def is_worked_weekend(self, day: date) -> bool:
        """Whether it is a day of a weekend on which everybody works."""
        if day.weekday() < _SATURDAY:
            return False
        return not self.said.get(day, day not in worktime.public_days(REGION, day.year)[1])

    def is_free(self, day: date) -> bool:
        """Whether people are off: a holiday, or a weekend that is none for work."""
        return self.is_holiday(day) or (day.weekday() >= _SATURDAY and not self.is_worked_weekend(day))

    def stretch(self, day: date) -> list[date]:
        """The free days in a row around a day; none when it is not free."""
        if not self.is_free(day):
            return []
        first = last = day
        while self.is_free(first - timedelta(days=1)) and (day - first).days < _LONGEST_HOLIDAY:
            first -= timedelta(days=1)
        while self.is_free(last + timedelta(days=1)) and (last - day).days < _LONGEST_HOLIDAY:
            last += timedelta(days=1)
        return [first + timedelta(days=i) for i in range((last - first).days + 1)]

    def doubt(self, day: date) -> Doubt | None:
        """Why a session may not be meant to be on this day; None for an ordinary one."""
        if self.is_worked_weekend(day):
            return Doubt.WORKED
        if any(self.is_holiday(one) for one in self.stretch(day)):
            return Doubt.HOLIDAY
        ahead = self.stretch(day + timedelta(days=1))
        if not self.is_free(day) and len(ahead) >= LONG and any(map(self.is_holiday, ahead)):
            return Doubt.EVE
        return None

    def name(self, day: date, language: Language) -> str:
        """What the holiday is called that a day belongs to, or is the eve of; "" for one without a name."""
        around = self.stretch(day) or self.stretch(day + timedelta(days=1))
        named = (worktime.holiday_name(REGION, one, language) for one in sorted(around, key=lambda one: abs(one - day)))
        return next((name for name in named if name), "")


def day_of(row: SessionRow) -> date:
    """The day on which a session begins for those who take part."""
    return row.starts_at.astimezone(ZoneInfo(ZONE)).date()


def is_provisional(db: Session, row: SessionRow) -> bool:
    """Whether the session is in a year whose official calendar is not published yet."""
    return not Days.of(db).is_known(day_of(row).year)


def cycle_of(db: Session, row: SessionRow) -> timedelta:
    """How long it is from one session of its series to the next."""
    series = db.get(Series, row.series_id) if row.series_id is not None else None
    return Rhythm.of(series.rrule).cycle if series is not None else ALONE


def recheck(db: Session, *, now: datetime) -> list[SessionRow]:
    """Sessions whose year was published meanwhile are provisional no longer; gives them."""
    query = select(SessionRow).where(
        SessionRow.state == State.PLANNED, col(SessionRow.provisional), col(SessionRow.ends_at) > now
    )
    days = Days.of(db)
    settled = [row for row in db.exec(query) if days.is_known(day_of(row).year)]
    for row in settled:
        row.provisional = False
    return settled


@dataclass(frozen=True)
class Doubtful:
    """A session on a day that may not be meant, and whether somebody was asked already."""

    row: SessionRow
    day: date
    doubt: Doubt
    asked: bool


def doubtful(db: Session, *, now: datetime) -> list[Doubtful]:
    """What organizers have to decide: sessions of the next two cycles on such days that nobody has decided on yet."""
    query = select(SessionRow).where(SessionRow.state == State.PLANNED, col(SessionRow.ends_at) > now)
    rows = db.exec(query.where(col(SessionRow.starts_at) > now).order_by(col(SessionRow.starts_at), col(SessionRow.id)))
    days = Days.of(db)
    wary = [
        (row, day, doubt)
        for row in rows
        if days.is_known((day := day_of(row)).year) and (doubt := days.doubt(day)) is not None
    ]
    asked = _asked(db, (row.id or 0 for row, _day, _doubt in wary))
    return [
        Doubtful(row, day, doubt, (row.id, day.isoformat()) in asked)
        for row, day, doubt in wary
        if asked.get((row.id or 0, day.isoformat())) is None and row.starts_at - now <= 2 * cycle_of(db, row)
    ]


def _asked(db: Session, ids: Iterable[int]) -> dict[tuple[int, str], str | None]:
    rows = db.exec(select(SessionDoubt).where(col(SessionDoubt.session_id).in_(list(ids))))
    return {(row.session_id, row.day): row.decision for row in rows}


def note_asked(db: Session, one: Doubtful, *, now: datetime) -> None:
    """Organizers were asked about this day."""
    db.merge(SessionDoubt(session_id=one.row.id or 0, day=one.day.isoformat(), asked_at=now))


def decision(db: Session, row: SessionRow, day: date) -> SessionDoubt | None:
    """What was asked and decided about a session on a day."""
    return db.get(SessionDoubt, (row.id, day.isoformat()))


def decide(db: Session, row: SessionRow, day: date, said: str, *, by: int | None, now: datetime) -> None:
    """Note what an organizer decided, so that it is not asked again."""
    one = decision(db, row, day) or SessionDoubt(session_id=row.id or 0, day=day.isoformat(), asked_at=now)
    one.decision, one.decided_at, one.by = said, now, by
    db.add(one)
    db.flush()


def mean(db: Session, row: SessionRow, *, by: int | None, now: datetime) -> None:
    """Somebody chose this very day and was shown what is special about it: nobody is asked whether it is meant."""
    day = day_of(row)
    days = Days.of(db)
    if days.is_known(day.year) and days.doubt(day) is not None:
        decide(db, row, day, "keep", by=by, now=now)


def a_week_later(db: Session, row: SessionRow) -> datetime:
    """The session's wall time in the first later week whose day is not doubtful, as a moment."""
    days = Days.of(db)
    wall = wall_of(row.starts_at, row.zone)
    for weeks in range(1, 5):
        at = moment(wall + timedelta(weeks=weeks), row.zone)
        if days.doubt(at.astimezone(ZoneInfo(ZONE)).date()) is None:
            return at
    return moment(wall + timedelta(weeks=1), row.zone)


def next_working_day(db: Session, row: SessionRow) -> datetime:
    """The session's wall time on the next day that is ordinary and worked, as a moment."""
    days = Days.of(db)
    wall = wall_of(row.starts_at, row.zone)
    for later in range(1, 30):
        at = moment(wall + timedelta(days=later), row.zone)
        day = at.astimezone(ZoneInfo(ZONE)).date()
        if day.weekday() < _SATURDAY and not days.is_free(day) and days.doubt(day) is None:
            return at
    return a_week_later(db, row)


Elsewhere = Callable[[Session, SessionRow], datetime]
"""Where a session could be instead."""


def said_days(db: Session, *, now: datetime) -> list[OfficialDay]:
    """What organizers said of days that are not over."""
    today = now.astimezone(ZoneInfo(ZONE)).date().isoformat()
    return list(db.exec(select(OfficialDay).where(OfficialDay.day >= today).order_by(col(OfficialDay.day))))


def say_day(db: Session, day: date, *, free: bool, by: int | None, now: datetime) -> None:
    """An organizer says that a day is free, or worked, whatever the known calendar says."""
    db.merge(OfficialDay(day=day.isoformat(), free=free, by=by, at=now))
    db.flush()


def say_year(db: Session, year: int, *, by: int | None, now: datetime) -> None:
    """An organizer says that a year's calendar is published and right here; what waited for it is settled."""
    db.merge(OfficialYear(year=year, by=by, at=now))
    db.flush()
    recheck(db, now=now)

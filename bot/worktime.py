"""Working time: hours on somebody's wall clock, without their days off and their region's public holidays.

Everything here is arithmetic on aware moments; a moment belongs to a span when start ≤ moment < end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

Hours = Mapping[int, Sequence[tuple[time, time]]]
"""Weekday (Monday is 0) → spans of local time; an end of 00:00 is the end of the day."""

Days = tuple[date, date]
"""The first and the last of some days in a row."""

HORIZON = 4 * 366
"""Days that are looked through before it is said that a calendar does not open again."""

_SET_YEARLY = {"CN"}
_NAMES = {"zh_Hans": "zh_CN", "zh_Hant": "zh_TW"}
_DAY_OFF = ("Day off", "休息日", "放假日", "调休", "調休")

_WORKWEEK = range(5)
_SATURDAY, _SUNDAY, _FRIDAY, _MONDAY = 5, 6, 4, 0
_MIDNIGHT = time(0)


@dataclass(frozen=True)
class Calendar:
    """When somebody works. Raises ValueError for empty or impossible hours and for a region without known holidays.

    `days_off` are ranges of local dates. `region` is the country code whose public holidays are free; None for none.
    """

    zone: str
    hours: Hours
    days_off: tuple[Days, ...] = ()
    region: str | None = None

    def __post_init__(self) -> None:
        if not any(self.hours.values()):
            raise ValueError("a calendar needs working hours on at least one weekday")
        for weekday, spans in self.hours.items():
            if weekday not in range(7):
                raise ValueError(f"{weekday} is no weekday: Monday is 0, Sunday is 6")
            for start, end in spans:
                if end != _MIDNIGHT and start >= end:
                    raise ValueError(f"working hours cannot end at {end:%H:%M} when they begin at {start:%H:%M}")
        if self.region is not None:
            public_days(self.region, 2026)

    def is_working_day(self, day: date) -> bool:
        """Whether there is any working time on this local date."""
        return bool(self._spans(day))

    def is_open(self, at: datetime) -> bool:
        """Whether this moment is working time."""
        return any(start <= at < end for start, end in self._spans(self._local(at).date()))

    def next_open(self, at: datetime) -> datetime:
        """The moment itself when it is working time, otherwise the next one that is; raises ValueError if none comes."""
        return self.add(at, timedelta(0))

    def add(self, start: datetime, working: timedelta) -> datetime:
        """The first moment by which so much working time has passed; raises ValueError for a negative duration."""
        if working < timedelta(0):
            raise ValueError("working time runs forward only")
        for begin, end in self._from(start):
            begin = max(begin, start.astimezone(UTC))
            if begin + working <= end:
                return begin + working
            working -= end - begin
        raise ValueError("this calendar does not open again within four years")

    def add_days(self, start: datetime, n: int) -> datetime:
        """The same local time `n` working days later, moved into that day's hours; raises ValueError as `add` does."""
        begin = self.next_open(start)
        wall = self._local(begin)
        for day in (wall.date() + timedelta(days=i) for i in range(HORIZON)):
            spans = self._spans(day)
            if spans and n <= 0:
                return self._within(spans, datetime.combine(day, wall.time(), ZoneInfo(self.zone)).astimezone(UTC))
            n -= bool(spans)
        raise ValueError("this calendar does not open again within four years")

    def between(self, a: datetime, b: datetime) -> timedelta:
        """How much working time lies between two moments; negative when the second is the earlier one."""
        if b < a:
            return -self.between(b, a)
        total, day, last = timedelta(0), self._local(a).date(), self._local(b).date()
        while day <= last:
            for start, end in self._spans(day):
                total += max(min(end, b) - max(start, a), timedelta(0))
            day += timedelta(days=1)
        return total

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.zone))

    def _from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Spans that end after a moment, in order."""
        first = self._local(at).date()
        for i in range(HORIZON):
            yield from (span for span in self._spans(first + timedelta(days=i)) if span[1] > at)

    def _within(self, spans: Sequence[tuple[datetime, datetime]], at: datetime) -> datetime:
        """The moment, or the nearest later one inside the day's spans; the day's end when there is none."""
        for start, end in spans:
            if at <= end:
                return max(at, start)
        return spans[-1][1]

    def _spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """The day's working time as moments in UTC; a clock change may shorten or lengthen it."""
        zone, spans = ZoneInfo(self.zone), []
        latest: datetime | None = None
        for start, end in sorted(self._hours_on(day)):
            last_day = day + timedelta(days=1) if end == _MIDNIGHT else day
            begin = datetime.combine(day, start, zone).astimezone(UTC)
            finish = datetime.combine(last_day, end, zone).astimezone(UTC)
            begin = max(begin, latest) if latest else begin
            if begin < finish:
                spans.append((begin, finish))
                latest = finish
        return spans

    def _hours_on(self, day: date) -> Sequence[tuple[time, time]]:
        if any(first <= day <= last for first, last in self.days_off):
            return ()
        weekday = day.weekday()
        if self.region is None:
            return self.hours.get(weekday, ())
        free, worked = public_days(self.region, day.year)
        if day in free:
            return ()
        return self.hours.get(weekday) or (self._on_a_worked_weekend(weekday) if day in worked else ())

    def _on_a_worked_weekend(self, weekday: int) -> Sequence[tuple[time, time]]:
        """Where a region works on a weekend to make a holiday longer, whoever works a whole week works then as well."""
        if not all(self.hours.get(day) for day in _WORKWEEK):
            return ()
        return self.hours[{_SATURDAY: _FRIDAY, _SUNDAY: _MONDAY}[weekday]]


def has_holidays(region: str) -> bool:
    """Whether the public holidays of this country code are known."""
    try:
        public_days(region, 2026)
    except ValueError:
        return False
    return True


def is_published(region: str, year: int) -> bool:
    """Whether a year's holidays are final as far as we know: China's are set anew for each year by its government."""
    return region not in _SET_YEARLY or year in _published_years(region)


def holiday_name(region: str, day: date, language: str) -> str:
    """The name of a public holiday in one of our languages; "" for a day that only goes with one, or is none."""
    import holidays

    try:
        known = holidays.country_holidays(region, years=day.year, language=_NAMES.get(language, "en_US"))
    except NotImplementedError:
        return ""
    name = str(known.get(day, "")).split(";")[0].split("（")[0].split(" (")[0].strip()
    return "" if name.startswith(_DAY_OFF) else name


@lru_cache(maxsize=8)
def _published_years(region: str) -> frozenset[int]:
    """The years for which days off that were moved are known: every year that was published has some."""
    import holidays

    known: dict[int, object] = getattr(holidays.country_holidays(region), "special_public_holidays", {})
    return frozenset(known)


@lru_cache(maxsize=64)
def public_days(region: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """A year's public holidays and the weekend days that are worked instead; raises ValueError for an unknown region."""
    import holidays  # slow to import, and needed only once somebody's time is counted

    try:
        known = holidays.country_holidays(region, years=year)
    except NotImplementedError:
        raise ValueError(f"no public holidays are known for the region '{region}'") from None
    worked = frozenset(day for day in known.weekend_workdays if day.year == year)
    return frozenset(day for day in known if day.year == year) - worked, worked

"""When a series takes place: RFC 5545 rules on wall time in a zone.

Wall times are naive datetimes on the clock of the zone. A wall time that a clock change repeats is its first moment; one
that it leaves out is the moment as much later as the clock jumps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from bot.errors import CannotPlan
from bot.timetable._tables import Series

LONGEST = 12 * 60
"""Minutes that a session may take."""
MOST = 600
"""Times that a series may be planned for at once."""
LAST_DAY = 28
"""The last day that every month has."""

_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Rhythm:
    """In which weeks or months, and on which days of them; `weekdays` count from Monday as 0.

    Monthly it is either at the `positions` (1 to 4, or -1 for the last) of each weekday, or on the `days` of the month.
    `count` or `until` end it.
    """

    every: int = 1
    weekdays: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    days: tuple[int, ...] = ()
    until: date | None = None
    count: int | None = None

    @property
    def monthly(self) -> bool:
        """Whether it counts months, not weeks."""
        return bool(self.positions or self.days)

    @property
    def rule(self) -> str:
        """The rule as RFC 5545 writes it, for a start without a zone."""
        parts = [f"FREQ={'MONTHLY' if self.monthly else 'WEEKLY'}"]
        if self.every > 1:
            parts.append(f"INTERVAL={self.every}")
        if self.days:
            parts.append("BYMONTHDAY=" + ",".join(map(str, self.days)))
        else:
            places = [f"{place}{_CODES[day]}" for place in self.positions or ("",) for day in self.weekdays]
            parts.append("BYDAY=" + ",".join(places))
        if self.until is not None:
            parts.append(f"UNTIL={self.until:%Y%m%d}T235959")
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        return ";".join(parts)

    @classmethod
    def of(cls, rule: str) -> Rhythm:
        """The rhythm behind a stored rule."""
        parts = dict(part.split("=", 1) for part in rule.split(";"))
        places = parts["BYDAY"].split(",") if "BYDAY" in parts else []
        return cls(
            every=int(parts.get("INTERVAL", "1")),
            weekdays=tuple(dict.fromkeys(_CODES.index(place[-2:]) for place in places)),
            positions=tuple(dict.fromkeys(int(place[:-2]) for place in places if place[:-2])),
            days=tuple(map(int, parts["BYMONTHDAY"].split(","))) if "BYMONTHDAY" in parts else (),
            until=datetime.strptime(parts["UNTIL"][:8], "%Y%m%d").date() if "UNTIL" in parts else None,  # noqa: DTZ007
            count=int(parts["COUNT"]) if "COUNT" in parts else None,
        )

    @property
    def cycle(self) -> timedelta:
        """About how long it is from one time to the next."""
        return timedelta(days=30.5 * self.every) if self.monthly else timedelta(days=7 * self.every)


@dataclass(frozen=True)
class Occurrence:
    """One time of a series. `shifted` says that its wall time does not exist on that day, and it begins later."""

    wall: datetime
    starts_at: datetime
    ends_at: datetime
    shifted: bool


@dataclass(frozen=True)
class Recurrence:
    """A rhythm with its first wall time, length and zone; without the `skipped` and with the `extra` wall times."""

    rhythm: Rhythm
    first: datetime
    minutes: int
    zone: str
    skipped: frozenset[datetime] = frozenset()
    extra: frozenset[datetime] = frozenset()

    def walls(self, *, after: datetime | None = None) -> Iterator[datetime]:
        """Its wall times in order, those after `after` where one is given."""
        rule = rrulestr(self.rhythm.rule, dtstart=self.first)
        ruled = rule.xafter(after) if after is not None else iter(rule)
        more = sorted(wall for wall in self.extra if after is None or wall > after)
        for wall in _merged(ruled, more):
            if wall not in self.skipped:
                yield wall

    def between(self, start: datetime, end: datetime) -> list[Occurrence]:
        """What begins from one moment on and before another."""
        zone = ZoneInfo(self.zone)
        earliest = start.astimezone(zone).replace(tzinfo=None) - timedelta(days=1)
        found = []
        for wall in self.walls(after=earliest):
            one = occurrence(wall, self.minutes, self.zone)
            if one.starts_at >= end:
                break
            if one.starts_at >= start:
                found.append(one)
        return found

    def next(self, now: datetime, n: int) -> list[Occurrence]:
        """The next `n` of them that begin after a moment."""
        local = now.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None) - timedelta(days=1)
        coming = (occurrence(wall, self.minutes, self.zone) for wall in self.walls(after=local))
        return list(islice((one for one in coming if one.starts_at > now), n))

    def beginning(self, now: datetime) -> Recurrence:
        """The same with its first time moved to where the rhythm really begins: on or after `first`, and after now.

        Raises CannotPlan where nothing is left.
        """
        anchored = replace(self.rhythm, every=1, count=None, until=None)
        for wall in islice(rrulestr(anchored.rule, dtstart=self.first), MOST):
            if moment(wall, self.zone) > now:
                if self.rhythm.until is not None and self.rhythm.until < wall.date():
                    raise CannotPlan("end", end=self.rhythm.until, start=wall.date())
                return replace(self, first=wall)
        raise CannotPlan("past", when=self.first, zone=self.zone)

    def checked(self) -> Recurrence:
        """Itself; raises CannotPlan for what no calendar can hold."""
        for day in self.rhythm.days:
            if not 1 <= day <= LAST_DAY:
                raise CannotPlan("day", day=day)
        if not 1 <= self.minutes <= LONGEST:
            raise CannotPlan("length", minutes=self.minutes)
        if not 1 <= self.rhythm.every <= 12 or not (self.rhythm.count is None or 1 <= self.rhythm.count <= MOST):
            raise CannotPlan("number")
        return self


def moment(wall: datetime, zone: str) -> datetime:
    """When the clock of a zone shows a wall time: the first time of two, or as much later as the clock jumps over it."""
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def exists(wall: datetime, zone: str) -> bool:
    """Whether the clock of the zone ever shows this wall time."""
    return wall_of(moment(wall, zone), zone) == wall


def wall_of(at: datetime, zone: str) -> datetime:
    """What the clock of a zone shows at a moment."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def occurrence(wall: datetime, minutes: int, zone: str) -> Occurrence:
    """One time, from its wall time and length."""
    starts_at = moment(wall, zone)
    return Occurrence(wall, starts_at, starts_at + timedelta(minutes=minutes), not exists(wall, zone))


def recurrence_of(series: Series) -> Recurrence:
    """When a series takes place."""
    return Recurrence(
        Rhythm.of(series.rrule),
        datetime.fromisoformat(series.first),
        series.minutes,
        series.zone,
        frozenset(map(datetime.fromisoformat, series.skipped)),
        frozenset(map(datetime.fromisoformat, series.extra)),
    )


def _merged(ruled: Iterator[datetime], more: list[datetime]) -> Iterator[datetime]:
    """The rule's times and the extra ones in order, each once."""
    left = list(more)
    for wall in ruled:
        while left and left[0] <= wall:
            if (extra := left.pop(0)) != wall:
                yield extra
        yield wall
    yield from left

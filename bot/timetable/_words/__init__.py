"""When something is to be, in the plain words of an organizer, English or Chinese.

Whatever is not understood is named in a CannotPlan, so that nobody relies on words that were passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from bot import timewords
from bot.errors import CannotPlan, MomentUnfit
from bot.timetable._recurrence import Recurrence, Rhythm, wall_of
from bot.timetable._words._clocks import take_times
from bot.timetable._words._days import FURTHEST, TOKEN, days_in, mark_days
from bot.timetable._words._rhythms import take_how_often, take_rhythm
from bot.timetable._words._text import Text
from bot.timetable._words._zones import take_zone

USUAL_MINUTES = 60

_DAYS = rf"{TOKEN}(?:\s*(?:,|、|和|及|\band\b|\bor\b)?\s*{TOKEN})*"
_UNTIL = rf"(?:\b(?:until|till|through|ending(?: on)?|ends? on|up to)\b|直到|截至|截止到?|到|至)\s*{TOKEN}\s*(?:为止|结束|止)?"
_EXCEPT = (
    r"(?:\b(?:except(?: for)?(?: on)?|but not(?: on)?|not on|without|skip(?:ping)?)\b|除了?|不含|跳过|不包括)"
    rf"\s*{_DAYS}\s*(?:以外|之外|外)?"
)
_EXTRA = rf"(?:\b(?:also on|plus|and also on|and also)\b|另加|外加|加上|另外加?)\s*{_DAYS}"
_FROM = (
    rf"(?:\b(?:from|starting(?: on| from)?|beginning(?: on)?|starts? on|as of|since)\b|从|自)?\s*{TOKEN}\s*(?:起|开始)?"
)
_COUNT = (
    r"(?:\bfor\b|(?:总|一)?共|连续|[开办做讲])*\s*"
    r"(?:(?P<n>\d{1,3})\s*(?:times\b|sessions\b|meetings\b|[次场节期]|x(?!\w))|[x×]\s?(?P<x>\d{1,3})\b)"
)
_LASTING = (
    r"(?:\bfor(?: the next)?\b|(?:总|一)?共|连续|持续|为期)\s*(?P<n>\d{1,2})\s*"
    r"(?:(?P<weeks>weeks?\b|个?(?:周|星期|礼拜))|months?\b|个月)"
)
_HOLIDAYS = (
    r"\bholidays?\b|\bspring festival\b|\bchinese new year\b"
    r"|节日|节假日|假期|放假|法定假|假日|春节|过年|国庆|五一|清明|端午|中秋|元旦"
)


@dataclass(frozen=True)
class Wish:
    """What the words say; whatever they leave open is None or empty."""

    rhythm: Rhythm | None
    start: date | None
    clock: time | None
    minutes: int | None
    zone: str | None
    skipped: tuple[date, ...] = ()
    extra: tuple[date, ...] = ()
    lasting: relativedelta | None = None


def read_recurrence(words: str, *, now: datetime, zone: str, old: Recurrence | None = None) -> Recurrence:
    """When a series takes place; what is left open is as in `old`. Raises CannotPlan."""
    wish = _wish(words, now=now, zone=old.zone if old else zone)
    rhythm = wish.rhythm or (old.rhythm if old else None)
    clock = wish.clock or (old.first.time() if old else None)
    if rhythm is None:
        raise CannotPlan("rhythm")
    if clock is None:
        raise CannotPlan("when")
    zone = wish.zone or (old.zone if old else zone)
    minutes = wish.minutes or (old.minutes if old else USUAL_MINUTES)
    today = wall_of(now, zone).date()
    first = datetime.combine(wish.start or (old.first.date() if old else today), clock)
    kept = old is not None and wish.rhythm is None
    when = Recurrence(
        rhythm,
        first,
        minutes,
        zone,
        frozenset(datetime.combine(day, clock) for day in wish.skipped)
        | (frozenset(datetime.combine(wall.date(), clock) for wall in old.skipped) if kept and old else frozenset()),
        frozenset(datetime.combine(day, clock) for day in wish.extra) | (old.extra if kept and old else frozenset()),
    )
    return _sound(_lasting(when.checked().beginning(now), wish), wish)


def _lasting(when: Recurrence, wish: Wish) -> Recurrence:
    """The same with the end that so many weeks or months come to."""
    if wish.lasting is None:
        return when
    last = when.first.date() + wish.lasting - timedelta(days=1)
    return replace(when, rhythm=replace(when.rhythm, until=last))


def _sound(when: Recurrence, wish: Wish) -> Recurrence:
    """The same; raises CannotPlan for a day to be left out on which nothing would be."""
    walls = set()
    plain = replace(when, skipped=frozenset())
    if wish.skipped:
        last = datetime.combine(max(wish.skipped) + timedelta(days=1), time())
        for wall in plain.walls():
            if wall >= last:
                break
            walls.add(wall.date())
    for day in wish.skipped:
        if day not in walls:
            raise CannotPlan("notthen", day=day)
    return when


def read_moment(
    words: str, *, now: datetime, zone: str, old: tuple[datetime, int] | None = None
) -> tuple[datetime, int, str]:
    """When one session is: its wall time, its minutes and the zone; what is left open is as in `old`. Raises CannotPlan."""
    try:
        wish = _wish(words, now=now, zone=zone)
    except CannotPlan as unread:
        if unread.why != "words":
            raise
        return _said_shortly(words, unread, now=now, zone=zone), old[1] if old else USUAL_MINUTES, zone
    if wish.rhythm is not None and (wish.rhythm.monthly or wish.rhythm.every > 1 or len(wish.rhythm.weekdays) > 1):
        raise CannotPlan("once")
    zone = wish.zone or zone
    clock = wish.clock or (old[0].time() if old else None)
    if clock is None:
        raise CannotPlan("when")
    day = wish.start or _coming(wish.rhythm, clock, now, zone) or (old[0].date() if old else None)
    if day is None:
        raise CannotPlan("whichday")
    return datetime.combine(day, clock), wish.minutes or (old[1] if old else USUAL_MINUTES), zone


def _said_shortly(words: str, unread: CannotPlan, *, now: datetime, zone: str) -> datetime:
    """The wall time of words that say a moment and nothing else, as for a notice: 今晚8点, in 3 days at 9:00."""
    try:
        return wall_of(timewords.read(words, now=now, zone=zone), zone)
    except MomentUnfit:
        raise unread from None


def _coming(rhythm: Rhythm | None, clock: time, now: datetime, zone: str) -> date | None:
    """The next day of a weekday that was named alone."""
    if rhythm is None:
        return None
    local = wall_of(now, zone)
    ahead = (rhythm.weekdays[0] - local.weekday()) % 7
    if ahead == 0 and clock <= local.time():
        ahead = 7
    return local.date() + timedelta(days=ahead)


def read_days(words: str, *, now: datetime, zone: str) -> list[date]:
    """Some days and nothing else; raises CannotPlan."""
    text = Text(words)
    mark_days(text, today=wall_of(now, zone).date())
    found = text.take_all(TOKEN)
    if not found or text.left:
        raise CannotPlan("words", rest=text.left or words.strip())
    return [day for one in found for day in days_in(one.group())]


def _wish(words: str, *, now: datetime, zone: str) -> Wish:
    text = Text(words)
    named = take_zone(text)
    today = wall_of(now, named or zone).date()
    mark_days(text, today=today)
    until = text.take(_UNTIL)
    skipped, extra = text.take(_EXCEPT), text.take(_EXTRA)
    start = text.take(_FROM)
    lasting = text.take(_LASTING)
    clock, minutes = take_times(text)
    times = take_how_often(text)
    count = text.take(_COUNT)
    first = _ahead(days_in(start.group())[0], today) if start is not None else None
    rhythm = take_rhythm(text, start=first, times=times)
    if rhythm is not None:
        last = days_in(until.group())[0] if until is not None else None
        if last is not None and last < (first or today):
            raise CannotPlan("end", end=last, start=first or today)
        rhythm = replace(rhythm, until=last, count=int(count["n"] or count["x"]) if count is not None else None)
    elif until is not None or count is not None or lasting is not None:
        raise CannotPlan("rhythm")
    if text.left:
        raise CannotPlan("holidays" if re.search(_HOLIDAYS, text.left) else "words", rest=text.left)
    return Wish(
        rhythm,
        first,
        clock,
        minutes,
        named,
        tuple(days_in(skipped.group())) if skipped is not None else (),
        tuple(days_in(extra.group())) if extra is not None else (),
        _span(lasting) if lasting is not None else None,
    )


def _span(found: re.Match[str]) -> relativedelta:
    number = int(found["n"])
    return relativedelta(weeks=number) if found["weeks"] else relativedelta(months=number)


def _ahead(day: date, today: date) -> date:
    if day < today:
        raise CannotPlan("pastday", day=day)
    if day > today + FURTHEST:
        raise CannotPlan("date")
    return day

"""Rhythms as people write them: every second Tuesday, 每两周周二, first Wednesday of the month, 每月最后一个周五."""

from __future__ import annotations

import re
from datetime import date

from bot.errors import CannotPlan
from bot.timetable._recurrence import LAST_DAY, Rhythm
from bot.timetable._words._text import Text

_PLACES = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5, "last": -1,
}  # fmt: skip
_TIMES = {"other": 2, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_PLACE = re.compile(
    rf"\b(?P<en>{'|'.join(_PLACES)})\s+‹(?P<day>\d)›|第(?P<zh>\d)个?(?:周的?)?‹(?P<zday>\d)›|最后1?个?(?:周的?)?‹(?P<zlast>\d)›"
)
_MONTHS = re.compile(
    r"\bevery (?:(?P<n>\d+)|(?P<word>other|second|third)) months?\b"
    r"|每隔(?P<gap>\d+)个月|每(?P<zn>\d+)个月|(?P<quarter>\bquarterly\b|每季度?)"
)
_MONTH = re.compile(r"\b(?:of |in )?(?:the|every|each|a|per) month\b|\bmonthly\b|每个?月份?|\bof months?\b")
_WEEKS = re.compile(
    r"\bevery (?:(?P<n>\d+)(?:st|nd|rd|th)?|(?P<word>other|second|2nd|third|3rd|fourth|4th))(?:\s+weeks?\b|(?=\s+‹))"
    r"|每隔(?P<gap>\d+)个?(?:周|星期|礼拜)|每(?P<zn>\d+)个?(?:周|星期|礼拜|(?=‹))"
    r"|(?P<two>\b(?:bi-?weekly|fortnightly)\b|\bevery fortnight\b|隔周|每?双周)"
)
_WEEK = re.compile(r"\bweekly\b|\b(?:every|each) week\b|每个?(?:周|星期|礼拜)|每(?=‹)|\b(?:every|each)\b(?=\s+‹)")
_ALL = re.compile(r"(?P<work>\bweekdays?\b|\bworkdays?\b|每?个?工作日)|(?P<every>\bdaily\b|\bevery day\b|每天|每日)")
_LIST = re.compile(r"‹(\d)›(?:\s*(?:,|、|/|和|及|与|\band\b|&|\bor\b)\s*‹\d›)*")
_RUN = re.compile(r"‹(\d)›\s*(?:-|\bto\b|至|到)\s*‹(\d)›")
_DAY = re.compile(
    r"(?:\bday\s+|\bthe\s+)?(?<![\d:⟦-])(?P<en>\d{1,2})(?:st|nd|rd|th)\b"
    r"|\bday (?P<day>\d{1,2})\b|(?<![\d:月])(?P<zh>\d{1,2})[日号]"
)
_LAST_DAY = re.compile(r"\blast day\b|\bend of (?:the|every|each) month\b|最后1天|月底|月末")


def take_rhythm(text: Text, *, start: date | None) -> Rhythm | None:
    """The rhythm, taken out of the text; None where it names none. A `start` says on which day when nothing else does."""
    if (whole := text.take(_ALL)) is not None:
        return Rhythm(weekdays=tuple(range(5 if whole["work"] else 7)))
    if text.take(_LAST_DAY) is not None:
        raise CannotPlan("day", day=31)
    if (months := text.take(_MONTHS)) is not None:
        return _monthly(text, _interval(months), start)
    if text.take(_MONTH) is not None:
        return _monthly(text, 1, start)
    return _weekly(text, start)


def _interval(found: re.Match[str]) -> int:
    groups = found.groupdict()
    if groups.get("quarter"):
        return 3
    if groups.get("two"):
        return 2
    if groups.get("gap"):
        return int(groups["gap"]) + 1
    return _TIMES[groups["word"]] if groups.get("word") else int(groups.get("n") or groups.get("zn") or 1)


def _monthly(text: Text, every: int, start: date | None) -> Rhythm:
    text.take(r"\bevery\b(?=\s+(?:first|second|third|fourth|last|\d))")
    if (place := text.take(_PLACE)) is not None:
        return Rhythm(every=every, weekdays=(_weekday(place),), position=_position(place))
    if (day := text.take(_DAY)) is not None:
        number = int(day["en"] or day["day"] or day["zh"])
        if not 1 <= number <= LAST_DAY:
            raise CannotPlan("day", day=number)
        return Rhythm(every=every, day=number)
    if start is None or start.day > LAST_DAY:
        raise CannotPlan("which")
    return Rhythm(every=every, day=start.day)


def _weekday(place: re.Match[str]) -> int:
    return int(place["day"] or place["zday"] or place["zlast"])


def _position(place: re.Match[str]) -> int:
    position = _PLACES[place["en"]] if place["en"] else int(place["zh"]) if place["zh"] else -1
    if position not in (-1, 1, 2, 3, 4):
        raise CannotPlan("fifth")
    return position


def _weekly(text: Text, start: date | None) -> Rhythm | None:
    weeks = text.take(_WEEKS)
    if weeks is None and (place := text.take(_PLACE)) is not None:
        text.take(r"\bevery\b")
        return Rhythm(weekdays=(_weekday(place),), position=_position(place))
    weekly = text.take(_WEEK) is not None or weeks is not None
    days = _weekdays(text)
    if not weekly and not days:
        return None
    if not days:
        if start is None:
            raise CannotPlan("which")
        days = (start.weekday(),)
    return Rhythm(every=_interval(weeks) if weeks is not None else 1, weekdays=days)


def _weekdays(text: Text) -> tuple[int, ...]:
    days: set[int] = set()
    if (run := text.take(_RUN)) is not None:
        first, last = int(run[1]), int(run[2])
        days |= {(first + i) % 7 for i in range((last - first) % 7 + 1)}
    for found in text.take_all(_LIST):
        days |= set(map(int, re.findall(r"‹(\d)›", found.group())))
    return tuple(sorted(days))

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
_AND = r"\s*(?:,\s*and\b|,|、|/|和|及|与|以及|\band\b|&|\+|\bor\b)\s*(?:(?:the|on|every)\s+|每)?"
_PLACE_EN = rf"(?:{'|'.join(_PLACES)})"
_PLACE_ZH = r"(?:第\d|最后1?)个?"
_PLACE = re.compile(
    rf"(?:\b(?P<en>{_PLACE_EN}(?:{_AND}{_PLACE_EN})*)\s+"
    rf"|(?P<zh>{_PLACE_ZH}(?:(?:{_AND})?(?:{_PLACE_ZH}|\d个?))*)(?:(?:周|星期|礼拜)的?|的)?)"
    rf"(?P<days>‹\d›(?:{_AND}‹\d›)*)"
)
_ALSO = (
    (r"(?:每个?)?月[末底]的?(?=‹)|倒数第1(?=个|周|‹)", "每月最后1"),
    (r"(?:首个?|头1?个)(?=周|‹)", "第1个"),
)
_MONTHS = re.compile(
    r"\bevery (?:(?P<n>\d+)|(?P<word>other|second|third)) months?\b"
    r"|每隔(?P<gap>\d+)个月|隔(?P<word_zh>1?个?)月|每(?P<zn>\d+)个月|(?P<quarter>\bquarterly\b|\bevery quarter\b|每个?季度?)"
)
_MONTH = re.compile(r"\b(?:of |in )?(?:the|every|each|a|per) month\b|\bmonthly\b|每个?月份?|\bof months?\b")
_WEEKS = re.compile(
    r"\b(?:every|each) (?:(?P<n>\d+)(?:st|nd|rd|th)?|(?P<word>other|second|2nd|third|3rd|fourth|4th))(?:\s+weeks?\b|(?=\s+‹))"
    r"|每隔(?P<gap>\d+)个?(?:周|星期|礼拜)|每(?P<zn>\d+)个?(?:周|星期|礼拜|(?=‹))"
    r"|(?P<two>\b(?:bi-?weekly|fortnightly)\b|\bevery fortnight\b|\b(?:every )?alternat(?:e|ing)(?: weeks?\b)?"
    r"|每?隔(?:1个?)?(?:周|星期|礼拜|(?=‹))|每双周)"
)
_PARITY = re.compile(r"逢?[单双]周|[单双](?=‹)|[奇偶]数?周|\b(?:odd|even)(?:-numbered)? (?:calendar )?weeks?\b")
_WEEK = re.compile(
    r"\bweekly\b|\b(?:every|each) week\b|每个?(?:周|星期|礼拜)|每?逢(?=‹)|每个?(?=‹)|\b(?:every|each)\b(?=\s+‹)"
)
_OFTEN = re.compile(r"\b(?:(?P<once>once)|(?P<twice>twice)|(?P<n>\d) times) (?:(?:an?|per|each) |(?=every\b))")
_OFTEN_ZH = re.compile(r"(周|星期|礼拜|月|季度?|天|‹\d›)\s*(\d)[次回场期]")
_ALL = re.compile(
    r"(?P<work>\bweekdays?\b|\bworkdays?\b|每?个?工作日)|(?P<off>\bweekends?\b|每?个?周末)"
    r"|(?P<every>\bdaily\b|\bevery day\b|每天|每日|每(?=晚|早))"
)
_LIST = re.compile(rf"‹(\d)›(?:{_AND}‹\d›)*")
_RUN = re.compile(r"‹(\d)›\s*(?:-|\bto\b|至|到)\s*‹(\d)›")
_DAY = re.compile(
    rf"(?P<en>(?:\bdays? |\bthe )?(?<![\d:⟦-])\d{{1,2}}(?:st|nd|rd|th)\b(?:{_AND}\d{{1,2}}(?:st|nd|rd|th)\b)*)"
    rf"|\bdays? (?P<day>\d{{1,2}}\b(?:{_AND}\d{{1,2}}\b)*)"
    rf"|(?<![\d:月])(?P<zh>\d{{1,2}}[日号]?(?:{_AND}\d{{1,2}}[日号]?)*(?<=[日号]))"
)
_LAST_DAY = re.compile(r"\blast day\b|\bend of (?:the|every|each) month\b|最后1天|月底|月末")


def take_rhythm(text: Text, *, start: date | None, times: int | None = None) -> Rhythm | None:
    """The rhythm, taken out of the text; None where it names none.

    A `start` says on which day when nothing else does; `times` is how often it was said to be in each week or month.
    """
    if _PARITY.search(text.rest):
        raise CannotPlan("parity")
    rhythm = _rhythm(text, start)
    if rhythm is not None and times not in (None, len(rhythm.days or rhythm.weekdays) * max(len(rhythm.positions), 1)):
        raise CannotPlan("which")
    return rhythm


def take_how_often(text: Text) -> int | None:
    """How often it is said to be in each week or month (once a week, 每月两次), taken out of the text."""
    if (found := _OFTEN.search(text.rest)) is not None:
        text.rest = f"{text.rest[: found.start()]}every {text.rest[found.end() :].removeprefix('every ')}"
        return 1 if found["once"] else 2 if found["twice"] else int(found["n"])
    if (found := _OFTEN_ZH.search(text.rest)) is not None:
        text.rest = f"{text.rest[: found.end(1)]} {text.rest[found.end() :]}"
        return int(found[2])
    return None


def _rhythm(text: Text, start: date | None) -> Rhythm | None:
    if (whole := text.take(_ALL)) is not None:
        return Rhythm(weekdays=(5, 6) if whole["off"] else tuple(range(5 if whole["work"] else 7)))
    for said, plainer in _ALSO:
        text.rest = re.sub(said, plainer, text.rest)
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
    if groups.get("two") or groups.get("word_zh") is not None:
        return 2
    if groups.get("gap"):
        return int(groups["gap"]) + 1
    return _TIMES[groups["word"]] if groups.get("word") else int(groups.get("n") or groups.get("zn") or 1)


def _monthly(text: Text, every: int, start: date | None) -> Rhythm:
    if (placed := _placed(text, every)) is not None:
        return placed
    if (found := text.take(_DAY)) is not None:
        said = re.findall(r"\d+", found["en"] or found["day"] or found["zh"])
        days = tuple(sorted({int(day) for day in said}))
        for day in days:
            if not 1 <= day <= LAST_DAY:
                raise CannotPlan("day", day=day)
        return Rhythm(every=every, days=days)
    if start is None or start.day > LAST_DAY:
        raise CannotPlan("which")
    return Rhythm(every=every, days=(start.day,))


def _placed(text: Text, every: int = 1) -> Rhythm | None:
    """The second and fourth Tuesday; raises CannotPlan where every place has a weekday of its own."""
    text.take(rf"\bevery\b(?=\s+{_PLACE_EN})")
    places: set[int] = set()
    weekdays: set[int] = set()
    pairs: set[tuple[int, int]] = set()
    for found in text.take_all(_PLACE):
        here, days = _positions(found), {int(day) for day in re.findall(r"‹(\d)›", found["days"])}
        places |= here
        weekdays |= days
        pairs |= {(place, day) for place in here for day in days}
    if not places:
        return None
    if len(pairs) != len(places) * len(weekdays):
        raise CannotPlan("apart")
    return Rhythm(every=every, weekdays=tuple(sorted(weekdays)), positions=tuple(sorted(places, key=lambda n: n % 9)))


def _positions(found: re.Match[str]) -> set[int]:
    if found["en"]:
        said = {_PLACES[word] for word in re.findall(_PLACE_EN, found["en"])}
    else:
        said = {-1 if one.startswith("最") else int(one) for one in re.findall(r"最后1?|\d", found["zh"])}
    if not said <= {-1, 1, 2, 3, 4}:
        raise CannotPlan("fifth")
    return said


def _weekly(text: Text, start: date | None) -> Rhythm | None:
    weeks = text.take(_WEEKS)
    if weeks is None and (placed := _placed(text)) is not None:
        return placed
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

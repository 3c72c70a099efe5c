"""A moment in words, as colleagues write it: "tomorrow 9:00", "27 Nov 19:30", "明天上午9点", "下周二 19:30".

A day and a time of day are looked for in the words, in English or Chinese; whatever else is left makes them unclear. Without
a day the next such time is meant. "Next Tuesday" and 下周二 are in the week that begins next Monday.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import MomentUnfit

HORIZON = timedelta(days=366)
"""How far ahead a moment may be."""

_LATELY = timedelta(days=60)
"""A date without its year that is so little past is a slip, not a date of next year."""

_SIMPLER = str.maketrans("後週點時號禮這個兩鐘淩", "后周点时号礼这个两钟凌")
_NUMERALS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?"
_ORDINAL = r"(?:st|nd|rd|th)?"
_PERIOD = (
    r"(?P<period>凌晨|午夜|清晨|早上|早晨|上午|中午|正午|下午|傍晚|晚上|in the morning|in the afternoon|in the evening|"
    r"morning|afternoon|evening|tonight|at night|[ap]\.?m\.?(?![a-z]))"
)
_CLOCKS = (
    rf"(?:{_PERIOD}\s*)?(?:\bat\s+)?(?<!\d)(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?!\d)",
    rf"(?:{_PERIOD}\s*)?(?<!\d)(?P<hour>\d{{1,2}})[点时](?:(?P<part>半|整|[13]刻)|钟|(?P<minute>\d{{1,2}})分?)?",
    rf"(?<!\d)(?P<hour>\d{{1,2}})\s*{_PERIOD}",
)
_AFTER = rf"\s*{_PERIOD}"
_NOON = r"\bnoon\b|中午|正午"
_FILLING = re.compile(r"[\s,，。.、()（）@的]|\b(?:at|on|the)\b|在")


@dataclass(frozen=True)
class _Today:
    """The present on somebody's clock."""

    now: datetime
    zone: ZoneInfo

    @property
    def day(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def monday(self) -> date:
        return self.day - timedelta(days=self.day.weekday())


class _Words:
    """What is left of the words to be understood."""

    def __init__(self, text: str) -> None:
        self.left = _plain(text)

    def take(self, pattern: str) -> re.Match[str] | None:
        """The first place that fits, which is then understood."""
        found = re.search(pattern, self.left)
        if found is not None:
            self.left = f"{self.left[: found.start()]} {self.left[found.end() :]}"
        return found

    @property
    def understood(self) -> bool:
        return not _FILLING.sub("", self.left)


def _plain(text: str) -> str:
    """Lower case, half width, Simplified, numbers as digits; 今晚 as 今天晚上."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(_SIMPLER)
    plain = re.sub("[〇零一二两三四五六七八九十]+", lambda found: str(_number(found[0])), plain)
    return re.sub("([今明后])([早晚])上?", r"\1天\2上", plain)


def _number(numerals: str) -> int:
    if "十" in numerals:
        tens, _, ones = numerals.partition("十")
        return _number(tens or "一") * 10 + (_number(ones) if ones else 0)
    return int("".join(str(_NUMERALS[numeral]) for numeral in numerals) or "0")


def read(text: str, *, now: datetime, zone: str) -> datetime:
    """The moment that is meant, in UTC; raises MomentUnfit for what cannot be read or used."""
    today, words = _Today(now, ZoneInfo(zone)), _Words(text)
    if (shift := _take_shift(words)) is not None:
        return _usable(now + shift, now, words)
    dated = _take_day(words, today)
    clock = _take_clock(words)
    if not words.understood:
        raise MomentUnfit("unclear")
    if clock is None:
        raise MomentUnfit("clock" if dated is not None else "unclear")
    if dated is not None:
        return _usable(_moment(dated(clock), clock, today.zone), now, words)
    return _usable(_next(today, clock), now, words)


_Dated = Callable[[timedelta], date]
"""A day that may depend on the time of day, since "Tuesday" is today only as long as it is ahead."""


def _usable(moment: datetime, now: datetime, words: _Words) -> datetime:
    if not words.understood:
        raise MomentUnfit("unclear")
    if moment <= now:
        raise MomentUnfit("past")
    if moment > now + HORIZON:
        raise MomentUnfit("far")
    return moment


def _moment(day: date, clock: timedelta, zone: ZoneInfo) -> datetime:
    """That time of that day; raises MomentUnfit where the clocks go forward over it. Twice a night, the first is meant."""
    wall = datetime.combine(day, time(0)) + clock
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != wall:
        raise MomentUnfit("skipped")
    return moment


def _next(today: _Today, clock: timedelta) -> datetime:
    moment = _moment(today.day, clock, today.zone)
    return moment if moment > today.now else _moment(today.day + timedelta(days=1), clock, today.zone)


def _take_shift(words: _Words) -> timedelta | None:
    """In two hours, 半小时后."""
    found = words.take(r"\bin\s+(?P<n>\d{1,4}|an?|half an)\s*(?P<unit>minute|min|hour|h)s?\b") or words.take(
        r"(?P<n>\d{1,4}|半)个?(?P<unit>分钟|小时|钟头)(?:之|以)?后"
    )
    if found is None:
        return None
    number = {"a": 1.0, "an": 1.0, "半": 0.5, "half an": 0.5}.get(found["n"]) or float(found["n"].strip("an ") or 0)
    return timedelta(minutes=number) if found["unit"] in ("minute", "min", "分钟") else timedelta(hours=number)


def _take_day(words: _Words, today: _Today) -> _Dated | None:
    weekday = _take_weekday(words, today)
    day = _take_near_day(words, today) or _take_date(words, today)
    if day is None or weekday is None:
        return (lambda _clock: day) if day is not None else weekday[1] if weekday else None
    if day.weekday() != weekday[0]:
        raise MomentUnfit("unclear")
    return lambda _clock: day


def _take_near_day(words: _Words, today: _Today) -> date | None:
    named = {"今天": 0, "今日": 0, "today": 0, "明天": 1, "明日": 1, "tomorrow": 1, "大后天": 3, "后天": 2}
    if words.take(r"\bthe day after tomorrow\b|\bday after tomorrow\b"):
        return today.day + timedelta(days=2)
    if found := words.take("大后天|后天|今天|今日|明天|明日|today|tomorrow"):
        return today.day + timedelta(days=named[found[0]])
    if found := words.take(r"\bin\s+(\d{1,3})\s*days?\b") or words.take(r"(\d{1,3})天(?:之|以)?后"):
        return today.day + timedelta(days=int(found[1]))
    return today.day if "tonight" in words.left else None


def _take_weekday(words: _Words, today: _Today) -> tuple[int, _Dated] | None:
    english = rf"\b(?:(?P<which>next|this)\s+)?(?P<day>{'|'.join(_WEEKDAYS)})(?:s|nes|rs|ur)?(?:day)?\b\.?"
    if found := words.take(r"(?P<which>下*|这个?|本)个?(?:周|星期|礼拜)(?P<day>[1-6日天])"):
        number = 6 if found["day"] in "日天" else int(found["day"]) - 1
        weeks = found["which"].count("下") if found["which"].startswith("下") else 0 if found["which"] else None
    elif found := words.take(english):
        number = _WEEKDAYS.index(found["day"])
        weeks = {"next": 1, "this": 0}.get(found["which"] or "")
    else:
        return None
    if weeks is not None:
        day = today.monday + timedelta(weeks=weeks, days=number)
        return number, lambda _clock: day
    return number, lambda clock: _coming(number, clock, today)


def _coming(weekday: int, clock: timedelta, today: _Today) -> date:
    day = today.day + timedelta(days=(weekday - today.day.weekday()) % 7)
    return day if _moment(day, clock, today.zone) > today.now else day + timedelta(days=7)


def _take_date(words: _Words, today: _Today) -> date | None:
    found = (
        words.take(r"(?<!\d)(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})(?!\d)[日号]?")
        or words.take(r"(?<!\d)(?P<month>\d{1,2})月(?P<day>\d{1,2})(?:[日号]|(?!\d))")
        or words.take(rf"(?<!\d)(?P<day>\d{{1,2}}){_ORDINAL}\s+(?:of\s+)?{_MONTH}(?:,?\s+(?P<year>\d{{4}})(?![:\d]))?")
        or words.take(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}}){_ORDINAL}(?![:\d])(?:,?\s+(?P<year>\d{{4}})(?![:\d]))?")
    )
    if found is None:
        return None
    parts = found.groupdict()
    month = int(parts["month"]) if parts.get("month") else _MONTHS.index(parts["name"]) + 1
    try:
        if parts.get("year"):
            return date(int(parts["year"]), month, int(parts["day"]))
        return _nearest(month, int(parts["day"]), today)
    except ValueError:
        raise MomentUnfit("unclear") from None


def _nearest(month: int, day: int, today: _Today) -> date:
    """The date in this year, or in the next one when it is long past; 29 February where there is one."""
    for year in (today.day.year, today.day.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            if (month, day) != (2, 29) or year > today.day.year:
                raise
            continue
        if found >= today.day - _LATELY:
            return found
    return found


def _take_clock(words: _Words) -> timedelta | None:
    for pattern in _CLOCKS:
        if found := words.take(pattern):
            parts = found.groupdict()
            period = parts.get("period") or ((after := words.take(_AFTER)) and after["period"])
            return _clock(int(parts["hour"]), _minute(parts), (period or "").replace(".", ""))
    return timedelta(hours=12) if words.take(_NOON) else None


def _minute(parts: dict[str, str | None]) -> int:
    part = parts.get("part") or ""
    if part:
        return {"半": 30, "整": 0}.get(part) or (int(part[0]) * 15 if part.endswith("刻") else 0)
    return int(parts.get("minute") or 0)


def _clock(hour: int, minute: int, period: str) -> timedelta:
    """Hours and minutes after midnight, where "evening" or 下午 says which half of the day; raises MomentUnfit."""
    hour = _hour(hour, period)
    if not 0 <= hour <= 24 or not 0 <= minute < 60 or (hour == 24 and minute):
        raise MomentUnfit("unclear")
    return timedelta(hours=hour, minutes=minute)


def _hour(hour: int, period: str) -> int:
    if not period:
        return hour
    if period in ("am", "凌晨", "午夜"):
        return _within(hour % 12 if hour <= 12 else hour, 0, 11)
    if period in ("清晨", "早上", "早晨", "上午", "morning", "in the morning"):
        return _within(hour, 0, 12)
    if period in ("中午", "正午"):
        return _within(hour + 12 if hour < 4 else hour, 11, 15)
    if period in ("pm", "下午", "afternoon", "in the afternoon"):
        return _within(hour + 12 if 0 < hour < 12 else hour, 12, 23)
    return _within(hour + 12 if 4 < hour <= 12 else hour, 17, 24)


def _within(hour: int, first: int, last: int) -> int:
    if not first <= hour <= last:
        raise MomentUnfit("unclear")
    return hour

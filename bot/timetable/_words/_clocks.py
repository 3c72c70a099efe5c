"""Times of day and lengths as people write them: 19:00–20:30, 7pm for 90 minutes, 晚上7点半，一个半小时."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from bot.errors import CannotPlan
from bot.timetable._words._text import Text

_EARLY = "上午|早上|早晨|清晨|凌晨|早"
_LATE = "下午|傍晚|晚上|晚间|夜里|中午|晚"
_TO = r"\s*(?:-|\bto\b|\buntil\b|\btill\b|至|到)\s*"
_LENGTH = re.compile(
    r"(?:,|，)?\s*(?:\bfor\b|\blasting\b|时长|持续|每次|共)?\s*(?:"
    r"(?P<oneandhalf>\ban hour and a half\b|\bone and a half hours?\b|(?<!\d)1?个半小时)"
    r"|(?P<half>\bhalf an hour\b|半个?小时)"
    r"|(?P<hour>\ban hour\b)"
    r"|(?<![\d:.])(?P<h>\d{1,2}(?:\.\d)?)(?P<andhalf>个半)?\s*-?(?:hours?\b|hrs?\b|h\b|个?小时)(?:\s*(?:and\s+)?(?P<hm>\d{1,2})\s*(?:minutes?\b|mins?\b|m\b|分钟?))?"
    r"|(?<![\d:.])(?P<m>\d{1,3})\s*-?(?:minutes?\b|mins?\b|分钟)"
    r")"
)
_HOURS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORDED = re.compile(
    rf"(?:\b(?P<half>half past )|(?P<quarter>\b(?:a )?quarter past )|(?<=\bat ))(?P<hour>{'|'.join(_HOURS)}|\d{{1,2}}\b(?![:.h]))"
)
_SPOKEN = (
    (r"\b(?:noon|midday)\b|正午", "12:00"),
    (r"(?<![\d:])([01]\d|2[0-3])([0-5]\d)\s*-\s*([01]\d|2[0-4])([0-5]\d)(?![\d:-])", r"\1:\2-\3:\4"),
    (r"(?<![\d:])(\d{1,2})h([0-5]\d)\b", r"\1:\2"),
    (r"([点时][半整]?(?:\d{1,2}分|[13]刻)?|:\d\d)开始,?\s*[到至]?([^,;|]{1,9}?)结束", r"\1到\2"),
    (r"(\d) (?:in the|this) morning\b|\bmornings? at (\d{1,2}(?:[:.]\d{2})?)(?!\d)", r"\1\2 am"),
    (
        r"([\d半刻点]) (?:in the|this|at) (?:afternoon|evening|night)\b"
        r"|\b(?:afternoon|evening|night)s? at (\d{1,2}(?:[:.]\d{2}|点[13]?[半刻]?)?)(?!\d)",
        r"\1\2 pm",
    ),
    (r"\b(\d{1,2}) o'clock\b", r"\1点"),
    (r"每(?=[早晚])", "每天"),
    (r"\bat (\d{1,2})h\b", r"at \1:00"),
)
_NEXT_DAY = 3 * 60
"""An end up to three in the morning belongs to the evening before."""


@dataclass(frozen=True)
class _Clock:
    minutes: int
    late: bool | None
    sure: bool
    spoken: bool


def _clock(n: str) -> str:
    return (
        rf"(?:(?P<early{n}>{_EARLY})|(?P<late{n}>{_LATE}))?\s*(?<![\d:.⟦])(?P<h{n}>\d{{1,2}})"
        rf"(?:(?P<sep{n}>[:.])(?P<m{n}>\d{{2}})|(?P<dot{n}>[点时])(?:(?P<ban{n}>半)|(?P<ke{n}>[13])刻|(?P<zm{n}>\d{{1,2}})分?)?(?:钟|整)?)?"
        rf"(?!\d)\s*(?P<ap{n}>[ap]\.?m\b\.?)?"
    )


_RANGE = re.compile(_clock("a") + _TO + _clock("b"))
_ONE = re.compile(_clock("a"))


def take_times(text: Text) -> tuple[time | None, int | None]:
    """When it begins and how many minutes it takes, as far as the text says; raises CannotPlan for a time that is none."""
    text.rest = _WORDED.sub(_figured, text.rest)
    for pattern, plainer in _SPOKEN:
        text.rest = re.sub(pattern, plainer, text.rest)
    minutes = _take_length(text)
    for found in _RANGE.finditer(text.rest):
        start, end = _read(found, "a"), _read(found, "b")
        if start.sure or end.sure:
            text.take(re.escape(found.group()))
            if end.late is None:
                _refuse_either(start)
            return _span(start, end)
    for found in _ONE.finditer(text.rest):
        if (one := _read(found, "a")).sure:
            text.take(re.escape(found.group()))
            _refuse_either(one)
            return _time(_absolute(one)), minutes
    return None, minutes


def _figured(found: re.Match[str]) -> str:
    """Half past seven as 7点半, at 7 as 7点: hours that anybody says on a clock of twelve."""
    hour = _HOURS.index(found["hour"]) + 1 if found["hour"] in _HOURS else int(found["hour"])
    return f"{hour}点{'半' if found['half'] else '1刻' if found['quarter'] else ''}"


def _take_length(text: Text) -> int | None:
    found = text.take(_LENGTH)
    if found is None:
        return None
    if found["oneandhalf"]:
        return 90
    if found["half"]:
        return 30
    if found["hour"]:
        return 60
    if found["m"]:
        return int(found["m"])
    return round(float(found["h"]) * 60) + (30 if found["andhalf"] else 0) + int(found["hm"] or 0)


def _read(found: re.Match[str], n: str) -> _Clock:
    hour = int(found[f"h{n}"])
    minute = (
        int(found[f"m{n}"] or found[f"zm{n}"] or 0) + (30 if found[f"ban{n}"] else 0) + 15 * int(found[f"ke{n}"] or 0)
    )
    half = (found[f"ap{n}"] or "")[:1]
    sure = bool(found[f"sep{n}"] or found[f"dot{n}"] or half or found[f"early{n}"] or found[f"late{n}"])
    if sure and (hour > 24 or minute > 59 or (hour == 24 and minute) or (half and not 1 <= hour <= 12)):
        raise CannotPlan("clock", text=found.group().strip())
    late: bool | None = (
        True if half == "p" or found[f"late{n}"] else False if half == "a" or found[f"early{n}"] else None
    )
    if half and hour == 12:
        hour = 0
    if (found[f"late{n}"] == "中午" and hour in (11, 12)) or (found[f"late{n}"] == "下午" and hour == 12):
        late = None
    elif found[f"late{n}"] and hour == 12:
        raise CannotPlan("clock", text=found.group().strip())  # midnight of which day is anybody's guess
    return _Clock(hour * 60 + minute, late, sure, bool(found[f"dot{n}"]))


def _refuse_either(one: _Clock) -> None:
    """Seven o'clock is in the morning for some and in the evening for others."""
    if one.spoken and one.late is None and 60 <= one.minutes < 9 * 60:
        raise CannotPlan("half", hour=one.minutes // 60)


def _absolute(one: _Clock) -> int:
    return one.minutes + 12 * 60 if one.late and one.minutes < 12 * 60 else one.minutes


def _span(start: _Clock, end: _Clock) -> tuple[time, int]:
    """A start and a length; “7 to 8:30 pm” and “晚上7点到8点半” are in the evening at both ends."""
    begins, ends = _absolute(start), _absolute(end)
    if start.late is None and end.late and begins < 12 * 60 and begins + 12 * 60 < ends:
        begins += 12 * 60
    if end.late is None and start.late and ends <= begins and ends + 12 * 60 > begins and end.minutes < 12 * 60:
        ends += 12 * 60
    if ends <= begins and ends <= _NEXT_DAY and begins >= 18 * 60:
        ends += 24 * 60
    if ends <= begins:
        raise CannotPlan("hours", start=_time(begins), end=_time(ends))
    return _time(begins), ends - begins


def _time(minutes: int) -> time:
    return time(*divmod(minutes % (24 * 60), 60))

"""Working hours and days off as people write them, in English and in Chinese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.errors import Unclear
from bot.worktime import Days

LONGEST = timedelta(days=180)
FURTHEST = timedelta(days=730)

_DAYS_EN = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS_ZH = "一二三四五六日天"
_WEEK = {"weekdays": range(5), "weekday": range(5), "工作日": range(5), "weekends": range(5, 7), "weekend": range(5, 7)}
_WEEK |= {"周末": range(5, 7), "週末": range(5, 7), "daily": range(7), "every day": range(7), "每天": range(7)}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_TO = re.compile(r"\s*(?:[-–—―~〜]+|\.{2,}|…|至|到|\bto\b|\buntil\b|\btill\b)\s*")
_TOKEN = re.compile(
    rf"(?P<week>{'|'.join(map(re.escape, _WEEK))})"
    r"|(?P<en>mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?"
    rf"|(?P<zh>(?:周|週|星期|礼拜|禮拜)[{_DAYS_ZH}])"
    r"|(?P<early>上午|早上|早)?(?P<late>下午|晚上|晚|中午)?\s*(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>am|pm)?(?!\d)"
    r"|(?P<dash>-)|(?P<gap>(?:[\s,;:、/&+和及与與跟从從]|and\b|from\b|at\b)+)"
)
_CLOCKS = ((r"(\d{1,2})\s*[点點时時]半", r"\1:30"), (r"(\d{1,2})\s*[点點时時](\d{1,2})分?", r"\1:\2"))


def read_hours(text: str) -> dict[int, list[tuple[time, time]]]:
    """Weekday → spans, from “Mon-Fri 9-12, 14-17; Sat 10-12”; hours without days are Monday to Friday's.

    Raises Unclear("hours") for what cannot be read, is empty, or ends before it begins.
    """
    spans: dict[int, list[tuple[time, time]]] = {}
    days: list[int] = []
    fresh = True
    tokens = list(_tokens(text))
    at = 0
    while at < len(tokens):
        if isinstance(tokens[at], tuple):
            days, fresh = ([] if fresh is False else days), True
            found, at = _days(tokens, at)
            days += found
        else:
            found_span, at = _span(tokens, at)
            fresh = False
            for day in days or range(5):
                spans.setdefault(day, []).append(found_span)
    if not spans or fresh:
        raise Unclear("hours")
    return {day: _merged(found) for day, found in spans.items()}


@dataclass(frozen=True)
class _Clock:
    """A time of day as written, in minutes; `half` is 12 hours where it says afternoon, None where it says nothing."""

    minutes: int
    half: int | None


Token = tuple[int, ...] | _Clock | str
"""Some weekdays, a time of day, or the dash between two of either."""

_NOON = 12 * 60


def _tokens(text: str) -> Iterator[Token]:
    rest = _TO.sub("-", unicodedata.normalize("NFKC", text).casefold()).strip()
    for pattern, clock in _CLOCKS:
        rest = re.sub(pattern, clock, rest)
    rest = re.sub(r"(\d)\s*[点點时時]", r"\1:00", rest)
    at = 0
    while at < len(rest):
        found = _TOKEN.match(rest, at)
        if found is None or found.end() == at:
            raise Unclear("hours")
        at = found.end()
        if (token := _token(found)) is not None:
            yield token


def _token(found: re.Match[str]) -> Token | None:
    if found["week"]:
        return tuple(_WEEK[found["week"]])
    if found["en"]:
        return (next(i for i, name in enumerate(_DAYS_EN) if name.startswith(found["en"])),)
    if found["zh"]:
        return (min(_DAYS_ZH.index(found["zh"][-1]), 6),)
    if found["hour"]:
        return _clock(found)
    return "-" if found["dash"] else None


def _clock(found: re.Match[str]) -> _Clock:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    late, early = found["late"] or found["half"] == "pm", found["early"] or found["half"] == "am"
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise Unclear("hours")
    if late or early:
        hour = hour % 12 if hour <= 12 and (late or found["half"]) else hour
        return _Clock(hour * 60 + minute, _NOON if late and hour < 12 else 0)
    return _Clock(hour * 60 + minute, None)


def _days(tokens: list[Token], at: int) -> tuple[list[int], int]:
    """One weekday, or a run of them such as Friday to Monday; and where to read on."""
    first = tokens[at]
    if not isinstance(first, tuple):
        raise Unclear("hours")
    if at + 2 < len(tokens) and tokens[at + 1] == "-":
        last = tokens[at + 2]
        if not isinstance(last, tuple) or len(first) != 1 or len(last) != 1:
            raise Unclear("hours")
        return [(first[0] + i) % 7 for i in range((last[0] - first[0]) % 7 + 1)], at + 3
    return list(first), at + 1


def _span(tokens: list[Token], at: int) -> tuple[tuple[time, time], int]:
    if at + 2 >= len(tokens) or tokens[at + 1] != "-":
        raise Unclear("hours")
    start, end = tokens[at], tokens[at + 2]
    if not isinstance(start, _Clock) or not isinstance(end, _Clock):
        raise Unclear("hours")
    return _from_clocks(start, end), at + 3


def _from_clocks(start: _Clock, end: _Clock) -> tuple[time, time]:
    """A span; “2-5 pm” and “7 to 9 in the evening” mean the afternoon at both ends."""
    begins, ends = start.minutes + (start.half or 0), end.minutes + (end.half or 0)
    if start.half is None and end.half and begins < _NOON and begins + _NOON < ends:
        begins += _NOON
    if end.half is None and start.half and ends <= begins and ends <= _NOON:
        ends += _NOON
    if not begins < (ends or 24 * 60) <= 24 * 60:
        raise Unclear("hours")
    return time(*divmod(begins, 60)), time(*divmod(ends % (24 * 60), 60))


def _merged(spans: list[tuple[time, time]]) -> list[tuple[time, time]]:
    """The same hours without overlaps, in order."""
    merged: list[tuple[time, time]] = []
    for start, end in sorted(spans):
        if merged and (merged[-1][1] == time(0) or start <= merged[-1][1]):
            before = merged[-1]
            ends = (before[1], end)
            merged[-1] = (before[0], time(0) if time(0) in ends else max(ends))
        else:
            merged.append((start, end))
    return merged


_DATE = (
    r"(?:(?P<y{0}>20\d\d)(?:-|/|\.|年)\s*)?(?P<m{0}>\d{{1,2}})(?:-|/|\.|月)\s*(?P<d{0}>\d{{1,2}})(?:日|号|號)?"
    r"|(?P<dd{0}>\d{{1,2}})(?:st|nd|rd|th)?\.?\s*(?P<mm{0}>[a-z]{{3,9}})\.?(?:\s+(?P<yy{0}>20\d\d))?"
    r"|(?P<mn{0}>[a-z]{{3,9}})\.?\s*(?P<dn{0}>\d{{1,2}})(?:st|nd|rd|th)?"
)
_ISO = re.compile(r"20\d\d-\d{1,2}-\d{1,2}")
_RANGE = re.compile(rf"(?:{_DATE.format(1)})(?:>(?:{_DATE.format(2)}))?")
_SHORT = re.compile(
    r"(?P<m>\d{1,2})(?:\.|/|月)(?P<a>\d{1,2})(?:日|号)?>(?P<b>\d{1,2})(?:日|号)?"
    r"|(?P<a2>\d{1,2})>(?P<b2>\d{1,2})(?:st|nd|rd|th)?\.?\s*(?P<n>[a-z]{3,9})\.?"
    r"|(?P<n3>[a-z]{3,9})\.?\s*(?P<a3>\d{1,2})>(?P<b3>\d{1,2})"
)
_WORDS = {"today": 0, "今天": 0, "tomorrow": 1, "明天": 1, "后天": 2, "後天": 2, "the day after tomorrow": 2}
_WEEKS = {"this week": 0, "本周": 0, "这周": 0, "本週": 0, "這週": 0, "next week": 7, "下周": 7, "下週": 7, "下星期": 7}


def read_days_off(text: str, *, today: date) -> list[Days]:
    """Ranges of days, from “2026-10-01 to 2026-10-07”, “10.1-10.7”, “1-7 Oct”, “tomorrow”; several with commas.

    A date without a year is the next one that is not over. Raises Unclear("days off") for what cannot be read.
    """
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()
    parts = [part.strip() for part in re.split(r"[,;、\n]|\band\b|和", plain) if part.strip()]
    if not parts:
        raise Unclear("days off")
    return [_checked(_one_range(part, today), today) for part in parts]


def _one_range(part: str, today: date) -> Days:
    if part in _WORDS:
        day = today + timedelta(days=_WORDS[part])
        return day, day
    if part in _WEEKS:
        monday = today + timedelta(days=_WEEKS[part] - today.weekday())
        return max(monday, today), monday + timedelta(days=6)
    if (short := _SHORT.fullmatch(_with_arrow(part))) is not None:
        month = int(short["m"]) if short["m"] else _month(short["n"] or short["n3"])
        first, last = (short["a"] or short["a2"] or short["a3"]), (short["b"] or short["b2"] or short["b3"])
        return _without_year(month, int(first), month, int(last), today)
    found = _RANGE.fullmatch(_with_arrow(part))
    if found is None:
        raise Unclear("days off")
    return _from_dates(found, today)


def _with_arrow(part: str) -> str:
    """The word or the dash between two dates as “>”, while the dashes inside of dates stay."""
    isos = [match.group() for match in _ISO.finditer(part)]
    for number, iso in enumerate(isos):
        part = part.replace(iso, f"\0{number}\0", 1)
    part = _TO.sub(">", part)
    for number, iso in enumerate(isos):
        part = part.replace(f"\0{number}\0", iso, 1)
    return part.replace("> ", ">").replace(" >", ">")


def _from_dates(found: re.Match[str], today: date) -> Days:
    year, month, day = _parts(found, 1)
    alone = ">" not in found.group()
    last_year, last_month, last_day = (year, month, day) if alone else _parts(found, 2)
    if year is None and last_year is None:
        return _without_year(month, day, last_month, last_day, today)
    first = _date(year or last_year or today.year, month, day)
    last = _date(last_year or first.year, last_month, last_day)
    return first, last if last >= first or last_year is not None else _date(first.year + 1, last_month, last_day)


def _parts(found: re.Match[str], which: int) -> tuple[int | None, int, int]:
    if found[f"m{which}"]:
        year = found[f"y{which}"]
        return int(year) if year else None, int(found[f"m{which}"]), int(found[f"d{which}"])
    if found[f"mm{which}"]:
        year = found[f"yy{which}"]
        return int(year) if year else None, _month(found[f"mm{which}"]), int(found[f"dd{which}"])
    return None, _month(found[f"mn{which}"]), int(found[f"dn{which}"])


def _without_year(month: int, day: int, last_month: int, last_day: int, today: date) -> Days:
    """This year's days, or next year's when they are over already."""
    for year in (today.year - 1, today.year, today.year + 1):
        across = (last_month, last_day) < (month, day)
        first, last = _date(year, month, day), _date(year + across, last_month, last_day)
        if last >= today:
            return first, last
    raise Unclear("days off")


def _month(name: str) -> int:
    if name[:3] not in _MONTHS:
        raise Unclear("days off")
    return _MONTHS.index(name[:3]) + 1


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Unclear("days off") from None


def _checked(days: Days, today: date) -> Days:
    first, last = days
    if last < first or last < today or last - first > LONGEST or last - today > FURTHEST:
        raise Unclear("days off")
    return days

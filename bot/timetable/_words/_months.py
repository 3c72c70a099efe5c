"""Whole months and years as an end or a beginning: until June, 到明年6月底, 直到年底, from January, 从下个月起."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.errors import CannotPlan
from bot.timetable._words._text import Text

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_EN = rf"(?P<name>{MONTH})(?:,?\s*(?P<year>20\d\d))?(?!\s*\d)"
_ZH = r"(?P<year>20\d\d年|明年|今年)?\s*(?P<month>\d{1,2})月份?"
_LAST = (
    rf"(?:(?P<lead>\b(?:until|till|through|up to|ending|ends?))\s+(?:in\s+)?(?:the\s+)?(?:end of\s+)?"
    rf"|\b(?:the\s+)?end of\s+){_EN}",
    rf"(?P<lead>到|至|截止)\s*{_ZH}(?:底|末)?(?!\s*\d)",
    rf"{_ZH}(?:底|末)",
)
_FIRST = (
    rf"(?P<lead>\b(?:from|starting|beginning|as of|since))\s+(?:in\s+|from\s+)?(?:{_EN}|(?P<next>next month)\b)",
    rf"(?P<lead>从|自)\s*(?:{_ZH}|(?P<next>下个?月))(?:起|开始)?(?!\s*\d)",
    rf"(?:{_ZH}|(?P<next>下个?月))(?:起|开始)",
)
_YEAR_ENDS = (
    r"\b(?:the\s+)?end of (?:the |this )?year\b|\b(?:the\s+)?end of (?P<next>next year)\b",
    r"(?P<year>20\d\d年|今年)?年?(?<=年)[底末]|(?P<next>明年)年?[底末]",
)


def mark_months(text: Text, *, today: date) -> None:
    """Put the last or the first day of every month into the text that something ends or begins with."""
    for pattern in _YEAR_ENDS:
        text.rest = re.sub(pattern, lambda found: f" {_year(found, today)}-12-31 ", text.rest)
    for pattern in _LAST:
        text.rest = re.sub(pattern, lambda found: _put(found, _last_of_month(*_month(found, today))), text.rest)
    for pattern in _FIRST:
        text.rest = re.sub(pattern, lambda found: _put(found, _first(found, today)), text.rest)


def _put(found: re.Match[str], day: date) -> str:
    return f" {found.groupdict().get('lead') or ''} {day.isoformat()} "


def _year(found: re.Match[str], today: date) -> int:
    if found["next"]:
        return today.year + 1
    said = found.groupdict().get("year") or ""
    return int(said[:4]) if said[:4].isdigit() else today.year


def _month(found: re.Match[str], today: date) -> tuple[int, int]:
    """Year and month; without a year the next such month that is not over."""
    named = found.groupdict()
    month = int(named["month"]) if named.get("month") else MONTHS.index(named["name"][:3]) + 1
    if not 1 <= month <= 12:
        raise CannotPlan("date")
    said = named.get("year") or ""
    if said[:4].isdigit():
        return int(said[:4]), month
    if said:
        return today.year + (said == "明年"), month
    return today.year + (month < today.month), month


def _last_of_month(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _first(found: re.Match[str], today: date) -> date:
    """The first of the month; today, where it has begun already."""
    if found["next"]:
        return _last_of_month(today.year, today.month) + timedelta(days=1)
    year, month = _month(found, today)
    return today if (year, month) == (today.year, today.month) else date(year, month, 1)

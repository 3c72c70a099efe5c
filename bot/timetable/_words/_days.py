"""Days as people write them, found and put as ⟦2026-12-08⟧ for what reads on."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.errors import CannotPlan
from bot.timetable._words._text import Text

FURTHEST = timedelta(days=5 * 366)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DATE = re.compile(
    r"(?:(?P<weekday>‹\d›),?\s*(?:the\s+)?)?(?:"
    r"(?P<y1>20\d\d)\s*[-/.年]\s*(?P<m1>\d{1,2})\s*[-/.月]\s*(?P<d1>\d{1,2})(?!\d)\s*[日号]?"
    r"|(?P<m2>\d{1,2})月(?P<d2>\d{1,2})(?!\d)[日号]?"
    rf"|(?<![\d:.])(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\s*(?:of\s+)?(?P<n3>{_MONTH})(?:,?\s*(?P<y3>20\d\d))?"
    rf"|\b(?P<n4>{_MONTH})\s*(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])(?:,?\s*(?P<y4>20\d\d))?"
    r"|(?P<word>the day after tomorrow|today|tomorrow|今天|明天|后天|大后天)"
    r"|(?:(?P<this>\bthis|本|这)|(?P<next>\bnext|下个?))\s*(?P<of>‹\d›|week\b|周|星期|礼拜)"
    r")(?:\s*\(?(?P<also>‹\d›)\)?)?"
)
_END_OF_MONTH = re.compile(
    rf"\b(?:the )?end of (?P<name>{_MONTH})(?:,?\s*(?P<year>20\d\d))?|(?:(?P<zy>20\d\d)年)?(?P<zm>\d{{1,2}})月(?:底|末)"
)
_WORDS = {"today": 0, "今天": 0, "tomorrow": 1, "明天": 1, "the day after tomorrow": 2, "后天": 2, "大后天": 3}
TOKEN = r"⟦(20\d\d-\d\d-\d\d)⟧"


def mark_days(text: Text, *, today: date) -> None:
    """Put every day into the text as it is; raises CannotPlan for one that no calendar has."""
    text.rest = _END_OF_MONTH.sub(lambda found: f" {_last_of_month(found, today).isoformat()} ", text.rest)
    text.rest = _DATE.sub(lambda found: f" ⟦{_day(found, today).isoformat()}⟧ ", text.rest)


def _day(found: re.Match[str], today: date) -> date:
    if found["word"]:
        return today + timedelta(days=_WORDS[found["word"]])
    if found["of"]:
        return _in_week(found, today)
    for n in (1, 2, 3, 4):
        if f"d{n}" in found.groupdict() and found[f"d{n}"]:
            year = found.groupdict().get(f"y{n}")
            month = found[f"m{n}"] if n < 3 else str(_MONTHS.index(found[f"n{n}"][:3]) + 1)
            return _checked(_date(year, int(month), int(found[f"d{n}"]), today), found)
    raise CannotPlan("date")


def _last_of_month(found: re.Match[str], today: date) -> date:
    month = int(found["zm"]) if found["zm"] else _MONTHS.index(found["name"][:3]) + 1
    if not 1 <= month <= 12:
        raise CannotPlan("date")
    year = int(found["year"] or found["zy"] or (today.year if month >= today.month else today.year + 1))
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _in_week(found: re.Match[str], today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    week = monday if found["this"] else monday + timedelta(days=7)
    return week + timedelta(days=int(found["of"][1]) if found["of"].startswith("‹") else 0)


def _date(year: str | None, month: int, day: int, today: date) -> date:
    """A day without a year is the next one that is not over."""
    try:
        if year is not None:
            return date(int(year), month, day)
        this = date(today.year, month, day)
    except ValueError:
        raise CannotPlan("date") from None
    return this if this >= today else date(today.year + 1, month, day)


def _checked(day: date, found: re.Match[str]) -> date:
    """The day; raises CannotPlan when another weekday was written beside it."""
    said = found["weekday"] or found["also"]
    if said is not None and int(said[1]) != day.weekday():
        raise CannotPlan("weekday", day=day)
    return day


def days_in(words: str) -> list[date]:
    """The marked days in some words."""
    return [date.fromisoformat(found) for found in re.findall(TOKEN, words)]

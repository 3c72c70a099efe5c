"""Days as people write them, found and put as ⟦2026-12-08⟧ for what reads on."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.errors import CannotPlan
from bot.timetable._words._months import MONTH, MONTHS, mark_months
from bot.timetable._words._text import Text

FURTHEST = timedelta(days=5 * 366)

_DATE = re.compile(
    r"(?:(?P<weekday>‹\d›),?\s*(?:the\s+)?)?(?:"
    r"(?P<y1>20\d\d)\s*[-/.年]\s*(?P<m1>\d{1,2})\s*[-/.月]\s*(?P<d1>\d{1,2})(?!\d)\s*[日号]?"
    r"|(?P<y2>明年|今年)?(?P<m2>\d{1,2})月(?P<d2>\d{1,2})(?!\d)[日号]?"
    rf"|(?<![\d:.])(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\s*(?:of\s+)?(?P<n3>{MONTH})(?:,?\s*(?P<y3>20\d\d))?"
    rf"|\b(?P<n4>{MONTH})\s*(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])(?:,?\s*(?P<y4>20\d\d))?"
    r"|(?P<word>the day after tomorrow|today|tomorrow|今天|明天|后天|大后天)"
    r"|(?:(?P<this>\bthis|本|这)|(?P<next>\bnext|下个?))\s*(?P<of>‹\d›|week\b|周|星期|礼拜)"
    r")(?:\s*\(?(?P<also>‹\d›)\)?)?"
)
_WORDS = {"today": 0, "今天": 0, "tomorrow": 1, "明天": 1, "the day after tomorrow": 2, "后天": 2, "大后天": 3}
TOKEN = r"⟦(20\d\d-\d\d-\d\d)⟧"


def mark_days(text: Text, *, today: date) -> None:
    """Put every day into the text as it is; raises CannotPlan for one that no calendar has."""
    mark_months(text, today=today)
    text.rest = _DATE.sub(lambda found: f" ⟦{_day(found, today).isoformat()}⟧ ", text.rest)


def _day(found: re.Match[str], today: date) -> date:
    if found["word"]:
        return today + timedelta(days=_WORDS[found["word"]])
    if found["of"]:
        return _in_week(found, today)
    for n in (1, 2, 3, 4):
        if f"d{n}" in found.groupdict() and found[f"d{n}"]:
            year = found.groupdict().get(f"y{n}")
            month = found[f"m{n}"] if n < 3 else str(MONTHS.index(found[f"n{n}"][:3]) + 1)
            return _checked(_date(year, int(month), int(found[f"d{n}"]), today), found)
    raise CannotPlan("date")


def _in_week(found: re.Match[str], today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    week = monday if found["this"] else monday + timedelta(days=7)
    return week + timedelta(days=int(found["of"][1]) if found["of"].startswith("‹") else 0)


def _date(year: str | None, month: int, day: int, today: date) -> date:
    """A day without a year is the next one that is not over."""
    try:
        if year is not None:
            return date(int(year) if year.isdigit() else today.year + (year == "明年"), month, day)
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

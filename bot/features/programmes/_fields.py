"""What a card can say: its fields in the order of the guided entry, and how what people write becomes a value."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from bot.errors import CardUnfit, Outdated, TextTooLong, Unclear
from bot.features.people import WORKPLACES
from bot.features.programmes._tables import Level

FUNCTIONS = ("daily", "emotional", "linkage", "ongoing")
"""The four key functions: daily management, social and emotional support, linkage to care, ongoing support."""

FORMATS = ("group", "one-to-one", "phone", "chat", "visits", "activities")
FIELDS = (
    "name",
    "city",
    "workplace",
    "serves",
    "supporters",
    *FUNCTIONS,
    "format",
    "since",
    "results",
    "lesson",
    "contact",
    "poster",
)
LIMITS = {"name": 80, "city": 40, "serves": 300, "supporters": 200, "lesson": 1000, "contact": 200}
LIMITS |= dict.fromkeys(FUNCTIONS, 400)
RESULTS, RESULT = 3, 100
"""How many results a card has, and how many characters each may have."""

USUAL = {"contact": Level.ME}
"""Who sees a field until its owner says otherwise, where that is not the community."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = re.compile(r"(?P<year>(?:19|20)\d\d)\s*(?:[-/.年]\s*(?P<month>\d{1,2}))?")
_WORDS = re.compile(rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?\s+(?P<year>(?:19|20)\d\d)", re.IGNORECASE)


def usual(field: str) -> Level:
    """Who sees a field until its owner says otherwise."""
    return USUAL.get(field, Level.COMMUNITY)


def is_choice(field: str) -> bool:
    """Whether a field is filled in with buttons."""
    return field in ("workplace", "format")


def read(field: str, text: str, *, today: date) -> Any:
    """The value that words mean for a field; raises CardUnfit, TextTooLong, Unclear or Outdated."""
    if field not in FIELDS:
        raise Outdated
    if is_choice(field):
        raise CardUnfit("buttons")
    if field == "poster":
        raise CardUnfit("photo")
    if field == "since":
        return read_since(text, today=today)
    return read_results(text) if field == "results" else _words(field, text)


def _words(field: str, text: str) -> str:
    several = field in ("lesson", *FUNCTIONS)
    words = text.strip() if several else " ".join(text.split())
    if not words:
        raise Unclear(field)
    if len(words) > LIMITS[field]:
        raise TextTooLong(LIMITS[field], len(words))
    return words


def read_since(text: str, *, today: date) -> str:
    """A year or a month, as `2025` or `2025-03`; raises CardUnfit for what cannot be read or has not come yet."""
    clean = unicodedata.normalize("NFKC", text).strip()
    found = _WORDS.search(clean) or _NUMBERS.search(clean)
    if found is None:
        raise CardUnfit("since")
    year, month = int(found["year"]), found["month"]
    number = 0 if month is None else _month(month)
    if not 0 <= number <= 12 or (month is not None and number == 0) or (year, number) > (today.year, today.month):
        raise CardUnfit("since")
    return f"{year}-{number:02}" if number else str(year)


def _month(month: str) -> int:
    return int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1


def read_results(text: str) -> list[str]:
    """Up to three results, one a line, each with a number; raises CardUnfit or TextTooLong."""
    lines = [line for raw in text.splitlines() if (line := " ".join(raw.split()).lstrip("•-– "))]
    if not 1 <= len(lines) <= RESULTS or not all(re.search(r"\d|[一二三四五六七八九十百千]", line) for line in lines):
        raise CardUnfit("results")
    for line in lines:
        if len(line) > RESULT:
            raise TextTooLong(RESULT, len(line))
    return lines


def turn(field: str, value: Any, choice: str) -> Any:
    """The value after a button: the one workplace, or one format more or less. Raises Outdated for an unknown one."""
    if field == "workplace" and choice in WORKPLACES:
        return choice
    if field == "format" and choice in FORMATS:
        return [one for one in FORMATS if (one in (value or ())) != (one == choice)]
    raise Outdated

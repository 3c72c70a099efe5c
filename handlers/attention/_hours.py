"""Quiet hours in words: read from what people write, and said back."""

from __future__ import annotations

import re

_TIME = r"(上午|早上|中午|下午|晚上|凌晨|晚|早)?\s*(\d{1,2})(?:\s*[:：点點时時h]\s*(\d{2})?)?\s*(am|pm)?"
_HOURS = re.compile(rf"^\D{{0,12}}?{_TIME}\s*(?:-|–|—|~|～|到|至|to|until|and)\s*{_TIME}\D{{0,12}}$", re.IGNORECASE)
_LATER = ("下午", "晚上", "晚", "pm")


def read_hours(words: str) -> tuple[int, int] | None:
    """Two times of day as minutes after midnight, from "21:30-7:00" or "晚上9点到早上7点"; None when it is not that."""
    found = _HOURS.match(words.strip())
    if found is None:
        return None
    begin, end = _minutes(*found.groups()[:4]), _minutes(*found.groups()[4:])
    return None if begin is None or end is None else (begin, end)


def _minutes(part: str | None, hour: str, minute: str | None, half: str | None) -> int | None:
    mark = (part or half or "").lower()
    hours = int(hour)
    if mark in _LATER and hours < 12:
        hours += 12
    elif mark in ("am", "凌晨") and hours == 12:
        hours = 0
    minutes = int(minute or 0)
    return None if hours > 24 or minutes > 59 or hours * 60 + minutes > 24 * 60 else (hours * 60 + minutes) % (24 * 60)


def clock_time(minutes: int) -> str:
    """Minutes after midnight as 07:05."""
    return f"{minutes // 60:02}:{minutes % 60:02}"

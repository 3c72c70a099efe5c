"""Hours, days and regions in words."""

from __future__ import annotations

from datetime import date

from bot.features.duty import NOWHERE
from bot.i18n import Translator
from bot.worktime import Hours


def hours_in_words(hours: Hours, t: Translator) -> str:
    """Mon–Fri 9:00–12:00, 14:00–17:00; Sat 10:00–12:00."""
    groups: list[tuple[list[int], str]] = []
    for day in sorted(hours):
        spans = ", ".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in hours[day])
        if groups and groups[-1][1] == spans and groups[-1][0][-1] == day - 1:
            groups[-1][0].append(day)
        elif spans:
            groups.append(([day], spans))
    return "; ".join(f"{_weekdays(days, t)} {spans}" for days, spans in groups)


def _weekdays(days: list[int], t: Translator) -> str:
    return t.weekday(days[0]) if len(days) == 1 else f"{t.weekday(days[0])}–{t.weekday(days[-1])}"


def range_in_words(first: date, last: date, t: Translator) -> str:
    """One day, or the first and the last of several."""
    return t.day(first) if first == last else f"{t.day(first)} – {t.day(last)}"


def region_name(region: str, t: Translator) -> str:
    """A region whose public holidays count, in words."""
    names = {
        "CN": t.label("Mainland China"),
        "HK": t.label("Hong Kong"),
        "MO": t.label("Macao"),
        "TW": t.label("Taiwan"),
        "SG": t.label("Singapore"),
        NOWHERE: t.label("none"),
    }
    return names.get(region, region)


def ticked(label: str, *, on: bool) -> str:
    """A button's label with a tick where it is chosen."""
    return ("✓ " if on else "") + label

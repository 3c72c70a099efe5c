"""Times, rhythms, days, tasks and fields of the calendar in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.i18n import Translator
from bot.timetable import (
    ZONE,
    Days,
    Doubt,
    Kind,
    Occurrence,
    Recurrence,
    Rhythm,
    SessionRow,
    Task,
    What,
    day_of,
    wall_of,
)

SHOWN = 5
"""How many of the next dates a rhythm is checked back with."""


def lines(*parts: str | Markup | None) -> Markup:
    """What there is of these, one below the other."""
    return Markup("\n").join(part for part in parts if part)


def kind_name(kind: Kind, t: Translator) -> str:
    """What kind of session it is."""
    return t.label("consultation") if kind is Kind.CONSULTATION else t.label("webinar")


def icon(kind: Kind) -> str:
    """A sign for the kind, for lists."""
    return "🗣" if kind is Kind.CONSULTATION else "🎓"


def zone_in_words(zone: str, t: Translator) -> str:
    """Whose time it is: Beijing time, New York time."""
    if zone == "Asia/Shanghai":
        return t.label("Beijing time")
    return "UTC" if zone == "UTC" else t.label("{city} time", city=t.city(zone))


def clock_in_words(wall: datetime, minutes: int) -> str:
    """From when to when on the clock of its zone: 19:00–20:30."""
    return f"{wall:%H:%M}–{wall + timedelta(minutes=minutes):%H:%M}"


def rhythm_in_words(rhythm: Rhythm, t: Translator) -> str:
    """Every second Tuesday; the first Wednesday of every month."""
    if rhythm.monthly:
        return _monthly(rhythm, t)
    if len(rhythm.weekdays) > 1:
        days = t.series([t.weekday(day, wide=True) for day in rhythm.weekdays])
        if rhythm.every == 1:
            return t.label("Every week on {weekdays}", weekdays=days)
        if rhythm.every == 2:
            return t.label("Every second week on {weekdays}", weekdays=days)
        return t.label("Every {n} weeks on {weekdays}", n=rhythm.every, weekdays=days)
    day = t.weekday(rhythm.weekdays[0], wide=True)
    if rhythm.every == 1:
        return t.label("Every {weekday}", weekday=day)
    if rhythm.every == 2:
        return t.label("Every second {weekday}", weekday=day)
    return t.label("Every {n} weeks on {weekday}", n=rhythm.every, weekday=day)


def _monthly(rhythm: Rhythm, t: Translator) -> str:
    which = _which_day(rhythm, t)
    if rhythm.every == 1:
        return t.label("{which} of every month", which=which)
    if rhythm.every == 2:
        return t.label("{which} of every second month", which=which)
    return t.label("{which}, every {n} months", which=which, n=rhythm.every)


def _which_day(rhythm: Rhythm, t: Translator) -> str:
    if len(rhythm.days) == 1:
        return t.label("Day {day}", day=rhythm.days[0])
    if rhythm.days:
        return t.label("Days {days}", days=t.series([str(day) for day in rhythm.days]))
    named = {1: t.label("first"), 2: t.label("second"), 3: t.label("third"), 4: t.label("fourth"), -1: t.label("last")}
    return t.label(
        "The {places} {weekdays}",
        places=t.series([named[place] for place in rhythm.positions]),
        weekdays=t.series([t.weekday(day, wide=True) for day in rhythm.weekdays]),
    )


def recurrence_in_words(when: Recurrence, t: Translator, *, now: datetime, days: Days) -> Markup:
    """A rhythm with its next dates and what is special about them."""
    coming = when.next(now, SHOWN + 1)
    return lines(
        t(
            "{rhythm}, {clock} {zone}.",
            rhythm=rhythm_in_words(when.rhythm, t),
            clock=clock_in_words(when.first, when.minutes),
            zone=zone_in_words(when.zone, t),
        ),
        t("Next: {days}", days=_next(coming, t)),
        _own_clock(coming, when.zone, t),
        _ends(when, t),
        _exceptions(when, t),
        *_warnings(when.between(now, now + timedelta(days=365)), when.zone, t, days),
    )


def _next(coming: list[Occurrence], t: Translator) -> str:
    days = [*(t.day(one.wall.date()) for one in coming[:SHOWN]), *(["…"] if len(coming) > SHOWN else [])]
    return t.label(", ").join(days)


def _own_clock(coming: list[Occurrence], zone: str, t: Translator) -> Markup | str:
    """When the next ones are for a reader who lives by another clock."""
    if all(wall_of(one.starts_at, t.zone) == wall_of(one.starts_at, zone) for one in coming):
        return ""
    return t("On your clock: {times}", times=t.label(", ").join(t.when(one.starts_at) for one in coming[:3]))


def _ends(when: Recurrence, t: Translator) -> Markup | str:
    if when.rhythm.until is not None:
        return t("Until {day}.", day=t.date(datetime.combine(when.rhythm.until, time(12), ZoneInfo(t.zone))))
    if when.rhythm.count is not None:
        return t.n("{n} time.", "{n} times.", when.rhythm.count)
    return ""


def _exceptions(when: Recurrence, t: Translator) -> Markup | str:
    skipped = [t.day(wall.date()) for wall in sorted(when.skipped)]
    extra = [t.day(wall.date()) for wall in sorted(when.extra)]
    return lines(
        t("Not on {days}.", days=t.series(skipped)) if skipped else "",
        t("Also on {days}.", days=t.series(extra)) if extra else "",
    )


def _warnings(coming: Sequence[Occurrence], zone: str, t: Translator, days: Days) -> list[Markup]:
    found = [
        t(
            "⚠️ On {day} the clocks there jump over {clock}: it begins at {later}.",
            day=t.day(one.wall.date()),
            clock=f"{one.wall:%H:%M}",
            later=f"{wall_of(one.starts_at, zone):%H:%M}",
        )
        for one in coming
        if one.shifted
    ]
    doubts = (doubt_of(one, days, t) for one in coming)
    return [*found, *(doubt for doubt in doubts if doubt is not None)][:4]


def doubt_of(one: Occurrence, days: Days, t: Translator) -> Markup | None:
    """Why the day of one time may not be meant; None for an ordinary day, and for a year that is not published."""
    day = wall_of(one.starts_at, ZONE).date()
    doubt = days.doubt(day) if days.is_known(day.year) else None
    if doubt is None:
        return None
    return t("⚠️ {day}: {why}", day=t.day(day), why=doubt_in_words(doubt, days.name(day, t.language), t))


def doubt_in_words(doubt: Doubt, name: str, t: Translator) -> str:
    """Why a day may not be meant."""
    if doubt is Doubt.WORKED:
        return t.label("a weekend day on which everybody works")
    if doubt is Doubt.EVE:
        return (
            t.label("the day before a long holiday ({name})", name=name)
            if name
            else t.label("the day before a long holiday")
        )
    return t.label("a public holiday ({name})", name=name) if name else t.label("a public holiday")


def moment_in_words(starts_at: datetime, ends_at: datetime, zone: str, t: Translator) -> str:
    """One time: Tue, Dec 8, 19:00–20:30 Beijing time; and on the reader's clock where that is another."""
    wall = wall_of(starts_at, zone)
    minutes = round((ends_at - starts_at).total_seconds() / 60)
    values = {"day": t.day(wall.date()), "clock": clock_in_words(wall, minutes), "zone": zone_in_words(zone, t)}
    if wall == wall_of(starts_at, t.zone):
        return t.label("{day}, {clock} {zone}", **values)
    return t.label("{day}, {clock} {zone} ({own} for you)", own=t.when(starts_at), **values)


def marks(row: SessionRow, days: Days, t: Translator, *, shifted: bool) -> list[Markup]:
    """What is special about a session's day, a line each."""
    found = []
    if row.provisional:
        found.append(t("📅 Provisional: the official calendar of {year} is not published yet.", year=day_of(row).year))
    elif (doubt := days.doubt(day_of(row))) is not None:
        why = doubt_in_words(doubt, days.name(day_of(row), t.language), t)
        found.append(t("⚠️ {day}: {why}", day=t.day(day_of(row)), why=why))
    if shifted:
        wall = datetime.fromisoformat(row.occurrence)
        later = wall_of(row.starts_at, row.zone)
        found.append(
            t(
                "⚠️ On {day} the clocks there jump over {clock}: it begins at {later}.",
                day=t.day(wall.date()),
                clock=f"{wall:%H:%M}",
                later=f"{later:%H:%M}",
            )
        )
    return found


def task_name(task: str, kind: Kind, t: Translator) -> str:
    """What has to be done."""
    speaker = t.label("Consultants confirmed") if kind is Kind.CONSULTATION else t.label("Speaker confirmed")
    return {
        Task.SPEAKER: speaker,
        Task.TITLE: t.label("Title set"),
        Task.LINK: t.label("Link set"),
        Task.MATERIALS: t.label("Materials shared"),
        Task.RECORDING: t.label("Recording shared"),
        Task.FEEDBACK: t.label("Feedback read"),
        Task.QUESTIONS: t.label("Questions without an answer passed to the desk"),
    }[Task(task)]


def field_name(field: str, kind: Kind, t: Translator) -> str:
    """A field of a session or a series."""
    people = t.label("Consultants") if kind is Kind.CONSULTATION else t.label("Speaker (member)")
    return {
        "when": t.label("When"),
        "title": t.label("Title"),
        "description": t.label("Description"),
        "people": people,
        "speaker": t.label("Speaker (name)"),
        "link": t.label("Link"),
        "join_hint": t.label("How to join otherwise"),
        "capacity": t.label("Places"),
        "slots": t.label("Slots"),
        "ladder": t.label("Reminders"),
    }[field]


def rung_name(rung: str, t: Translator) -> str:
    """A rung of the reminders."""
    return {
        "announced": t.label("announcement"),
        "7d": t.label("7 days"),
        "1d": t.label("1 day"),
        "1h": t.label("1 hour"),
        "10m": t.label("10 minutes"),
    }.get(rung, rung)


def slots_in_words(minutes: int | None, buffer: int, t: Translator) -> str:
    """How long a slot is and how long the pause after it."""
    if not minutes:
        return t.label("open, without slots")
    if not buffer:
        return t.label("{minutes} min each", minutes=minutes)
    return t.label("{minutes} min each, {buffer} min between", minutes=minutes, buffer=buffer)


def changed_name(what: str, kind: Kind, t: Translator) -> str:
    """What a change is about."""
    named = {What.STARTS: t.label("Beginning"), What.ENDS: t.label("End"), What.CANCELLED: t.label("Cancelled")}
    if what in named:
        return named[What(what)]
    field, _dot, language = what.partition(".")
    return field_name(field, kind, t) + (f" ({language})" if language else "")

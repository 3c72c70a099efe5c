"""When a new series or session is: in words or button by button, checked back before anything is saved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from markupsafe import Markup

from bot import timetable
from bot.errors import Outdated
from bot.features.people import Role
from bot.timetable import Days, Recurrence, Rhythm, wall_of
from handlers._kit import Button, Request, Screen
from handlers.schedule._draft import SERIES, Plan, keep, plan_of, written
from handlers.schedule._feature import Card, Discard, Guide, Later, Write, feature
from handlers.schedule._words import doubt_of, lines, moment_in_words, recurrence_in_words

CLOCKS = ("0900", "1000", "1400", "1500", "1600", "1800", "1830", "1900", "1930", "2000", "2030", "2100")
LENGTHS = ("30", "45", "60", "90", "120")
_DAYS_AHEAD = 14


def asked_when(request: Request, plan: Plan, *, edit: bool = True) -> Screen:
    """Ask when it is: words are waited for, and buttons lead there as well."""
    t = request.t
    request.me.expects("schedule.when")
    if plan.what == SERIES:
        words = t(
            "When does it take place? Write it in your own words, for example:\n"
            "• every second Tuesday 19:00–20:30 Beijing time\n"
            "• first Wednesday of the month at 7pm for 90 minutes\n"
            "• 每两周周二 19:00-20:30"
        )
    else:
        words = t(
            "When is it? Write it in your own words, for example:\n"
            "• Tue 8 Dec 19:00–20:30\n"
            "• tomorrow at 7pm for 90 minutes, New York time\n"
            "• 12月8日晚上7点，90分钟"
        )
    buttons = [[Button("👆 " + t.label("Choose by buttons"), Guide("-"))], [Button(t.label("Discard"), Discard())]]
    return Screen(words, buttons=buttons, edit=edit)


@feature.tap(Write, role=Role.ORGANIZER)
def write(request: Request, _tap: Write) -> Screen:
    """Say it in words, perhaps once more."""
    return asked_when(request, plan_of(request))


@feature.step("when", role=Role.ORGANIZER)
def said(request: Request) -> Screen:
    """Read the words and check them back; raises CannotPlan, and they are asked for once more."""
    plan, zone = plan_of(request), request.services.settings.timezone
    if plan.what == SERIES:
        plan.when = written(timetable.read_recurrence(request.text, now=request.now, zone=zone))
    else:
        first, minutes, where = timetable.read_moment(request.text, now=request.now, zone=zone)
        _take_moment(request, plan, first, minutes, where)
    return checked_back(request, keep(request, plan), edit=False)


def _take_moment(request: Request, plan: Plan, first: datetime, minutes: int, zone: str) -> None:
    timetable.checked_time(first, minutes, zone, now=request.now)
    plan.when = {"first": first.isoformat(), "minutes": minutes, "zone": zone}


def checked_back(request: Request, plan: Plan, *, edit: bool = True) -> Screen:
    """What was understood, in the organizer's own language, before it counts; until then it can be written anew."""
    t = request.t
    request.me.expects("schedule.when")
    buttons = [[Button("✅ " + t.label("That's right"), Card())]]
    if plan.what == SERIES and (plan.recurrence.rhythm.every > 1 or not plan.recurrence.rhythm.monthly):
        buttons.append([Button(t.label("Begin one later"), Later())])
    buttons.append([Button("✏️ " + t.label("Write it differently"), Write())])
    return Screen(lines(when_in_words(request, plan), "", t("Is that right?")), buttons=buttons, edit=edit)


def when_in_words(request: Request, plan: Plan) -> Markup:
    """When the draft takes place, with what is special about its days."""
    if plan.what == SERIES:
        return recurrence_in_words(plan.recurrence, request.t, now=request.now, days=Days.of(request.db))
    one = plan.occurrence
    when = moment_in_words(one.starts_at, one.ends_at, (plan.when or {})["zone"], request.t)
    return lines(when, doubt_of(one, Days.of(request.db), request.t))


@feature.tap(Later, role=Role.ORGANIZER)
def later(request: Request, _tap: Later) -> Screen:
    """Begin with what would have been between the first and the second time: a week or a month later."""
    plan = plan_of(request)
    when = plan.recurrence
    shift = timedelta(days=28 if when.rhythm.monthly else 7)
    if when.first - datetime.combine(wall_of(request.now, when.zone).date(), time()) > timedelta(days=366):
        raise Outdated
    plan.when = written(replace(when, first=when.first + shift).beginning(request.now))
    return checked_back(request, keep(request, plan))


@feature.tap(Guide, role=Role.ORGANIZER)
def guide(request: Request, tap: Guide) -> Screen:
    """The next choice, or what all of them come to."""
    plan = plan_of(request)
    chosen = [part for part in tap.path.split(".") if part != "-"]
    if plan.what == SERIES:
        return _guide_series(request, plan, chosen)
    return _guide_session(request, plan, chosen)


def _guide_series(request: Request, plan: Plan, chosen: list[str]) -> Screen:
    t = request.t
    if not chosen:
        options = [(t.label("Every week"), "w1"), (t.label("Every second week"), "w2"), (t.label("Every month"), "m")]
        return _choice(request, t("How often?"), chosen, options, width=1)
    if len(chosen) == 1:
        days = [(t.weekday(day, wide=True), str(day)) for day in range(7)]
        return _choice(request, t("On which day?"), chosen, days, width=2)
    if chosen[0] == "m" and len(chosen) == 2:
        places = [
            (t.label("the first of the month"), "1"),
            (t.label("the second"), "2"),
            (t.label("the third"), "3"),
            (t.label("the fourth"), "4"),
            (t.label("the last of the month"), "L"),
        ]
        return _choice(request, t("Which one?"), chosen, places, width=1)
    return _guide_clock(request, plan, chosen, known=3 if chosen[0] == "m" else 2)


def _guide_session(request: Request, plan: Plan, chosen: list[str]) -> Screen:
    today = wall_of(request.now, request.services.settings.timezone).date()
    if not chosen:
        days = [today + timedelta(days=ahead) for ahead in range(1, _DAYS_AHEAD + 1)]
        options = [(request.t.day(day), f"{day:%Y%m%d}") for day in days]
        return _choice(request, request.t("On which day? A later one can be written."), chosen, options, width=2)
    return _guide_clock(request, plan, chosen, known=1)


def _guide_clock(request: Request, plan: Plan, chosen: list[str], *, known: int) -> Screen:
    t, zone = request.t, request.services.settings.timezone
    if len(chosen) == known:
        options = [(f"{clock[:2]}:{clock[2:]}", clock) for clock in CLOCKS]
        return _choice(request, t("At what time, in {city}?", city=t.city(zone)), chosen, options, width=4)
    if len(chosen) == known + 1:
        lengths = [(t.label("{minutes} min", minutes=minutes), minutes) for minutes in LENGTHS]
        return _choice(request, t("How long?"), chosen, lengths, width=3)
    _take_choices(request, plan, chosen, zone)
    return checked_back(request, keep(request, plan))


def _choice(
    request: Request, words: Markup, chosen: list[str], options: list[tuple[str, str]], *, width: int
) -> Screen:
    buttons = [Button(label, Guide(".".join([*chosen, value]))) for label, value in options]
    rows = [buttons[at : at + width] for at in range(0, len(buttons), width)]
    back = Guide(".".join(chosen[:-1]) or "-") if chosen else Write()
    return Screen(words, buttons=[*rows, [Button("‹ " + request.t.label("Back"), back)]], edit=True)


def _take_choices(request: Request, plan: Plan, chosen: list[str], zone: str) -> None:
    """All buttons' choices as one time; raises Outdated for what no button says."""
    try:
        clock, minutes = time(int(chosen[-2][:2]), int(chosen[-2][2:])), int(chosen[-1])
        if plan.what == SERIES:
            first = datetime.combine(wall_of(request.now, zone).date(), clock)
            plan.when = written(Recurrence(_rhythm(chosen), first, minutes, zone).checked().beginning(request.now))
        else:
            day = date(int(chosen[0][:4]), int(chosen[0][4:6]), int(chosen[0][6:]))
            _take_moment(request, plan, datetime.combine(day, clock), minutes, zone)
    except (ValueError, IndexError):
        raise Outdated from None


def _rhythm(chosen: list[str]) -> Rhythm:
    weekday = int(chosen[1])
    if weekday not in range(7):
        raise Outdated
    if chosen[0] == "m":
        position = -1 if chosen[2] == "L" else int(chosen[2])
        if position not in (-1, 1, 2, 3, 4):
            raise Outdated
        return Rhythm(weekdays=(weekday,), positions=(position,))
    return Rhythm(every={"w1": 1, "w2": 2}.get(chosen[0], 1), weekdays=(weekday,))

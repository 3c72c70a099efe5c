"""One screen that shows a consultant's duty, and its parts, each of which is changed in place."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.errors import Outdated, Unclear
from bot.features import duty, questions
from bot.features.duty import NOWHERE, Duty
from bot.features.people import Role
from bot.i18n import LANGUAGES, OWN_NAMES, Translator
from handlers._kit import Button, Request, Screen, as_language
from handlers.duty._feature import (
    CAPACITIES,
    PRESETS,
    REGIONS,
    Capacity,
    Pause,
    Preset,
    Region,
    Show,
    Subject,
    Tongue,
    WorkAfterAll,
    feature,
)
from handlers.duty._words import hours_in_words, range_in_words, region_name, ticked


@feature.command("duty", role=Role.CONSULTANT)
def show(request: Request) -> Screen:
    """Everything about the person's duty, and the buttons to change it."""
    return overview(request, edit=False)


@feature.tap(Show, role=Role.CONSULTANT)
def show_part(request: Request, tap: Show) -> Screen:
    """One part to change, or the whole again."""
    request.me.pending = None
    drawn = {
        "all": lambda: overview(request, edit=True),
        "subjects": lambda: subjects(request),
        "languages": lambda: languages(request),
        "hours": lambda: hours(request),
        "off": lambda: days_off(request),
        "holidays": lambda: holidays(request),
        "capacity": lambda: capacity(request),
    }
    if tap.part not in drawn:
        raise Outdated
    return drawn[tap.part]()


def overview(request: Request, *, edit: bool) -> Screen:
    """What the person has said, in a line each."""
    mine, t = duty.of(request.db, request.me), request.t
    carried = questions.loads(request.db).get(request.me.id or 0, 0)
    lines = [
        t("<b>Your duty as a consultant</b>"),
        t("Subjects: {subjects}", subjects=_subjects_in_words(request, mine)),
        t("Languages: {languages}", languages=_languages_in_words(mine, request)),
        t("Hours: {hours} ({zone})", hours=hours_in_words(duty.hours_of(mine), t), zone=request.me.timezone),
        t("Days off: {days}", days=_days_off_in_words(mine, request)),
        t("Public holidays: {region}", region=region_name(duty.region_of(mine, request.me) or NOWHERE, t)),
        t("At most {most} open questions; {n} now", most=t.number(mine.capacity), n=t.number(carried)),
        Markup("\n") + _now(request, mine),
    ]
    return Screen(Markup("\n").join(lines), buttons=_overview_buttons(request, mine), edit=edit)


def _now(request: Request, mine: Duty) -> Markup:
    t = request.t
    if not duty.is_asked(request.db, request.me):
        return t("As an organizer you are offered questions once you have set something here.")
    if mine.paused_until is not None and mine.paused_until > request.now:
        return t("⏸ Paused: new questions are not offered to you until {when}.", when=t.when(mine.paused_until))
    free_at = duty.calendar(mine, request.me).next_open(request.now)
    if free_at <= request.now:
        return t("New questions that fit are offered to you now.")
    return t("You are off now; new questions that fit wait for you until {when}.", when=t.when(free_at))


def _overview_buttons(request: Request, mine: Duty) -> list[list[Button]]:
    t = request.t
    paused = mine.paused_until is not None and mine.paused_until > request.now
    rest = (
        [[Button("▶️ " + t.label("Resume"), Pause(0))]]
        if paused
        else [
            [Button("⏸ " + t.label("Pause until tomorrow"), Pause(1))],
            [Button("⏸ " + t.label("Pause for a week"), Pause(7))],
        ]
    )
    return [
        [Button(t.label("Subjects"), Show("subjects")), Button(t.label("Languages"), Show("languages"))],
        [Button(t.label("Hours"), Show("hours")), Button(t.label("Days off"), Show("off"))],
        [Button(t.label("Public holidays"), Show("holidays")), Button(t.label("How many"), Show("capacity"))],
        *rest,
    ]


def _back(t: Translator) -> list[Button]:
    return [Button("‹ " + t.label("Back"), Show("all"))]


def _titles(request: Request) -> dict[str, str]:
    """The subjects of the FAQ with their titles; the bot itself is no subject for consultants."""
    library = request.services.knowledge().library
    language = request.me.language
    return {c.category: c.title.in_(language) for c in library.categories if c.category != "using-this-bot"}


def _subjects_in_words(request: Request, mine: Duty) -> str:
    titles = _titles(request)
    return ", ".join(titles.get(c, c) for c in mine.categories) or request.t.label("all")


def _languages_in_words(mine: Duty, request: Request) -> str:
    return ", ".join(OWN_NAMES[as_language(code)] for code in duty.languages_of(mine, request.me))


def subjects(request: Request) -> Screen:
    """A button for each subject."""
    mine, t = duty.of(request.db, request.me), request.t
    rows = [
        [Button(ticked(title, on=category in mine.categories), Subject(category))]
        for category, title in _titles(request).items()
    ]
    everything = [Button(ticked(t.label("All subjects"), on=not mine.categories), Subject(""))]
    return Screen(
        t("Which subjects do you know best? Questions about them come to you first."),
        buttons=[everything, *rows, _back(t)],
        edit=True,
    )


@feature.tap(Subject, role=Role.CONSULTANT)
def toggle_subject(request: Request, tap: Subject) -> Screen:
    """Change one subject."""
    if not tap.category:
        duty.set_categories(request.db, request.me, [])
    elif tap.category in _titles(request):
        duty.toggle_category(request.db, request.me, tap.category)
    else:
        raise Outdated
    return subjects(request)


def languages(request: Request) -> Screen:
    """A button for each language."""
    mine, t = duty.of(request.db, request.me), request.t
    chosen = duty.languages_of(mine, request.me)
    rows = [[Button(ticked(OWN_NAMES[code], on=code in chosen), Tongue(code))] for code in LANGUAGES]
    return Screen(t("In which languages do you answer?"), buttons=[*rows, _back(t)], edit=True)


@feature.tap(Tongue, role=Role.CONSULTANT)
def toggle_language(request: Request, tap: Tongue) -> Screen:
    """Change one language; one has to stay."""
    try:
        duty.toggle_language(request.db, request.me, tap.language)
    except Unclear:
        return Screen(toast=request.t.label("One language has to stay."), alert=True)
    return languages(request)


def hours(request: Request) -> Screen:
    """Usual hours as buttons; anything else is written."""
    t = request.t
    request.me.expects("duty.hours")
    labels = {
        "weekdays": t.label("Mon–Fri 9–17"),
        "mornings": t.label("Mon–Fri 8–12"),
        "evenings": t.label("Mon–Fri 19–21"),
    }
    return Screen(
        t("When do you answer? Choose, or write it, for example: Mon-Fri 9-12, 14-17; Sat 10-12"),
        buttons=[*[[Button(labels[name], Preset(name))] for name in PRESETS], _back(t)],
        edit=True,
    )


@feature.tap(Preset, role=Role.CONSULTANT)
def choose_hours(request: Request, tap: Preset) -> Screen:
    """Take usual hours."""
    if tap.name not in PRESETS:
        raise Outdated
    request.me.pending = None
    duty.set_hours(request.db, request.me, PRESETS[tap.name])
    return overview(request, edit=True)


@feature.step("hours", role=Role.CONSULTANT)
def write_hours(request: Request) -> Screen:
    """Take the hours that were written; raises Unclear, and then they are asked for once more."""
    duty.set_hours(request.db, request.me, duty.read_hours(request.text))
    return overview(request, edit=False)


def days_off(request: Request) -> Screen:
    """Days off that are coming, each with a button to take it back; more are written."""
    t = request.t
    request.me.expects("duty.off")
    coming = _coming(duty.of(request.db, request.me), request)
    rows = [[Button("✕ " + range_in_words(first, last, t), WorkAfterAll(first.isoformat()))] for first, last in coming]
    return Screen(
        t("When are you away? Write it, for example: 1-7 Oct, or 2026-10-01 to 2026-10-07, or tomorrow"),
        buttons=[*rows, _back(t)],
        edit=True,
    )


@feature.step("off", role=Role.CONSULTANT)
def write_days_off(request: Request) -> Screen:
    """Take the days that were written; raises Unclear, and then they are asked for once more."""
    today = _today(request)
    duty.add_days_off(request.db, request.me, duty.read_days_off(request.text, today=today), today=today)
    return overview(request, edit=False)


@feature.tap(WorkAfterAll, role=Role.CONSULTANT)
def work_after_all(request: Request, tap: WorkAfterAll) -> Screen:
    """Take days off back."""
    try:
        first = date.fromisoformat(tap.first)
    except ValueError:
        raise Outdated from None
    duty.remove_days_off(request.db, request.me, first)
    return days_off(request)


def _today(request: Request) -> date:
    return request.now.astimezone(ZoneInfo(request.me.timezone)).date()


def _coming(mine: Duty, request: Request) -> list[tuple[date, date]]:
    return [days for days in map(duty.span, mine.days_off) if days[1] >= _today(request)]


def _days_off_in_words(mine: Duty, request: Request) -> str:
    return ", ".join(
        range_in_words(first, last, request.t) for first, last in _coming(mine, request)
    ) or request.t.label("none")


def holidays(request: Request) -> Screen:
    """A button for each region whose holidays are known."""
    t = request.t
    now = duty.region_of(duty.of(request.db, request.me), request.me) or NOWHERE
    rows = [[Button(ticked(region_name(code, t), on=code == now), Region(code))] for code in REGIONS]
    return Screen(t("Which public holidays are free for you?"), buttons=[*rows, _back(t)], edit=True)


@feature.tap(Region, role=Role.CONSULTANT)
def choose_region(request: Request, tap: Region) -> Screen:
    """Take a region's holidays."""
    if tap.region not in REGIONS:
        raise Outdated
    duty.set_region(request.db, request.me, tap.region)
    return overview(request, edit=True)


def capacity(request: Request) -> Screen:
    """A button for each number."""
    t = request.t
    buttons = [Button(t.number(most), Capacity(most)) for most in CAPACITIES]
    return Screen(
        t("How many open questions can you carry at a time? When you have so many, others are asked first."),
        buttons=[buttons[:4], buttons[4:], _back(t)],
        edit=True,
    )


@feature.tap(Capacity, role=Role.CONSULTANT)
def choose_capacity(request: Request, tap: Capacity) -> Screen:
    """Take a number."""
    duty.set_capacity(request.db, request.me, tap.most)
    return overview(request, edit=True)


@feature.tap(Pause, role=Role.CONSULTANT)
def pause(request: Request, tap: Pause) -> Screen:
    """Until some midnight of theirs nothing new comes; or from now on again."""
    if tap.days == 0:
        duty.resume(request.db, request.me)
    elif tap.days in (1, 7):
        zone = ZoneInfo(request.me.timezone)
        until = datetime.combine(_today(request) + timedelta(days=tap.days), time(0), zone)
        duty.pause(request.db, request.me, until=until)
    else:
        raise Outdated
    return overview(request, edit=True)

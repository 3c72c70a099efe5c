"""A new series or session: its card, the fields that are filled in one by one, and saving it."""

from __future__ import annotations

from markupsafe import Markup

from bot import timetable
from bot.errors import Outdated
from bot.features.people import Role
from bot.i18n import LANGUAGES, Translator, html
from bot.timetable import Details, Kind
from handlers._kit import Button, Request, Screen
from handlers.schedule._draft import SERIES, SESSION, Plan, keep, plan_of
from handlers.schedule._feature import (
    Card,
    Choose,
    Clear,
    Discard,
    Fill,
    Home,
    New,
    OfKind,
    Rung,
    Save,
    ShowSeries,
    ShowSession,
    Write,
    feature,
)
from handlers.schedule._fields import (
    RUNGS,
    TEXTS,
    VALUES,
    clashes_named,
    consultants,
    fields_of,
    names_of,
    prompt,
    read_slots,
    read_text,
    read_value,
    rungs_of,
    texts_in_words,
    toggled,
)
from handlers.schedule._when import asked_when, when_in_words
from handlers.schedule._words import field_name, kind_name, lines, rung_name, slots_in_words


@feature.tap(New, role=Role.ORGANIZER)
def new(request: Request, tap: New) -> Screen:
    """Ask of which kind it is."""
    t = request.t
    if tap.what not in (SERIES, SESSION):
        raise Outdated
    words = t("A new series: what is it?") if tap.what == SERIES else t("One session: what is it?")
    kinds = [
        [Button("🗣 " + t.label("Consultation"), OfKind(tap.what, Kind.CONSULTATION))],
        [Button("🎓 " + t.label("Webinar"), OfKind(tap.what, Kind.WEBINAR))],
        [Button("‹ " + t.label("Back"), Home(0))],
    ]
    return Screen(words, buttons=kinds, edit=True)


@feature.tap(OfKind, role=Role.ORGANIZER)
def begin(request: Request, tap: OfKind) -> Screen:
    """Begin a draft, and ask when it is."""
    if tap.what not in (SERIES, SESSION) or tap.kind not in list(Kind):
        raise Outdated
    return asked_when(request, keep(request, Plan(tap.what, Kind(tap.kind))))


@feature.tap(Card, role=Role.ORGANIZER)
def show(request: Request, _tap: Card) -> Screen:
    """The draft; what it cannot do without is asked for first."""
    plan = plan_of(request)
    if plan.when is None:
        return asked_when(request, plan)
    if not plan.title:
        return _asked(request, "title", request.me.language)
    return card(request, plan, edit=True)


def card(request: Request, plan: Plan, *, edit: bool) -> Screen:
    """All that the draft holds, with a button for each part of it."""
    t = request.t
    request.me.pending = None
    head = (
        t("<b>New series: {kind}</b>", kind=kind_name(plan.kind, t))
        if plan.what == SERIES
        else t("<b>One session: {kind}</b>", kind=kind_name(plan.kind, t))
    )
    said = {field: _value(request, plan, field) for field in _fields(plan)}
    rows = [Markup("<b>{}:</b> {}").format(field_name(field, plan.kind, t), value) for field, value in said.items()]
    return Screen(lines(head, when_in_words(request, plan), "", *rows), buttons=_card_buttons(plan, t), edit=edit)


def _fields(plan: Plan) -> tuple[str, ...]:
    return (*fields_of(plan.kind), *(("ladder",) if plan.what == SERIES else ()))


def _value(request: Request, plan: Plan, field: str) -> str | Markup:
    t = request.t
    if field in TEXTS:
        return texts_in_words(getattr(plan, field))
    if field == "people":
        return names_of(request.db, plan.people, t) or "–"
    if field == "slots":
        return slots_in_words(plan.slots[0], plan.slots[1], t)
    if field == "ladder":
        return t.series([rung_name(rung, t) for rung in rungs_of(plan.ladder)]) or "–"
    value = getattr(plan, field)
    return html("–" if value is None else value)


def _card_buttons(plan: Plan, t: Translator) -> list[list[Button]]:
    parts = [Button(field_name(field, plan.kind, t), Fill(field, "")) for field in _fields(plan)]
    pairs = [parts[at : at + 2] for at in range(0, len(parts), 2)]
    return [
        [Button("✅ " + t.label("Save"), Save())],
        [Button(t.label("When"), Write())],
        *pairs,
        [Button("🗑 " + t.label("Discard"), Discard())],
    ]


@feature.tap(Fill, role=Role.ORGANIZER)
def fill(request: Request, tap: Fill) -> Screen:
    """Ask for one field: in words, or by its own buttons."""
    plan = plan_of(request)
    if tap.field == "people":
        return people(request, plan)
    if tap.field == "ladder":
        return ladder(request, plan)
    if tap.field in TEXTS and tap.language not in LANGUAGES:
        return _languages(request, plan, tap.field)
    return _asked(request, tap.field, tap.language)


def _languages(request: Request, plan: Plan, field: str) -> Screen:
    """In which language; those that have the text already carry a tick."""
    t, texts = request.t, getattr(plan, field)
    named = {
        "en": t.label("English"),
        "zh_Hans": t.label("Simplified Chinese"),
        "zh_Hant": t.label("Traditional Chinese"),
    }
    rows = [[Button(("✓ " if code in texts else "") + named[code], Fill(field, code))] for code in LANGUAGES]
    words = t("{field}: in which language?", field=field_name(field, plan.kind, t))
    return Screen(words, buttons=[*rows, _to_card(t)], edit=True)


def _asked(request: Request, field: str, language: str) -> Screen:
    t = request.t
    words = prompt(field, language, t)
    request.me.expects("schedule.field", field=field, language=language)
    rows = [] if field == "title" else [[Button(t.label("Leave it out"), Clear(field))]]
    return Screen(words, buttons=[*rows, _to_card(t)], edit=True)


def _to_card(t: Translator) -> list[Button]:
    return [Button("‹ " + t.label("Back"), Card())]


@feature.step("field", role=Role.ORGANIZER)
def fill_in(request: Request) -> Screen:
    """Take what was written for a field; raises CannotPlan or Unclear, and it is asked for once more."""
    plan, field = plan_of(request), str(request.pending["field"])
    if field in TEXTS:
        getattr(plan, field)[request.pending["language"]] = read_text(field, request.text)
    elif field == "slots":
        minutes, buffer = read_slots(request.text)
        plan.slots = [minutes or 0, buffer]
    else:
        setattr(plan, field, read_value(field, request.text))
    return card(request, keep(request, plan), edit=False)


@feature.tap(Clear, role=Role.ORGANIZER)
def clear(request: Request, tap: Clear) -> Screen:
    """The draft goes without it."""
    plan = plan_of(request)
    if tap.field not in (*VALUES, "description", "slots"):
        raise Outdated
    empty: dict[str, object] = {"description": {}, "slots": [0, 0]}
    setattr(plan, tap.field, empty.get(tap.field))
    return card(request, keep(request, plan), edit=True)


def people(request: Request, plan: Plan) -> Screen:
    """Everybody who can be put on it, with a tick at who is."""
    t = request.t
    rows = [
        [Button(("✓ " if one.id in plan.people else "") + one.shown_name, Choose(one.id or 0))]
        for one in consultants(request.db)
    ]
    words = t("Who is it with? Tap a name to add or to remove it.")
    return Screen(words, buttons=[*rows, [Button("✅ " + t.label("Done"), Card())]], edit=True)


@feature.tap(Choose, role=Role.ORGANIZER)
def choose(request: Request, tap: Choose) -> Screen:
    """Put somebody on it, or take them off."""
    plan = plan_of(request)
    if tap.member not in {one.id for one in consultants(request.db)}:
        raise Outdated
    plan.people = sorted({*plan.people} ^ {tap.member})
    return people(request, keep(request, plan))


def ladder(request: Request, plan: Plan) -> Screen:
    """The rungs of the reminders, with a tick at those that are climbed."""
    t, chosen = request.t, rungs_of(plan.ladder)
    rows = [[Button(("✓ " if rung in chosen else "") + rung_name(rung, t), Rung(rung))] for rung in RUNGS]
    words = t("When are people told? The announcement, and how long before the beginning.")
    return Screen(words, buttons=[*rows, [Button("✅ " + t.label("Done"), Card())]], edit=True)


@feature.tap(Rung, role=Role.ORGANIZER)
def toggle_rung(request: Request, tap: Rung) -> Screen:
    """Remind at it, or not."""
    plan = plan_of(request)
    plan.ladder = toggled(rungs_of(plan.ladder), tap.name)
    return ladder(request, keep(request, plan))


@feature.tap(Discard, role=Role.ORGANIZER)
def discard(request: Request, _tap: Discard) -> Screen:
    """Nothing of it is kept."""
    request.me.pending = None
    timetable.drop_draft(request.db, request.me.id or 0)
    return Screen(request.t("Discarded. Nothing was planned."), buttons=[_to_calendar(request.t)], edit=True)


def _to_calendar(t: Translator) -> list[Button]:
    return [Button("📅 " + t.label("The calendar"), Home(0))]


@feature.tap(Save, role=Role.ORGANIZER)
def save(request: Request, _tap: Save) -> Screen:
    """Make it, with its sessions; raises CannotPlan, and the draft stays as it is."""
    plan = plan_of(request)
    if plan.when is None or not plan.title:
        raise Outdated
    with clashes_named(request.db):
        saved = _series(request, plan) if plan.what == SERIES else _session(request, plan)
    timetable.drop_draft(request.db, request.me.id or 0)
    request.me.pending = None
    request.hurry()
    return saved


def _details(request: Request, plan: Plan) -> Details:
    known = {one.id for one in consultants(request.db)}  # somebody may have left since they were chosen
    return {
        "description": plan.description,
        "people": [(member, plan.part) for member in plan.people if member in known],
        "speaker": plan.speaker,
        "link": plan.link,
        "join_hint": plan.join_hint,
        "capacity": plan.capacity,
        "slot_minutes": plan.slots[0] or None,
        "buffer_minutes": plan.slots[1],
    }


def _series(request: Request, plan: Plan) -> Screen:
    t, when = request.t, plan.recurrence
    series = timetable.plan(
        request.db,
        kind=plan.kind,
        title=plan.title,
        rrule=when.rhythm.rule,
        first=when.first,
        minutes=when.minutes,
        zone=when.zone,
        skipped=sorted(when.skipped),
        extra=sorted(when.extra),
        by=request.me.id,
        now=request.now,
        ladder=plan.ladder,
        **_details(request, plan),
    )
    rows = timetable.sessions_of(request.db, series, now=request.now)
    words = t.n(
        "Planned. {n} session stands in the calendar already; the others follow 12 weeks ahead.",
        "Planned. {n} sessions stand in the calendar already; the others follow 12 weeks ahead.",
        len(rows),
    )
    return Screen(
        words, buttons=[[Button(t.label("Show the series"), ShowSeries(series.id or 0))], _to_calendar(t)], edit=True
    )


def _session(request: Request, plan: Plan) -> Screen:
    t, when = request.t, plan.when or {}
    row = timetable.add_session(
        request.db,
        kind=plan.kind,
        title=plan.title,
        first=plan.occurrence.wall,
        minutes=when["minutes"],
        zone=when["zone"],
        by=request.me.id,
        now=request.now,
        **_details(request, plan),
    )
    timetable.mean(request.db, row, by=request.me.id, now=request.now)
    words = t("Planned. It stands in the calendar.")
    return Screen(
        words, buttons=[[Button(t.label("Show the session"), ShowSession(row.id or 0))], _to_calendar(t)], edit=True
    )

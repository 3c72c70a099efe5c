"""The short profile: five questions, each of which can be skipped, and changed later one by one."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bot.errors import Outdated
from bot.features import people
from bot.features.people import PROFESSIONS, WORKPLACES, Member, Role
from bot.i18n import Translator
from handlers import attention, peers
from handlers._kit import Button, Request, Screen, Tap
from handlers.people._feature import feature

FIELDS = ("name", "profession", "city", "workplace", "timezone")
ZONES = ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore")


@dataclass(frozen=True)
class Skip(Tap, prefix="people.skip"):
    """Leave a field as it is; `onward` to the next one."""

    field: str
    onward: bool


@dataclass(frozen=True)
class Choose(Tap, prefix="people.choose"):
    """Fill a field from a button."""

    field: str
    value: str
    onward: bool


@dataclass(frozen=True)
class Edit(Tap, prefix="people.edit"):
    """Change one field of the profile."""

    field: str


def field_name(field: str, t: Translator) -> str:
    """A field's name in words."""
    return {
        "name": t.label("Name"),
        "profession": t.label("Role at work"),
        "city": t.label("City"),
        "workplace": t.label("Workplace"),
        "timezone": t.label("Time zone"),
    }[field]


def value_name(value: str, t: Translator) -> str:
    """A value that is chosen from buttons, in words."""
    names = {
        "nurse": t.label("Nurse"),
        "doctor": t.label("Doctor"),
        "organizer": t.label("Programme organizer"),
        "educator": t.label("Health educator"),
        "hospital": t.label("City hospital"),
        "community": t.label("Community health centre"),
        "county": t.label("County hospital"),
        "university": t.label("University or institute"),
        "other": t.label("Other"),
        "Asia/Shanghai": t.label("Beijing"),
        "Asia/Hong_Kong": t.label("Hong Kong"),
        "Asia/Taipei": t.label("Taipei"),
        "Asia/Singapore": t.label("Singapore"),
    }
    return names.get(value, value)


def _prompt(field: str, me: Member, t: Translator, *, arriving: bool) -> Markup:
    if field == "name" and arriving:
        return t(
            "Thank you! Which name should colleagues see? Please write it, or skip to keep “{name}”.",
            name=me.shown_name,
        )
    return {
        "name": t(
            "Which name should colleagues see? Please write it, or skip to keep “{name}”.",
            name=me.shown_name,
        ),
        "profession": t("What is your role at work?"),
        "city": t("In which city do you work? Please write it."),
        "workplace": t("What kind of workplace is it?"),
        "timezone": t("Which time zone do you live in? Choose one, or write its name, such as Asia/Shanghai."),
    }[field]


def _choices(field: str) -> tuple[str, ...]:
    return {"profession": PROFESSIONS, "workplace": WORKPLACES, "timezone": ZONES}.get(field, ())


def ask_for(request: Request, field: str, *, onward: bool, edit: bool = False) -> Screen:
    """Ask for one field and wait for words; choices come as buttons, two in a row."""
    t = request.t
    choices = [Button(value_name(value, t), Choose(field, value, onward)) for value in _choices(field)]
    rows = [choices[i : i + 2] for i in range(0, len(choices), 2)]
    if field in ("name", "city", "timezone"):
        request.me.expects("people.field", field=field, onward=onward)
    else:
        request.me.pending = None
    return Screen(
        _prompt(field, request.me, t, arriving=onward),
        buttons=[*rows, [Button(t.label("Skip"), Skip(field, onward))]],
        edit=edit,
    )


def _next(request: Request, field: str, *, onward: bool, edit: bool) -> Screen:
    """The field after this one, or the finished profile."""
    following = FIELDS[FIELDS.index(field) + 1 :]
    if onward and following:
        return ask_for(request, following[0], onward=True, edit=edit)
    request.me.pending = None
    if onward:
        return Screen(finished(request), edit=edit)
    return profile_card(request, edit=edit)


def finished(request: Request) -> Markup:
    """The end of arriving: what to do first."""
    t = request.t
    return t(
        "That is all, {name}. Now just write your first question, for example: <i>How do we find our first peer "
        "supporter?</i>\n\n/help shows what else I can do, /profile changes what you told me.",
        name=request.me.shown_name,
    )


@feature.step("field")
def fill(request: Request) -> Screen:
    """Take the words for the field that was asked for."""
    field, onward = request.pending["field"], request.pending["onward"]
    setter = {"name": people.rename, "city": people.set_city, "timezone": people.set_timezone}[field]
    setter(request.me, request.text)
    _heed_the_clock(request, field)
    return _next(request, field, onward=onward, edit=False)


@feature.tap(Choose)
def choose(request: Request, tap: Choose) -> Screen:
    """Take a choice from a button."""
    if tap.value not in _choices(tap.field):
        raise Outdated
    setattr(request.me, tap.field, tap.value)
    _heed_the_clock(request, tap.field)
    return _next(request, tap.field, onward=tap.onward, edit=True)


def _heed_the_clock(request: Request, field: str) -> None:
    """What waits for the end of the quiet hours follows the person's clock."""
    if field == "timezone":
        attention.look_again(request)


@feature.tap(Skip)
def skip(request: Request, tap: Skip) -> Screen:
    """Go on without an answer."""
    if tap.field not in FIELDS:
        raise Outdated
    return _next(request, tap.field, onward=tap.onward, edit=True)


@feature.tap(Edit)
def edit(request: Request, tap: Edit) -> Screen:
    """Ask for one field again."""
    if tap.field not in FIELDS:
        raise Outdated
    return ask_for(request, tap.field, onward=False, edit=True)


@feature.command("profile")
def profile(request: Request) -> Screen:
    """Show the profile with a button to change each field."""
    return profile_card(request, edit=False)


def profile_card(request: Request, *, edit: bool) -> Screen:
    """What colleagues can know of the member."""
    me, t = request.me, request.t
    empty = t.label("not given")
    values = {
        "name": me.shown_name,
        "profession": value_name(me.profession or "", t) or empty,
        "city": me.city or empty,
        "workplace": value_name(me.workplace or "", t) or empty,
        "timezone": value_name(me.timezone, t),
    }
    lines = [t("{field}: <b>{value}</b>", field=field_name(field, t), value=value) for field, value in values.items()]
    buttons = [Button("✏️ " + field_name(field, t), Edit(field)) for field in FIELDS]
    told = Button("🔔 " + t.label("What I tell you"), attention.Show())
    rows = [buttons[:2], buttons[2:4], buttons[4:], [told]]
    if me.role.reaches(Role.TRAINEE):
        rows.append([Button("🤝 " + t.label("Helping colleagues"), peers.Show())])
    return Screen(Markup("\n").join(lines), buttons=rows, edit=edit)

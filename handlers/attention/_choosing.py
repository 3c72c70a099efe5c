"""Choosing: kinds of messages on and off, quiet hours, how many in a week."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bot.errors import Outdated
from bot.features import attention
from bot.features.attention import Kind, Preferences
from bot.i18n import Translator
from handlers import digests
from handlers._kit import Button, Request, Screen, Tap, one_below_the_other
from handlers.attention._feature import Show, feature
from handlers.attention._hours import clock_time, read_hours
from handlers.attention._waiting import look_again

OFFERED_HOURS = ((22 * 60, 8 * 60), (21 * 60, 7 * 60), (20 * 60, 9 * 60))
OFFERED_BUDGETS = (1, 3, 5, 10)
UNLIMITED = 1000


@dataclass(frozen=True)
class Switch(Tap, prefix="attention.switch"):
    """Mute a kind of messages, or hear it again."""

    kind: str


@dataclass(frozen=True)
class AskHours(Tap, prefix="attention.askhours"):
    """Other quiet hours."""


@dataclass(frozen=True)
class SetHours(Tap, prefix="attention.hours"):
    """These quiet hours, in minutes after midnight; twice the same means none."""

    begin: int
    end: int


@dataclass(frozen=True)
class AskBudget(Tap, prefix="attention.askbudget"):
    """Another number of messages in a week."""


@dataclass(frozen=True)
class SetBudget(Tap, prefix="attention.budget"):
    """So many messages in a week."""

    number: int


def kind_name(kind: Kind, t: Translator) -> str:
    """What a kind of messages is called."""
    t = t.of("attention")
    return {
        Kind.NOTICES: t.label("Announcements"),
        Kind.CONSULTATIONS: t.label("Consultations"),
        Kind.WEBINARS: t.label("Webinars"),
        Kind.COMMUNITY: t.label("Community and small wins"),
        Kind.RESOURCES: t.label("New resources"),
    }[kind]


def card(chosen: Preferences, t: Translator, *, edit: bool) -> Screen:
    """What somebody hears of, when, and how often, with a button to change each."""
    lines = [
        t("<b>What I tell you without being asked</b>"),
        _hours_line(chosen, t) + Markup("\n") + _budget_line(chosen, t),
        t("Answers to your questions and reminders of what you signed up for always come. Tap a subject to mute it."),
    ]
    kinds = [Button(_switch_label(kind, chosen, t), Switch(kind)) for kind in Kind]
    buttons = [
        *kinds,
        Button("🌙 " + t.label("Quiet hours"), AskHours()),
        Button("🔢 " + t.label("How many in a week"), AskBudget()),
        Button("📰 " + t.label("My week in one message"), digests.Show()),
    ]
    return Screen(Markup("\n\n").join(lines), buttons=one_below_the_other(buttons), edit=edit)


def _switch_label(kind: Kind, chosen: Preferences, t: Translator) -> str:
    return ("🔕 " if kind in chosen.muted else "🔔 ") + kind_name(kind, t)


def _hours_line(chosen: Preferences, t: Translator) -> Markup:
    if chosen.quiet_from == chosen.quiet_until:
        return t("🌙 No quiet hours: I write at any time.")
    return t(
        "🌙 Quiet from {begin} to {end}: what is not urgent waits.",
        begin=clock_time(chosen.quiet_from),
        end=clock_time(chosen.quiet_until),
    )


def _budget_line(chosen: Preferences, t: Translator) -> Markup:
    if chosen.budget >= UNLIMITED:
        return t("🔢 As many messages as there are.")
    return t.n(
        "🔢 At most {n} such message in seven days.", "🔢 At most {n} such messages in seven days.", chosen.budget
    )


@feature.command("quiet")
def quiet(request: Request) -> Screen:
    """Show what somebody chose."""
    return card(attention.of(request.db, request.me), request.t, edit=False)


@feature.tap(Show)
def show(request: Request, _tap: Show) -> Screen:
    """The same, from a button elsewhere."""
    return card(attention.of(request.db, request.me), request.t, edit=False)


@feature.tap(Switch)
def switch(request: Request, tap: Switch) -> Screen:
    """Mute a kind or hear it again."""
    if tap.kind not in list(Kind):
        raise Outdated
    chosen = attention.of(request.db, request.me)
    muted = set(chosen.muted) ^ {tap.kind}
    return _kept(request, muted=sorted(muted))


@feature.tap(AskHours)
def ask_hours(request: Request, _tap: AskHours) -> Screen:
    """Offer a few quiet hours, and wait for others in words."""
    t = request.t
    request.me.expects("attention.hours")
    offered = [Button(f"{clock_time(begin)}–{clock_time(end)}", SetHours(begin, end)) for begin, end in OFFERED_HOURS]
    none = Button(t.label("No quiet hours"), SetHours(0, 0))
    return Screen(
        t("When shall I be quiet? Choose, or write it, such as <i>21:30–7:00</i>. It is your own clock."),
        buttons=one_below_the_other([*offered, none, Button(t.label("Back"), Show())]),
        edit=True,
    )


@feature.step("hours")
def written_hours(request: Request) -> Screen:
    """Quiet hours in somebody's own words."""
    found = read_hours(request.text)
    if found is None:
        request.me.expects("attention.hours")
        return Screen(request.t("I did not understand these hours. Please write them like <i>21:30–7:00</i>."))
    return _kept(request, edit=False, quiet_from=found[0], quiet_until=found[1])


@feature.tap(SetHours)
def set_hours(request: Request, tap: SetHours) -> Screen:
    """Quiet hours from a button."""
    if not (0 <= tap.begin < 24 * 60 and 0 <= tap.end < 24 * 60):
        raise Outdated
    return _kept(request, quiet_from=tap.begin, quiet_until=tap.end)


@feature.tap(AskBudget)
def ask_budget(request: Request, _tap: AskBudget) -> Screen:
    """Offer a few numbers."""
    t = request.t
    numbers = [Button(t.number(number), SetBudget(number)) for number in OFFERED_BUDGETS]
    return Screen(
        t("How many messages that you did not ask for may I send you in seven days?"),
        buttons=[
            numbers,
            [Button(t.label("As many as there are"), SetBudget(UNLIMITED))],
            [Button(t.label("Back"), Show())],
        ],
        edit=True,
    )


@feature.tap(SetBudget)
def set_budget(request: Request, tap: SetBudget) -> Screen:
    """A number from a button."""
    if tap.number not in (*OFFERED_BUDGETS, UNLIMITED):
        raise Outdated
    return _kept(request, budget=tap.number)


def _kept(request: Request, *, edit: bool = True, **changes: object) -> Screen:
    """Store what was chosen, and show it."""
    before = attention.of(request.db, request.me)
    chosen = Preferences.model_validate(before.model_dump() | changes)
    attention.keep(request.db, chosen)
    request.db.flush()
    look_again(request)
    request.me.pending = None
    return card(chosen, request.t, edit=edit)

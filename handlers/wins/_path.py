"""/wins: where am I, what comes next, what counts as done, what helps, whom to ask; and the whole ladder."""

from __future__ import annotations

from dataclasses import dataclass, replace

from markupsafe import Markup

from bot import timetable
from bot.errors import Outdated
from bot.features import wins
from bot.features.people import Role
from bot.features.wins import Ladder, Step, WinPath
from bot.i18n import Translator
from bot.timetable import Kind
from handlers._kit import Button, Request, Screen, Tap, one_below_the_other
from handlers.wins._feature import (
    Card,
    Home,
    ShowCheckIns,
    ShowMine,
    done_button,
    feature,
    home_button,
    ladder_of,
    on_path,
    require_private,
    step_of,
    stuck_button,
)
from handlers.wins._ways import colleague_buttons, consult_button, entry_buttons

MANY = 50
"""Colleagues who did a step are counted up to here."""


@dataclass(frozen=True)
class AllSteps(Tap, prefix="wins.ladder"):
    """The stages of the ladder."""


@dataclass(frozen=True)
class OneStage(Tap, prefix="wins.stage"):
    """The steps of the stage at this place."""

    place: int


@dataclass(frozen=True)
class Choose(Tap, prefix="wins.choose"):
    """Go for this step next."""

    step: str


@feature.command("wins", role=Role.TRAINEE)
def show(request: Request) -> Screen:
    """The member's own path."""
    return home(request)


@feature.tap(Home, role=Role.TRAINEE)
def back_home(request: Request, _tap: Home) -> Screen:
    """The same, from a button."""
    return replace(home(request), edit=True)


def home(request: Request) -> Screen:
    """Where somebody is and their one next step; the path begins here, unless they have yet to agree that it is kept."""
    require_private(request)
    request = replace(request, context=feature.name)
    ladder, t = ladder_of(request), request.t
    agreed = request.me.consented_at is not None
    mine = on_path(request) if agreed else None
    step = wins.next_step(request.db, ladder, request.me)
    parts = [t("🪜 <b>My small wins</b>") + Markup("\n") + _where(request, ladder, step, t)]
    if step is None:
        parts.append(t("🏁 You have done every step. What a journey! Colleagues who begin can learn from you."))
    else:
        parts.append(t("<b>Your next step: {title}</b>", title=step.title.for_reader(t.language)))
        parts += [_what_counts(step, t), _whom_to_ask(request, step, t)]
    parts.append(_when_asked(mine, t) if mine else t("By going on, you agree that I keep your steps (/privacy)."))
    return Screen(Markup("\n\n").join(parts), buttons=_ways(request, step, t))


def _ways(request: Request, step: Step | None, t: Translator) -> list[list[Button]]:
    onward = [
        [Button("🪜 " + t.label("All steps"), AllSteps()), Button("✅ " + t.label("What I have done"), ShowMine())],
        [Button("🔔 " + t.label("Check-ins"), ShowCheckIns())],
    ]
    if step is None:
        return onward
    answers = [[button] for button in entry_buttons(request, step.topics, t)]
    asking = [[button] for button in colleague_buttons(step.id, t)]
    return [[done_button(step, t), stuck_button(step, t)], *answers, *asking, *consult_button(request, t), *onward]


def _where(request: Request, ladder: Ladder, step: Step | None, t: Translator) -> Markup:
    """The stage in a word and as a bar, and how much is done."""
    passed = len(wins.passed_by(request.db, request.me) & ladder.by_id.keys())
    done = t.n("{n} step done so far.", "{n} steps done so far.", passed)
    if step is None:
        return done
    stage = ladder.stage_of(step)
    place, all_ = ladder.stages.index(stage) + 1, len(ladder.stages)
    where = t("Stage {n} of {all}: {title}", n=place, all=all_, title=stage.title.for_reader(t.language))
    return Markup("{} {} · {}").format("▰" * place + "▱" * (all_ - place), where, done)


def _what_counts(step: Step, t: Translator) -> Markup:
    """What is done when it is done, what helps, and how long it takes."""
    return Markup("\n").join(
        [
            t("☑️ <b>Done means:</b> {done}", done=step.done.for_reader(t.language)),
            t("💡 <b>What helps:</b> {help}", help=step.help.for_reader(t.language)),
            t.n("⏳ Usually done within {n} day.", "⏳ Usually done within {n} days.", step.days),
        ]
    )


def _whom_to_ask(request: Request, step: Step, t: Translator) -> Markup:
    coming = timetable.upcoming(request.db, Kind.CONSULTATION, now=request.now, limit=1)
    if coming:
        asking = t(
            "our experts (/ask), or the next consultation on {when} (/consult)", when=t.when(coming[0].starts_at)
        )
    else:
        asking = t("our experts (/ask)")
    line = t("🙋 <b>Whom to ask:</b> {whom}.", whom=asking)
    number = wins.done_by(request.db, step.id, at_most=MANY)
    if not number:
        return line
    if number == MANY:
        return t.sentences(line, t("Many colleagues have done it."))
    return t.sentences(line, t.n("{n} colleague has done it.", "{n} colleagues have done it.", number))


def _when_asked(mine: WinPath, t: Translator) -> Markup:
    if mine.asked_next_at is None:
        return t("🔕 I do not ask how it goes.")
    return t("🔔 Every second week I ask how it goes, next on {when}.", when=t.when(mine.asked_next_at))


@feature.tap(AllSteps, role=Role.TRAINEE)
def all_steps(request: Request, _tap: AllSteps) -> Screen:
    """The stages, each with how much of it is done."""
    require_private(request)
    ladder, t = ladder_of(request), request.t
    passed = wins.passed_by(request.db, request.me)
    following = wins.next_step(request.db, ladder, request.me)
    buttons = []
    for place, stage in enumerate(ladder.stages):
        steps = ladder.of_stage(stage.id)
        done = sum(step.id in passed for step in steps)
        mark = "✅ " if done == len(steps) else "▶️ " if following in steps else ""
        label = f"{mark}{place + 1} {stage.title.for_reader(t.language)} · {done}/{len(steps)}"
        buttons.append(Button(label, OneStage(place)))
    text = t("🪜 <b>All steps</b>\n\nWhere are you? Look into a stage, and mark what you have done already.")
    return Screen(text, buttons=[*one_below_the_other(buttons), [home_button(t)]], edit=True)


@feature.tap(OneStage, role=Role.TRAINEE)
def one_stage(request: Request, tap: OneStage) -> Screen:
    """The steps of a stage, and which are done."""
    require_private(request)
    ladder, t = ladder_of(request), request.t
    if tap.place not in range(len(ladder.stages)):
        raise Outdated
    stage = ladder.stages[tap.place]
    passed = wins.passed_by(request.db, request.me)
    following = wins.next_step(request.db, ladder, request.me)
    buttons = [
        Button(_marked(step, passed, following) + step.title.for_reader(t.language), Card(step.id))
        for step in ladder.of_stage(stage.id)
    ]
    title = Markup("<b>{} {}</b>").format(tap.place + 1, stage.title.for_reader(t.language))
    back = Button("‹ " + t.label("All steps"), AllSteps())
    return Screen(title, buttons=[*one_below_the_other(buttons), [back]], edit=True)


def _marked(step: Step, passed: set[str], following: Step | None) -> str:
    return "✅ " if step.id in passed else "▶️ " if step == following else ""


@feature.tap(Card, role=Role.TRAINEE)
def card(request: Request, tap: Card) -> Screen:
    """One step: to be marked, or to be gone for next."""
    require_private(request)
    ladder, t, step = ladder_of(request), request.t, step_of(request, tap.step)
    following = wins.next_step(request.db, ladder, request.me)
    parts = [Markup("<b>{}</b>").format(step.title.for_reader(t.language)), _what_counts(step, t)]
    if step.optional:
        parts.append(t("It prepares the others; you may leave it out."))
    rows = [[done_button(step, t), stuck_button(step, t)]]
    if step != following:
        rows.append([Button("▶️ " + t.label("Go for this next"), Choose(step.id))])
    rows += [[button] for button in entry_buttons(request, step.topics, t)]
    place = ladder.stages.index(ladder.stage_of(step))
    stage = Button(f"‹ {ladder.stages[place].title.for_reader(t.language)}", OneStage(place))
    return Screen(Markup("\n\n").join(parts), buttons=[*rows, [stage]], edit=True)


@feature.tap(Choose, role=Role.TRAINEE)
def choose(request: Request, tap: Choose) -> Screen:
    """It is the next one now."""
    on_path(request)
    wins.choose(request.db, ladder_of(request), request.me, tap.step, now=request.now)
    return replace(home(request), edit=True)

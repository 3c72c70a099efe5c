"""Stuck: on what, and what helps against that; whoever does not say is offered something all the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from bot import outbox
from bot.errors import Outdated
from bot.features import attention, wins
from bot.features.people import Member, Role
from bot.features.wins import Barrier, Step, WinHitch
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Button, Deed, Moment, Request, Screen, Tap, one_below_the_other
from handlers.wins._feature import OnIt, Stuck, feature, home_button, ladder_of, on_path, step_of
from handlers.wins._ways import colleague_buttons, consult_button, entry_buttons

SILENT = timedelta(hours=3)
"""How long somebody who is stuck may take to say on what, before they are offered what most often helps."""

ENTRIES = 3
PORTION = 100


@dataclass(frozen=True)
class OnWhat(Tap, prefix="wins.barrier"):
    """This is in the way."""

    hitch: int
    barrier: str


@feature.tap(Stuck, role=Role.TRAINEE)
def stuck(request: Request, tap: Stuck) -> Screen:
    """Ask what is in the way."""
    on_path(request)
    t, step = request.t, step_of(request, tap.step)
    hitch = wins.stuck(request.db, request.me, step.id, now=request.now)
    buttons = [
        Button(barrier.title.for_reader(t.language), OnWhat(hitch.id or 0, barrier.id))
        for barrier in ladder_of(request).barriers
    ]
    text = t("🧱 What is in the way?") + Markup("\n") + Markup("<i>{}</i>").format(step.title.for_reader(t.language))
    return Screen(
        Markup("{}\n\n{}").format(text, _smaller(step, t)),
        buttons=[*one_below_the_other(buttons), [home_button(t)]],
        edit=True,
    )


@feature.tap(OnWhat, role=Role.TRAINEE)
def on_what(request: Request, tap: OnWhat) -> Screen:
    """Offer at once what helps against it."""
    on_path(request)
    hitch = wins.hitch(request.db, tap.hitch, request.me)
    barrier, step = ladder_of(request).barrier(tap.barrier), step_of(request, hitch.step)
    if barrier is None:
        raise Outdated
    wins.offered(hitch, barrier.id, now=request.now)
    t = request.t
    head = Markup("🧱 <b>{}</b>\n<i>{}</i>").format(
        barrier.title.for_reader(t.language), step.title.for_reader(t.language)
    )
    return Screen(head + _helps(step, t), buttons=_offer(request, step, barrier, t), edit=True)


def _smaller(step: Step, t: Translator) -> Markup:
    return t("🐾 <b>A smaller step:</b> {smaller}", smaller=step.smaller.for_reader(t.language))


def _helps(step: Step, t: Translator) -> Markup:
    """What can be done now, above the buttons."""
    more = t("Here is what may help. Our experts hear you too: /ask.")
    return Markup("\n\n{}\n\n{}").format(_smaller(step, t), more)


def _offer(deed: Deed, step: Step, barrier: Barrier, t: Translator) -> list[list[Button]]:
    """The smaller step, answers, a colleague, the next consultation."""
    return [
        [Button("🐾 " + t.label("I take the smaller step"), OnIt(step.id))],
        *([button] for button in entry_buttons(deed, barrier.topics[:ENTRIES], t)),
        *([button] for button in colleague_buttons(step.id, t)),
        *consult_button(deed, t),
        [home_button(t)],
    ]


@feature.tick(timedelta(minutes=10))
def without_offer(moment: Moment) -> timedelta | None:
    """Who is stuck and did not say on what hears what most often helps, well within a day."""
    found = wins.without_offer(moment.db, before=moment.now - SILENT, limit=PORTION)
    for hitch, member in found:
        _offer_unasked(moment, hitch, member)
    return timedelta(0) if len(found) == PORTION else None


def _offer_unasked(moment: Moment, hitch: WinHitch, member: Member) -> None:
    ladder, t = ladder_of(moment), moment.words(member)
    step = ladder.by_id.get(hitch.step)
    barrier = ladder.barrier(step.barrier) if step is not None else None
    if step is None or barrier is None:  # the step is gone from the ladder, and with it what was in the way
        wins.freed(moment.db, member, hitch.step, now=moment.now)
        return
    wins.offered(hitch, barrier.id, now=moment.now)
    head = t("🧱 You are stuck here: <b>{title}</b>", title=step.title.for_reader(t.language))
    often = t("Most often the reason is: {barrier}.", barrier=barrier.title.for_reader(t.language))
    rows = [*_offer(moment, step, barrier, t)[:-1], [Button(t.label("Something else is in the way"), Stuck(step.id))]]
    screen = Screen(Markup("{}\n{}{}").format(head, often, _helps(step, t)), buttons=rows)
    at = attention.moment(moment.db, member, kind=attention.Kind.COMMUNITY, now=moment.now, asked_for=True)
    key = f"wins:stuck:{hitch.id}:{hitch.said_at:%Y%m%d%H%M%S}"
    to = member.telegram_id
    moment.post(screen, chat_id=to, key=key, lane=Lane.ANSWER, about=key, due_at=at, heeds=outbox.QUIET)

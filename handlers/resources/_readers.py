"""What readers say: it helped, or it should not be there; thanks gathered for the giver, one tap for the organizers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from bot.errors import Outdated
from bot.features import attention, people, resources
from bot.features.attention import Kind as Subject
from bot.features.people import Member, Role
from bot.features.resources import SharedResource, State, Why
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Button, Moment, Request, Screen, Tap, one_below_the_other
from handlers.resources._browsing import Helped, Report, card_again, found
from handlers.resources._feature import Show, feature, home_button

PORTION = 50


@dataclass(frozen=True)
class ReportAs(Tap, prefix="resources.reportas"):
    """This is wrong with it."""

    shared: int
    why: str


@dataclass(frozen=True)
class TakeOff(Tap, prefix="resources.takeoff"):
    """Take it off the shelf."""

    shared: int


@dataclass(frozen=True)
class PutBack(Tap, prefix="resources.putback"):
    """Put it back on the shelf."""

    shared: int


@feature.tap(Helped)
def helped(request: Request, tap: Helped) -> Screen:
    """Count it, once for each reader."""
    resource, t = found(request, tap.resource), request.t
    new = resources.say_helped(request.db, request.me, resource.id, resource.shared, now=request.now)
    toast = t.label("Thank you! I pass it on.") if new else t.label("You have told me already. Thank you!")
    shown = card_again(request, resource, tap.back)
    return Screen(shown.text, shown.buttons, edit=True, toast=toast)


def reasons(t: Translator) -> dict[Why, str]:
    """What can be wrong, in words."""
    return {
        Why.WRONG: t.label("It is wrong or out of date"),
        Why.PATIENT: t.label("It shows a patient's data"),
        Why.RIGHTS: t.label("It must not be shared"),
        Why.BROKEN: t.label("It does not open"),
    }


@feature.tap(Report, role=Role.TRAINEE)
def report(request: Request, tap: Report) -> Screen:
    """What is wrong with it?"""
    shared, t = resources.get(request.db, tap.shared), request.t
    if shared.state is not State.APPROVED:
        raise Outdated
    buttons = [Button(label, ReportAs(tap.shared, why)) for why, label in reasons(t).items()]
    text = t("What is wrong with “{title}”? The organizers hear it with your name.", title=shared.title)
    back = Button("‹ " + t.label("Back"), Show(shared.resource_id, ""))
    return Screen(text, buttons=one_below_the_other([*buttons, back]), edit=True)


@feature.tap(ReportAs, role=Role.TRAINEE)
def report_as(request: Request, tap: ReportAs) -> Screen:
    """The organizers hear it at once."""
    if tap.why not in list(Why):
        raise Outdated
    shared, t = resources.get(request.db, tap.shared), request.t
    made = resources.report(request.db, request.me, shared, Why(tap.why), now=request.now)
    for organizer in people.reachable_organizers(request.db) if made is not None else []:
        request.post(
            _alert(request, shared, Why(tap.why), request.words(organizer)),
            chat_id=organizer.telegram_id,
            key=shared.key("report", made.id if made else 0, organizer.id),
            lane=Lane.ANSWER,
        )
    return Screen(t("Thank you. The organizers look at it."), buttons=[[home_button(t)]], edit=True)


def _alert(request: Request, shared: SharedResource, why: Why, t: Translator) -> Screen:
    text = t(
        "⚑ <b>{name}</b> reports “{title}” in the library: {why}.",
        name=request.me.shown_name,
        title=shared.title,
        why=reasons(t)[why],
    )
    return Screen(text, buttons=_decision(shared, t))


def _decision(shared: SharedResource, t: Translator) -> list[list[Button]]:
    shared_id = shared.id or 0
    look = Button("👀 " + t.label("Show it"), Show(shared.resource_id, ""))
    if shared.state is State.WITHDRAWN:
        return [[Button("↩️ " + t.label("Put it back"), PutBack(shared_id))]]
    return [[look], [Button("🗑 " + t.label("Take it off the shelf"), TakeOff(shared_id))]]


@feature.tap(TakeOff, role=Role.ORGANIZER)
def take_off(request: Request, tap: TakeOff) -> Screen:
    """From now on nobody finds it; its giver is told kindly."""
    shared = resources.get(request.db, tap.shared)
    if resources.take_off(shared, by=request.me, now=request.now):
        _tell_giver(request, shared)
    return _standing(request, shared)


@feature.tap(PutBack, role=Role.ORGANIZER)
def put_back(request: Request, tap: PutBack) -> Screen:
    """Found again."""
    shared = resources.get(request.db, tap.shared)
    resources.put_back(shared, by=request.me, now=request.now)
    return _standing(request, shared)


def _standing(request: Request, shared: SharedResource) -> Screen:
    t = request.t
    off = shared.state is State.WITHDRAWN
    text = (
        t("“{title}” is off the shelf.", title=shared.title)
        if off
        else t("“{title}” is on the shelf.", title=shared.title)
    )
    return Screen(text, buttons=[*_decision(shared, t), [home_button(t)]], edit=True)


def _tell_giver(request: Request, shared: SharedResource) -> None:
    giver = request.db.get(Member, shared.suggested_by) if shared.suggested_by else None
    if giver is None or giver.unreachable_at is not None or giver.id == request.me.id:
        return
    t = request.words(giver)
    text = t(
        "“{title}” is no longer in the library: the organizers have taken it off after a reader's hint. If you have questions, "
        "please ask them.",
        title=shared.title,
    )
    key = shared.key("off", request.update_id)
    request.post(Screen(text), chat_id=giver.telegram_id, key=key, lane=Lane.ANSWER)


@feature.tick(timedelta(hours=1))
def thank(moment: Moment) -> timedelta | None:
    """Readers' thanks, gathered for a week, if the giver wants to hear of resources."""
    due = resources.to_thank(moment.db, now=moment.now, limit=PORTION)
    for shared in due:
        giver = moment.db.get(Member, shared.suggested_by)
        reachable = giver is not None and giver.unreachable_at is None
        at = attention.moment(moment.db, giver, kind=Subject.RESOURCES, now=moment.now) if giver and reachable else None
        if giver is not None and at is not None:
            screen = Screen(_thanks(shared, moment.words(giver)))
            key = shared.key("thanks", shared.helped)
            kind, to = Subject.RESOURCES, giver.telegram_id
            moment.post(screen, chat_id=to, key=key, lane=Lane.REMINDER, due_at=at, heeds=kind)
        resources.thanked(shared, reached=at is not None, now=moment.now)
    return timedelta(0) if len(due) == PORTION else None


def _thanks(shared: SharedResource, t: Translator) -> Markup:
    helped = t.n(
        "What you shared has helped {n} colleague so far. Thank you!",
        "What you shared has helped {n} colleagues so far. Thank you!",
        shared.helped,
    )
    return Markup("💚 <b>{}</b>\n{}").format(shared.title, helped)

"""A card that should not be there as it is: readers report it, organizers hide it with a reason, and can undo that."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bot.errors import CardUnfit, Outdated
from bot.features import people, programmes
from bot.features.people import Member, Role
from bot.features.programmes import Level, Programme, ProgrammeHiding, Why
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Button, Request, Screen, Tap, one_below_the_other
from handlers.moderation import name_of
from handlers.programmes._cards import again_button, card_screen
from handlers.programmes._feature import Edit, Hidden, Hide, LookAgain, Report, Show, Unhide, feature, home_button, own
from handlers.programmes._silencing import take_down
from handlers.programmes._week import author_of
from handlers.programmes._words import reason_words, title_of

LOGGED = 8
"""Entries of the log on its screen."""


@dataclass(frozen=True)
class ReportAs(Tap, prefix="programmes.reportas"):
    """This is wrong with the card."""

    card: int
    why: str


@dataclass(frozen=True)
class HideAs(Tap, prefix="programmes.hideas"):
    """Hide it for one of the usual reasons."""

    card: int
    why: str


@feature.tap(Report, role=Role.TRAINEE)
def report(request: Request, tap: Report) -> Screen:
    """What is wrong with it?"""
    card, t = _visible(request, tap.card), request.t
    buttons = [Button(reason_words(why, t), ReportAs(tap.card, why)) for why in Why]
    name = title_of(programmes.view(card, request.me), t)
    text = t("What is wrong with “{name}”? The organizers hear it with your name; the author does not.", name=name)
    back = Button("‹ " + t.label("Back"), Show(tap.card))
    return Screen(text, buttons=one_below_the_other([*buttons, back]), edit=True)


def _visible(request: Request, card_id: int) -> Programme:
    """A colleague's card that the tapper may see; raises Outdated."""
    card = programmes.get(request.db, card_id)
    if programmes.level_of(card, request.me) not in (Level.COMMUNITY, Level.ORGANIZERS):
        raise Outdated
    return card


@feature.tap(ReportAs, role=Role.TRAINEE)
def report_as(request: Request, tap: ReportAs) -> Screen:
    """The organizers hear it at once; from the same reader once."""
    card, t = _visible(request, tap.card), request.t
    if tap.why not in list(Why):
        raise Outdated
    made = programmes.report(request.db, card, request.me, Why(tap.why), now=request.now)
    if made is not None:
        _tell_organizers(request, card, Why(tap.why), made)
    return Screen(t("Thank you. The organizers look at it."), buttons=[[home_button(t)]], edit=True)


def _tell_organizers(request: Request, card: Programme, why: Why, made: int) -> None:
    for organizer in people.reachable_organizers(request.db):
        t = request.words(organizer)
        text = t(
            "🚩 <b>{who}</b> reports the card “{name}”: {reason}.",
            who=request.me.shown_name,
            name=title_of(programmes.view(card, Level.ORGANIZERS), t),
            reason=reason_words(why, t),
        )
        buttons = [
            [Button("👀 " + t.label("See the card"), Show(card.id or 0))],
            [Button("🙈 " + t.label("Hide it"), Hide(card.id or 0))],
        ]
        key = f"programme:{card.id}:reported:{made}:{organizer.id}"
        request.post(Screen(text, buttons=buttons), chat_id=organizer.telegram_id, key=key, lane=Lane.ANSWER)


@feature.tap(Hide, role=Role.ORGANIZER)
def hide(request: Request, tap: Hide) -> Screen:
    """There is always a reason: a usual one, or in the organizer's own words; the owner reads it."""
    card, t = programmes.get(request.db, tap.card), request.t
    if card.hidden_at is not None:
        return card_screen(request, card, edit=False)
    request.me.expects("programmes.reason", card=card.id)
    name = title_of(programmes.view(card, Level.ORGANIZERS), t)
    text = t("Why shall colleagues not see “{name}”? Its owner reads the reason. Choose one, or write it.", name=name)
    buttons = [Button(reason_words(why, t), HideAs(tap.card, why)) for why in Why]
    return Screen(text, buttons=one_below_the_other([*buttons, Button("‹ " + t.label("Back"), Show(tap.card))]))


@feature.tap(HideAs, role=Role.ORGANIZER)
def hide_as(request: Request, tap: HideAs) -> Screen:
    """Hide it for a usual reason."""
    if tap.why not in list(Why):
        raise Outdated
    request.me.pending = None
    return _hide(request, tap.card, tap.why)


@feature.step("reason", role=Role.ORGANIZER)
def own_reason(request: Request) -> Screen:
    """Hide it for the reason that was written; raises CardUnfit for anything but words, and it is asked for again."""
    if not request.text.strip():
        raise CardUnfit("reason")
    screen = _hide(request, request.pending["card"], request.text)
    request.me.pending = None
    return screen


def _hide(request: Request, card_id: int, reason: str) -> Screen:
    card = programmes.locked(request.db, card_id)
    hiding = programmes.hide(request.db, card, by=request.me, reason=reason, now=request.now)
    if hiding is not None:
        take_down(request, card)
        _tell_owner(request, card, hiding)
    return card_screen(request, card, edit=False)


def _tell_owner(request: Request, card: Programme, hiding: ProgrammeHiding) -> None:
    owner = author_of(request, card)
    if owner is None or owner.id == request.me.id:
        return
    t = request.words(owner)
    text = t(
        "🙈 An organizer has hidden your card “{name}” from colleagues for now. The reason: {reason}. Nothing on it is lost: "
        "change what is to be changed, and ask the organizers to look again.",
        name=title_of(programmes.view(card, Level.ME), t),
        reason=reason_words(hiding.reason, t),
    )
    buttons = [[Button("✏️ " + t.label("Change"), Edit(card.id or 0))], [again_button(card, t)]]
    key = f"programme:{card.id}:hidden:{hiding.id}"
    request.post(Screen(text, buttons=buttons), chat_id=owner.telegram_id, key=key, lane=Lane.ANSWER)


@feature.tap(Unhide, role=Role.ORGANIZER)
def unhide(request: Request, tap: Unhide) -> Screen:
    """Colleagues see it again, and its owner hears of it; twice is once."""
    card = programmes.locked(request.db, tap.card)
    hiding = programmes.hiding_of(request.db, card)
    if programmes.unhide(request.db, card, by=request.me, now=request.now) and hiding is not None:
        owner = author_of(request, card)
        if owner is not None and owner.id != request.me.id:
            t = request.words(owner)
            text = t(
                "👁 Colleagues see your card “{name}” again. Thank you!", name=title_of(programmes.view(card, owner), t)
            )
            key = f"programme:{card.id}:shown:{hiding.id}"
            request.post(Screen(text), chat_id=owner.telegram_id, key=key, lane=Lane.ANSWER)
    return card_screen(request, card, edit=True)


@feature.tap(LookAgain, role=Role.TRAINEE)
def look_again(request: Request, tap: LookAgain) -> Screen:
    """The owner asks the organizers, once for each change of the card."""
    card = own(request, tap.card)
    if programmes.hiding_of(request.db, card) is None:
        raise Outdated
    for organizer in people.reachable_organizers(request.db):
        _ask_again(request, card, organizer)
    return Screen(toast=request.t.label("The organizers hear of it."))


def _ask_again(request: Request, card: Programme, organizer: Member) -> None:
    t = request.words(organizer)
    name = title_of(programmes.view(card, Level.ORGANIZERS), t)
    text = t("🙋 {who} asks you to look at the hidden card “{name}” again.", who=request.me.shown_name, name=name)
    see = Button("👀 " + t.label("See the card"), Show(card.id or 0))
    key = f"programme:{card.id}:again:{card.changed_at:%Y%m%d%H%M%S}:{organizer.id}"
    request.post(Screen(text, buttons=[[see]]), chat_id=organizer.telegram_id, key=key, lane=Lane.ANSWER)


@feature.tap(Hidden, role=Role.ORGANIZER)
def hidden(request: Request, _tap: Hidden) -> Screen:
    """The log: what was hidden, by whom, why, and whether it is shown again."""
    t, found = request.t, programmes.hidings(request.db, limit=LOGGED)
    text = Markup("\n\n").join([t("<b>Hidden cards</b>"), *(_entry(request, one, t) for one in found)])
    cards = {one.programme_id: programmes.get(request.db, one.programme_id) for one in found}
    buttons = [
        [Button(title_of(programmes.view(card, Level.ORGANIZERS), t), Show(id_))]
        for id_, card in cards.items()
        if programmes.level_of(card, request.me) is not None
    ]
    return Screen(text, buttons=[*buttons, [home_button(t)]], edit=True)


def _entry(request: Request, one: ProgrammeHiding, t: Translator) -> Markup:
    card = programmes.get(request.db, one.programme_id)
    text = t(
        "“{name}”: {reason} ({by}, {when})",
        name=title_of(programmes.view(card, Level.ORGANIZERS), t),
        reason=reason_words(one.reason, t),
        by=name_of(request, one.hidden_by),
        when=t.when(one.hidden_at),
    )
    if one.undone_at is not None:
        text += Markup("\n") + t("↩️ Shown again by {name}.", name=name_of(request, one.undone_by))
    return text

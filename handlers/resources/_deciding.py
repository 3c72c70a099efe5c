"""Organizers decide: each suggestion comes to them in private; the first one's word counts, and the giver hears it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bot import outbox
from bot.features import people, resources
from bot.features.people import Member, Role
from bot.features.resources import Kind, SharedResource, State
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Button, Request, Screen, Tap, as_html
from handlers.resources._browsing import file_call
from handlers.resources._feature import Show, Waiting, feature, home_button
from handlers.resources._rights import right_of


@dataclass(frozen=True)
class Look(Tap, prefix="resources.look"):
    """Look at one suggestion that waits."""

    shared: int


@dataclass(frozen=True)
class Decide(Tap, prefix="resources.decide"):
    """Approve or decline."""

    shared: int
    approve: bool


def tell_organizers(request: Request, shared: SharedResource) -> None:
    """Bring a suggestion to every organizer who can be reached: the file first, then the card with the buttons."""
    for organizer in people.reachable_organizers(request.db):
        if shared.kind is Kind.FILE:
            method, payload = file_call(organizer.telegram_id, shared)
            request.owe(method, payload, key=shared.key("file", organizer.id), lane=Lane.ANSWER)
        t = request.words(organizer)
        request.post(
            Screen(suggestion(request, shared, t), buttons=_choice(shared, t)),
            chat_id=organizer.telegram_id,
            key=_card_key(shared, organizer),
            lane=Lane.ANSWER,
        )


def _card_key(shared: SharedResource, organizer: Member) -> str:
    return shared.key("card", organizer.id)


def suggestion(request: Request, shared: SharedResource, t: Translator) -> Markup:
    """A suggestion as organizers see it, with what became of it."""
    giver = request.db.get(Member, shared.suggested_by) if shared.suggested_by else None
    name = giver.shown_name if giver else "…"
    parts = [t("📥 <b>{name}</b> suggests this for the library:", name=name), Markup("<b>{}</b>").format(shared.title)]
    if shared.url:
        parts.append(Markup("{}").format(shared.url))
    if shared.kind is Kind.FILE:
        parts.append(t("📎 The file is the message before this one."))
    if shared.text:
        parts.append(Markup("<blockquote>{}</blockquote>").format(as_html(shared.text, shared.entities)))
    if shared.good_for:
        parts.append(Markup("💡 {}").format(shared.good_for))
    if shared.licence is not None:
        parts.append(right_of(shared, t))
    if shared.state is not State.WAITING:
        parts.append(Markup("\n") + _verdict(request, shared, t))
    return Markup("\n").join(parts)


def _verdict(request: Request, shared: SharedResource, t: Translator) -> Markup:
    name = _decider(request, shared)
    if shared.state is State.APPROVED:
        return t("✅ Approved by {name}.", name=name)
    if shared.state is State.WITHDRAWN:
        return t("Taken off the shelf by {name}.", name=name)
    return t("Declined by {name}.", name=name)


def _decider(request: Request, shared: SharedResource) -> str:
    decider = request.db.get(Member, shared.decided_by) if shared.decided_by else None
    return decider.shown_name if decider else "…"


def _choice(shared: SharedResource, t: Translator) -> list[list[Button]]:
    shared_id = shared.id or 0
    return [
        [
            Button("✅ " + t.label("Approve"), Decide(shared_id, approve=True)),
            Button(t.label("Decline"), Decide(shared_id, approve=False)),
        ]
    ]


@feature.tap(Decide, role=Role.ORGANIZER)
def decide(request: Request, tap: Decide) -> Screen:
    """The first organizer decides; a later one sees who did."""
    shared, t = resources.get(request.db, tap.shared), request.t
    verb = resources.approve if tap.approve else resources.decline
    if not verb(shared, by=request.me, now=request.now):
        toast = t.label("{name} has already decided.", name=_decider(request, shared))
        return Screen(suggestion(request, shared, t), buttons=[[home_button(t)]], edit=True, toast=toast, alert=True)
    _tell_giver(request, shared)
    _refresh_others(request, shared)
    return Screen(suggestion(request, shared, t), buttons=[[home_button(t)]], edit=True)


def _tell_giver(request: Request, shared: SharedResource) -> None:
    giver = request.db.get(Member, shared.suggested_by) if shared.suggested_by else None
    if giver is None or giver.id == request.me.id:
        return
    t = request.words(giver)
    if shared.state is State.APPROVED:
        text = t("🎉 “{title}” is in the library now. Thank you for sharing what helps!", title=shared.title)
        rows = [[Button(t.label("Show it"), Show(shared.resource_id, ""))]]
    else:
        text = t(
            "Thank you for suggesting “{title}”. The organizers have decided not to add it for now. Please keep sharing "
            "what helps you.",
            title=shared.title,
        )
        rows = []
    request.post(Screen(text, buttons=rows), chat_id=giver.telegram_id, key=shared.key("decided"), lane=Lane.ANSWER)


def _refresh_others(request: Request, shared: SharedResource) -> None:
    """Show the verdict on the other organizers' cards, too."""
    for organizer in people.reachable_organizers(request.db):
        if organizer.id != request.me.id:
            _replace_card(request, shared, organizer, [[home_button(request.words(organizer))]], "verdict")


def refresh(request: Request, shared: SharedResource) -> None:
    """Show on the organizers' cards what the giver said after they had gone out, while nobody has decided."""
    for organizer in people.reachable_organizers(request.db) if shared.state is State.WAITING else []:
        rows = _choice(shared, request.words(organizer))
        _replace_card(request, shared, organizer, rows, f"described:{request.update_id}")


def _replace_card(
    request: Request, shared: SharedResource, organizer: Member, rows: list[list[Button]], what: str
) -> None:
    card = outbox.receipt(request.db, _card_key(shared, organizer))
    if card is not None:
        request.replace(
            Screen(suggestion(request, shared, request.words(organizer)), buttons=rows),
            chat_id=organizer.telegram_id,
            message_id=card.message_id,
            key=shared.key(what, organizer.id),
            lane=Lane.ANSWER,
        )


@feature.tap(Waiting, role=Role.ORGANIZER)
def waiting(request: Request, _tap: Waiting) -> Screen:
    """What nobody has decided on."""
    t = request.t
    rows = [[Button(shared.title, Look(shared.id or 0))] for shared in resources.waiting(request.db)[:10]]
    text = t("Waiting for a decision:") if rows else t("Nothing is waiting. Thank you!")
    return Screen(text, buttons=[*rows, [home_button(t)]], edit=True)


@feature.tap(Look, role=Role.ORGANIZER)
def look(request: Request, tap: Look) -> Screen:
    """One suggestion with the choice, as a message of its own where a file goes before it."""
    shared, t = resources.get(request.db, tap.shared), request.t
    if shared.kind is Kind.FILE:
        method, payload = file_call(request.chat_id, shared)
        request.owe(method, payload, key=shared.key("looked", request.update_id))
    rows = _choice(shared, t) if shared.state is State.WAITING else []
    back = [Button("‹ " + t.label("To decide"), Waiting())]
    return Screen(suggestion(request, shared, t), buttons=[*rows, back], edit=shared.kind is not Kind.FILE)

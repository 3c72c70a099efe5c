"""The beginning of the library, and one resource: what it is, where it is, and the member's own list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from bot.errors import Outdated
from bot.features import resources
from bot.features.people import Member, Role
from bot.features.resources import Kind, Resource, Shelf
from bot.i18n import Translator
from handlers._kit import Button, Request, Screen, Tap, as_html
from handlers.resources._feature import (
    LANGUAGES,
    Home,
    Listing,
    Show,
    Suggest,
    Waiting,
    audience_name,
    back_to,
    feature,
    home_button,
    leave_dialogue,
    shelf_of,
)
from handlers.resources._rights import right_of


@dataclass(frozen=True)
class Languages(Tap, prefix="resources.languages"):
    """Choose a language."""


@dataclass(frozen=True)
class Audiences(Tap, prefix="resources.audiences"):
    """Choose a kind of reader."""


@dataclass(frozen=True)
class Find(Tap, prefix="resources.find"):
    """Search by words."""


@dataclass(frozen=True)
class Save(Tap, prefix="resources.save"):
    """Put a resource on one's own list, or (`keep` false) take it off."""

    resource: str
    back: str
    keep: bool


@dataclass(frozen=True)
class Fetch(Tap, prefix="resources.fetch"):
    """Send the file that a colleague shared."""

    shared: int


@dataclass(frozen=True)
class Helped(Tap, prefix="resources.helped"):
    """It helped me."""

    resource: str
    back: str


@dataclass(frozen=True)
class Report(Tap, prefix="resources.report"):
    """Something is wrong with what a colleague shared."""

    shared: int


@feature.tap(Home)
def back_home(request: Request, _tap: Home) -> Screen:
    """Back to the beginning."""
    leave_dialogue(request)
    return home(request, edit=True)


def home(request: Request, *, edit: bool) -> Screen:
    """Every need with the number of its resources, and the other ways in."""
    shelf, t = shelf_of(request), request.t
    needs = [
        Button(
            f"{need.title.in_(t.language)} · {len(shelf.for_need(need.category))}", Listing("need", need.category, 0)
        )
        for need in shelf.needs
    ]
    text = t(
        "📚 <b>Resources</b>\nGuides, training materials, scales, studies, and what colleagues have shared. What do you need?"
    )
    return Screen(text, buttons=[*two_in_a_row(needs), *_other_ways(request, shelf)], edit=edit)


def two_in_a_row(buttons: list[Button]) -> list[list[Button]]:
    """The layout for short labels."""
    return [buttons[i : i + 2] for i in range(0, len(buttons), 2)]


def _other_ways(request: Request, shelf: Shelf) -> list[list[Button]]:
    t = request.t
    rows = [
        [Button("🌐 " + t.label("By language"), Languages()), Button("👥 " + t.label("By audience"), Audiences())],
        [Button("🔎 " + t.label("Search"), Find()), Button("⭐ " + t.label("My list"), Listing("mine", "", 0))],
        [Button("➕ " + t.label("Suggest one"), Suggest())],
    ]
    if shared := len(shelf.shared()):
        rows[2].insert(0, Button(f"🤝 {t.label('From colleagues')} · {shared}", Listing("colleagues", "", 0)))
    if request.me.role.reaches(Role.ORGANIZER) and (open_ones := len(resources.waiting(request.db))):
        rows.append([Button(f"📥 {t.label('To decide')} · {open_ones}", Waiting())])
    return rows


@feature.tap(Languages)
def languages(request: Request, _tap: Languages) -> Screen:
    """The languages that resources are in."""
    shelf, t = shelf_of(request), request.t
    buttons = [
        Button(f"{name} · {len(shelf.in_language(code))}", Listing("language", code, 0))
        for code, name in LANGUAGES.items()
    ]
    return Screen(t("In which language do you want to read?"), buttons=[buttons, [home_button(t)]], edit=True)


@feature.tap(Audiences)
def audiences(request: Request, _tap: Audiences) -> Screen:
    """The kinds of readers that resources were made for."""
    shelf, t = shelf_of(request), request.t
    found = {audience for resource in shelf.resources for audience in resource.audience}
    buttons = [
        Button(f"{name} · {len(shelf.for_audience(audience))}", Listing("audience", audience, 0))
        for name, audience in sorted((audience_name(audience, t), audience) for audience in found)
    ]
    return Screen(t("Who is it for?"), buttons=[*two_in_a_row(buttons), [home_button(t)]], edit=True)


@feature.tap(Find)
def find(request: Request, _tap: Find) -> Screen:
    """Wait for the words."""
    request.me.expects("resources.words")
    t = request.t
    text = t(
        "What are you looking for? Write a word or two, in English or Chinese, for example <i>training manual</i>."
    )
    return Screen(text, buttons=[[home_button(t)]], edit=True)


@feature.tap(Show)
def show(request: Request, tap: Show) -> Screen:
    """One resource in place of the list, with the way back to it."""
    leave_dialogue(request)
    resource = found(request, tap.resource)
    if resource.shared is not None:
        resources.used(request.db, resource.shared)
    return _card(request, resource, tap.back, edit=True)


LINK = "res_"
"""What the start parameter of a link to a resource begins with."""


def card(request: Request, resource_id: str) -> Screen:
    """One resource as a message of its own, for links from elsewhere; raises Outdated for an unknown id."""
    return _card(request, found(request, resource_id), "", edit=False)


def found(request: Request, resource_id: str) -> Resource:
    """The resource with this id; raises Outdated for one that nobody can find."""
    resource = shelf_of(request).by_id.get(resource_id)
    if resource is None:
        raise Outdated
    return resource


def card_again(request: Request, resource: Resource, back: str) -> Screen:
    """The same card after something was said about it."""
    return _card(request, resource, back, edit=True)


def _card(request: Request, resource: Resource, back: str, *, edit: bool) -> Screen:
    t = request.t.of(feature.name)
    saved = resources.is_saved(request.db, request.me, resource.id)
    listing = back_to(back, need=resource.need, language=resource.language)
    parts = [card_text(resource, t), *_thanks(request, resource, t)]
    rows = _card_rows(resource, back, listing, t, saved=saved)
    return Screen(Markup("\n").join(parts), buttons=rows, edit=edit)


def _thanks(request: Request, resource: Resource, t: Translator) -> list[Markup]:
    """By what right a colleague's is here, who gave it where they want to be named, and how many it has helped."""
    lines, shared = [], resource.shared
    if shared is not None and shared.licence is not None:
        lines.append(right_of(shared, t))
    giver = request.db.get(Member, shared.suggested_by) if shared is not None and shared.named else None
    if giver is not None:
        lines.append(t("💚 Thanks to {name}", name=giver.shown_name))
    if count := resources.helped_count(request.db, resource.id):
        lines.append(t.n("👍 Helped {n} reader", "👍 Helped {n} readers", count))
    return lines


def card_text(resource: Resource, t: Translator) -> Markup:
    """What the resource is, who made it, what for, and how far its address can be trusted."""
    parts = [_heading(resource, t)]
    if resource.description:
        parts.append(Markup("{}").format(resource.description.in_(t.language)))
    if resource.shared is not None and resource.shared.good_for:
        parts.append(Markup("💡 {}").format(resource.shared.good_for))
    if resource.shared is not None and resource.shared.text:
        words = as_html(resource.shared.text, resource.shared.entities)
        parts.append(Markup("<blockquote>{}</blockquote>").format(words))
    if resource.audience:
        comma = ", " if t.language == "en" else "、"
        names = comma.join(audience_name(audience, t) for audience in resource.audience)
        parts.append(t("Made for: {readers}", readers=names))
    return Markup("\n\n").join([*parts, origin(resource, t)])


def _heading(resource: Resource, t: Translator) -> Markup:
    """The title, as it was published where that is another one; then organisation, year and language."""
    title = resource.title_in(t.language)
    lines = [Markup("<b>{}</b>").format(title)]
    if resource.title not in (title, resource.title_zh):
        lines.append(Markup("<i>{}</i>").format(resource.title))
    return Markup("\n").join([*lines, Markup(" · ").join(map(Markup.escape, _facts(resource)))])


def _facts(resource: Resource) -> list[str]:
    facts = (resource.organisation, resource.year, LANGUAGES[resource.language])
    return [str(fact) for fact in facts if fact]


def origin(resource: Resource, t: Translator) -> Markup:
    """How far the address can be trusted."""
    if resource.shared is not None:
        return t("🤝 Shared by a colleague, checked by an organizer.")
    if resource.url is None:
        return t("I have no reliable link for it. Search for the title, or ask your organizer.")
    if resource.official:
        return t("✅ The link leads to the publisher's own page.")
    return t("The link leads to a page about it, not to the publisher.")


def _card_rows(
    resource: Resource, back: str, listing: Listing | None, t: Translator, *, saved: bool
) -> list[list[Button]]:
    rows = []
    if resource.url:
        rows.append([Button("🔗 " + t.label("Open"), resource.url)])
    if resource.shared is not None and resource.shared.kind is Kind.FILE:
        rows.append([Button("📎 " + t.label("Send me the file"), Fetch(resource.shared.id or 0))])
    label = "★ " + t.label("Saved ✓") if saved else "☆ " + t.label("Save")
    rows.append(
        [
            Button(label, Save(resource.id, back, not saved)),
            Button("👍 " + t.label("This helped"), Helped(resource.id, back)),
        ]
    )
    if resource.shared is not None:
        rows.append([Button("⚑ " + t.label("Report"), Report(resource.shared.id or 0))])
    rows.append([Button("‹ " + t.label("Back"), listing) if listing else home_button(t)])
    return rows


@feature.tap(Save)
def save(request: Request, tap: Save) -> Screen:
    """Put it on the member's own list, or take it off; the card shows which."""
    resource, t = found(request, tap.resource), request.t
    if tap.keep:
        resources.save(request.db, request.me, resource.id, now=request.now)
        toast = t.label("Saved. Your list is under /resources.")
    else:
        resources.unsave(request.db, request.me, resource.id)
        toast = t.label("Removed from your list.")
    shown = _card(request, resource, tap.back, edit=True)
    return Screen(shown.text, shown.buttons, edit=True, toast=toast)


@feature.tap(Fetch)
def fetch(request: Request, tap: Fetch) -> Screen:
    """Send the file; Telegram has kept it."""
    shared = resources.get(request.db, tap.shared)
    if shared.resource_id not in shelf_of(request).by_id or shared.kind is not Kind.FILE:
        raise Outdated
    request.owe(*file_call(request.chat_id, shared), key=shared.key("fetched", request.update_id))
    return Screen(toast=request.t.label("Here it comes."))


def file_call(chat_id: int, shared: resources.SharedResource) -> tuple[str, dict[str, Any]]:
    """The method and payload that send a shared file by its id at Telegram."""
    media = shared.media or "document"
    return f"send{media.capitalize()}", {"chat_id": chat_id, media: shared.file_id, "caption": shared.title}

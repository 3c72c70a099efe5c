"""A card: shown as its reader may see it; its owners publish it, take it off, and delete it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from bot.errors import NotYours, Outdated
from bot.features import programmes
from bot.features.people import Member, Role
from bot.features.programmes import FIELDS, Level, Programme, View
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Button, Deed, Request, Screen, Tap
from handlers.programmes._feature import (
    Ask,
    Edit,
    Hide,
    Listing,
    LookAgain,
    Report,
    Show,
    Unhide,
    feature,
    home_button,
    in_rows,
    own,
)
from handlers.programmes._silencing import take_down
from handlers.programmes._words import card_text, field_name, level_name, reason_words, title_of

_ICONS = {Level.COMMUNITY: "", Level.ORGANIZERS: "🛡 ", Level.ME: "🔒 "}


@dataclass(frozen=True)
class Picture(Tap, prefix="programmes.poster"):
    """The photo of a card's poster."""

    card: int


@dataclass(frozen=True)
class AsOthers(Tap, prefix="programmes.asothers"):
    """One's own card as the community sees it."""

    card: int


@dataclass(frozen=True)
class Publish(Tap, prefix="programmes.publish"):
    """Let colleagues see the card."""

    card: int


@dataclass(frozen=True)
class TakeOff(Tap, prefix="programmes.takeoff"):
    """Let nobody see it any more; it stays as a draft."""

    card: int


@dataclass(frozen=True)
class Delete(Tap, prefix="programmes.delete"):
    """Delete the card; asked once more until `sure`."""

    card: int
    sure: bool


@dataclass(frozen=True)
class Share(Tap, prefix="programmes.share"):
    """Name a colleague as co-owner."""

    card: int


@dataclass(frozen=True)
class Alone(Tap, prefix="programmes.alone"):
    """End the sharing."""

    card: int


@feature.tap(Show, role=Role.TRAINEE)
def show(request: Request, tap: Show) -> Screen:
    """A card from a list."""
    return card_screen(request, programmes.get(request.db, tap.card), edit=True)


def card_screen(request: Request, card: Programme, *, edit: bool) -> Screen:
    """What this reader may see of it; raises Outdated where that is nothing."""
    t, seen = request.t, programmes.view(card, request.me)
    mine = programmes.level_of(card, request.me) is Level.ME
    if not seen and not mine:
        raise Outdated
    poster = [Button("🖼 " + t.label("Poster"), Picture(seen.id))] if "poster" in seen.fields else []
    change = [Button("✏️ " + t.label("Change"), Edit(seen.id))] if mine else []
    back = [Button("‹ " + t.label("Back to the list"), Listing(0)), home_button(t)]
    text = Markup("\n\n").join([card_text(seen, t), *_hidden(request, card)])
    return Screen(text, buttons=[[*poster, *change, *_objections(card, request, mine=mine)], back], edit=edit)


def _objections(card: Programme, request: Request, *, mine: bool) -> list[Button]:
    """What a reader can do about a card that is not all right; organizers hide it, or show it again."""
    t, id_ = request.t, card.id or 0
    if not request.me.role.reaches(Role.ORGANIZER):
        return [] if mine else [Button("🚩 " + t.label("Report"), Report(id_))]
    if card.hidden_at is not None:
        return [Button("👁 " + t.label("Show it again"), Unhide(id_))]
    return [] if mine else [Button("🙈 " + t.label("Hide it"), Hide(id_))]


def _hidden(request: Request, card: Programme) -> list[Markup]:
    """That an organizer has hidden the card, and why."""
    hiding = programmes.hiding_of(request.db, card)
    if hiding is None:
        return []
    reason = reason_words(hiding.reason, request.t)
    return [request.t("🙈 Hidden from colleagues by an organizer: {reason}.", reason=reason)]


def again_button(card: Programme, t: Translator) -> Button:
    """The owner's way to have it shown again."""
    return Button("🙋 " + t.label("Please look again"), LookAgain(card.id or 0))


@feature.tap(Picture, role=Role.TRAINEE)
def picture(request: Request, tap: Picture) -> Screen:
    """Send the poster, where the reader may see it."""
    card = programmes.get(request.db, tap.card)
    seen = programmes.view(card, request.me)
    if "poster" not in seen.fields:
        raise Outdated
    owe_poster(request, seen, chat_id=request.me.telegram_id, key=f"programme:{card.id}:poster:{request.update_id}")
    return Screen(toast=request.t.label("Here it comes, in our private chat."))


def owe_poster(
    deed: Deed, seen: View, *, chat_id: int, key: str, lane: Lane = Lane.REPLY, about: str | None = None
) -> None:
    """Promise the picture of a card to a chat."""
    poster: dict[str, Any] = seen.fields["poster"]
    method = "sendPhoto" if poster["kind"] == "photo" else "sendDocument"
    payload = {"chat_id": chat_id, poster["kind"]: poster["file_id"]}
    deed.owe(method, payload, key=key, lane=lane, about=about)


@feature.tap(Edit, role=Role.TRAINEE)
def edit(request: Request, tap: Edit) -> Screen:
    """One's own card, to be changed."""
    card = own(request, tap.card)
    request.me.pending = None
    return edit_screen(request, card, edit=True)


def edit_screen(request: Request, card: Programme, *, edit: bool) -> Screen:
    """The whole card with a button for each field; a lock shows what not everybody sees."""
    t, id_ = request.t, card.id or 0
    fields = [Button(_label(card, field, request), Ask(id_, field, False)) for field in FIELDS]
    lines = [
        card_text(programmes.view(card, request.me), t),
        t("Tap a field to change it, or who sees it. 🛡 is for organizers, 🔒 for you alone."),
        *_standing(request, card),
    ]
    return Screen(Markup("\n\n").join(lines), buttons=[*in_rows(fields), *_ways(request, card)], edit=edit)


def _label(card: Programme, field: str, request: Request) -> str:
    lock = _ICONS[programmes.shown_to(card, field)]
    return lock + ("" if card.fields.get(field) else "+ ") + field_name(field, request.t)


def _standing(request: Request, card: Programme) -> list[Markup]:
    t = request.t
    lines = _hidden(request, card) + ([] if card.published_at else [t("This is a draft: nobody but you sees it.")])
    if card.co_owner_id is not None:
        other = card.owner_id if card.co_owner_id == request.me.id else card.co_owner_id
        colleague = request.db.get(Member, other)
        lines.append(t("You keep it together with {name}.", name=colleague.shown_name if colleague else "?"))
    return lines


def _ways(request: Request, card: Programme) -> list[list[Button]]:
    t, id_ = request.t, card.id or 0
    public = [
        Button("📣 " + t.label("Publish"), Publish(id_))
        if card.published_at is None
        else Button("🙈 " + t.label("Take it off the wall"), TakeOff(id_))
    ]
    shared = (
        Button("👤 " + t.label("End the sharing"), Alone(id_))
        if card.co_owner_id
        else Button("👥 " + t.label("Name a colleague"), Share(id_))
    )
    seen_by_others = Button("👁 " + t.label("As others see it"), AsOthers(id_))
    return [
        [again_button(card, t) if card.hidden_at is not None else seen_by_others, *public],
        [shared, Button("🗑 " + t.label("Delete"), Delete(id_, False))],
        [home_button(t)],
    ]


@feature.tap(AsOthers, role=Role.TRAINEE)
def as_others(request: Request, tap: AsOthers) -> Screen:
    """What the community sees."""
    return review(request, own(request, tap.card), edit=True)


def review(request: Request, card: Programme, *, edit: bool) -> Screen:
    """The card as the community sees it, with what is kept from them, and the button to publish."""
    if card.hidden_at is not None:
        return edit_screen(request, card, edit=edit)
    t, id_ = request.t, card.id or 0
    seen = programmes.view(card, Level.COMMUNITY)
    hidden = [field for field in FIELDS if card.fields.get(field) and field not in seen.fields]
    lines = [t("So the community sees it:"), card_text(seen, t)]
    if "poster" in seen.fields:
        lines.append(t("The poster can be opened below the card."))
    if hidden:
        kept = [
            t.label("{field} ({level})", field=field_name(one, t), level=level_name(programmes.shown_to(card, one), t))
            for one in hidden
        ]
        lines.append(t("Not shown to them: {fields}", fields=t.series(kept)))
    publish_it = [Button("📣 " + t.label("Publish"), Publish(id_))] if card.published_at is None else []
    return Screen(
        Markup("\n\n").join(lines), buttons=[publish_it, [Button("✏️ " + t.label("Change"), Edit(id_))]], edit=edit
    )


@feature.tap(Publish, role=Role.TRAINEE)
def publish(request: Request, tap: Publish) -> Screen:
    """Now colleagues find it."""
    card = own(request, tap.card)
    programmes.publish(request.db, card, now=request.now)
    request.me.pending = None
    t = request.t
    text = t("Thank you! Colleagues can find your card now. In three months I ask whether it is still true.")
    return Screen(text, buttons=[[Button(t.label("See the card"), Show(card.id or 0))], [home_button(t)]], edit=True)


@feature.tap(TakeOff, role=Role.TRAINEE)
def take_off(request: Request, tap: TakeOff) -> Screen:
    """It becomes a draft again."""
    card = own(request, tap.card)
    take_down(request, card)
    programmes.withdraw(request.db, card, now=request.now)
    return edit_screen(request, card, edit=True)


@feature.tap(Delete, role=Role.TRAINEE)
def delete(request: Request, tap: Delete) -> Screen:
    """Ask once more, then delete; only the owner may."""
    card, t = own(request, tap.card), request.t
    if card.owner_id != request.me.id:
        raise NotYours("")
    name = title_of(programmes.view(card, request.me), t)
    if not tap.sure:
        text = t("Delete the card “{name}” with everything on it? This cannot be undone.", name=name)
        sure, keep = Button(t.label("Delete it"), Delete(tap.card, True)), Button(t.label("Keep it"), Edit(tap.card))
        return Screen(text, buttons=[[sure], [keep]], edit=True)
    take_down(request, card)
    programmes.remove(request.db, card, now=request.now)
    return Screen(t("The card “{name}” is deleted.", name=name), buttons=[[home_button(t)]], edit=True)

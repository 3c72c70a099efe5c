"""Members suggest: a link, a file or words, then its title; the organizers hear of it at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from telegram import Message, MessageEntity

from bot.errors import Outdated
from bot.features import people, resources
from bot.features.people import Role
from bot.features.resources import Kind, Licence, SharedResource, State
from bot.features.resources.links import web_address
from bot.i18n import Translator
from handlers._kit import Button, Request, Screen, Tap, one_below_the_other, said
from handlers.resources._browsing import two_in_a_row
from handlers.resources._deciding import tell_organizers
from handlers.resources._describing import Purpose
from handlers.resources._feature import Show, Suggest, feature, home_button, shelf_of

_FILES = ("animation", "document", "photo", "video", "audio", "voice")
"""Kinds of files that can be kept; an animation calls itself a document as well."""


@dataclass(frozen=True)
class Right(Tap, prefix="resources.right"):
    """By this right; `none` keeps nothing."""

    licence: str


@feature.tap(Suggest, role=Role.TRAINEE)
def suggest(request: Request, _tap: Suggest) -> Screen:
    """Wait for something to share."""
    t = request.t
    if not resources.may_suggest(request.db, request.me):
        return Screen(
            toast=t.label("Thank you! Please wait until the organizers have looked at your earlier suggestions."),
            alert=True,
        )
    request.me.expects("resources.thing")
    text = t(
        "What has helped you? Send me a <b>link</b>, a <b>file</b> or photo, or write it in <b>words</b>.\n\nAn "
        "organizer sees it first, with your name. If it is added, colleagues find it here, without your name. Please "
        "share nothing that could identify a patient."
    )
    if request.me.consented_at is None:
        text += Markup("\n\n") + t("By sending it, you agree that I keep it (/privacy).")
    return Screen(text, buttons=[[home_button(t)]], edit=True)


@feature.step("thing", role=Role.TRAINEE)
def thing(request: Request) -> Screen:
    """Take what is shared, and ask for its title."""
    t, shared = request.t, _thing(request.message)
    if shared is None:
        request.me.pending = request.pending
        return Screen(t("I can take a link, a file, a photo or words. Please try again, or /cancel."))
    if (screen := _there_already(request, shared)) is not None:
        return screen
    request.me.expects("resources.title", **shared)
    asked = t("Thank you! What title should colleagues see? A few words are enough.")
    if request.message.media_group_id:
        asked += Markup("\n\n") + t("I took the first file of these. Please suggest the others one by one.")
    return Screen(asked)


def _thing(message: Message) -> dict[str, Any] | None:
    """What the message shares, as fields of a suggestion; None for what cannot be kept."""
    content = said(message)
    media = next((kind for kind in _FILES if getattr(message, kind)), None)
    words = {"text": resources.checked_text(content.text), "entities": content.entities} if content.text else {}
    if media is not None:
        found = getattr(message, media)
        file = found[-1] if media == "photo" else found
        ids = {"file_id": file.file_id, "file_unique_id": file.file_unique_id}
        return {"kind": Kind.FILE, "media": media, **ids, **words}
    if not content.text.strip() or content.media is not None:
        return None
    link, shown = _link(message)
    if link is None:
        return {"kind": Kind.TEXT, **words}
    return {"kind": Kind.LINK, "url": link, **(words if content.text.strip() != shown else {})}


def _link(message: Message) -> tuple[str | None, str]:
    """The first web address in the message, and the words that stand for it."""
    found = message.parse_entities([MessageEntity.URL, MessageEntity.TEXT_LINK])
    links = ((web_address(entity.url or words), words) for entity, words in found.items())
    return next((link for link in links if link[0]), (None, ""))


def _there_already(request: Request, shared: dict[str, Any]) -> Screen | None:
    """What to say when the library has it, or somebody suggested it before."""
    url = shared.get("url")
    on_shelf = shelf_of(request).at(url) if url else None
    if on_shelf is not None:
        return _found_before(on_shelf.id, request.t)
    before = resources.known(request.db, url=url, file_unique_id=shared.get("file_unique_id"))
    return _suggested_before(before, request.t) if before else None


def _found_before(resource_id: str, t: Translator) -> Screen:
    text = t("Thank you! The library already has this.")
    return Screen(text, buttons=[[Button(t.label("Show it"), Show(resource_id, ""))], [home_button(t)]])


def _suggested_before(shared: SharedResource, t: Translator) -> Screen:
    if shared.state is State.APPROVED:
        return _found_before(shared.resource_id, t)
    if shared.state is State.WAITING:
        text = t("Thank you! This has already been suggested; the organizers will look at it.")
    else:
        text = t("The organizers have seen this and decided not to add it. If you disagree, please tell them.")
    return Screen(text, buttons=[[home_button(t)]])


@feature.step("title", role=Role.TRAINEE)
def title(request: Request) -> Screen:
    """Take the title, and ask by what right it is shared."""
    fields = {name: value for name, value in request.pending.items() if name != "step"}
    return _ask_right(request, fields | {"title": resources.checked_title(request.text)})


def _ask_right(request: Request, shared: dict[str, Any]) -> Screen:
    """Nothing is kept before this is answered: the answer is the giver's consent."""
    request.me.expects("resources.licence", **shared)
    t = request.t
    text = t(
        "May colleagues have it? By choosing, you agree that organizers see it with your name and that, once approved, "
        "everybody here can find it."
    )
    rights = [Button(label, Right(licence)) for licence, label in _rights(t).items()]
    return Screen(text, buttons=one_below_the_other([*rights, Button(t.label("Rather not"), Right("none"))]))


def _rights(t: Translator) -> dict[Licence, str]:
    return {
        Licence.OWN: t.label("I made it: use it, adapt it"),
        Licence.PUBLIC: t.label("It is public: look, do not change"),
        Licence.ALLOWED: t.label("The author lets me share it"),
    }


@feature.step("licence", role=Role.TRAINEE)
def words_instead(request: Request) -> Screen:
    """Words cannot answer this; the buttons come once more."""
    return _ask_right(request, {name: value for name, value in request.pending.items() if name != "step"})


@feature.tap(Right, role=Role.TRAINEE)
def right(request: Request, tap: Right) -> Screen:
    """With the giver's consent it goes to the organizers; without it nothing is kept."""
    waiting, t = request.me.pending or {}, request.t
    if waiting.get("step") != "resources.licence" or tap.licence not in (*Licence, "none"):
        raise Outdated
    request.me.pending = None
    if tap.licence == "none":
        return Screen(t("OK, I have kept nothing of it."), buttons=[[home_button(t)]], edit=True)
    fields = {name: value for name, value in waiting.items() if name not in ("step", "kind")}
    shared, new = resources.suggest(
        request.db, by=request.me, kind=Kind(waiting["kind"]), now=request.now, licence=Licence(tap.licence), **fields
    )
    if not new:
        return _suggested_before(shared, t)
    people.agree(request.me, now=request.now)
    tell_organizers(request, shared)
    return _receipt(request, shared)


def _receipt(request: Request, shared: SharedResource) -> Screen:
    """Thanks, and the question what it is for."""
    t = request.t
    needs = [
        Button(need.title.in_(t.language), Purpose(shared.id or 0, need.category))
        for need in request.services.knowledge().shelf.needs
    ]
    text = t(
        "Thank you! I sent “{title}” to the organizers and will tell you what they decide. What is it for? (You can "
        "skip this.)",
        title=shared.title,
    )
    return Screen(text, buttons=[*two_in_a_row(needs), [home_button(t)]])

"""What a suggestion is for, its language, what it is good for, and whether its giver is thanked by name: said by its giver."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bot.errors import Outdated
from bot.features import resources
from bot.features.people import Role
from bot.features.resources import SharedResource
from handlers._kit import Button, Request, Screen, Tap
from handlers.resources._deciding import refresh
from handlers.resources._feature import LANGUAGES, feature, home_button


@dataclass(frozen=True)
class Purpose(Tap, prefix="resources.purpose"):
    """Say what one's own suggestion is for."""

    shared: int
    need: str


@dataclass(frozen=True)
class In(Tap, prefix="resources.in"):
    """Say in which language it is."""

    shared: int
    language: str


@dataclass(frozen=True)
class GoodFor(Tap, prefix="resources.goodfor"):
    """Say in a sentence what it is good for."""

    shared: int


@dataclass(frozen=True)
class Named(Tap, prefix="resources.named"):
    """Be thanked by name, or not."""

    shared: int
    named: bool


@feature.tap(Purpose)
def purpose(request: Request, tap: Purpose) -> Screen:
    """Put one's own suggestion beside others that serve the same need."""
    shared = resources.owned(request.db, tap.shared, request.me)
    if tap.need not in request.services.knowledge().shelf.titles:
        raise Outdated
    resources.file_under(shared, tap.need)
    return _described(request, shared, edit=True)


@feature.tap(In)
def language(request: Request, tap: In) -> Screen:
    """The language that readers look for it in."""
    shared = resources.owned(request.db, tap.shared, request.me)
    if tap.language not in LANGUAGES:
        raise Outdated
    shared.language = tap.language
    return _described(request, shared, edit=True)


@feature.tap(Named)
def named(request: Request, tap: Named) -> Screen:
    """With or without a name; from then on, on the card."""
    shared = resources.owned(request.db, tap.shared, request.me)
    shared.named = tap.named
    return _described(request, shared, edit=True)


@feature.tap(GoodFor)
def good_for(request: Request, tap: GoodFor) -> Screen:
    """Wait for the sentence."""
    shared = resources.owned(request.db, tap.shared, request.me)
    request.me.expects("resources.goodfor", shared=shared.id)
    return Screen(
        request.t("What is “{title}” good for? One sentence, as you would tell a colleague.", title=shared.title)
    )


@feature.step("goodfor", role=Role.TRAINEE)
def good_for_in_words(request: Request) -> Screen:
    """Take the sentence."""
    shared = resources.owned(request.db, request.pending["shared"], request.me)
    resources.describe(shared, request.text)
    return _described(request, shared, edit=False)


def _described(request: Request, shared: SharedResource, *, edit: bool) -> Screen:
    """How it will stand on the shelf, with a button for each part; the organizers' cards follow."""
    refresh(request, shared)
    t, titles = request.t, request.services.knowledge().shelf.titles
    parts = [t("Thank you!")]
    if shared.purpose is not None and shared.purpose in titles:
        need = titles[shared.purpose].in_(t.language)
        parts = [t("Thank you! “{title}” will be listed under {need}.", title=shared.title, need=need)]
    if shared.good_for:
        parts.append(Markup("💡 {}").format(shared.good_for))
    thanks = t("Readers see your name.") if shared.named else t("Readers do not see your name.")
    languages = [
        Button(("✓ " if code == shared.language else "") + name, In(shared.id or 0, code))
        for code, name in LANGUAGES.items()
    ]
    label = t.label("Without my name") if shared.named else t.label("Thank me by name")
    rows = [
        languages,
        [Button("💡 " + t.label("What it is good for"), GoodFor(shared.id or 0))],
        [Button("💚 " + label, Named(shared.id or 0, not shared.named))],
        [home_button(t)],
    ]
    return Screen(Markup("\n").join([*parts, thanks]), buttons=rows, edit=edit)

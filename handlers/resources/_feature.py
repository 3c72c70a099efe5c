"""The feature that the siblings register on, the buttons that several of them show, and the words they share."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.errors import Outdated
from bot.features import resources
from bot.features.resources import Shelf
from bot.i18n import Translator
from handlers._kit import Button, Feature, Request, Tap

feature = Feature("resources")

AUDIENCES = ("programme-manager", "trainer", "clinician", "leader", "peer-supporter")
LANGUAGES = {"en": "English", "zh": "中文"}
"""The languages that resources are in, by their own names."""


@dataclass(frozen=True)
class Home(Tap, prefix="resources.home"):
    """The beginning: what do you need?"""


@dataclass(frozen=True)
class Listing(Tap, prefix="resources.list"):
    """A page of the resources that have something in common: `by` names it, `value` says which."""

    by: str
    value: str
    page: int


@dataclass(frozen=True)
class Show(Tap, prefix="resources.card"):
    """One resource; `back` is the short form of the list it was reached from (`back_to`)."""

    resource: str
    back: str


@dataclass(frozen=True)
class Suggest(Tap, prefix="resources.suggest"):
    """Share something with colleagues."""


@dataclass(frozen=True)
class Waiting(Tap, prefix="resources.waiting"):
    """What waits for an organizer's decision."""


def shelf_of(request: Request) -> Shelf:
    """Everything that can be found now."""
    return resources.on_shelf(request.db, request.services.knowledge().shelf)


def shortened(listing: Listing) -> str:
    """A list as a few letters of callback data; need and language are the resource's own."""
    if listing.by == "audience":
        return f"a{AUDIENCES.index(listing.value)}"
    return f"s{listing.value}" if listing.by == "search" else listing.by[0]


def back_to(back: str, *, need: str | None, language: str) -> Listing | None:
    """The list that `shortened` made short; None for the beginning. Raises Outdated for what it never made."""
    kind, value = back[:1], back[1:]
    if kind == "a" and value in map(str, range(len(AUDIENCES))):
        return Listing("audience", AUDIENCES[int(value)], 0)
    if kind == "s" and re.fullmatch("[0-9]{1,9}", value):
        return Listing("search", value, 0)
    lists = {"n": Listing("need", need or "", 0), "l": Listing("language", language, 0), "m": Listing("mine", "", 0)}
    lists["c"] = Listing("colleagues", "", 0)
    if back and back not in lists:
        raise Outdated
    return lists.get(back)


def home_button(t: Translator) -> Button:
    """The way back to the beginning."""
    return Button("‹ " + t.label("All resources"), Home())


def way_in(t: Translator) -> Button:
    """The way to the library from elsewhere."""
    return Button("📚 " + t.of(feature.name).label("All resources"), Home())


def audience_name(audience: str, t: Translator) -> str:
    """A kind of reader in words."""
    return {
        "programme-manager": t.label("Programme managers"),
        "trainer": t.label("Trainers"),
        "clinician": t.label("Clinicians"),
        "leader": t.label("Leaders"),
        "peer-supporter": t.label("Peer supporters"),
    }.get(audience, audience)


def leave_dialogue(request: Request) -> None:
    """Whoever looks around has given up what they were asked to write here."""
    if str((request.me.pending or {}).get("step", "")).startswith(f"{feature.name}."):
        request.me.pending = None

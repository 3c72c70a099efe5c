"""Lists of resources: by need, language or reader, what a search found, one's own list, and what colleagues shared."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup

from bot.errors import Outdated
from bot.features import resources
from bot.features.resources import Resource, Shelf
from handlers._kit import Button, Request, Screen
from handlers.resources._browsing import Find, home
from handlers.resources._feature import (
    AUDIENCES,
    LANGUAGES,
    Listing,
    Show,
    audience_name,
    feature,
    home_button,
    leave_dialogue,
    shelf_of,
    shortened,
)

PAGE = 8
LABEL = 60
"""Longest title on a button, in characters; a phone shows about half of it."""


@feature.command("resources", in_groups=True)
def library(request: Request) -> Screen:
    """The beginning, or with words what a search finds; in a group, the way to it in private."""
    if not request.heard.private:
        return Screen(
            request.t(
                'The resource library: <a href="{link}">open our private chat</a> and send /resources there.',
                link=request.services.link,
            )
        )
    return search(request) if request.text.strip() else home(request, edit=False)


@feature.step("words")
def search(request: Request) -> Screen:
    """What has all of the words."""
    found = resources.searched(request.db, request.me, request.text, now=request.now)
    return _page(request, Listing("search", str(found.id), 0), edit=False)


@feature.tap(Listing)
def listing(request: Request, tap: Listing) -> Screen:
    """A page of a list."""
    leave_dialogue(request)
    return _page(request, tap, edit=True)


def _page(request: Request, wanted: Listing, *, edit: bool) -> Screen:
    t = request.t
    heading, found = _heading(request, wanted), _resources(request, shelf_of(request), wanted)
    if not found:
        return _nothing(request, wanted, heading, edit=edit)
    pages = -(-len(found) // PAGE)
    page = min(max(wanted.page, 0), pages - 1)
    back = shortened(wanted)
    rows = [
        [Button(_label(resource.title_in(t.language)), Show(resource.id, back))]
        for resource in found[page * PAGE : (page + 1) * PAGE]
    ]
    text = Markup("<b>{}</b> · {}").format(heading, t.number(len(found)))
    return Screen(text, buttons=[*rows, _turns(wanted, page, pages), [home_button(t)]], edit=edit)


def _turns(wanted: Listing, page: int, pages: int) -> list[Button]:
    earlier = [Button(f"‹ {page}", Listing(wanted.by, wanted.value, page - 1))] if page > 0 else []
    later = [Button(f"{page + 2} ›", Listing(wanted.by, wanted.value, page + 1))] if page + 1 < pages else []
    return [*earlier, *later]


def _label(title: str) -> str:
    return title if len(title) <= LABEL else title[: LABEL - 1].rstrip() + "…"


def _heading(request: Request, wanted: Listing) -> str:
    """What the resources of a list have in common; raises Outdated for a list that there is not."""
    t, titles = request.t, request.services.knowledge().shelf.titles
    if wanted.by == "need" and wanted.value in titles:
        return titles[wanted.value].in_(t.language)
    if wanted.by == "language" and wanted.value in LANGUAGES:
        return LANGUAGES[wanted.value]
    if wanted.by == "audience" and wanted.value in AUDIENCES:
        return audience_name(wanted.value, t)
    if wanted.by == "search":
        return f"🔎 {_words(request, wanted)}"
    if wanted.by == "mine":
        return "⭐ " + t.label("My list")
    if wanted.by == "colleagues":
        return "🤝 " + t.label("From colleagues")
    raise Outdated


def _words(request: Request, wanted: Listing) -> str:
    """The words of the member's own search."""
    number = int(wanted.value) if re.fullmatch("[0-9]{1,9}", wanted.value) else 0
    return resources.recall(request.db, number, request.me).words


def _resources(request: Request, shelf: Shelf, wanted: Listing) -> Sequence[Resource]:
    match wanted.by:
        case "need":
            return shelf.for_need(wanted.value)
        case "language":
            return shelf.in_language(wanted.value)
        case "audience":
            return shelf.for_audience(wanted.value)
        case "search":
            return shelf.search(_words(request, wanted))
        case "mine":
            saved = resources.saved_by(request.db, request.me)
            return [shelf.by_id[resource] for resource in saved if resource in shelf.by_id]
        case _:
            return shelf.shared()


def _nothing(request: Request, wanted: Listing, heading: str, *, edit: bool) -> Screen:
    t = request.t
    rows = [[home_button(t)]]
    if wanted.by == "search":
        rows.insert(0, [Button("🔎 " + t.label("Search again"), Find())])
        text = t("Nothing found. Try fewer or different words, or another language.")
    elif wanted.by == "mine":
        text = t("Your list is empty. Tap <b>Save</b> under a resource to keep it here.")
    else:
        text = t("There is nothing here yet.")
    return Screen(Markup("<b>{}</b>\n\n{}").format(heading, text), buttons=rows, edit=edit)

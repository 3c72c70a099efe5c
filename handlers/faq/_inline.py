"""Inline mode: `@bot words` in any chat finds entries and resources to send there."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from bot.features.faq.content import Library
from bot.features.resources.shelf import Resource
from bot.i18n import Translator
from handlers import _entries, resources
from handlers._kit import Event, InlineAnswer, Request, as_language
from handlers._matching import match
from handlers.faq._feature import feature

RESOURCES = 3


@feature.event(Event.INLINE, prepare=match)
def inline(request: Request) -> InlineAnswer:
    """Entries that fit the words so far, in the language they are written in."""
    found = request.prepared
    library = request.services.knowledge().library
    if found is None:
        return InlineAnswer((), request.t.label("Open the private chat"))
    language = as_language(found.lang)
    t = request.words(language=language)
    entries = [_entry(request, library, hit.id, t) for hit in found.hits if hit.id in library.entries]
    shelf = request.services.knowledge().shelf
    found_there = [_resource(request, resource, t) for resource in shelf.search(request.text)[:RESOURCES]]
    return InlineAnswer(tuple(entries + found_there), request.t.label("Open the private chat"))


def _entry(request: Request, library: Library, entry_id: str, t: Translator) -> dict[str, Any]:
    wording = library.wording(entry_id, t.language)
    text = _entries.in_full(library, library.entries[entry_id], t.language, t)
    return _article(request, entry_id, wording.question, wording.answer, text, t, start=_entries.deep_link(entry_id))


def _resource(request: Request, resource: Resource, t: Translator) -> dict[str, Any]:
    about = resource.description.in_(t.language) if resource.description else ""
    start = resources.LINK + resource.id
    text = resources.card_text(resource, t.of("resources"))
    return _article(request, start, resource.title_in(t.language), about, text, t, start=start)


def _article(
    request: Request, result_id: str, title: str, about: str, text: Markup, t: Translator, *, start: str
) -> dict[str, Any]:
    """A result that posts a whole text, with the way into the private chat under it."""
    return {
        "type": "article",
        "id": result_id[:64],
        "title": title,
        "description": about[:120],
        "input_message_content": {
            "message_text": str(text),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        },
        "reply_markup": {
            "inline_keyboard": [
                [{"text": t.label("Ask more in private"), "url": f"{request.services.link}?start={start}"}]
            ]
        },
    }

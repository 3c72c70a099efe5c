"""Inline mode: `@bot words` in any chat finds entries to send there."""

from __future__ import annotations

from typing import Any

from bot.features.faq.content import Library
from bot.i18n import Language
from handlers import _entries
from handlers._kit import Event, InlineAnswer, Request, as_language
from handlers.faq._feature import feature, match

RESULTS = 8


@feature.event(Event.INLINE, prepare=match)
def inline(request: Request) -> InlineAnswer:
    """Entries that fit the words so far, in the language they are written in."""
    found = request.prepared
    library = request.services.knowledge().library
    if found is None:
        return InlineAnswer((), request.t.label("Open the private chat"))
    language = as_language(found.lang)
    results = [_article(request, library, hit.id, language) for hit in found.hits if hit.id in library.entries]
    return InlineAnswer(tuple(results[:RESULTS]), request.t.label("Open the private chat"))


def _article(request: Request, library: Library, entry_id: str, language: Language) -> dict[str, Any]:
    t = request.words(language=language)
    wording = library.wording(entry_id, language)
    link = f"{request.services.link}?start={_entries.deep_link(entry_id)}"
    text = _entries.in_full(library, library.entries[entry_id], language, t)
    return {
        "type": "article",
        "id": entry_id[:64],
        "title": wording.question,
        "description": wording.answer[:120],
        "input_message_content": {
            "message_text": str(text),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        },
        "reply_markup": {"inline_keyboard": [[{"text": t.label("Ask more in private"), "url": link}]]},
    }

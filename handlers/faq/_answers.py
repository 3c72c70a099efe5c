"""What the matcher's decision looks like: an answer, suggestions, or the way to the experts."""

from __future__ import annotations

from collections.abc import Sequence

from bot.features.faq import Asked
from bot.features.faq.content import Library
from bot.i18n import Translator
from handlers import _entries, questions
from handlers._kit import Button, Request, Screen, as_language, one_below_the_other
from handlers.faq._feature import Helpful, Near, NotQuite, Related, Suggested

SUGGESTIONS = 3
_ALSO = 0.9
"""From this sureness on another entry answers a second question of the same message."""


def shown(request: Request, asked: Asked, *, edit: bool = False) -> Screen:
    """The screen for what was asked: in the language of the question."""
    t = request.words(language=as_language(asked.language))
    library = request.services.knowledge().library
    if asked.shown is not None and asked.shown in library.entries:
        _entries.note_given(request, request.me, asked.shown, t.language)
        link = None if request.heard.private else request.services.link
        return answer(library, asked, asked.shown, t, link=link, edit=edit)
    if asked.decision == "suggest" and asked.entries:
        return suggestions(library, asked, t, edit=edit)
    return nothing_known(asked, t, edit=edit)


def answer(library: Library, asked: Asked, entry_id: str, t: Translator, *, link: str | None, edit: bool) -> Screen:
    """An entry as the answer; in a group (`link`) the short form, with the way to the rest in private."""
    entry = library.entries[entry_id]
    text = _entries.in_short(library, entry, t.language) if link else _entries.in_full(library, entry, t.language, t)
    asked_id = asked.id or 0
    also = suggestion_rows(library, asked, t, at_least=_ALSO)
    if also:
        text += "\n\n" + t("Your other question:")
    verdict = [Button("👍 " + t.label("Helpful"), Helpful(asked_id)), Button(t.label("Not quite"), NotQuite(asked_id))]
    onward = [questions.way_on(library, asked, t), Button(t.label("Related"), Related(asked_id))]
    private = [Button(t.label("Read on in private"), f"{link}?start={_entries.deep_link(entry_id)}")] if link else []
    return Screen(text, buttons=[*also, verdict, onward, private], edit=edit, about=f"asked:{asked_id}")


def suggestions(library: Library, asked: Asked, t: Translator, *, edit: bool = False) -> Screen:
    """Up to three entries that may be meant."""
    rows = [*suggestion_rows(library, asked, t), [questions.ask_button(asked.id or 0, t)]]
    return Screen(
        t("I am not quite sure. Did you mean one of these?"), buttons=rows, edit=edit, about=f"asked:{asked.id}"
    )


def suggestion_rows(library: Library, asked: Asked, t: Translator, *, at_least: float = 0) -> list[Sequence[Button]]:
    """A button for each entry that came near, but for the one that is shown already."""
    near = [
        (place, str(entry))
        for place, (entry, score) in enumerate(asked.hits)
        if entry != asked.shown and score >= at_least
    ]
    buttons = [
        Button(_entries.question(library, entry, t.language), Suggested(asked.id or 0, place))
        for place, entry in near[:SUGGESTIONS]
        if entry in library.entries
    ]
    return list(one_below_the_other(buttons))


def related_rows(
    library: Library, asked: Asked, t: Translator, without: Sequence[str] = ()
) -> list[Sequence[Button]]:
    """A button for each entry that is related to the one shown."""
    buttons = [
        Button(_entries.question(library, entry, t.language), Near(asked.id or 0, place))
        for place, entry in enumerate(near_the_shown(library, asked))
        if entry not in without
    ]
    return list(one_below_the_other(buttons))


def near_the_shown(library: Library, asked: Asked) -> list[str]:
    """Related entries of the one shown that the library has."""
    if asked.shown is None or asked.shown not in library.entries:
        return []
    return [entry for entry in library.entries[asked.shown].related if entry in library.entries][:5]


def nothing_known(asked: Asked, t: Translator, *, edit: bool = False) -> Screen:
    """The honest way out: the experts."""
    if asked.media and not (asked.text or "").strip():
        text = t("I cannot read pictures or voice messages, but our experts can. Shall I send it to them?")
    else:
        text = t("I have no reliable answer to this. Our experts can help. Shall I send them your question?")
    return Screen(text, buttons=[[questions.ask_button(asked.id or 0, t)]], edit=edit, about=f"asked:{asked.id}")

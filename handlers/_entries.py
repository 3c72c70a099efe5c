"""An FAQ entry as a message: in full for a private chat, in short for a group."""

from __future__ import annotations

import hashlib
from collections import Counter
from unicodedata import east_asian_width

from markupsafe import Markup

from bot.features import entries
from bot.features.faq.content import Entry, Library, Source, Wording
from bot.features.people import Member
from bot.i18n import Language, Translator
from handlers._kit import Deed

FOLD_FROM = 300
"""Width from which the points of an answer are folded, a Chinese character as two: more than a few lines on a phone."""


def question(library: Library, entry_id: str, language: Language) -> str:
    """An entry's question, as a button's label."""
    return library.wording(entry_id, language).question


def in_full(library: Library, entry: Entry, language: Language, t: Translator) -> Markup:
    """Question, answer, points, the next small step, and where it comes from."""
    wording = library.wording(entry.id, language)
    t = t.of("_entries")
    parts = [_heading(wording), Markup("{}").format(wording.answer)]
    if wording.points:
        parts.append(_points(wording) if entry.safety else _folded(_points(wording)))
    if wording.next_step and entry.safety:  # what an emergency asks for next is no small step, and cannot wait
        parts.append(Markup("{}").format(wording.next_step))
    elif wording.next_step:
        parts.append(t("👣 <b>A small step this week:</b> {step}", step=wording.next_step))
    if sources := _sources(library, entry):
        parts.append(t("<i>Sources: {sources}</i>", sources=sources))
    if wording.lang == "en" and language != "en":
        parts.append(t("<i>So far, this answer is in English only.</i>"))
    elif wording.lang != "en" and language == "en":
        parts.append(t("<i>So far, this answer is in Chinese only.</i>"))
    return Markup("\n\n").join(parts)


def in_short(library: Library, entry: Entry, language: Language) -> Markup:
    """Question and answer in a few lines; a safety text is never shortened."""
    wording = library.wording(entry.id, language)
    parts = [_heading(wording), Markup("{}").format(wording.answer)]
    if entry.safety and wording.points:
        parts.append(_points(wording))
    if wording.next_step:
        parts.append(Markup("{}" if entry.safety else "👣 {}").format(wording.next_step))
    return Markup("\n\n").join(parts)


def _heading(wording: Wording) -> Markup:
    return Markup("<b>{}</b>").format(wording.question)


def _folded(points: Markup) -> Markup:
    """Long lists come folded: Telegram shows their beginning, and the rest at a touch, without another message."""
    return Markup("<blockquote expandable>{}</blockquote>").format(points) if _width(points) > FOLD_FROM else points


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _points(wording: Wording) -> Markup:
    return Markup("\n").join(Markup("• {}").format(point) for point in wording.points)


def _sources(library: Library, entry: Entry) -> Markup:
    """Each source by name and year, or by title where one publisher made several; only official addresses become links."""
    sources = [library.sources[source_id] for source_id in entry.sources]
    times = Counter(map(_published, sources))
    shown = []
    for source in sources:
        name = source.title if times[_published(source)] > 1 else _published(source)
        shown.append(
            Markup('<a href="{}">{}</a>').format(source.url, name)
            if source.url and source.official
            else Markup("{}").format(name)
        )
    return Markup("; ").join(dict.fromkeys(shown))


def _published(source: Source) -> str:
    return " ".join(str(part) for part in (source.organisation or source.title, source.year) if part)


def note_given(deed: Deed, member: Member, entry_id: str, language: Language) -> None:
    """Remember for ninety days which wording somebody was shown, so that a change in substance can reach them."""
    library = deed.services.knowledge().library
    lang = "en" if library.wording(entry_id, language).lang == "en" else "zh"
    written = library.entries[entry_id].written(lang)
    if written is not None:
        entries.give(deed.db, member, entry_id, language=lang, lines=written.substance, now=deed.now)


def deep_link(entry_id: str) -> str:
    """The start parameter that opens an entry in the private chat."""
    return "faq_" + entry_id.replace(".", "__")


def from_deep_link(parameter: str) -> str | None:
    """The entry that a start parameter names; None for other parameters."""
    return parameter.removeprefix("faq_").replace("__", ".") if parameter.startswith("faq_") else None


def mark(entry_id: str) -> str:
    """Eight characters that stand for an entry where its id is too long for a button beside other things."""
    return hashlib.blake2b(entry_id.encode(), digest_size=4).hexdigest()


def marked(library: Library, wanted: str) -> Entry | None:
    """The entry that such a mark stands for."""
    return next((entry for entry_id, entry in library.entries.items() if mark(entry_id) == wanted), None)

"""Wordings that were published from the desk, laid over the library that was read from the files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from bot.features.faq.content import Category, Entry, Library, WrittenWording

Written = Literal["en", "zh"]


@dataclass(frozen=True)
class Overlay:
    """One entry in one language; it stands in for a file's wording, or adds what no file has."""

    entry_id: str
    language: Written
    wording: WrittenWording
    sources: tuple[str, ...] = ()


def overlaid(library: Library, overlays: Iterable[Overlay]) -> Library:
    """The library with these wordings; safety texts stay as they are, and so does what has no category."""
    by_entry: dict[str, list[Overlay]] = {}
    for overlay in overlays:
        by_entry.setdefault(overlay.entry_id, []).append(overlay)
    return replace(library, categories=tuple(_with(category, by_entry, library) for category in library.categories))


def _with(category: Category, by_entry: Mapping[str, list[Overlay]], library: Library) -> Category:
    """A category with its changed entries in their places, and its new ones at the end."""
    kept = [_changed(entry, by_entry.get(entry.id, []), library) for entry in category.entries]
    new = [
        _made(entry_id, overlays, library)
        for entry_id, overlays in by_entry.items()
        if entry_id not in library.entries and entry_id.partition(".")[0] == category.category
    ]
    return category.model_copy(update={"entries": (*kept, *new)})


def _changed(entry: Entry, overlays: list[Overlay], library: Library) -> Entry:
    if entry.safety is not None or not overlays:
        return entry
    wordings: dict[str, object] = {overlay.language: overlay.wording for overlay in overlays}
    if "zh" in wordings:
        wordings["zh_hant"] = None  # corrections belong to the wording that they corrected
    return entry.model_copy(update=wordings | {"sources": _sources(entry.sources, overlays, library)})


def _made(entry_id: str, overlays: list[Overlay], library: Library) -> Entry:
    wordings = {overlay.language: overlay.wording for overlay in overlays}
    return Entry(
        id=entry_id, en=wordings.get("en"), zh=wordings.get("zh"), sources=_sources((), overlays, library)
    )


def _sources(own: tuple[str, ...], overlays: list[Overlay], library: Library) -> tuple[str, ...]:
    """What the desk named where it named any; a source that is no longer known is left out."""
    named = dict.fromkeys(source for overlay in overlays for source in overlay.sources if source in library.sources)
    return tuple(named) or own

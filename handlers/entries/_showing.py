"""A version as a member would see it, and the difference between two wordings."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from markupsafe import Markup

from bot.features.entries import Version
from bot.features.faq.overlay import overlaid
from bot.i18n import Language, Translator, to_traditional
from bot.knowledge import as_overlay
from handlers import _entries
from handlers._kit import Deed
from handlers.entries._feature import reader_of

LINES = 6
_LONGEST = 220
_AROUND = 40


def preview(deed: Deed, version: Version, t: Translator) -> Markup:
    """The whole answer; only for a complete version."""
    library = overlaid(deed.services.knowledge().library, [as_overlay(version)])
    language = reader_of(version.language, t.language)
    return _entries.in_full(library, library.entries[version.entry_id], language, Translator(language, zone=t.zone))


def difference(old: Sequence[str], new: Sequence[str], language: Language) -> Markup:
    """The lines that changed: each old one struck out, the new one below; long ones around their change."""
    pairs = [
        pair
        for kind, a, b, c, d in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
        if kind != "equal"
        for pair in _beside(old[a:b], new[c:d])
    ]
    shown = [_pair(before, after, language) for before, after in pairs[:LINES]]
    return Markup("\n").join([*shown, *([Markup("…")] if len(pairs) > LINES else [])])


def _beside(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, str]]:
    width = max(len(old), len(new))
    return list(zip([*old, *[""] * (width - len(old))], [*new, *[""] * (width - len(new))], strict=True))


def _pair(before: str, after: str, language: Language) -> Markup:
    if before and after:
        before, after = _around(before, after), _around(after, before)
    if language == "zh_Hant":
        before, after = to_traditional(before), to_traditional(after)
    lines = []
    if before:
        lines.append(Markup("➖ <s>{}</s>").format(before[:_LONGEST]))
    if after:
        lines.append(Markup("➕ {}").format(after[:_LONGEST]))
    return Markup("\n").join(lines)


def _around(text: str, beside: str) -> str:
    """A long line cut down to what differs from the other, with a few words before and behind."""
    if len(text) <= _LONGEST:
        return text
    begin = next((at for at, (a, b) in enumerate(zip(text, beside, strict=False)) if a != b), min(len(text), len(beside)))
    same = next(
        (at for at, (a, b) in enumerate(zip(reversed(text), reversed(beside), strict=False)) if a != b),
        min(len(text), len(beside)),
    )
    first, last = max(0, begin - _AROUND), min(len(text), max(begin, len(text) - same) + _AROUND)
    return ("…" if first else "") + text[first:last] + ("…" if last < len(text) else "")

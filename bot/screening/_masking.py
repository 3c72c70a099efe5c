"""Marks in place of findings, with the formatting around them moved along."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from bot.screening._kinds import Finding

Entities = list[dict[str, Any]]
"""Telegram's message entities as JSON; `offset` and `length` in UTF-16 units."""

MARK = "▇▇▇"
_FORMATTING = frozenset(
    ["bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre"]
)


def replaced(text: str, entities: Entities, findings: Sequence[Finding]) -> tuple[str, Entities]:
    """Put a mark in place of each finding; the text never grows, so what fitted a message still fits."""
    parts, at = [], 0
    for finding in findings:
        parts += [text[at : finding.start], _mark(finding)]
        at = finding.end
    cuts = _cuts(text, findings)
    kept = [moved for entity in entities if (moved := _moved(entity, cuts)) is not None]
    return "".join([*parts, text[at:]]), kept


def _mark(finding: Finding) -> str:
    return MARK[: finding.end - finding.start]


def _cuts(text: str, findings: Sequence[Finding]) -> list[tuple[int, int, int, int]]:
    """Each finding in UTF-16 units: where it began and ended, and where its mark begins and ends."""
    cuts, at, units, gone = [], 0, 0, 0
    for finding in findings:
        start = units + _units(text[at : finding.start])
        at, units = finding.end, start + _units(text[finding.start : finding.end])
        length = len(_mark(finding))
        cuts.append((start, units, start - gone, start - gone + length))
        gone += units - start - length
    return cuts


def _units(text: str) -> int:
    """UTF-16 units; half a character, which cannot be encoded, counts as one."""
    return len(text) + sum(character > "\uffff" for character in text)


def _moved(entity: dict[str, Any], cuts: list[tuple[int, int, int, int]]) -> dict[str, Any] | None:
    """The entity at its new place; None when nothing of it is left, or when it would lead to what was masked."""
    first, last = entity["offset"], entity["offset"] + entity["length"]
    touches = any(start < last and first < end for start, end, _new_start, _new_end in cuts)
    if touches and entity["type"] not in _FORMATTING:
        return None
    first, last = _moved_place(first, cuts, is_start=True), _moved_place(last, cuts, is_start=False)
    return {**entity, "offset": first, "length": last - first} if first < last else None


def _moved_place(place: int, cuts: list[tuple[int, int, int, int]], *, is_start: bool) -> int:
    """Where a place comes to lie; inside a finding, an entity begins after the mark or ends before it."""
    before = bisect_right(cuts, place, key=lambda cut: cut[0]) - 1
    if before < 0:
        return place
    start, end, new_start, new_end = cuts[before]
    if place >= end:
        return new_end + place - end
    if place == start or not is_start:
        return new_start
    return new_end

"""How entities may lie over each other, and the order that Telegram lists them in."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

Entity = dict[str, Any]
Span = tuple[int, int]

_STYLES = ("bold", "italic", "underline", "strikethrough", "spoiler")
_QUOTES = {"blockquote", "expandable_blockquote"}
_UNSTYLED = {"pre", "code", "date_time"}
_PRIORITY = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 11,
    "code": 20,
    "date_time": 30,
    "text_link": 49,
    "text_mention": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}


def in_order(entities: Iterable[Entity]) -> list[Entity]:
    """Sorted by place; of two that start together the longer one comes first."""
    return sorted(entities, key=lambda e: (e["offset"], -e["length"], _priority(e)))


def _priority(entity: Entity) -> int:
    return 10 if "language" in entity else _PRIORITY.get(entity["type"], 50)


def settle(entities: list[Entity]) -> list[Entity]:
    """Drop what may not overlap and cut styles (bold, italic …) where other entities begin or end."""
    entities = in_order(entity for entity in entities if entity["length"] > 0)
    if len(entities) < 2:
        return entities
    others = settle_others([e for e in entities if e["type"] not in _STYLES])
    return in_order(others + _cut_styles([e for e in entities if e["type"] in _STYLES], others))


def settle_others(entities: list[Entity]) -> list[Entity]:
    """Of entities without a style: no two overlap, except that a quotation may hold others whole."""
    quotes = _disjoint(e for e in entities if e["type"] in _QUOTES)
    rest = _disjoint(e for e in entities if e["type"] not in _QUOTES)
    return in_order(quotes + [entity for entity in rest if not crosses_quote(entity, quotes)])


def add_found(entities: list[Entity], found: list[Entity]) -> list[Entity]:
    """Add entities that were found in the text where they do not disturb those that were given."""
    given = [e for e in entities if e["type"] not in _STYLES and e["type"] not in _QUOTES]
    quotes = [e for e in entities if e["type"] in _QUOTES]
    fitting = [e for e in found if not crosses_quote(e, quotes) and not any(_overlap(e, other) for other in given)]
    return settle(entities + fitting) if fitting else entities


def _span(entity: Entity) -> Span:
    return entity["offset"], entity["offset"] + entity["length"]


def _overlap(one: Entity, other: Entity) -> bool:
    (start, end), (begin, stop) = _span(one), _span(other)
    return start < stop and begin < end


def crosses_quote(entity: Entity, quotes: list[Entity]) -> bool:
    """Whether an entity lies partly inside and partly outside of a quotation."""
    start, end = _span(entity)
    return any(
        _overlap(entity, quote) and not (_span(quote)[0] <= start and end <= _span(quote)[1]) for quote in quotes
    )


def _disjoint(entities: Iterable[Entity]) -> list[Entity]:
    kept: list[Entity] = []
    free_from = 0
    for entity in entities:
        if entity["offset"] >= free_from:
            kept.append(entity)
            free_from = entity["offset"] + entity["length"]
    return kept


def _cut_styles(styles: list[Entity], others: list[Entity]) -> list[Entity]:
    ranges = {kind: _merged(_span(e) for e in styles if e["type"] == kind) for kind in _STYLES}
    cuts = {start for spans in ranges.values() for start, _ in spans} | {edge for e in others for edge in _span(e)}
    bare = [_span(e) for e in others if e["type"] in _UNSTYLED]
    return [
        {"type": kind, "offset": start, "length": end - start}
        for kind, spans in ranges.items()
        for span in spans
        for start, end in _split(span, cuts)
        if not any(begin <= start and end <= stop for begin, stop in bare)
    ]


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _split(span: Span, cuts: set[int]) -> list[Span]:
    start, end = span
    edges = [start, *sorted(cut for cut in cuts if start < cut < end), end]
    return list(pairwise(edges))

"""What can identify a patient in what people write: found, and masked.

Places of findings are in Python's characters; Telegram's entities count UTF-16 units, and both are kept right. Nothing
here remembers or logs what it has read.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.screening._births import births
from bot.screening._kinds import Finding, Kind, evened
from bot.screening._masking import MARK, Entities, replaced
from bot.screening._names import names
from bot.screening._numbers import addresses, papers, phones, records

__all__ = ["MARK", "Entities", "Finding", "Kind", "find", "masked", "masked_message"]

_ROUNDS = 5
"""A mark may end what stood before it, and so bring one more name to light: masking looks again, but not for ever."""


def find(text: str) -> list[Finding]:
    """What may identify somebody, in order and without overlaps."""
    plain = evened(text)
    together: list[Finding] = []
    for finding in sorted(_all(plain), key=lambda found: (found.start, found.kind.rank)):
        if together and finding.start < together[-1].end:
            last = together.pop()
            kind = min(last.kind, finding.kind, key=lambda kind: kind.rank)
            finding = Finding(kind, last.start, max(last.end, finding.end))
        together.append(finding)
    return together


def _all(plain: str) -> Iterator[Finding]:
    yield from names(plain)
    yield from births(plain)
    yield from addresses(plain)
    if any(map(str.isdigit, plain)):
        yield from papers(plain)
        yield from records(plain)
        yield from phones(plain)


def masked(text: str) -> str:
    """The text with a mark in place of each finding; masking twice is masking once."""
    return masked_message(text, None)[0]


def masked_message(text: str, entities: Entities | None) -> tuple[str, Entities]:
    """The masked text with its formatting; links, mentions and the like go where they touch what was masked."""
    kept = [entity for entity in entities or () if not find(str(entity.get("url") or ""))]
    for _round in range(_ROUNDS):
        findings = find(text)
        if not findings:
            break
        text, kept = replaced(text, kept, findings)
    return text, kept

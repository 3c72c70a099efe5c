"""Matching by shared character sequences: TF-IDF, one averaged vector for each entry.

Chinese needs no word segmentation this way, and misspelt English words still share most of their sequences. Everything
is done on whole arrays of code points, so that thousands of texts are indexed in a fraction of a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SIZES = {"en": (3, 4, 5), "zh_Hans": (1, 2)}
"""Lengths of the sequences, in characters, by language."""
ANSWER_WEIGHT = 0.25
"""What a line of an answer counts against a question or variant."""

_BASE = np.uint64(0x9E3779B97F4A7C15)
_BREAK = "\n"
Hashes = NDArray[np.uint64]
Floats = NDArray[np.float32]
Points = NDArray[np.uint32]
Numbers = NDArray[np.int32]
Indexes = NDArray[np.int64]


@dataclass(frozen=True)
class Line:
    """A text of one entry: `owner` is the entry's number."""

    text: str
    owner: int
    weight: float


class Lexical:
    """Entries found by the character sequences they share with a question, in one language."""

    def __init__(self, lines: Sequence[Line], owners: int, lang: str) -> None:
        self._owners, self._sizes = owners, SIZES[lang]
        hashes, document, count = _sequences([line.text for line in lines], self._sizes)
        self._known, place = np.unique(hashes, return_inverse=True)
        self._rarity = _rarity(np.bincount(place), len(lines))
        values = (1 + np.log(count)) * self._rarity[place]
        lengths = np.sqrt(np.bincount(document, values * values, len(lines)))
        weights = np.array([line.weight for line in lines])
        values *= weights[document] / lengths[document]
        owner = np.array([line.owner for line in lines], np.int64)[document]
        self._index(place, owner, values)

    def _index(self, place: Indexes, owner: Indexes, values: NDArray[np.float64]) -> None:
        """Sum what the texts of one owner say about one sequence, and keep it sorted by sequence."""
        pairs, where = np.unique(place * self._owners + owner, return_inverse=True)
        summed = np.sqrt(np.bincount(where, values))  # the root tames what every variant of an entry repeats
        self._owner = (pairs % max(self._owners, 1)).astype(np.int32)
        lengths = np.sqrt(np.bincount(self._owner, summed * summed, self._owners))
        self._value = (summed / lengths[self._owner]).astype(np.float32)
        self._start = np.searchsorted(pairs, np.arange(len(self._known) + 1) * self._owners)

    def scores(self, text: str) -> Floats:
        """Likeness of the text to each entry, from 0 to 1."""
        hashes, _, count = _sequences([text], self._sizes)
        if not len(self._known) or not len(hashes):
            return np.zeros(self._owners, np.float32)
        place = np.minimum(np.searchsorted(self._known, hashes), len(self._known) - 1)
        seen = self._known[place] == hashes
        rarity = np.where(seen, self._rarity[place], self._rarity.max())  # what nobody wrote is as rare as can be
        values = (1 + np.log(count)) * rarity
        values, place = (values / np.linalg.norm(values))[seen], place[seen]
        begin, size = self._start[place], self._start[place + 1] - self._start[place]
        rows = np.repeat(begin - np.concatenate(([0], np.cumsum(size)[:-1])), size) + np.arange(size.sum())
        found = np.bincount(self._owner[rows], np.repeat(values, size) * self._value[rows], self._owners)
        return found.astype(np.float32)


def _rarity(documents: Indexes, total: int) -> NDArray[np.float64]:
    """Inverse document frequency, smoothed."""
    return np.asarray(np.log((1 + total) / (1 + documents)) + 1)


def _laid_out(texts: Sequence[str]) -> tuple[Points, Numbers]:
    """The code points of all texts one after the other, each between breaks, and the number of the text each is in."""
    padded = [f"{_BREAK} {text} " for text in texts]
    points = np.frombuffer("".join(padded).encode("utf-32-le"), np.uint32)
    return points, np.repeat(np.arange(len(texts), dtype=np.int32), [len(text) for text in padded])


def _sequences(texts: Sequence[str], sizes: tuple[int, ...]) -> tuple[Hashes, Numbers, Numbers]:
    """Each sequence of each text once, with how often it occurs there: (hash, text, count)."""
    points, number = _laid_out(texts)
    # one size after the other: the arrays of a corpus are large, and only the results are kept
    found = [_counted(*_windows(points, number, size)) for size in sizes if size <= len(points)]
    if not found:
        return points.astype(np.uint64), number, number
    hashes, numbers, counts = zip(*found, strict=True)
    return np.concatenate(hashes), np.concatenate(numbers), np.concatenate(counts)


def _windows(points: Points, number: Numbers, size: int) -> tuple[Hashes, Numbers]:
    """Hashes of every sequence of this size that does not cross a break, with the number of its text."""
    length = len(points) - size + 1
    value = np.full(length, size, np.uint64)
    whole = np.ones(length, bool)
    for offset in range(size):
        part = points[offset:length + offset]
        value *= _BASE
        value += part
        whole &= part != ord(_BREAK)
    return value[whole], number[:length][whole]


def _counted(hashes: Hashes, number: Numbers) -> tuple[Hashes, Numbers, Numbers]:
    order = np.lexsort((number, hashes)).astype(np.int32)
    hashes, number = hashes[order], number[order]
    first = np.ones(len(hashes), bool)
    first[1:] = (hashes[1:] != hashes[:-1]) | (number[1:] != number[:-1])
    starts = np.flatnonzero(first)
    return hashes[starts], number[starts], np.diff(np.append(starts, len(hashes))).astype(np.int32)

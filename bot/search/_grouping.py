"""Which texts ask the same: groups of near vectors, found by average linkage."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

NEAR = {"hybrid": 0.45, "lexical": 0.3}
"""How alike texts of one group are on average, by engine; above it, pairs of data/matching/tune.jsonl ask much the same."""

_WIDTH = 4096
_SIZES = (2, 3, 4)


def grouped(vectors: Floats, near: float) -> list[list[int]]:
    """Numbers of the rows in groups, largest group first; in each, the row nearest to all others comes first."""
    if not len(vectors):
        return []
    rows = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    alike = rows @ rows.T
    groups = [_from_the_middle(group, alike) for group in _linked(alike.copy(), near)]
    return sorted(groups, key=lambda group: (-len(group), group[0]))


def _linked(alike: Floats, near: float) -> list[list[int]]:
    """Join the two most alike groups until none are near enough; a joined group is as near as its members on average."""
    count = len(alike)
    groups: list[list[int]] = [[row] for row in range(count)]
    np.fill_diagonal(alike, -np.inf)
    while count > 1:
        one, other = divmod(int(alike.argmax()), count)
        if alike[one, other] < near:
            break
        mine, theirs = len(groups[one]), len(groups[other])
        joined = (mine * alike[one] + theirs * alike[other]) / (mine + theirs)
        joined[one] = -np.inf
        alike[one], alike[:, one] = joined, joined
        alike[other], alike[:, other] = -np.inf, -np.inf
        groups[one] += groups[other]
        groups[other] = []
    return [group for group in groups if group]


def _from_the_middle(group: list[int], alike: Floats) -> list[int]:
    nearness = alike[np.ix_(group, group)].sum(1)
    return [group[place] for place in np.argsort(-nearness, kind="stable")]


def by_letters(texts: Sequence[str]) -> Floats:
    """Vectors of shared character sequences, the rarer the heavier: for machines without the models."""
    counts = np.zeros((len(texts), _WIDTH), np.float32)
    for row, text in enumerate(texts):
        padded = f" {text} "
        for size in _SIZES:
            for at in range(len(padded) - size + 1):
                counts[row, zlib.crc32(padded[at : at + size].encode()) % _WIDTH] += 1
    rarity = np.log((1 + len(texts)) / (1 + (counts > 0).sum(0))) + 0.1
    return np.asarray(np.log1p(counts) * rarity, np.float32)

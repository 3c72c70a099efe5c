"""Texts that are like a text: earlier questions, open ones. By letters first, then by the models' vectors where there are any.

Many candidates cost little: only those that share letters with the text, and the newest ones, are embedded, and what
was embedded lately is remembered.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from bot.search._embedding import Encoder, Space, key
from bot.search._lexical import Lexical, Line
from bot.search._text import comparable, language_of

Floats = NDArray[np.float32]
Candidate = tuple[int, str, str]
"""Whose text it is (any number), the text, its language."""
Scored = tuple[int, float]

_BY_LETTERS, _NEWEST = 16, 8
"""How many candidates are embedded because of their letters, and how many because they come first."""
_LIKE_BY_LETTERS = 0.15
_LIKE = 0.3
"""From this likeness on two texts speak of the same; below it nobody would see why a text was found."""
_REMEMBERED = 2000


class Recent:
    """The vectors of texts that were compared lately, at about 2 kB each."""

    def __init__(self, most: int = _REMEMBERED) -> None:
        self._most = most
        self._rows: OrderedDict[int, NDArray[np.float16]] = OrderedDict()
        self._lock = Lock()

    def raw(self, encoder: Encoder, lines: Sequence[tuple[str, str]]) -> Floats:
        """Raw vectors of (comparable text, language), one row each; only those not remembered are made."""
        keys = [key(text, lang) for text, lang in lines]
        with self._lock:
            known = {number: self._rows[number] for number in keys if number in self._rows}
        missing = {number: text for number, (text, _) in zip(keys, lines, strict=True) if number not in known}
        if missing:
            made = encoder.raw(list(missing.values())).astype(np.float16)
            known |= dict(zip(missing, made, strict=True))
        self._remember({number: known[number] for number in keys})
        return np.stack([known[number] for number in keys]).astype(np.float32)

    def _remember(self, rows: dict[int, NDArray[np.float16]]) -> None:
        with self._lock:
            for number, row in rows.items():
                self._rows[number] = row
                self._rows.move_to_end(number)
            while len(self._rows) > self._most:
                self._rows.popitem(last=False)


_recent = Recent()


def similar(
    text: str, candidates: Sequence[Candidate], limit: int, encoder: Encoder | None = None, space: Space | None = None
) -> list[Scored]:
    """The candidates that are like the text, best first; candidates come newest first."""
    clean, side = comparable(text), _side(language_of(text))
    lines = [(number, comparable(words), _side(language)) for number, words, language in candidates]
    lines = [line for line in lines if line[1]]
    if not clean or not lines:
        return []
    letters = Lexical([Line(line[1], place, 1.0) for place, line in enumerate(lines)], len(lines), side).scores(clean)
    if encoder is None or space is None:
        return _best([(line[0], float(score)) for line, score in zip(lines, letters, strict=True)], _LIKE_BY_LETTERS, limit)
    places = list(dict.fromkeys([*map(int, np.argsort(-letters)[:_BY_LETTERS]), *range(min(_NEWEST, len(lines)))]))
    raw = _recent.raw(encoder, [(clean, side), *((lines[place][1], lines[place][2]) for place in places)])
    sides = [side, *(lines[place][2] for place in places)]
    vectors = np.concatenate([space.project(row[None], lang) for row, lang in zip(raw, sides, strict=True)])
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    likeness = vectors[1:] @ vectors[0]
    return _best([(lines[place][0], float(like)) for place, like in zip(places, likeness, strict=True)], _LIKE, limit)


def _side(language: str) -> str:
    return "en" if language == "en" else "zh_Hans"


def _best(scored: list[Scored], least: float, limit: int) -> list[Scored]:
    return sorted((one for one in scored if one[1] >= least), key=lambda one: -one[1])[:limit]

"""Greetings, thanks and the like told from questions, by their words alone and only where they leave no doubt.

Every word and every pair of neighbours speaks for small talk or for a question, by how often known lines of either sort
have it. A word that nobody has said so far speaks for a question: what is not surely small talk gets a search.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import log, prod

from bot.search._text import comparable

OTHER = "other"
"""The sort of small talk that is nothing in particular: a joke, the weather, signs without a word."""

_WORD = re.compile(r"[a-z0-9']+|[\u3400-\u9fff]")
_LONGEST = 16
"""Words (in Chinese: characters) from which on a message is no small talk."""
_SURE = 0.35
"""Mean evidence for small talk that is needed; of the labelled questions in tune.jsonl none but “help” reaches it."""
_UNHEARD_WORD, _UNHEARD_PAIR, _ORDINARY, _MOST = -1.5, -0.3, -1.5, 5.0
_RARE = 0.1
"""What a count of zero is taken for."""
_AGREED, _DOUBT = 0.75, 0.3
"""How much of the likelihood one sort needs, and what a count of zero is taken for between sorts."""


@dataclass(frozen=True)
class SmallTalkLine:
    """A known line of small talk and which sort it is."""

    text: str
    sort: str


class SmallTalk:
    """Knows small talk from what members say; built in a tenth of a second."""

    def __init__(self, lines: Iterable[SmallTalkLine], ordinary: Iterable[str]) -> None:
        self._sorts: dict[str, Counter[str]] = {}
        self._lines = Counter[str]()
        self._exactly: dict[str, str] = {}
        for line in lines:
            self._sorts.setdefault(line.sort, Counter()).update(set(_pieces(line.text)))
            self._lines[line.sort] += 1
            self._exactly.setdefault(comparable(line.text), line.sort)
        self._small = sum(self._sorts.values(), Counter[str]())
        self._ordinary = Counter[str]()
        self._questions = 0
        for text in ordinary:
            self._ordinary.update(set(_pieces(text)))
            self._questions += 1

    def sort(self, text: str) -> str | None:
        """The sort of small talk that a message is; None for everything else, and in doubt."""
        words = _words(text)
        if not words:
            return OTHER
        if (known := self._exactly.get(comparable(text))) is not None:
            return known
        if len(words) > _LONGEST or sum(map(self._evidence, _pieces(text))) < _SURE * 3 * len(words):
            return None
        return self._likeliest(text)

    def _evidence(self, piece: str) -> float:
        small, ordinary = self._small[piece], self._ordinary[piece]
        if not small:
            return _ORDINARY if ordinary else _UNHEARD_PAIR if " " in piece else _UNHEARD_WORD
        ratio = _share(small, self._lines.total()) / _share(ordinary, self._questions)
        return max(2 * _ORDINARY, min(_MOST, log(ratio)))

    def _likeliest(self, text: str) -> str:
        """The sort that the known words speak for; none in particular where they do not agree."""
        known = [piece for piece in _pieces(text) if self._small[piece]]
        speak = {sort: self._likelihood(sort, known) for sort in self._sorts}
        best = max(speak, key=lambda sort: speak[sort])
        return best if speak[best] >= _AGREED * sum(speak.values()) else OTHER

    def _likelihood(self, sort: str, known: list[str]) -> float:
        lines = self._lines[sort]
        return lines * prod((self._sorts[sort][piece] + _DOUBT) / (lines + 2 * _DOUBT) for piece in known)


def _share(count: int, of: int) -> float:
    return (count + _RARE) / (of + 2 * _RARE)


def _words(text: str) -> list[str]:
    return _WORD.findall(comparable(text))


def _pieces(text: str) -> Iterator[str]:
    """Each word alone and with its neighbour; the first and the last have the message's ends for neighbours."""
    words = _words(text)
    yield from words
    for left, right in pairwise(["^", *words, "$"]):
        yield f"{left} {right}"

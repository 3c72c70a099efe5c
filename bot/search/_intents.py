"""How likely somebody is in danger, asks for a dose or gives a patient's details, where no rule holds.

Two views are multiplied. Cries for help have little in common but their meaning, so likeness to known ones counts (a
Gaussian kernel), not a direction in the space; and what they do have in common are turns of phrase, which a second,
small regression knows by words and parts of words. With sentences of authors that neither has seen, both together find
more than either alone at the same rate of false alarms.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.search._head import Head, train

Floats = NDArray[np.float32]

_WIDTH = 1.0
"""Of the kernel: exp(-width · squared distance)."""
_ORDINARY_LANDMARKS = 800
_SMALLEST = 1e-3
_PENALTY = 0.1
_TURNS = 4096
"""Turns of phrase are counted in so many places, by their hash."""
_TURNS_PENALTY = 1.0
_TURNS_SHARE = 0.3
"""What the turns of phrase count against the likeness."""


@dataclass(frozen=True)
class Phrases:
    """The second view: how rare each turn of phrase is, and what it says of the intent."""

    rarity: Floats
    head: Head

    def probabilities(self, text: str) -> Floats:
        """How likely each intent is by the words alone, in the order of the head's classes."""
        return self.head.probabilities(_turns([text])[0] * self.rarity)


@dataclass(frozen=True)
class Intents:
    """`landmarks` has a row for each known message, `head` judges a message by its likeness to them."""

    landmarks: Floats
    head: Head
    phrases: Phrases

    def probabilities(self, vector: Floats, text: str) -> dict[str, float]:
        """How likely each intent of a comparable text with this vector is; they add up to 1."""
        alike = self.head.probabilities(_likeness(vector[None], self.landmarks)[0])
        both = alike ** (1 - _TURNS_SHARE) * self.phrases.probabilities(text) ** _TURNS_SHARE
        return dict(zip(self.head.classes, map(float, both / both.sum()), strict=True))


@dataclass(frozen=True)
class Known:
    """A message to learn from; the label is empty for ordinary ones. `own`: in the language that is learnt."""

    text: str
    label: str
    weight: float
    own: bool = True


def learn_intents(vectors: Floats, messages: Sequence[Known]) -> Intents:
    """Landmarks are all messages with an intent and some of the ordinary ones."""
    labels, weights = [message.label for message in messages], [message.weight for message in messages]
    labelled = np.array([bool(label) for label in labels])
    ordinary = np.random.default_rng(0).permutation(np.flatnonzero(~labelled))[:_ORDINARY_LANDMARKS]
    landmarks = vectors[np.concatenate([np.flatnonzero(labelled), ordinary])].astype(np.float16).astype(np.float32)
    spread, axes = np.linalg.eigh(_likeness(landmarks, landmarks))
    kept = spread > _SMALLEST
    whitened = (axes[:, kept] / np.sqrt(spread[kept])).astype(np.float32)
    head = train(_likeness(vectors, landmarks) @ whitened, labels, weights, penalty=_PENALTY)
    folded = np.concatenate([whitened @ head.weights[:-1], head.weights[-1:]])
    return Intents(landmarks, Head(head.classes, folded.astype(np.float32)), _learn_phrases(messages, head.classes))


def _learn_phrases(messages: Sequence[Known], classes: tuple[str, ...]) -> Phrases:
    own = [message for message in messages if message.own]
    if {message.label for message in own} != set(classes):  # a language without examples of its own says nothing
        return Phrases(np.ones(_TURNS, np.float32), Head(classes, np.zeros((_TURNS + 1, len(classes)), np.float32)))
    turns = _turns([message.text for message in own])
    rarity = (np.log((1 + len(own)) / (1 + (turns > 0).sum(0))) + 1).astype(np.float16).astype(np.float32)
    labels, weights = [message.label for message in own], [message.weight for message in own]
    return Phrases(rarity, train(turns * rarity, labels, weights, penalty=_TURNS_PENALTY))


def _turns(texts: Sequence[str]) -> Floats:
    """A row of length 1 for each text: which words, pairs of words and parts of words it has."""
    rows = np.zeros((len(texts), _TURNS), np.float32)
    for row, text in zip(rows, texts, strict=True):
        for turn in set(_turns_of(text)):
            row[zlib.crc32(turn.encode()) % _TURNS] += 1
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)


def _turns_of(text: str) -> Iterable[str]:
    if not text.isascii():  # Chinese: runs of one, two and three characters
        joined = text.replace(" ", "")
        return (joined[at : at + size] for size in (1, 2, 3) for at in range(len(joined) - size + 1))
    words = text.split()
    framed = [f"^{word}$" for word in words]
    parts = [word[at : at + 4] for word in framed for at in range(max(1, len(word) - 3))]
    return [*words, *map(" ".join, itertools.pairwise(words)), *parts]


def _likeness(rows: Floats, landmarks: Floats) -> Floats:
    distance = (rows**2).sum(1)[:, None] + (landmarks**2).sum(1) - 2 * rows @ landmarks.T
    return np.asarray(np.exp(-_WIDTH * np.maximum(distance, 0)), np.float32)

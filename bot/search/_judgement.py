"""From scores to a decision: how sure the matcher is, and what it does with that.

The weights and limits are computed from labelled questions that trained nothing (see `tuning`) and kept as data.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SHARPNESS = 40.0
"""What likeness of letters counts against the log probability of the head."""
ALONE_SHARPNESS = 30.0
"""The same where there is no head."""


@dataclass(frozen=True)
class Evidence:
    """What speaks for and against each entry: `share` adds up to 1 over the entries, `none` is how likely none fits."""

    share: Floats
    none: float
    letters: Floats
    letters_none: float
    head: Floats | None

    def features(self, length: int) -> Floats:
        """What the sureness of the best entry is judged by; `length` is the question's, in characters."""
        order = np.argsort(-self.share)
        best, shares = int(order[0]), self.share[order[:3]]
        first, letters = float(shares[0]), float(self.letters[best])
        second = float(self.letters[order[1]]) if len(order) > 1 else 0.0
        head = letters if self.head is None else float(self.head[best])
        agreed = float(int(np.argmax(self.letters)) == best)
        return np.array([
            _logit(first), _logit(self.none), 4 * self.none, float(shares.sum()), 4 * (1 - self.none) * first,
            4 * letters, 4 * (letters - self.letters_none), 6 * (letters - second), 4 * letters * first, agreed,
            head, np.log(head + 1e-4), np.log1p(length) / 2, 1.0], np.float32)


def _logit(probability: float) -> float:
    bounded = min(max(probability, 1e-4), 1 - 1e-4)
    return float(np.log(bounded / (1 - bounded)))


def weigh(letters: Floats, head: Floats | None) -> Evidence:
    """Both engines' views as one; the last number of each belongs to `none`."""
    if head is None:
        share = _softmax(ALONE_SHARPNESS * letters[:-1])
        return Evidence(share, float(letters[-1]), letters[:-1], float(letters[-1]), None)
    share = _softmax(np.log(head[:-1] + 1e-9) + SHARPNESS * letters[:-1])
    return Evidence(share, float(head[-1]), letters[:-1], float(letters[-1]), head[:-1])


def _softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max())
    return np.asarray(powers / powers.sum(), np.float32)


@dataclass(frozen=True)
class Limits:
    """For one engine and language: weights of the features, and the sureness from which each decision is taken."""

    weights: tuple[float, ...]
    answer: float
    suggest: float
    urgent: float
    dose: float
    patient_data: float

    def sureness(self, features: Floats) -> float:
        """How likely the best entry is the right one, from 0 to 1."""
        return float(1 / (1 + np.exp(-float(features @ np.array(self.weights)))))


CAUTIOUS = Limits((0.5, -0.3, 0.0, 0.0, 0.0, 0.3, 0.3, 0.3, 0.0, 0.3, 0.5, 0.0, 0.0, -2.0), 0.9, 0.3, 0.5, 0.5, 0.6)
"""Where nothing was tuned: answers only what is nearly certain."""


@dataclass(frozen=True)
class Judgement:
    """The limits by engine and language (`hybrid:en` …), and the corpus they were tuned with."""

    corpus: str
    limits: dict[str, Limits]

    def of(self, engine: str, lang: str) -> Limits:
        """The limits of an engine for a language."""
        return self.limits.get(f"{engine}:{lang}", CAUTIOUS)


def read_judgement(path: Path) -> Judgement:
    """What was tuned; cautious limits where there is no such file."""
    if not path.exists():
        return Judgement("", {})
    kept = json.loads(path.read_text(encoding="utf-8"))
    return Judgement(kept["corpus"], {name: Limits(**{**one, "weights": tuple(one["weights"])})
                                      for name, one in kept["limits"].items()})


def write_judgement(judgement: Judgement, path: Path) -> None:
    """Keep it as data that a person can read."""
    kept = {"corpus": judgement.corpus, "limits": {name: asdict(one) for name, one in judgement.limits.items()}}
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

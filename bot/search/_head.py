"""Softmax regression: from a question's vector to how likely each entry is, and how likely none.

A few hundred classes and a few thousand short texts are trained in about a second with numpy alone; scikit-learn would
give the same weights, but cost 80 MB and a second of import. Each step solves with a fixed upper bound of the Hessian
(Böhning 1992), with Nesterov's momentum: no step size has to be chosen, and a warm start needs few steps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

STEPS = 25
WARM_STEPS = 6
"""Steps from nothing, and from the weights of a slightly different corpus."""
PENALTY = 0.07
_MANY = 1000
"""With more classes than this, centroids: training takes time in proportion to texts × classes."""
_CENTROID_SHARPNESS = 12.0


@dataclass(frozen=True)
class Head:
    """One linear layer: `weights` has a column for each class, the last row is the bias."""

    classes: tuple[str, ...]
    weights: Floats

    def logits(self, vector: Floats) -> Floats:
        """A score for each class, for one vector or a row of vectors."""
        return np.asarray(vector @ self.weights[:-1] + self.weights[-1], np.float32)

    def probabilities(self, vector: Floats) -> Floats:
        """How likely each class is; they add up to 1."""
        return softmax(self.logits(vector))


def softmax(logits: Floats) -> Floats:
    """Logits as probabilities along the last axis."""
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return np.asarray(powers / powers.sum(-1, keepdims=True), np.float32)


def train(vectors: Floats, labels: Sequence[str], weights: Sequence[float], *, penalty: float = PENALTY,
          start: Head | None = None) -> Head:
    """The head for these labelled vectors; `start` is an earlier one whose classes may differ."""
    classes = tuple(sorted(set(labels)))
    number = {name: index for index, name in enumerate(classes)}
    target = np.array([number[label] for label in labels])
    weight = np.array(weights, np.float32)
    if len(classes) > _MANY:
        return Head(classes, _centroids(vectors, target, weight, len(classes)))
    begin = np.zeros((vectors.shape[1] + 1, len(classes)), np.float32)
    if start is not None and start.weights.shape[0] == len(begin):
        for index, name in enumerate(start.classes):
            if name in number:
                begin[:, number[name]] = start.weights[:, index]
    return Head(classes, _descended(vectors, target, weight, begin, penalty, WARM_STEPS if start else STEPS))


def _descended(vectors: Floats, target: NDArray[np.int64], weight: Floats, begin: Floats, penalty: float,
               steps: int) -> Floats:
    inputs = np.concatenate([vectors, np.ones((len(vectors), 1), np.float32)], 1)
    wanted = np.zeros((len(inputs), begin.shape[1]), np.float32)
    wanted[np.arange(len(inputs)), target] = 1
    weighted = inputs * weight[:, None]
    stepped = _stepping(inputs, weight, penalty)
    now, ahead, momentum = begin, begin.copy(), 1.0
    for _ in range(steps):
        gradient = weighted.T @ (softmax(inputs @ ahead) - wanted) + penalty * ahead
        after = ahead - stepped(gradient)
        faster = (1 + (1 + 4 * momentum * momentum) ** 0.5) / 2
        ahead = after + (momentum - 1) / faster * (after - now)
        now, momentum = after, faster
    return now


def _stepping(inputs: Floats, weight: Floats, penalty: float) -> Callable[[Floats], Floats]:
    """A gradient as a step: times the inverse of a bound on the curvature, in the smaller of two equal ways."""
    rows, columns = inputs.shape
    if rows >= columns:
        bound = 0.5 * ((inputs * weight[:, None]).T @ inputs)
        bound[np.diag_indices(columns)] += penalty
        inverse = np.linalg.inv(bound)
        return lambda gradient: np.asarray(inverse @ gradient, np.float32)
    half = inputs * np.sqrt(0.5 * weight)[:, None]
    inner = half @ half.T
    inner[np.diag_indices(rows)] += penalty
    inverse = np.linalg.inv(inner)  # Woodbury's identity: fewer examples than features
    return lambda gradient: np.asarray((gradient - half.T @ (inverse @ (half @ gradient))) / penalty, np.float32)


def _centroids(vectors: Floats, target: NDArray[np.int64], weight: Floats, classes: int) -> Floats:
    """The mean vector of each class, as if it were trained."""
    sums = np.zeros((classes, vectors.shape[1]), np.float32)
    np.add.at(sums, target, vectors * weight[:, None])
    sums /= np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return np.concatenate([_CENTROID_SHARPNESS * sums.T, np.zeros((1, classes), np.float32)]).astype(np.float32)

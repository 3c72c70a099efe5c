"""Limits from labelled questions that trained nothing.

The weights of the features come from a small logistic regression; the limits are read off predictions that were made
without the question's own fold, at half of the error that is allowed: a limit that is just met here would be missed
elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.search._corpus import Corpus
from bot.search._judgement import Judgement, Limits
from bot.search._knowledge import LANGUAGES, fingerprint
from bot.search._matcher import Matcher, Reading
from bot.search._rules import Verdict
from bot.search._text import comparable
from bot.search.evaluation import Line

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_WRONG = 0.012
"""Of the direct answers; 3 % are allowed."""
_EXPECTED = 0.015
"""The same as the sureness itself foresees it, which is smoother than counting a handful of errors."""
_STRAY = 0.010
"""Of experts' questions and chit-chat, answered directly; 2 % are allowed."""
_ALARMS = {"urgent": 0.0165, "dose": 0.009}
"""Of ordinary questions taken for an emergency (2 % are allowed), or for a dose.

Not half of what is allowed, as elsewhere: a missed cry for help is worse than a false alarm, and near misses, which nearly
all false alarms are, are several times as frequent among these questions as in life.
"""
_OFFERED = 0.96
"""Of answerable questions that get a suggestion at least."""
_FOLDS = 5
_PENALTY = 1.0
_NEVER = 1.01
_SOFTEST, _HARDEST = 0.1, 0.9
"""No limit of an intent leaves this range, however few questions it was read off."""
_PATIENT_DATA = 0.6
"""Not tuned: there are no labelled lines with patients' details, on purpose."""


@dataclass(frozen=True)
class Judged:
    """A labelled line with its reading."""

    line: Line
    side: str
    reading: Reading
    right: bool
    ruled: Verdict | None
    medical: bool


def tune(corpus: Corpus, matchers: Sequence[Matcher], lines: Sequence[Line]) -> Judgement:
    """The limits for each of the matchers (hybrid, lexical), by language."""
    limits: dict[str, Limits] = {}
    for matcher in matchers:
        judged = [_judged(matcher, line) for line in lines]
        limits |= {f"{matcher.engine}:{side}": one for side, one in _limits(matcher, judged).items()}
    return Judgement(fingerprint(corpus), limits)


def _judged(matcher: Matcher, line: Line) -> Judged:
    side = "en" if line.lang == "en" else "zh_Hans"
    reading = matcher.read(comparable(line.text), side)
    best = matcher.entries(side)[int(np.argmax(reading.evidence.share))]
    return Judged(line, side, reading, best in line.expect, matcher.ruled(line.text),
                  matcher.medical(line.text))


def _limits(matcher: Matcher, judged: Sequence[Judged]) -> dict[str, Limits]:
    topical = [one for one in judged if one.line.kind not in ("urgent", "dose") and one.ruled is None]
    features = np.array([one.reading.features for one in topical], np.float64)
    right = np.array([one.right for one in topical])
    weights, sureness = _regression(features, right), _unseen(features, right)
    found = {}
    for side in LANGUAGES:
        here = np.array([one.side == side for one in topical])
        some = [one for one in topical if one.side == side]
        limits = Limits(tuple(round(float(weight), 4) for weight in weights), _answer(some, sureness[here]),
                        _suggest(some, sureness[here]), _NEVER, _NEVER, _PATIENT_DATA)
        found[side] = limits
    # few ordinary questions come near an alarm, so both languages are counted together
    urgent, dose = _urgent(matcher, judged, found), _dose(judged)
    return {side: replace(limits, urgent=urgent, dose=dose) for side, limits in found.items()}


def _answer(judged: Sequence[Judged], sureness: Floats) -> float:
    """The lowest limit from which upwards both errors keep to half of what is allowed."""
    right = np.array([one.right for one in judged])
    stray = np.array([not one.line.expect for one in judged])
    order = np.argsort(-sureness)
    wrong_so_far = np.cumsum(~right[order]) / np.arange(1, len(order) + 1)
    stray_so_far = np.cumsum(stray[order]) / max(int(stray.sum()), 1)
    foreseen = np.cumsum(1 - sureness[order]) / np.arange(1, len(order) + 1)
    allowed = np.flatnonzero((wrong_so_far <= _WRONG) & (foreseen <= _EXPECTED) & (stray_so_far <= _STRAY))
    return round(float(sureness[order[allowed[-1]]]), 4) if len(allowed) else _NEVER


def _suggest(judged: Sequence[Judged], sureness: Floats) -> float:
    """The limit that nearly all answerable questions reach."""
    answerable = sureness[np.array([bool(one.line.expect) for one in judged])]
    return round(float(np.quantile(answerable, 1 - _OFFERED)), 4) if len(answerable) else _NEVER


def _ordinary(judged: Sequence[Judged]) -> list[Judged]:
    """Questions that are neither cries for help nor about doses."""
    return [one for one in judged if one.line.kind not in ("urgent", "dose")
            and not any("emergency-" in entry or "medication-dose" in entry for entry in one.line.expect)]


def _urgent(matcher: Matcher, judged: Sequence[Judged], limits: dict[str, Limits]) -> float:
    ordinary = _ordinary(judged)
    urgent = [one.ruled is not None and one.ruled.decision == "urgent" for one in ordinary]
    alarms = [matcher.alarm(one.reading, one.side, limits[one.side])
              for one, sure in zip(ordinary, urgent, strict=True) if not sure]
    return _lowest(alarms, int(_ALARMS["urgent"] * len(ordinary)) - sum(urgent))


def _dose(judged: Sequence[Judged]) -> float:
    ordinary = _ordinary(judged)
    likely = [one.reading.intents.get("dose", 0.0) for one in ordinary if one.medical and one.ruled is None]
    return _lowest(likely, int(_ALARMS["dose"] * len(ordinary)) - sum(one.ruled is not None for one in ordinary))


def _lowest(likely: Sequence[float], allowed: int) -> float:
    """The lowest limit that at most `allowed` of these reach, within reason."""
    ranked = sorted(likely, reverse=True)
    if len(ranked) <= max(allowed, 0):
        return 0.5
    return round(min(max(ranked[max(allowed, 0)] + 0.005, _SOFTEST), _HARDEST), 4)


def _regression(features: Floats, right: Flags) -> Floats:
    """Logistic regression by Newton's method, with a penalty on all weights but the last, which is constant."""
    weights = np.zeros(features.shape[1])
    penalty = np.diag([*[_PENALTY] * (features.shape[1] - 1), 1e-6])
    for _ in range(30):
        likely = 1 / (1 + np.exp(-features @ weights))
        gradient = features.T @ (likely - right) + penalty @ weights
        curvature = (features * (likely * (1 - likely))[:, None]).T @ features + penalty
        weights = weights - np.linalg.solve(curvature, gradient)
    return weights


def _unseen(features: Floats, right: Flags) -> Floats:
    """For each question the sureness by weights that did not see it."""
    fold = np.random.default_rng(0).permutation(len(features)) % _FOLDS
    sureness = np.zeros(len(features))
    for number in range(_FOLDS):
        weights = _regression(features[fold != number], right[fold != number])
        sureness[fold == number] = 1 / (1 + np.exp(-features[fold == number] @ weights))
    return sureness

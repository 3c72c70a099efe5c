"""Questions that are like a question: by meaning where the models are there, by letters without them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge import Knowledge
from bot.search import Candidate, similar
from bot.search._likeness import Floats, Recent

UNION = "Can our union's money pay flights of patient club members to Lhasa?"
OTHERS: list[Candidate] = [
    (1, "Is there a certificate after the training?", "en"),
    (2, UNION, "en"),
    (3, "工会经费可以给俱乐部会员买机票吗？", "zh_Hans"),
    (4, "领导不支持这个项目怎么办？", "zh_Hans"),
]


class CountingEncoder:
    """Gives every text a vector of its own and counts what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def raw(self, texts: Sequence[str]) -> Floats:
        """One row for each text."""
        self.asked += texts
        return np.array([[len(text), 1.0] for text in texts], np.float32)


def test_the_same_question_in_other_words_and_in_the_other_language_is_found(knowledge: Knowledge) -> None:
    found = knowledge.similar("May the hospital union's money be used for air tickets of club members?", OTHERS, 5)
    assert [number for number, _score in found] == [2, 3]


def test_what_is_about_something_else_is_not_found(knowledge: Knowledge) -> None:
    assert knowledge.similar("晚上睡不着觉吃什么好", OTHERS, 5) == []


def test_without_models_letters_find_it() -> None:
    assert [number for number, _score in similar("union money for flights of club members", OTHERS, 5)] == [2]


def test_traditional_words_find_simplified_ones() -> None:
    assert similar("工會經費可以給俱樂部會員買機票嗎", OTHERS, 1)[0][0] == 3


def test_a_text_is_embedded_once() -> None:
    encoder, recent = CountingEncoder(), Recent()
    first = recent.raw(encoder, [("a", "en"), ("bb", "en")])
    second = recent.raw(encoder, [("bb", "en"), ("ccc", "en"), ("a", "en")])
    assert encoder.asked == ["a", "bb", "ccc"]
    assert first[0].tolist() == second[2].tolist()


def test_only_so_many_vectors_are_remembered() -> None:
    encoder, recent = CountingEncoder(), Recent(most=2)
    recent.raw(encoder, [("a", "en"), ("bb", "en"), ("ccc", "en")])
    recent.raw(encoder, [("a", "en")])
    assert encoder.asked == ["a", "bb", "ccc", "a"]


@given(st.text(max_size=40), st.lists(st.text(max_size=40), max_size=6))
def test_any_texts_can_be_compared(text: str, others: list[str]) -> None:
    found = similar(text, [(place, other, "en") for place, other in enumerate(others)], 3)
    scores = [score for _number, score in found]
    assert scores == sorted(scores, reverse=True)
    assert len(found) <= 3

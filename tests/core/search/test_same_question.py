"""The same question in another dress finds the same entry; and any text at all is decided in a tenth of a second."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from bot.features.faq.content import Library
from bot.search import Matcher

DRESSES: dict[str, Callable[[str], str]] = {
    "upper case": str.upper,
    "punctuation": lambda text: f"{text}？！…",
    "Traditional": OpenCC("s2t").convert,
    "Taiwan's characters": OpenCC("s2tw").convert,
}


@pytest.mark.parametrize("dress", DRESSES)
def test_upper_case_punctuation_and_script_do_not_change_the_entry(
    matcher: Matcher, library: Library, dress: str
) -> None:
    for entry in [*library.entries.values()][:: len(library.entries) // 12]:
        for wording in (entry.en, entry.zh):
            assert wording is not None
            text = f"{wording.variants[0]} {wording.variants[-1]}"  # together they are no known variant
            assert _found(matcher, DRESSES[dress](text)) == _found(matcher, text)


def _found(matcher: Matcher, text: str) -> tuple[str, list[str]]:
    match = matcher.match(text)
    return match.decision, [hit.id for hit in match.hits[:1]]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=2000) | st.text(st.sampled_from("怎么培训同伴支持者 ,?how"), max_size=4000))
def test_any_text_is_decided_within_a_tenth_of_a_second(matcher: Matcher, text: str) -> None:
    assert min(_seconds(matcher, text) for _ in range(3)) < 0.1  # the best of three: other programs disturb


def _seconds(matcher: Matcher, text: str) -> float:
    begun = time.thread_time()
    assert matcher.match(text).decision in ("answer", "suggest", "expert", "urgent")
    return time.thread_time() - begun

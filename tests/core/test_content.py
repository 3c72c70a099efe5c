"""Content files: mistakes are named by file and line, in words that help; folders are layers."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content import Content, files, load, load_all
from bot.errors import ContentInvalid
from bot.features.faq import content as faq
from bot.features.faq.content import Entry, WrittenWording, wording
from bot.i18n import Language
from bot.settings import shipped


class Fruit(Content):
    """Something to read."""

    name: str
    colours: tuple[str, ...] = ()


class Basket(Content):
    """Several of them."""

    fruits: tuple[Fruit, ...]


def _write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def _mistakes(path: Path) -> list[tuple[int, str]]:
    with pytest.raises(ContentInvalid) as raised:
        load(Basket, path)
    assert all(problem.file == path for problem in raised.value.problems)
    return [(problem.line, problem.sentence) for problem in raised.value.problems]


def test_a_good_file_is_read(tmp_path: Path) -> None:
    path = _write(tmp_path, "a.yaml", "fruits:\n- name: plum\n  colours: [blue]\n")
    assert load(Basket, path).content == Basket(fruits=(Fruit(name="plum", colours=("blue",)),))


@pytest.mark.parametrize(("text", "line", "words"), [
    ("fruits:\n- name: plum\n- colours: [red]\n", 3, "'name' is missing"),
    ("fruits:\n- name: plum\n  colors: [red]\n", 3, "did you mean 'colours'?"),
    ("fruits:\n- name: plum\n  weight: 3\n", 3, "'weight' is not a known field"),
    ("fruits:\n- name: 12\n", 2, "has to be text"),
    ("fruits:\n- name: plum\n  colours: red\n", 3, "has to be a list"),
    ("fruits:\n- name: plum\n  name: pear\n", 3, "'name' stands here twice"),
    ("fruits:\n- name: a: b\n", 2, "colon"),
    ("fruits:\n\t- name: a\n", 2, "not tabs"),
    ("fruits:\n- name: a\n   colours: [red]\n", 3, "cannot be read"),
    ("", 1, "block of fields"),
    ("- plum\n", 1, "block of fields"),
    ("fruits:\n- just text\n", 2, "block of fields"),
])
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    mistakes = _mistakes(_write(tmp_path, "a.yaml", text))
    assert mistakes[0][0] == line
    assert words in mistakes[0][1]


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    [(line, sentence)] = _mistakes(_write(tmp_path, "a.yaml", "fruits:\n- name: 苹果\n".encode("gb18030")))
    assert (line, sentence) == (2, "This is not UTF-8 text; save the file as UTF-8.")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "cannot be read" in _mistakes(tmp_path / "none.yaml")[0][1]


def test_the_mistakes_of_all_files_come_together(tmp_path: Path) -> None:
    _write(tmp_path, "x/a.yaml", "fruits:\n- {}\n- {}\n")
    _write(tmp_path, "x/b.yaml", "fruits: 3\n")
    with pytest.raises(ContentInvalid) as raised:
        load_all(Basket, [tmp_path], "x/*.yaml")
    assert [(problem.file.name, problem.line) for problem in raised.value.problems] == [
        ("a.yaml", 2), ("a.yaml", 3), ("b.yaml", 1)]
    assert "a.yaml:2: 'name' is missing" in str(raised.value)


def test_a_later_folder_replaces_files_of_the_same_name(tmp_path: Path) -> None:
    first, second = _write(tmp_path, "one/x/a.yaml", ""), _write(tmp_path, "one/x/b.yaml", "")
    own, added = _write(tmp_path, "two/x/b.yaml", ""), _write(tmp_path, "two/x/c.yaml", "")
    assert files([tmp_path / "one", tmp_path / "two"], "x/*.yaml") == [first, own, added]
    assert second.exists()


ENTRY = """
  - id: {id}
    related: {related}
    sources: {sources}
    en: {{question: Who?, answer: You.}}
"""


def _faq(folder: Path, *entries: str) -> Path:
    _write(folder, "faq/a.yaml", "category: a\ntitle: {en: A, zh: 甲}\nentries:" + "".join(entries))
    _write(folder, "sources.yaml", "sources:\n- {id: s-1, title: T}\n")
    return folder


def test_ids_relations_and_sources_are_checked_against_each_other(tmp_path: Path) -> None:
    folder = _faq(tmp_path, ENTRY.format(id="a.one", related="[a.oen]", sources="[s-2]"),
                  ENTRY.format(id="a.one", related="[]", sources="[s-1]"))
    with pytest.raises(ContentInvalid) as raised:
        faq.load([folder])
    found = {(problem.line, problem.sentence) for problem in raised.value.problems}
    assert (9, "The id 'a.one' is already used in a.yaml; choose another.") in found
    assert (5, "'related' names 'a.oen', but there is no such entry; did you mean 'a.one'?") in found
    assert (6, "'sources' names 's-2', but there is no such source in sources.yaml; did you mean 's-1'?") in found


def test_a_topic_of_the_bank_has_to_be_an_entry(tmp_path: Path) -> None:
    folder = _faq(tmp_path, ENTRY.format(id="a.one", related="[]", sources="[]"))
    _write(folder, "matching/bank.yaml", "urgent:\n  en:\n  - text: help\n    topic: a.two\n")
    with pytest.raises(ContentInvalid, match=r"bank\.yaml:4: 'topic' names 'a\.two'"):
        faq.load([folder])


def test_an_entry_needs_a_language(tmp_path: Path) -> None:
    folder = _faq(tmp_path, "\n  - id: a.one\n")
    with pytest.raises(ContentInvalid, match="neither 'en' nor 'zh'"):
        faq.load([folder])


def test_banks_of_several_files_are_one(tmp_path: Path) -> None:
    folder = _faq(tmp_path, ENTRY.format(id="a.one", related="[]", sources="[]"))
    _write(folder, "matching/bank.yaml", "expert: {en: [one], zh: [一]}\n")
    _write(folder, "matching/bank-more.yaml", "expert: {en: [two]}\nurgent: {en: [{text: help, topic: a.one}]}\n")
    lines = faq.load([folder]).corpus().bank
    assert {(line.text, line.lang, line.kind, line.topic) for line in lines} == {
        ("one", "en", "expert", None), ("two", "en", "expert", None), ("一", "zh_Hans", "expert", None),
        ("help", "en", "urgent", "a.one")}


CHINESE = WrittenWording(question="志愿者？", answer="软件。", points=("鼠标",), next_step="网络")


def test_traditional_is_derived_and_corrections_win() -> None:
    entry = Entry.model_validate({"id": "a.b", "zh": CHINESE, "zh_hant": {"question": "志工？"}})
    found = wording(entry, "zh_Hant")
    assert (found.lang, found.question, found.answer, found.next_step) == ("zh_Hant", "志工？", "軟體。", "網路")


@pytest.mark.parametrize(("asked", "given"), [("en", "zh_Hans"), ("zh_Hans", "zh_Hans"), ("zh_Hant", "zh_Hant")])
def test_an_entry_in_one_language_says_which_it_is_in(asked: Language, given: Language) -> None:
    assert wording(Entry(id="a.b", zh=CHINESE), asked).lang == given


def test_an_english_entry_stays_english_for_chinese_readers() -> None:
    entry = Entry(id="a.b", en=WrittenWording(question="Who?", answer="You."))
    assert wording(entry, "zh_Hant").lang == "en"


def test_the_shipped_faq_is_whole() -> None:
    library = faq.load([shipped("data")])
    assert len(library.entries) == 120
    assert [category.category for category in library.categories][:2] == ["concepts", "recruitment"]
    assert {entry.safety for entry in library.entries.values() if entry.safety} == {
        "emergency-low-glucose", "emergency-high-glucose", "emergency-suicide", "dose", "patient-data"}
    for entry in library.entries.values():
        for written in (entry.en, entry.zh):
            assert written is not None
            assert len(written.variants) >= 10, entry.id


def test_only_addresses_that_were_seen_are_official() -> None:
    for source in faq.load([shipped("data")]).sources.values():
        assert source.url or not source.official

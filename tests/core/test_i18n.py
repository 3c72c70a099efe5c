"""Words, plurals, dates and numbers in the member's language and on their clock."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bot import i18n
from bot.errors import CatalogueInvalid
from bot.i18n import LANGUAGES, Language, Translator, html, language_for, words

MOMENT = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)


@pytest.fixture
def catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Catalog]]:
    """Catalogues of a test's own, as files; `save` them with `written`."""
    monkeypatch.setattr(i18n, "shipped", lambda folder: tmp_path / folder)
    words.cache_clear()
    yield {language: Catalog(language) for language in LANGUAGES}
    words.cache_clear()


def written(catalogues: dict[str, Catalog], tmp_path: Path) -> None:
    for language, catalogue in catalogues.items():
        path = tmp_path / "locales" / language / "LC_MESSAGES" / "smallwins.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue)


# Which language


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("zh", "zh_Hans"),
        ("zh-cn", "zh_Hans"),
        ("zh-SG", "zh_Hans"),
        ("zh-hans", "zh_Hans"),
        ("zh-Hans-TW", "zh_Hans"),
        ("zh_CN", "zh_Hans"),
        ("zh-hans-raw", "zh_Hans"),
        ("zh-tw", "zh_Hant"),
        ("zh-HK", "zh_Hant"),
        ("zh-mo", "zh_Hant"),
        ("zh-hant", "zh_Hant"),
        ("zh-Hant-HK", "zh_Hant"),
        ("zh_TW", "zh_Hant"),
        ("zh-hant-raw", "zh_Hant"),
        ("en", "en"),
        ("en-GB", "en"),
        ("EN_us", "en"),
        ("fr", "zh_Hans"),
        ("", "zh_Hans"),
        (None, "zh_Hans"),
    ],
)
def test_telegrams_language_code_is_understood(code: str | None, language: Language) -> None:
    assert language_for(code, "zh_Hans") == language


@given(st.none() | st.text(max_size=20), st.sampled_from(LANGUAGES))
def test_every_code_leads_to_one_of_our_languages(code: str | None, default: Language) -> None:
    assert language_for(code, default) in LANGUAGES


@given(st.sampled_from(["zh-tw", "zh-hk", "zh-mo", "zh-hant"]), st.sampled_from(["", "-raw", "-x-any"]), st.randoms())
def test_case_separators_and_suffixes_make_no_difference(tag: str, suffix: str, chance: object) -> None:
    for code in (tag + suffix, (tag + suffix).upper(), (tag + suffix).replace("-", "_")):
        assert language_for(code, "en") == "zh_Hant"


# Words


def test_a_sentence_is_said_in_the_language_and_for_the_feature(catalogues: dict[str, Catalog], tmp_path: Path) -> None:
    catalogues["zh_Hans"].add("Close", "关闭", context="questions")
    catalogues["zh_Hans"].add("Close", "合上", context="resources")
    written(catalogues, tmp_path)
    t = Translator("zh_Hans", "questions")
    assert (t("Close"), t.of("resources")("Close"), t.of("faq")("Close")) == ("关闭", "合上", "Close")
    assert Translator("en", "questions")("Close") == "Close"


def test_traditional_is_derived_where_nobody_wrote_it_and_what_is_written_wins(
    catalogues: dict[str, Catalog], tmp_path: Path
) -> None:
    catalogues["zh_Hans"].add("Send", "发送", context="faq")
    catalogues["zh_Hans"].add("Question", "问题", context="faq")
    catalogues["zh_Hant"].add("Send", "傳送", context="faq")
    written(catalogues, tmp_path)
    t = Translator("zh_Hant", "faq")
    assert (t("Send"), t("Question")) == ("傳送", "問題")


def test_a_number_chooses_its_sentence(catalogues: dict[str, Catalog], tmp_path: Path) -> None:
    catalogues["zh_Hans"].add(("One day.", "{n} days."), ("{n} 天。",), context="faq")
    written(catalogues, tmp_path)
    english, chinese = Translator("en", "faq"), Translator("zh_Hans", "faq")
    assert [english.n("One day.", "{n} days.", n) for n in (0, 1, 2, 1200)] == [
        "0 days.",
        "One day.",
        "2 days.",
        "1,200 days.",
    ]
    assert [chinese.n("One day.", "{n} days.", n) for n in (0, 1, 2)] == ["0 天。", "1 天。", "2 天。"]


def test_what_is_fuzzy_or_empty_or_obsolete_is_not_said(catalogues: dict[str, Catalog], tmp_path: Path) -> None:
    catalogues["zh_Hans"].add("Guess", "猜的", context="faq", flags=["fuzzy"])
    catalogues["zh_Hans"].add("Empty", "", context="faq")
    catalogues["zh_Hans"].add(("One.", "{n}."), ("",), context="faq")
    written(catalogues, tmp_path)
    t = Translator("zh_Hans", "faq")
    assert (t("Guess"), t("Empty"), t.n("One.", "{n}.", 2)) == ("Guess", "Empty", "2.")


def test_what_is_filled_in_is_escaped_in_text_and_plain_on_buttons(
    catalogues: dict[str, Catalog], tmp_path: Path
) -> None:
    catalogues["zh_Hans"].add("<b>{name}</b> asks", "<b>{name}</b> 提问", context="faq")
    written(catalogues, tmp_path)
    t = Translator("zh_Hans", "faq")
    said = t("<b>{name}</b> asks", name="<Li & Co> {n}")
    assert isinstance(said, Markup)
    assert said == "<b>&lt;Li &amp; Co&gt; {n}</b> 提问"
    assert t("<b>{name}</b> asks", name=Markup("<i>Li</i>")) == "<b><i>Li</i></b> 提问"
    assert t.label("{name} & more", name="<Li>") == "<Li> & more"
    assert html("<b>") == "&lt;b&gt;"


@pytest.mark.parametrize("damage", ["missing", "broken", "not UTF-8"])
def test_a_catalogue_that_cannot_be_read_is_named(catalogues: dict[str, Catalog], tmp_path: Path, damage: str) -> None:
    written(catalogues, tmp_path)
    path = tmp_path / "locales" / "zh_Hans" / "LC_MESSAGES" / "smallwins.po"
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(b"this is no catalogue\n" if damage == "broken" else 'msgid "a"\nmsgstr "你"\n'.encode("gbk"))
    with pytest.raises(CatalogueInvalid, match=r"The catalogue .*zh_Hans.*smallwins\.po cannot be read"):
        i18n.load()


def test_the_shipped_catalogues_can_be_read() -> None:
    words.cache_clear()
    i18n.load()


# Dates and numbers


@pytest.mark.parametrize(
    ("language", "zone", "date", "time"),
    [
        ("en", "UTC", "Nov 23, 2026", "4:30"),
        ("en", "Asia/Shanghai", "Nov 24, 2026", "12:30"),
        ("zh_Hans", "Asia/Shanghai", "2026年11月24日", "00:30"),
        ("zh_Hant", "Asia/Taipei", "2026年11月24日", "00:30"),
        ("en", "America/New_York", "Nov 23, 2026", "11:30"),
    ],
)
def test_a_moment_is_told_on_the_members_own_clock(language: Language, zone: str, date: str, time: str) -> None:
    t = Translator(language, zone=zone)
    assert t.date(MOMENT) == date
    assert time in t.time(MOMENT)
    assert t.datetime(MOMENT).startswith(date)
    assert time in t.datetime(MOMENT)


def test_large_numbers_have_separators() -> None:
    assert [Translator(language).number(12345.5) for language in LANGUAGES] == ["12,345.5"] * 3


# Extraction


def test_sentences_are_extracted_under_the_name_of_their_feature(tmp_path: Path) -> None:
    source = (
        't("Hello {name}", name=x)\n'
        't.n("One day", "{n} days", 3)\n'
        't.label("Send")\n'
        "t(variable)\n"
        't(f"not {extracted}")\n'
    )
    expected = [
        ("pgettext", ("", "Hello {name}")),
        ("npgettext", ("", "One day", "{n} days")),
        ("pgettext", ("", "Send")),
    ]
    for name, context in (("faq.py", "faq"), ("questions/_asking.py", "questions"), ("_kit/_wrapper.py", "_kit")):
        path = tmp_path / "handlers" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        file = io.BytesIO(source.encode())
        file.name = str(path)
        found = i18n.extract(file, {"t": None, "n": (1, 2), "label": None}, (), {})
        assert [(kind, texts) for _line, kind, texts, _comments in found] == [
            (kind, (context, *texts[1:])) for kind, texts in expected
        ]

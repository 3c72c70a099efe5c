"""Traditional Chinese: characters by OpenCC, words by the field's glossary, everything else untouched."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot import content, i18n, settings, traditional
from bot.errors import ContentInvalid
from bot.traditional import Glossary, to_traditional

WORDS: dict[str, str] = yaml.safe_load((settings.shipped("data") / "traditional.yaml").read_text("utf-8"))["words"]
FAQ = sorted((settings.shipped("data") / "faq").glob("*.yaml"))


def _simplified_texts() -> list[str]:
    """Every Simplified text of the FAQ that a member may read, one a line."""
    texts: list[str] = []
    for file in FAQ:
        for entry in yaml.safe_load(file.read_text("utf-8"))["entries"]:
            written = entry.get("zh") or {}
            texts += [written[field] for field in ("question", "answer", "next_step") if written.get(field)]
            texts += written.get("points", [])
    return texts


TEXTS = _simplified_texts()
PHRASES = st.sampled_from([*WORDS, *TEXTS, "后里", "公里", "家里", "几个", "只", "干", "台", "一只", "说“好”", "，"])
MARKUP = st.sampled_from(["{name}", "{n}", "<b>", "</b>", '<a href="https://example.org/项目?a=1&amp;b=2">', "</a>",
                          "https://example.org/faq_1?x=%E9%A1%B9", "/mydata", "120", "3.9 mmol/L", "&amp;", "HbA1c"])


@pytest.mark.parametrize(("simplified", "expected"), [
    ("同伴支持者不是医生", "同伴支持者不是醫師"),
    ("我的项目质量怎样", "我的計畫品質怎樣"),
    ("社区卫生服务中心的随访", "社區衛生服務中心的追蹤"),
    ("线上社区有哪些规则？", "線上社群有哪些規則？"),
    ("连接临床医疗与社区资源", "連結臨床醫療與社區資源"),
    ("收集糖友的反馈", "收集糖友的回饋"),
    ("护士长和护士", "護理長和護理師"),
    ("糖化血红蛋白（HbA1c）", "糖化血色素（HbA1c）"),
    ("糖尿病痛苦和抑郁", "糖尿病困擾和憂鬱"),
    ("关闭权限，团队审核", "關閉權限，團隊審核"),
    ("先看实例，再循环改进", "先看實例，再循環改進"),
    ("不发带姓名的化验单", "不發帶姓名的檢驗報告"),
    ("和同伴支持者签协议", "和同伴支持者簽協議"),
    ("四周为一轮，12周后再看", "四週為一輪，12週後再看"),
    ("心里要有成本账，别只靠一家", "心裡要有成本帳，別只靠一家"),
    ("2型糖尿病，不是第1型", "第2型糖尿病，不是第1型"),
    ("上台领奖，柜台报到", "上台領獎，櫃檯報到"),
])
def test_the_words_of_the_field_are_those_of_taiwan_and_hong_kong(simplified: str, expected: str) -> None:
    assert to_traditional(simplified) == expected


@pytest.mark.parametrize(("simplified", "expected"), [
    ("领导支持，提高领导力", "主管支持，提高領導力"),
    ("抽血的检查项目", "抽血的檢查項目"),
    ("微信群组和微信群", "微信群組和微信群組"),
    ("一条简短信息", "一條簡短資訊"),
    ("集体检查", "集體檢查"),
    ("有没有联系病友", "有沒有聯絡病友"),
    ("在线上见面", "在線上見面"),
    ("食品标签", "食品標示"),
])
def test_a_longer_phrase_protects_what_a_shorter_one_would_spoil(simplified: str, expected: str) -> None:
    assert to_traditional(simplified) == expected


def test_quotation_marks_become_corner_brackets_and_nested_ones_double() -> None:
    assert to_traditional("他说：“护士说过‘慢慢来’。”") == "他說：「護理師說過『慢慢來』。」"


def test_an_apostrophe_is_no_quotation_mark() -> None:
    assert to_traditional("看Peers’ guide和don’t panic这两页") == "看Peers’ guide和don’t panic這兩頁"


@pytest.mark.parametrize("text", ["", "Helpful", "It’s “fine”", "120", "😀", "繁體中文的項目", "第三里程碑：後台"])
def test_what_is_traditional_or_not_chinese_comes_back_as_it_is(text: str) -> None:
    assert to_traditional(text) == text


@pytest.mark.parametrize("kept", ["{项目}", '<a title="项目">', "https://example.org/项目/页?q=反馈"])
def test_chinese_inside_a_tag_a_placeholder_or_a_link_is_not_touched(kept: str) -> None:
    assert to_traditional(f"项目 {kept} 反馈") == f"計畫 {kept} 回饋"


@given(st.lists(PHRASES, max_size=6).map("".join))
def test_converting_twice_changes_nothing_more(text: str) -> None:
    once = to_traditional(text)
    assert to_traditional(once) == once


@given(st.lists(st.tuples(PHRASES, MARKUP), min_size=1, max_size=5))
def test_placeholders_tags_links_and_numbers_survive_between_any_words(pairs: list[tuple[str, str]]) -> None:
    lines = "\n".join(f"{phrase}\n{markup}" for phrase, markup in pairs)
    assert to_traditional(lines).split("\n")[1::2] == [markup for _, markup in pairs]


@given(st.text())
@example("\x00项目")
def test_any_text_is_converted_and_keeps_its_ascii(text: str) -> None:
    ascii_before = [letter for letter in text if letter.isascii()]
    assert [letter for letter in to_traditional(text) if letter.isascii()] == ascii_before


def test_every_wording_of_the_glossary_is_traditional_and_stays_as_it_is() -> None:
    assert {wording: to_traditional(wording) for wording in WORDS.values() if to_traditional(wording) != wording} == {}


def test_no_simplified_character_is_left_in_the_faq() -> None:
    _, simplified = traditional._own_characters()
    leftovers = {text: found for text in TEXTS if (found := simplified.intersection(to_traditional(text)))}
    assert len(TEXTS) > 300
    assert leftovers == {}


def test_what_was_written_by_hand_uses_the_same_words_as_what_is_derived() -> None:
    strangers = ("同儕支持", "支援者", "專案", "護士", "醫生", "反饋", "質量", "項目", "化驗單", "“")
    found = [(entry["id"], word) for file in FAQ for entry in yaml.safe_load(file.read_text("utf-8"))["entries"]
             for word in strangers if word in str(entry.get("zh_hant", ""))]
    assert found == []


def test_the_translator_and_the_faq_use_the_same_derivation() -> None:
    assert i18n.to_traditional is to_traditional


@pytest.mark.parametrize("words", [{"programme": "計畫"}, {"项目": ""}, {"项目": "<b>計畫</b>"}, {"{项目}": "計畫"}])
def test_a_glossary_line_without_chinese_or_with_markup_is_refused(words: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Glossary(words=words)


def test_a_phrase_that_stands_twice_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "traditional.yaml"
    file.write_text("words:\n  项目: 計畫\n  质量: 品質\n  项目: 專案\n", encoding="utf-8")
    with pytest.raises(ContentInvalid) as refused:
        content.load(Glossary, file)
    assert [(problem.file, problem.line) for problem in refused.value.problems] == [(file, 4)]


def test_the_longest_phrase_wins_whatever_the_order_in_the_file() -> None:
    found = traditional._wording().pattern.split("护士长、护士")
    assert found[1::2] == ["护士长", "护士"]

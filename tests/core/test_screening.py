"""What can identify a patient is found, what cannot is left alone, and masking keeps the formatting right."""

from __future__ import annotations

import time
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import phonenumbers
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from bot.features.faq import screened
from bot.screening import MARK, Finding, Kind, find, masked, masked_message

FAQ = Path(__file__).parents[2] / "data" / "faq"

FOUND = [
    ("身份证号11010519491231002X，女", Kind.RESIDENT_ID, "11010519491231002X"),
    ("ID 110105 19491231 002x please", Kind.RESIDENT_ID, "110105 19491231 002x"),
    ("老身份证110105491231002", Kind.RESIDENT_ID, "110105491231002"),
    ("身份證字號 A123456789", Kind.OTHER_ID, "A123456789"),
    ("HKID A123456(3)", Kind.OTHER_ID, "A123456(3)"),
    ("护照号：E12345678", Kind.OTHER_ID, "E12345678"),
    ("手机13800138000", Kind.PHONE, "13800138000"),
    ("call 138 0013 8000 today", Kind.PHONE, "138 0013 8000"),
    ("电话１３８－００１３－８０００", Kind.PHONE, "１３８－００１３－８０００"),
    ("+86 138-0013-8000", Kind.PHONE, "+86 138-0013-8000"),
    ("座机 0755-2666 8888", Kind.PHONE, "0755-2666 8888"),
    ("手機0912-345-678", Kind.PHONE, "0912-345-678"),
    ("WhatsApp: 91234567", Kind.PHONE, "91234567"),
    ("reach her at +852 9123 4567", Kind.PHONE, "+852 9123 4567"),
    ("邮箱zhang.san@hospital.org.cn。", Kind.EMAIL, "zhang.san@hospital.org.cn"),
    ("住院号：0012345", Kind.RECORD_NUMBER, "0012345"),
    ("病歷號碼 A-12345", Kind.RECORD_NUMBER, "A-12345"),
    ("床号12", Kind.RECORD_NUMBER, "12"),
    ("her MRN is 445566", Kind.RECORD_NUMBER, "445566"),
    ("chart no. 7788", Kind.RECORD_NUMBER, "7788"),
    ("微信号: wang1956", Kind.ACCOUNT, "wang1956"),
    ("她1956年3月12日出生", Kind.BIRTH_DATE, "1956年3月12日"),
    ("出生于1956-03-12", Kind.BIRTH_DATE, "1956-03-12"),
    ("民國45年3月12日生，", Kind.BIRTH_DATE, "民國45年3月12日"),
    ("DOB: 12/03/1956", Kind.BIRTH_DATE, "12/03/1956"),
    ("born on 12 March 1956", Kind.BIRTH_DATE, "12 March 1956"),
    ("患者王建国血糖8.5", Kind.NAME, "王建国"),
    ("病人李芳说头晕", Kind.NAME, "李芳"),
    ("病人陳怡君想退出", Kind.NAME, "陳怡君"),
    ("糖友欧阳娜娜的女儿", Kind.NAME, "欧阳娜娜"),
    ("患者：高明，68岁", Kind.NAME, "高明"),
    ("12床王建国", Kind.NAME, "王建国"),
    ("my patient Wang Jianguo asked", Kind.NAME, "Wang Jianguo"),
    ("patient LI WEI came", Kind.NAME, "LI WEI"),
    ("Mrs. Zhang Min says", Kind.NAME, "Zhang Min"),
]

HARMLESS = [
    "空腹7.8，餐后11.2，糖化8.5%，血压138/85",
    "readings 138 142 156 160 and 130 135 140 12",
    "2026-11-23 12:30 第3次活动，20261123",
    "请拨打120或110，心理援助12356，热线400-161-9995",
    "Call 120. In Hong Kong: 2389 2222; the line 12345 helps too",
    "12 people, 5000元, 8字, 10-15分钟",
    "患者和家属都高兴，患者教育、患者管理、病友会时间、患者高血压",
    "张阿姨、病人老李、患者李大爷，王主任和张护士长同意了",
    "Professor Sun and Dr Li run Patient Education; the patient I saw in May",
    "门诊号源12个，住院5天，门诊3次，床位20张",
    "born in 1956; 1956年出生; 3月12日生病了",
    "I asked on WeChat: nobody knows. 我们在微信群里说",
    "编号110105194912310021",
]


@pytest.mark.parametrize(("text", "kind", "what"), FOUND)
def test_what_identifies_is_found_where_it_stands(text: str, kind: Kind, what: str) -> None:
    assert [(found.kind, text[found.start : found.end]) for found in find(text)] == [(kind, what)]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_identifies_nobody_is_left_alone(text: str) -> None:
    assert find(text) == []
    assert masked(text) == text


def test_a_list_of_names_is_found_to_its_end() -> None:
    assert masked("患者王建国、李芳和赵敏都来了") == "患者▇▇▇、▇▇和▇▇都来了"


def test_numbers_in_a_row_are_found_one_by_one() -> None:
    text = "13800138000 11010519491231002X 0755-26668888"
    assert [found.kind for found in find(text)] == [Kind.PHONE, Kind.RESIDENT_ID, Kind.PHONE]


@pytest.mark.parametrize("between", [",", "，", "/", "、", " / ", "；", "\n2.", " 或 "])
def test_numbers_that_follow_other_numbers_are_found(between: str) -> None:
    first, second = "13800138000", "13912345678"
    assert masked(f"血糖7.8{between}{first}{between}{second}") == f"血糖7.8{between}▇▇▇{between}▇▇▇"
    assert find(f"68{between}11010519491231002X")[0].kind is Kind.RESIDENT_ID


def test_the_published_answers_name_no_patient_and_no_number_of_a_person() -> None:
    texts = [text for file in FAQ.rglob("*.yaml") for text in _strings(yaml.safe_load(file.read_text("utf-8")))]
    assert len(texts) > 100
    assert [text for text in texts if any(found.kind is not Kind.NAME for found in find(text))] == []


def _strings(content: Any) -> list[str]:
    if isinstance(content, str):
        return [content]
    inside = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    return [text for part in inside for text in _strings(part)]


def test_a_long_question_is_looked_through_in_no_time() -> None:
    for text in ("我们的患者血糖8.5，电话13800138000，怎么办？" * 130, "How do we begin with 12 people? " * 110):
        begun = time.thread_time()
        find(text[:3500])
        assert time.thread_time() - begun < 0.1, "ten times what it takes"


_SENTENCES = st.sampled_from(
    ["请问{}怎么办？", "患者的情况：{}，血糖高", "Could you look at {} please?", "（{}）", "{}", "他說{}，謝謝", "1. {}\n2. 8.5"]
)


@st.composite
def residents(draw: st.DrawFn) -> str:
    """A resident id that its checksum holds."""
    born = date(1930, 1, 1) + timedelta(days=draw(st.integers(0, 25_000)))
    area = draw(st.sampled_from(["110105", "310101", "440305", "510104", "650102"]))
    begun = f"{area}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return begun + ric.calc_check_digit(begun + "0")


@given(residents(), _SENTENCES, st.sampled_from(["", " ", "-", "full"]))
def test_every_resident_id_is_found_in_any_sentence(number: str, sentence: str, how: str) -> None:
    written = f"{number[:6]}{how}{number[6:14]}{how}{number[14:]}" if how in (" ", "-") else number
    if how == "full":
        written = "".join(chr(ord(c) + 0xFEE0) for c in number)
    text = sentence.format(written)
    assert Finding(Kind.RESIDENT_ID, text.index(written), text.index(written) + len(written)) in find(text)


@given(st.integers(0, 99_999_999), st.sampled_from(["138", "139", "150", "186", "199"]), _SENTENCES, st.integers(0, 3))
def test_every_mobile_number_is_found_in_any_sentence(rest: int, prefix: str, sentence: str, how: int) -> None:
    number = f"{prefix}{rest:08d}"
    parsed = phonenumbers.parse(number, "CN")
    grouped = f"{number[:3]} {number[3:7]} {number[7:]}"
    international = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    written = [number, grouped, grouped.replace(" ", "-"), international][how]
    text = sentence.format(written)
    assert Finding(Kind.PHONE, text.index(written), text.index(written) + len(written)) in find(text)


_PARTS = (
    "患者 王建国 于洋 13800138000 11010519491231002X patient Li Wei a@b.cn 住院号 123456 出生 1956年3月12日 ， 生 床号3 +86 -"
    " 😀 ▇▇▇ 微信号: 和 １３８ , / ."
)
_PIECES = st.sampled_from([*_PARTS.split(), " ", "\ud800", "\u202e"])
_ANYTHING = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=())), st.lists(_PIECES, max_size=12).map("".join)
)


@given(_ANYTHING)
def test_any_text_at_all_is_masked_without_an_error_and_twice_is_once(text: str) -> None:
    findings = find(text)
    assert all(0 <= found.start < found.end <= len(text) for found in findings)
    assert all(left.end <= right.start for left, right in pairwise(findings))
    once = masked(text)
    assert masked(once) == once
    assert find(once) == []
    assert len(once) <= len(text)
    assert findings or once == text


_KINDS = st.sampled_from(["bold", "italic", "spoiler", "text_link", "url", "mention", "phone_number", "email", "code"])


@given(_ANYTHING, st.lists(st.tuples(_KINDS, st.integers(0, 60), st.integers(1, 60)), max_size=6))
def test_entities_stay_inside_the_text_and_lead_to_nothing_that_was_masked(
    text: str, raw: list[tuple[str, int, int]]
) -> None:
    length = _units(text)
    entities = [
        {"type": kind, "offset": offset, "length": min(size, length - offset)} for kind, offset, size in raw if offset < length
    ]
    new, kept = masked_message(text, entities)
    assert all(e["offset"] >= 0 and e["length"] > 0 and e["offset"] + e["length"] <= _units(new) for e in kept)
    leading = [e for e in kept if e["type"] not in ("bold", "italic", "spoiler", "code")]
    before = [_slice(text, e) for e in entities]
    assert all(_slice(new, e) in before for e in leading)
    if new == text:
        assert kept == entities


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _slice(text: str, entity: dict[str, Any]) -> bytes:
    raw = text.encode("utf-16-le", "surrogatepass")
    return raw[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2]


def test_formatting_around_a_masked_part_moves_along_and_what_leads_to_it_goes() -> None:
    text = "😀 call 13800138000 now"
    entities = [
        {"type": "bold", "offset": 3, "length": 16},
        {"type": "phone_number", "offset": 8, "length": 11},
        {"type": "italic", "offset": 20, "length": 3},
        {"type": "spoiler", "offset": 10, "length": 13},
    ]
    new, kept = masked_message(text, entities)
    assert new == f"😀 call {MARK} now"
    assert kept == [
        {"type": "bold", "offset": 3, "length": 8},
        {"type": "italic", "offset": 12, "length": 3},
        {"type": "spoiler", "offset": 11, "length": 4},
    ]


def test_a_link_that_hides_a_number_behind_other_words_goes() -> None:
    hidden = {"type": "text_link", "offset": 0, "length": 4, "url": "tel:+8613800138000"}
    plain = {"type": "text_link", "offset": 0, "length": 4, "url": "https://idf.org"}
    assert masked_message("here", [hidden, plain]) == ("here", [plain])


def test_what_the_matcher_learns_from_has_neither_identifiers_nor_links_nor_long_numbers() -> None:
    kept = screened("患者王建国 @li_wei https://x.cn 住院号 99 编号 4711 电话13800138000 怎么办")
    assert kept == "患者… … … 住院号 99 编号 … 电话… 怎么办"

"""Emergencies, doses and patients' details are recognised by reviewed rules; near misses are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ContentInvalid
from bot.search._rules import Rules, read_rules
from bot.settings import shipped

LOW, HIGH, SUICIDE = "emergency-low-glucose", "emergency-high-glucose", "emergency-suicide"


@pytest.fixture(scope="module")
def rules() -> Rules:
    """The rules as shipped."""
    return read_rules(shipped("data") / "matching/rules.yaml")


@pytest.mark.parametrize(("text", "safety"), [
    ("He is unconscious and takes insulin", LOW),
    ("my meter says 2.4 and I am sweating", LOW),
    ("她2.6，一直出冷汗", LOW),
    ("糖尿病病人昏迷了", LOW),
    ("血糖機顯示 LO，她在發抖", LOW),
    ("sugar 28 and he keeps vomiting", HIGH),
    ("血糖三十多，一直吐", HIGH),
    ("chest pain, diabetic, help", HIGH),
    ("I don't want to live anymore", SUICIDE),
    ("I don’t want to live anymore", SUICIDE),
    ("她说不想活了", SUICIDE),
    ("glucose 2,6", LOW),
    ("血糖二点四", LOW),
    ("glucose 41 mg/dl", LOW),
    ("sugar is 540", HIGH),
    ("血糖31毫摩", HIGH),
    ("三十一点二 吐了两次", HIGH),
    ("gave him the insulin twice by mistake", LOW),
    ("諾和銳重複打了", LOW),
    ("xuetang 2.2 人不清醒", LOW),
    ("血唐1.9", LOW),
    ("群里没反应，她也叫不醒", LOW),
    ("他說活著沒意思", SUICIDE),
])
def test_cries_for_help_are_urgent(rules: Rules, text: str, safety: str) -> None:
    verdict = rules.verdict(text)
    assert verdict is not None
    assert (verdict.decision, verdict.safety) == ("urgent", safety)


@pytest.mark.parametrize("text", [
    "How do we train for hypoglycaemia?",
    "低血糖怎么培训？",
    "Which questionnaire asks about suicide?",
    "低血糖處理要排在第幾堂課教？",
    "We need a form for the log after someone fainted",
    "How much time does training take?",
    "护士长不支持怎么办",
    "the screen went unresponsive, help",
    "群里没反应怎么办",
    "累得快晕倒了，天天加班",
    "18:30 or 19:00, when do we start?",
    "where do i get insulin pens for practising cheaper",
])
def test_ordinary_questions_are_left_to_the_matcher(rules: Rules, text: str) -> None:
    assert rules.verdict(text) is None


@pytest.mark.parametrize(("text", "safety"), [
    ("how many units of insulin should my mother inject", "dose"),
    ("我妈能停二甲双胍吗", "dose"),
    ("toujeo how much", "dose"),
    ("佳糖維可以停嗎", "dose"),
    ("拜唐苹一天几颗", "dose"),
    ("身分證A123456789", "patient-data"),
    ("her number is 139 1234 5678", "patient-data"),
    ("her ID is 110101190001010000", "patient-data"),
    ("她的电话13000000000，帮我联系", "patient-data"),
    ("I'll send you her lab report", "patient-data"),
])
def test_doses_and_patients_details_get_their_fixed_answer(rules: Rules, text: str, safety: str) -> None:
    verdict = rules.verdict(text)
    assert verdict is not None
    assert (verdict.decision, verdict.safety) == ("answer", safety)


@pytest.mark.parametrize(("text", "only"), [
    ("昨天 19:00", True), ("明天下午三点", True), ("2026-11-26", True), ("tmrw 3 pm", True),
    ("昨天 19:00 她晕了", False), ("at 7 she fainted", False)])
def test_a_message_may_only_say_when(rules: Rules, text: str, only: bool) -> None:
    assert rules.only_when(text) is only


def test_a_long_number_is_not_a_persons_id(rules: Rules) -> None:
    assert rules.verdict("1" * 200) is None


def _file(folder: Path, text: str) -> Path:
    path = folder / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_unknown_list_is_named_with_its_line(tmp_path: Path) -> None:
    path = _file(tmp_path, "words:\n  a: {en: [x]}\nrules:\n  - {decision: urgent, safety: dose, all: [b]}\n")
    with pytest.raises(ContentInvalid, match=r"rules\.yaml:4: There is no list named 'b'"):
        read_rules(path)


def test_a_broken_expression_is_named_with_its_line(tmp_path: Path) -> None:
    path = _file(tmp_path, "words:\n  a:\n    en:\n    - /(/\nrules: []\n")
    with pytest.raises(ContentInvalid, match=r"rules\.yaml:4: '/\(/' is not a regular expression"):
        read_rules(path)


def test_stars_gaps_and_word_borders_mean_what_the_file_says(tmp_path: Path) -> None:
    path = _file(tmp_path, "words:\n  a: {en: [tremb*, cut … wrist], zh: [不想…活]}\nrules:\n"
                           "  - {decision: urgent, safety: emergency-suicide, all: [a]}\n")
    rules = read_rules(path)
    assert all(rules.verdict(text) for text in ("Trembling", "cut her left wrist", "不想再这样活"))
    assert not any(rules.verdict(text) for text in ("untrembling", "cut. She hurt her wrist", "不想去。活动取消"))

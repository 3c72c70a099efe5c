"""Greetings, thanks and the like: a short line back, and nobody is offered an expert for it."""

from __future__ import annotations

import json

import pytest

from bot.features.people import Role
from bot.knowledge import Knowledge
from bot.settings import shipped
from tests.test_faq import FIRST
from tests.town import Seat, Town


def _says(seat: Seat, text: str) -> tuple[str, list[str]]:
    """What the bot answers, and with which buttons."""
    said = seat.says(text)
    assert seat.last.id != said.id
    return seat.last.text, [button["text"] for row in seat.last.buttons for button in row]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("hi", "What would you like to know"),
        ("Good morning everybody!", "What would you like to know"),
        ("Thanks!!", "You are welcome"),
        ("ok thanks a lot, very helpful", "You are welcome"),
        ("are you a bot?", "I am a programme, not a person"),
        ("who are you", "I am a programme, not a person"),
        ("help", "I answer questions about peer support"),
        ("ok", "Write to me whenever"),
        ("收到", "有问题随时"),
        ("bye", "Write to me whenever"),
        ("this bot is useless", "I am sorry"),
        ("你好", "关于同伴支持，您想了解什么"),
        ("在嗎", "您想了解什麼"),
        ("谢谢", "不客气"),
        ("謝謝老師", "不客氣"),
        ("你是机器人吗", "不是真人"),
    ],
)
def test_small_talk_gets_a_short_line_and_no_expert(town: Town, text: str, sentence: str) -> None:
    answer, labels = _says(town.private(town.trainee), text)
    assert sentence in answer
    assert not [label for label in labels if "expert" in label or "专家" in label or "專家" in label]


@pytest.mark.parametrize("text", ["😀", "👍👍", "???", "。。。"])
def test_signs_without_a_word_are_answered_in_the_members_language(town: Town, text: str) -> None:
    answer, _ = _says(town.private(town.other_trainee), text)
    assert "同伴支持" in answer


def test_chinese_that_both_scripts_share_is_answered_in_the_members_script(town: Town) -> None:
    answer, _ = _says(town.private(town.other_trainee), "你好")
    assert "關於" in answer
    answer, _ = _says(town.private(town.person("李伟", "zh-hans", Role.TRAINEE)), "你好")
    assert "关于" in answer


def test_a_greeting_leads_to_all_answers_and_to_the_library(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says("hello")
    seat.taps("Browse the answers")
    seat.sees("What is it about?")
    seat.says("hello")
    seat.taps("All resources")
    seat.sees("What do you need?")


def test_in_a_group_thanks_get_one_line_without_buttons(town: Town) -> None:
    answer, labels = _says(town.seat(town.trainee, town.group), "@SmallWinsBot thank you!")
    assert "You are welcome" in answer
    assert not labels


@pytest.mark.parametrize(
    "text",
    [
        "hi, how do we find our first peer supporter?",
        "Thank you. And how long should the training be?",
        "你好，护士长不支持怎么办",
        "谢谢，那培训多久呢？",
        "thank you gifts for peer supporters",
        "help me convince my head nurse",
        "I am so tired of living",
        "不想活了，再见",
        "Which bus goes to the conference in Hefei?",
    ],
)
def test_a_question_or_a_cry_is_no_small_talk_however_it_begins(knowledge: Knowledge, text: str) -> None:
    assert knowledge.small_talk(text) is None or knowledge.match(text, None).decision in ("answer", "urgent")


def test_hardly_any_labelled_question_is_taken_for_small_talk(knowledge: Knowledge) -> None:
    lines = [json.loads(line) for line in (shipped("data") / "matching/tune.jsonl").read_text("utf-8").splitlines()]
    questions = [line["text"] for line in lines if line["kind"] != "chitchat"]
    taken = [text for text in questions if knowledge.small_talk(text) not in (None, "about")]
    assert len(questions) > 1000
    assert len(taken) <= len(questions) // 500, taken


def test_thanks_after_not_quite_are_thanks_and_not_what_was_missing(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says(FIRST)
    seat.taps("Not quite")
    assert "You are welcome" in _says(seat, "Thanks!")[0]


def test_a_new_question_after_a_chosen_suggestion_stands_alone(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says(FIRST)
    seat.taps("Not quite")
    seat.taps(seat.last.buttons[0][0]["text"])
    seat.says("How long should training be, and how can we fit it into a busy ward?")
    with town.database.reading() as db:
        texts = db.connection().exec_driver_sql("SELECT text FROM asked ORDER BY id").scalars().all()
    assert texts[-1].startswith("How long should training be")


def test_tell_me_more_leads_to_what_belongs_to_the_last_answer(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says(FIRST)
    answer, labels = _says(seat, "tell me more")
    assert "That is all I have on this" in answer
    assert "Ask an expert" in labels[-1]
    seat.taps(labels[0])
    seat.sees(labels[0])


def test_tell_me_more_without_any_answer_before_is_small_talk(town: Town) -> None:
    assert "If you have one" in _says(town.private(town.trainee), "tell me more")[0]


def test_small_talk_is_not_among_what_is_missing(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says("hello")
    seat.says(FIRST)
    organizer = town.private(town.organizer)
    organizer.says("/report")
    organizer.sees("1 question asked")
    organizer.sees_nothing_of("hello")

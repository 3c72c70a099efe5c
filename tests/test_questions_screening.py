"""R26: what identifies a patient is shown to the asker and masked before anything is passed on."""

from __future__ import annotations

import json

import pytest

from bot.features import faq
from bot.features.people import Role
from tests.test_questions import UNKNOWN
from tests.town import Seat, Town

ID = "11010519491231002X"
PHONE = "13800138000"

LANGUAGES = {
    "en": (
        f"Can the union pay the flight to Lhasa for my patient Wang Jianguo, ID {ID}, mobile {PHONE}?",
        ("Ask an expert", "Mask and send", "an ID number", "Wang Jianguo"),
    ),
    "zh-hans": (
        f"工会的钱能不能给患者王建国（身份证{ID}，手机{PHONE}）买去拉萨的机票？",
        ("请专家回答", "遮住后发送", "身份证号", "王建国"),
    ),
    "zh-hant": (
        f"工會的錢能不能給患者王建國（身分證{ID}，手機{PHONE}）買去拉薩的機票？",
        ("請專家回答", "遮住後傳送", "身分證", "王建國"),
    ),
}


def asked(town: Town, text: str) -> Seat:
    """A draft that waits for its asker's choice."""
    asker = town.private(town.trainee)
    asker.says(text)
    asker.taps("Ask an expert")
    return asker


def kept(town: Town) -> str:
    """All that is kept for the room or of the question: its rows, its story, the bank, and what is owed to the room."""
    looks = [
        "SELECT text FROM questions",
        "SELECT entities FROM questions",
        "SELECT text FROM question_parts",
        "SELECT text FROM asked",
        "SELECT text FROM faq_bank",
        f"SELECT payload FROM outbox WHERE chat_id = {town.room.id}",
    ]
    with town.database.reading() as db:
        rows = [value for look in looks for value in db.connection().exec_driver_sql(look).scalars()]
    return json.dumps([str(row) for row in rows], ensure_ascii=False)


def in_the_room(town: Town) -> str:
    """All that the consultants can see, topics' names included."""
    names = [topic.name for topic in town.room.topics.values()]
    return json.dumps([*names, *(post.message for post in town.room.messages.values())], ensure_ascii=False, default=str)


@pytest.mark.parametrize("language", LANGUAGES)
def test_r26_the_asker_sees_what_was_found_and_one_tap_masks_it_everywhere(town: Town, language: str) -> None:
    text, (ask, mask, kind, name) = LANGUAGES[language]
    asker = town.private(town.person("Chen Hui", language, Role.TRAINEE))
    asker.says(text)
    asker.taps(ask)
    shown = asker.sees(kind)
    underlined = [
        shown.text.encode("utf-16-le")[e["offset"] * 2 : (e["offset"] + e["length"]) * 2].decode("utf-16-le")
        for e in shown.message["entities"]
        if e["type"] == "underline"
    ]
    assert underlined == [name, ID, PHONE]
    assert not town.room.messages or name not in in_the_room(town)
    asker.taps(mask)
    topic = town.topic(town.consultant, "Q1")
    topic.sees("▇▇▇")
    for what in (name, ID, PHONE):
        assert what not in in_the_room(town)
        assert what not in kept(town)
        assert what not in asker.sees("Q1").text


def test_r26_without_findings_nothing_is_different(town: Town) -> None:
    asker = asked(town, "Can the money of our hospital's union pay a flight to Lhasa for 12 people?")
    assert asker.buttons("This goes to our experts") == ["Send", "Send anonymously", "Do not send"]


def test_r26_an_old_send_button_masks_as_well(town: Town) -> None:
    asker = asked(town, LANGUAGES["en"][0])
    town.world.tap(town.trainee, asker.chat, asker.last.id, "questions.send:1:0", stale=True)
    town.settle()
    assert ID not in in_the_room(town)


def test_r26_masked_and_anonymous(town: Town) -> None:
    asker = asked(town, LANGUAGES["en"][0])
    asker.taps("Mask and send anonymously")
    assert "Li Wei" not in in_the_room(town)
    assert ID not in in_the_room(town)


def test_r26_the_asker_writes_it_anew_and_it_is_looked_at_again(town: Town) -> None:
    asker = asked(town, LANGUAGES["en"][0])
    asker.taps("Edit")
    asker.says(f"Can the union pay the flight to Lhasa for a patient? Her phone is {PHONE}")
    assert "a phone number" in asker.last.text
    asker.taps("Edit")
    asker.says("Can the union pay the flight to Lhasa for one of our patients?")
    asker.sees("This goes to our experts")
    asker.taps("Send")
    town.topic(town.consultant, "Q1").sees("for one of our patients?")
    for what in ("Wang Jianguo", ID, PHONE):
        assert what not in in_the_room(town)
        assert what not in kept(town)


def test_r26_after_sending_the_next_words_are_no_longer_a_new_wording(town: Town) -> None:
    asker = asked(town, LANGUAGES["en"][0])
    asker.taps("Edit")
    asker.taps("Mask and send")
    asker.says("What is a good first step for a new leader of a group?")
    town.topic(town.consultant, "Q1").sees_nothing_of("a good first step")
    asker.sees_nothing_of("passed on already")


def test_r26_a_false_alarm_costs_one_more_tap(town: Town) -> None:
    asker = asked(town, f"Can the union pay the flight to Lhasa? Its office has the number {PHONE}")
    asker.taps("It is not a patient's")
    assert PHONE not in in_the_room(town)
    asker.taps("Send")
    town.topic(town.consultant, "Q1").sees(PHONE)


def test_r26_an_id_number_is_never_passed_on_unmasked(town: Town) -> None:
    asker = asked(town, LANGUAGES["en"][0])
    assert not [label for label in asker.buttons("Underlined") if "not a patient" in label]
    for data in ("questions.harmless:1", "questions.asis:1:0", "questions.asis:1:1"):
        town.world.tap(town.trainee, asker.chat, asker.last.id, data, stale=True)
        town.settle()
    assert "Q1" not in in_the_room(town)
    asker.sees("Underlined")


def test_r26_only_the_asker_can_touch_the_draft(town: Town) -> None:
    asked(town, f"Can the union pay the flight to Lhasa? Its office has the number {PHONE}")
    stranger = town.private(town.other_trainee)
    stranger.says("/questions")
    for data in ("questions.harmless:1", "questions.asis:1:0", "questions.edit:1", "questions.send:1:0"):
        tap = town.world.tap(town.other_trainee, stranger.chat, stranger.last.id, data, stale=True)
        town.settle()
        assert tap.show_alert, data
    assert "Q1" not in in_the_room(town)
    assert PHONE not in str(stranger.texts)


def test_r26_in_a_group_the_asker_is_told_to_ask_again(town: Town) -> None:
    seat = town.seat(town.trainee, town.group)
    seat.says("/ask " + LANGUAGES["en"][0])
    seat.taps("Ask an expert")
    seat.sees("ask again with /ask")
    assert not [label for label in seat.buttons("Underlined") if "Edit" in label]
    seat.taps("Mask and send")
    assert ID not in in_the_room(town)


def test_r26_what_is_added_later_is_masked_at_once_and_the_asker_is_told(town: Town) -> None:
    asker = asked(town, "Can the money of our hospital's union pay a flight to Lhasa?")
    asker.taps("Send")
    asker.replies("Passed to our experts", f"Her number is {PHONE}, please call")
    asker.sees("I masked a phone number before passing it on")
    town.topic(town.consultant, "Q1").sees("Her number is ▇▇▇, please call")
    assert PHONE not in in_the_room(town)
    assert PHONE not in kept(town)


@pytest.mark.parametrize("words", [f"MRN 445566, phone {PHONE}", f"phone {PHONE} " + "and so on " * 95])
def test_r26_captions_are_screened_like_other_words(town: Town, words: str) -> None:
    asker = town.private(town.trainee)
    town.world.send_photo(town.trainee, asker.chat, b"bytes", caption=f"Can a union pay the flight to Lhasa? {words}")
    town.settle()
    asker.taps("Ask an expert")
    asker.sees("I cannot look into what you attached")
    asker.taps("Mask and send")
    topic = town.topic(town.consultant, "Q1")
    receipt = asker.message("Passed to our experts")
    town.world.send_photo(town.trainee, asker.chat, b"more", caption=f"One more: {words}", reply_to=receipt)
    town.settle()
    topic.sees("One more: ")
    assert len([post for post in topic.posts if "photo" in post.message]) == 2
    for what in (PHONE, "445566"):
        assert what not in in_the_room(town)


def test_what_has_no_words_is_passed_on_without_any(town: Town) -> None:
    asker = asked(town, UNKNOWN)
    asker.taps("Send")
    topic = town.topic(town.consultant, "Q1")
    before = len(topic.posts)
    receipt = asker.message("Passed to our experts")
    town.world.send_file(town.trainee, asker.chat, "video_note", b"bytes", reply_to=receipt)
    town.settle()
    assert ["video_note" in post.message for post in topic.posts[before:]] == [True]


def test_r26_the_organizers_report_shows_no_identifiers(town: Town) -> None:
    town.private(town.trainee).says(UNKNOWN)
    with town.database.transaction() as db:
        faq.reword(db, 1, text=f"{UNKNOWN} {ID}", entities=None)
    organizer = town.private(town.organizer)
    organizer.says("/report")
    assert ID not in organizer.sees(UNKNOWN[:40]).text


def test_r26_an_urgent_call_pages_the_room_without_identifiers(town: Town) -> None:
    town.private(town.trainee).says(f"患者王建国昏迷不醒，叫不醒，血糖2.1，电话{PHONE}")
    seen = in_the_room(town)
    assert "昏迷" in seen
    assert PHONE not in seen
    assert "王建国" not in seen

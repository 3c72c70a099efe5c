"""Questions to the experts, played through the sandbox: from the asker to the room and home again."""

from __future__ import annotations

import re

import pytest

from bot.features import groups
from tests.town import Seat, Town

UNKNOWN = "Can the money of our hospital's union pay the flight of patient club members to Lhasa?"


def passed_on(
    town: Town, seat: Seat | None = None, *, how: str = "Send", text: str = UNKNOWN, ask: str = "Ask an expert"
) -> Seat:
    """A question that went to the experts; gives the seat of its asker."""
    seat = seat or town.private(town.trainee)
    seat.says(text if seat.chat.is_private else f"/ask {text}")
    seat.taps(ask)
    seat.taps(how)
    return seat


def test_the_whole_story_from_a_group_to_the_experts_and_home(town: Town) -> None:
    asker = passed_on(town, town.seat(town.trainee, town.group))
    asker.sees("Passed to our experts as Q1")
    topic = town.topic(town.consultant, "Q1")
    assert "Li Wei" in town.room.topics[topic.topic].name
    topic.sees(UNKNOWN)
    topic.taps("Claim")
    topic.sees("张敏 has taken it")

    answer = topic.replies(UNKNOWN, "No, a union's money is for its members only.")
    home = asker.sees("a union's money is for its members only")
    assert home.message["reply_to_message"]["text"] == f"/ask {UNKNOWN}"
    assert answer.reactions, "the bot reacts to what it delivered"

    asker.taps("Solved")
    assert town.room.topics[topic.topic].closed
    topic.sees("solved")


def test_what_is_not_a_reply_to_the_asker_stays_among_the_consultants(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.says("Has anybody had this before?")
    note = topic.message("Has anybody")
    town.seat(town.second_consultant, town.room, topic.topic).says("Never.", reply_to=note)
    asker.sees_nothing_of("Has anybody")
    asker.sees_nothing_of("Never.")


def test_words_after_an_answer_land_in_the_same_topic(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No.")
    asker.says("And if they pay the half themselves?")
    topic.sees("And if they pay the half themselves?")
    asker.sees("Added to Q1")
    topic.replies("And if they pay", "Still no.")
    asker.sees("Still no.")


def test_a_chinese_asker_and_a_chinese_room_get_chinese_throughout(town: Town) -> None:
    with town.database.transaction() as db:
        room = groups.room(db)
        assert room is not None
        room.language = "zh_Hans"
    asker = town.private(town.other_trainee)
    asker.says("工會的錢能不能給俱樂部會員買去拉薩的機票？")
    asker.taps("請專家回答")
    asker.taps("傳送")
    topic = town.topic(town.consultant, "Q1")
    topic.taps("我来回答")
    asker.sees("张敏會來回答")
    topic.replies("拉薩", "不可以。")
    asker.says("那自己付一半呢？")
    asker.sees("已補充到Q1")
    topic.replies("那自己付一半呢？", "也不行。")
    asker.taps("已解決")
    asker.sees("Q1解決了")
    topic.sees("提问者说：已解决")
    english = re.compile(r"[A-Za-z]{3,}")
    assert not [text for seat in (asker, topic) for text in seat.texts if english.search(text)]


def test_i_still_have_a_question_brings_the_next_words_to_the_topic(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No.")
    asker.taps("I still have a question")
    asker.says("Who decides it?")
    topic.sees("Who decides it?")


def test_a_reply_to_an_answer_in_the_group_lands_in_the_topic_and_others_talk_does_not(town: Town) -> None:
    asker = passed_on(town, town.seat(town.trainee, town.group))
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No, sorry.")
    other = town.seat(town.other_trainee, town.group)
    other.replies("No, sorry.", "What a pity!")
    asker.replies("No, sorry.", "Why not?")
    topic.sees("Why not?")
    topic.sees_nothing_of("What a pity!")


def test_an_anonymous_question_names_nobody_in_the_room(town: Town) -> None:
    passed_on(town, how="Send anonymously")
    topic = town.topic(town.consultant, "anonymous")
    assert not [text for text in topic.texts if "Li Wei" in text or "liwei" in text]


def test_only_the_asker_can_press_what_is_theirs(town: Town) -> None:
    passed_on(town, town.seat(town.trainee, town.group))
    town.topic(town.consultant, "Q1").replies(UNKNOWN, "No.")
    other = town.seat(town.other_trainee, town.group)
    tap = other.taps("Solved")
    assert tap.show_alert
    assert not next(iter(t for t in town.room.topics.values() if "Q1" in t.name)).closed


def test_a_trainee_cannot_claim(town: Town) -> None:
    passed_on(town)
    town.world.add_member(town.room, town.trainee)
    topic = town.topic(town.trainee, "Q1")
    tap = topic.taps("Claim")
    assert tap.show_alert
    topic.sees_nothing_of("has taken it")


def test_r23_the_second_consultant_sees_who_was_first(town: Town) -> None:
    passed_on(town)
    first = town.topic(town.consultant, "Q1")
    card = first.message(UNKNOWN)
    data = next(b["callback_data"] for row in card.buttons for b in row if "Claim" in b["text"])
    first.taps("Claim")
    tap = town.world.tap(town.second_consultant, town.room, card.id, data, stale=True)
    town.settle()
    assert "张敏" in (tap.text or "")


def test_a_closed_question_opens_again_when_the_asker_replies(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No.")
    asker.taps("Solved")
    asker.replies("answer from", "One more thing: who decides?")
    topic.sees("One more thing")
    assert not town.room.topics[topic.topic].closed


def test_closing_by_a_consultant_is_told_to_the_asker(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.taps("Close")
    asker.sees("Q1 was closed by 张敏")
    assert town.room.topics[topic.topic].closed


def test_solved_after_a_consultant_closed_it_says_that_it_is_closed(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No.")
    topic.taps("Close")
    assert asker.taps("Solved").text == "Q1 is closed already."


def test_closing_the_topic_by_hand_closes_the_question(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    town.world.promote(town.room, town.consultant, can_manage_topics=True)
    town.settle()
    town.world.shut_topic(town.consultant, town.room, topic.topic)
    town.settle()
    asker.sees("Q1 was closed by 张敏")


@pytest.mark.parametrize("kind", ["photo", "document", "voice"])
def test_media_go_both_ways(town: Town, kind: str) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    card = topic.message(UNKNOWN)
    town.world.send_file(
        town.consultant, town.room, kind, b"bytes", caption="look here", topic=topic.topic, reply_to=card
    )
    town.settle()
    there = asker.sees("look here")
    assert kind in there.message
    town.world.send_file(town.trainee, asker.chat, kind, b"mine", caption="and this is mine", reply_to=there)
    town.settle()
    assert kind in topic.sees("and this is mine").message


def test_a_voice_message_without_words_can_be_passed_on(town: Town) -> None:
    asker = town.private(town.trainee)
    town.world.send_voice(town.trainee, asker.chat, b"ogg")
    town.settle()
    asker.taps("Ask an expert")
    asker.taps("Send")
    topic = town.topic(town.consultant, "Q1")
    assert any("voice" in post.message for post in topic.posts)


def test_formatting_of_the_asker_and_of_the_consultant_is_kept(town: Town) -> None:
    asker = town.private(town.trainee)
    entities = [{"type": "bold", "offset": 0, "length": 3}]
    town.world.say(town.trainee, asker.chat, UNKNOWN, entities=entities)
    town.settle()
    asker.taps("Ask an expert")
    asker.taps("Send")
    topic = town.topic(town.consultant, "Q1")
    card = topic.message(UNKNOWN)
    start = card.text.index(UNKNOWN)
    assert {"type": "bold", "offset": start, "length": 3} in card.message["entities"]


def test_r20_a_long_answer_arrives_whole(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    sentences = " ".join(f"This is sentence number {n} of a long answer." for n in range(90))[:4090]
    topic.replies(UNKNOWN, sentences)
    arrived = "".join(text for text in asker.texts if "sentence number" in text)
    for n in range(85):
        assert f"number {n} of" in arrived
    assert asker.buttons("number 84")


def test_html_and_emoji_in_names_do_no_harm(town: Town) -> None:
    from bot.features.people import Role

    odd = town.person("<b>李</b> & 🦊", "en", Role.TRAINEE)
    passed_on(town, town.private(odd))
    topic = town.topic(town.consultant, "Q1")
    topic.sees("<b>李</b> & 🦊")


def test_r05_a_deleted_topic_is_made_again_with_the_story(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No, sorry.")
    town.world.promote(town.room, town.consultant, can_manage_topics=True)
    town.world.erase_topic(town.consultant, town.room, topic.topic)
    asker.says("Thank you, and what else could we try?")
    again = town.topic(town.consultant, "Q1")
    assert again.topic != topic.topic
    again.sees(UNKNOWN)
    again.sees("No, sorry.")
    again.sees("what else could we try?")
    again.replies("what else could we try?", "Ask the foundation.")
    asker.sees("Ask the foundation.")


def test_r11_a_blocked_asker_is_told_to_the_room(town: Town) -> None:
    passed_on(town)
    town.world.block(town.trainee)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No.")
    topic.sees("Not delivered")


def test_r10_without_a_room_nothing_is_lost(town: Town) -> None:
    town.world.remove_member(town.room, town.world.bot_id, town.organizer)
    town.settle()
    asker = passed_on(town)
    asker.sees("We have your question")
    town.private(town.organizer).sees("removed from the consultants' room")
    town.world.add_bot(town.room, town.organizer)
    town.world.set_bot_rights(town.room, town.organizer, can_manage_topics=True)
    town.settle()
    town.topic(town.consultant, "Q1").sees(UNKNOWN)


def test_r10_a_room_without_the_right_to_manage_topics_works_with_replies(town: Town) -> None:
    town.world.set_bot_rights(town.room, town.organizer, can_manage_topics=False)
    town.settle()
    asker = passed_on(town)
    general = town.seat(town.consultant, town.room)
    general.sees(UNKNOWN)
    general.replies(UNKNOWN, "No, sorry.")
    asker.sees("No, sorry.")


def test_questions_lists_ones_own_and_queue_the_open_ones(town: Town) -> None:
    asker = passed_on(town)
    asker.says("/questions")
    asker.sees("waiting for an expert")
    desk = town.private(town.consultant)
    desk.says("/queue")
    desk.sees("nobody yet") if town.consultant.language == "en" else desk.sees("Q1")
    nobody = town.private(town.other_trainee)
    nobody.says("/queue")
    nobody.sees_nothing_of(UNKNOWN)


def test_r01_sending_twice_passes_it_on_once(town: Town) -> None:
    asker = town.private(town.trainee)
    asker.says(UNKNOWN)
    asker.taps("Ask an expert")
    post = asker.message("This goes to our experts")
    data = next(b["callback_data"] for row in post.buttons for b in row if b["text"] == "Send")
    for _ in range(2):
        town.world.tap(town.trainee, asker.chat, post.id, data, stale=True)
    town.settle()
    assert len([t for t in town.room.topics.values() if "Q1" in t.name or "Q2" in t.name]) == 1


def test_a_button_of_a_question_that_is_gone_says_so(town: Town) -> None:
    asker = town.private(town.trainee)
    asker.says(UNKNOWN)
    post = asker.last
    tap = town.world.tap(town.trainee, asker.chat, post.id, "questions.solved:9999", stale=True)
    town.settle()
    assert tap.show_alert
    assert "no longer works" in (tap.text or "")


def test_a_button_of_a_deleted_message_says_that_it_is_old(town: Town) -> None:
    asker = town.private(town.trainee)
    asker.says(UNKNOWN)
    post = asker.last
    data = post.buttons[0][0]["callback_data"]
    town.world.delete(town.trainee, asker.chat, post)
    tap = town.world.tap(town.trainee, asker.chat, post.id, data, stale=True)
    town.settle()
    assert tap.show_alert
    assert "old" in (tap.text or "")

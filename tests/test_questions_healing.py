"""What goes wrong on the way, and what people break by hand: mended where it can be, said where it cannot."""

from __future__ import annotations

import pytest

from bot.features import groups, people
from bot.features.groups import Kind
from bot.features.questions import Question
from bot.sandbox.world import Chat
from tests.conftest import SetClock
from tests.test_questions import UNKNOWN, passed_on
from tests.test_questions_relay import attaches
from tests.town import Seat, Town

GONE = "Bad Request: message thread not found"


def mighty(town: Town) -> None:
    """张敏 may manage topics by hand."""
    town.world.promote(town.room, town.consultant, can_manage_topics=True)
    town.settle()


def deletes_topic(town: Town, topic: Seat) -> None:
    """By hand; no bot is told."""
    mighty(town)
    town.world.erase_topic(town.consultant, town.room, topic.topic)


def topics_of(town: Town, label: str = "Q1") -> list[int]:
    """The topics that there are for a question."""
    return [topic.id for topic in town.room.topics.values() if label in topic.name]


# R2: in doubt


def test_r02_an_answer_that_may_have_arrived_is_sent_once_more_with_a_mark_and_the_topic_says_so(
    town: Town, clock: SetClock
) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    town.world.faults.ask(method="sendMessage", chat_id=asker.chat.id, drop="after")
    topic.replies(UNKNOWN, "No, never.")
    clock.moves(seconds=5)
    town.settle()
    assert [text.endswith("↻") for text in asker.texts if "No, never." in text] == [False, True]
    topic.sees("An answer may have reached the asker twice")
    town.settle()
    assert len([text for text in topic.texts if "may have reached the asker twice" in text]) == 1


def test_r02_a_voice_message_that_can_carry_no_mark_is_told_as_well(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    town.world.faults.ask(method="copyMessage", chat_id=town.room.id, drop="after")
    topic.replies(UNKNOWN, "Tell me more.")
    attaches(town, asker, "video_note")
    clock.moves(seconds=5)
    town.settle()
    topic.sees("A message of the asker may be here twice")


def test_r02_what_is_in_doubt_twice_is_left_to_people(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    town.world.faults.ask(method="sendMessage", chat_id=asker.chat.id, drop="after", times=2)
    topic.replies(UNKNOWN, "No, never.")
    clock.moves(seconds=60)
    town.settle()
    assert len([text for text in asker.texts if "No, never." in text]) == 2
    topic.sees("so it may have arrived after all")
    topic.taps("Try again")
    assert len([text for text in asker.texts if "No, never." in text]) == 3


# R5, R6: topics


def test_r05_a_deleted_topic_is_made_again_with_all_that_was_said_and_shown(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.says("Has anybody had this?")
    attaches(town, topic, "photo", caption="See here", reply_to=topic.message(UNKNOWN))
    deletes_topic(town, topic)
    asker.says("Thank you, and what else could we try?")
    again = town.topic(town.consultant, "Q1")
    assert again.topic != topic.topic
    for words in (UNKNOWN, "张敏:\nHas anybody had this?", "张敏:\nSee here", "what else could we try?", "was deleted"):
        again.sees(words)
    assert "photo" in again.sees("See here").message
    again.replies("what else could we try?", "Ask the foundation.")
    asker.sees("Ask the foundation.")
    assert len(topics_of(town)) == 1


def test_r05_two_messages_into_a_deleted_topic_make_one_new_topic(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No.")
    answer = asker.message("No.")
    deletes_topic(town, topic)
    for words in ("And this?", "And that?"):
        town.world.say(town.trainee, asker.chat, words, reply_to=answer)
    town.settle()
    again = town.topic(town.consultant, "Q1")
    assert len([text for text in again.texts if "And this?" in text]) == 1
    assert len([text for text in again.texts if "And that?" in text]) == 1
    assert len(topics_of(town)) == 1


def test_r05_a_topic_can_be_lost_twice_and_a_long_story_comes_whole(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Tell me more.")
    asker.says(" ".join(f"This is sentence number {n} of a long story." for n in range(88)))
    for words in ("Still there?", "Still there now?"):
        deletes_topic(town, town.topic(town.consultant, "Q1"))
        asker.replies("Tell me more.", words)
    again = town.topic(town.consultant, "Q1")
    arrived = " ".join(again.texts)
    assert not [n for n in range(88) if f"number {n} of" not in arrived]
    again.sees("Still there now?")


def test_r06_telegram_loses_a_topic_that_is_there_and_after_five_the_question_goes_on_without(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No.")
    town.world.faults.ask(method="sendMessage", chat_id=town.room.id, error_code=400, description=GONE, times=17)
    asker.says("And half of it?")
    assert len(topics_of(town)) == 5
    general = town.seat(town.consultant, town.room)
    general.sees(UNKNOWN)
    general.replies("And half of it?", "Not even half.")
    asker.sees("Not even half.")


def test_r06_one_topic_not_found_is_healed_once(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No.")
    town.world.faults.ask(method="sendMessage", chat_id=town.room.id, error_code=400, description=GONE)
    asker.says("And half of it?")
    assert len(topics_of(town)) == 2
    assert len([text for text in town.topic(town.consultant, "Q1").texts if "And half of it?" in text]) == 1


def test_a_topic_that_was_renamed_by_hand_keeps_its_name(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    mighty(town)
    town.world.rename_topic(town.consultant, town.room, topic.topic, "Union money")
    town.settle()
    topic.replies(UNKNOWN, "No.")
    asker.says("And half of it?")
    topic.sees("And half of it?")
    assert town.room.topics[topic.topic].name == "Union money"


def test_a_topic_that_was_closed_by_hand_opens_again_with_the_askers_words(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No.")
    mighty(town)
    town.world.shut_topic(town.consultant, town.room, topic.topic)
    town.settle()
    asker.replies("answer from", "But why?")
    topic.sees("But why?")
    assert not town.room.topics[topic.topic].closed


# R8: General


def test_r08_general_is_answered_without_a_thread_and_others_talk_there_is_left_alone(town: Town) -> None:
    town.world.set_bot_rights(town.room, town.organizer, can_manage_topics=False)
    town.settle()
    asker = passed_on(town)
    general = town.seat(town.consultant, town.room)
    before = len(town.room.messages)
    lunch = general.says("Lunch at noon?")
    town.seat(town.second_consultant, town.room).says("Yes!", reply_to=lunch)
    assert len(town.room.messages) == before + 2
    asker.sees_nothing_of("Lunch")
    general.replies(UNKNOWN, "No, never.")
    asker.sees("No, never.")
    attaches(town, asker, "sticker", reply_to=asker.message("No, never."))
    assert "sticker" in general.last.message
    general.says("Nice one.", reply_to=general.last)
    asker.sees("Nice one.")


# R9: a group grows up


def basic_room(town: Town) -> Chat:
    """A consultants' room that is a basic group."""
    room = town.world.group("Old room", town.organizer, town.consultant)
    with town.database.transaction() as db:
        group = groups.seen(
            db,
            room.id,
            title=room.title,
            is_forum=False,
            language="en",
            timezone="Asia/Shanghai",
            now=town.now(),
        )
        groups.settle(db, group, Kind.CONSULTANTS)
    town.app.handlers.reload()
    town.settle()
    return room


@pytest.mark.parametrize("told", [True, False], ids=["by the service message", "by the error"])
def test_r09_a_room_that_becomes_a_supergroup_keeps_its_questions(town: Town, told: bool) -> None:
    room = basic_room(town)
    asker = passed_on(town)
    town.seat(town.consultant, room).replies(UNKNOWN, "Tell me more.")
    new = town.world.migrate_to_supergroup(room, town.organizer)
    if told:
        town.settle()
    else:
        town.world.updates.clear()
    asker.says("It is about the plane.")
    there = town.seat(town.consultant, new)
    there.sees("It is about the plane.")
    with town.database.reading() as db:
        question = db.get(Question, 1)
        assert question is not None
        assert question.room_id == new.id
        assert groups.find(db, room.id) is None
    if told:
        there.replies("It is about the plane.", "Then: no.")
        asker.sees("Then: no.")


def test_r09_an_answer_to_a_question_from_a_group_that_grew_up_replies_to_nobody_else(town: Town) -> None:
    old = town.world.group("Ward 7", town.trainee, town.organizer)
    town.settle()
    asker = passed_on(town, town.seat(town.trainee, old))
    new = town.world.migrate_to_supergroup(old, town.organizer)
    for number in range(40):
        town.world.say(town.trainee, new, f"talk {number}")
    town.settle()
    town.topic(town.consultant, "Q1").replies(UNKNOWN, "No, never.")
    home = town.seat(town.trainee, new).sees("No, never.")
    assert "reply_to_message" not in home.message
    asker.sees_nothing_of("No, never.")


# R10: the room is lost for a while


def test_r10_a_bot_that_was_removed_keeps_what_it_owes_and_goes_on_in_the_same_topic(
    town: Town, clock: SetClock
) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Tell me more.")
    town.world.remove_member(town.room, town.world.bot_id, town.organizer)
    asker.says("It is about the plane.")
    asker.replies("Tell me more.", "And about the train.")
    asker.sees("Added to Q1")
    assert len([text for text in town.private(town.organizer).texts if "consultants' room" in text]) == 1
    town.world.add_bot(town.room, town.organizer)
    town.world.set_bot_rights(town.room, town.organizer, can_manage_topics=True)
    town.settle()
    told = [text for text in topic.texts if text.startswith("Li Wei:")]
    assert told == ["Li Wei:\nIt is about the plane.", "Li Wei:\nAnd about the train."]
    assert topics_of(town) == [topic.topic]


def test_r10_a_room_where_the_bot_may_not_write_alerts_an_organizer_once_and_loses_nothing(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Tell me more.")
    refused = "Bad Request: not enough rights to send text messages to the chat"
    town.world.faults.ask(method="sendMessage", chat_id=town.room.id, error_code=400, description=refused)
    asker.says("It is about the plane.")
    asker.replies("Tell me more.", "And about the train.")
    alerts = [text for text in town.private(town.organizer).texts if "I cannot write in the consultants' room" in text]
    assert len(alerts) == 1
    topic.says("Now you may write again.")
    assert [text for text in topic.texts if text.startswith("Li Wei:")] == [
        "Li Wei:\nIt is about the plane.",
        "Li Wei:\nAnd about the train.",
    ]


def test_r10_a_question_sent_while_the_room_is_lost_is_received_and_comes_later(town: Town) -> None:
    town.world.faults.ask(
        method="createForumTopic",
        error_code=403,
        description="Forbidden: bot was kicked from the supergroup chat",
    )
    passed_on(town)
    assert not topics_of(town)
    town.seat(town.consultant, town.room).says("Hello?")
    assert len(topics_of(town)) == 1
    town.topic(town.consultant, "Q1").sees(UNKNOWN)


def test_r10_topics_switched_off_alert_an_organizer_and_questions_come_as_messages(town: Town) -> None:
    town.world.set_forum(town.room, False)
    asker = passed_on(town)
    passed_on(town, text="May our club sell the old glucometers at the hospital's summer bazaar?")
    there = town.seat(town.consultant, town.room)
    there.replies(UNKNOWN, "No, never.")
    asker.sees("No, never.")
    alerts = [text for text in town.private(town.organizer).texts if "I cannot open topics" in text]
    assert len(alerts) == 1


# R11, R12: the asker cannot be reached


def test_r11_a_blocked_asker_is_told_to_the_room_before_and_after_an_answer(town: Town) -> None:
    passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    town.world.block(town.trainee)
    town.settle()
    topic.sees("The asker cannot be reached now")
    topic.replies(UNKNOWN, "No, never.")
    topic.sees("Not delivered: the asker has blocked the bot.")
    with town.database.reading() as db:
        member = people.find(db, town.trainee.id)
        assert member is not None
        assert member.unreachable_at is not None


def test_r11_all_resumes_when_the_asker_returns(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    town.world.block(town.trainee)
    topic.replies(UNKNOWN, "No, never.")
    assert not [post for post in topic.posts if post.reactions and post.text == "No, never."]
    asker.starts()
    back = topic.sees("The asker is back")
    assert back.buttons
    asker.sees_nothing_of("No, never.")
    topic.taps("Try again", under="is back")
    home = asker.sees("No, never.")
    assert home.buttons
    assert topic.message("No, never.").reactions, "now it is delivered"
    assert topic.taps("Try again", under="Not delivered").text == "There is nothing left to send again."
    assert len([text for text in asker.texts if "No, never." in text]) == 1
    asker.says("Why not?")
    topic.sees("Why not?")


def test_r11_trying_again_in_vain_says_so_again(town: Town) -> None:
    passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    town.world.block(town.trainee)
    topic.replies(UNKNOWN, "No, never.")
    topic.taps("Try again")
    topic.sees("Sent again by 张敏")
    topic.sees("Not delivered: the asker has blocked the bot.")


def test_r11_a_long_answer_that_did_not_arrive_is_told_once_and_comes_whole_later(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    town.world.block(town.trainee)
    topic.replies(UNKNOWN, " ".join(f"This is sentence number {n} of it." for n in range(110)))
    assert len([text for text in topic.texts if "Not delivered" in text]) == 1
    asker.starts()
    topic.taps("Try again", under="Not delivered")
    arrived = "".join(asker.texts)
    assert not [n for n in range(110) if f"number {n} of" not in arrived]


def test_r12_a_deactivated_account_is_final(town: Town, clock: SetClock) -> None:
    passed_on(town)
    town.world.deactivate(town.trainee)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No, never.")
    notice = topic.sees("Not delivered: the asker's Telegram account no longer exists.")
    assert not notice.buttons
    clock.moves(hours=3)
    town.settle()
    assert len([text for text in topic.texts if "Not delivered" in text]) == 1


def test_r12_somebody_who_never_opened_the_private_chat_is_final_until_they_do(town: Town) -> None:
    asker = passed_on(town)
    town.trainee.started = False
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No, never.")
    notice = topic.sees("Not delivered: the asker has not opened a private chat with the bot.")
    assert not notice.buttons
    asker.starts()
    topic.taps("Try again", under="is back")
    asker.sees("No, never.")


# R14: what is missing in the topic


def test_r14_a_photo_that_was_deleted_before_it_was_passed_on_is_named_in_the_topic(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Show me.")
    post = town.world.send_photo(town.trainee, asker.chat, b"bytes")
    town.world.faults.ask(method="copyMessage", error_code=400, description="Bad Request: message to copy not found")
    town.settle()
    assert post.id
    topic.sees("Missing here, from the asker: a photo. Reason: the message was deleted before I could pass it on.")
    topic.taps("Try again")
    assert [post for post in topic.posts if "photo" in post.message]


def test_only_consultants_can_try_again_and_only_in_their_room(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    town.world.block(town.trainee)
    topic.replies(UNKNOWN, "No, never.")
    asker.starts()
    notice = topic.message("Not delivered")
    data = notice.buttons[0][0]["callback_data"]
    town.world.add_member(town.room, town.other_trainee)
    for person, chat, post in (
        (town.other_trainee, town.room, notice),
        (town.trainee, asker.chat, asker.last),
        (town.consultant, town.world.private(town.consultant), asker.last),
    ):
        tap = town.world.tap(person, chat, post.id, data, stale=True)
        town.settle()
        assert tap.show_alert
    asker.sees_nothing_of("No, never.")

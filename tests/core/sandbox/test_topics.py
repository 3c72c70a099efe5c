"""Forums and their topics."""

from __future__ import annotations

import pytest
from telegram import ReplyParameters

from bot.sandbox.errors import NotPossible
from bot.sandbox.world import Chat
from tests.core.sandbox.conftest import Stage


@pytest.fixture
def room(stage: Stage) -> Chat:
    made = stage.world.forum("Room", stage.li, stage.world.person("Zhang"))
    stage.world.set_rights(made, stage.world.bot_id, can_manage_topics=True)
    return made


def _topic(stage: Stage, room: Chat, name: str = "Q1") -> int:
    return stage.run(stage.bot.create_forum_topic(room.id, name)).message_thread_id


def test_a_topic_has_the_id_of_the_message_that_opened_it(stage: Stage, room: Chat) -> None:
    thread = _topic(stage, room)
    opening = room.messages[thread].message
    assert opening["forum_topic_created"] == {"name": "Q1", "icon_color": 7322096}
    assert room.topics[thread].creator == stage.world.bot_id


def test_a_message_in_a_topic_carries_its_thread_and_replies_to_its_beginning(stage: Stage, room: Chat) -> None:
    thread = _topic(stage, room)
    sent = stage.run(stage.bot.send_message(room.id, "hello", message_thread_id=thread))
    assert (sent.message_thread_id, sent.is_topic_message) == (thread, True)
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.message_id == thread
    answer = stage.world.say(stage.li, room, "yes", reply_to=sent.message_id)
    assert answer.topic == thread
    assert answer.message["reply_to_message"]["message_id"] == sent.message_id


def test_a_reply_goes_to_the_topic_of_what_it_answers(stage: Stage, room: Chat) -> None:
    thread = _topic(stage, room)
    asked = stage.world.say(stage.li, room, "how?", topic=thread)
    sent = stage.run(stage.bot.send_message(room.id, "so", reply_parameters=ReplyParameters(asked.id)))
    assert sent.message_thread_id == thread


def test_messages_in_general_carry_no_thread(stage: Stage, room: Chat) -> None:
    sent = stage.run(stage.bot.send_message(room.id, "to all"))
    assert (sent.message_thread_id, sent.is_topic_message) == (None, None)
    assert stage.refusal(stage.bot.send_message(room.id, "x", message_thread_id=1)) == "Message thread not found"


def test_a_topic_that_is_gone_is_not_found(stage: Stage, room: Chat) -> None:
    thread = _topic(stage, room)
    inside = stage.run(stage.bot.send_message(room.id, "hello", message_thread_id=thread))
    stage.world.erase_topic(stage.li, room, thread)
    assert inside.message_id not in room.messages
    assert stage.refusal(stage.bot.send_message(room.id, "x", message_thread_id=thread)) == "Message thread not found"
    assert stage.refusal(stage.bot.close_forum_topic(room.id, thread)) == "Topic_id_invalid"


def test_a_thread_id_in_a_private_chat_is_not_found_and_in_a_plain_group_ignored(stage: Stage) -> None:
    group = stage.world.supergroup("Group", stage.li)
    assert stage.refusal(stage.bot.send_message(stage.li.id, "x", message_thread_id=5)) == "Message thread not found"
    assert stage.run(stage.bot.send_message(group.id, "x", message_thread_id=5)).message_thread_id is None


def test_closing_and_reopening_is_said_in_the_topic_and_not_done_twice(stage: Stage, room: Chat) -> None:
    thread = _topic(stage, room)
    stage.run(stage.bot.close_forum_topic(room.id, thread))
    assert room.topics[thread].closed
    assert "forum_topic_closed" in room.in_topic(thread)[-1].message
    assert stage.refusal(stage.bot.close_forum_topic(room.id, thread)) == "Topic_not_modified"
    stage.run(stage.bot.reopen_forum_topic(room.id, thread))
    assert stage.refusal(stage.bot.reopen_forum_topic(room.id, thread)) == "Topic_not_modified"


def test_a_closed_topic_takes_messages_from_those_only_who_manage_topics(stage: Stage, room: Chat) -> None:
    thread = stage.world.create_topic(stage.li, room, "Theirs").id
    stage.world.shut_topic(stage.li, room, thread)
    stage.run(stage.bot.send_message(room.id, "I may", message_thread_id=thread))
    zhang = next(person for person in stage.world.people.values() if person.name == "Zhang")
    with pytest.raises(NotPossible, match="this topic is closed"):
        stage.world.say(zhang, room, "may I?", topic=thread)
    stage.world.set_bot_rights(room, can_pin_messages=True)
    assert stage.refusal(stage.bot.send_message(room.id, "and now?", message_thread_id=thread)) == "Topic_closed"


def test_an_edit_of_a_topic_must_change_something(stage: Stage, room: Chat) -> None:
    thread = _topic(stage, room)
    stage.run(stage.bot.edit_forum_topic(room.id, thread, name="Q1 · solved"))
    assert room.topics[thread].name == "Q1 · solved"
    same = stage.bot.edit_forum_topic(room.id, thread, name="Q1 · solved")
    assert stage.refusal(same) == "Topic_not_modified"


def test_names_are_cleaned_and_cut_after_128_characters(stage: Stage, room: Chat) -> None:
    thread = _topic(stage, room, "  Q1\n" + "x" * 200)
    assert room.topics[thread].name == "Q1 " + "x" * 125
    assert stage.refusal(stage.bot.create_forum_topic(room.id, " \n ")) == "Name must be non-empty"
    assert stage.refusal(stage.bot.create_forum_topic(room.id, "x", icon_color=5)) == "Invalid icon color specified"


def test_topics_need_the_right_and_a_forum(stage: Stage, room: Chat) -> None:
    plain = stage.world.supergroup("Group", stage.li)
    assert stage.refusal(stage.bot.create_forum_topic(plain.id, "Q1")) == "The chat is not a forum"
    stage.world.set_bot_rights(room)
    assert stage.refusal(stage.bot.create_forum_topic(room.id, "Q1")) == "Not enough rights to create a topic"
    theirs = stage.world.create_topic(stage.li, room, "Theirs").id
    assert stage.refusal(stage.bot.delete_forum_topic(room.id, theirs)) == "Not enough rights to delete the topic"
    assert stage.refusal(stage.bot.edit_forum_topic(room.id, theirs, "x")) == "Not enough rights to edit the topic"


def test_a_topic_of_ones_own_can_be_deleted_while_nobody_else_wrote_there(stage: Stage, room: Chat) -> None:
    alone, shared = _topic(stage, room), _topic(stage, room)
    stage.world.say(stage.li, room, "hello", topic=shared)
    stage.run(stage.bot.delete_forum_topic(room.id, alone))
    assert alone not in room.topics
    assert stage.refusal(stage.bot.delete_forum_topic(room.id, shared)) == "Not enough rights to delete the topic"


def test_general_is_closed_hidden_and_renamed_by_methods_of_its_own(stage: Stage, room: Chat) -> None:
    bot = stage.bot
    stage.run(bot.edit_general_forum_topic(room.id, "Lobby"))
    stage.run(bot.close_general_forum_topic(room.id))
    assert stage.refusal(bot.close_general_forum_topic(room.id)) == "Topic_not_modified"
    stage.run(bot.reopen_general_forum_topic(room.id))
    stage.run(bot.hide_general_forum_topic(room.id))
    stage.run(bot.unhide_general_forum_topic(room.id))
    general = room.topics[0]
    assert (general.name, general.hidden) == ("Lobby", False)


def test_topics_can_be_switched_off(stage: Stage, room: Chat) -> None:
    thread = _topic(stage, room)
    stage.world.set_forum(room, False)
    assert stage.refusal(stage.bot.create_forum_topic(room.id, "Q2")) == "The chat is not a forum"
    sent = stage.run(stage.bot.send_message(room.id, "x", message_thread_id=thread))
    assert sent.is_topic_message is None

"""What the bot hears: polling, privacy mode, taps, and what reaches no bot."""

from __future__ import annotations

import asyncio

import pytest
from telegram import ReplyParameters, Update
from telegram.error import Conflict

from bot.sandbox.errors import NotPossible
from bot.sandbox.world import Chat
from tests.core.sandbox.conftest import Stage


def texts(updates: list[Update]) -> list[str | None]:
    return [update.message.text for update in updates if update.message]


# Polling


def test_updates_stay_until_an_offset_acknowledges_them(stage: Stage) -> None:
    for text in ("one", "two", "three"):
        stage.world.say(stage.li, stage.private, text)
    first = stage.run(stage.bot.get_updates(limit=2))
    assert texts(list(first)) == ["one", "two"]
    assert stage.run(stage.bot.get_updates(limit=2)) == first
    assert texts(list(stage.run(stage.bot.get_updates(offset=first[1].update_id)))) == ["two", "three"]
    assert texts(list(stage.run(stage.bot.get_updates(offset=first[1].update_id + 1)))) == ["three"]


def test_a_negative_offset_keeps_only_the_newest(stage: Stage) -> None:
    for text in ("one", "two", "three"):
        stage.world.say(stage.li, stage.private, text)
    assert texts(list(stage.run(stage.bot.get_updates(offset=-1)))) == ["three"]
    assert texts(list(stage.run(stage.bot.get_updates()))) == ["three"]


def test_a_long_poll_returns_as_soon_as_something_happens(stage: Stage) -> None:
    async def poll_and_speak() -> list[Update]:
        polling = asyncio.create_task(stage.bot.get_updates(timeout=30))
        await asyncio.sleep(0)
        stage.world.say(stage.li, stage.private, "hello")
        return list(await asyncio.wait_for(polling, 5))

    assert texts(stage.run(poll_and_speak())) == ["hello"]


def test_a_second_poller_ends_the_first_with_409(stage: Stage) -> None:
    async def two_pollers() -> list[Update]:
        first = asyncio.create_task(stage.bot.get_updates(timeout=30))
        await asyncio.sleep(0)
        second = asyncio.create_task(stage.bot.get_updates(timeout=30))
        with pytest.raises(Conflict, match="terminated by other getUpdates request; make sure that only one bot"):
            await asyncio.wait_for(first, 5)
        stage.world.say(stage.li, stage.private, "hello")
        return list(await asyncio.wait_for(second, 5))

    assert texts(stage.run(two_pollers())) == ["hello"]


def test_polling_is_refused_while_a_webhook_is_set(stage: Stage) -> None:
    stage.run(stage.bot.set_webhook("https://example.org/hook"))
    assert stage.reply("getUpdates").payload == {
        "ok": False,
        "error_code": 409,
        "description": "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
        "webhook first",
    }
    stage.run(stage.bot.delete_webhook())
    assert stage.updates() == []


def test_updates_are_kept_for_24_hours(stage: Stage) -> None:
    stage.world.say(stage.li, stage.private, "old")
    stage.passes(hours=23)
    stage.world.say(stage.li, stage.private, "new")
    stage.passes(hours=2)
    assert texts(stage.updates()) == ["new"]


def test_some_kinds_must_be_asked_for(stage: Stage) -> None:
    asked = stage.world.say(stage.li, stage.private, "hi")
    stage.world.set_reaction(stage.li, stage.private, asked, "👍")
    assert texts(stage.updates()) == ["hi"]
    stage.allow("message_reaction")
    stage.world.set_reaction(stage.li, stage.private, asked, "🔥")
    stage.world.say(stage.li, stage.private, "not asked for")
    (update,) = stage.updates()
    assert update.message_reaction is not None
    assert [r.to_dict()["emoji"] for r in update.message_reaction.new_reaction] == ["🔥"]
    assert [r.to_dict()["emoji"] for r in update.message_reaction.old_reaction] == ["👍"]
    stage.run(stage.bot.get_updates(allowed_updates=[]))
    stage.world.say(stage.li, stage.private, "the default again")
    assert texts(stage.updates()) == ["the default again"]


# Privacy mode


@pytest.fixture
def group(stage: Stage) -> Chat:
    made = stage.world.supergroup("Trainees", stage.li)
    stage.updates()
    return made


def test_privacy_mode_lets_only_what_is_meant_for_the_bot_through(stage: Stage, group: Chat) -> None:
    say = stage.world.say
    own = stage.run(stage.bot.send_message(group.id, "I am here"))
    say(stage.li, group, "just talking")
    say(stage.li, group, "/ask How?")
    say(stage.li, group, "/ask@SmallWinsBot How?")
    say(stage.li, group, "/ask@AnotherBot How?")
    say(stage.li, group, "what does @SmallWinsBot say?")
    say(stage.li, group, "and @SmallWinsBotter?")
    say(stage.li, group, "so it is", reply_to=own.message_id)
    say(stage.li, group, "later /ask is no command for bots")
    assert texts(stage.updates()) == [
        "/ask How?",
        "/ask@SmallWinsBot How?",
        "what does @SmallWinsBot say?",
        "so it is",
    ]


def test_service_messages_come_in_spite_of_privacy_mode(stage: Stage, group: Chat) -> None:
    stage.world.join(stage.world.person("Wang"), group)
    (update,) = stage.updates()
    assert update.message is not None
    assert [user.first_name for user in update.message.new_chat_members] == ["Wang"]


def test_administrators_and_bots_without_privacy_mode_hear_everything(stage: Stage, group: Chat) -> None:
    stage.world.privacy_mode = False
    stage.world.say(stage.li, group, "one")
    stage.world.privacy_mode = True
    stage.world.say(stage.li, group, "two")
    stage.world.set_bot_rights(group, can_delete_messages=True)
    stage.world.say(stage.li, group, "three")
    assert texts(stage.updates()) == ["one", "three"]
    assert stage.call("getMe")["can_read_all_group_messages"] is False


def test_a_plain_message_in_a_topic_that_the_bot_opened_is_no_reply_to_it(stage: Stage) -> None:
    room = stage.world.forum("Room", stage.li)
    room.permissions = room.permissions | {"can_manage_topics": True}
    topic = stage.run(stage.bot.create_forum_topic(room.id, "Q1"))
    stage.updates()
    stage.world.say(stage.li, room, "between ourselves", topic=topic.message_thread_id)
    assert texts(stage.updates()) == []


def test_edits_reach_the_bot_and_deletions_do_not(stage: Stage) -> None:
    asked = stage.world.say(stage.li, stage.private, "How")
    stage.passes(seconds=9)
    stage.world.edit(stage.li, stage.private, asked, "How?")
    stage.world.delete(stage.li, stage.private, asked)
    sent, edited = stage.updates()
    assert sent.message is not None
    assert sent.message.text == "How"
    assert edited.edited_message is not None
    assert edited.edited_message.text == "How?"
    assert edited.edited_message.edit_date is not None


def test_the_bot_never_hears_itself_except_for_service_messages(stage: Stage) -> None:
    room = stage.world.forum("Room", stage.li)
    stage.world.set_bot_rights(room, can_manage_topics=True)
    stage.updates()
    topic = stage.run(stage.bot.create_forum_topic(room.id, "Q1"))
    stage.run(stage.bot.send_message(room.id, "hello", message_thread_id=topic.message_thread_id))
    messages = [update.message for update in stage.updates() if update.message]
    assert [message.forum_topic_created.name for message in messages if message.forum_topic_created] == ["Q1"]
    assert len(messages) == 1


# Starting and blocking


def test_nobody_writes_before_start_or_while_the_bot_is_blocked(stage: Stage) -> None:
    wang = stage.world.person("Wang")
    with pytest.raises(NotPossible, match="press START first"):
        stage.world.say(wang, stage.world.private(wang), "hello")
    stage.world.start(wang, "invite42")
    stage.world.block(wang)
    with pytest.raises(NotPossible, match="unblock the bot first"):
        stage.world.say(wang, stage.world.private(wang), "hello")
    stage.world.start(wang)
    told = stage.updates()
    assert texts(told) == ["/start invite42", "/start"]
    changes = [u.my_chat_member.new_chat_member.status for u in told if u.my_chat_member]
    assert changes == ["kicked", "member"]


def test_an_anonymous_admin_and_a_channel_speak_in_other_names(stage: Stage, group: Chat) -> None:
    wang = stage.world.person("Wang")
    stage.world.join(wang, group)
    with pytest.raises(NotPossible, match="only administrators"):
        stage.world.say(wang, group, "/ask", anonymously=True)
    stage.updates()
    stage.world.say(stage.li, group, "/ask as the group", anonymously=True)
    channel = stage.world.channel("News")
    stage.world.say(wang, group, "/ask as a channel", as_channel=channel)
    by_group, by_channel = [update.message for update in stage.updates()]
    assert by_group is not None
    assert by_group.sender_chat is not None
    assert by_group.from_user is not None
    assert by_group.sender_chat.id == group.id
    assert by_group.from_user.username == "GroupAnonymousBot"
    assert by_channel is not None
    assert by_channel.sender_chat is not None
    assert by_channel.sender_chat.id == channel.id


# Taps


def _with_button(stage: Stage) -> int:
    markup = {"inline_keyboard": [[{"text": "✅ Solved", "callback_data": "solved:1"}]]}
    sent: int = stage.call("sendMessage", chat_id=stage.li.id, text="?", reply_markup=markup)["message_id"]
    return sent


def test_a_tap_reaches_the_bot_and_its_answer_the_person(stage: Stage) -> None:
    tap = stage.world.tap(stage.li, stage.private, _with_button(stage), "Solved")
    (update,) = stage.updates()
    query = update.callback_query
    assert query is not None
    assert (query.data, query.from_user.id) == ("solved:1", stage.li.id)
    stage.run(query.answer("Well done", show_alert=True))
    assert (tap.answered, tap.text, tap.show_alert) == (True, "Well done", True)
    assert stage.run(tap.wait()) is tap


def test_an_answer_that_comes_too_late_or_twice_is_refused(stage: Stage) -> None:
    message_id = _with_button(stage)
    late = stage.world.tap(stage.li, stage.private, message_id, "Solved")
    stage.passes(seconds=31)
    twice = stage.world.tap(stage.li, stage.private, message_id, "Solved")
    sentence = "Query is too old and response timeout expired or query id is invalid"
    assert stage.refusal(stage.bot.answer_callback_query(late.id)) == sentence
    stage.run(stage.bot.answer_callback_query(twice.id))
    assert stage.refusal(stage.bot.answer_callback_query(twice.id)) == sentence
    assert stage.refusal(stage.bot.answer_callback_query("1")) == sentence


def test_only_buttons_that_are_there_can_be_tapped_unless_the_screen_is_old(stage: Stage) -> None:
    message_id = _with_button(stage)
    with pytest.raises(NotPossible, match="no button 'Claim' under this message"):
        stage.world.tap(stage.li, stage.private, message_id, "Claim")
    stage.world.tap(stage.li, stage.private, message_id, "claim:1", stale=True)
    stage.run(stage.bot.delete_message(stage.li.id, message_id))
    stage.world.tap(stage.li, stage.private, message_id, "solved:1", stale=True)
    there, gone = [update.callback_query for update in stage.updates()]
    assert there is not None
    assert there.data == "claim:1"
    assert gone is not None
    assert gone.message is not None
    assert not gone.message.is_accessible


def test_a_reply_of_the_bot_across_chats_names_the_other_chat(stage: Stage, group: Chat) -> None:
    asked = stage.world.say(stage.li, group, "/ask How?")
    across = ReplyParameters(asked.id, chat_id=group.id)
    sent = stage.run(stage.bot.send_message(stage.li.id, "So", reply_parameters=across))
    assert sent.reply_to_message is None
    assert sent.external_reply is not None
    assert sent.external_reply.message_id == asked.id

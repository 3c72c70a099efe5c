"""Sending, editing, deleting, forwarding and copying, with Telegram's refusals."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReactionTypeEmoji, ReplyKeyboardMarkup, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.sandbox.world import Chat, World
from tests.core.sandbox.conftest import Stage

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("🙋 Ask an expert", callback_data="ask:1")]])


def test_a_message_reaches_the_person_with_its_formatting(stage: Stage) -> None:
    sent = stage.run(stage.bot.send_message(stage.li.id, "<b>Hi</b> 😀", parse_mode=ParseMode.HTML))
    post = stage.private.messages[sent.message_id]
    assert post.text == "Hi 😀"
    assert post.message["entities"] == [{"type": "bold", "offset": 0, "length": 2}]
    assert post.message["from"]["id"] == stage.world.bot_id


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (" \n ", "Text must be non-empty"),
        ("<b> </b>", "Text must be non-empty"),
        ("x" * 4097, "Message is too long"),
        ("<i>" + "é" * 4097 + "</i>", "Message is too long"),
        ("<x>", 'Can\'t parse entities: unsupported start tag "x" at byte offset 0'),
    ],
)
def test_text_has_1_to_4096_characters_after_parsing(stage: Stage, text: str, sentence: str) -> None:
    refusal = stage.refusal(stage.bot.send_message(stage.li.id, text, parse_mode=ParseMode.HTML))
    assert refusal.lower() == sentence.lower()


def test_4096_characters_in_markup_are_enough(stage: Stage) -> None:
    sent = stage.run(stage.bot.send_message(stage.li.id, "<b>" + "字" * 4096 + "</b>", parse_mode=ParseMode.HTML))
    assert len(sent.text or "") == 4096


def _stranger(world: World) -> int:
    return world.person("Stranger").id


def _seen_in_a_group(world: World) -> int:
    person = world.person("Wang")
    world.supergroup("Group", person)
    return person.id


def _blocked(world: World) -> int:
    person = world.person("Zhao")
    world.start(person)
    world.block(person)
    return person.id


def _deleted(world: World) -> int:
    person = world.person("Gone")
    person.started = True
    world.deactivate(person)
    return person.id


def _kicked(world: World) -> int:
    owner = world.person("Owner")
    group = world.supergroup("Group", owner)
    world.remove_member(group, world.bot_id, owner)
    return group.id


def _never_there(world: World) -> int:
    return world.supergroup("Group", bot=False).id


@pytest.mark.parametrize(
    ("chat_of", "error", "sentence"),
    [
        (lambda world: 424242, BadRequest, "Chat not found"),
        (_stranger, BadRequest, "Chat not found"),
        (_never_there, BadRequest, "Chat not found"),
        (_seen_in_a_group, Forbidden, "Forbidden: bot can't initiate conversation with a user"),
        (_blocked, Forbidden, "Forbidden: bot was blocked by the user"),
        (_deleted, Forbidden, "Forbidden: user is deactivated"),
        (_kicked, Forbidden, "Forbidden: bot was kicked from the supergroup chat"),
    ],
)
def test_whom_the_bot_cannot_write_to(stage: Stage, chat_of: Any, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error) as refused:
        stage.run(stage.bot.send_message(chat_of(stage.world), "hello"))
    assert str(refused.value) == sentence


def test_a_group_that_grew_up_answers_with_its_new_id(stage: Stage) -> None:
    small = stage.world.group("Small", stage.li)
    grown = stage.world.migrate_to_supergroup(small)
    with pytest.raises(ChatMigrated) as refused:
        stage.run(stage.bot.send_message(small.id, "hello"))
    assert refused.value.new_chat_id == grown.id
    assert [u.message.migrate_to_chat_id or u.message.migrate_from_chat_id for u in stage.updates() if u.message] == [
        grown.id,
        small.id,
    ]
    stage.run(stage.bot.send_message(grown.id, "hello again"))


def test_supergroups_count_their_own_messages_and_private_chats_share_a_counter(stage: Stage) -> None:
    wang = stage.world.person("Wang")
    stage.world.start(wang)
    ids = [stage.run(stage.bot.send_message(person.id, "x")).message_id for person in (stage.li, wang, stage.li)]
    assert ids == [2, 3, 4]
    groups = [stage.world.supergroup("A", stage.li), stage.world.supergroup("B", stage.li)]
    assert {stage.world.say(stage.li, group, "first").id for group in groups} == {2}


def test_a_reply_shows_what_it_answers(stage: Stage) -> None:
    asked = stage.world.say(stage.li, stage.private, "How do we begin?")
    sent = stage.run(stage.bot.send_message(stage.li.id, "Like so", reply_parameters=ReplyParameters(asked.id)))
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "How do we begin?"
    quoted = ReplyParameters(asked.id, quote="we begin")
    sent = stage.run(stage.bot.send_message(stage.li.id, "Thus", reply_parameters=quoted))
    assert sent.quote is not None
    assert sent.quote.position == 7


def test_a_reply_to_what_is_gone_is_refused_unless_it_may_stand_alone(stage: Stage) -> None:
    gone = ReplyParameters(999)
    assert stage.refusal(stage.bot.send_message(stage.li.id, "x", reply_parameters=gone)) == (
        "Message to be replied not found"
    )
    allowed = ReplyParameters(999, allow_sending_without_reply=True)
    assert stage.run(stage.bot.send_message(stage.li.id, "x", reply_parameters=allowed)).reply_to_message is None


def test_a_reply_in_a_group_carries_a_thread_id_without_being_a_topic_message(stage: Stage) -> None:
    group = stage.world.supergroup("Group", stage.li)
    asked = stage.world.say(stage.li, group, "/ask")
    sent = stage.run(stage.bot.send_message(group.id, "so", reply_parameters=ReplyParameters(asked.id)))
    assert (sent.message_thread_id, sent.is_topic_message) == (asked.id, None)


# Keyboards


@pytest.mark.parametrize(
    ("button", "sentence"),
    [
        ({"text": "x", "callback_data": "d" * 65}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": "字" * 22}, "BUTTON_DATA_INVALID"),
        ({"text": "x"}, "text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "callback_data": ""}, "text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "callback_data": "a", "url": "https://a.com"}, "text buttons are unallowed"),
        ({"text": " ", "callback_data": "a"}, "inline keyboard button text must be non-empty"),
        ({"text": "x", "url": "localhost"}, "inline keyboard button URL 'localhost' is invalid: Wrong HTTP URL"),
        ({"text": "x", "pay": True}, "not in this sandbox"),
    ],
)
def test_buttons_that_telegram_refuses(stage: Stage, button: dict[str, Any], sentence: str) -> None:
    markup = {"inline_keyboard": [[button]]}
    reply = stage.reply("sendMessage", chat_id=stage.li.id, text="x", reply_markup=markup)
    assert reply.status == 400
    assert sentence in reply.payload["description"]


def test_64_bytes_of_data_and_100_buttons_are_the_most(stage: Stage) -> None:
    row = [{"text": "x", "callback_data": "d" * 64}] * 5
    stage.call("sendMessage", chat_id=stage.li.id, text="x", reply_markup={"inline_keyboard": [row] * 20})
    reply = stage.reply("sendMessage", chat_id=stage.li.id, text="x", reply_markup={"inline_keyboard": [row] * 21})
    assert reply.payload["description"] == "Bad Request: reply markup is too long"


def test_contacts_are_asked_for_in_private_only(stage: Stage) -> None:
    group = stage.world.supergroup("Group", stage.li)
    markup = {"keyboard": [[{"text": "My number", "request_contact": True}]]}
    stage.call("sendMessage", chat_id=stage.li.id, text="x", reply_markup=markup)
    reply = stage.reply("sendMessage", chat_id=group.id, text="x", reply_markup=markup)
    assert reply.payload["description"] == "Bad Request: phone number can be requested in private chats only"


# Editing


def test_an_edit_changes_text_and_keyboard_and_is_marked(stage: Stage) -> None:
    sent = stage.run(stage.bot.send_message(stage.li.id, "one", reply_markup=KEYBOARD))
    stage.passes(seconds=5)
    edited = stage.run(sent.edit_text("two"))
    assert edited is not True
    post = stage.private.messages[sent.message_id]
    assert (post.text, post.buttons) == ("two", [])
    assert post.message["edit_date"] == post.message["date"] + 5


def test_an_edit_that_changes_nothing_is_refused(stage: Stage) -> None:
    sent = stage.run(stage.bot.send_message(stage.li.id, "<b>one</b>", parse_mode="HTML", reply_markup=KEYBOARD))
    same = sent.edit_text("<b>one</b>", parse_mode="HTML", reply_markup=KEYBOARD)
    assert stage.refusal(same) == (
        "Message is not modified: specified new message content and reply markup are exactly the same as a current "
        "content and reply markup of the message"
    )
    stage.run(sent.edit_text("one", reply_markup=KEYBOARD))


def test_what_cannot_be_edited(stage: Stage) -> None:
    bot, li = stage.bot, stage.li
    theirs = stage.world.say(li, stage.private, "mine")
    keys = stage.run(bot.send_message(li.id, "x", reply_markup=ReplyKeyboardMarkup([["a"]])))
    dice = stage.run(bot.send_dice(li.id))
    assert stage.refusal(bot.edit_message_text("y", li.id, theirs.id)) == "Message can't be edited"
    assert stage.refusal(bot.edit_message_text("y", li.id, keys.message_id)) == "Message can't be edited"
    assert stage.refusal(bot.edit_message_text("y", li.id, 999)) == "Message to edit not found"
    assert stage.refusal(bot.edit_message_text("y", li.id, dice.message_id)) == (
        "There is no text in the message to edit"
    )
    text = stage.run(bot.send_message(li.id, "x"))
    assert stage.refusal(bot.edit_message_caption(li.id, text.message_id, caption="c")) == (
        "There is no caption in the message to edit"
    )


def test_a_keyboard_is_taken_away_by_an_edit_of_it_alone(stage: Stage) -> None:
    sent = stage.run(stage.bot.send_message(stage.li.id, "x", reply_markup=KEYBOARD))
    stage.run(sent.edit_reply_markup())
    assert stage.private.messages[sent.message_id].buttons == []
    assert stage.refusal(sent.edit_reply_markup()).startswith("Message is not modified")


# Deleting


def test_the_bot_deletes_for_48_hours_only(stage: Stage) -> None:
    sent = stage.run(stage.bot.send_message(stage.li.id, "x"))
    old = stage.run(stage.bot.send_message(stage.li.id, "y"))
    stage.run(sent.delete())
    assert stage.refusal(sent.delete()) == "Message to delete not found"
    stage.passes(hours=48)
    stage.run(old.copy(stage.li.id))
    stage.passes(seconds=1)
    assert stage.refusal(old.delete()) == "Message can't be deleted for everyone"


def test_others_messages_in_a_group_need_the_right_to_delete(stage: Stage) -> None:
    group = stage.world.supergroup("Group", stage.li)
    theirs = stage.world.say(stage.li, group, "spam")
    assert stage.refusal(stage.bot.delete_message(group.id, theirs.id)) == "Message can't be deleted"
    stage.world.set_bot_rights(group, can_delete_messages=True)
    stage.run(stage.bot.delete_messages(group.id, [theirs.id, 998, 999]))
    assert theirs.id not in group.messages


def test_one_that_may_not_be_deleted_saves_all(stage: Stage) -> None:
    group = stage.world.supergroup("Group", stage.li)
    theirs = stage.world.say(stage.li, group, "theirs")
    own = stage.run(stage.bot.send_message(group.id, "own"))
    both = stage.bot.delete_messages(group.id, [theirs.id, own.message_id])
    assert stage.refusal(both) == "Message can't be deleted"
    assert own.message_id in group.messages


def test_a_throw_of_dice_stays_for_a_day(stage: Stage) -> None:
    dice = stage.run(stage.bot.send_dice(stage.li.id))
    assert stage.refusal(dice.delete()) == "Message can't be deleted for everyone"
    stage.passes(hours=24)
    stage.run(dice.delete())


# Forwarding and copying


def _question(stage: Stage) -> tuple[Chat, int]:
    group = stage.world.supergroup("Group", stage.li)
    return group, stage.world.say(stage.li, group, "/ask How?").id


def test_a_forward_tells_where_it_came_from_and_a_copy_does_not(stage: Stage) -> None:
    group, asked = _question(stage)
    forward = stage.run(stage.bot.forward_message(stage.li.id, group.id, asked))
    assert forward.forward_origin is not None
    assert forward.forward_origin.to_dict()["sender_user"]["id"] == stage.li.id
    copy = stage.run(stage.bot.copy_message(stage.li.id, group.id, asked))
    message = stage.private.messages[copy.message_id].message
    assert "forward_origin" not in message
    assert message["text"] == "/ask How?"


def test_many_are_copied_in_order_without_those_that_are_gone(stage: Stage) -> None:
    group, asked = _question(stage)
    second = stage.world.say(stage.li, group, "second").id
    copies = stage.run(stage.bot.copy_messages(stage.li.id, group.id, [asked, second, 777]))
    assert [stage.private.messages[copy.message_id].text for copy in copies] == ["/ask How?", "second"]
    wrong = stage.bot.copy_messages(stage.li.id, group.id, [second, asked])
    assert stage.refusal(wrong) == "Message identifiers must be in a strictly increasing order"
    assert stage.refusal(stage.bot.copy_messages(stage.li.id, group.id, [777])) == "There are no messages to forward"


def test_what_is_protected_or_gone_is_not_passed_on(stage: Stage) -> None:
    secret = stage.run(stage.bot.send_message(stage.li.id, "x", protect_content=True))
    assert secret.has_protected_content
    assert stage.refusal(secret.forward(stage.li.id)) == "Message can't be forwarded"
    assert stage.refusal(secret.copy(stage.li.id)) == "Message can't be copied"
    assert stage.refusal(stage.bot.forward_message(stage.li.id, stage.li.id, 99)) == "Message to forward not found"
    assert stage.refusal(stage.bot.copy_message(stage.li.id, stage.li.id, 99)) == "Message to copy not found"


def test_places_people_and_actions_are_sent_too(stage: Stage) -> None:
    bot, li = stage.bot, stage.li.id
    assert stage.run(bot.send_location(li, 31.82, 117.22)).location is not None
    assert stage.run(bot.send_venue(li, 31.82, 117.22, "Hospital", "Road 1")).venue is not None
    assert stage.run(bot.send_contact(li, "+861", "Wang")).contact is not None
    assert stage.run(bot.send_chat_action(li, "typing")) is True
    assert stage.refusal(bot.send_chat_action(li, "dancing")) == "Wrong parameter action in request"


# Reactions and pins


def test_the_bot_reacts_with_one_of_telegrams_emoji(stage: Stage) -> None:
    asked = stage.world.say(stage.li, stage.private, "hi")
    stage.run(stage.bot.set_message_reaction(stage.li.id, asked.id, ReactionTypeEmoji("❤️")))
    assert asked.reactions == {stage.world.bot_id: [{"type": "emoji", "emoji": "❤"}]}
    assert (
        stage.refusal(stage.bot.set_message_reaction(stage.li.id, asked.id, ReactionTypeEmoji("🦷")))
        == "Reaction_invalid"
    )
    assert stage.refusal(stage.bot.set_message_reaction(stage.li.id, asked.id, ["👍", "👎"])) == "Reactions_too_many"
    stage.run(stage.bot.set_message_reaction(stage.li.id, asked.id, []))
    assert asked.reactions == {}


def test_pinning_needs_the_right_and_says_so_in_the_chat(stage: Stage) -> None:
    group, asked = _question(stage)
    assert stage.refusal(stage.bot.pin_chat_message(group.id, asked)) == (
        "Not enough rights to manage pinned messages in the chat"
    )
    stage.world.set_bot_rights(group, can_pin_messages=True)
    stage.updates()
    stage.run(stage.bot.pin_chat_message(group.id, asked))
    assert group.pinned == [asked]
    pinned = [u.message.pinned_message for u in stage.updates() if u.message]
    assert [message.message_id for message in pinned if message] == [asked]
    stage.run(stage.bot.unpin_chat_message(group.id))
    assert group.pinned == []
    assert stage.refusal(stage.bot.unpin_chat_message(group.id)) == "Message to unpin not found"


def test_members_without_permission_to_send_hear_what_is_missing(stage: Stage) -> None:
    group = stage.world.supergroup("Quiet", stage.li)
    group.permissions = group.permissions | {"can_send_messages": False}
    assert stage.refusal(stage.bot.send_message(group.id, "x")) == (
        "Not enough rights to send text messages to the chat"
    )

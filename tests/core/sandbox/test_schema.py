"""The official API in machine-readable form, and what is refused for not being in it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.sandbox.bot_api._api import _METHODS
from bot.sandbox.errors import ApiError
from bot.sandbox.schema import api_schema, compact
from bot.sandbox.validation import Upload, conform, find_method
from tests.core.sandbox.conftest import PNG, Stage


def test_the_schema_is_bot_api_10_1_in_full() -> None:
    schema = api_schema()
    assert schema.version == "10.1"
    assert len(schema.methods) == 180
    assert len(schema.types) + len(schema.subtypes) == 359


def test_every_method_built_here_is_an_official_one() -> None:
    assert _METHODS.keys() <= api_schema().methods.keys()


def test_a_full_description_becomes_one_line_a_field() -> None:
    kind = {"name": "type", "types": ["String"], "required": True, "description": "Type of the thing, must be good"}
    many = {"name": "rows", "types": ["Array of Array of Integer"], "required": False, "description": "Optional."}
    either = {"name": "id", "types": ["Integer", "String"], "required": True, "description": "Which one"}
    api: dict[str, Any] = {
        "version": "Bot API 1.0",
        "methods": {"doIt": {"fields": [either]}, "rest": {}},
        "types": {"Thing": {"fields": [kind, many]}, "Any": {"subtypes": ["Thing", "Array of Thing"]}},
    }
    assert compact(api) == {
        "version": "1.0",
        "methods": {"doIt": ["id*:Integer|String"], "rest": []},
        "types": {"Thing": ["type*:String=good", "rows:[[Integer]]"]},
        "subtypes": {"Any": "Thing|[Thing]"},
    }


def test_methods_are_found_in_any_case_as_telegram_does() -> None:
    found = find_method("SENDmessage")
    assert found is not None
    assert found.name == "sendMessage"
    assert find_method("sendMassage") is None


@pytest.mark.parametrize(
    ("method", "parameters", "sentence"),
    [
        ("sendMessage", {"text": "hi"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": "", "text": "hi"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": "1"}, "message text is empty"),
        (
            "sendMessage",
            {"chat_id": "1", "text": "hi", "colour": "red"},
            'unexpected parameter "colour" in sendMessage',
        ),
        ("sendMessage", {"chat_id": "1", "text": "x", "message_thread_id": "one"}, "must be of type Integer"),
        ("sendMessage", {"chat_id": "1", "text": "x", "protect_content": "perhaps"}, "must be of type Boolean"),
        ("sendMessage", {"chat_id": "1", "text": ["x"]}, 'parameter "text" must be of type String'),
        ("sendLocation", {"chat_id": "1", "latitude": "north", "longitude": "1"}, "must be of type Float"),
        ("sendMessage", {"chat_id": "1", "text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON"),
        ("sendMessage", {"chat_id": "1", "text": "x", "reply_markup": "[]"}, "object expected as reply markup"),
        ("sendMessage", {"chat_id": "1", "text": "x", "entities": "{}"}, "expected an Array of MessageEntity"),
        ("sendMessage", {"chat_id": "1", "text": "x", "reply_parameters": "{}"}, 'can\'t find field "message_id"'),
        ("sendMessage", {"chat_id": "1", "text": "x", "link_preview_options": '{"url": 5.5e'}, "can't parse link"),
        (
            "sendMessage",
            {"chat_id": "1", "text": "x", "reply_markup": '{"inline_keyboard": [[{"text": "a", "colour": 1}]]}'},
            'can\'t parse InlineKeyboardButton: unexpected field "colour"',
        ),
        (
            "sendMessage",
            {"chat_id": "1", "text": "x", "link_preview_options": '{"is_disabled": "yes"}'},
            'field "is_disabled" must be of type Boolean',
        ),
        ("setMyCommands", {"commands": '[{"command": "a"}]'}, "can't parse BotCommand: can't find field"),
        ("setMyCommands", {"commands": "[]", "scope": '{"type": "planet"}'}, "unsupported type specified"),
        ("setMessageReaction", {"chat_id": 1, "message_id": 1, "reaction": '[{"type": "emoji"}]'}, "can't find field"),
        ("deleteMessages", {"chat_id": 1, "message_ids": '["x"]'}, 'field "message_ids" must be a Number'),
        ("sendMediaGroup", {"chat_id": 1, "media": '[{"type": "smell", "media": "x"}]'}, "unsupported type specified"),
        ("answerCallbackQuery", {}, 'parameter "callback_query_id" is required'),
        ("sendGame", {"chat_id": 1, "game_short_name": "x"}, "not in this sandbox: sendGame"),
        ("sendMessage", {"chat_id": 1, "text": "x", "business_connection_id": "b"}, "not in this sandbox"),
        ("sendMessage", {"chat_id": 1, "text": "x", "parse_mode": "MarkdownV2"}, "not in this sandbox: parse_mode"),
    ],
)
def test_what_is_not_in_the_official_api_is_refused_with_400(
    stage: Stage, method: str, parameters: dict[str, Any], sentence: str
) -> None:
    reply = stage.reply(method, **parameters)
    assert (reply.status, reply.payload["error_code"]) == (400, 400)
    assert reply.payload["description"].startswith("Bad Request: ")
    assert sentence in reply.payload["description"]


def test_an_unknown_method_is_404(stage: Stage) -> None:
    reply = stage.reply("sendMassage", chat_id=1)
    assert reply.status == 404
    assert reply.payload == {"ok": False, "error_code": 404, "description": "Not Found: method not found"}


def test_numbers_may_come_as_text_and_text_as_numbers_as_telegram_takes_them(stage: Stage) -> None:
    message = stage.call(
        "sendMessage",
        chat_id=str(stage.li.id),
        text=5,
        reply_parameters=json.dumps({"message_id": "99", "allow_sending_without_reply": True}),
    )
    assert message["text"] == "5"


def test_all_that_happens_has_the_official_shape(stage: Stage) -> None:
    world, li = stage.world, stage.li
    stage.allow(
        "message",
        "edited_message",
        "callback_query",
        "message_reaction",
        "poll",
        "poll_answer",
        "chat_member",
        "my_chat_member",
        "chat_join_request",
    )
    room = world.forum("Room", li, world.person("陳怡君", language="zh-hant"))
    world.set_bot_rights(room, can_manage_topics=True, can_pin_messages=True, can_invite_users=True)
    world.start(li)
    sent = stage.call(
        "sendMessage",
        chat_id=li.id,
        text="<b>x</b> @liwei",
        parse_mode="HTML",
        reply_markup={"inline_keyboard": [[{"text": "ok", "callback_data": "ok"}]]},
    )
    stage.call("sendPoll", chat_id=li.id, question="?", options=[{"text": "a"}, {"text": "b"}], is_anonymous=False)
    world.tap(li, stage.private, sent["message_id"], "ok")
    poll = next(post for post in stage.private.messages.values() if "poll" in post.message)
    world.vote(li, stage.private, poll, [1])
    world.set_reaction(li, stage.private, poll, "👍")
    topic = stage.call("createForumTopic", chat_id=room.id, name="Q1")
    asked = world.say(li, room, "/ask", topic=topic["message_thread_id"])
    world.edit(li, room, asked, "/ask again")
    stage.call("pinChatMessage", chat_id=room.id, message_id=asked.id)
    stage.call("closeForumTopic", chat_id=room.id, message_thread_id=topic["message_thread_id"])
    newcomer = world.person("Wang")
    world.request_to_join(newcomer, room)
    stage.call("approveChatJoinRequest", chat_id=room.id, user_id=newcomer.id)
    world.send_photo(li, stage.private, PNG, caption="see")
    world.send_voice(li, stage.private, b"ogg")
    world.send_content(li, stage.private, {"location": {"latitude": 31.8, "longitude": 117.2}})
    world.forward(li, asked, room, stage.private)
    small = world.group("Small", li)
    world.migrate_to_supergroup(small)
    updates = stage.call("getUpdates")
    assert len(updates) > 15
    for update in updates:
        conform("Update", update)
    for chat in world.chats.values():
        for post in chat.messages.values():
            conform("Message", post.message)
        if world.bot_id in chat.members and chat.migrated_to is None:
            conform("ChatFullInfo", stage.call("getChat", chat_id=chat.id))
            conform("[ChatMember]", stage.call("getChatAdministrators", chat_id=chat.id))
    conform("User", stage.call("getMe"))
    conform("WebhookInfo", stage.call("getWebhookInfo"))


def test_a_wrong_shape_is_told_from_a_right_one() -> None:
    conform("Chat", {"id": 1, "type": "private"})
    with pytest.raises(ApiError, match='can\'t find field "type"'):
        conform("Chat", {"id": 1})
    with pytest.raises(ApiError, match='unexpected field "mood"'):
        conform("Chat", {"id": 1, "type": "private", "mood": "good"})


def test_an_uploaded_file_is_a_value_of_its_parameter() -> None:
    method = find_method("sendDocument")
    assert method is not None
    upload = Upload("a.txt", b"a")
    assert method.read({"chat_id": "1"}, {"document": upload}) == {"chat_id": 1, "document": upload}

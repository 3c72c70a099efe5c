"""Rarer things that the sandbox still takes as Telegram does."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from bot.sandbox.errors import NotPossible
from bot.sandbox.text import formatted
from bot.sandbox.world import Chat
from bot.sandbox.world._media import image_size
from tests.core.sandbox.conftest import PNG, Stage


@pytest.fixture
def group(stage: Stage) -> Chat:
    return stage.world.supergroup("Trainees", stage.li, username="trainees2026")


def refused(stage: Stage, method: str, **parameters: Any) -> str:
    reply = stage.reply(method, **parameters)
    assert reply.status == 400
    return str(reply.payload["description"]).removeprefix("Bad Request: ")


def _text(stage: Stage, **more: Any) -> int:
    message_id: int = stage.call("sendMessage", chat_id=stage.li.id, text="x", **more)["message_id"]
    return message_id


def test_a_public_group_is_found_by_its_name(stage: Stage, group: Chat) -> None:
    assert stage.call("sendMessage", chat_id="@Trainees2026", text="x")["chat"]["id"] == group.id
    assert refused(stage, "sendMessage", chat_id="@nowhere", text="x") == "chat not found"


def test_mentions_by_id_carry_the_whole_user_or_vanish(stage: Stage) -> None:
    source = f'<a href="tg://user?id={stage.li.id}">Li</a> <a href="tg://user?id=1">Nobody</a>'
    message = stage.call("sendMessage", chat_id=stage.li.id, text=source, parse_mode="HTML")
    assert [entity["user"]["first_name"] for entity in message["entities"]] == ["Li Wei"]


def test_previews_and_captions_above_are_kept(stage: Stage) -> None:
    options = {"is_disabled": True}
    message = stage.call("sendMessage", chat_id=stage.li.id, text="a.com", link_preview_options=options)
    assert message["link_preview_options"] == options
    photo = stage.world.files.add("photo", PNG).file_id
    message = stage.call(
        "sendPhoto", chat_id=stage.li.id, photo=photo, caption="c", show_caption_above_media=True, has_spoiler=True
    )
    assert (message["show_caption_above_media"], message["has_media_spoiler"]) == (True, True)


def test_a_quote_must_be_in_the_message(stage: Stage) -> None:
    asked = stage.world.say(stage.li, stage.private, "How do we begin?")
    wanted = {"message_id": asked.id, "quote": "end"}
    assert refused(stage, "sendMessage", chat_id=stage.li.id, text="x", reply_parameters=wanted) == "QUOTE_TEXT_INVALID"


def test_entities_move_when_characters_vanish() -> None:
    made = formatted("a\r\u202e<b>b\r</b>c", "HTML")
    assert (made.text, made.entities) == ("abc", [{"type": "bold", "offset": 1, "length": 1}])


def test_pre_inside_code_is_a_block_with_a_language_too() -> None:
    made = formatted('<code class="language-c"><pre>x</pre></code>', "HTML")
    assert made.entities == [{"type": "pre", "offset": 0, "length": 1, "language": "c"}]


def test_an_address_of_nothing_but_a_slash_ends_there() -> None:
    assert formatted("(https://a.com/)").entities == [{"type": "url", "offset": 1, "length": 14}]


@pytest.mark.parametrize(
    ("method", "parameters", "sentence"),
    [
        ("editMessageText", {"text": "x", "inline_message_id": "1"}, "not in this sandbox: inline messages"),
        ("editMessageText", {"text": "x"}, "chat_id is empty"),
        ("editMessageText", {"text": "x", "chat_id": 1}, "message identifier is not specified"),
        ("editMessageText", {"chat_id": 1, "message_id": 1}, "message text is empty"),
        ("deleteMessages", {"chat_id": 1, "message_ids": [1] * 101}, "too many message identifiers specified"),
        ("setMyCommands", {"commands": [{"command": "a", "description": "b"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ("sendLocation", {"chat_id": 1, "latitude": 1}, "longitude is empty"),
        ("sendPhoto", {"chat_id": 1}, "there is no photo in the request"),
        ("deleteMessage", {"chat_id": 1}, "message identifier is not specified"),
        ("getChatMember", {"chat_id": 1}, "invalid user_id specified"),
    ],
)
def test_calls_that_lack_something(stage: Stage, method: str, parameters: dict[str, Any], sentence: str) -> None:
    assert refused(stage, method, **parameters) == sentence


def test_calls_about_the_wrong_kind_of_message(stage: Stage, group: Chat) -> None:
    li = stage.li.id
    text = _text(stage)
    service = stage.world.service(stage.private, stage.world.as_bot(), {"new_chat_title": "x"}).id
    theirs = stage.world.send_poll(stage.li, stage.private, "?", ["a"]).id
    sticker = stage.world.files.add("sticker", b"webp").file_id
    assert refused(stage, "stopPoll", chat_id=li, message_id=text) == "message is not a poll"
    assert refused(stage, "stopPoll", chat_id=li, message_id=theirs) == "poll can't be stopped"
    assert refused(stage, "stopPoll", chat_id=li, message_id=999) == "message with poll to stop not found"
    assert refused(stage, "pinChatMessage", chat_id=li, message_id=service) == "service messages can't be pinned"
    assert refused(stage, "setMessageReaction", chat_id=li, message_id=service) == "MESSAGE_ID_INVALID"
    dice = stage.call("sendDice", chat_id=li)["message_id"]
    media = {"type": "photo", "media": stage.world.files.add("photo", PNG).file_id}
    assert refused(stage, "editMessageMedia", chat_id=li, message_id=dice, media=media) == (
        "message media can't be edited"
    )
    keys = {"keyboard": [[{"text": "a"}]]}
    assert "InlineKeyboardMarkup" in refused(
        stage, "editMessageReplyMarkup", chat_id=li, message_id=text, reply_markup=keys
    )
    assert stage.call("sendSticker", chat_id=li, sticker=sticker)["sticker"]["file_id"] == sticker
    assert refused(stage, "sendDice", chat_id=li, emoji="🐳") == "DICE_EMOTICON_INVALID"


def test_reply_keyboards_may_be_made_of_plain_strings(stage: Stage) -> None:
    sent = _text(stage, reply_markup={"keyboard": [["Skip"]]})
    assert stage.private.messages[sent].markup == {"keyboard": [[{"text": "Skip"}]]}
    assert "keyboard button text must be non-empty" in refused(
        stage, "sendMessage", chat_id=stage.li.id, text="x", reply_markup={"keyboard": [[" "]]}
    )
    empty = _text(stage, reply_markup={"inline_keyboard": [[]]})
    assert "reply_markup" not in stage.private.messages[empty].message


def test_buttons_for_private_chats_and_copying(stage: Stage, group: Chat) -> None:
    app = {"inline_keyboard": [[{"text": "App", "web_app": {"url": "https://a.com"}}]]}
    assert _text(stage, reply_markup=app)
    assert refused(stage, "sendMessage", chat_id=group.id, text="x", reply_markup=app) == "BUTTON_TYPE_INVALID"
    user = {"inline_keyboard": [[{"text": "Li", "url": f"tg://user?id={stage.li.id}"}]]}
    assert _text(stage, reply_markup=user)
    long = {"inline_keyboard": [[{"text": "Copy", "copy_text": {"text": "x" * 257}}]]}
    assert refused(stage, "sendMessage", chat_id=group.id, text="x", reply_markup=long) == "BUTTON_COPY_TEXT_INVALID"


def test_files_from_elsewhere_and_strange_shapes_are_refused(stage: Stage) -> None:
    li = stage.li.id
    assert refused(stage, "sendPhoto", chat_id=li, photo="https://a.com/x.png") == "failed to get HTTP URL content"
    assert refused(stage, "sendPhoto", chat_id=li, photo="attach://x") == "there is no file x in the request"
    narrow = PNG[:16] + struct.pack(">II", 4000, 100) + PNG[24:]
    assert stage.refusal(stage.bot.send_photo(li, narrow)) == "Photo_invalid_dimensions"
    animation = [{"type": "animation", "media": "x"}] * 2
    assert "unsupported type" in refused(stage, "sendMediaGroup", chat_id=li, media=animation)


@pytest.mark.parametrize(
    "body",
    [
        b"VP8X" + bytes(8) + (639).to_bytes(3, "little") + (479).to_bytes(3, "little"),
        b"VP8 " + bytes(10) + struct.pack("<HH", 640, 480),
        b"VP8L" + bytes(5) + (639 | 479 << 14).to_bytes(4, "little") + bytes(5),
    ],
)
def test_the_three_kinds_of_webp_tell_their_size(body: bytes) -> None:
    assert image_size(b"RIFF" + bytes(4) + b"WEBP" + body) == (640, 480)


def test_copies_of_polls_are_polls_of_their_own_and_quizzes_stay(stage: Stage) -> None:
    li = stage.li.id
    asked = stage.world.send_poll(stage.li, stage.private, "When?", ["Mon", "Tue"])
    quiz = stage.world.send_poll(stage.li, stage.private, "?", ["a", "b"], type="quiz")
    copy = stage.call("copyMessage", chat_id=li, from_chat_id=li, message_id=asked.id)["message_id"]
    assert stage.private.messages[copy].message["poll"]["id"] != asked.message["poll"]["id"]
    assert stage.call("copyMessages", chat_id=li, from_chat_id=li, message_ids=[asked.id, quiz.id]) == [
        {"message_id": copy + 1}
    ]
    assert refused(stage, "copyMessage", chat_id=li, from_chat_id=li, message_id=quiz.id) == "message can't be copied"


def test_a_copy_may_get_another_caption_or_none(stage: Stage) -> None:
    li = stage.li.id
    photo = stage.world.send_photo(stage.li, stage.private, PNG, caption="mine")
    other = stage.call("copyMessage", chat_id=li, from_chat_id=li, message_id=photo.id, caption="yours")["message_id"]
    bare = stage.call("copyMessages", chat_id=li, from_chat_id=li, message_ids=[photo.id], remove_caption=True)
    assert stage.private.messages[other].text == "yours"
    assert stage.private.messages[bare[0]["message_id"]].text == ""
    many = stage.call("forwardMessages", chat_id=li, from_chat_id=li, message_ids=[photo.id, other])
    assert len(many) == 2


def test_settings_of_polls_that_contradict_each_other(stage: Stage) -> None:
    poll = {"chat_id": stage.li.id, "question": "?", "options": [{"text": "a"}, {"text": "b"}]}
    both = "open_period and close_date can't be used together"
    assert refused(stage, "sendPoll", **poll, open_period=60, close_date=99) == both
    assert refused(stage, "sendPoll", **poll, type="riddle") == "unsupported poll type specified"
    for correct, sentence in (([1, 0], "correct quiz option list must be increasing"), ([5], "wrong quiz")):
        assert refused(stage, "sendPoll", **poll, type="quiz", correct_option_ids=correct).startswith(sentence)
    made = stage.call("sendPoll", **poll, open_period=60, description="d", allows_multiple_answers=True)["poll"]
    assert (made["close_date"] - int(stage.now.timestamp()), made["description"]) == (60, "d")


def test_votes_that_are_not_possible(stage: Stage) -> None:
    poll = stage.world.send_poll(stage.li, stage.private, "?", ["a", "b"])
    for options, words in (([0, 1], "only one"), ([7], "no such option")):
        with pytest.raises(NotPossible, match=words):
            stage.world.vote(stage.li, stage.private, poll, options)
    text = stage.world.say(stage.li, stage.private, "x")
    with pytest.raises(NotPossible, match="no poll"):
        stage.world.vote(stage.li, stage.private, text, [0])


def test_topic_icons_are_set_changed_and_taken_away(stage: Stage) -> None:
    room = stage.world.forum("Room", stage.li)
    stage.world.set_rights(room, stage.world.bot_id, can_manage_topics=True)
    topic = stage.call("createForumTopic", chat_id=room.id, name="Q", icon_custom_emoji_id="51", icon_color=0xFB6F5F)
    assert (topic["icon_custom_emoji_id"], topic["icon_color"]) == ("51", 0xFB6F5F)
    place = {"chat_id": room.id, "message_thread_id": topic["message_thread_id"]}
    assert stage.call("editForumTopic", **place, icon_custom_emoji_id="52")
    assert stage.call("getForumTopicIconStickers") == []
    assert refused(stage, "createForumTopic", chat_id=stage.li.id, name="Q") == "the chat is not a supergroup forum"


def test_people_pin_where_they_may(stage: Stage, group: Chat) -> None:
    wang = stage.world.person("Wang")
    stage.world.join(wang, group)
    said = stage.world.say(wang, group, "notice")
    with pytest.raises(NotPossible, match="may not pin"):
        stage.world.pin_message(wang, group, said)
    stage.world.pin_message(stage.li, group, said)
    assert group.pinned == [said.id]
    stage.world.pin_message(stage.li, group, said, pinned=False)
    stage.world.pin_message(stage.li, group, said)
    stage.world.delete(stage.li, group, said)
    assert group.pinned == []


def test_people_keep_to_what_is_theirs(stage: Stage, group: Chat) -> None:
    world, wang, stranger = stage.world, stage.world.person("Wang"), stage.world.person("Stranger")
    world.join(wang, group)
    said = world.say(stage.li, group, "mine")
    secret = world.put(group, world.as_bot(), {"text": "s", "has_protected_content": True})
    for deed, words in (
        (lambda: world.edit(wang, group, said, "yours"), "can't be edited"),
        (lambda: world.delete(wang, group, said), "only one's own"),
        (lambda: world.set_reaction(stranger, group, said, "👍"), "not in this group"),
        (lambda: world.tap(stranger, group, said, "x", stale=True), "not in this group"),
        (lambda: world.say(wang, stage.private, "x"), "somebody else's"),
        (lambda: world.say(wang, group, "x", topic=77), "no such topic"),
        (lambda: world.say(wang, group, " "), "1 to 4096"),
        (lambda: world.forward(wang, secret, group, group), "can't be forwarded"),
        (lambda: world.join(wang, group), "there already"),
        (lambda: world.leave(stranger, group), "not in this group"),
        (lambda: world.promote(group, stranger, can_pin_messages=True), "only members"),
        (lambda: world.migrate_to_supergroup(group), "only a basic group"),
        (lambda: world.set_forum(stage.private, True), "only a supergroup"),
        (lambda: world.create_topic(stage.li, group, "Q"), "no topics"),
        (lambda: world.say(wang, 12345, "x"), "there is no chat"),
    ):
        with pytest.raises(NotPossible, match=words):
            deed()


def test_rights_are_official_ones(stage: Stage, group: Chat) -> None:
    with pytest.raises(ValueError, match="no such right: can_fly"):
        stage.world.set_rights(group, stage.world.bot_id, can_fly=True)


def test_an_administrator_becomes_a_member_again_and_may_hide(stage: Stage, group: Chat) -> None:
    wang = stage.world.person("Wang")
    stage.world.join(wang, group)
    stage.world.promote(group, wang, can_pin_messages=True)
    stage.world.set_anonymous(group, wang)
    assert "sender_chat" in stage.world.say(wang, group, "as the group").message
    forwarded = stage.world.forward(stage.li, stage.world.say(wang, group, "x"), group, stage.private)
    assert forwarded.message["forward_origin"]["type"] == "chat"
    stage.world.demote(group, wang)
    assert "sender_chat" not in stage.world.say(wang, group, "as myself").message


def test_selective_keyboards_are_for_those_they_name(stage: Stage, group: Chat) -> None:
    from bot.sandbox.page_door._views import Views

    wang = stage.world.person("Wang", username="wang")
    stage.world.join(wang, group)
    keys = {"keyboard": [[{"text": "Yes"}]], "selective": True}
    stage.call("sendMessage", chat_id=group.id, text="@wang, well?", reply_markup=keys)
    views = Views(stage.api)
    assert views.chat(wang, group)["keyboard"] == keys
    assert views.chat(stage.li, group)["keyboard"] is None


def test_an_empty_long_poll_ends_with_nothing(stage: Stage) -> None:
    assert stage.run(stage.world.updates.wait(0.001)) == "timeout"

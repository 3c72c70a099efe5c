"""The bot's own name, commands and menu."""

from __future__ import annotations

import pytest
from telegram import BotCommandScopeAllGroupChats, BotCommandScopeChat, BotCommandScopeChatAdministrators

from bot.sandbox.bot_api import commands_for
from tests.core.sandbox.conftest import Stage


def _menu(stage: Stage, chat_id: int, user_id: int, language: str | None) -> list[str]:
    chat = stage.world.chats[chat_id]
    return [command["description"] for command in commands_for(stage.api, chat, user_id, language)]


def test_the_narrowest_scope_and_the_own_language_win(stage: Stage) -> None:
    bot, owner, wang = stage.bot, stage.li, stage.world.person("Wang")
    group = stage.world.supergroup("Group", owner, wang)
    for description, scope, language in (
        ("for all", None, None),
        ("給所有人", None, "zh"),
        ("groups", BotCommandScopeAllGroupChats(), None),
        ("admins", BotCommandScopeChatAdministrators(group.id), None),
        ("just Li", BotCommandScopeChat(owner.id), None),
    ):
        stage.run(bot.set_my_commands([("ask", description)], scope=scope, language_code=language))
    assert _menu(stage, wang.id, wang.id, "en") == ["for all"]
    assert _menu(stage, wang.id, wang.id, "zh-hant") == ["給所有人"]
    assert _menu(stage, owner.id, owner.id, "zh") == ["just Li"]
    assert _menu(stage, group.id, wang.id, None) == ["groups"]
    assert _menu(stage, group.id, owner.id, "en") == ["admins"]
    assert [c.description for c in stage.run(bot.get_my_commands(language_code="zh"))] == ["給所有人"]
    stage.run(bot.delete_my_commands(language_code="zh"))
    assert stage.run(bot.get_my_commands(language_code="zh")) == ()


@pytest.mark.parametrize(
    ("command", "description", "sentence"),
    [
        ("Ask", "x", "BOT_COMMAND_INVALID"),
        ("ask me", "x", "BOT_COMMAND_INVALID"),
        ("x" * 33, "x", "BOT_COMMAND_INVALID"),
        ("ask", " ", "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
def test_commands_are_short_lower_case_words(stage: Stage, command: str, description: str, sentence: str) -> None:
    reply = stage.reply("setMyCommands", commands=[{"command": command, "description": description}])
    assert reply.payload["description"] == f"Bad Request: {sentence}"


def test_names_and_descriptions_are_kept_by_language(stage: Stage) -> None:
    bot = stage.bot
    assert stage.run(bot.get_my_name()).name == "Small Wins"
    stage.run(bot.set_my_name("小赢", language_code="zh"))
    stage.run(bot.set_my_description("Answers"))
    stage.run(bot.set_my_short_description("Short"))
    assert stage.run(bot.get_my_name(language_code="zh")).name == "小赢"
    assert stage.run(bot.get_my_name()).name == "Small Wins"
    assert stage.run(bot.get_my_description(language_code="zh")).description == "Answers"
    assert stage.run(bot.get_my_short_description()).short_description == "Short"
    assert stage.refusal(bot.set_my_short_description("x" * 121)) == "Short description is too long"
    assert stage.refusal(bot.set_my_name("x", language_code="chinese")) == "Invalid language code specified"


def test_the_menu_button_is_set_for_one_or_for_all(stage: Stage) -> None:
    stage.call("setChatMenuButton", menu_button={"type": "commands"})
    stage.call("setChatMenuButton", chat_id=stage.li.id, menu_button={"type": "default"})
    assert stage.call("getChatMenuButton") == {"type": "commands"}
    assert stage.call("getChatMenuButton", chat_id=stage.li.id) == {"type": "default"}
    assert stage.run(stage.bot.get_user_profile_photos(stage.li.id)).total_count == 0

"""How the bot presents itself: its name, descriptions, commands and menu button."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.sandbox.bot_api._access import find_chat
from bot.sandbox.errors import bad_request
from bot.sandbox.world import Chat, Member

if TYPE_CHECKING:
    from bot.sandbox.bot_api import BotApi

Json = dict[str, Any]
Scope = tuple[Any, ...]

_COMMAND = re.compile(r"/?([a-z0-9_]{1,32})")
_LANGUAGE = re.compile(r"[a-z]{2}")
_MOST_COMMANDS = 100
_ABILITIES = (
    "can_join_groups",
    "can_read_all_group_messages",
    "supports_guest_queries",
    "supports_inline_queries",
    "can_connect_to_business",
    "has_main_web_app",
    "has_topics_enabled",
    "allows_users_to_create_topics",
    "can_manage_bots",
    "supports_join_request_queries",
)
_TEXT_LIMITS = {"name": 64, "description": 512, "short_description": 120}


def _get_me(api: BotApi, p: Json) -> Json:
    able = {"can_join_groups": True, "can_read_all_group_messages": not api.world.privacy_mode}
    able["supports_inline_queries"] = api.world.inline_mode
    return api.world.bot | dict.fromkeys(_ABILITIES, False) | able


def _leave_session(api: BotApi, p: Json) -> bool:
    return True


def _language(p: Json) -> str:
    language: str = p.get("language_code", "")
    if language and not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


# Commands


def _scope(api: BotApi, p: Json) -> Scope:
    scope = p.get("scope") or {"type": "default"}
    if "chat_id" not in scope:
        return (scope["type"],)
    chat = find_chat(api.world, scope["chat_id"])
    if chat.is_private and scope["type"] != "chat":
        raise bad_request("can't change commands in private chats")
    return scope["type"], chat.id, *([scope["user_id"]] if "user_id" in scope else [])


def _set_my_commands(api: BotApi, p: Json) -> bool:
    if len(p["commands"]) > _MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    api.commands[_scope(api, p), _language(p)] = [_checked_command(command) for command in p["commands"]]
    _tell_all(api)
    return True


def _checked_command(command: Json) -> Json:
    match = _COMMAND.fullmatch(command["command"])
    if match is None:
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(command["description"].strip()) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": match[1], "description": command["description"].strip()}


def _get_my_commands(api: BotApi, p: Json) -> list[Json]:
    return api.commands.get((_scope(api, p), _language(p)), [])


def _delete_my_commands(api: BotApi, p: Json) -> bool:
    api.commands.pop((_scope(api, p), _language(p)), None)
    _tell_all(api)
    return True


def _tell_all(api: BotApi) -> None:
    for chat in api.world.chats.values():
        api.world.publish("chat", chat)


def menu_language(language: str | None) -> str:
    """A person's language as menus and descriptions are kept by: two letters, or none."""
    return (language or "").split("-")[0].lower()


def commands_for(api: BotApi, chat: Chat, user_id: int, language: str | None) -> list[Json]:
    """The commands that a user's menu shows in a chat: the narrowest scope set, in their language or in none."""
    code = menu_language(language)
    for scope in _scopes(chat, chat.member(user_id), user_id):
        for tried in (code, "") if code else ("",):
            if (scope, tried) in api.commands:
                return api.commands[scope, tried]
    return []


def _scopes(chat: Chat, member: Member | None, user_id: int) -> list[Scope]:
    if chat.is_private:
        return [("chat", chat.id), ("all_private_chats",), ("default",)]
    scopes: list[Scope] = [("chat_member", chat.id, user_id)]
    admin = member is not None and member.is_admin
    scopes += [("chat_administrators", chat.id)] if admin else []
    scopes += [("chat", chat.id)]
    scopes += [("all_chat_administrators",)] if admin else []
    return [*scopes, ("all_group_chats",), ("default",)]


# Name, descriptions, menu button


def _set_text(field: str) -> Any:
    def set_my_text(api: BotApi, p: Json) -> bool:
        text = p.get(field, "")
        if len(text) > _TEXT_LIMITS[field]:
            raise bad_request("NAME_TOO_LONG" if field == "name" else f"{field} is too long".replace("_", " "))
        api.texts[field, _language(p)] = text
        return True

    return set_my_text


def text_for(api: BotApi, field: str, code: str) -> str:
    """The name or a description of the bot in a language, or the one for every other language."""
    fallback = api.texts.get((field, ""), api.world.bot["first_name"] if field == "name" else "")
    return api.texts.get((field, code)) or str(fallback)


def _get_text(field: str) -> Any:
    def get_my_text(api: BotApi, p: Json) -> Json:
        return {field: text_for(api, field, _language(p))}

    return get_my_text


def _set_chat_menu_button(api: BotApi, p: Json) -> bool:
    api.menu_buttons[_menu_place(api, p)] = p.get("menu_button") or {"type": "default"}
    return True


def _get_chat_menu_button(api: BotApi, p: Json) -> Json:
    return api.menu_buttons.get(_menu_place(api, p)) or api.menu_buttons.get(0) or {"type": "commands"}


def _menu_place(api: BotApi, p: Json) -> int:
    if "chat_id" not in p:
        return 0
    chat = find_chat(api.world, p["chat_id"])
    if not chat.is_private:
        raise bad_request("chat not found")
    return chat.id


METHODS = {
    "getMe": _get_me,
    "logOut": _leave_session,
    "close": _leave_session,
    "setMyCommands": _set_my_commands,
    "getMyCommands": _get_my_commands,
    "deleteMyCommands": _delete_my_commands,
    "setMyName": _set_text("name"),
    "getMyName": _get_text("name"),
    "setMyDescription": _set_text("description"),
    "getMyDescription": _get_text("description"),
    "setMyShortDescription": _set_text("short_description"),
    "getMyShortDescription": _get_text("short_description"),
    "setChatMenuButton": _set_chat_menu_button,
    "getChatMenuButton": _get_chat_menu_button,
}

"""Groups and who is in them: looking, restricting, promoting, renaming, leaving."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.sandbox.bot_api._access import (
    bot_member,
    find_chat,
    find_person,
    readable_chat,
    require_right,
    writable_chat,
)
from bot.sandbox.errors import bad_request
from bot.sandbox.world import Chat, Member, member_json
from bot.sandbox.world._rights import ADMIN_RIGHTS, MEMBER_PERMISSIONS, admin_rights

if TYPE_CHECKING:
    from bot.sandbox.bot_api import BotApi

Json = dict[str, Any]

_FOREVER = range(30, 366 * 24 * 60 * 60 + 1)  # seconds; shorter or longer bans are for ever
_NO_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
_TITLE, _DESCRIPTION = 128, 255


def _get_chat(api: BotApi, p: Json) -> Json:
    chat = readable_chat(api.world, p["chat_id"])
    full = chat.as_json() | {"accent_color_id": abs(chat.id) % 7, "max_reaction_count": 11}
    full["accepted_gift_types"] = dict.fromkeys(_NO_GIFTS, False)
    if chat.description:
        full["description"] = chat.description
    if chat.pinned:
        full["pinned_message"] = chat.messages[chat.pinned[0]].message
    if chat.is_private:
        return full
    full |= {"permissions": chat.permissions} | ({"join_by_request": True} if chat.join_by_request else {})
    primary = next((link["invite_link"] for link in chat.invite_links.values() if link["is_primary"]), None)
    return full | ({"invite_link": primary} if primary and bot_member(api.world, chat).may("can_invite_users") else {})


def group(api: BotApi, p: Json, *, supergroup: str = "") -> Chat:
    """The group that a call is about; `supergroup` is the refusal for one that is only a basic group."""
    chat = writable_chat(api.world, p["chat_id"])
    if chat.is_private or (supergroup and not chat.is_supergroup):
        raise bad_request(supergroup or "method is available only for groups and supergroups")
    return chat


def _get_chat_member(api: BotApi, p: Json) -> Json:
    chat = readable_chat(api.world, p["chat_id"])
    user = find_person(api.world, p["user_id"])
    if chat.is_private:
        if user["id"] not in {chat.id, api.world.bot_id}:
            raise bad_request("member not found")
        return member_json(Member(user))
    return member_json(api.world.standing(chat, p["user_id"]))


def _get_chat_administrators(api: BotApi, p: Json) -> list[Json]:
    chat = readable_chat(api.world, p["chat_id"])
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    admins = [member for member in chat.members.values() if member.is_admin]
    return [member_json(member) for member in admins if not member.user["is_bot"] or p.get("return_bots", True)]


def _get_chat_member_count(api: BotApi, p: Json) -> int:
    chat = readable_chat(api.world, p["chat_id"])
    return 2 if chat.is_private else sum(member.present for member in chat.members.values())


# Bans, restrictions, promotion


def _target(api: BotApi, chat: Chat, p: Json) -> Member:
    """The member to act upon, when the bot may restrict members and they are no administrators."""
    find_person(api.world, p["user_id"])
    if p["user_id"] == api.world.bot_id:
        raise bad_request("can't restrict self")
    require_right(api.world, chat, "can_restrict_members", "not enough rights to restrict/unrestrict chat member")
    member = api.world.standing(chat, p["user_id"])
    if member.status == "creator":
        raise bad_request("can't remove chat owner")
    if member.is_admin and not member.promoted_by_bot:
        raise bad_request("user is an administrator of the chat")
    return member


def _until(api: BotApi, p: Json) -> int:
    until: int = p.get("until_date", 0)
    return until if until - int(api.world.seconds()) in _FOREVER else 0


def _ban_chat_member(api: BotApi, p: Json) -> bool:
    chat = group(api, p)
    member = _target(api, chat, p)
    was_there = member.present
    api.world.change_standing(chat, Member(member.user, "kicked", until=_until(api, p)), api.world.bot_id)
    if was_there:
        api.world.service(chat, api.world.as_bot(), {"left_chat_member": member.user})
    if p.get("revoke_messages") or chat.is_supergroup:
        api.world.remove(chat, [post.id for post in chat.messages.values() if post.author == p["user_id"]])
    return True


def _unban_chat_member(api: BotApi, p: Json) -> bool:
    chat = group(api, p, supergroup="method is available for supergroup and channel chats only")
    member = _target(api, chat, p)
    if member.status == "kicked" or (member.present and not p.get("only_if_banned")):
        api.world.change_standing(chat, Member(member.user, "left"), api.world.bot_id)
    return True


def _restrict_chat_member(api: BotApi, p: Json) -> bool:
    chat = group(api, p, supergroup="method is available only for supergroups")
    member = _target(api, chat, p)
    permissions = _permissions(p["permissions"], p.get("use_independent_chat_permissions", False))
    new = replace(member, status="restricted", permissions=permissions, until=_until(api, p), inside=member.present)
    if all(permissions.values()):
        new = Member(member.user) if member.present else Member(member.user, "left")
    api.world.change_standing(chat, new, api.world.bot_id)
    return True


def _permissions(given: dict[str, bool], independent: bool) -> dict[str, bool]:
    """All permissions; without `independent`, some imply others as the API describes."""
    allowed = {name: given.get(name, False) for name in MEMBER_PERMISSIONS}
    if independent:
        return allowed
    media = [name for name in MEMBER_PERMISSIONS if name.startswith("can_send_") and name != "can_send_messages"]
    if allowed["can_send_other_messages"] or allowed["can_add_web_page_previews"]:
        allowed |= {name: True for name in media if name not in {"can_send_polls", "can_send_other_messages"}}
    if any(allowed[name] for name in media):
        allowed["can_send_messages"] = True
    return allowed


def _promote_chat_member(api: BotApi, p: Json) -> bool:
    chat = group(api, p)
    find_person(api.world, p["user_id"])
    require_right(api.world, chat, "can_promote_members", "not enough rights")
    member = api.world.standing(chat, p["user_id"])
    if member.status == "creator":
        raise bad_request("can't edit chat owner")
    if not member.present:
        raise bad_request("USER_NOT_PARTICIPANT")
    if member.is_admin and not member.promoted_by_bot:
        raise bad_request("CHAT_ADMIN_REQUIRED")
    granted = {name: True for name in ADMIN_RIGHTS if p.get(name)}
    new = Member(member.user)
    if granted:
        anonymous = bool(p.get("is_anonymous"))
        new = replace(
            member, status="administrator", rights=admin_rights(granted), promoted_by_bot=True, anonymous=anonymous
        )
    api.world.change_standing(chat, new, api.world.bot_id)
    return True


def _set_chat_administrator_custom_title(api: BotApi, p: Json) -> bool:
    chat = group(api, p, supergroup="method is available only for supergroups")
    member = api.world.standing(chat, p["user_id"])
    if member.status == "creator":
        raise bad_request("only the owner can edit their custom title")
    if not member.is_admin:
        raise bad_request("user is not an administrator")
    if not member.promoted_by_bot:
        raise bad_request("not enough rights to change custom title of the user")
    chat.members[p["user_id"]] = replace(member, title=p["custom_title"][:16])
    return True


def _set_chat_permissions(api: BotApi, p: Json) -> bool:
    chat = group(api, p)
    require_right(api.world, chat, "can_restrict_members", "not enough rights to change chat permissions")
    chat.permissions = _permissions(p["permissions"], p.get("use_independent_chat_permissions", False))
    api.world.publish("chat", chat)
    return True


# The group itself


def _set_chat_title(api: BotApi, p: Json) -> bool:
    chat = group(api, p)
    require_right(api.world, chat, "can_change_info", "not enough rights to change chat title")
    title = p["title"].strip()[:_TITLE]
    if not title:
        raise bad_request("title must be non-empty")
    if title == chat.title:
        raise bad_request("CHAT_NOT_MODIFIED")
    api.world.rename(chat, title, api.world.as_bot())
    return True


def _set_chat_description(api: BotApi, p: Json) -> bool:
    chat = group(api, p)
    require_right(api.world, chat, "can_change_info", "not enough rights to set chat description")
    description = p.get("description", "")[:_DESCRIPTION]
    if description == (chat.description or ""):
        raise bad_request("chat description is not modified")
    chat.description = description
    return True


def _leave_chat(api: BotApi, p: Json) -> bool:
    chat = find_chat(api.world, p["chat_id"])
    if chat.is_private:
        raise bad_request("can't leave private chats")
    bot_member(api.world, chat)
    api.world.change_standing(chat, Member(api.world.bot, "left"), api.world.bot_id)
    api.world.service(chat, api.world.as_bot(), {"left_chat_member": api.world.bot})
    return True


METHODS = {
    "getChat": _get_chat,
    "getChatMember": _get_chat_member,
    "getChatAdministrators": _get_chat_administrators,
    "getChatMemberCount": _get_chat_member_count,
    "banChatMember": _ban_chat_member,
    "unbanChatMember": _unban_chat_member,
    "restrictChatMember": _restrict_chat_member,
    "promoteChatMember": _promote_chat_member,
    "setChatAdministratorCustomTitle": _set_chat_administrator_custom_title,
    "setChatPermissions": _set_chat_permissions,
    "setChatTitle": _set_chat_title,
    "setChatDescription": _set_chat_description,
    "leaveChat": _leave_chat,
}

"""Invitations to groups, and requests to join them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.bot_api._access import find_person, require_right
from bot.sandbox.bot_api._members import group
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.world import Chat

if TYPE_CHECKING:
    from bot.sandbox.bot_api import BotApi

Json = dict[str, Any]


def _inviting(api: BotApi, p: Json) -> Chat:
    chat = group(api, p)
    require_right(api.world, chat, "can_invite_users", "not enough rights to manage chat invite link")
    return chat


def _new_link(api: BotApi, chat: Chat, *, primary: bool, **facts: Any) -> Json:
    url = f"https://t.me/+{api.world.number('invite links', 0x5A17D0_0000):016x}"
    link: Json = {"invite_link": url, "creator": api.world.bot, "creates_join_request": False}
    link |= {"is_primary": primary, "is_revoked": False} | facts
    chat.invite_links[url] = link
    return link


def _export_chat_invite_link(api: BotApi, p: Json) -> str:
    chat = _inviting(api, p)
    for url, link in list(chat.invite_links.items()):
        if link["is_primary"]:
            chat.invite_links[url] = link | {"is_revoked": True, "is_primary": False}
    return str(_new_link(api, chat, primary=True)["invite_link"])


def _create_chat_invite_link(api: BotApi, p: Json) -> Json:
    chat = _inviting(api, p)
    facts = {key: p[key] for key in ("name", "expire_date", "member_limit", "creates_join_request") if key in p}
    if facts.get("creates_join_request") and "member_limit" in facts:
        raise bad_request("member limit can't be specified for links requiring administrator approval")
    return _new_link(api, chat, primary=False, **facts)


def _revoke_chat_invite_link(api: BotApi, p: Json) -> Json:
    chat = _inviting(api, p)
    link = chat.invite_links.get(p["invite_link"])
    if link is None:
        raise bad_request("INVITE_HASH_EXPIRED")
    chat.invite_links[p["invite_link"]] = link | {"is_revoked": True}
    return chat.invite_links[p["invite_link"]]


def _approve_chat_join_request(api: BotApi, p: Json) -> bool:
    return _settle_request(api, p, True)


def _decline_chat_join_request(api: BotApi, p: Json) -> bool:
    return _settle_request(api, p, False)


def _settle_request(api: BotApi, p: Json, admit: bool) -> bool:
    chat = group(api, p)
    require_right(api.world, chat, "can_invite_users", "not enough rights to manage chat join requests")
    find_person(api.world, p["user_id"])
    if chat.member(p["user_id"]):
        raise bad_request("USER_ALREADY_PARTICIPANT")
    if not api.world.settle_request(chat, p["user_id"], admit=admit, by=api.world.bot_id):
        raise _no_request()
    return True


def _no_request() -> ApiError:
    return bad_request("HIDE_REQUESTER_MISSING")


METHODS = {
    "exportChatInviteLink": _export_chat_invite_link,
    "createChatInviteLink": _create_chat_invite_link,
    "revokeChatInviteLink": _revoke_chat_invite_link,
    "approveChatJoinRequest": _approve_chat_join_request,
    "declineChatJoinRequest": _decline_chat_join_request,
}

"""What Telegram is asked to do in a group; what it refuses for want of a right, the organizers hear once."""

from __future__ import annotations

from typing import Any

from bot import outbox
from bot.features.moderation import Measure
from bot.features.people import Member
from handlers._kit import Deed

_SPEECH = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
)
_REST = ("can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics")
_SUPERGROUPS = -1_000_000_000_000
"""Ids of supergroups lie below, those of basic groups above."""


def right(chat_id: int, name: str) -> str:
    """What a call is about that needs a right in a group."""
    return f"rights:{chat_id}:{name}"


def delete(deed: Deed, chat_id: int, message_id: int, *, key: str) -> None:
    """Take a message out of a group."""
    call = {"chat_id": chat_id, "message_id": message_id}
    deed.owe("deleteMessage", call, key=key, about=right(chat_id, "can_delete_messages"))


def silence(deed: Deed, measure: Measure, target: Member) -> None:
    """Let somebody only read until the measure ends; its end is promised, too, should this call come late."""
    if measure.until is None:
        raise ValueError("a silence has an end")
    call = _permissions(measure.chat_id, target, allowed=False) | {"until_date": int(measure.until.timestamp())}
    about = right(measure.chat_id, "can_restrict_members")
    deed.owe("restrictChatMember", call, key=measure.key("silence"), about=about)
    speak = _permissions(measure.chat_id, target, allowed=True)
    key = measure.key("end")
    deed.owe("restrictChatMember", speak, key=key, about=key, needs=measure.key("silence"), due_at=measure.until)


def let_speak(deed: Deed, measure: Measure, target: Member) -> None:
    """End a silence before its time."""
    outbox.void(deed.db, about=measure.key("end"), now=deed.now)
    call = _permissions(measure.chat_id, target, allowed=True)
    deed.owe(
        "restrictChatMember", call, key=measure.key("undone"), about=right(measure.chat_id, "can_restrict_members")
    )


def overtake(deed: Deed, earlier: Measure) -> None:
    """A newer silence decides when somebody may write again."""
    outbox.void(deed.db, about=earlier.key("end"), now=deed.now)


def _permissions(chat_id: int, target: Member, *, allowed: bool) -> dict[str, Any]:
    names = (*_SPEECH, *_REST) if allowed else _SPEECH
    permissions = dict.fromkeys(names, allowed)
    return {
        "chat_id": chat_id,
        "user_id": target.telegram_id,
        "permissions": permissions,
        "use_independent_chat_permissions": True,
    }


def ban(deed: Deed, measure: Measure, target: Member) -> None:
    """Remove somebody, who cannot come back by themselves."""
    call = {"chat_id": measure.chat_id, "user_id": target.telegram_id}
    about = right(measure.chat_id, "can_restrict_members")
    deed.owe("banChatMember", call, key=measure.key("ban"), about=about)


def unban(deed: Deed, measure: Measure, target: Member) -> None:
    """Let somebody come back; a basic group keeps nobody out."""
    if measure.chat_id > _SUPERGROUPS:
        return
    call = {"chat_id": measure.chat_id, "user_id": target.telegram_id, "only_if_banned": True}
    deed.owe("unbanChatMember", call, key=measure.key("undone"), about=right(measure.chat_id, "can_restrict_members"))

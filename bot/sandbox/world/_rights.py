"""What administrators may do and what members may do, under the Bot API's own names."""

from __future__ import annotations

ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
    "can_manage_tags",
)
"""The rights of an administrator in a group; a basic group has no topics."""

MEMBER_PERMISSIONS = (
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
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)

_WITHHELD = {"can_change_info", "can_pin_messages", "can_manage_topics"}


def default_permissions() -> dict[str, bool]:
    """What members of a new group may do."""
    return {name: name not in _WITHHELD for name in MEMBER_PERMISSIONS}


def admin_rights(granted: dict[str, bool]) -> dict[str, bool]:
    """All rights of an administrator, those not granted as False; raises ValueError for an unknown one."""
    unknown = granted.keys() - set(ADMIN_RIGHTS)
    if unknown:
        raise ValueError(f"no such right: {', '.join(sorted(unknown))}")
    return {name: granted.get(name, False) for name in ADMIN_RIGHTS} | {"can_manage_chat": True}

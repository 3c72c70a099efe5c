"""Finding what a call names, with Telegram's refusals for what is not there or not allowed."""

from __future__ import annotations

from typing import Any

from bot.sandbox.errors import ApiError, bad_request, forbidden
from bot.sandbox.world import GENERAL, SERVICE, Chat, Member, Person, Post, Topic, World

Json = dict[str, Any]

_REQUEST_OPENS = 300
"""Seconds in which a bot may write to somebody who has asked to join a group."""

_KINDS = {
    "can_send_messages": "text messages",
    "can_send_audios": "music",
    "can_send_documents": "documents",
    "can_send_photos": "photos",
    "can_send_videos": "videos",
    "can_send_video_notes": "video notes",
    "can_send_voice_notes": "voice notes",
    "can_send_polls": "polls",
    "can_send_other_messages": "stickers",
}


def find_chat(world: World, reference: int | str) -> Chat:
    """The chat of that id or @username, whether the bot is in it or not; else "chat not found"."""
    if isinstance(reference, str):
        return _find_public_chat(world, reference)
    chat = world.chats.get(reference)
    if chat is None or (chat.is_private and not _has_met(world, world.people[chat.id])):
        raise bad_request("chat not found")
    if not chat.is_private and chat.members.get(world.bot_id) is None:
        raise bad_request("chat not found")
    return chat


def _find_public_chat(world: World, reference: str) -> Chat:
    name = reference.removeprefix("@").lower()
    for chat in world.chats.values():
        if chat.username and chat.username.lower() == name:
            return chat
    raise bad_request("chat not found")


def _has_met(world: World, person: Person) -> bool:
    """Whether the bot has ever seen a person: in private, or in a group that both were in."""
    if person.started or person.blocked:
        return True
    shared = (chat for chat in world.chats.values() if world.bot_id in chat.members)
    return any(person.id in chat.members or person.id in chat.join_requests for chat in shared)


def readable_chat(world: World, reference: int | str) -> Chat:
    """A chat that the bot may look into."""
    chat = find_chat(world, reference)
    if not chat.is_private:
        _check_in_group(world, chat)
    return chat


def writable_chat(world: World, reference: int | str) -> Chat:
    """A chat that the bot may write to; its right to send a kind of message is another matter."""
    chat = find_chat(world, reference)
    if chat.is_private:
        _check_reachable(world, world.people[chat.id])
    elif chat.migrated_to is not None:
        raise ApiError(
            400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to
        )
    else:
        _check_in_group(world, chat)
    return chat


def _check_reachable(world: World, person: Person) -> None:
    if person.deactivated:
        raise forbidden("user is deactivated")
    if person.blocked:
        raise forbidden("bot was blocked by the user")
    if not person.started and not _asks_to_join(world, person):
        raise forbidden("bot can't initiate conversation with a user")


def _asks_to_join(world: World, person: Person) -> bool:
    """Whether the bot may write to somebody because they have asked to join: for five minutes, until that is settled."""
    requests = [chat.join_requests[person.id] for chat in world.chats.values() if person.id in chat.join_requests]
    return any(request["date"] + _REQUEST_OPENS > world.seconds() for request in requests)


def _check_in_group(world: World, chat: Chat) -> None:
    if chat.member(world.bot_id) is not None:
        return
    kicked = world.standing(chat, world.bot_id).status == "kicked"
    raise forbidden(f"bot {'was kicked from' if kicked else 'is not a member of'} the {chat.type} chat")


def bot_member(world: World, chat: Chat) -> Member:
    """The bot's standing in a group that it is in."""
    member = chat.member(world.bot_id)
    if member is None:
        raise forbidden(f"bot is not a member of the {chat.type} chat")
    return member


def check_may_send(world: World, chat: Chat, permission: str) -> None:
    """Refuse what the group's permissions, or the bot's own restriction, do not allow it to send."""
    if chat.is_private:
        return
    member = bot_member(world, chat)
    if member.is_admin:
        return
    allowed = member.permissions if member.status == "restricted" else chat.permissions
    if not (allowed.get("can_send_messages", False) and allowed.get(permission, False)):
        raise bad_request(f"not enough rights to send {_KINDS[permission]} to the chat")


def find_topic(world: World, chat: Chat, thread_id: int | None) -> int:
    """The topic to write to (0: none, or General); refuses one that is not there or closed."""
    if not chat.is_forum and not chat.is_private:
        return GENERAL
    if not thread_id:
        topic = world.find_topic(chat, GENERAL) if chat.is_forum else None
    else:
        topic = chat.topics.get(thread_id)
        if topic is None:
            raise bad_request("message thread not found")
    if topic is not None and topic.closed and not _may_manage(world, chat, topic):
        raise bad_request("TOPIC_CLOSED")
    return topic.id if topic is not None else GENERAL


def _may_manage(world: World, chat: Chat, topic: Topic) -> bool:
    return topic.creator == world.bot_id or bot_member(world, chat).may("can_manage_topics")


def find_post(chat: Chat, message_id: int, role: str) -> Post:
    """A message by its id; `role` is what Telegram calls it when it is not there ("message to edit")."""
    post = chat.messages.get(message_id)
    if post is None:
        raise bad_request(f"{role} not found")
    return post


def own_post(world: World, chat: Chat, message_id: int) -> Post:
    """A message that the bot may edit."""
    post = find_post(chat, message_id, "message to edit")
    untouchable = post.fixed or "forward_origin" in post.message or not SERVICE.isdisjoint(post.message)
    if post.author != world.bot_id or untouchable:
        raise bad_request("message can't be edited")
    return post


def find_person(world: World, user_id: int) -> Json:
    """A user that the bot can know of; else "user not found"."""
    user = world.find_user(user_id)
    if user is None:
        raise bad_request("user not found")
    return user


def require_right(world: World, chat: Chat, right: str, sentence: str) -> Member:
    """The bot's standing if it is an administrator with a right; else a refusal with `sentence`."""
    member = bot_member(world, chat)
    if not member.may(right):
        raise bad_request(sentence)
    return member

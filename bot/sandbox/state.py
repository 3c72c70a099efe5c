"""The whole world as JSON, for tests and curious people."""

from __future__ import annotations

from typing import Any

from bot.sandbox.bot_api import BotApi
from bot.sandbox.world import Chat, Person, Post, World, member_json

Json = dict[str, Any]


def world_state(api: BotApi) -> Json:
    """Bot, people, chats with their messages, and what waits for the bot."""
    world = api.world
    return {
        "bot": world.bot,
        "people": [_person(person) for person in world.people.values()],
        "chats": [_chat(world, chat) for chat in world.chats.values()],
        "pending_updates": len(world.updates),
        "webhook": api.webhook.url if api.webhook else None,
        "commands": [
            {"scope": list(scope), "language_code": language, "commands": commands}
            for (scope, language), commands in api.commands.items()
        ],
    }


def _person(person: Person) -> Json:
    return {"user": person.user, "note": person.note, "started": person.started, "blocked": person.blocked}


def _chat(world: World, chat: Chat) -> Json:
    return {
        "chat": chat.as_json(),
        "members": [member_json(member) for member in chat.members.values()],
        "topics": [topic.as_json() | {"closed": topic.closed} for topic in chat.topics.values()],
        "pinned": chat.pinned,
        "migrated_to": chat.migrated_to,
        "messages": [_message(post) for post in chat.messages.values()],
    }


def _message(post: Post) -> Json:
    reactions = [
        {"user_id": user_id, "reaction": reaction} for user_id, given in post.reactions.items() for reaction in given
    ]
    return post.message | ({"reactions": reactions} if reactions else {})

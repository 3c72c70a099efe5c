"""The demo's world."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.sandbox.demo import demo_world
from bot.sandbox.validation import conform

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def test_six_people_two_groups_and_a_consultants_room_are_there() -> None:
    world = demo_world(lambda: NOON)
    assert len(world.people) == 6
    groups = [chat for chat in world.chats.values() if not chat.is_private]
    assert [chat.is_forum for chat in groups] == [False, False, True]
    assert all(chat.member(world.bot_id) for chat in groups)
    bot = groups[2].member(world.bot_id)
    assert bot is not None
    assert bot.may("can_manage_topics")
    assert {person.language for person in world.people.values()} == {"en", "zh-hans", "zh-hant"}


def test_people_talked_before_and_nobody_has_started_the_bot() -> None:
    world = demo_world(lambda: NOON)
    dates = [post.message["date"] for chat in world.chats.values() for post in chat.messages.values()]
    assert len(dates) >= 6
    assert max(dates) < NOON.timestamp()
    assert world.seconds() == NOON.timestamp()
    assert not any(person.started for person in world.people.values())
    for update in world.updates.first(100):
        conform("Update", update)

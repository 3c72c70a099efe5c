"""Trouble on request, and Telegram's rate limits."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError, TimedOut

from tests.core.sandbox.conftest import Stage


def _texts(stage: Stage) -> list[str]:
    return [post.text for post in stage.private.messages.values()]


@pytest.mark.parametrize(
    ("code", "error"),
    [(400, BadRequest), (403, Forbidden), (500, NetworkError), (502, NetworkError)],
)
def test_a_refusal_asked_for_strikes_once(stage: Stage, code: int, error: type[TelegramError]) -> None:
    fault = stage.world.faults.ask(method="sendMessage", error_code=code)
    with pytest.raises(error):
        stage.run(stage.bot.send_message(stage.li.id, "one"))
    stage.run(stage.bot.send_message(stage.li.id, "two"))
    assert _texts(stage) == ["two"]
    assert fault.struck == 1


def test_a_refusal_carries_the_words_and_seconds_asked_for(stage: Stage) -> None:
    stage.world.faults.ask(error_code=429, retry_after=7)
    assert stage.reply("getMe").payload == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }
    stage.world.faults.ask(error_code=400, description="Bad Request: message thread not found")
    assert stage.reply("getMe").payload["description"] == "Bad Request: message thread not found"


@pytest.mark.parametrize(
    ("drop", "taken", "cause"),
    [
        ("before", False, httpx.ConnectError),
        ("unreachable", False, httpx.ConnectTimeout),
        ("after", True, httpx.RemoteProtocolError),
    ],
)
def test_a_dropped_connection_looks_as_it_would_over_http(
    stage: Stage, drop: str, taken: bool, cause: type[Exception]
) -> None:
    stage.world.faults.ask(drop=drop)
    with pytest.raises(NetworkError) as lost:
        stage.run(stage.bot.send_message(stage.li.id, "one"))
    assert isinstance(lost.value.__cause__, cause)
    assert isinstance(lost.value, TimedOut) is issubclass(cause, httpx.TimeoutException)
    assert _texts(stage) == (["one"] if taken else [])


def test_an_answer_slower_than_the_client_waits_is_a_read_timeout_after_the_fact(stage: Stage) -> None:
    stage.world.faults.ask(method="sendMessage", delay=30)
    with pytest.raises(TimedOut) as lost:
        stage.run(stage.bot.send_message(stage.li.id, "one", read_timeout=5))
    assert isinstance(lost.value.__cause__, httpx.ReadTimeout)
    assert _texts(stage) == ["one"]


def test_a_slow_answer_comes_in_the_end(stage: Stage) -> None:
    async def in_two() -> bool:
        slow = asyncio.create_task(stage.bot.send_message(stage.li.id, "slow"))
        quick = asyncio.create_task(stage.bot.get_me())
        done, _ = await asyncio.wait({slow, quick}, return_when=asyncio.FIRST_COMPLETED)
        await slow
        return quick in done

    stage.world.faults.ask(method="sendMessage", delay=0.01)
    assert stage.run(in_two())
    assert _texts(stage) == ["slow"]


def test_faults_choose_method_chat_and_number_of_times(stage: Stage) -> None:
    wang = stage.world.person("Wang")
    stage.world.start(wang)
    faults = stage.world.faults
    faults.ask(method="sendMessage", chat_id=stage.li.id, error_code=500, times=2)
    assert [stage.reply("getMe").status, stage.reply("sendMessage", chat_id=wang.id, text="x").status] == [200, 200]
    statuses = [stage.reply("sendMessage", chat_id=str(stage.li.id), text="x").status for _ in range(3)]
    assert statuses == [500, 500, 200]
    faults.ask(error_code=500, times=None)
    assert {stage.reply("getMe").status for _ in range(5)} == {500}
    faults.clear()
    assert stage.reply("getMe").status == 200


def test_chance_has_a_seed(stage: Stage) -> None:
    def statuses() -> list[int]:
        stage.world.faults.seed(7)
        return [stage.reply("getMe").status for _ in range(20)]

    stage.world.faults.ask(error_code=500, times=None, probability=0.5)
    first = statuses()
    assert set(first) == {200, 500}
    assert statuses() == first


@pytest.mark.parametrize(
    "wanted",
    [{}, {"drop": "sideways"}, {"drop": "after", "error_code": 500}, {"colour": "red"}],
)
def test_trouble_that_makes_no_sense_is_refused(stage: Stage, wanted: dict[str, object]) -> None:
    with pytest.raises((TypeError, ValueError)):
        stage.world.faults.ask(**wanted)


# Limits


@pytest.fixture
def limited(runner: asyncio.Runner) -> Stage:
    return Stage(runner, limits=True)


def _sent_until_refused(stage: Stage, *chat_ids: int) -> tuple[int, int]:
    """How many messages go through, and the seconds to wait then."""
    for sent in range(1000):
        reply = stage.reply("sendMessage", chat_id=chat_ids[sent % len(chat_ids)], text="x")
        if reply.status == 429:
            return sent, reply.payload["parameters"]["retry_after"]
    raise AssertionError("no limit")


def test_one_person_gets_a_short_burst_and_then_one_a_second(limited: Stage) -> None:
    assert _sent_until_refused(limited, limited.li.id) == (5, 1)
    limited.passes(seconds=1)
    assert _sent_until_refused(limited, limited.li.id) == (1, 1)
    limited.passes(seconds=60)
    assert _sent_until_refused(limited, limited.li.id) == (5, 1)


def test_a_group_gets_20_messages_a_minute(limited: Stage) -> None:
    group = limited.world.supergroup("Group", limited.li)
    assert _sent_until_refused(limited, group.id) == (20, 60)
    limited.passes(seconds=45)
    assert _sent_until_refused(limited, group.id) == (0, 15)
    limited.passes(seconds=15)
    assert _sent_until_refused(limited, group.id) == (20, 60)


def test_all_chats_together_get_30_messages_a_second(limited: Stage) -> None:
    people = [limited.world.person(f"P{number}") for number in range(40)]
    for person in people:
        person.started = True
    assert _sent_until_refused(limited, *(person.id for person in people)) == (30, 1)
    limited.passes(seconds=1)
    assert _sent_until_refused(limited, *(person.id for person in people)) == (30, 1)


def test_an_album_counts_all_its_parts_and_a_refused_message_none(limited: Stage) -> None:
    group = limited.world.supergroup("Group", limited.li)
    asked = [limited.world.say(limited.li, group, "x").id for _ in range(15)]
    limited.call("copyMessages", chat_id=group.id, from_chat_id=group.id, message_ids=asked)
    refused = limited.reply("copyMessages", chat_id=group.id, from_chat_id=group.id, message_ids=asked)
    assert refused.status == 429
    assert _sent_until_refused(limited, group.id) == (5, 60)


def test_without_limits_nothing_is_refused(stage: Stage) -> None:
    for _ in range(200):
        stage.call("sendMessage", chat_id=stage.li.id, text="x")

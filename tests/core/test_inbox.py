"""Updates: stored before they are acknowledged, handled once, in order, and replayed after a crash."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import select

from bot import inbox
from bot.db import Database
from bot.errors import SettingsInvalid
from bot.inbox import Arrived, InboxRow, Lanes, Poller, lane_of
from bot.sandbox.transport import TOKEN, SandboxRequest
from bot.sandbox.world import World
from bot.telegram_api import TelegramApi
from tests.conftest import NOON, SetClock


def message(update_id: int, chat: int = 1, text: str = "hello") -> dict[str, Any]:
    sender = {"id": 1, "is_bot": False, "first_name": "Li"}
    body = {"message_id": update_id * 10, "chat": {"id": chat, "type": "private"}, "from": sender, "text": text}
    return {"update_id": update_id, "message": body}


def receive(database: Database, *updates: dict[str, Any]) -> list[int]:
    with database.connection() as connection:
        return [arrived.update_id for arrived in inbox.receive(connection, updates, now=NOON)]


def rows(database: Database) -> dict[int, InboxRow]:
    with database.reading() as db:
        return {row.update_id: row for row in db.exec(select(InboxRow))}


def unfinished(database: Database) -> list[Arrived]:
    with database.reading() as db:
        return inbox.waiting(db)


# The rows


def test_r01_the_same_update_twice_is_one_row_and_new_only_once(database: Database) -> None:
    assert receive(database, message(7), message(7), message(5)) == [5, 7]
    assert receive(database, message(7), message(8)) == [8]
    assert sorted(rows(database)) == [5, 7, 8]
    assert receive(database) == []


def test_r01_an_update_that_was_handled_is_not_new_when_it_comes_again(database: Database) -> None:
    receive(database, message(7))
    with database.transaction() as db:
        assert inbox.finish(db, 7, now=NOON)
    assert receive(database, message(7)) == []
    with database.transaction() as db:
        assert not inbox.finish(db, 7, now=NOON)


def test_r03_what_was_not_handled_is_replayed_whole_and_in_order(database: Database) -> None:
    receive(database, message(9, text="第三 😀"), message(7), message(8, chat=-5))
    with database.transaction() as db:
        inbox.finish(db, 7, now=NOON)
    assert unfinished(database) == [Arrived(8, -5, message(8, chat=-5)), Arrived(9, 1, message(9, text="第三 😀"))]
    with database.reading() as db:
        assert inbox.depth(db) == 2


def test_what_is_done_holds_nothing_of_what_was_said(database: Database) -> None:
    receive(database, message(7, text="my patient Wang"))
    with database.transaction() as db:
        inbox.finish(db, 7, now=NOON)
    done = rows(database)[7]
    assert (done.payload, done.done_at, done.message_id) == (None, NOON, 70)


def test_done_and_what_was_done_commit_together(database: Database) -> None:
    receive(database, message(7))

    def handle_and_fail() -> None:
        with database.transaction() as db:
            inbox.finish(db, 7, now=NOON)
            raise KeyError("the handler failed")

    with pytest.raises(KeyError, match="the handler failed"):
        handle_and_fail()
    assert [arrived.update_id for arrived in unfinished(database)] == [7]


def test_what_was_put_aside_is_kept_for_whoever_mends_it_and_is_not_replayed(database: Database) -> None:
    receive(database, message(7, text="the one that fails"))
    with database.transaction() as db:
        inbox.put_aside(db, 7, "x" * 600, now=NOON)
    aside = rows(database)[7]
    assert "the one that fails" in (aside.payload or "")
    assert aside.error == "x" * 500
    assert unfinished(database) == []


def test_pruning_forgets_what_was_handled_long_ago_and_nothing_that_waits(database: Database) -> None:
    receive(database, message(1), message(2), message(3))
    with database.transaction() as db:
        inbox.finish(db, 1, now=NOON)
        inbox.put_aside(db, 2, "failed", now=NOON)
        inbox.prune(db, now=NOON + inbox.KEPT)
    assert sorted(rows(database)) == [1, 2, 3]
    with database.transaction() as db:
        inbox.prune(db, now=NOON + inbox.KEPT + timedelta(seconds=1))
    assert sorted(rows(database)) == [3]


def test_the_inbox_knows_when_the_bot_was_last_awake(database: Database) -> None:
    with database.reading() as db:
        assert inbox.last_beat(db) is None
    for moment in (NOON, NOON + timedelta(minutes=5)):
        with database.transaction() as db:
            inbox.beat(db, now=moment)
    with database.reading() as db:
        assert inbox.last_beat(db) == NOON + timedelta(minutes=5)


def test_the_inbox_knows_whose_messages_it_heard(database: Database) -> None:
    receive(database, message(1, chat=-5), message(2, chat=-5), message(3, chat=-6))
    with database.reading() as db:
        assert inbox.heard(db, -5, 10) == {20}
        assert inbox.heard(db, -5, 0) == {10, 20}


@pytest.mark.parametrize(
    ("kind", "body", "lane"),
    [
        ("message", {"chat": {"id": -5}, "from": {"id": 1}}, -5),
        ("callback_query", {"from": {"id": 1}, "message": {"chat": {"id": -5}}}, -5),
        ("callback_query", {"from": {"id": 1}}, 1),
        ("my_chat_member", {"chat": {"id": -5}, "from": {"id": 1}}, -5),
        ("message_reaction", {"chat": {"id": -5}, "user": {"id": 1}}, -5),
        ("poll_answer", {"user": {"id": 1}}, 1),
        ("inline_query", {"from": {"id": 1}}, 1),
        ("poll", {"id": "5"}, 0),
    ],
)
def test_an_update_goes_into_the_lane_of_its_chat_or_else_of_its_person(
    kind: str, body: dict[str, Any], lane: int
) -> None:
    assert lane_of({"update_id": 1, kind: body}) == lane


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(st.integers(1, 30), max_size=12), max_size=6))
def test_r01_however_updates_are_repeated_each_is_new_once(batches: list[list[int]]) -> None:
    first, base = _once_only(), 0
    assert not first.seen
    for batch in batches:
        new = receive(first.database, *[message(base + number) for number in batch])
        assert new == sorted(set(batch) - first.seen)
        first.seen |= set(batch)
    with first.database.connection() as connection:
        connection.exec_driver_sql("DELETE FROM inbox")


class _once_only:
    """The database of the running example; hypothesis calls the test many times."""

    database: Database

    def __init__(self) -> None:
        self.seen: set[int] = set()


@pytest.fixture(autouse=True)
def _one_database_for_all_examples(request: pytest.FixtureRequest) -> None:
    if "however" in request.node.name:
        _once_only.database = request.getfixturevalue("sqlite")


# The lanes


def work_off(runner: asyncio.Runner, work: Callable[[Arrived], Awaitable[None]], *lanes: int, width: int = 8) -> None:
    async def run() -> None:
        queue = Lanes(work, width=width)
        for number, lane in enumerate(lanes):
            queue.put(Arrived(number, lane, {}))
        await asyncio.wait_for(queue.idle(), 10)

    runner.run(run())


def test_one_chat_is_handled_in_order_while_others_go_on(runner: asyncio.Runner) -> None:
    done: list[int] = []
    slow = asyncio.Event()

    async def work(arrived: Arrived) -> None:
        if arrived.update_id == 0:
            await slow.wait()
        done.append(arrived.update_id)
        if done == [3, 4]:
            slow.set()

    work_off(runner, work, 1, 1, 1, 2, 2)
    assert done == [3, 4, 0, 1, 2]


def test_no_more_chats_are_handled_at_once_than_there_is_width(runner: asyncio.Runner) -> None:
    at_work = most = 0

    async def work(arrived: Arrived) -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await asyncio.sleep(0)
        at_work -= 1

    work_off(runner, work, *range(20), width=3)
    assert most == 3


def test_what_comes_while_a_chat_is_being_handled_is_not_forgotten(runner: asyncio.Runner) -> None:
    done: list[int] = []

    async def run() -> None:
        async def work(arrived: Arrived) -> None:
            done.append(arrived.update_id)
            if arrived.update_id < 5:
                lanes.put(Arrived(arrived.update_id + 1, 1, {}))

        lanes = Lanes(work, width=1)
        lanes.put(Arrived(0, 1, {}))
        await asyncio.wait_for(lanes.idle(), 10)

    runner.run(run())
    assert done == [0, 1, 2, 3, 4, 5]


def test_work_that_fails_in_passing_is_tried_again_and_in_vain_only_so_often(
    runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.inbox._lanes._PAUSES", (0.0, 0.0, 0.0))
    tries: list[int] = []

    async def work(arrived: Arrived) -> None:
        tries.append(arrived.update_id)
        if arrived.update_id == 0 and len(tries) < 3:
            raise OSError("the database is away")
        if arrived.update_id == 1:
            raise OSError("for ever")

    work_off(runner, work, 1, 1, 1)
    assert tries == [0, 0, 0, 1, 1, 1, 1, 2]
    assert "update 1 could not be handled" in caplog.text


# The poller


class Post:
    """A world, its Bot API, and a poller that notes what it hands on."""

    def __init__(self, database: Database, clock: SetClock) -> None:
        self.world = World(clock)
        self.li = self.world.person("Li Wei")
        self.li.started = True
        self.database = database
        self.clock = clock
        self.handed_on: list[str] = []
        self.poller = self.new_poller()

    def new_poller(self) -> Poller:
        api = TelegramApi("http://sandbox", TOKEN, SandboxRequest(self.world))
        return Poller(api, self.database, wants=lambda update: True, put=self._take, now=self.clock)

    def _take(self, arrived: Arrived) -> None:
        self.handed_on.append(arrived.payload["message"]["text"])

    def says(self, *texts: str) -> None:
        for text in texts:
            self.world.say(self.li, self.world.private(self.li), text)


@pytest.fixture
def post(sqlite: Database, clock: SetClock) -> Post:
    return Post(sqlite, clock)


def test_r03_an_update_is_stored_before_telegram_is_told_that_it_arrived(post: Post, runner: asyncio.Runner) -> None:
    post.says("one", "two")
    assert runner.run(post.poller.once()) == 2
    assert len(rows(post.database)) == 2
    assert len(post.world.updates) == 2
    assert runner.run(post.poller.once()) == 0
    assert len(post.world.updates) == 0
    assert post.poller.caught_up.is_set()


def test_r01_what_a_dead_process_had_stored_is_not_handed_on_again(post: Post, runner: asyncio.Runner) -> None:
    post.says("one", "two")
    runner.run(post.poller.once())
    post.says("three")
    runner.run(post.new_poller().once())
    assert post.handed_on == ["one", "two", "three"]


def test_what_nobody_wants_costs_no_row_and_is_acknowledged_too(
    post: Post, sqlite: Database, runner: asyncio.Runner
) -> None:
    api = TelegramApi("http://sandbox", TOKEN, SandboxRequest(post.world))
    poller = Poller(api, sqlite, wants=lambda update: False, put=post._take, now=post.clock)
    post.says("chatter")
    runner.run(poller.once())
    runner.run(poller.once())
    assert (rows(sqlite), post.handed_on, len(post.world.updates)) == ({}, [], 0)


def test_a_token_that_telegram_does_not_know_ends_it_with_a_sentence(post: Post, runner: asyncio.Runner) -> None:
    post.world.faults.ask(error_code=401, times=None)
    with pytest.raises(SettingsInvalid, match="Telegram does not know SMALLWINS_TOKEN"):
        runner.run(post.poller.run())


def test_trouble_is_waited_out_with_growing_pauses_and_said_once(
    post: Post, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch, logged: pytest.LogCaptureFixture
) -> None:
    pauses: list[float] = []
    truly = asyncio.sleep

    async def note(seconds: float) -> None:
        pauses.append(seconds)
        await truly(0)

    monkeypatch.setattr("bot.inbox._poller.asyncio.sleep", note)
    post.world.faults.ask(method="getUpdates", drop="before", times=4)
    post.world.faults.ask(method="getUpdates", error_code=429, retry_after=7)
    post.world.faults.ask(method="getUpdates", error_code=409)
    post.says("one")

    async def until_caught_up() -> None:
        running = asyncio.create_task(post.poller.run())
        await asyncio.wait_for(post.poller.caught_up.wait(), 60)
        running.cancel()

    runner.run(until_caught_up())
    assert pauses[:6] == [1.0, 2.0, 4.0, 8.0, 7.0, 16.0]
    assert post.handed_on == ["one"]
    lines = [record.getMessage() for record in logged.records if record.levelno >= logging.INFO]
    assert lines == ["The Bot API server cannot be reached (NetworkError); trying again.", "Updates arrive again."]

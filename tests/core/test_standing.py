"""Who delivers: a process whose term is over neither claims nor writes; and the tallies of what was sent."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot import outbox
from bot.app import App, Identity
from bot.courier._marks import REPEATED
from bot.db import Database
from bot.errors import LeaseLost
from bot.knowledge import Knowledge
from bot.outbox import Event, Lane, OutboxRow, Tally
from bot.sandbox.bot_api import BotApi
from bot.sandbox.transport import TOKEN, SandboxRequest
from bot.sandbox.world import World
from bot.settings import Settings
from bot.telegram_api import TelegramApi
from tests.conftest import NOON, SetClock


class Processes:
    """Applications on one database and one Telegram, stepped by hand."""

    def __init__(self, database: Database, knowledge: Knowledge, clock: SetClock, runner: asyncio.Runner) -> None:
        self.database, self.knowledge, self.clock, self.runner = database, knowledge, clock, runner
        self.world = World(clock)
        self.apps: list[App] = []

    def another(self) -> App:
        """One more process; it is not the owner yet."""
        api = TelegramApi("http://sandbox", TOKEN, SandboxRequest(BotApi(self.world)))
        identity = Identity(self.world.bot_id, self.world.bot["username"])
        self.apps.append(App(Settings(rate=1000), self.database, api, identity, self.knowledge, now=self.clock))
        return self.apps[-1]

    def owes(self, key: str) -> None:
        """Promise a message to somebody new."""
        person = self.world.person(key)
        person.started = True
        with self.database.transaction() as db:
            payload = {"chat_id": person.id, "text": key}
            outbox.enqueue(db, chat_id=person.id, method="sendMessage", payload=payload, now=self.clock.now, key=key)

    def row(self, key: str) -> OutboxRow:
        with self.database.reading() as db:
            return db.exec(select(OutboxRow).where(OutboxRow.key == key)).one()


@pytest.fixture
def processes(
    database: Database, knowledge: Knowledge, clock: SetClock, runner: asyncio.Runner
) -> Iterator[Processes]:
    made = Processes(database, knowledge, clock, runner)
    yield made
    for app in made.apps:
        app.close()


def test_s06_a_process_whose_term_is_over_sends_nothing_more(processes: Processes) -> None:
    old, new = processes.another(), processes.another()
    old.begin_term("old")
    processes.owes("first")
    assert processes.runner.run(old.courier.drain()) == 1
    new.begin_term("new")
    processes.owes("second")
    with pytest.raises(LeaseLost):
        processes.runner.run(old.courier.drain())
    assert processes.row("second").state == "due"
    assert processes.runner.run(new.courier.drain()) == 1
    old.end_term()
    with processes.database.reading() as db:
        assert outbox.standing(db).owner == "new"


def test_s06_a_receipt_that_comes_after_the_term_is_not_written_and_the_new_owner_doubts_it(processes: Processes) -> None:
    old, new = processes.another(), processes.another()
    old.begin_term("old")
    processes.owes("slow")
    processes.world.subscribe(lambda _: new.begin_term("new"))  # while Telegram has taken it and has not answered yet
    with pytest.raises(LeaseLost):
        processes.runner.run(old.courier.drain())
    assert processes.row("slow").state == "claimed"
    processes.runner.run(new.courier.recover())
    assert processes.row("slow").uncertain_at == NOON
    assert processes.runner.run(new.courier.drain()) == 1
    assert processes.row("slow").state == "sent"
    [chat] = [chat for chat in processes.world.chats.values() if chat.messages]
    assert [post.text for post in chat.messages.values()] == ["slow", "slow" + REPEATED]
    with processes.database.reading() as db:
        assert outbox.totals(db) == {(Lane.REPLY, "uncertain"): 1, (Lane.REPLY, "sent"): 1}


def test_tallies_say_what_became_of_messages_and_how_late_they_were(database: Database) -> None:
    with database.connection() as connection:
        for delay in (0.2, 0.9, 4, 50, 400):
            outbox.tally(connection, [Event(Lane.REPLY, "sent", timedelta(seconds=delay))], now=NOON)
        outbox.tally(connection, [Event(Lane.NOTICE, "failed"), Event(Lane.NOTICE, "uncertain")], now=NOON)
    with database.reading() as db:
        found = outbox.tallied(db, since=NOON - timedelta(days=1))
        assert (found.sent, found.failed, found.uncertain, found.typical) == (5, 1, 1, timedelta(seconds=5))
        assert outbox.tallied(db, since=NOON + timedelta(hours=1)) == outbox.Tallied()
        assert outbox.tallied(db, since=NOON - timedelta(days=2), until=NOON - timedelta(days=1)) == outbox.Tallied()


def test_old_hours_are_counted_together_and_the_totals_stay(database: Database) -> None:
    moments = [NOON - timedelta(days=days) for days in (300, 200, 200, 1)]
    for round_ in range(2):
        with database.transaction() as db:
            for moment in moments:
                outbox.tally(db.connection(), [Event(Lane.REPLY, "sent")], now=moment)
            outbox.prune_tallies(db, now=NOON)
            assert outbox.totals(db) == {(Lane.REPLY, "sent"): 4 * (round_ + 1)}
            assert len(db.exec(select(Tally).order_by(col(Tally.hour))).all()) == 2

"""Several processes on one PostgreSQL: one owns courier, clock and polling, the others stand by and take over."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from bot.db import Database
from bot.demo import introduce
from bot.sandbox.demo import demo_world
from bot.sandbox.server import Running, serve_in_thread
from bot.settings import Settings
from tests.masses import Mass
from tests.processes import Process
from tests.test_process import _answered, _asks, _free_port, _get


class Pair:
    """Two processes on one PostgreSQL and one Telegram; neither has begun."""

    def __init__(self, running: Running, url: str, folder: Path) -> None:
        self.running = running
        self.database = Database(url)
        self.ports = (_free_port(), _free_port())
        self.first, self.second = (self._process(url, folder / name, n) for n, name in enumerate(("first", "second")))

    def _process(self, url: str, folder: Path, number: int) -> Process:
        folder.mkdir()
        process = Process(self.running, url, folder, restarts=False)
        process.settings = {"SMALLWINS_LISTEN": f"127.0.0.1:{self.ports[number]}", "SMALLWINS_RATE": "200"}
        self.running.do(self.running.world.subscribe, process.watch)
        return process

    def begin(self) -> None:
        """Start the first as the owner, then the second beside it."""
        self.first.begin()
        self.first.until(lambda: "is running" in self.first.log)
        self.second.begin()
        self.second.until(lambda: "standing by" in self.second.log and self.says(1, "/readyz") == "ready, standing by")

    def says(self, number: int, path: str) -> str:
        """What the first (0) or second (1) process answers."""
        try:
            return _get(f"http://127.0.0.1:{self.ports[number]}{path}")[1]
        except OSError:
            return ""


@pytest.fixture
def pair(postgres_url: str, tmp_path: Path) -> Iterator[Pair]:
    name = f"pair_{uuid.uuid4().hex}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = postgres_url.replace("/postgres?", f"/{name}?")
    assert name in url
    with ExitStack() as stack:
        running = stack.enter_context(serve_in_thread(demo_world()))
        introduce(running.world, Settings(database_url=url))
        running.do(running.world.updates.clear)
        made = Pair(running, url, tmp_path)
        stack.callback(made.database.close)
        yield made
        for process in (made.first, made.second):
            process.fatal = None
            if process.popen is not None and process.popen.poll() is None:
                assert process.end() == 0, "SIGTERM ends it"


def test_s06_one_of_two_processes_is_killed_in_the_middle_of_a_notice_and_the_other_takes_over(pair: Pair) -> None:
    pair.begin()
    mass = Mass(pair.running, 150)
    seen = itertools.count(1)
    pair.first.fatal = lambda event: mass.is_part(event) and next(seen) == 40
    mass.begin(pair.database)
    with pair.database.connection() as connection:
        pair.database.tell(connection)
    pair.first.until(lambda: pair.first.kills == 1)
    mass.note_in_flight(pair.database)
    pair.second.until(lambda: "is running" in pair.second.log and mass.everybody_has_it())
    pair.second.until(lambda: not mass.faults(pair.database))
    assert mass.doubtful(pair.database) <= mass.in_flight
    chat = _asks(pair.second)
    pair.second.until(lambda: bool(_answered(chat)))
    assert "smallwins_owner 1.0" in pair.says(1, "/metrics")


def test_s06_a_rolling_deploy_the_standby_takes_webhooks_for_the_owner_and_then_over(pair: Pair) -> None:
    for process in (pair.first, pair.second):
        process.settings |= {
            "SMALLWINS_WEBHOOK_URL": f"http://127.0.0.1:{pair.ports[1]}",  # all updates reach the one that stands by
            "SMALLWINS_WEBHOOK_SECRET": "a-secret-of-ours",
        }
    pair.begin()
    assert pair.says(0, "/readyz") == "ready"
    assert "smallwins_owner 0.0" in pair.says(1, "/metrics")
    pair.first.until(lambda: pair.running.api.webhook is not None)
    chat = _asks(pair.first)
    pair.first.until(lambda: bool(_answered(chat)))
    assert pair.first.end() == 0
    _asks(pair.second, "/ask How do we train peer supporters?")
    pair.second.until(lambda: len(_answered(chat)) == 2 and pair.says(1, "/readyz") == "ready")

"""Two processes on one PostgreSQL and one Telegram look-alike."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from bot.db import Database
from bot.demo import introduce
from bot.sandbox.demo import demo_world
from bot.sandbox.server import Running, serve_in_thread
from bot.settings import Settings
from tests.processes import Process, free_port, get


class Pair:
    """Two processes on one PostgreSQL and one Telegram; neither has begun."""

    def __init__(self, running: Running, url: str, folder: Path) -> None:
        self.running = running
        self.database = Database(url)
        self.ports = (free_port(), free_port())
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
            return get(f"http://127.0.0.1:{self.ports[number]}{path}")[1]
        except OSError:
            return ""


@contextmanager
def paired(postgres_url: str, folder: Path) -> Iterator[Pair]:
    """A pair on a new database of a server; whoever of them still runs is ended as an operator would."""
    name = f"pair_{uuid.uuid4().hex}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = postgres_url.replace("/postgres?", f"/{name}?")
    assert name in url
    with ExitStack() as stack:
        running = stack.enter_context(serve_in_thread(demo_world()))
        introduce(running.world, Settings(database_url=url))
        running.do(running.world.updates.clear)
        made = Pair(running, url, folder)
        stack.callback(made.database.close)
        yield made
        for process in (made.first, made.second):
            process.fatal = None
            if process.popen is not None and process.popen.poll() is None:
                assert process.end() == 0, "SIGTERM ends it"

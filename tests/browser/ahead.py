"""The bot beside a browser test, in a thread of its own, on a wall clock that can be set forward."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot import clock, process
from bot.app import App
from bot.db import Database
from bot.demo import introduce
from bot.features import people
from bot.sandbox.server import Running
from bot.settings import Settings


class Wall:
    """A wall clock that begins at noon in Beijing on a Tuesday, 24 November 2026, and can be set forward."""

    def __init__(self) -> None:
        self.ahead = datetime(2026, 11, 24, 4, 0, tzinfo=UTC) - clock.now()

    def __call__(self) -> datetime:
        return clock.now() + self.ahead


class Playing:
    """The bot, running in a thread of its own against the served sandbox."""

    def __init__(self, settings: Settings) -> None:
        self.wall = Wall()
        self.apps: list[App] = []
        self.settings = settings
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._thread = threading.Thread(target=self._run)

    def make(self, *args: Any, **kwargs: Any) -> App:
        """The application, on this clock."""
        self.apps.append(App(*args, now=self.wall, **kwargs))
        return self.apps[-1]

    def begin(self) -> None:
        """Start it."""
        self._thread.start()

    def _run(self) -> None:
        self._loop.run_until_complete(process.run(self.settings, ended=self._ended))
        self._loop.close()

    def sets_the_clock_forward(self, by: timedelta) -> None:
        """It is later now; the next tick sees it."""
        self.wall.ahead += by
        running = self.apps[-1].clock
        assert running is not None
        running.wake()

    def waits_until(self, moment: datetime) -> None:
        """It is that moment now."""
        self.sets_the_clock_forward(moment - self.wall())

    def end(self) -> None:
        """Stop it, and wait for its end."""
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(timeout=60)


@contextmanager
def played(sandbox: Running, folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Playing]:
    """The bot on the demo's world, whose people all opened it long ago."""
    url = f"sqlite:///{folder / 'played.db'}"
    settings = Settings(token=SecretStr(sandbox.token), api_url=sandbox.url, database_url=url, rate=1000)
    introduce(sandbox.world, settings)
    sandbox.do(partial(_open_the_bot, sandbox))
    database = Database(url)
    with database.transaction() as db:
        for one in sandbox.world.people.values():
            if (member := people.find(db, one.id)) is not None:
                people.start(member, now=clock.now())
    database.close()
    made = Playing(settings)
    patch.setattr(process, "App", made.make)
    made.begin()
    yield made
    made.end()


def _open_the_bot(sandbox: Running) -> None:
    sandbox.world.updates.clear()
    for one in sandbox.world.people.values():
        one.started = True
        sandbox.world.private(one)

"""Starting what is measured, and the seconds of computing that it takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import clock, outbox
from bot.db import Database
from bot.demo import introduce
from bot.features import people
from bot.outbox import Lane, Owed
from bot.sandbox.demo import demo_world
from bot.settings import Settings
from tests.bench.delivery._served import NOTICE

TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 900.0


def seconds_of(pid: int) -> float:
    """What a process has computed so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@dataclass
class Sandbox:
    """The served sandbox, in another process."""

    popen: subprocess.Popen[str]
    url: str
    token: str
    chats: list[int]

    def __call__(self, do: str, **more: Any) -> dict[str, Any]:
        """Carry out a command, and say what was seen."""
        assert self.popen.stdin is not None
        assert self.popen.stdout is not None
        print(json.dumps({"do": do} | more), file=self.popen.stdin, flush=True)
        seen: dict[str, Any] = json.loads(self.popen.stdout.readline())
        return seen

    def until(self, seen: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Look twenty times a second until it has seen that."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if seen(now := self("look")):
                return now
            time.sleep(0.05)
        raise SystemExit(f"it never happens; seen so far: {now | {'waits': len(now['waits'])}}")


def python(*arguments: str, **more: Any) -> subprocess.Popen[str]:
    """A Python of our own."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | more.pop("env", {})
    command = [sys.executable, "-m", *arguments]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **more)


@contextmanager
def sandbox(members: int, *, limits: bool) -> Iterator[Sandbox]:
    """Serve a world with so many people beside the demo's."""
    popen = python("tests.bench.delivery._served", str(members), *(["limits"] if limits else []))
    assert popen.stdin is not None
    assert popen.stdout is not None
    given = json.loads(popen.stdout.readline())
    try:
        yield Sandbox(popen, given["url"], given["token"], given["chats"])
    finally:
        popen.stdin.close()
        popen.wait(10)


@contextmanager
def bare(how: str, world: Sandbox, messages: int = 0) -> Iterator[subprocess.Popen[str]]:
    """A bot of `_bare`, ready to begin."""
    popen = python("tests.bench.delivery._bare", how)
    assert popen.stdin is not None
    assert popen.stdout is not None
    chats = [world.chats[number % len(world.chats)] for number in range(messages)]
    print(json.dumps({"url": world.url, "token": world.token, "chats": chats}), file=popen.stdin, flush=True)
    assert popen.stdout.readline().strip() == "ready"
    try:
        yield popen
    finally:
        popen.terminate()
        popen.wait(10)


class Ours:
    """`smallwins run` on a database that knows the members."""

    def __init__(self, world: Sandbox, folder: Path, rate: float) -> None:
        self.url = f"sqlite:///{folder / 'delivery.db'}"
        introduce(demo_world(), Settings(database_url=self.url))
        self.database = Database(self.url)
        self._know(world.chats)
        settings = {"TOKEN": world.token, "API_URL": world.url, "DATABASE_URL": self.url, "RATE": str(rate)}
        self.log = (folder / "log.txt").open("w")
        env = {f"SMALLWINS_{name}": value for name, value in settings.items()}
        self.popen = python("bot", "run", env=env, stderr=self.log, cwd=folder)

    def _know(self, chats: list[int]) -> None:
        now = clock.now()
        with self.database.transaction() as db:
            for chat in chats:
                member = people.meet(
                    db,
                    telegram_id=chat,
                    name=f"Member {chat}",
                    language_code="en",
                    default="en",
                    timezone="Asia/Shanghai",
                    now=now,
                )
                people.start(member, now=now)
                people.agree(member, now=now)
                member.role = people.Role.TRAINEE

    def owes(self, chats: list[int]) -> None:
        """Promise a notice to each."""
        rows = [
            Owed(chat, "sendMessage", {"chat_id": chat, "text": f"{NOTICE} the next webinar is on Thursday."},
                 key=f"notice:1:{number}", about="notice:1", lane=Lane.NOTICE)
            for number, chat in enumerate(chats)
        ]  # fmt: skip
        with self.database.transaction() as db:
            outbox.enqueue_many(db, rows, now=clock.now())

    def until_all_is_written(self) -> None:
        """Wait until every receipt is there."""
        for _ in range(600):
            with self.database.reading() as db:
                counts = outbox.counts(db)
            if not counts.get("due") and not counts.get("claimed"):
                return
            time.sleep(0.1)
        raise SystemExit(f"receipts never come: {counts}")

    def end(self) -> None:
        """Leave nothing running."""
        self.database.close()
        self.popen.terminate()
        self.popen.wait(10)
        self.log.close()


@contextmanager
def ours(world: Sandbox, *, rate: float) -> Iterator[Ours]:
    """The bot, running and idle: it has answered a first question."""
    with tempfile.TemporaryDirectory(prefix="smallwins-delivery-") as folder:
        bot = Ours(world, Path(folder), rate)
        try:
            world("burst", count=1, people=1, words="/help")
            world.until(lambda seen: seen["replies"] >= 1)
            time.sleep(2.0)  # what belongs to the start comes to its end
            world("forget")
            yield bot
        finally:
            bot.end()

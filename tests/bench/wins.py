"""Small wins among many: `python -m tests.bench.wins`.

A community of 100,000 members, each with a path and some with wins, kudos and hitches, beside one of 1,000; what is due is
the same in both. Shown are what /wins takes, by its handler and with all that is sent, and what each tick takes, idle and
with 50 members to be asked. More than 1.3 times as long in the large community fails, and so does a statement that reads
a whole large table.
"""

from __future__ import annotations

import asyncio
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, event, insert, update
from sqlmodel import col

import bot.tables  # noqa: F401  (registers every table)
from bot import knowledge
from bot.db import Database
from bot.features.people import Member, Role
from bot.features.wins import Kudos, Ladder, Win, WinHitch, WinPath
from bot.outbox import OutboxRow
from bot.settings import Settings
from handlers._kit import Moment
from handlers._kit._features import Tick
from tests.town import Seat, Town

NOW = datetime(2026, 11, 25, 4, 30, tzinfo=UTC)
SIZES = {"small": 1_000, "large": 100_000}
DUE, REPEATS, RATIO = 50, 25, 1.3
FIRST = 1000
LARGE = ("members", "win_paths", "wins", "win_hitches", "win_kudos")


def fill(database: Database, ladder: Ladder, number: int) -> None:
    """So many members, each somewhere on the ladder."""
    steps, ids = [step.id for step in ladder.steps], range(FIRST, FIRST + number)
    began = NOW - timedelta(days=200)
    members = (
        {
            "id": n, "telegram_id": 9_000_000 + n, "telegram_name": f"M{n}", "role": Role.TRAINEE, "created_at": began,
            "started_at": began, "consented_at": began, "language": "en", "timezone": "Asia/Shanghai",
        }
        for n in ids
    )  # fmt: skip
    paths = (
        {"member_id": n, "step": steps[n % 20], "began_at": began, "asked_next_at": NOW + timedelta(days=1 + n % 14)}
        for n in ids
    )
    done = (
        {
            "id": n * 4 + k, "member_id": n, "step": steps[place], "done_at": began + timedelta(days=n % 150),
            "days": n % 150, "photos": [], "named": False,
        }
        for n in ids
        for k, place in enumerate(range(max(0, n % 20 - 4), n % 20))
    )  # fmt: skip
    stuck = (
        {"member_id": n, "step": steps[n % 20], "barrier": "time", "said_at": began, "offered_at": began}
        for n in ids
        if n % 5 == 0
    )
    glad = (
        {"win_id": n * 4, "telegram_id": 9_000_001 + n, "reacted": True, "at": began, "told_at": began}
        for n in ids
        if n % 20
    )
    with database.transaction() as db:
        for table, rows in ((Member, members), (WinPath, paths), (Win, done), (WinHitch, stuck), (Kudos, glad)):
            made = list(rows)
            for start in range(0, len(made), 5000):
                db.execute(insert(table), made[start : start + 5000])
    with database.transaction() as db:
        db.connection().exec_driver_sql("ANALYZE")


class Community:
    """A town with so many people on the ladder."""

    def __init__(self, known: knowledge.Knowledge, folder: Path, name: str, runner: asyncio.Runner) -> None:
        self.now = NOW
        self.database = Database(f"sqlite:///{folder / name}.db")
        self.database.migrate()
        fill(self.database, known.ladder, SIZES[name])
        self.town = Town(self.database, lambda: self.now, known, runner)
        self.town.settle()
        self.seat: Seat = self.town.private(self.town.trainee)

    def opens(self) -> float:
        """Milliseconds from /wins until it is handled, without what ticks and sending take."""

        async def handle() -> None:
            await self.town.app.poller.once()
            await self.town.app.lanes.idle()

        self.town.world.say(self.town.trainee, self.seat.chat, "/wins")
        begun = time.perf_counter()
        self.town.runner.run(handle())
        took = (time.perf_counter() - begun) * 1000
        self.town.settle()
        return took

    @property
    def ticks(self) -> list[Tick]:
        """The ticks of small wins, but for the monthly one."""
        found = [tick for tick in self.town.app.handlers.triggers.ticks if tick.context == "wins"]
        return [tick for tick in found if tick.run.__name__ != "monthly"]

    def run(self, tick: Tick) -> float:
        """Milliseconds that a tick takes, with its commit."""
        begun = time.perf_counter()
        with self.database.transaction() as db:
            tick.run(Moment(db, self.now, self.town.app.handlers.services, tick.context))
        return (time.perf_counter() - begun) * 1000

    def some_are_due(self, number: int) -> None:
        """The check-ins of 50 members fall due."""
        ids = range(FIRST + number * DUE, FIRST + (number + 1) * DUE)
        with self.database.transaction() as db:
            due = {"asked_next_at": self.now - timedelta(minutes=30), "unanswered": 0, "asked_at": None}
            db.exec(update(WinPath).where(col(WinPath.member_id).in_([n % 1000 + 1000 for n in ids])).values(due))

    def sends_nothing(self) -> None:
        """Those who were asked are no people of the town: nothing goes out to them."""
        with self.database.transaction() as db:
            db.exec(delete(OutboxRow).where(col(OutboxRow.state) == "due"))

    @contextmanager
    def statements(self) -> Iterator[dict[str, Any]]:
        """What is asked of the database meanwhile, each once, with its parameters."""
        asked: dict[str, Any] = {}

        def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
            if not many and statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE")):
                asked[statement] = parameters

        event.listen(self.database.engine, "before_cursor_execute", note)
        try:
            yield asked
        finally:
            event.remove(self.database.engine, "before_cursor_execute", note)

    def scans(self) -> list[str]:
        """The statements of /wins and of the ticks that read a whole large table."""
        with self.statements() as asked:
            self.seat.says("/wins")
            for tick in self.ticks:
                self.run(tick)
        bad = []
        for statement, parameters in asked.items():
            with self.database.reading() as db:
                plan = db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            bad += [f"{step[3]}: {statement[:120]}" for step in plan if re.match(rf"SCAN ({'|'.join(LARGE)})$", step[3])]
        return bad


def measured(known: knowledge.Knowledge) -> bool:
    """Time both side by side, print the table, and say whether all is well."""
    times: dict[str, dict[str, list[float]]] = {}
    with tempfile.TemporaryDirectory(prefix="smallwins-wins-") as folder, asyncio.Runner() as runner:
        communities = {name: Community(known, Path(folder), name, runner) for name in SIZES}
        for number in range(REPEATS):
            for name, community in communities.items():
                begun = time.perf_counter()
                community.seat.says("/wins")
                times.setdefault("/wins, all that is sent", {}).setdefault(name, []).append(
                    (time.perf_counter() - begun) * 1000
                )
                times.setdefault("/wins, handled", {}).setdefault(name, []).append(community.opens())
                for tick in community.ticks:
                    idle = f"tick '{tick.run.__name__}', idle"
                    times.setdefault(idle, {}).setdefault(name, []).append(community.run(tick))
                community.some_are_due(number)
                ask = next(tick for tick in community.ticks if tick.run.__name__ == "ask")
                times.setdefault(f"tick 'ask', {DUE} due", {}).setdefault(name, []).append(community.run(ask))
                community.sends_nothing()
        bad = communities["large"].scans()
        for community in communities.values():
            community.town.close()
            community.database.close()
    well = table(times)
    for scan in bad:
        print(f"FAIL {scan}")
    return well and not bad


def table(times: dict[str, dict[str, list[float]]]) -> bool:
    """Print medians in milliseconds and their ratio; whether each stays within the limit."""
    print(f"{'members:':32}" + "".join(f"{number:>14,}" for number in SIZES.values()) + "    ratio")
    well = True
    for what, found in times.items():
        small, large = (statistics.median(found[name]) for name in SIZES)
        late = large > small * RATIO and large - small > 0.3  # below that it is the machine's own unrest
        well = well and not late
        print(f"{what:32}{small:>11.2f} ms{large:>11.2f} ms    {large / small:5.2f}{'  FAIL' if late else ''}")
    return well


def main() -> int:
    """Say whether a community can grow."""
    return 0 if measured(knowledge.load(Settings())) else 1


if __name__ == "__main__":
    sys.exit(main())

"""Finding a colleague among many: `python -m tests.bench.peers`.

A community of 100,000 members, each with four steps done and every tenth willing to be asked, beside one of 1,000. Shown are
what /peers, looking for somebody, and each tick of peers take, idle and with 20 searches whose next one is to be asked. More
than 1.3 times as long in the large community fails.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy import delete, insert, update
from sqlmodel import col

from bot import knowledge
from bot.db import Database
from bot.features.peers import PeerAsk, PeerSearch, PeerWilling, State
from bot.features.people import Member
from bot.outbox import OutboxRow
from bot.settings import Settings
from handlers._kit import Moment
from handlers._kit._features import Tick
from tests.bench.handling import handled
from tests.bench.programmes import compared, told
from tests.bench.wins import FIRST, NOW, SIZES, fill
from tests.town import Town

SEARCHES = 20
CITIES = ("Beijing", "合肥", "Chengdu", "Taipei", "Wuhan", "昆明")


def settle(database: Database, number: int) -> None:
    """Every tenth member may be asked; everybody has a workplace and a city."""
    ids = range(FIRST, FIRST + number)
    willing = [{"member_id": n, "per_month": 4, "since": NOW} for n in ids if n % 10 == 0]
    with database.transaction() as db:
        for place, city in enumerate(CITIES):
            somebody = col(Member.id) % len(CITIES) == place
            db.execute(update(Member).where(somebody).values(city=city, workplace=("county", "hospital")[place % 2]))
        for start in range(0, len(willing), 5000):
            db.execute(insert(PeerWilling), willing[start : start + 5000])
    with database.transaction() as db:
        db.connection().exec_driver_sql("ANALYZE")


def town_of(known: knowledge.Knowledge, folder: Path, name: str, runner: asyncio.Runner) -> Town:
    """A town with so many people."""
    database = Database(f"sqlite:///{folder / name}.db")
    database.migrate()
    fill(database, known.ladder, SIZES[name])
    settle(database, SIZES[name])
    town = Town(database, lambda: NOW, known, runner)
    town.settle()
    return town


def forgotten(town: Town) -> None:
    """What was begun and asked before is as if it had never been."""
    with town.database.transaction() as db:
        for table in (PeerAsk, PeerSearch, OutboxRow):
            db.execute(delete(table))


def looked_for(town: Town, step: str) -> Callable[[], None]:
    """Somebody asks for a colleague who has done this step, and the first one is asked."""
    seat = town.private(town.trainee)
    seat.says("/peers")
    tap = handled(town, partial(town.world.tap, town.trainee, seat.chat, seat.last, f"peers.begin:{step}", stale=True))

    def look() -> None:
        forgotten(town)
        tap()

    return look


def ticked(town: Town, tick: Tick, searches: int, step: str) -> Callable[[], None]:
    """A tick, with so many searches due."""
    rows = [
        {"seeker_id": FIRST + n, "what": step, "begun_at": NOW, "look_at": NOW, "state": State.SEARCHING}
        for n in range(searches)
    ]

    def run() -> None:
        forgotten(town)
        with town.database.transaction() as db:
            if rows:
                db.execute(insert(PeerSearch), rows)
            tick.run(Moment(db, NOW, town.app.handlers.services, tick.context))

    return run


def deeds(town: Town) -> dict[str, Callable[[], object]]:
    """Everything that is measured."""
    step, seat = town.knowledge.ladder.steps[7].id, town.private(town.trainee)
    found: dict[str, Callable[[], object]] = {
        "/peers": handled(town, partial(town.world.say, town.trainee, seat.chat, "/peers")),
        "look for somebody": looked_for(town, step),
        "look where nobody is willing": looked_for(town, town.knowledge.ladder.steps[4].id),
        "look for a barrier's": looked_for(town, "time"),
    }
    for tick in town.app.handlers.triggers.ticks:
        if tick.context == "peers":
            found[f"tick '{tick.run.__name__}', idle"] = ticked(town, tick, 0, step)
            found[f"tick '{tick.run.__name__}', {SEARCHES} searches"] = ticked(town, tick, SEARCHES, step)
    return found


def main() -> int:
    """Measure both, and say whether the larger one is within the limit."""
    known = knowledge.load(Settings())
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as one, asyncio.Runner() as other:
        towns = [town_of(known, Path(folder), name, runner) for name, runner in zip(SIZES, (one, other), strict=True)]
        small, large = map(deeds, towns)
        quick = [told(what, *compared(small[what], large[what])) for what in large]
        for town in towns:
            town.close()
            town.database.close()
    return 0 if all(quick) else 1


if __name__ == "__main__":
    sys.exit(main())

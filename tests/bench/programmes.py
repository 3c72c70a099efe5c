"""Programmes among many: `python -m tests.bench.programmes`.

What a search, a filtered list, the map, the filters and an idle tick take at 1,000 and at 10,000 cards, in-process; 10,000
may take 1.3 times as long.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlmodel import select

import bot.tables  # noqa: F401  (registers every table)
from bot import knowledge
from bot.db import Database
from bot.features.people import Member, Role
from bot.features.programmes import FORMATS, FUNCTIONS, Programme
from bot.features.programmes._finding import reindex
from bot.settings import Settings
from tests.bench.handling import handled
from tests.town import Seat, Town

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
FEW, MANY, REPEATS = 1_000, 10_000, 60
LIMIT = 1.3
CITIES = (
    "Beijing",
    "上海",
    "西安",
    "Chengdu",
    "Taipei",
    "廣州",
    "Wuhan",
    "Nanjing",
    "Harbin",
    "Kunming",
    "拉萨",
    "Xiamen",
)
WORDS = (
    "walking", "cooking", "group", "clinic", "village", "elders", "tea", "phone", "family", "foot", "insulin", "weekly",
    "singing", "garden", "血糖", "监测", "同伴", "小组", "随访", "社区",
)  # fmt: skip
TAPS = {
    "a filtered list": "programmes.list:0",
    "the map": "programmes.map",
    "filter: cities": "programmes.filter:city:0",
    "filter: key functions": "programmes.filter:function:0",
    "a card": "programmes.show:77",
}
SEARCHES = ("walking", "walking garden clinic", "血糖监测", "zebra", "card 77", "tea")


def fill(database: Database, number: int) -> None:
    """So many owners with a published card each."""
    chance = random.Random(7)
    people = [
        {
            "id": 1000 + n, "telegram_id": 9_000_000 + n, "telegram_name": f"Member {n}", "role": Role.TRAINEE,
            "language": "en", "timezone": "Asia/Shanghai", "language_chosen": False, "created_at": NOW,
        }
        for n in range(number)
    ]  # fmt: skip
    cards = [
        {
            "id": 1 + n, "owner_id": 1000 + n, "fields": fields(n, chance),
            "levels": {"lesson": "organizers"} if n % 5 == 0 else {},
            "created_at": NOW, "changed_at": NOW, "published_at": NOW, "confirmed_at": NOW,
            "remind_at": NOW + timedelta(days=30),
        }
        for n in range(number)
    ]  # fmt: skip
    with database.transaction() as db:
        db.execute(insert(Member), people)
        db.execute(insert(Programme), cards)
        for card in db.exec(select(Programme)).all():
            reindex(db, card)


def fields(n: int, chance: random.Random) -> dict[str, Any]:
    """What a card says."""
    said: dict[str, Any] = {name: " ".join(chance.sample(WORDS, 6)) for name in (*FUNCTIONS, "serves", "lesson")}
    workplace = ("hospital", "community", "county")[n % 3]
    return said | {"name": f"Card {n}", "city": CITIES[n % 12], "workplace": workplace, "format": [FORMATS[n % 6]]}


def took(deed: Callable[[], object]) -> float:
    """Seconds of one handling."""
    begun = time.perf_counter()
    deed()
    return time.perf_counter() - begun


def compared(few: Callable[[], object], many: Callable[[], object]) -> tuple[float, float]:
    """Medians of the quicker half, taken by turns: what else the machine does falls on both."""
    times = [(took(few), took(many)) for _ in range(REPEATS)]
    half = [sorted(one[side] for one in times)[: REPEATS // 2] for side in (0, 1)]
    return statistics.median(half[0]), statistics.median(half[1])


def deeds(town: Town) -> dict[str, Callable[[], object]]:
    """Everything that is measured."""
    seat: Seat = town.private(town.trainee)
    seat.says("/programmes garden")
    seat.taps("Filter")
    seat.taps("Key function")
    seat.taps(next(label for label in seat.buttons("Key function") if label.startswith("Ongoing")))
    under = seat.last
    found: dict[str, Callable[[], object]] = {}
    for said in ("/programmes", *(f"/programmes {words}" for words in SEARCHES)):
        found[said] = handled(town, partial(town.world.say, town.trainee, seat.chat, said))
    for what, data in TAPS.items():
        tap = partial(town.world.tap, town.trainee, seat.chat, under, data, stale=True)
        found[what] = handled(town, tap)
    found["an idle tick, all of them"] = lambda: town.app.handlers.tick(every_due=True)
    return found


def town_of(folder: str, number: int, runner: asyncio.Runner) -> Town:
    """A town with so many cards."""
    database = Database(f"sqlite:///{Path(folder) / f'{number}.db'}")
    database.migrate()
    fill(database, number)
    town = Town(database, lambda: NOW, knowledge.load(Settings()), runner)
    town.settle()
    return town


def main() -> int:
    """Measure both, and say whether the larger one is within the limit."""
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as one, asyncio.Runner() as other:
        towns = town_of(folder, FEW, one), town_of(folder, MANY, other)
        small, large = map(deeds, towns)
        quick = [told(what, *compared(small[what], large[what])) for what in large]
        for town in towns:
            town.settle()
            town.close()
            town.database.close()
    return 0 if all(quick) else 1


def told(what: str, few: float, many: float) -> bool:
    """Say it, and whether it is within the limit."""
    print(f"{what:<34} {few * 1000:6.1f} ms → {many * 1000:6.1f} ms   × {many / few:.2f}")
    return many <= LIMIT * few


if __name__ == "__main__":
    sys.exit(main())

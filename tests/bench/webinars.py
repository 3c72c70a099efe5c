"""Webinars among many: `python -m tests.bench.webinars`.

10,000 members, 500 sessions and 50,000 sign-ups in the database: what /webinars, a card, a tap and an idle tick take in-process.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

import bot.tables  # noqa: F401  (registers every table)
from bot import knowledge
from bot.db import Database
from bot.features.people import Member, Role
from bot.features.webinars import Asked
from bot.settings import Settings
from bot.timetable import Attendee, Kind, SessionRow, Standing, State
from tests.bench.handling import handled
from tests.town import Seat, Town

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
MEMBERS, SESSIONS, SIGN_UPS, REPEATS = 10_000, 500, 100, 25
LIMIT = 0.1
"""Seconds within which /webinars answers."""


def fill(database: Database) -> None:
    """A community of many years."""
    people = [
        {
            "id": 1000 + n, "telegram_id": 9_000_000 + n, "telegram_name": f"Member {n}", "role": Role.TRAINEE,
            "language": "en", "timezone": "Asia/Shanghai", "language_chosen": False, "created_at": NOW,
        }
        for n in range(MEMBERS)
    ]  # fmt: skip
    sessions: list[dict[str, Any]] = [
        {
            "id": 1 + n, "kind": Kind.WEBINAR if n % 3 == 0 else Kind.CONSULTATION, "occurrence": str(n), "buffer_minutes": 0,
            "starts_at": NOW + timedelta(days=3 * (n - SESSIONS + 30)), "zone": "Asia/Shanghai", "title": {"en": f"Session {n}"},
            "ends_at": NOW + timedelta(days=3 * (n - SESSIONS + 30), hours=1), "state": State.PLANNED, "uid": f"{n}@bench",
            "sequence": 0, "own": False, "provisional": False, "materials": [], "created_at": NOW, "capacity": 200,
        }
        for n in range(SESSIONS)
    ]  # fmt: skip
    attendees = [
        {
            "session_id": 1 + n, "member_id": 1000 + (n * 37 + m) % MEMBERS, "standing": Standing.COMING, "since": NOW,
            "told_sequence": 0, "attended_at": NOW if n < SESSIONS - 31 and m % 2 else None,
        }
        for n in range(SESSIONS)
        for m in range(SIGN_UPS)
    ]  # fmt: skip
    questions = [
        {
            "session_id": SESSIONS - 1 - n % 30, "member_id": 1000 + n, "anonymous": False, "text": f"Question {n}?",
            "language": "en", "chat_id": n, "message_id": n, "asked_at": NOW,
        }
        for n in range(600)
    ]  # fmt: skip
    with database.transaction() as db:
        for table, rows in ((Member, people), (SessionRow, sessions), (Attendee, attendees), (Asked, questions)):
            db.execute(insert(table), rows)


def measured(town: Town, what: str, deed: Callable[[], object]) -> float:
    """How long one handling takes, in seconds, at the median; the town's clock goes on so that ticks are due."""
    times = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        deed()
        times.append(time.perf_counter() - begun)
    median = statistics.median(times)
    print(f"{what:<24} {median * 1000:7.1f} ms   (at most {max(times) * 1000:.1f} ms)")
    return median


def bench(town: Town) -> bool:
    """Measure, and whether it is quick enough."""
    seat: Seat = town.private(town.trainee)
    seat.says("/webinars")
    listing = measured(town, "/webinars", handled(town, lambda: town.world.say(town.trainee, seat.chat, "/webinars")))
    town.settle()
    seat.says("/webinars")
    button = next(b["text"] for row in seat.last.buttons for b in row if "Session" in b["text"])
    post = seat.last
    card = measured(town, "a card", handled(town, lambda: town.world.tap(town.trainee, seat.chat, post, button)))
    town.settle()
    seat.says("/webinars")
    seat.taps(button)
    tapped = seat.last
    answer = measured(
        town, "I'm coming", handled(town, lambda: town.world.tap(town.trainee, seat.chat, tapped, "I'm coming"))
    )
    tick = measured(town, "an idle tick, all of them", lambda: town.app.handlers.tick(every_due=True))
    return max(listing, card, answer) < LIMIT and tick < 1


def main() -> int:
    """Fill a database, measure, and say whether it is within the limits."""
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        database = Database(f"sqlite:///{Path(folder) / 'bench.db'}")
        database.migrate()
        fill(database)
        town = Town(database, lambda: NOW, knowledge.load(Settings()), runner)
        town.settle()
        quick = bench(town)
        town.close()
        database.close()
    return 0 if quick else 1


if __name__ == "__main__":
    sys.exit(main())

"""Consultations among many: `python -m tests.bench.calendar`.

A community of 10,000 with 500 sessions and 100,000 bookings beside a small one; what is due is the same in both. Shown are
what a tick and what people's doings take in each, by its handler and with all that is sent, and how the database finds what
the statements of ticks and of /consult ask for. A statement that reads a whole large table fails, and so does /consult
beyond 100 ms.
"""

from __future__ import annotations

import asyncio
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, insert
from sqlmodel import Session, select

import bot.tables  # noqa: F401  (registers every table)
from bot import knowledge
from bot.db import Database
from bot.features import people
from bot.features.consultations import Booking, Slot, State
from bot.features.people import Member, Role
from bot.inbox import Arrived, Hands
from bot.settings import Settings
from bot.timetable import Attendee, Kind, Part, SessionPerson, SessionRow, Standing
from handlers._kit import Acknowledgement, Moment
from tests.town import Seat, Town

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SIZES = {"small": (100, 20, 400), "large": (10_000, 500, 100_000)}
"""Members, sessions, bookings."""

AHEAD, REPEATS, LIMIT_MS, RATIO = 6, 15, 100, 1.5
LARGE_TABLES = ("consultation_bookings", "consultation_slots", "sessions", "attendees", "members")
TICKS = ("consultations",)


class StandingClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def store(db: Session, consultant: int, members: int, sessions: int, bookings: int) -> None:
    """What was: members, and sessions of years with all slots booked; then the sessions that are ahead."""
    now = {"created_at": NOW, "language": "en", "timezone": "Asia/Shanghai", "role": Role.TRAINEE, "started_at": NOW}
    _insert(db, Member, ({"telegram_id": 9_000_000 + n, "telegram_name": f"M{n}", **now} for n in range(members)))
    first = (db.exec(select(func.max(Member.id))).one() or 0) - members + 1
    past, each = sessions - AHEAD, bookings // (sessions - AHEAD)
    db.add_all(SessionRow(**_session(NOW - timedelta(weeks=2) * (n + 1))) for n in range(past))
    db.flush()
    ids = {row.id: row.starts_at for row in db.exec(select(SessionRow))}
    people_ids = range(first, first + members)
    held = [
        (
            number * each + place,
            session_id,
            starts_at + timedelta(minutes=place % 4 * 20),
            people_ids[(number * each + place) % members],
        )
        for number, (session_id, starts_at) in enumerate(ids.items())
        for place in range(each)
    ]
    length = timedelta(minutes=20)
    _insert(
        db,
        Slot,
        (
            {
                "id": n + 1,
                "session_id": s,
                "position": n,
                "consultant_id": None,
                "starts_at": at,
                "ends_at": at + length,
            }
            for n, s, at, _m in held
        ),
    )
    kept = {"state": State.BOOKED, "case": {}, "consultant_id": consultant, "came": True}
    _insert(
        db,
        Booking,
        (
            {"slot_id": n + 1, "session_id": s, "member_id": m, "starts_at": at, "ends_at": at + length,
             "created_at": at - timedelta(days=9), **kept}
            for n, s, at, m in held
        ),
    )  # fmt: skip
    _insert(
        db,
        Attendee,
        (
            {"session_id": s, "member_id": m, "standing": Standing.COMING, "since": at, "told_sequence": 0,
             "starts_at": at, "ends_at": at + length}
            for _n, s, at, m in held
        ),
    )  # fmt: skip
    for n in range(AHEAD):
        db.add(row := SessionRow(**_session(NOW + timedelta(weeks=2 * n + 1))))
        db.flush()
        db.add(SessionPerson(session_id=row.id or 0, member_id=consultant, part=Part.CONSULTANT))
    db.flush()


def _session(at: datetime) -> dict[str, Any]:
    return {
        "kind": Kind.CONSULTATION, "occurrence": at.isoformat(), "starts_at": at, "ends_at": at + timedelta(minutes=90),
        "zone": "Asia/Shanghai", "slot_minutes": 20, "buffer_minutes": 0, "uid": f"{at.timestamp()}@bench",
        "created_at": NOW - timedelta(days=90),
    }  # fmt: skip


def _insert(db: Session, table: type[Any], rows: Iterator[dict[str, Any]]) -> None:
    made = list(rows)
    for start in range(0, len(made), 2000):
        db.execute(insert(table), made[start : start + 2000])


class Community:
    """A town with so many people and bookings."""

    def __init__(self, known: knowledge.Knowledge, folder: Path, name: str, runner: asyncio.Runner) -> None:
        self.clock = StandingClock()
        self.database = Database(f"sqlite:///{folder / name}.db")
        self.database.migrate()
        self.town = Town(self.database, self.clock, known, runner)
        with self.database.transaction() as db:
            consultant = people.find(db, self.town.second_consultant.id)
            store(db, consultant.id or 0 if consultant else 0, *SIZES[name])
        with self.database.transaction() as db:
            db.connection().exec_driver_sql("ANALYZE")
        self.handled: list[float] = []
        app = self.town.app
        handle = app.handlers.handle

        def timed(arrived: Arrived) -> Acknowledgement | None:
            begun = time.perf_counter()
            try:
                return handle(arrived)
            finally:
                self.handled.append((time.perf_counter() - begun) * 1000)

        app._hands = Hands(timed, width=1, name="timed")
        self.town.settle()
        self.seat: Seat = self.town.private(self.town.trainee)

    def tick(self) -> None:
        """The consultations' part of a tick, all of it due."""
        handlers = self.town.app.handlers
        triggers = handlers.triggers
        mine = [tick for tick in triggers.ticks if tick.context in TICKS]
        for tick in mine:
            with self.database.transaction() as db:
                tick.run(Moment(db, self.clock.now, handlers.services, tick.context))

    def books(self) -> None:
        """Book a slot, and give it back."""
        self.seat.says("/consult")
        self.seat.taps("Book")
        label = next(row[0]["text"] for row in self.seat.last.buttons)
        self.seat.taps(label)
        self.seat.says("Our group has shrunk.")
        self.seat.taps("Give it back")

    def doings(self) -> dict[str, Callable[[], object]]:
        """What is timed."""
        return {
            "tick of consultations": self.tick,
            "/consult, all that is sent": lambda: self.seat.says("/consult"),
            "book, write, give back": self.books,
            "/calendar, all that is sent": lambda: self.seat.says("/calendar"),
        }

    @contextmanager
    def statements(self) -> Iterator[list[tuple[str, Any]]]:
        """What is asked of the database meanwhile."""
        asked: list[tuple[str, Any]] = []

        def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
            if not many and statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE")):
                asked.append((statement, parameters))

        event.listen(self.database.engine, "before_cursor_execute", note)
        try:
            yield asked
        finally:
            event.remove(self.database.engine, "before_cursor_execute", note)

    def plans(self) -> bool:
        """Show how each statement of a tick and of /consult finds its rows; False where one reads all of a large table."""
        with self.statements() as asked:
            self.tick()
            self.doings()["/consult, all that is sent"]()
        well = True
        for statement, parameters in {statement: (statement, parameters) for statement, parameters in asked}.values():
            with self.database.reading() as db:
                plan = db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            steps = [row[3] for row in plan]
            bad = [step for step in steps if re.match(rf"SCAN ({'|'.join(LARGE_TABLES)})$", step)]
            well = well and not bad
            shown = " ".join(statement.split())
            print(f"{'FAIL' if bad else 'ok':5}{re.sub(r'^SELECT .*? FROM', 'SELECT … FROM', shown)[:110]}")
            for step in steps:
                print(f"       {step}")
        return well


def measured(known: knowledge.Knowledge) -> bool:
    """Time both side by side, and print the table."""
    times: dict[str, dict[str, list[float]]] = {}
    with tempfile.TemporaryDirectory(prefix="smallwins-calendar-") as folder, asyncio.Runner() as runner:
        communities = {name: Community(known, Path(folder), name, runner) for name in SIZES}
        for _ in range(REPEATS):
            for name, community in communities.items():
                for what, doing in community.doings().items():
                    begun = time.perf_counter()
                    doing()
                    times.setdefault(what, {}).setdefault(name, []).append((time.perf_counter() - begun) * 1000)
                    if what.startswith("/"):
                        short = f"{what.split(',')[0]}, its handler"
                        times.setdefault(short, {}).setdefault(name, []).append(community.handled[-1])
        well = table(times)
        print("\nHow ticks and /consult find what they need, in the large community:")
        well = communities["large"].plans() and well
        for community in communities.values():
            community.town.close()
            community.database.close()
    return well


def table(times: dict[str, dict[str, list[float]]]) -> bool:
    """Print medians in milliseconds and their ratio; whether ticks stay and /consult is quick."""
    heads = [f"{name} ({', '.join(f'{n:,}' for n in SIZES[name])})" for name in SIZES]
    print(f"{'members, sessions, bookings:':26}" + "".join(f"{head:>32}" for head in heads) + "   ratio")
    for what, found in times.items():
        small, large = (statistics.median(found[name]) for name in SIZES)
        print(f"{what:26}{small:>29.1f} ms{large:>29.1f} ms   {large / small:5.2f}")
    tick, consult = times["tick of consultations"], times["/consult, its handler"]
    ratio = statistics.median(tick["large"]) / statistics.median(tick["small"])
    return ratio <= RATIO and statistics.median(consult["large"]) <= LIMIT_MS


def main() -> None:
    """Measure; exit status 1 when something is not as it should be."""
    sys.exit(0 if measured(knowledge.load(Settings())) else 1)


if __name__ == "__main__":
    main()

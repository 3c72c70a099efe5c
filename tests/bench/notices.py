"""A notice to ten thousand on its way through the bot: `python -m tests.bench.notices [--people N]`.

How long listing and promising take in all, how long the longest transaction holds the write lock, what a tick costs while
the notice runs, and how long somebody who only wants to write waits for the lock meanwhile. What is promised is delivered
on paper: Telegram's own pace is measured in `tests.bench.delivery`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, func, select

import bot.tables  # noqa: F401  (registers every table)
from bot import knowledge, outbox
from bot.db import Database
from bot.features import people
from bot.features.notices import EVERYONE, Notice, NoticeRecipient, NoticeText, Outcome, State
from bot.features.people import Member, Role
from bot.loading import set_aside
from bot.outbox import Receipt
from bot.settings import Settings
from tests.town import Town

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
LOCKED_AT_MOST, WAITED_AT_MOST = 0.25, 0.25
"""Seconds that one transaction may hold the lock, and that the 95th percentile of writers may wait for it."""


class Measured(Database):
    """A database that notes how long each write transaction lasts, and how much of that is computing."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.lasted: list[float] = []
        self.computed: list[float] = []

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Session]:
        """The same, with a watch."""
        with super().transaction() as db:
            begun, computing = time.perf_counter(), time.thread_time()
            yield db
        self.lasted.append(time.perf_counter() - begun)
        self.computed.append(time.thread_time() - computing)


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def populate(database: Database, number: int) -> None:
    """So many trainees, a third of each language."""
    languages = ("en", "zh_Hans", "zh_Hant")
    common: dict[str, Any] = {
        "telegram_name": "Trainee", "role": Role.TRAINEE, "language_chosen": True, "timezone": "Asia/Shanghai",
        "consented_at": NOW, "started_at": NOW, "created_at": NOW,
    }  # fmt: skip
    with database.transaction() as db:
        rows = [common | {"telegram_id": 10**9 + n, "language": languages[n % 3]} for n in range(number)]
        db.connection().execute(insert(Member), rows)


def prepare(database: Database, author: int) -> int:
    """A notice in two languages with a button, due now."""
    with database.transaction() as db:
        member = people.find(db, author)
        assert member is not None
        button = {"kind": "signup", "labels": {"en": "Sign me up", "zh_Hans": "我要参加"}}
        notice = Notice(
            author_id=member.id, state=State.SCHEDULED, due_at=NOW, audience=EVERYONE, buttons=[button],
            fallback="en", created_at=NOW, changed_at=NOW,
        )  # fmt: skip
        db.add(notice)
        db.flush()
        number = notice.id or 0
        db.add(NoticeText(notice_id=number, language="en", html="The webinar is on <b>Friday</b>. " * 10))
        db.add(NoticeText(notice_id=number, language="zh_Hans", html="网络讲座在<b>周五</b>。" * 10))
        return number


def deliver(database: Database, clock: Clock) -> None:
    """Everything that is due arrives."""
    with database.connection() as connection:
        while parcels := outbox.claim(connection, now=clock(), limit=500):
            receipts = [Receipt(parcel.id, parcel.id, None) for parcel in parcels]
            outbox.deliver(connection, receipts, now=clock())


class Somebody(threading.Thread):
    """A person who taps again and again: how long each waits until it may write."""

    def __init__(self, database: Database) -> None:
        super().__init__(daemon=True)
        self.ended = threading.Event()
        self.waited: list[float] = []
        self._database = database

    def run(self) -> None:
        """Write a little, pause a little."""
        while not self.ended.wait(0.01):
            begun = time.perf_counter()
            with Database.transaction(self._database) as db:
                self.waited.append(time.perf_counter() - begun)
                db.connection().exec_driver_sql("UPDATE pulse SET at = at")


def run(town: Town, database: Measured, clock: Clock, number: int) -> tuple[float, list[float]]:
    """Tick until the notice is done; seconds until all are listed, and what each tick took."""
    ticks: list[float] = []
    listed = 0.0
    while True:
        begun = time.perf_counter()
        wish = town.app.handlers.tick()
        ticks.append(time.perf_counter() - begun)
        with database.reading() as db:
            notice = db.get_one(Notice, number)
        listed = listed or (sum(ticks) if notice.listed_at is not None else 0.0)
        if notice.state is State.DONE and notice.reported_at is not None:
            return listed, ticks
        if wish != timedelta(0):
            deliver(database, clock)
            clock.now += timedelta(seconds=1)


def main() -> None:
    """Measure, print the table; exit status 1 when a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--people", type=int, default=10_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="smallwins-notices-") as folder, asyncio.Runner() as runner:
        database, clock = Measured(f"sqlite:///{Path(folder) / 'bench.db'}"), Clock()
        database.migrate()
        town = Town(database, clock, knowledge.load(Settings()), runner)
        set_aside()
        populate(database, wanted.people)
        number = prepare(database, town.organizer.id)
        database.lasted.clear()
        database.computed.clear()
        clock.now += timedelta(seconds=31)
        somebody = Somebody(database)
        somebody.start()
        listed, ticks = run(town, database, clock, number)
        somebody.ended.set()
        somebody.join()
        with database.reading() as db:
            sent = db.exec(
                select(func.count()).select_from(NoticeRecipient).where(col(NoticeRecipient.outcome) == Outcome.SENT)
            ).one()
        well = table(wanted.people, sent, listed, ticks, database, somebody.waited)
        town.close()
        database.close()
    sys.exit(0 if well else 1)


def table(number: int, sent: int, listed: float, ticks: list[float], database: Measured, waited: list[float]) -> bool:
    """Print what was measured; whether all of it is within the limits."""
    slowest, late = max(database.lasted), statistics.quantiles(waited, n=20)[-1]
    rows = [
        ("recipients that got it", f"{sent:,}"),
        ("listing them", f"{listed * 1000:,.0f} ms"),
        ("all ticks together", f"{sum(ticks) * 1000:,.0f} ms, {sum(ticks) / number * 1e6:,.0f} µs a recipient"),
        ("a tick, median", f"{statistics.median(ticks) * 1000:.1f} ms"),
        ("a tick, longest", f"{max(ticks) * 1000:.1f} ms"),
        ("a transaction, longest", f"{slowest * 1000:.1f} ms (limit {LOCKED_AT_MOST * 1000:.0f})"),
        ("its computing, longest", f"{max(database.computed) * 1000:.1f} ms"),
        ("computing in all", f"{sum(database.computed) / number * 1e6:,.0f} µs a recipient"),
        ("a writer's wait, 95th percentile", f"{late * 1000:.1f} ms (limit {WAITED_AT_MOST * 1000:.0f})"),
        ("a writer's wait, longest", f"{max(waited) * 1000:.1f} ms"),
    ]
    for name, value in rows:
        print(f"{name:34}{value}")
    return sent >= number and slowest <= LOCKED_AT_MOST and late <= WAITED_AT_MOST


if __name__ == "__main__":
    main()

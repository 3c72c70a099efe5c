"""What a message costs the database with few and with very many rows in the outbox."""

from __future__ import annotations

import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

import bot.tables  # noqa: F401  (registers every table)
from bot import outbox
from bot.db import Database
from bot.outbox import Lane, OutboxRow, Receipt

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SIZES, LIMIT = (1_000, 100_000), 1.3
ROUNDS, TOGETHER = 60, 30
PAYLOAD = '{"chat_id": 1, "text": "' + "The next webinar is on Thursday at 19:30. " * 2 + '"}'


def growth(*, million: bool) -> list[tuple[str, str, bool | None]]:
    """Claims and receipts, thirty at a time: as many rows were sent as are due, and as many are for tomorrow or wait."""
    rows: list[tuple[str, str, bool | None]] = []
    first = 0.0
    for size in (*SIZES, *([1_000_000] if million else [])):
        with tempfile.TemporaryDirectory(prefix="smallwins-growth-") as folder:
            database = Database(f"sqlite:///{Path(folder) / 'growth.db'}")
            database.migrate()
            _fill(database, size)
            each = _measured(database)
            database.close()
        first = first or each
        said = f"{each:.3f} ms"
        if each is not first:
            said += f"   {each / first:.2f} times as much (at most {LIMIT})"
        rows.append((f"claim and receipt, {size:,} rows sent, due, later, waiting", said, each / first <= LIMIT))
    return rows


def _fill(database: Database, size: int) -> None:
    """`size` rows were sent, as many are due now, as many tomorrow, and as many wait for a receipt."""
    kinds: list[dict[str, Any]] = [
        {"state": "sent", "done_at": NOW - timedelta(days=1), "message_id": 1},
        {"state": "due"},
        {"state": "due", "due_at": NOW + timedelta(days=1)},
        {"state": "due", "needs": "never", "waits": True},
    ]
    plain = {"lane": int(Lane.NOTICE), "method": "sendMessage", "payload": PAYLOAD, "attempts": 0, "created_at": NOW}
    empty = {"due_at": NOW, "done_at": None, "message_id": None, "needs": None, "waits": False}
    with database.connection() as connection:
        for place, kind in enumerate(kinds):
            for start in range(0, size, 5000):
                chunk = range(start, min(size, start + 5000))
                made = [
                    plain | empty | kind | {"key": f"{place}:{n}", "about": f"notice:{place}", "chat_id": n + 1}
                    for n in chunk
                ]
                connection.execute(insert(OutboxRow), made)


def _measured(database: Database) -> float:
    """Milliseconds for each message."""
    times = []
    for _ in range(min(ROUNDS, 1000 // TOGETHER)):
        begun = time.perf_counter()
        with database.connection() as connection:
            parcels = outbox.claim(connection, now=NOW, limit=TOGETHER)
            outbox.next_due(connection, after=NOW)
        with database.connection() as connection:
            receipts = [Receipt(parcel.id, 5, None) for parcel in parcels]
            outbox.deliver(connection, receipts, now=NOW)
        assert len(parcels) == TOGETHER
        times.append((time.perf_counter() - begun) * 1000 / TOGETHER)
    return statistics.median(times)

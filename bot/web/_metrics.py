"""Figures for /metrics, read when somebody asks.

Nothing here counts what was delivered row by row: what waits has indexes of its own, and totals are tallied as they come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlmodel import Session

from bot import inbox, outbox
from bot.db import Database
from bot.outbox import Lane


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Facts:
    """What only this process knows: whether it owns the database, and how many messages it sent in the last minute."""

    owner: Callable[[], bool] = lambda: True
    last_minute: Callable[[], int] = lambda: 0
    now: Callable[[], datetime] = _now


class _Delivery(Collector):
    def __init__(self, database: Database, facts: Facts) -> None:
        self._database = database
        self._facts = facts

    def describe(self) -> Iterator[Metric]:
        """Nothing is read at registration."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """What waits, what was sent, and who does it."""
        with self._database.reading() as db:
            yield from self._outbox(db)
            yield from self._inbox(db)
            yield from self._owner(db)

    def _outbox(self, db: Session) -> Iterator[Metric]:
        depth = GaugeMetricFamily("smallwins_outbox_waiting", "Messages that wait to be sent.", labels=["lane"])
        lag = GaugeMetricFamily(
            "smallwins_outbox_lag_seconds", "How long the message that goes next has been due.", labels=["lane"]
        )
        for lane, found in outbox.depths(db, now=self._facts.now()).items():
            depth.add_metric([lane.name.lower()], found.waiting)
            lag.add_metric([lane.name.lower()], found.lag.total_seconds())
        yield from (depth, lag)
        yield GaugeMetricFamily(
            "smallwins_outbox_in_flight", "Messages that are being sent.", value=outbox.in_flight(db)
        )
        ended = CounterMetricFamily(
            "smallwins_messages", "Messages that were sent, were given up, or were in doubt.", labels=["lane", "state"]
        )
        totals = outbox.totals(db)
        for lane in Lane:
            for state in ("sent", "failed", "uncertain"):
                ended.add_metric([lane.name.lower(), state], totals.get((lane, state), 0))
        yield ended
        yield GaugeMetricFamily(
            "smallwins_messages_last_minute", "Messages that this process sent in the last minute.",
            value=self._facts.last_minute(),
        )  # fmt: skip

    def _inbox(self, db: Session) -> Iterator[Metric]:
        yield GaugeMetricFamily(
            "smallwins_inbox_waiting", "Updates that are stored and not yet handled.", value=inbox.depth(db)
        )
        yield GaugeMetricFamily(
            "smallwins_inbox_lag_seconds", "How long the oldest of them has been waiting.",
            value=inbox.lag(db, now=self._facts.now()).total_seconds(),
        )  # fmt: skip

    def _owner(self, db: Session) -> Iterator[Metric]:
        standing = outbox.standing(db)
        yield GaugeMetricFamily(
            "smallwins_owner", "1 in the process that delivers, 0 in one that stands by.", value=int(self._facts.owner())
        )
        yield GaugeMetricFamily(
            "smallwins_held", "1 while a restored backup waits for an organizer.", value=int(standing.held_at is not None)
        )
        if standing.ticked_at is not None:
            age = (self._facts.now() - standing.ticked_at).total_seconds()
            yield GaugeMetricFamily("smallwins_last_tick_seconds", "How long ago the owner's clock ticked.", value=age)


def registry(database: Database, facts: Facts | None = None) -> CollectorRegistry:
    """A registry with this database's figures."""
    made = CollectorRegistry()
    made.register(_Delivery(database, facts or Facts()))
    return made

"""Figures for /metrics, read from the database when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot import inbox, outbox
from bot.db import Database

_STATES = ("due", "claimed", "sent", "failed", "void", "uncertain")


class _Delivery(Collector):
    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> Iterator[Metric]:
        """Nothing is read at registration."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Rows of the outbox by state, and updates that wait."""
        with self._database.reading() as db:
            counts, depth = outbox.counts(db), inbox.depth(db)
        rows = GaugeMetricFamily("smallwins_outbox_rows", "Messages by state.", labels=["state"])
        for state in _STATES:
            rows.add_metric([state], counts.get(state, 0))
        yield rows
        yield GaugeMetricFamily("smallwins_inbox_waiting", "Updates that are stored and not yet handled.", value=depth)


def registry(database: Database) -> CollectorRegistry:
    """A registry with this database's figures."""
    made = CollectorRegistry()
    made.register(_Delivery(database))
    return made

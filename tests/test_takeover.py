"""Several processes on one PostgreSQL: one owns courier, clock and polling, the others stand by and take over."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.masses import Mass
from tests.pairs import Pair, paired
from tests.test_process import _answered, _asks


@pytest.fixture
def pair(postgres_url: str, tmp_path: Path) -> Iterator[Pair]:
    """Two processes, which have not begun."""
    with paired(postgres_url, tmp_path) as made:
        yield made


def test_s06_one_of_two_processes_is_killed_in_the_middle_of_a_notice_and_the_other_takes_over(pair: Pair) -> None:
    pair.begin()
    mass = Mass(pair.running, 150)
    seen = itertools.count(1)
    pair.first.fatal = lambda event: mass.is_part(event) and next(seen) == 40
    mass.begin(pair.database)
    with pair.database.connection() as connection:
        pair.database.tell(connection)
    pair.first.until(lambda: pair.first.kills == 1)
    mass.note_in_flight(pair.database)
    pair.second.until(lambda: "is running" in pair.second.log and mass.everybody_has_it())
    pair.second.until(lambda: not mass.faults(pair.database))
    assert mass.doubtful(pair.database) <= mass.in_flight
    chat = _asks(pair.second)
    pair.second.until(lambda: bool(_answered(chat)))
    assert "smallwins_owner 1.0" in pair.says(1, "/metrics")


def test_s06_a_rolling_deploy_the_standby_takes_webhooks_for_the_owner_and_then_over(pair: Pair) -> None:
    for process in (pair.first, pair.second):
        process.settings |= {
            "SMALLWINS_WEBHOOK_URL": f"http://127.0.0.1:{pair.ports[1]}",  # all updates reach the one that stands by
            "SMALLWINS_WEBHOOK_SECRET": "a-secret-of-ours",
        }
    pair.begin()
    assert pair.says(0, "/readyz") == "ready"
    assert "smallwins_owner 0.0" in pair.says(1, "/metrics")
    pair.first.until(lambda: pair.running.api.webhook is not None)
    chat = _asks(pair.first)
    pair.first.until(lambda: bool(_answered(chat)))
    assert pair.first.end() == 0
    _asks(pair.second, "/ask How do we train peer supporters?")
    pair.second.until(lambda: len(_answered(chat)) == 2 and pair.says(1, "/readyz") == "ready")

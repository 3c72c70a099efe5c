"""kill -9 in the middle of a notice: the small sibling of `python -m tests.bench.kills`."""

from __future__ import annotations

from tests.bench.kills import play


def test_r02_everybody_gets_it_and_nobody_twice_without_doubt_after_three_kills() -> None:
    result = play(people=120, kills=3, seed=3, rate=120)
    assert not result.faults
    assert result.kills == 3
    assert result.doubtful <= result.in_flight

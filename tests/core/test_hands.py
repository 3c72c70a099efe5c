"""The handlers' threads: one works in a row, another joins when it is held up."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot.inbox import Hands


def test_what_is_quick_is_done_in_order_by_one_thread(runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.inbox._hands.HELD_UP", 60.0)  # also on a machine that has no time for it
    threads: set[int] = set()

    def work(number: int) -> int:
        threads.add(threading.get_ident())
        return number * 2

    async def run() -> list[int]:
        hands = Hands(work, width=4, name="test")
        done = await asyncio.gather(*(hands(number) for number in range(100)))
        hands.close()
        return done

    assert runner.run(run()) == [number * 2 for number in range(100)]
    assert len(threads) <= 2


def test_another_joins_when_the_first_is_held_up(runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.inbox._hands.HELD_UP", 0.005)
    may_end = threading.Event()

    def work(number: int) -> int:
        if number == 0:
            may_end.wait(120)
        return number

    async def run() -> int:
        hands = Hands(work, width=2, name="test")
        slow, quick = asyncio.ensure_future(hands(0)), asyncio.ensure_future(hands(1))
        assert await asyncio.wait_for(quick, 60) == 1
        assert not slow.done()
        may_end.set()
        await slow
        hands.close()
        return slow.result()

    assert runner.run(run()) == 0


def test_what_fails_fails_for_the_one_who_asked(runner: asyncio.Runner) -> None:
    def work(number: int) -> float:
        return 1 / number

    async def run() -> list[float | BaseException]:
        hands = Hands(work, width=2, name="test")
        done = await asyncio.gather(*(hands(number) for number in (1, 0, 2)), return_exceptions=True)
        hands.close()
        return done

    one, failed, half = runner.run(run())
    assert (one, half) == (1.0, 0.5)
    assert isinstance(failed, ZeroDivisionError)

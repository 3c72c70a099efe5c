"""The clock: it ticks at once and again when asked, never twice at a time, and survives a tick that fails."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, timedelta

import pytest

from bot import clock
from bot.clock import Clock


class Ticks:
    """Counts ticks, lets a test hold one open, and notices when two run at a time."""

    def __init__(self) -> None:
        self.begun = self.ended = self.at_once = self.most = 0
        self.news = asyncio.Condition()
        self.gate = asyncio.Event()
        self.gate.set()
        self.failing = False

    async def __call__(self) -> None:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        await self._tell("begun")
        await self.gate.wait()
        self.at_once -= 1
        await self._tell("ended")
        if self.failing:
            raise OSError("the database is away")

    async def _tell(self, what: str) -> None:
        async with self.news:
            setattr(self, what, getattr(self, what) + 1)
            self.news.notify_all()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            async with self.news:
                await self.news.wait_for(condition)


def play(runner: asyncio.Runner, story: Callable[[Clock, Ticks], Awaitable[None]]) -> Ticks:
    async def run() -> Ticks:
        ticks = Ticks()
        wall = Clock(ticks)
        await story(wall, ticks)
        await wall.stop()
        return ticks

    return runner.run(run())


def test_it_ticks_at_once_and_again_when_somebody_asks(runner: asyncio.Runner) -> None:
    async def story(wall: Clock, ticks: Ticks) -> None:
        wall.start()
        await ticks.until(lambda: ticks.ended == 1)
        wall.wake()
        await ticks.until(lambda: ticks.ended == 2)

    assert play(runner, story).begun == 2


def test_what_is_asked_for_during_a_tick_is_done_right_after_it(runner: asyncio.Runner) -> None:
    async def story(wall: Clock, ticks: Ticks) -> None:
        ticks.gate.clear()
        wall.start()
        await ticks.until(lambda: ticks.begun == 1)
        await wall._begin()
        await wall._begin()
        ticks.gate.set()
        await ticks.until(lambda: ticks.ended == 2)

    ticks = play(runner, story)
    assert (ticks.begun, ticks.most) == (2, 1)


def test_s07_a_tick_that_fails_does_not_end_the_clock(runner: asyncio.Runner, caplog: pytest.LogCaptureFixture) -> None:
    async def story(wall: Clock, ticks: Ticks) -> None:
        ticks.failing = True
        wall.start()
        await ticks.until(lambda: ticks.ended == 1)
        ticks.failing = False
        wall.wake()
        await ticks.until(lambda: ticks.ended == 2)

    play(runner, story)
    assert "a tick failed" in caplog.text


def test_stopping_lets_a_tick_that_has_begun_come_to_its_end(runner: asyncio.Runner) -> None:
    async def story(wall: Clock, ticks: Ticks) -> None:
        ticks.gate.clear()
        wall.start()
        await ticks.until(lambda: ticks.begun == 1)
        await wall._begin()
        ending = asyncio.create_task(wall.stop())
        await asyncio.sleep(0)
        assert not ending.done()
        ticks.gate.set()
        await ending

    ticks = play(runner, story)
    assert (ticks.begun, ticks.ended) == (1, 1)


def test_nobody_can_wake_a_clock_that_was_stopped_or_not_yet_started(runner: asyncio.Runner) -> None:
    async def story(wall: Clock, ticks: Ticks) -> None:
        wall.wake()
        wall.start()
        await ticks.until(lambda: ticks.ended == 1)
        await wall.stop()
        for _ in range(3):
            wall.wake()
            await asyncio.sleep(0)

    assert play(runner, story).begun == 1


def test_s07_it_looks_every_thirty_seconds_whatever_happens(runner: asyncio.Runner) -> None:
    async def story(wall: Clock, ticks: Ticks) -> None:
        wall.start()
        await ticks.until(lambda: ticks.ended == 1)
        job = wall._job
        assert job.trigger.interval.total_seconds() == 30
        assert job.misfire_grace_time is None
        assert job.coalesce

    play(runner, story)


def test_now_is_in_utc() -> None:
    assert clock.now().tzinfo is UTC


def test_asking_for_a_tick_later_brings_the_next_one_forward_and_never_puts_it_off(runner: asyncio.Runner) -> None:
    async def story(wall: Clock, ticks: Ticks) -> None:
        wall.start()
        await ticks.until(lambda: ticks.ended == 1)
        usual = wall._job.next_run_time
        wall.wake(timedelta(minutes=5))
        assert wall._job.next_run_time == usual
        wall.wake(timedelta(seconds=10))
        assert wall._job.next_run_time < usual

    assert play(runner, story).begun == 1

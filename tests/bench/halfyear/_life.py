"""The days pass, each with its times at which the clock stands still."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot.db import Database
from bot.knowledge import Knowledge
from bot.outbox import OutboxRow
from tests.bench.halfyear._doings import Lively
from tests.bench.halfyear._kinds import DAY
from tests.bench.halfyear._setting import BEGIN, ZONE

TIMES = ("03:00", "06:00", "07:00", "08:00", "09:00", "10:00", "11:00", "12:00", "13:00", "14:00", "15:00", "16:00",
         "17:00", "18:00", "18:50", "20:00", "21:00", "22:00", "23:00")  # fmt: skip
"""When the clock stands still in Beijing each day. Sessions are at seven in the evening."""

BEFORE_SESSION = "18:50"
FIRST_CONSULTATION, EVERY = 8, 14
"""Days from the beginning to the first consultation, and from one to the next."""


class HalfYear(Lively):
    """A community that lives."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.away: list[tuple[datetime, datetime]] = []
        """From when to when nothing was heard of the bot."""

    def lives(self, days: int, times: Sequence[str] = TIMES) -> None:
        """So many days pass; everything that happens now and then has its days.

        The bot is away twice: for two days in the middle, until late in the night, and before that for a day and a night,
        until ten minutes before a consultation.
        """
        middle, meeting = days // 2, days // 3 + (FIRST_CONSULTATION - days // 3) % EVERY
        plan = self._plan_days([day for day in range(2, days) if day not in (middle, middle + 1, meeting)])
        for day in range(days):
            for at in times:
                if (middle, "") <= (day, at) < (middle + 2, times[0]):
                    continue
                if (meeting - 1, BEFORE_SESSION) <= (day, at) < (meeting, BEFORE_SESSION):
                    continue
                self._stand_still(day, at)
                if (day, at) in ((middle + 2, times[0]), (meeting, BEFORE_SESSION)):
                    self._come_back()
                elif at == next(one for one in times if one >= "09:00"):
                    self._daytime(day, plan[day])
                elif at == times[-1] and "warn" in plan[day]:
                    self.warn()
                self._live_on()
        self._settle()

    def _plan_days(self, days: Sequence[int]) -> dict[int, list[str]]:
        """What happens on which of these days besides everyday life."""
        often = {"blocked": self.size // 40, "left": self.size // 40, "forgotten": self.size // 40}
        often |= {"come": self.size // 8, "warn": len(days) // 60}
        plan: dict[int, list[str]] = defaultdict(list)
        for what, times in often.items():
            for _time in range(max(1 if what != "come" else 3, times)):
                plan[self.chance.choice(days)].append(what)
        return plan

    def _stand_still(self, day: int, at: str) -> None:
        local = (BEGIN + day * DAY).astimezone(ZoneInfo(ZONE)).date()
        wall = datetime.combine(local, clock_time.fromisoformat(at), ZoneInfo(ZONE))
        self.clock.now = max(self.clock.now, wall.astimezone(UTC))
        self.stood.append(self.clock.now)

    def _come_back(self) -> None:
        """More than a day after it was heard of last the bot begins anew."""
        self.away.append((self.stood[-2], self.clock.now))
        self.done["times away"] += 1
        self.town.restarts()

    def _daytime(self, day: int, planned: Sequence[str]) -> None:
        """What people do in the morning: they organize, change their minds, look around, come and go."""
        self.organize(day)
        self.change_wishes()
        self.look_around()
        for way in planned:
            if way == "come":
                self.come()
            elif way != "warn":
                self.go(way)
        if day % 90 == 5:
            self.open_week()

    def _live_on(self) -> None:
        """People act, the bot does what is due, people read."""
        self.act()
        self._settle()
        self._read()
        while self.talk_on():
            self._settle()
            self._read()
        self.step += 1

    def _read(self) -> None:
        """People read what came, and find their colleagues' wins in the group."""
        self.welcome()
        for person, chat, post in self.look():
            self.reads_later(person, chat, post)
        for chat, post in self.fresh_in_groups:
            self.cheer(chat, post)

    def _settle(self) -> None:
        """Until all that is due has gone out: the courier keeps Telegram's pace, and needs some seconds for many."""
        self.town.settle()
        waiting = select(OutboxRow.id).where(OutboxRow.state == "due", col(OutboxRow.waits).is_(False))
        for _second in range(120):
            with self.database.reading() as db:
                if db.exec(waiting.where(col(OutboxRow.due_at) <= self.clock.now).limit(1)).first() is None:
                    return
            self.clock.now += timedelta(seconds=1)
            self.town.settle()


def simulated(
    database: Database, known: Knowledge, *, size: int, days: int, seed: int, times: Sequence[str] = TIMES
) -> HalfYear:
    """A community that has lived so long."""
    with asyncio.Runner() as runner:
        made = HalfYear(database, known, runner, size=size, seed=seed)
        made.lives(days, times)
        made.town.close()
    return made

"""Weeks of a small community with the real bot: what nobody asked for stays within everybody's budget, nights are quiet."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlmodel import select

from bot.db import Database
from bot.features.people import Member
from bot.features.programmes import Level
from bot.features.wins import WinHitch
from bot.knowledge import Knowledge
from bot.timetable import SessionRow
from tests.bench.halfyear import Arrival, HalfYear, Said, broken, fullest_week, simulated

TIMES = ("03:00", "12:00", "18:50")
LIVED = ("notices", "urgent notices", "times away", "left", "blocked", "forgotten", "wins.stuck", "asked to help",
         "wins.publish", "sentences", "kudos ❤", "attention.hours", "attention.switch", "people.edit",
         "poster weeks")  # fmt: skip


def test_three_weeks_of_a_small_community_break_no_promise(sqlite: Database, knowledge: Knowledge) -> None:
    made = simulated(sqlite, knowledge, size=16, days=21, seed=18, times=TIMES)
    assert broken(made) == {}
    assert [what for what in LIVED if not made.done[what]] == []
    assert made.let_in
    _breaks_promises(made)
    assert sorted(broken(made)) == sorted([
        "a field that is not theirs to read", "a kept sentence shown", "in a group's night",
        "in quiet hours", "kudos that do not count", "late", "left of somebody forgotten", "named without a yes",
        "no offer within a day", "not at the chosen time", "not greeted", "of no known kind", "of somebody forgotten",
        "over the budget", "promised to who blocked the bot", "several steps at once", "though muted",
        "to somebody forgotten", "twice",
    ])  # fmt: skip


def _breaks_promises(made: HalfYear) -> None:
    """One of each fault that could be: every check notices its own."""
    steady = {person.id for person in made.present} - made.moved.keys()
    first = next(one for one in made.arrivals if one.key.startswith("wins:check:") and one.member in steady)
    group, now = made.groups[0], made.clock.now
    with made.database.transaction() as db:
        session = db.exec(select(SessionRow)).first()
        member = db.exec(select(Member).where(Member.telegram_id == first.member)).one()
        assert session is not None
        db.add(WinHitch(member_id=member.id or 0, step="x", said_at=now - timedelta(days=2)))
    made.arrivals += [
        replace(first, at=first.at + timedelta(hours=1), muted=True),
        replace(first, quiet=True),
        Arrival(first.member, now, "?", "What is this?"),
        *(Arrival(first.member, session.starts_at, f"session:{session.id}:remind:{n}:coming:7d:0", n) for n in "ab"),
    ]
    made.in_groups.append(Arrival(group.id, datetime(2026, 12, 1, 19, 30, tzinfo=UTC), "wins:digest:1", "In the night"))
    made.budgets[first.member] = 0
    made.levels[1, "contact"] = Level.ME
    made.said += [Said(group.id, now, words) for words in ("Member 001 is stuck", "zq1contact", "wz1x1 it went well")]
    gone, still_here = [person for person in made.present if person.id != first.member][:2]
    made.gone[gone.name] = made.forgotten[gone.id] = made.forgotten[first.member] = now - timedelta(days=200)
    made.blocked[still_here.id] = now - timedelta(days=200)
    made.world.put(group, made.world.as_bot(), {"text": f"{gone.name} has done it"})
    made.said.append(Said(group.id, now, f"{gone.name} has done it"))
    made.glad[max(made.glad)] |= {1}
    made.let_in["Newcomer 999"] = now


def test_the_fullest_week_is_any_seven_days() -> None:
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    moments = [monday + timedelta(days=days) for days in (0, 5, 6, 7, 11.5)]
    assert fullest_week(moments) == 4
    assert fullest_week([]) == 0

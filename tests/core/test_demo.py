"""What the demo begins with: a calendar that lives around the day on which it is started, and nothing that is overdue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot import timetable
from bot.db import Database
from bot.demo import introduce
from bot.demo._calendar import plan
from bot.features import consultations, people, webinars
from bot.sandbox.demo import demo_world
from bot.settings import Settings
from bot.timetable import Kind


@pytest.mark.parametrize("day", ["2026-09-29", "2026-11-23", "2026-12-31", "2027-02-03", "2028-02-29"])
def test_whenever_it_starts_a_slot_is_free_soon_and_last_months_webinar_can_be_watched(
    sqlite: Database, day: str
) -> None:
    now, settings = datetime.fromisoformat(f"{day}T03:00").replace(tzinfo=UTC), Settings(database_url=sqlite.url)
    world = demo_world(lambda: now)
    introduce(world, settings)
    plan(world, settings, now=now)
    with sqlite.reading() as db:
        first = timetable.upcoming(db, Kind.CONSULTATION, now=now)[0]
        assert timedelta(days=1) < first.starts_at - now < timedelta(days=13)
        assert consultations.free(db, first, now=now)
        li_wei = people.find(db, next(one.id for one in world.people.values() if one.name == "Li Wei"))
        assert li_wei is not None
        assert consultations.hindrance(db, li_wei, first, now=now) is None
        assert timetable.upcoming(db, Kind.WEBINAR, now=now)[0].starts_at > first.ends_at
        assert [bool(row.recording) for row in webinars.past(db, now=now, limit=10)] == [True]
        assert not timetable.due_tasks(db, now=now)
        assert not webinars.to_ask(db, now=now)

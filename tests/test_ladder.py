"""Rules of the ladder: whatever the clock misses, each rung at most once, the newest that helps, none too late."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, insert, update
from sqlmodel import col, select

from bot import ladders, outbox, timetable
from bot.db import Database
from bot.errors import SettingsInvalid
from bot.features import attention
from bot.features.people import Member, Role
from bot.outbox import OutboxRow
from bot.settings import Settings, load
from bot.timetable import Kind, Part, SessionPerson, SessionRow
from handlers._kit import Moment, Services
from handlers.calendar._climbing import remind
from handlers.calendar._feature import PORTION
from tests.conftest import NOON
from tests.test_attending import found

USUAL = Settings().ladder("webinar")
RUNGS = {rung.name: rung.before for rung in USUAL if rung.before is not None}


def ticks(database: Database, now: datetime) -> int:
    """What the clock does at one moment; gives how many rounds it took."""
    services = Services(Settings(), lambda: (_ for _ in ()).throw(AssertionError), lambda: None, 1, "bot")
    for rounds in range(1000):
        with database.transaction() as db:
            if remind(Moment(db, now, services, "calendar")) is None:
                return rounds
    raise AssertionError("it never ends")


def awake(database: Database, how_many: int = 1) -> list[int]:
    """Members of the community who have no quiet hours."""
    with database.transaction() as db:
        rows = [
            Member(
                telegram_id=1000 + n, telegram_name=f"Member {n}", role=Role.TRAINEE, language="en",
                started_at=NOON, created_at=NOON,
            )
            for n in range(how_many)
        ]  # fmt: skip
        db.add_all(rows)
        db.flush()
        ids = [row.id or 0 for row in rows]
        db.execute(
            insert(attention.Preferences),
            [{"member_id": id_, "quiet_from": 0, "quiet_until": 0, "muted": [], "budget": 5} for id_ in ids],
        )
        return ids


def session(database: Database, starts_at: datetime, *, created_at: datetime = NOON) -> int:
    """A webinar that begins then."""
    with database.transaction() as db:
        row = SessionRow(
            kind=Kind.WEBINAR, occurrence="", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1),
            zone="Asia/Shanghai", title={"en": "Foot care"}, uid=secrets.token_hex(8), created_at=created_at,
            next_rung_at=created_at,
        )  # fmt: skip
        db.add(row)
        db.flush()
        return row.id or 0


def sent(database: Database, session_id: int) -> list[OutboxRow]:
    """What was promised of a session's reminders, in order."""
    with database.reading() as db:
        about = col(OutboxRow.about).startswith(f"session:{session_id}:")
        return list(db.exec(select(OutboxRow).where(about).order_by(col(OutboxRow.id))))


def arrive(database: Database) -> None:
    """The courier has done its work."""
    with database.transaction() as db:
        db.execute(update(OutboxRow).where(col(OutboxRow.state) == "due").values(state="sent"))


@pytest.fixture(scope="module")
def one_member(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, int]]:
    """A database with one member, for many examples."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('ladder') / 'one.db'}")
    database.migrate()
    yield database, awake(database)[0]
    database.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    minutes_before=st.lists(
        st.one_of(st.integers(-90, 21 * 24 * 60), st.integers(-5, 90), st.sampled_from([0, 10, 60, 1440, 10080])),
        max_size=12,
        unique=True,
    )
)
def test_s01_whatever_the_outages_each_gets_the_newest_rung_that_helps_once_and_none_after_the_start(
    one_member: tuple[Database, int], minutes_before: list[int]
) -> None:
    database, me = one_member
    start = NOON + timedelta(days=22)
    session_id = session(database, start)
    with database.transaction() as db:
        timetable.join(db, found(db, session_id), member_id=me, now=NOON)
    for minutes in sorted(minutes_before, reverse=True):
        now = start - timedelta(minutes=minutes)
        before = len(sent(database, session_id))
        ticks(database, now)
        rows = sent(database, session_id)
        past = [name for name, rung in RUNGS.items() if start - rung <= now]
        if now >= start:
            assert len(rows) == before
        elif past:
            assert rows[-1].key is not None
            assert f":{past[-1]}:" in rows[-1].key
        assert len(rows) - before <= 1
        arrive(database)
    keys = [row.key for row in sent(database, session_id)]
    assert len({str(key).rsplit(":", 2)[0] for key in keys}) == len(keys)
    with database.transaction() as db:
        found(db, session_id).next_rung_at = None


def test_the_ladders_of_the_settings_are_read_and_faults_named(monkeypatch: pytest.MonkeyPatch) -> None:
    read = ladders.parse("webinar = 2d/30m")
    assert [rung.name for rung in read["webinar"]] == ["2d", "30m"]
    assert len(read["consultation"]) == 5
    monkeypatch.setenv("SMALLWINS_REMINDERS", "webinar=soon")
    with pytest.raises(SettingsInvalid, match="SMALLWINS_REMINDERS: 'soon' is no reminder"):
        load()


@pytest.mark.parametrize("fault", ["talk=1d", "webinar", "webinar=1d,webinar=2d", "webinar=0d", "webinar=61d", "webinar=1w"])
def test_what_is_no_ladder_is_refused(fault: str) -> None:
    with pytest.raises(ValueError, match=r"[a-z]"):
        ladders.parse(fault)


def test_a_large_audience_is_told_in_portions_and_a_kill_doubles_nothing(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = awake(sqlite, 2 * PORTION + 7)
    session_id = session(sqlite, NOON + timedelta(days=14))
    now = NOON + timedelta(minutes=10)
    real = outbox.promised_to
    calls = iter(range(10))

    def dies_in_the_second_portion(*args: Any, **kwargs: Any) -> set[int]:
        if next(calls) == 1:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr(outbox, "promised_to", dies_in_the_second_portion)
    with pytest.raises(KeyboardInterrupt):
        ticks(sqlite, now)
    assert len(sent(sqlite, session_id)) == PORTION
    assert ticks(sqlite, now) >= 2
    rows = sent(sqlite, session_id)
    assert len(rows) == len({row.chat_id for row in rows}) == len(ids)
    assert ticks(sqlite, now + timedelta(minutes=1)) == 0


def test_what_was_queued_when_the_time_changed_is_announced_anew_to_those_who_had_nothing(sqlite: Database) -> None:
    awake(sqlite, 3)
    session_id = session(sqlite, NOON + timedelta(days=14))
    ticks(sqlite, NOON + timedelta(minutes=10))
    first, second, third = sent(sqlite, session_id)
    with sqlite.transaction() as db:
        db.execute(update(OutboxRow).where(col(OutboxRow.id) == first.id).values(state="sent"))
        db.execute(update(OutboxRow).where(col(OutboxRow.id) == second.id).values(state="claimed"))
        timetable.move(
            db, found(db, session_id), first=(NOON + timedelta(days=15)).replace(tzinfo=None), minutes=60,
            zone="Asia/Shanghai", by=None, now=NOON + timedelta(minutes=11),
        )  # fmt: skip
    ticks(sqlite, NOON + timedelta(minutes=12))
    rows = {row.id: (row.chat_id, row.state) for row in sent(sqlite, session_id)}
    assert rows[third.id] == (third.chat_id, "void")
    assert list(rows.values())[3:] == [(third.chat_id, "due")]
    ticks(sqlite, NOON + timedelta(minutes=30))
    told = [row for row in sent(sqlite, session_id) if row.about == f"session:{session_id}:change"]
    assert {row.chat_id for row in told} == {first.chat_id, second.chat_id}, "who hears of it now hears the new time"


def test_s16_what_is_being_sent_when_it_is_cancelled_is_not_tried_again(database: Database) -> None:
    (me,) = awake(database)
    session_id = session(database, NOON + timedelta(days=14))
    with database.transaction() as db:
        timetable.join(db, found(db, session_id), member_id=me, now=NOON)
    now = NOON + timedelta(days=13)
    ticks(database, now)
    with database.connection() as connection:
        (parcel,) = outbox.claim(connection, now=now, limit=5)
    with database.transaction() as db:
        timetable.cancel(db, found(db, session_id), reason=None, by=None, now=now)
    with database.connection() as connection:
        outbox.postpone(connection, parcel.id, until=now, error="502")
        assert outbox.claim(connection, now=now + timedelta(hours=1), limit=5) == []
    ticks(database, now)
    with database.connection() as connection:
        (said,) = outbox.claim(connection, now=now + timedelta(hours=1), limit=5)
    assert "cancelled" in said.payload["text"]


def test_a_feed_gives_what_somebody_comes_to_and_leads_and_what_they_gave_up_counts_as_a_change(database: Database) -> None:
    me, other = awake(database, 2)
    comes, leads, gives_up = (session(database, NOON + timedelta(days=days)) for days in (3, 1, 2))
    with database.transaction() as db:
        db.add_all(SessionPerson(session_id=leads, member_id=me, part=part) for part in (Part.SPEAKER, Part.HOST))
        for each in (comes, gives_up):
            timetable.join(db, found(db, each), member_id=me, now=NOON)
        timetable.leave(db, found(db, gives_up), member_id=me, now=NOON + timedelta(hours=1))
        mine = timetable.appointments(db, me, now=NOON)
        assert [(each.session.id, each.leads, each.privy) for each in mine] == [(leads, True, True), (comes, False, True)]
        assert timetable.last_change(db, me) == NOON + timedelta(hours=1)
        assert timetable.appointments(db, other, now=NOON) == []
        assert len(timetable.public_appointments(db, now=NOON)) == 3
        old = timetable.feed_token(db, me, now=NOON)
        assert timetable.feed_token(db, me, now=NOON) == old
        new = timetable.renew_feed(db, me, now=NOON)
        assert [timetable.feed_of(db, token) is None for token in (old, new)] == [True, False]


def test_a_tick_that_finds_nothing_looks_at_what_is_due_and_not_at_what_exists(sqlite: Database) -> None:
    asked: list[tuple[str, Any]] = []
    ticks(sqlite, NOON)

    def note(*call: Any) -> None:
        asked.append((call[2], call[3]))

    event.listen(sqlite.engine, "before_cursor_execute", note)
    ticks(sqlite, NOON)
    event.remove(sqlite.engine, "before_cursor_execute", note)
    looks = [(query, values) for query, values in asked if query.startswith("SELECT")]
    with sqlite.reading() as db:
        explain = db.connection().exec_driver_sql
        plans = [
            " ".join(str(row[3]) for row in explain(f"EXPLAIN QUERY PLAN {query}", values)) for query, values in looks
        ]
    assert [plan.split(" USING ")[1].removeprefix("COVERING ") for plan in plans] == [
        "INDEX ix_session_changes_untold", "INDEX ix_sessions_rung (next_rung_at<?)",
    ]  # fmt: skip

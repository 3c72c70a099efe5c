"""Who takes part: places cannot be given twice, and the waiting list keeps its order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import Session

from bot import timetable
from bot.db import Database
from bot.errors import SessionOver
from bot.features import people
from bot.timetable import Kind, SessionRow, Standing, State
from tests.conftest import NOON, SetClock

LATER = NOON + timedelta(minutes=1)


def member_ids(database: Database, how_many: int) -> list[int]:
    """Members to take part."""
    with database.transaction() as db:
        members = [
            people.meet(
                db, telegram_id=100 + n, name=f"Member {n}", language_code="en", default="en",
                timezone="Asia/Shanghai", now=NOON,
            )
            for n in range(how_many)
        ]  # fmt: skip
        return [member.id or 0 for member in members]


def planned(database: Database, *, capacity: int | None = None, in_days: float = 14) -> int:
    """A webinar that is to come; gives its id."""
    with database.transaction() as db:
        starts_at = NOON + timedelta(days=in_days)
        row = SessionRow(
            kind=Kind.WEBINAR, occurrence="", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1),
            zone="Asia/Shanghai", title={"en": "Foot care"}, capacity=capacity, uid="one@test", created_at=NOON,
        )  # fmt: skip
        db.add(row)
        db.flush()
        return row.id or 0


def found(db: Session, session_id: int) -> SessionRow:
    """The session, which is there."""
    row = timetable.session(db, session_id)
    assert row is not None
    return row


def test_of_fifty_who_tap_at_once_one_gets_the_last_place(database: Database) -> None:
    ids, session_id = member_ids(database, 51), planned(database, capacity=2)

    def tap(member_id: int) -> Standing:
        with database.transaction() as db:
            return timetable.join(db, found(db, session_id), member_id=member_id, now=NOON)

    assert tap(ids[0]) is Standing.COMING
    with ThreadPoolExecutor(16) as threads:
        became = list(threads.map(tap, ids[1:]))
    assert became.count(Standing.COMING) == 1
    assert became.count(Standing.WAITING) == 49
    with database.reading() as db:
        row = found(db, session_id)
        assert timetable.free(db, row) == 0
        places = [timetable.position(db, row, member_id=each) for each in ids[1:]]
    assert sorted(place for place in places if place is not None) == list(range(1, 50))


def test_a_double_tap_has_one_effect(database: Database) -> None:
    (me,), session_id = member_ids(database, 1), planned(database, capacity=1)
    for moment in (NOON, LATER):
        with database.transaction() as db:
            assert timetable.join(db, found(db, session_id), member_id=me, now=moment) is Standing.COMING
    with database.reading() as db:
        (only,) = timetable.attendees(db, session_id)
        assert only.since == NOON


def test_a_place_that_came_free_is_for_those_who_wait(sqlite: Database) -> None:
    (had, first, second, new), session_id = member_ids(sqlite, 4), planned(sqlite, capacity=1)
    with sqlite.transaction() as db:
        row = found(db, session_id)
        for n, member in enumerate((had, first, second)):
            timetable.join(db, row, member_id=member, now=NOON + timedelta(seconds=n))
        assert timetable.leave(db, row, member_id=had, now=LATER) is Standing.COMING
        assert timetable.join(db, row, member_id=new, now=LATER) is Standing.WAITING
        assert timetable.join(db, row, member_id=second, now=LATER) is Standing.WAITING
        assert [timetable.position(db, row, member_id=each) for each in (first, second, new)] == [1, 2, 3]
        whom = timetable.next_waiting(db, row)
        assert whom is not None
        assert whom.member_id == first
        timetable.leave(db, row, member_id=first, now=LATER)
        assert timetable.join(db, row, member_id=second, now=LATER) is Standing.COMING
        assert [timetable.position(db, row, member_id=each) for each in (new, first)] == [1, None]


def test_when_the_cut_off_is_past_the_first_to_tap_gets_what_is_free(sqlite: Database) -> None:
    (had, waits, new), session_id = member_ids(sqlite, 3), planned(sqlite, capacity=1)
    with sqlite.transaction() as db:
        row = found(db, session_id)
        for member in (had, waits):
            timetable.join(db, row, member_id=member, now=NOON)
        timetable.leave(db, row, member_id=had, now=LATER)
        assert timetable.join(db, row, member_id=new, now=LATER, first_come=True) is Standing.COMING
        assert timetable.join(db, row, member_id=waits, now=LATER, first_come=True) is Standing.WAITING


def test_maybe_holds_no_place_and_declining_needs_none(sqlite: Database) -> None:
    (maybe, declines), session_id = member_ids(sqlite, 2), planned(sqlite, capacity=1)
    with sqlite.transaction() as db:
        row = found(db, session_id)
        assert timetable.join(db, row, member_id=maybe, now=NOON, standing=Standing.MAYBE) is Standing.MAYBE
        assert timetable.free(db, row) == 1
        assert timetable.leave(db, row, member_id=declines, now=NOON) is None
        assert timetable.attendee(db, session_id, declines) is None
        assert timetable.leave(db, row, member_id=declines, now=NOON, standing=Standing.DECLINED) is None
        mine = timetable.attendee(db, session_id, declines)
        assert mine is not None
        assert mine.standing is Standing.DECLINED


def test_nobody_joins_what_was_cancelled_or_is_over(sqlite: Database, clock: SetClock) -> None:
    (me,), cancelled = member_ids(sqlite, 1), planned(sqlite)
    with sqlite.transaction() as db:
        row = found(db, cancelled)
        with pytest.raises(SessionOver):
            timetable.join(db, row, member_id=me, now=row.ends_at)
        row.state = State.CANCELLED
        with pytest.raises(SessionOver) as refused:
            timetable.join(db, row, member_id=me, now=NOON)
        assert refused.value.cancelled


def test_who_came_without_a_word_is_noted_and_a_mistake_is_taken_back(sqlite: Database) -> None:
    (me,), session_id = member_ids(sqlite, 1), planned(sqlite, in_days=0)
    with sqlite.transaction() as db:
        row = found(db, session_id)
        assert timetable.attended(db, row, member_id=me, how="button", now=LATER).attended_at == LATER
        mine = timetable.attended(db, row, member_id=me, how="organizer", now=LATER, was_there=False)
        assert mine.attended_at is None
        assert mine.standing is Standing.COMING

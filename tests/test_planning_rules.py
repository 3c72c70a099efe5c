"""Planning: series and sessions, their times on every clock, changes of one and of all that follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from bot import timetable, timewords, worktime
from bot.db import Database
from bot.errors import CannotPlan, SessionOver
from bot.features import people
from bot.features.people import Role
from bot.i18n import LANGUAGES, Language, Translator
from bot.timetable import (
    Attendee,
    Doubt,
    Kind,
    Part,
    Recurrence,
    Rhythm,
    Series,
    SessionRow,
    Standing,
    State,
    Task,
    What,
)
from handlers.schedule._words import clock_in_words, rhythm_in_words, zone_in_words

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
BEIJING, NEW_YORK = "Asia/Shanghai", "America/New_York"


wall = datetime.fromisoformat


def member(db: Session, name: str, role: Role = Role.CONSULTANT) -> int:
    made = people.meet(
        db, telegram_id=len(name) * 1000 + sum(map(ord, name)), name=name, language_code="en", default="en",
        timezone=BEIJING, now=NOON,
    )  # fmt: skip
    made.role = role
    db.flush()
    return made.id or 0


def biweekly(db: Session, *, now: datetime = NOON, **more: Any) -> Series:
    given_: dict[str, Any] = {
        "rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
        "first": wall("2026-12-01T19:00"),
        "zone": BEIJING,
    } | more
    return timetable.plan(
        db,
        kind=Kind.CONSULTATION,
        title={"en": "Consultation"},
        minutes=90,
        by=None,
        now=now,
        **given_,
    )


def sessions(db: Session) -> list[SessionRow]:
    return list(db.exec(select(SessionRow).order_by(col(SessionRow.starts_at))))


def days(db: Session) -> list[str]:
    return [
        f"{row.starts_at.astimezone(ZoneInfo(BEIJING)):%m-%d %H:%M}"
        for row in sessions(db)
        if row.state is State.PLANNED
    ]


def loud(db: Session, row: SessionRow) -> list[tuple[str, str | None, str | None]]:
    return [(one.what, one.old, one.new) for one in reversed(timetable.changes(db, row)) if one.told_at is None]


def test_s09_a_biweekly_series_keeps_its_wall_time_across_clock_changes(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        biweekly(db, zone=NEW_YORK, now=datetime(2027, 1, 25, tzinfo=UTC), first=wall("2027-02-02T19:00"))
        rows = sessions(db)
        assert {row.starts_at.astimezone(ZoneInfo(NEW_YORK)).time() for row in rows} == {time(19)}
        assert {row.starts_at.hour for row in rows} == {0, 23}
        assert {row.ends_at - row.starts_at for row in rows} == {timedelta(minutes=90)}


def test_s08_a_time_that_comes_twice_is_one_session_and_one_that_is_left_out_begins_later_and_says_so(
    sqlite: Database,
) -> None:
    with sqlite.transaction() as db:
        weekly = {"rrule": "FREQ=WEEKLY;BYDAY=SU", "zone": NEW_YORK}
        biweekly(db, **weekly, now=datetime(2026, 10, 20, tzinfo=UTC), first=wall("2026-10-25T01:30"))
        fold = [row for row in sessions(db) if row.occurrence == "2026-11-01T01:30:00"]
        assert [row.starts_at for row in fold] == [datetime(2026, 11, 1, 5, 30, tzinfo=UTC)]
        assert not any(map(timetable.shifted, sessions(db)))
        series = biweekly(db, **weekly, now=datetime(2027, 3, 1, tzinfo=UTC), first=wall("2027-03-07T02:30"))
        gap = next(row for row in sessions(db) if row.occurrence == "2027-03-14T02:30:00")
        assert gap.starts_at.astimezone(ZoneInfo(NEW_YORK)).time() == time(3, 30)
        assert [row.occurrence for row in sessions(db) if timetable.shifted(row)] == [gap.occurrence]
        coming = timetable.recurrence_of(series).next(datetime(2027, 3, 1, tzinfo=UTC), 3)
        assert [one.shifted for one in coming] == [False, True, False]


@pytest.mark.parametrize(
    "words", ["31st of every month 19:00", "每月31号 19:00", "29th of every month 19:00", "每月30日晚上7点"]
)
def test_s12_a_day_that_not_every_month_has_is_refused_with_the_reason(words: str) -> None:
    with pytest.raises(CannotPlan) as refused:
        timetable.read_recurrence(words, now=NOON, zone=BEIJING)
    assert refused.value.why == "day"
    assert 29 <= refused.value.facts["day"] <= 31


def in_month(places: set[int]) -> tuple[int, ...]:
    return tuple(sorted(places, key=lambda place: (place < 0, place)))


rhythms = st.one_of(
    st.builds(
        Rhythm,
        every=st.integers(1, 4),
        weekdays=st.sets(st.integers(0, 6), min_size=1, max_size=3).map(lambda days: tuple(sorted(days))),
    ),
    st.builds(
        Rhythm,
        every=st.integers(1, 3),
        weekdays=st.sets(st.integers(0, 6), min_size=1, max_size=2).map(lambda days: tuple(sorted(days))),
        positions=st.sets(st.sampled_from([1, 2, 3, 4, -1]), min_size=1, max_size=2).map(in_month),
    ),
    st.builds(
        Rhythm,
        every=st.integers(1, 3),
        days=st.sets(st.integers(1, 28), min_size=1, max_size=2).map(lambda days: tuple(sorted(days))),
    ),
)  # fmt: skip
zones = st.sampled_from([BEIJING, NEW_YORK, "Europe/London", "Australia/Lord_Howe", "UTC"])
walls = st.datetimes(wall("2026-11-24T00:00"), wall("2027-04-01T00:00")).map(
    lambda at: at.replace(second=0, microsecond=0)
)


@given(rhythms, walls, zones)
def test_every_time_of_a_series_has_the_right_day_and_wall_time(rhythm: Rhythm, first: datetime, zone: str) -> None:
    when = Recurrence(rhythm, first, 60, zone).checked().beginning(NOON)
    assert Rhythm.of(rhythm.rule) == rhythm
    coming = when.between(NOON, NOON + timedelta(days=500))
    assert coming[0].wall == when.first
    assert all(before.starts_at < after.starts_at for before, after in pairwise(coming))
    for one in coming:
        assert one.wall.time() == first.time()
        shown = one.starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert (shown == one.wall) is not one.shifted
        assert timedelta(0) <= shown - one.wall <= timedelta(hours=1)
        if rhythm.days:
            assert one.wall.day in rhythm.days
        else:
            assert one.wall.weekday() in rhythm.weekdays
        if rhythm.positions:
            like_it = [d for d in range(1, 32) if _weekday(one.wall, d) == one.wall.weekday()]
            assert one.wall.day in [like_it[place - (place > 0)] for place in rhythm.positions]


def _weekday(wall: datetime, day: int) -> int | None:
    try:
        return date(wall.year, wall.month, day).weekday()
    except ValueError:
        return None


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rhythms, walls, st.lists(st.tuples(st.integers(0, 20), st.integers(1, 13)), max_size=5))
def test_sessions_are_the_same_in_whatever_portions_and_however_often_they_are_made(
    sqlite: Database, rhythm: Rhythm, first: datetime, portions: list[tuple[int, int]]
) -> None:
    with sqlite.transaction() as db:
        series = biweekly(db, rrule=rhythm.rule, first=first)
        for later, weeks in portions:
            timetable.materialise(db, now=NOON + timedelta(days=later), weeks=weeks)
        timetable.materialise(db, now=NOON, weeks=16)
        assert timetable.materialise(db, now=NOON, weeks=16) == []
        made = db.exec(
            select(SessionRow.occurrence).where(SessionRow.series_id == series.id).order_by(col(SessionRow.starts_at))
        )
        wanted = timetable.recurrence_of(series).between(NOON, NOON + timedelta(weeks=16))
        assert list(made) == [one.wall.isoformat() for one in wanted]
        series.ended_at = NOON


@settings(deadline=None)  # the first one loads what turns Traditional into Simplified
@given(rhythms, st.sampled_from(LANGUAGES), st.sampled_from([None, date(2027, 6, 30)]), st.sampled_from([None, 10]))
def test_what_is_said_back_means_what_was_understood(
    rhythm: Rhythm, language: Language, until: date | None, count: int | None
) -> None:
    t = Translator(language, "schedule", BEIJING)
    end = (
        f", {'until' if language == 'en' else '到'} {until}"
        if until
        else f", 10 {'times' if language == 'en' else '次'}"
    )
    words = f"{rhythm_in_words(rhythm, t)}, {clock_in_words(wall('2026-11-24T19:00'), 90)} {zone_in_words(BEIJING, t)}"
    read = timetable.read_recurrence(words + (end if until or count else ""), now=NOON, zone=BEIJING)
    assert (read.rhythm, read.minutes) == (replace(rhythm, until=until, count=None if until else count), 90)


READ = {
    "2nd and 4th Tuesday of the month at 7 pm": ("FREQ=MONTHLY;BYDAY=2TU,4TU", "2026-11-24T19:00", 60, BEIJING),
    "第二個及第四個星期二晚上七時": ("FREQ=MONTHLY;BYDAY=2TU,4TU", "2026-11-24T19:00", 60, BEIJING),
    "每月二、四周周二晚7点到8点半": ("FREQ=MONTHLY;BYDAY=2TU,4TU", "2026-11-24T19:00", 90, BEIJING),
    "1st and 15th of every month 19:00": ("FREQ=MONTHLY;BYMONTHDAY=1,15", "2026-12-01T19:00", 60, BEIJING),
    "alternate Thursdays from 3 December, half past seven pm": (
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH",
        "2026-12-03T19:30",
        60,
        BEIJING,
    ),
    "隔周三晚上7点开始，8点半结束": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", "2026-11-25T19:00", 90, BEIJING),
    "每两周一次，周二下午3点到4点半": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2026-11-24T15:00", 90, BEIJING),
    "每周一三五晚7点，连续10次": ("FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=10", "2026-11-23T19:00", 60, BEIJING),
    "每周周二一小时，晚7点，到明年6月": ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20270630T235959", "2026-11-24T19:00", 60, BEIJING),
    "twice a week, Tue & Thu nights at 7, for 3 months": (
        "FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20270223T235959",
        "2026-11-24T19:00",
        60,
        BEIJING,
    ),
    "从下个月起，每月首个周三 19:00，到年底": (
        "FREQ=MONTHLY;BYDAY=1WE;UNTIL=20261231T235959",
        "2026-12-02T19:00",
        60,
        BEIJING,
    ),
    "every Tuesday evening at 7": ("FREQ=WEEKLY;BYDAY=TU", "2026-11-24T19:00", 60, BEIJING),
    "每周三下午2:30-4:00，到6月底": ("FREQ=WEEKLY;BYDAY=WE;UNTIL=20270630T235959", "2026-11-25T14:30", 90, BEIJING),
    "every second Tuesday 19:00–20:30 Beijing time": (
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
        "2026-11-24T19:00",
        90,
        BEIJING,
    ),
    "每两周周二 19:00-20:30": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2026-11-24T19:00", 90, BEIJING),
    "每兩週週二 19:00-20:30，從12月8日起，共10次": (
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=10",
        "2026-12-08T19:00",
        90,
        BEIJING,
    ),
    "first Wednesday of the month at 7pm for 90 minutes": ("FREQ=MONTHLY;BYDAY=1WE", "2026-12-02T19:00", 90, BEIJING),
    "每月第一个周三晚上7点，90分钟": ("FREQ=MONTHLY;BYDAY=1WE", "2026-12-02T19:00", 90, BEIJING),
    "last Friday monthly 18:30 New York": ("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27T18:30", 60, NEW_YORK),
    "每月最后一个周五 18:30 纽约时间": ("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27T18:30", 60, NEW_YORK),
    "every second Tuesday of the month 7-8:30 pm": ("FREQ=MONTHLY;BYDAY=2TU", "2026-12-08T19:00", 90, BEIJING),
    "隔周周四晚上七点半，一个半小时": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "2026-11-26T19:30", 90, BEIJING),
    "每周二、四 下午2点到3点半": ("FREQ=WEEKLY;BYDAY=TU,TH", "2026-11-24T14:00", 90, BEIJING),
    "Tuesdays and Thursdays 14:00-15:00 from 8 Dec until 31 Mar": (
        "FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20270331T235959",
        "2026-12-08T14:00",
        60,
        BEIJING,
    ),
    "the 15th of every month at noon": ("FREQ=MONTHLY;BYMONTHDAY=15", "2026-12-15T12:00", 60, BEIJING),
    "每三个月第二个周一 上午十点": ("FREQ=MONTHLY;INTERVAL=3;BYDAY=2MO", "2026-12-14T10:00", 60, BEIJING),
    "monthly on the third Thursday, 8 pm, for 2 hours, 10 times": (
        "FREQ=MONTHLY;BYDAY=3TH;COUNT=10",
        "2026-12-17T20:00",
        120,
        BEIJING,
    ),
    "every 3 weeks on Wednesday 22:00-00:30 Europe/London": (
        "FREQ=WEEKLY;INTERVAL=3;BYDAY=WE",
        "2026-11-25T22:00",
        150,
        "Europe/London",
    ),
}


@pytest.mark.parametrize("words", READ)
def test_plain_words_say_when_a_series_is(words: str) -> None:
    when = timetable.read_recurrence(words, now=NOON, zone=BEIJING)
    assert (when.rhythm.rule, when.first.isoformat(timespec="minutes"), when.minutes, when.zone) == READ[words]


REFUSED = {
    "逢双周周二晚上7点": ("parity", {}),
    "Tuesdays in odd weeks 19:00": ("parity", {}),
    "每周二7点": ("half", {"hour": 7}),
    "every Tuesday at seven": ("half", {"hour": 7}),
    "每月第一个周三和第三个周五 19:00": ("apart", {}),
    "每月两次，周二 19:00": ("which", {}),
    "每周二晚7点，节假日除外": ("holidays", {"rest": "节假日除外"}),
    "every Tuesday with biscuits 19:00": ("words", {"rest": "with biscuits"}),
    "every second Tuesday 25:00": ("clock", {"text": "25:00"}),
    "every second Tuesday 20:30-19:00": ("hours", {"start": time(20, 30), "end": time(19)}),
    "every second Tuesday 19:00 Atlantis time": ("zone", {"name": "atlantis"}),
    "每周二 19:00 亚特兰蒂斯时间": ("zone", {"name": "亚特兰蒂斯"}),
    "every Tuesday 19:00 Asia/Shangri": ("zone", {"name": "asia/shangri"}),
    "every Tuesday 19:00 until 1 Nov 2026": ("end", {"end": date(2026, 11, 1), "start": date(2026, 11, 23)}),
    "every Tuesday 19:00 from 1 Nov 2026": ("pastday", {"day": date(2026, 11, 1)}),
    "fifth Tuesday of the month 19:00": ("fifth", {}),
    "every Tuesday": ("when", {}),
    "19:00": ("rhythm", {}),
    "every second Tuesday 19:00 except 29 Dec": ("notthen", {"day": date(2026, 12, 29)}),
    "每周三晚上十二点": ("clock", {"text": "晚上12点"}),
}  # fmt: skip


@pytest.mark.parametrize("words", REFUSED)
def test_what_cannot_be_is_refused_by_name(words: str) -> None:
    with pytest.raises(CannotPlan) as refused:
        timetable.read_recurrence(words, now=NOON, zone=BEIJING)
    assert (refused.value.why, refused.value.facts) == REFUSED[words]


@given(st.text(max_size=40))
def test_whatever_is_written_is_read_or_refused(words: str) -> None:
    for read in (timetable.read_recurrence, timetable.read_moment, timetable.read_days):
        try:
            read(words, now=NOON, zone=BEIJING)
        except CannotPlan as refused:
            assert refused.why  # noqa: PT017


@pytest.mark.parametrize(
    ("words", "wall", "minutes", "zone"),
    [
        ("Tue 8 Dec 19:00", "2026-12-08T19:00", 60, BEIJING),
        ("12月8日晚上7点，90分钟", "2026-12-08T19:00", 90, BEIJING),
        ("下周二 19:00-20:00", "2026-12-01T19:00", 60, BEIJING),
        ("Dec 8, 2026 at 7:30 p.m. New York time", "2026-12-08T19:30", 60, NEW_YORK),
        ("2027年3月1日（周一）20:00-21:00 北京时间", "2027-03-01T20:00", 60, BEIJING),
        ("Thursday 7pm", "2026-11-26T19:00", 60, BEIJING),
    ],
)
def test_plain_words_say_when_one_session_is(words: str, wall: str, minutes: int, zone: str) -> None:
    read = timetable.read_moment(words, now=NOON, zone=BEIJING)
    assert (read[0].isoformat(timespec="minutes"), read[1], read[2]) == (wall, minutes, zone)


@pytest.mark.parametrize(
    "words",
    ["tomorrow 9:00", "27 Nov 19:30", "明天上午9点", "下周二 19:30", "next Tuesday 19:30", "Tuesday 19:30", "周二 19:30",
     "this Friday 8pm", "本周五晚上8点", "后天下午3点半", "12月8日晚上7点", "Dec 8 7pm", "2026-12-08 19:00", "Monday 11:00",
     "the day after tomorrow at noon", "礼拜五 下午两点", "下周日晚上7點", "今晚8点", "明早9点", "3天后 9:00",
     "in 3 days at 9:00", "周日中午", "下下周二 9:00"],
)  # fmt: skip
def test_a_session_and_a_notice_are_at_the_same_moment_in_the_same_words(words: str) -> None:
    first, _minutes, zone = timetable.read_moment(words, now=NOON, zone=BEIJING)
    assert timetable.moment(first, zone) == timewords.read(words, now=NOON, zone=BEIJING)


@pytest.mark.parametrize(
    ("words", "why"), [("Wed 8 Dec 19:00", "weekday"), ("31 Feb 19:00", "date"), ("1 Nov 2026 19:00", "pastday"),
                       ("20:00", "whichday"), ("every second Tuesday 19:00", "once"), ("8 Dec", "when")]
)  # fmt: skip
def test_one_session_needs_one_day_that_exists_and_is_to_come(words: str, why: str) -> None:
    with pytest.raises(CannotPlan) as refused:
        timetable.read_moment(words, now=NOON, zone=BEIJING)
    assert refused.value.why == why


def test_a_single_session_on_a_time_that_no_clock_shows_or_in_the_past_is_refused(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        for first, why in ((wall("2027-03-14T02:30"), "gap"), (wall("2026-11-22T19:00"), "past")):
            with pytest.raises(CannotPlan) as refused:
                timetable.add_session(
                    db, kind=Kind.WEBINAR, title={"en": "W"}, first=first, minutes=60, zone=NEW_YORK, by=None, now=NOON
                )
            assert refused.value.why == why


@pytest.mark.parametrize(
    "link", ["http://meeting.example.org/1", "meeting.example.org", "https://", "javascript:alert(1)"]
)
def test_a_link_without_https_is_refused(link: str) -> None:
    with pytest.raises(CannotPlan) as refused:
        timetable.checked_link(link)
    assert refused.value.why == "link"


def test_nobody_is_planned_into_two_sessions_at_once(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        min_, sarah = member(db, "Min"), member(db, "Sarah")
        biweekly(db, people=[(min_, Part.CONSULTANT)])
        overlapping: dict[str, Any] = {
            "kind": Kind.WEBINAR,
            "title": {"en": "W"},
            "minutes": 60,
            "by": None,
            "now": NOON,
        }
        for first in (wall("2026-12-15T20:00"), wall("2027-06-15T20:00")):  # one is made already, one is far ahead
            one = overlapping | {"first": first, "zone": BEIJING}
            with pytest.raises(CannotPlan) as refused:
                timetable.add_session(db, **one, people=[(min_, Part.SPEAKER)])
            assert (refused.value.why, refused.value.facts["who"]) == ("overlap", min_)
            timetable.add_session(db, **one, people=[(sarah, Part.SPEAKER)])
        with pytest.raises(CannotPlan):
            biweekly(db, rrule="FREQ=MONTHLY;BYDAY=3TU", first=wall("2026-12-15T20:15"), people=[(min_, Part.HOST)])
        with pytest.raises(CannotPlan) as refused:
            biweekly(
                db,
                rrule="FREQ=WEEKLY;BYDAY=MO",
                first=wall("2026-11-30T19:00"),
                extra=[wall("2026-12-07T19:30")],
            )
        assert refused.value.facts["who"] is None


def test_s13_a_new_time_or_link_is_to_be_told_and_a_typo_goes_silently(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        by = member(db, "Zhao", Role.ORGANIZER)
        biweekly(db)
        row = sessions(db)[0]
        db.add(
            Attendee(
                session_id=row.id or 0, member_id=by, standing=Standing.COMING, since=NOON,
                starts_at=row.starts_at + timedelta(minutes=20), ends_at=row.starts_at + timedelta(minutes=40),
            )
        )  # fmt: skip
        timetable.set_text(db, row, What.TITLE, "en", "Consultations", by=by, now=NOON)
        assert (row.sequence, loud(db, row), timetable.title(db, row, "en")) == (0, [], "Consultations")
        timetable.move(db, row, first=wall("2026-12-03T20:00"), minutes=90, zone=BEIJING, by=by, now=NOON)
        timetable.set_value(db, row, What.LINK, "https://meet.example.org/2", by=by, now=NOON)
        assert not timetable.set_value(db, row, What.LINK, "https://meet.example.org/2", by=by, now=NOON)
        assert loud(db, row) == [
            ("starts_at", "2026-12-01T11:00:00+00:00", "2026-12-03T12:00:00+00:00"),
            ("ends_at", "2026-12-01T12:30:00+00:00", "2026-12-03T13:30:00+00:00"),
            ("link", None, "https://meet.example.org/2"),
        ]
        assert row.sequence == 3
        assert row.own
        booked = timetable.attendee(db, row.id or 0, by)
        assert booked is not None
        assert booked.starts_at == datetime(2026, 12, 3, 12, 20, tzinfo=UTC)
        assert timetable.materialise(db, now=NOON) == []


def test_s14_two_edits_within_ten_minutes_wait_to_be_told_as_one(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        biweekly(db)
        row, later = sessions(db)[0], NOON + timedelta(minutes=9)
        timetable.move(db, row, first=wall("2026-12-03T20:00"), minutes=90, zone=BEIJING, by=None, now=NOON)
        timetable.move(db, row, first=wall("2026-12-04T20:00"), minutes=90, zone=BEIJING, by=None, now=later)
        assert timetable.ripe(db, now=NOON + timedelta(minutes=10)) is None
        assert timetable.ripe(db, now=later + timedelta(minutes=10)) is row
        begins = [(old, new) for what, old, new in loud(db, row) if what == "starts_at"]
        assert (begins[0][0], begins[-1][1]) == ("2026-12-01T11:00:00+00:00", "2026-12-04T12:00:00+00:00")


def test_s15_a_cancelled_session_takes_no_more_changes_and_is_not_made_again(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        biweekly(db)
        row = sessions(db)[1]
        timetable.cancel(db, row, reason="The hall is closed", by=None, now=NOON)
        assert (row.state, row.reason, row.sequence) == (State.CANCELLED, "The hall is closed", 1)
        assert loud(db, row) == [("cancelled", None, "The hall is closed")]
        with pytest.raises(SessionOver):
            timetable.move(db, row, first=wall("2026-12-16T19:00"), minutes=90, zone=BEIJING, by=None, now=NOON)
        assert timetable.materialise(db, now=NOON) == []
        assert timetable.tasks_of(db, 1, now=NOON) == []


def test_this_and_all_following_cuts_the_series_and_leaves_what_was_changed_by_itself(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        series = biweekly(db, rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=20", link="https://meet.example.org/1")
        rows = sessions(db)
        timetable.set_value(db, rows[3], What.LINK, "https://meet.example.org/own", by=None, now=NOON)
        assert (
            timetable.set_value_following(db, rows[2], What.LINK, "https://meet.example.org/2", by=None, now=NOON) == 3
        )
        assert [(row.link or "")[-3:] for row in rows] == ["g/1", "g/1", "g/2", "own", "g/2", "g/2"]
        later = timetable.series_of(db, rows[2])
        assert later.id != series.id
        assert Rhythm.of(series.rrule).until == date(2026, 12, 28)
        assert Rhythm.of(later.rrule).count == 18
        assert [row.series_id for row in rows] == [series.id] * 2 + [later.id] * 4
        made = timetable.materialise(db, now=NOON, weeks=20)
        assert {(row.series_id, row.link) for row in made} == {(later.id, "https://meet.example.org/2")}
        assert timetable.set_value_following(db, rows[2], What.LINK, None, by=None, now=NOON) == 7
        assert timetable.series_of(db, rows[2]).id == later.id


def test_a_new_time_for_all_following_moves_each_to_its_next_place(database: Database) -> None:
    with database.transaction() as db:
        biweekly(db)
        rows = sessions(db)
        timetable.cancel(db, rows[3], reason=None, by=None, now=NOON)
        timetable.move(db, rows[4], first=wall("2027-01-28T10:00"), minutes=90, zone=BEIJING, by=None, now=NOON)
        old = timetable.recurrence_of(timetable.series_of(db, rows[1]))
        when = timetable.read_recurrence(
            "every second Wednesday 20:00-21:00 from 16 Dec", now=NOON, zone=BEIJING, old=old
        )
        uids = [row.uid for row in rows]
        assert timetable.move_following(db, rows[1], when, by=None, now=NOON) == 3
        assert days(db) == ["12-01 19:00", "12-16 20:00", "12-30 20:00", "01-28 10:00", "02-10 20:00"]
        assert [row.uid for row in sessions(db)] == [*uids[:3], uids[3], uids[4], uids[5]]
        assert timetable.materialise(db, now=NOON) == []
        only_later = timetable.read_recurrence(
            "19:30", now=NOON, zone=BEIJING, old=timetable.recurrence_of(timetable.series_of(db, rows[1]))
        )
        assert only_later.rhythm.rule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE"
        assert only_later.first == wall("2026-12-16T19:30")


def test_a_slower_rhythm_cancels_what_it_has_no_place_for(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        biweekly(db)
        rows = sessions(db)
        when = timetable.read_recurrence("last Tuesday of the month 19:00-20:30", now=NOON, zone=BEIJING)
        when = Recurrence(when.rhythm, wall("2026-12-29T19:00"), 90, BEIJING)
        timetable.move_following(db, rows[2], when, by=None, now=NOON)
        assert days(db) == ["12-01 19:00", "12-15 19:00", "12-29 19:00", "01-26 19:00"]
        gone = [row for row in sessions(db) if row.state is State.CANCELLED]
        assert [timetable.title(db, row, "en") for row in gone] == ["Consultation"] * len(gone)
        assert len(gone) == 2


def test_a_series_ends_where_all_following_are_cancelled_and_takes_dates_in_and_out(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        series = biweekly(db)
        timetable.add_date(db, series, wall("2026-12-10T09:00"), by=None, now=NOON)
        timetable.skip_date(db, series, date(2026, 12, 29), reason="Year's end", by=None, now=NOON)
        assert days(db)[:4] == ["12-01 19:00", "12-10 09:00", "12-15 19:00", "01-12 19:00"]
        with pytest.raises(CannotPlan):
            timetable.skip_date(db, series, date(2026, 12, 30), reason=None, by=None, now=NOON)
        row = next(row for row in sessions(db) if row.occurrence == "2027-01-12T19:00:00")
        assert timetable.cancel_following(db, row, reason="Summer", by=None, now=NOON) == 3
        assert days(db) == ["12-01 19:00", "12-10 09:00", "12-15 19:00"]
        assert timetable.materialise(db, now=NOON + timedelta(days=60)) == []


def test_s10_days_off_worked_weekends_and_the_eve_of_a_long_holiday_are_doubtful(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        known = timetable.Days.of(db)
        found = {f"{day:%m-%d}": known.doubt(day) for day in (
            date(2026, 10, 1), date(2026, 10, 4), date(2026, 10, 10), date(2026, 9, 30), date(2026, 10, 8), date(2026, 6, 18),
            date(2026, 10, 17),
        )}  # fmt: skip
        assert found == {
            "10-01": Doubt.HOLIDAY, "10-04": Doubt.HOLIDAY, "10-10": Doubt.WORKED, "09-30": Doubt.EVE, "10-08": None,
            "06-18": None, "10-17": None,
        }  # fmt: skip
        assert known.name(date(2026, 10, 7), "zh_Hans") == "国庆节"
        assert known.name(date(2026, 9, 30), "en") == "National Day"


def test_s10_a_doubtful_session_is_found_two_cycles_ahead_with_a_better_day_until_somebody_decides(
    sqlite: Database,
) -> None:
    august = datetime(2026, 8, 20, 4, tzinfo=UTC)
    with sqlite.transaction() as db:
        biweekly(db, now=august, first=wall("2026-08-25T19:00"))
        row = next(row for row in sessions(db) if row.occurrence == "2026-10-06T19:00:00")
        assert timetable.doubtful(db, now=row.starts_at - timedelta(days=29)) == []
        now = row.starts_at - timedelta(days=28)
        (one,) = timetable.doubtful(db, now=now)
        assert (one.row.id, one.doubt, one.asked) == (row.id, Doubt.HOLIDAY, False)
        assert timetable.a_week_later(db, row) == row.starts_at + timedelta(weeks=1)
        assert timetable.next_working_day(db, row) == row.starts_at + timedelta(days=2)
        timetable.note_asked(db, one, now=now)
        assert [again.asked for again in timetable.doubtful(db, now=now)] == [True]
        timetable.decide(db, row, one.day, "keep", by=None, now=now)
        assert timetable.doubtful(db, now=now) == []


def test_s11_a_year_that_is_not_published_is_provisional_until_it_is(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = {2026}
    monkeypatch.setattr(worktime, "is_published", lambda region, year: year in published)
    with sqlite.transaction() as db:
        biweekly(db)
        assert [row.provisional for row in sessions(db)] == [False, False, False, True, True, True]
        february = datetime(2027, 2, 1, tzinfo=UTC)
        assert timetable.recheck(db, now=NOON) == []
        assert timetable.doubtful(db, now=february) == []
        published.add(2027)
        assert len(timetable.recheck(db, now=NOON)) == 3
        assert [one.row.occurrence for one in timetable.doubtful(db, now=february)] == ["2027-02-09T19:00:00"]
        timetable.say_day(db, date(2027, 2, 9), free=False, by=None, now=february)
        timetable.say_day(db, date(2027, 2, 10), free=False, by=None, now=february)
        assert timetable.doubtful(db, now=february) == []


def test_the_checklist_is_made_with_the_session_and_ticks_itself_off(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        by, speaker = member(db, "Zhao", Role.ORGANIZER), member(db, "Sarah")
        row = timetable.add_session(
            db, kind=Kind.WEBINAR, title={"en": "Feet"}, first=wall("2026-12-30T19:00"), minutes=60, zone=BEIJING, by=by,
            now=NOON, people=[(speaker, Part.SPEAKER)],
        )  # fmt: skip
        open_ = {
            task.task: (task.owner_id, (task.due_at - row.starts_at).days) for task in timetable.open_tasks(db, row)
        }
        assert open_ == {
            "speaker": (by, -21), "link": (by, -8), "materials": (by, 1), "questions": (by, 2), "recording": (by, 3),
            "feedback": (by, 7),
        }  # fmt: skip
        timetable.set_value(db, row, What.LINK, "https://meet.example.org/1", by=by, now=NOON)
        timetable.people(db, row.id or 0)[0].confirmed_at = NOON
        later = row.ends_at + timedelta(days=1)
        assert [task.task for task, _row in timetable.due_tasks(db, now=later)] == ["materials"]
        timetable.move(db, row, first=wall("2027-01-06T19:00"), minutes=60, zone=BEIJING, by=by, now=NOON)
        assert [task.task for task, _row in timetable.due_tasks(db, now=later)] == ["speaker"]
        left = {Task(task.task) for task in timetable.open_tasks(db, row)}
        assert left == {Task.SPEAKER, Task.MATERIALS, Task.QUESTIONS, Task.RECORDING, Task.FEEDBACK}
        assert timetable.people(db, row.id or 0)[0].confirmed_at is None


def test_who_is_forgotten_leaves_the_calendar_and_somebody_has_to_be_found(database: Database) -> None:
    with database.transaction() as db:
        by, gone = member(db, "Zhao", Role.ORGANIZER), member(db, "Sarah")
        series = biweekly(db, people=[(gone, Part.CONSULTANT), (by, Part.HOST)])
        row = sessions(db)[0]
        timetable.give(timetable.tasks(db, row)[0], gone)
        timetable.cancel(db, sessions(db)[1], reason=None, by=gone, now=NOON)
        timetable.keep_draft(db, gone, {"what": "series"}, now=NOON)
        assert (len(timetable.parts_of(db, gone)), len(timetable.changes_by(db, gone))) == (6, 1)
        timetable.forget_planning(db, gone, now=NOON)
        left = people.find(db, db.get_one(people.Member, gone).telegram_id)
        assert left is not None
        people.forget(db, left)
        db.flush()
        assert [person.member_id for person in timetable.people(db, row.id or 0)] == [by]
        assert timetable.changes(db, row)[0].what == "people"
        assert timetable.series_of(db, row).id == series.id

"""Working time: weekends, holidays, worked Saturdays, clock changes, and what always holds."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import targets
from bot.worktime import Calendar, Hours, has_holidays

NINE_TO_FIVE: Hours = {day: [(time(9), time(17))] for day in range(5)}
SHANGHAI = Calendar("Asia/Shanghai", NINE_TO_FIVE, region="CN")


def beijing(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_four_working_hours_from_friday_afternoon_end_on_monday() -> None:
    assert SHANGHAI.add(beijing(11, 20, 15), timedelta(hours=4)) == beijing(11, 23, 11)


def test_two_working_days_from_friday_end_on_tuesday_at_the_same_time() -> None:
    assert SHANGHAI.add_days(beijing(11, 20, 15, 30), 2) == beijing(11, 24, 15, 30)


def test_what_comes_at_night_counts_from_the_next_morning() -> None:
    assert SHANGHAI.next_open(beijing(11, 20, 22)) == beijing(11, 23, 9)
    assert SHANGHAI.add_days(beijing(11, 20, 22), 2) == beijing(11, 25, 9)


def test_the_end_of_a_day_is_reached_on_that_day() -> None:
    assert SHANGHAI.add(beijing(11, 23, 9), timedelta(hours=8)) == beijing(11, 23, 17)
    assert not SHANGHAI.is_open(beijing(11, 23, 17))
    assert SHANGHAI.is_open(beijing(11, 23, 16, 59))


def test_the_chinese_holiday_week_is_free() -> None:
    assert SHANGHAI.next_open(beijing(10, 1, 10)) == beijing(10, 8, 9)
    assert SHANGHAI.between(beijing(9, 30, 16), beijing(10, 8, 10)) == timedelta(hours=2)
    assert SHANGHAI.add(beijing(9, 30, 16), timedelta(hours=4)) == beijing(10, 8, 12)


def test_the_saturday_that_is_worked_for_the_holiday_counts() -> None:
    assert SHANGHAI.is_open(beijing(10, 10, 10))
    assert not SHANGHAI.is_open(beijing(10, 17, 10))
    assert SHANGHAI.add_days(beijing(10, 9, 10), 1) == beijing(10, 10, 10)


def test_somebody_who_works_on_some_days_only_does_not_work_on_a_worked_saturday() -> None:
    tuesdays = Calendar("Asia/Shanghai", {1: [(time(9), time(12))]}, region="CN")
    assert not tuesdays.is_open(beijing(10, 10, 10))


def test_another_region_has_other_holidays() -> None:
    taipei = Calendar("Asia/Taipei", NINE_TO_FIVE, region="TW")
    assert taipei.is_open(beijing(10, 5, 10))
    assert not taipei.is_open(beijing(10, 9, 10)), "10 October is a Saturday: the Friday before is free"


def test_days_off_are_free() -> None:
    away = Calendar("Asia/Shanghai", NINE_TO_FIVE, ((date(2026, 11, 23), date(2026, 11, 25)),))
    assert away.next_open(beijing(11, 23, 10)) == beijing(11, 26, 9)


def test_two_spans_a_day_leave_the_break_out() -> None:
    split = Calendar("Asia/Shanghai", {0: [(time(14), time(17)), (time(9), time(12))]})
    assert split.add(beijing(11, 23, 11), timedelta(hours=2)) == beijing(11, 23, 15)
    assert split.add_days(beijing(11, 23, 16), 1) == beijing(11, 30, 16)


def test_the_same_local_time_is_moved_into_shorter_hours() -> None:
    week: Hours = {0: [(time(9), time(17))], 1: [(time(13), time(15))]}
    assert Calendar("Asia/Shanghai", week).add_days(beijing(11, 23, 10), 1) == beijing(11, 24, 13)
    assert Calendar("Asia/Shanghai", week).add_days(beijing(11, 23, 16), 1) == beijing(11, 24, 15)


def test_an_evening_may_last_until_midnight() -> None:
    evenings = Calendar("Asia/Shanghai", {0: [(time(20), time(0))]})
    assert evenings.is_open(beijing(11, 23, 23, 59))
    assert evenings.between(beijing(11, 23), beijing(11, 24)) == timedelta(hours=4)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 3), (date(2026, 10, 25), 5), (date(2026, 6, 7), 4)])
def test_s08_a_change_of_the_clocks_makes_a_night_shorter_or_longer(day: date, hours: int) -> None:
    night = Calendar("Europe/Berlin", {6: [(time(0), time(4))]})
    zone = ZoneInfo("Europe/Berlin")
    start, end = (datetime.combine(d, time(0), zone) for d in (day, day + timedelta(days=1)))
    assert night.between(start, end) == timedelta(hours=hours)


def test_hours_inside_the_hour_that_a_clock_change_skips_are_none() -> None:
    skipped = Calendar("Europe/Berlin", {6: [(time(2, 30), time(3))]})
    assert not skipped.is_working_day(date(2026, 3, 29))
    assert skipped.is_working_day(date(2026, 4, 5))


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        ({}, "at least one weekday"),
        ({0: []}, "at least one weekday"),
        ({0: [(time(9), time(9))]}, "cannot end at 09:00"),
        ({7: [(time(9), time(10))]}, "7 is no weekday"),
    ],
)
def test_hours_that_cannot_be_are_refused_with_a_sentence(hours: Hours, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Calendar("Asia/Shanghai", hours)


def test_an_unknown_region_and_time_that_runs_back_are_refused() -> None:
    with pytest.raises(ValueError, match="'XX'"):
        Calendar("Asia/Shanghai", NINE_TO_FIVE, region="XX")
    assert not has_holidays("XX")
    assert has_holidays("TW")
    with pytest.raises(ValueError, match="forward"):
        SHANGHAI.add(beijing(1, 5), -timedelta(seconds=1))


def test_a_calendar_that_never_opens_again_says_so() -> None:
    gone = Calendar("Asia/Shanghai", NINE_TO_FIVE, ((date(2026, 1, 1), date(2036, 1, 1)),))
    with pytest.raises(ValueError, match="does not open again"):
        gone.next_open(beijing(5, 5))


def _spans(cuts: list[int]) -> list[tuple[time, time]]:
    ordered = [time(c // 4, c % 4 * 15) if c < 96 else time(0) for c in sorted(set(cuts))]
    return list(zip(ordered[::2], ordered[1::2], strict=False))


SPANS = st.lists(st.integers(0, 96), min_size=2, max_size=6).map(_spans)
CALENDARS = st.builds(
    Calendar,
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]),
    st.dictionaries(st.integers(0, 6), SPANS, min_size=1).filter(lambda hours: any(hours.values())),
    st.lists(
        st.tuples(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(0, 9)).map(
            lambda off: (off[0], off[0] + timedelta(days=off[1]))
        ),
        max_size=3,
    ).map(tuple),
    st.sampled_from([None, "CN", "TW"]),
)
MOMENTS = st.integers(0, 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
DURATIONS = st.timedeltas(timedelta(0), timedelta(hours=50))  # four years of the shortest week that is drawn have 52


@given(CALENDARS, MOMENTS, DURATIONS)
def test_what_is_added_lies_between(calendar: Calendar, start: datetime, working: timedelta) -> None:
    assert calendar.between(start, calendar.add(start, working)) == working


@given(CALENDARS, MOMENTS, DURATIONS)
def test_a_result_is_never_inside_closed_time(calendar: Calendar, start: datetime, working: timedelta) -> None:
    end = calendar.add(start, working)
    assert calendar.is_open(end) or calendar.is_open(end - timedelta(microseconds=1))
    assert calendar.is_open(calendar.next_open(start))


@given(CALENDARS, MOMENTS, MOMENTS, DURATIONS, DURATIONS)
def test_later_starts_and_longer_work_never_end_earlier(
    calendar: Calendar, one: datetime, other: datetime, some: timedelta, more: timedelta
) -> None:
    (a, b), (short, long) = sorted((one, other)), sorted((some, more))
    assert calendar.add(a, short) <= calendar.add(b, short)
    assert calendar.add(a, short) <= calendar.add(a, long)
    assert calendar.add_days(a, 1) <= calendar.add_days(a, 2)


@given(CALENDARS, MOMENTS, MOMENTS, MOMENTS)
def test_working_time_adds_up(calendar: Calendar, a: datetime, b: datetime, c: datetime) -> None:
    assert calendar.between(a, b) + calendar.between(b, c) == calendar.between(a, c)


@given(CALENDARS, MOMENTS, st.integers(0, 9))
def test_days_later_is_a_working_day_and_so_many_of_them_on(calendar: Calendar, start: datetime, n: int) -> None:
    zone = ZoneInfo(calendar.zone)
    begin, end = calendar.next_open(start), calendar.add_days(start, n)
    day, passed = begin.astimezone(zone).date(), 0
    while passed < n:
        day += timedelta(days=1)
        passed += calendar.is_working_day(day)
    opened = calendar.next_open(datetime.combine(day, time(0), zone))
    assert opened <= end <= opened + timedelta(hours=25)


def test_targets_are_read_by_subject_in_hours_and_days() -> None:
    read = targets.parse("default=4h/2d, training = 8h / 3d")
    assert read["training"].answer == targets.Span(3, "d")
    assert read["default"].ack.after(beijing(11, 20, 15), SHANGHAI) == beijing(11, 23, 11)
    assert read["default"].answer.after(beijing(11, 20, 15), SHANGHAI) == beijing(11, 24, 15)

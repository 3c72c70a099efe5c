"""Moments in words: what colleagues write is read as they mean it, and nothing else is guessed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import MomentUnfit
from bot.i18n import LANGUAGES, Language, Translator
from bot.timewords import HORIZON, read

SHANGHAI = "Asia/Shanghai"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo(SHANGHAI))  # a Monday


def local(text: str, now: datetime = NOON) -> str:
    return read(text, now=now, zone=SHANGHAI).astimezone(ZoneInfo(SHANGHAI)).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("tomorrow 9:00", "2026-11-24 09:00"),
        ("Tomorrow at 9am", "2026-11-24 09:00"),
        ("tomorrow morning 9:00", "2026-11-24 09:00"),
        ("the day after tomorrow, 7:30 p.m.", "2026-11-25 19:30"),
        ("today 18:00", "2026-11-23 18:00"),
        ("tonight 8:15", "2026-11-23 20:15"),
        ("18:00", "2026-11-23 18:00"),
        ("11:00", "2026-11-24 11:00"),
        ("27 Nov 19:30", "2026-11-27 19:30"),
        ("November 27th, 7.30", None),
        ("Nov 27, 2026 19:30", "2026-11-27 19:30"),
        ("27th of November 2026 at 7 pm", "2026-11-27 19:00"),
        ("Fri, Nov 27 7:30 PM", "2026-11-27 19:30"),
        ("2026-11-27 19:30", "2026-11-27 19:30"),
        ("5 Jan 10:00", "2027-01-05 10:00"),
        ("Tuesday 9:00", "2026-11-24 09:00"),
        ("mon 11:00", "2026-11-30 11:00"),
        ("mon 13:00", "2026-11-23 13:00"),
        ("next Tuesday 19:30", "2026-12-01 19:30"),
        ("this Thursday 19:30", "2026-11-26 19:30"),
        ("in 2 hours", "2026-11-23 14:00"),
        ("in half an hour", "2026-11-23 12:30"),
        ("in 45 minutes", "2026-11-23 12:45"),
        ("in 3 days 9:00", "2026-11-26 09:00"),
        ("tomorrow noon", "2026-11-24 12:00"),
        ("明天上午9点", "2026-11-24 09:00"),
        ("明天上午九点半", "2026-11-24 09:30"),
        ("後天下午三點一刻", "2026-11-25 15:15"),
        ("今晚8点", "2026-11-23 20:00"),
        ("明早7点半", "2026-11-24 07:30"),
        ("明晚十二点", "2026-11-25 00:00"),
        ("大后天 19:30", "2026-11-26 19:30"),
        ("下周二 19:30", "2026-12-01 19:30"),
        ("下週二晚上7:30", "2026-12-01 19:30"),
        ("下下周一 9点", "2026-12-07 09:00"),
        ("下个星期天中午12点", "2026-12-06 12:00"),
        ("周五19：30", "2026-11-27 19:30"),
        ("本周四下午2点", "2026-11-26 14:00"),
        ("11月27日 19:30", "2026-11-27 19:30"),
        ("11月27号晚上7点30分", "2026-11-27 19:30"),
        ("十一月二十七日下午三点", "2026-11-27 15:00"),
        ("2026年12月1日（周二）上午9点", "2026-12-01 09:00"),
        ("半小时后", "2026-11-23 12:30"),
        ("两个小时后", "2026-11-23 14:00"),
        ("3天后上午9点", "2026-11-26 09:00"),
        ("凌晨3点", "2026-11-24 03:00"),
    ],
)
def test_words_mean_what_a_colleague_means(words: str, meant: str | None) -> None:
    if meant is None:
        with pytest.raises(MomentUnfit):
            local(words)
    else:
        assert local(words) == meant


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "unclear"),
        ("soon", "unclear"),
        ("9", "unclear"),
        ("tomorrow", "clock"),
        ("下周二", "clock"),
        ("today 9:00", "past"),
        ("今天上午9点", "past"),
        ("20 Nov 9:00", "past"),
        ("2025-11-27 19:30", "past"),
        ("2028-01-01 9:00", "far"),
        ("31 Nov 9:00", "unclear"),
        ("tomorrow 25:00", "unclear"),
        ("tomorrow 9:75", "unclear"),
        ("上午19点", "unclear"),
        ("Friday 26 Nov 9:00", "unclear"),
        ("tomorrow 9:00 or 10:00", "unclear"),
        ("tomorrow 9:00 please", "unclear"),
        ("明天上午9点和下午3点", "unclear"),
    ],
)
def test_what_cannot_be_read_or_used_says_why(words: str, why: str) -> None:
    with pytest.raises(MomentUnfit) as refused:
        local(words)
    assert refused.value.why == why


def test_a_time_that_the_clocks_skip_does_not_exist_and_one_that_comes_twice_is_the_first() -> None:
    now = datetime(2027, 3, 10, tzinfo=UTC)
    with pytest.raises(MomentUnfit) as refused:
        read("14 Mar 2:30", now=now, zone="America/New_York")
    assert refused.value.why == "skipped"
    twice = read("1 Nov 1:30", now=datetime(2026, 10, 30, tzinfo=UTC), zone="America/New_York")
    assert twice == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_a_leap_day_is_found_in_the_year_that_has_one() -> None:
    now = datetime(2027, 12, 1, tzinfo=UTC)
    assert read("29 Feb 9:00", now=now, zone="UTC") == datetime(2028, 2, 29, 9, tzinfo=UTC)


@given(
    minutes=st.integers(1, 59 * 24 * 60),
    language=st.sampled_from(LANGUAGES),
    zone=st.sampled_from(["Asia/Shanghai", "Asia/Taipei", "UTC"]),
)
def test_what_the_bot_writes_itself_is_read_back(minutes: int, language: Language, zone: str) -> None:
    moment = NOON.astimezone(UTC) + timedelta(minutes=minutes)
    assert read(Translator(language, zone=zone).when(moment), now=NOON, zone=zone) == moment


@given(st.text("0123456789:-/.今明后天下周一二日上午晚点半月号 amptowxnedhurs", max_size=25))
def test_any_words_are_a_moment_ahead_or_refused(words: str) -> None:
    try:
        moment = read(words, now=NOON, zone="Europe/Berlin")
    except MomentUnfit:
        return
    assert NOON < moment <= NOON + HORIZON

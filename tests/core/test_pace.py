"""The pace: Telegram's limits hold in every window, and nobody waits longer than that."""

from __future__ import annotations

from bisect import bisect_left

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.courier._pace import PRIVATE_BURST, Pace

DOUBT = 0.0101
TICK = 1 / 16  # times are sums of sixteenths, which floats hold exactly


class Stopwatch:
    """Monotonic seconds that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def go(pace: Pace, chat: int, method: str = "sendMessage", messages: int = 1) -> None:
    """Send something that is answered in no time."""
    departure = pace.took(chat, method, messages)
    pace.leaves(departure)
    pace.answered(departure)


def most_within(times: list[float], window: float) -> int:
    """The most of these times, which ascend, in any half-open window of that many seconds."""
    return max((bisect_left(times, start + window) - place for place, start in enumerate(times)), default=0)


chats = st.sampled_from([101, 102, -201, -202])
steps = st.lists(st.tuples(chats, st.integers(0, 40)), min_size=40, max_size=150)


@settings(max_examples=25, deadline=None)
@given(steps, st.sampled_from([30.0, 5.0, 1.0, 0.5, 2.7]))
def test_no_window_ever_holds_more_than_telegram_allows(attempts: list[tuple[int, int]], rate: float) -> None:
    clock = Stopwatch()
    pace = Pace(rate, clock)
    sent: dict[int, list[float]] = {101: [], 102: [], -201: [], -202: []}
    for chat, pause in attempts:
        clock.seconds += max(0, pause - 20) * TICK
        if pace.free() and chat not in pace.waiting():
            go(pace, chat, "sendMessage")
            sent[chat].append(clock.seconds)
    everything = sorted(time for times in sent.values() for time in times)
    assert most_within(everything, max(1.0, 1 / rate)) <= max(1, int(rate))
    for chat, times in sent.items():
        if chat < 0:
            assert most_within(times, 60.0) <= 20
        else:
            for window in (1, 2, 5, 20):
                assert most_within(times, window) <= PRIVATE_BURST + window


def test_a_group_gets_twenty_a_minute_and_the_next_when_the_first_is_a_minute_old() -> None:
    clock = Stopwatch()
    pace = Pace(30, clock)
    for _ in range(20):
        assert -1 not in pace.waiting()
        go(pace, -1, "sendMessage")
        clock.seconds += 1
    assert -1 in pace.waiting()
    assert -2 not in pace.waiting()
    assert pace.next_change() == 40.0
    clock.seconds += 39.9
    assert -1 in pace.waiting()
    clock.seconds += 0.1
    assert -1 not in pace.waiting()


def test_a_private_chat_gets_a_short_burst_and_then_one_a_second() -> None:
    clock = Stopwatch()
    pace = Pace(30, clock)
    burst = 0
    while 7 not in pace.waiting():
        go(pace, 7, "sendMessage")
        burst += 1
    assert burst == PRIVATE_BURST
    for _ in range(5):
        clock.seconds += 0.875
        assert pace.waiting() == {7}
        assert pace.next_change() == pytest.approx(0.125)
        clock.seconds += 0.125
        assert 7 not in pace.waiting()
        go(pace, 7, "sendMessage")
        assert 7 in pace.waiting()


def test_thirty_a_second_overall() -> None:
    clock = Stopwatch()
    pace = Pace(30, clock)
    for person in range(1, 31):
        assert pace.free() == 31 - person
        go(pace, person, "sendMessage")
    assert pace.free() == 0
    assert pace.next_change() == 1.0
    clock.seconds += 1
    assert pace.free() == 30


def test_less_than_one_a_second_is_kept_too() -> None:
    clock = Stopwatch()
    pace = Pace(0.25, clock)
    go(pace, 1, "sendMessage")
    clock.seconds += 3.9
    assert pace.free() == 0
    clock.seconds += 0.1
    assert pace.free() == 1


def test_r19_a_pause_holds_one_chat_and_a_shorter_one_does_not_end_it() -> None:
    clock = Stopwatch()
    pace = Pace(30, clock)
    pace.pause(1, 5)
    pace.pause(1, 2)
    assert pace.waiting() == {1}
    assert pace.next_change() == 5.0
    clock.seconds += 4.9
    assert pace.waiting() == {1}
    clock.seconds += 0.1
    assert pace.waiting() == set()
    assert pace.next_change() is None


def test_s04_a_pause_of_the_bulk_leaves_people_alone_and_nothing_ends_it_early() -> None:
    clock = Stopwatch()
    pace = Pace(30, clock)
    out = pace.took(5, "sendMessage")
    pace.leaves(out)
    pace.pause_bulk(5)
    pace.pause_bulk(1)
    pace.answered(out)  # as well as can be, while the pause lasts
    assert (pace.free_for_bulk(), pace.free(), pace.waiting()) == (0, 29, set())
    clock.seconds += 1
    go(pace, 6)
    assert pace.next_change() == 4.0
    clock.seconds += 3.9
    assert pace.free_for_bulk() == 0
    clock.seconds += 0.1
    assert pace.free_for_bulk() == 3


def test_notices_go_in_an_even_rhythm_so_that_a_reply_finds_a_place_within_a_tenth_of_a_second() -> None:
    clock = Stopwatch()
    pace = Pace(30, clock)
    sent: list[float] = []
    for _ in range(10 * 64):  # ten seconds
        for _ in range(pace.free_for_bulk()):
            go(pace, len(sent) + 1)
            sent.append(clock.seconds)
        if pace.free() == 0:
            change = pace.next_change()
            assert change is not None
            assert change <= 0.11
        clock.seconds += 1 / 64
    assert 295 <= len(sent) <= 303
    assert most_within(sent, 1.0) <= 30
    assert most_within(sent, 0.1) <= 6


def test_replies_take_what_they_need_and_notices_the_rest() -> None:
    clock = Stopwatch()
    pace = Pace(30, clock)
    replies = notices = 0
    for step in range(5 * 64):
        if step % 8 == 0:  # eight people a second
            assert pace.free() > 0 or (pace.next_change() or 1) <= 0.11
            if pace.free():
                go(pace, 10_000 + step)
                replies += 1
        for _ in range(pace.free_for_bulk()):
            go(pace, notices + 1)
            notices += 1
        clock.seconds += 1 / 64
    assert replies >= 38
    assert replies + notices >= 145


def test_a_person_gets_a_notice_only_when_a_reply_would_still_find_its_way() -> None:
    clock = Stopwatch()
    pace = Pace(30, clock)
    go(pace, 7)
    assert pace.waiting_for_bulk() == set()
    go(pace, 7)
    assert pace.waiting_for_bulk() == {7}
    assert pace.waiting() == set()
    assert pace.next_change() == 1.0
    clock.seconds += 1
    assert pace.waiting_for_bulk() == set()


def test_a_place_is_free_again_when_telegram_cannot_see_it_otherwise() -> None:
    clock = Stopwatch()
    pace = Pace(1, clock)
    usual = pace.took(1, "sendMessage")
    pace.leaves(usual)
    clock.seconds += 0.25
    pace.answered(usual)  # the quickest answer: it tells nothing of delays on the way there
    clock.seconds += 0.75 + DOUBT
    assert pace.free() == 1
    slow = pace.took(2, "sendMessage")
    pace.leaves(slow)
    clock.seconds += 0.75
    pace.answered(slow)  # it may have got there half a second later than the first did
    clock.seconds += 0.5
    assert pace.free() == 0
    assert pace.next_change() == pytest.approx(0.25 + DOUBT, abs=0.001)
    clock.seconds += 0.25 + DOUBT
    assert pace.free() == 1


def test_a_message_without_an_answer_holds_its_place_for_two_seconds_and_one_that_is_made_ready_as_long_as_that_takes() -> (
    None
):
    clock = Stopwatch()
    pace = Pace(1, clock)
    lost = pace.took(1, "sendPhoto")
    clock.seconds += 100
    assert pace.free() == 0
    pace.leaves(lost)
    clock.seconds += 1.75
    assert pace.free() == 0
    assert pace.next_change() == 0.25
    clock.seconds += 0.25
    assert pace.free() == 1


def test_what_never_left_takes_no_place() -> None:
    pace = Pace(1, Stopwatch())
    pace.answered(pace.took(1, "sendPhoto"))
    assert pace.free() == 1


def test_what_shows_nothing_new_does_not_count_for_its_chat() -> None:
    pace = Pace(30, Stopwatch())
    for _ in range(30):
        go(pace, -1, "setMessageReaction")
        go(pace, 1, "answerCallbackQuery")
    assert pace.waiting() == set()
    assert pace.free() == 0


def test_where_more_is_allowed_each_chat_may_get_more_in_proportion() -> None:
    clock = Stopwatch()
    pace = Pace(300, clock)
    for _ in range(10 * PRIVATE_BURST):
        assert 7 not in pace.waiting()
        go(pace, 7)
    assert pace.waiting() == {7}
    clock.seconds += 0.1
    assert pace.waiting() == set()
    for _ in range(200):
        assert -1 not in pace.waiting()
        go(pace, -1)
    assert -1 in pace.waiting()


def test_a_server_of_ones_own_has_no_limits_per_chat() -> None:
    pace = Pace(100, Stopwatch(), per_chat=False)
    for _ in range(50):
        go(pace, -1, "sendMessage")
        go(pace, 1, "sendMessage")
    assert pace.waiting() == set()
    assert pace.free() == 0


@settings(max_examples=15, deadline=None)
@given(steps)
def test_whoever_waits_may_go_after_the_time_that_is_named(attempts: list[tuple[int, int]]) -> None:
    clock = Stopwatch()
    pace = Pace(5, clock)
    for chat, _pause in attempts[:60]:
        waited = 0.0
        while not pace.free() or chat in pace.waiting():
            pause = pace.next_change()
            assert pause is not None
            waited += pause
            clock.seconds += pause
        assert waited <= 61
        go(pace, chat, "sendMessage")

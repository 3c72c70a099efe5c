"""Callback data: typed, and never over Telegram's 64 bytes."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Outdated
from handlers._kit import Tap


@dataclass(frozen=True)
class Book(Tap, prefix="consultations.book"):
    slot: int
    day: str
    waiting: bool


@dataclass(frozen=True)
class Look(Tap, prefix="consultations.look"):
    pass


@dataclass(frozen=True)
class Move(Tap, prefix="consultations.move"):
    slot: int
    day: str
    waiting: bool


@given(st.integers(), st.text(max_size=40), st.booleans())
def test_a_tap_comes_back_as_it_was_or_is_refused_when_it_is_made(slot: int, day: str, waiting: bool) -> None:
    tap = Book(slot, day, waiting)
    try:
        data = tap.pack()
    except ValueError:
        too_long = len(f"consultations.book:{slot}:{day}:{int(waiting)}".encode("utf-8", "surrogatepass")) > 64
        assert too_long or ":" in day or any("\ud800" <= c <= "\udfff" for c in day)
        return
    assert 1 <= len(data.encode()) <= 64
    assert data.split(":")[0] == "consultations.book"
    assert Book.unpack(data) == tap


def test_sixty_four_bytes_fit_and_one_more_does_not() -> None:
    room = 64 - len("consultations.book:1::0")
    assert len(Book(1, "x" * room, False).pack().encode()) == 64
    with pytest.raises(ValueError, match="64 bytes"):
        Book(1, "x" * (room + 1), False).pack()


def test_chinese_is_counted_in_bytes() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        Book(1, "星期一" * 6, False).pack()


def test_a_value_with_a_colon_is_refused_since_it_could_not_be_read_back() -> None:
    with pytest.raises(ValueError, match="colon"):
        Book(1, "12:30", False).pack()


def test_a_tap_without_values_is_its_prefix() -> None:
    assert Look().pack() == "consultations.look"
    assert Look.unpack("consultations.look") == Look()


@pytest.mark.parametrize(
    "data",
    [
        "consultations.book",
        "consultations.book:1:monday",
        "consultations.book:1:monday:0:more",
        "consultations.book:one:monday:0",
        "consultations.book::monday:0",
        "consultations.book:1:monday:yes",
        "consultations.book:1:monday:2",
        "consultations.move:1:monday:0",
        "",
    ],
)
def test_what_an_older_version_left_on_a_screen_is_outdated(data: str) -> None:
    with pytest.raises(Outdated):
        Book.unpack(data)


@given(st.text(max_size=64))
def test_whatever_a_button_sends_is_read_or_outdated(data: str) -> None:
    try:
        Book.unpack(data)
    except Outdated:
        return
    assert data.startswith("consultations.book:")

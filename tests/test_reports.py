"""Reports: what was asked and what became of it, in words and in a picture; the gaps; by itself each month."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import pictures
from bot.apart import Undrawable
from bot.features import faq, reports
from bot.features.questions import Question
from bot.knowledge import Knowledge
from bot.pictures import Chart, Panel
from bot.sandbox.world import Post
from bot.search import build
from tests.conftest import SetClock
from tests.test_questions import UNKNOWN, passed_on
from tests.town import Seat, Town

FIRST = "How do we find our first peer supporter?"
PNG = b"\x89PNG"


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What would be drawn: the drawing itself has tests of its own."""
    asked: list[dict[str, Any]] = []

    def draw(wanted: dict[str, Any]) -> bytes:
        asked.append(wanted)
        return PNG + b"\r\n\x1a\n" + b"\0" * 8 + struct.pack(">II", 640, 480)

    monkeypatch.setattr(pictures, "draw", draw)
    return asked


def photos(seat: Seat) -> list[Post]:
    """The pictures in a chat."""
    return [post for post in seat.posts if "photo" in post.message]


def a_month(town: Town, clock: SetClock) -> Seat:
    """One question that the FAQ answered, one that an expert answered after three hours, one that waits."""
    asker = town.private(town.trainee)
    asker.says(FIRST)
    passed_on(town)
    clock.moves(hours=3)
    town.topic(town.consultant, "Q1").replies(UNKNOWN, "No.")
    asker.taps("Solved")
    with town.database.transaction() as db:
        question = db.get(Question, 1)
        assert question is not None
        question.rating, question.category = 4, "sustainability"
    passed_on(town, town.private(town.other_trainee), text=UNKNOWN.replace("Lhasa", "Paris"), how="傳送",
              ask="Ask an expert")  # fmt: skip
    return asker


def test_a_report_has_the_faq_and_the_desk_in_words_and_a_picture(
    town: Town, clock: SetClock, drawn: list[dict[str, Any]]
) -> None:
    a_month(town, clock)
    organizer = town.private(town.organizer)
    organizer.says("/report")
    told = organizer.sees("The last 30 days").text
    for words in ("3 questions asked", "passed on: 2 · answered: 1 · solved: 1", "half within 3 hours, nine in ten within 3"):
        assert words in told
    assert "rating: 4 of 5, from 1 askers" in told
    assert "English 3" in told
    (picture,) = photos(organizer)
    assert picture.id > organizer.message("The last 30 days").id, "the words do not wait for the picture"
    (wanted,) = drawn
    became = dict(wanted["chart"]["panels"][0]["bars"])
    assert became == {
        "asked": 3, "answered by the FAQ": 1, "passed on to experts": 2, "answered by experts": 1, "solved by experts": 1,
    }  # fmt: skip


def test_without_any_question_there_is_no_picture(town: Town, drawn: list[dict[str, Any]]) -> None:
    organizer = town.private(town.organizer)
    organizer.says("/report")
    organizer.sees("Nobody has asked anything")
    assert drawn == []


def test_on_the_first_of_the_month_at_nine_each_organizer_gets_the_month_before_once(
    town: Town, clock: SetClock, drawn: list[dict[str, Any]]
) -> None:
    a_month(town, clock)
    organizer = town.private(town.organizer)
    clock.now = datetime(2026, 12, 1, 0, 59, tzinfo=UTC)  # 8:59 in Beijing
    town.settle()
    organizer.sees_nothing_of("November 2026")
    clock.moves(minutes=11)
    for _ in range(3):
        town.settle()
        clock.moves(minutes=30)
    assert len([text for text in organizer.texts if "November 2026" in text]) == 1
    assert len(photos(organizer)) == 1
    organizer.sees("3 questions asked")
    town.private(town.consultant).sees_nothing_of("11月")
    clock.now = datetime(2027, 1, 1, 2, 0, tzinfo=UTC)
    town.settle()
    organizer.sees_nothing_of("December 2026")


def test_a_report_that_was_missed_comes_within_three_days_and_not_later(
    town: Town, clock: SetClock, drawn: list[dict[str, Any]]
) -> None:
    a_month(town, clock)
    organizer = town.private(town.organizer)
    clock.now = datetime(2026, 12, 3, 20, 0, tzinfo=UTC)  # the fourth in Beijing
    town.settle()
    organizer.sees_nothing_of("November 2026")
    clock.now = datetime(2026, 12, 2, 20, 0, tzinfo=UTC)
    clock.moves(minutes=0)
    town.restarts()
    organizer.sees("November 2026")


def test_a_picture_that_cannot_be_drawn_holds_nothing_up(
    town: Town, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_wanted: dict[str, Any]) -> bytes:
        raise Undrawable("no matplotlib")

    monkeypatch.setattr(pictures, "draw", broken)
    a_month(town, clock)
    organizer = town.private(town.organizer)
    organizer.says("/report")
    organizer.sees("The last 30 days")
    organizer.says("/help")
    assert photos(organizer) == []
    assert "Just write your question" in organizer.last.text


def test_gaps_count_one_question_in_many_words_and_languages_once_and_name_nobody(town: Town) -> None:
    for person, words in (
        (town.trainee, UNKNOWN),
        (town.trainee, "May our union pay plane tickets for club members?"),
        (town.other_trainee, "工會經費可以支付病友的機票嗎"),
        (town.other_trainee, "Does the app work on Huawei phones?"),
    ):
        town.private(person).says(f"/ask {words}")
    with town.database.transaction() as db:
        faq.reword(db, 1, text=f"{UNKNOWN} Phone 13800138000", entities=None)
    organizer = town.private(town.organizer)
    organizer.says("/report")
    organizer.taps("Gaps")
    told = organizer.sees("What the FAQ lacks").text
    assert "3×" in told
    assert "1×" in told
    assert "Huawei" in told
    assert "13800138000" not in told
    assert "Li Wei" not in told


def test_a_question_that_went_to_the_experts_weighs_twice(town: Town) -> None:
    passed_on(town)
    organizer = town.private(town.organizer)
    organizer.says("/report")
    organizer.taps("Gaps")
    assert "2×" in organizer.sees("What the FAQ lacks").text


def test_what_the_faq_answered_is_no_gap(town: Town) -> None:
    town.private(town.trainee).says(FIRST)
    organizer = town.private(town.organizer)
    organizer.says("/report")
    organizer.taps("Gaps")
    organizer.sees("The FAQ had an answer to everything")


def test_without_the_models_letters_find_the_groups(knowledge: Knowledge) -> None:
    matcher = build(knowledge.library.corpus(), semantic=False)
    lines = [
        ("Which insurance covers volunteers on home visits?", "en"),
        ("Which insurance covers our volunteers on a home visit?", "en"),
        ("Does the app work on Huawei phones?", "en"),
    ]
    assert matcher.alike(lines) == [[0, 1], [2]]
    assert matcher.alike([]) == []


@given(st.lists(st.integers(0, 10_000), max_size=40), st.floats(0.01, 1.0))
def test_a_quantile_is_one_of_the_waits_and_enough_of_them_are_no_longer(minutes: list[int], share: float) -> None:
    waits = [timedelta(minutes=each) for each in minutes]
    found = reports.quantile(waits, share)
    if not waits:
        assert found is None
        return
    assert found in waits
    assert sum(wait <= found for wait in waits) >= len(waits) * share - 0.01


CHART = Chart("2026年10月", "评分：4.6", (Panel("提问情况", (("提问", 3), ("已解决", 1))), Panel("空", ())))
PLAIN = Chart("October 2026", "", (Panel("Questions", (("asked", 3),)),))


def test_a_chart_is_drawn_by_another_process_which_leaves_no_matplotlib_here() -> None:
    picture = pictures.draw(pictures.as_json(CHART, PLAIN))
    assert picture.startswith(PNG)
    width, height = struct.unpack(">II", picture[16:24])
    assert width == 960
    assert 300 < height < 900
    assert "matplotlib" not in sys.modules


def test_a_chart_that_makes_no_sense_is_refused_with_the_reason() -> None:
    with pytest.raises(Undrawable, match="panels"):
        pictures.draw({"chart": {"title": "x", "note": ""}, "plain": {}})


def test_without_a_chinese_font_the_labels_are_english_and_it_says_so() -> None:
    without = (
        "import runpy, sys, matplotlib.font_manager as f\n"
        "f.fontManager.ttflist = [e for e in f.fontManager.ttflist if 'DejaVu' in e.name]\n"
        "runpy.run_path(sys.argv[1], run_name='__main__')\n"
    )
    script = Path(pictures.__file__).with_name("_drawing.py")
    for wanted, said in ((pictures.as_json(CHART, PLAIN), pictures.NO_FONT), (pictures.as_json(PLAIN, PLAIN), "")):
        done = subprocess.run(
            [sys.executable, "-c", without, str(script)], input=json.dumps(wanted).encode(), capture_output=True, check=True
        )
        assert done.stdout.startswith(PNG)
        assert done.stderr.decode().strip() == said

"""The knowledge stays fresh: edited files and new questions to the experts count without a restart."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.db import Database
from bot.features import faq
from bot.knowledge import Keeper, Knowledge
from bot.settings import Settings, shipped
from tests.conftest import SetClock

ENTRY = """
category: own
title: {{en: Our own, zh: 我们自己的}}
entries:
  - id: own.parking
    en:
      question: Where can visitors of our hospital park?
      answer: {answer}
      variants: [parking for visitors, where do I leave the car at the hospital]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community's own content, with one entry."""
    made = tmp_path / "own" / "faq"
    made.mkdir(parents=True)
    (made / "own.yaml").write_text(ENTRY.format(answer="Behind the old gate."), encoding="utf-8")
    return made.parent


@pytest.fixture
def monotonic() -> SetClock:
    """A clock for the pauses between two looks."""
    return SetClock()


@pytest.fixture
def keeper(sqlite: Database, folder: Path, knowledge: Knowledge, monotonic: SetClock) -> Keeper:
    """A keeper that began with the shipped content alone and now looks at the own folder as well."""
    made = Keeper(Settings(), sqlite, knowledge, lambda: monotonic().timestamp())
    made._settings = Settings(data=folder)
    monotonic.moves(seconds=2)
    made.refresh()
    return made


def test_a_new_entry_answers_at_once(keeper: Keeper) -> None:
    found = keeper.current().match("Where can visitors of our hospital park?", None)
    assert (found.decision, found.hits[0].id) == ("answer", "own.parking")


def test_an_edited_answer_is_shown_at_the_next_look(keeper: Keeper, folder: Path, monotonic: SetClock) -> None:
    (folder / "faq" / "own.yaml").write_text(ENTRY.format(answer="In the new garage under the park."), encoding="utf-8")
    monotonic.moves(seconds=2)
    keeper.refresh()
    assert "garage" in keeper.current().library.wording("own.parking", "en").answer


def test_a_broken_edit_is_logged_and_the_old_content_stays(
    keeper: Keeper, folder: Path, monotonic: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    before = keeper.current()
    (folder / "faq" / "own.yaml").write_text("category: own\n", encoding="utf-8")
    monotonic.moves(seconds=2)
    with caplog.at_level(logging.ERROR):
        keeper.refresh()
    assert keeper.current() is before
    assert "own.yaml" in caplog.text


def test_what_the_experts_were_asked_joins_the_bank_without_what_identifies(sqlite: Database, clock: SetClock) -> None:
    with sqlite.transaction() as db:
        faq.remember_for_experts(db, "May Mrs Wang (13812345678, a@b.cn) join our walk?", "en", now=clock())
    with sqlite.reading() as db:
        line = faq.bank(db)[0]
    assert "13812345678" not in line.text
    assert "a@b.cn" not in line.text
    assert "Wang" not in line.text
    assert "join our walk" in line.text


def test_nothing_changed_means_nothing_is_made_anew(keeper: Keeper, monotonic: SetClock) -> None:
    before = keeper.current()
    monotonic.moves(seconds=5)
    keeper.refresh()
    assert keeper.current() is before


def test_an_edited_ladder_counts_at_the_next_look_and_a_broken_one_does_not(
    keeper: Keeper, folder: Path, monotonic: SetClock
) -> None:
    text = (shipped("data") / "wins" / "ladder.yaml").read_text("utf-8")
    (folder / "wins").mkdir()
    for old, new in (("Make the safety card", "Write the safety card"), ("stage: 3-prepare", "stage: 3-prepar")):
        text = text.replace(old, new)
        (folder / "wins" / "ladder.yaml").write_text(text, encoding="utf-8")
        monotonic.moves(seconds=2)
        keeper.refresh()
        assert keeper.current().ladder.by_id["sw-09-safety-card"].title.en == "Write the safety card"

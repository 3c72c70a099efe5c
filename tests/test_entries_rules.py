"""The rules of entries that stay, on both databases; and the two languages of an entry."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from sqlmodel import Session
from typer.testing import CliRunner

from bot.cli import app
from bot.db import Database
from bot.errors import ContentInvalid, Outdated, OwnWords, TextTooLong, Unclear
from bot.features import entries, people
from bot.features.entries import State, Version
from bot.features.faq import content, pairing
from bot.features.faq.content import WrittenWording
from bot.features.faq.overlay import Overlay, overlaid
from bot.features.people import Member, Role
from bot.knowledge import Knowledge
from handlers.entries._showing import difference
from tests.conftest import SetClock

CLI = CliRunner()
FILE = """
category: own
title: {{en: Our own, zh: 我们自己的}}
entries:
  - id: own.parking
    en: {{question: Where can visitors park?, answer: {english}}}
    zh: {{question: 访客在哪里停车？, answer: {chinese}}}
"""


def somebody(db: Session, name: str, clock: SetClock, role: Role = Role.CONSULTANT) -> Member:
    """A member with a role, who started the bot."""
    member = people.meet(
        db, telegram_id=sum(map(ord, name)), name=name, language_code="en", default="en", timezone="UTC", now=clock()
    )
    people.start(member, now=clock())
    member.role = role
    return member


def written(db: Session, by: Member, clock: SetClock, *, language: str = "en", entry_id: str = "own.q1") -> Version:
    """A complete draft."""
    return entries.draft(
        db, by=by, entry_id=entry_id, language=language, question="Where?", answer="There.", now=clock()
    )


def publish(
    db: Session, by: Member, second: Member, clock: SetClock, *, language: str = "en", substantial: bool = True,
    in_file: tuple[str, ...] = (),
) -> Version:
    """A version that went all the way."""
    version = written(db, by, clock, language=language)
    entries.submit(version, by=by, substantial=substantial, now=clock())
    entries.approve(db, version, by=second, in_file=in_file, now=clock())
    return version


def test_a_version_goes_from_draft_to_published_and_is_replaced_by_the_next(database: Database, clock: SetClock) -> None:
    with database.transaction() as db:
        li, wang = somebody(db, "Li", clock), somebody(db, "Wang", clock)
        before = entries.stamp(db)
        first = publish(db, li, wang, clock)
        assert entries.stamp(db) == before + 1
        second = publish(db, wang, li, clock)
        assert (first.state, second.state) == (State.REPLACED, State.PUBLISHED)
        assert entries.all_published(db) == [second]
        entries.retract(second, by=li, now=clock())
        assert entries.stamp(db) == before + 3
        assert entries.all_published(db) == []


def test_only_somebody_who_did_not_write_it_approves(database: Database, clock: SetClock) -> None:
    with database.transaction() as db:
        li, wang, chen = (somebody(db, name, clock) for name in ("Li", "Wang", "Chen"))
        version = written(db, li, clock)
        entries.write(version, "answer", "Over there.", by=wang)
        entries.submit(version, by=li, substantial=False, now=clock())
        for one in (li, wang):
            with pytest.raises(OwnWords):
                entries.approve(db, version, by=one, in_file=(), now=clock())
        entries.approve(db, version, by=chen, in_file=(), now=clock())
        with pytest.raises(Outdated):
            entries.approve(db, version, by=chen, in_file=(), now=clock())


def test_what_waits_cannot_be_edited_and_what_is_incomplete_cannot_be_submitted(
    database: Database, clock: SetClock
) -> None:
    with database.transaction() as db:
        li = somebody(db, "Li", clock)
        version = entries.draft(db, by=li, entry_id="own.q1", language="en", now=clock())
        with pytest.raises(Unclear):
            entries.submit(version, by=li, substantial=False, now=clock())
        with pytest.raises(TextTooLong):
            entries.write(version, "answer", "x" * 1001, by=li)
        with pytest.raises(Outdated):
            entries.write(version, "state", "published", by=li)
        entries.write(version, "question", "Where?", by=li)
        entries.write(version, "answer", "There.", by=li)
        entries.write(version, "points", "- one\n\n• two\n- one", by=li)
        assert version.points == ["one", "two"]
        entries.submit(version, by=li, substantial=False, now=clock())
        with pytest.raises(Outdated):
            entries.write(version, "answer", "Elsewhere.", by=li)


def test_an_id_never_clashes_with_a_file_or_another_version(database: Database, clock: SetClock) -> None:
    with database.transaction() as db:
        li = somebody(db, "Li", clock)
        assert entries.new_id(db, category="own", stem="q1", taken=()) == "own.q1"
        assert entries.new_id(db, category="own", stem="q1", taken=("own.q1",)) == "own.q1-2"
        written(db, li, clock)
        assert entries.new_id(db, category="own", stem="q1", taken=("own.q1-2",)) == "own.q1-3"
        assert written(db, li, clock).id == written(db, li, clock).id


def test_a_change_in_substance_marks_the_other_language_until_it_follows(database: Database, clock: SetClock) -> None:
    with database.transaction() as db:
        li, wang = somebody(db, "Li", clock), somebody(db, "Wang", clock)
        english = publish(db, li, wang, clock)
        chinese = publish(db, li, wang, clock, language="zh")
        assert not english.to_check
        assert not chinese.to_check
        changed = publish(db, li, wang, clock, substantial=False)
        assert entries.to_check(db) == []
        changed = publish(db, li, wang, clock)
        assert entries.to_check(db) == [changed]
        publish(db, li, wang, clock, language="zh")
        assert entries.to_check(db) == []
        override = publish(db, li, wang, clock, in_file=("en", "zh"))
        assert entries.to_check(db) == [override]
        entries.agrees(override)
        assert entries.to_check(db) == []


def test_each_reader_is_found_once_for_each_change(database: Database, clock: SetClock) -> None:
    with database.transaction() as db:
        li, wang = somebody(db, "Li", clock), somebody(db, "Wang", clock)
        entries.give(db, li, "own.q1", language="en", lines=["There."], now=clock())
        entries.give(db, wang, "own.q1", language="zh", lines=["那里。"], now=clock())
        found = entries.overtake(db, "own.q1", language="en", lines=["Here."], now=clock())
        assert [(reader.member.id, reader.lines) for reader in found] == [(li.id, ["There."])]
        assert entries.overtake(db, "own.q1", language="en", lines=["Here."], now=clock()) == []
        clock.moves(days=91)
        assert entries.overtake(db, "own.q1", language="zh", lines=["这里。"], now=clock()) == []
        entries.prune(db, now=clock())
        assert entries.given_to(db, li) == []
        assert entries.text_of(db, entries.digest(["There."])) is None


def test_past_its_day_it_is_brought_up_once_a_week(database: Database, clock: SetClock) -> None:
    with database.transaction() as db:
        li, wang = somebody(db, "Li", clock), somebody(db, "Wang", clock)
        version = publish(db, li, wang, clock)
        clock.moves(days=364)
        assert not entries.is_past_review(db, "own.q1", now=clock())
        clock.moves(days=2)
        assert entries.is_past_review(db, "own.q1", now=clock())
        assert entries.to_remind(db, now=clock()) == [version]
        clock.moves(days=6)
        assert entries.to_remind(db, now=clock()) == []
        clock.moves(days=1)
        assert entries.to_remind(db, now=clock()) == [version]
        assert entries.still_right(db, "own.q1", now=clock()) == clock() + timedelta(days=365)
        assert not entries.is_past_review(db, "own.q1", now=clock())


def test_whoever_is_forgotten_leaves_no_name_and_no_draft(database: Database, clock: SetClock) -> None:
    with database.transaction() as db:
        li, wang = somebody(db, "Li", clock), somebody(db, "Wang", clock)
        published = publish(db, li, wang, clock)
        written(db, li, clock, language="zh")
        entries.give(db, li, "own.q1", language="en", lines=["There."], now=clock())
        entries.forget(db, li)
        people.forget(db, li)
        db.flush()
        db.refresh(published)
        assert (published.author_id, published.owner_id, published.hands) == (None, None, [])
        assert entries.in_state(db, State.DRAFT) == []


def test_a_published_wording_stands_in_for_the_files_and_safety_texts_stay(knowledge: Knowledge) -> None:
    files = knowledge.files
    new = WrittenWording(question="Why one?", answer="Because.")
    changed = overlaid(
        files,
        [
            Overlay("concepts.small-wins", "zh", new, ("pfp-manage", "unknown")),
            Overlay("concepts.q7", "en", new),
            Overlay("using-this-bot.medication-dose-questions", "en", new),
            Overlay("gone.q1", "en", new),
        ],
    )
    entry = changed.entries["concepts.small-wins"]
    assert (entry.zh, entry.zh_hant, entry.en) == (new, None, files.entries["concepts.small-wins"].en)
    assert entry.sources == ("pfp-manage",)
    assert changed.wording("concepts.q7", "zh_Hant").lang == "en"
    assert changed.entries["using-this-bot.medication-dose-questions"].en != new
    assert "gone.q1" not in changed.entries


@pytest.mark.parametrize(
    ("text", "dangerous"),
    [
        ("Give 500mg in the morning", True),
        ("胰岛素打4个单位", True),
        ("Take two of your insulin: 6 units", True),
        ("一共有3个单位参加了培训", False),
        ("Call the foundation of your city", False),
        ("Talk for 10 minutes with each of 3 patients", False),
    ],
)
def test_amounts_of_medicines_are_known_from_other_numbers(knowledge: Knowledge, text: str, dangerous: bool) -> None:
    assert knowledge.dangerous(text) is dangerous


LINES = st.lists(st.text(max_size=400), max_size=12)


@given(LINES, LINES)
def test_a_difference_is_short_and_empty_only_where_nothing_differs(old: list[str], new: list[str]) -> None:
    shown = difference(old, new, "en")
    assert len(Markup(shown).striptags()) < 6 * 2 * 320
    if [line for line in old if line] == [line for line in new if line] and old == new:
        assert shown == ""


def test_a_long_line_is_shown_around_its_change() -> None:
    line = "word " * 100
    shown = difference([line + "two" + line], [line + "three" + line], "en")
    assert "three" in shown
    assert "<s>" in shown
    assert len(shown) < 600


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A community's own content, whose languages were checked."""
    made = tmp_path / "own"
    (made / "faq").mkdir(parents=True)
    (made / "faq/own.yaml").write_text(FILE.format(english="Behind.", chinese="后面。"), encoding="utf-8")
    monkeypatch.setenv("SMALLWINS_DATA", str(made))
    result = CLI.invoke(app, ["faq", "checked", "own.parking"])
    assert "1 recorded" in result.output
    return made


def test_check_names_the_entry_whose_other_language_is_to_be_checked_and_says_ok(folder: Path) -> None:
    assert "as they were last checked" in CLI.invoke(app, ["check"]).output
    (folder / "faq/own.yaml").write_text(FILE.format(english="In front.", chinese="后面。"), encoding="utf-8")
    output = CLI.invoke(app, ["check"]).output
    assert "ok   languages: 1 to be checked" in output
    assert "own.yaml:6: English of own.parking was changed; its Chinese is to be checked" in output
    (folder / "faq/own.yaml").write_text(FILE.format(english="In front.", chinese="前面。"), encoding="utf-8")
    assert "as they were last checked" in CLI.invoke(app, ["check"]).output
    CLI.invoke(app, ["faq", "checked"])
    (folder / "faq/own.yaml").write_text(FILE.format(english="In front.", chinese="左面。"), encoding="utf-8")
    assert "Chinese of own.parking was changed; its English" in CLI.invoke(app, ["check"]).output


def test_checked_refuses_what_is_no_entry_and_what_it_cannot_read(folder: Path) -> None:
    library = content.load([folder])
    with pytest.raises(ContentInvalid, match=r"own\.nothing"):
        pairing.record(library, ["own.nothing"], folder)
    (folder / pairing.CHECKED).write_text("[]", encoding="utf-8")
    with pytest.raises(ContentInvalid, match="delete the file"):
        pairing.read([folder])


def test_the_shipped_languages_were_checked_side_by_side(knowledge: Knowledge) -> None:
    from bot.settings import Settings

    pairs = pairing.read(Settings().content_folders)
    assert pairs.keys() == knowledge.files.entries.keys()
    assert pairing.hints(Settings().content_folders) == []

"""Duty: what consultants say about themselves, and whom a question fits best."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from bot.db import Database
from bot.errors import Outdated, Unclear
from bot.features import duty, people
from bot.features.duty import Reason, read_days_off, read_hours
from bot.features.people import Member, Role
from bot.i18n import Language
from tests.conftest import SetClock
from tests.test_questions import passed_on
from tests.town import Town

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def member(
    db: Session, name: str, role: Role = Role.CONSULTANT, language: Language = "en", zone: str = "Asia/Shanghai"
) -> Member:
    made = people.meet(
        db,
        telegram_id=abs(hash(name)) % 10**9,
        name=name,
        language_code=language,
        default=language,
        timezone=zone,
        now=NOON,
    )
    made.role, made.language = role, language
    db.flush()
    return made


def ranked(
    db: Session, *, language: str = "en", category: str | None = "training", now: datetime = NOON, **load: int
) -> list[str]:
    by_name = {m.shown_name: m.id or 0 for m in people.with_role(db, Role.GUEST)}
    found = duty.candidates(
        db, category=category, language=language, load={by_name[name]: n for name, n in load.items()}, now=now
    )
    return [candidate.member.shown_name for candidate in found]


def test_who_knows_the_subject_comes_before_who_takes_everything_and_last_who_knows_other_things(
    database: Database,
) -> None:
    with database.transaction() as db:
        member(db, "All")
        duty.set_categories(db, member(db, "Other"), ["evaluation"])
        duty.set_categories(db, member(db, "Knows"), ["training"])
        assert ranked(db) == ["Knows", "All", "Other"]


def test_the_language_counts_and_one_script_reads_the_other(database: Database) -> None:
    with database.transaction() as db:
        member(db, "Anna")
        member(db, "Min", language="zh_Hans")
        assert ranked(db)[0] == "Anna"
        assert ranked(db, language="zh_Hant")[0] == "Min"


def test_who_is_at_work_comes_before_who_is_not(database: Database) -> None:
    with database.transaction() as db:
        duty.set_hours(db, member(db, "Evening"), {day: [(time(19), time(21))] for day in range(5)})
        member(db, "Day")
        assert ranked(db) == ["Day", "Evening"]
        evening = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
        assert ranked(db, now=evening) == ["Evening", "Day"]


def test_whoever_has_less_to_do_comes_first_and_whoever_is_full_last(database: Database) -> None:
    with database.transaction() as db:
        for name in ("A", "B", "C"):
            duty.set_capacity(db, member(db, name), 3)
        assert ranked(db, A=3, B=1) == ["C", "B", "A"]
        full = duty.candidates(db, category=None, language="en", load={1: 3}, now=NOON)[-1]
        assert full.last_resort
        assert Reason.FULL in full.reasons


def test_whoever_paused_is_left_out_until_then(database: Database) -> None:
    with database.transaction() as db:
        duty.pause(db, member(db, "Away"), until=NOON + timedelta(days=1))
        assert ranked(db) == []
        assert ranked(db, now=NOON + timedelta(days=1)) == ["Away"]


def test_whoever_is_away_for_long_is_asked_after_those_who_are_back_sooner(database: Database) -> None:
    with database.transaction() as db:
        away = member(db, "Away")
        duty.set_categories(db, away, ["training"])
        duty.add_days_off(db, away, [(TODAY, TODAY + timedelta(days=20))], today=TODAY)
        duty.set_categories(db, member(db, "Here"), ["evaluation"])
        assert ranked(db) == ["Here", "Away"]


def test_among_equals_whoever_was_not_offered_anything_for_longest_comes_first(database: Database) -> None:
    with database.transaction() as db:
        first, second = member(db, "First"), member(db, "Second")
        found = duty.candidates(
            db,
            category=None,
            language="en",
            load={},
            now=NOON,
            last_offered={first.id or 0: NOON, second.id or 0: NOON - timedelta(1)},
        )
        assert [c.member.shown_name for c in found] == ["Second", "First"]
        assert ranked(db) == ["First", "Second"]


def test_organizers_count_only_once_they_said_something_and_trainees_never(database: Database) -> None:
    with database.transaction() as db:
        organizer = member(db, "Boss", Role.ORGANIZER)
        duty.set_capacity(db, member(db, "Trainee", Role.TRAINEE), 3)
        assert ranked(db) == []
        duty.set_capacity(db, organizer, 2)
        assert ranked(db) == ["Boss"]


def test_the_region_follows_from_the_time_zone_until_it_is_said(database: Database) -> None:
    with database.transaction() as db:
        taipei = member(db, "T", zone="Asia/Taipei")
        assert duty.region_of(duty.of(db, taipei), taipei) == "TW"
        duty.set_region(db, taipei, duty.NOWHERE)
        assert duty.region_of(duty.of(db, taipei), taipei) is None
        assert duty.region_of_zone("UTC") is None
        with pytest.raises(Outdated):
            duty.set_region(db, taipei, "XX")


def test_what_cannot_be_is_refused(database: Database) -> None:
    with database.transaction() as db:
        one = member(db, "One")
        with pytest.raises(Unclear):
            duty.set_languages(db, one, [])
        with pytest.raises(Unclear):
            duty.set_hours(db, one, {})
        with pytest.raises(Outdated):
            duty.set_capacity(db, one, 0)
        days = [(TODAY + timedelta(days=n), TODAY + timedelta(days=n)) for n in range(duty.DAYS_OFF_LIMIT + 1)]
        with pytest.raises(Unclear):
            duty.add_days_off(db, one, days, today=TODAY)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Mon-Fri 9-12, 14-17", "0-4 09:00-12:00 14:00-17:00"),
        ("monday to friday from 9 to 17", "0-4 09:00-17:00"),
        ("weekdays 9am - 5pm", "0-4 09:00-17:00"),
        ("9-17", "0-4 09:00-17:00"),
        ("2-5pm", "0-4 14:00-17:00"),
        ("Mon: 20-24", "0 20:00-00:00"),
        ("周一至周五 9-17", "0-4 09:00-17:00"),
        ("周一至周五9点到12点半，14：00—17：00", "0-4 09:00-12:30 14:00-17:00"),
        ("每天晚上7点到9点", "0-6 19:00-21:00"),
        ("工作日 上午9点-12点，下午2点-5点", "0-4 09:00-12:00 14:00-17:00"),
        ("周六、周日 10-12", "5-6 10:00-12:00"),
        ("Mon 9-11, 10-12", "0 09:00-12:00"),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, shown: str) -> None:
    read = read_hours(text)
    spans = next(iter(read.values()))
    assert all(found == spans for found in read.values())
    days = f"{min(read)}-{max(read)}" if len(read) > 1 else str(min(read))
    assert f"{days} " + " ".join(f"{a:%H:%M}-{b:%H:%M}" for a, b in spans) == shown


@pytest.mark.parametrize(
    "text", ["", "soon", "Mon-Fri", "9", "17-9", "Mon 25-26", "Mon 9-12 Tue", "9-", "-", "9:75-10"]
)
def test_hours_that_cannot_be_read_are_unclear(text: str) -> None:
    with pytest.raises(Unclear):
        read_hours(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-12-01", (2026, 12, 1), (2026, 12, 1)),
        ("2026-12-01 to 2026-12-07", (2026, 12, 1), (2026, 12, 7)),
        ("2026-12-01-2026-12-07", (2026, 12, 1), (2026, 12, 7)),
        ("10.1-10.7", (2027, 10, 1), (2027, 10, 7)),
        ("12.30-1.3", (2026, 12, 30), (2027, 1, 3)),
        ("1-7 Oct", (2027, 10, 1), (2027, 10, 7)),
        ("Dec 1-7", (2026, 12, 1), (2026, 12, 7)),
        ("28 Nov to 2 December", (2026, 11, 28), (2026, 12, 2)),
        ("10月1日至10月7日", (2027, 10, 1), (2027, 10, 7)),
        ("12月1日-7日", (2026, 12, 1), (2026, 12, 7)),
        ("2026年12月1日", (2026, 12, 1), (2026, 12, 1)),
        ("tomorrow", (2026, 11, 24), (2026, 11, 24)),
        ("明天", (2026, 11, 24), (2026, 11, 24)),
        ("next week", (2026, 11, 30), (2026, 12, 6)),
        ("下周", (2026, 11, 30), (2026, 12, 6)),
        ("11.20-11.25", (2026, 11, 20), (2026, 11, 25)),
    ],
)
def test_days_off_are_read_as_people_write_them(
    text: str, first: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    assert read_days_off(text, today=TODAY) == [(date(*first), date(*last))]


@pytest.mark.parametrize(
    "text", ["", "some day", "30.2", "31.12.", "2020-01-01", "2026-12-07 to 2026-12-01", "1.1-12.30", "5 Foo"]
)
def test_days_that_cannot_be_read_or_make_no_sense_are_unclear(text: str) -> None:
    with pytest.raises(Unclear):
        read_days_off(text, today=TODAY)


@given(st.text(alphabet="MonFri周一至日月 0123456789:-,.;点/ptam", max_size=24))
def test_whatever_is_written_is_read_or_unclear(text: str) -> None:
    for read in (read_hours, lambda words: read_days_off(words, today=TODAY)):
        try:
            found = read(text)
        except Unclear:
            continue
        assert found


@given(st.dates(TODAY, TODAY + timedelta(days=500)), st.integers(0, 100))
def test_written_dates_come_back(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    assert read_days_off(f"{first} - {last}", today=TODAY) == [(first, last)]
    assert read_days_off(f"{first.isoformat()} 到 {last.isoformat()}", today=TODAY) == [(first, last)]


@given(st.lists(st.integers(0, 95), min_size=2, max_size=6, unique=True), st.integers(0, 6))
def test_written_hours_come_back(quarters: list[int], day: int) -> None:
    ordered = [time(q // 4, q % 4 * 15) for q in sorted(quarters)]
    spans = list(zip(ordered[::2], ordered[1::2], strict=False))
    name = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][day]
    assert read_hours(f"{name} " + ", ".join(f"{a:%H:%M}-{b:%H:%M}" for a, b in spans)) == {day: spans}


def test_duty_is_one_screen_that_changes_in_place(town: Town) -> None:
    desk = town.private(town.second_consultant)
    desk.says("/duty")
    desk.sees("Mon–Fri 09:00–17:00 (Asia/Shanghai)")
    desk.sees("Subjects: all")
    before = len(desk.posts)
    desk.taps("Subjects")
    desk.taps("Training")
    desk.taps("Back")
    desk.sees("Subjects: Training")
    desk.taps("Languages")
    desk.taps("繁體中文")
    assert desk.taps("English").text is None
    assert desk.taps("繁體中文").text == "One language has to stay."
    desk.taps("Back")
    desk.taps("How many")
    desk.taps("3")
    desk.taps("Public holidays")
    desk.taps("Taiwan")
    desk.sees("At most 3 open questions; 0 now")
    desk.sees("Languages: 繁體中文")
    desk.sees("Public holidays: Taiwan")
    assert len(desk.posts) == before


def test_hours_are_chosen_or_written_and_what_is_unclear_is_asked_again(town: Town) -> None:
    desk = town.private(town.second_consultant)
    desk.says("/duty")
    desk.taps("Hours")
    desk.taps("Mon–Fri 8–12")
    desk.sees("Mon–Fri 08:00–12:00")
    desk.taps("Hours")
    desk.says("whenever I can")
    desk.sees("I cannot read these hours")
    desk.says("Tue, Thu 19-21; Sat 9-12")
    desk.sees("Tue 19:00–21:00; Thu 19:00–21:00; Sat 09:00–12:00")


def test_days_off_are_written_and_taken_back(town: Town) -> None:
    desk = town.private(town.second_consultant)
    desk.says("/duty")
    desk.taps("Days off")
    desk.says("2026-12-01 to 2026-12-07")
    desk.sees("Days off: Tue, Dec 1 – Mon, Dec 7")
    desk.taps("Days off")
    desk.taps("✕ Tue, Dec 1 – Mon, Dec 7")
    desk.taps("Back")
    desk.sees("Days off: none")


def test_a_pause_ends_by_itself_or_by_a_tap(town: Town, clock: SetClock) -> None:
    desk = town.private(town.second_consultant)
    desk.says("/duty")
    desk.taps("Pause for a week")
    desk.sees("Paused: new questions are not offered to you until Mon, Nov 30")
    desk.taps("Resume")
    desk.sees("New questions that fit are offered to you now.")
    desk.taps("Pause until tomorrow")
    desk.sees("until Tue, Nov 24")
    clock.moves(days=1)
    desk.says("/duty")
    assert "New questions that fit" in desk.last.text


def test_duty_is_for_consultants_only(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says("/duty")
    seat.sees("Only consultants can do this")
    seat.says("/help")
    assert "/duty" not in seat.last.text
    tap = town.world.tap(town.trainee, seat.chat, seat.last.id, "duty.capacity:9", stale=True)
    town.settle()
    assert tap.show_alert


def test_an_organizer_hears_that_questions_come_once_something_is_set(town: Town) -> None:
    desk = town.private(town.organizer)
    desk.says("/duty")
    desk.sees("As an organizer you are offered questions once you have set something here.")
    desk.taps("How many")
    desk.taps("2")
    desk.sees("New questions that fit are offered to you now.")


def test_a_hostile_tap_changes_nothing(town: Town) -> None:
    desk = town.private(town.second_consultant)
    desk.says("/duty")
    for data in (
        "duty.capacity:9999",
        "duty.subject:nonsense",
        "duty.language:fr",
        "duty.region:XX",
        "duty.pause:99",
        "duty.work:x",
    ):
        tap = town.world.tap(town.second_consultant, desk.chat, desk.last.id, data, stale=True)
        town.settle()
        assert tap.show_alert, data
    desk.says("/duty")
    desk.sees("At most 5 open questions")


def test_my_data_shows_the_duty_and_forget_deletes_it(town: Town) -> None:
    desk = town.private(town.second_consultant)
    desk.says("/duty")
    desk.taps("How many")
    desk.taps("3")
    passed_on(town)
    desk.says("/mydata")
    file = next(post for post in reversed(desk.posts) if "document" in post.message)
    stored = town.world.files.find(file.message["document"]["file_id"])
    assert stored is not None
    data = json.loads(stored.content)
    assert data["duty"]["capacity"] == 3
    assert [offer["outcome"] for offer in data["offered"]] == ["open"]
    desk.says("/forget")
    desk.taps("Delete everything")
    with town.database.reading() as db:
        assert not list(db.connection().exec_driver_sql("SELECT * FROM duties"))

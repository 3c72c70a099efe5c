"""The rules of cards: who sees and finds what, how words become values, and weeks that two organizers want at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from bot.db import Database
from bot.errors import CardUnfit, NotYours, Outdated
from bot.features import people, programmes
from bot.features.people import Member, Role
from bot.features.programmes import FIELDS, Answer, Level, Poster, Programme, cities
from bot.features.programmes._fields import read_results, read_since
from tests.conftest import NOON

TODAY = NOON.date()
MONDAY = date(2026, 11, 30)
WORD = {field: f"{field}word" for field in FIELDS if field not in ("workplace", "format", "since", "results", "poster")}


def member(db: Session, number: int, role: Role = Role.TRAINEE) -> Member:
    """Somebody of the community."""
    made = people.meet(
        db, telegram_id=number, name=f"Person {number}", language_code="en", default="en", timezone="UTC", now=NOON
    )
    made.role = role
    return made


def card(db: Session, owner: Member, *, levels: dict[str, Level] | None = None, **said: str) -> Programme:
    """A published card that says something."""
    made = programmes.begin(db, owner, now=NOON)
    for field, text in (said or {"name": "Sugar Friends"}).items():
        programmes.write(db, made, field, text, now=NOON, today=TODAY)
    for field, level in (levels or {}).items():
        programmes.show(db, made, field, level, now=NOON)
    programmes.publish(db, made, now=NOON)
    return made


LEVELS = st.dictionaries(st.sampled_from(sorted(WORD)), st.sampled_from(list(Level)))


@given(LEVELS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_reader_finds_a_card_by_exactly_the_words_that_they_see_on_it(
    sqlite: Database, levels: dict[str, Level]
) -> None:
    with sqlite.transaction() as db:
        readers = [member(db, 1), member(db, 2), member(db, 3, Role.ORGANIZER), member(db, 4, Role.GUEST)]
        one = card(db, readers[0], levels=levels, **WORD)
        for reader in readers:
            seen = programmes.view(one, reader).fields
            for field, word in WORD.items():
                found = programmes.find(db, reader, words=word).views
                assert bool(found) is (field in seen), (field, reader.role)
                assert all(dict(view.fields) == dict(seen) for view in found)
            by_city = programmes.find(db, reader, filters={"city": WORD["city"]}).views
            assert bool(by_city) is ("city" in seen)
            assert programmes.values(db, reader, "city") == ({WORD["city"]: 1} if "city" in seen else {})
            by_function = programmes.find(db, reader, filters={"function": "daily"}).views
            assert bool(by_function) is ("daily" in seen)
        programmes.remove(db, one, now=NOON)


def test_words_and_filters_are_found_together_in_either_script(database: Database) -> None:
    with database.transaction() as db:
        owner, reader = member(db, 1), member(db, 2)
        one = card(db, owner, name="血糖好朋友", city="廣州", lesson="Walking groups work")
        card(db, owner, name="Other", city="Guangzhou", lesson="walks")
        found = programmes.find(db, reader, words="血糖 walk group", filters={"city": "guangzhou"})
        assert [view.id for view in found.views] == [one.id]
        assert len(programmes.find(db, reader, words="walk").views) == 2
        assert programmes.values(db, reader, "city") == {"guangzhou": 2}
        assert not programmes.find(db, reader, words="糖血").views
        assert not programmes.find(db, reader, words="?!").views


def test_common_words_are_found_page_by_page_newest_first(database: Database) -> None:
    with database.transaction() as db:
        reader, ids = member(db, 1), []
        for n in range(2, 232):
            ids.append(card(db, member(db, n), name=f"Card {n}", lesson="garden" if n % 2 else "garden tea").id)
        pages = [programmes.find(db, reader, words="garden", page=page).views for page in range(2)]
        assert [view.id for page in pages for view in page] == ids[::-1][:16]
        assert len(programmes.find(db, reader, words="garden tea", size=200).views) == 115


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2025", "2025"),
        ("2025-03", "2025-03"),
        ("2025年3月", "2025-03"),
        ("March 2025", "2025-03"),
        ("since 2019/11", "2019-11"),
    ],
)
def test_years_and_months_are_read_as_people_write_them(text: str, value: str) -> None:
    assert read_since(text, today=TODAY) == value


def reason_of(read: Callable[[], object]) -> str:
    """Why it is refused; "" when it is read."""
    try:
        return "" if read() else "read as nothing"
    except CardUnfit as error:
        return error.why


@given(st.text(max_size=60))
def test_any_words_for_a_date_or_results_are_read_or_refused_with_a_reason(text: str) -> None:
    assert reason_of(lambda: read_since(text, today=TODAY)) in ("", "since")
    assert reason_of(lambda: read_results(text)) in ("", "results")


@pytest.mark.parametrize("name", ["西安", "西安市", "Xi'an", "xian", " XI’AN "])
def test_a_city_is_one_whatever_it_is_written_in(name: str) -> None:
    assert cities.place(name).key == "xi'an"


def test_every_city_lies_where_the_map_is() -> None:
    for key in ("beijing", "lhasa", "taipei"):
        city = cities.place(key).city
        assert city is not None
        assert 18 <= city.north <= 54
        assert 73 <= city.east <= 135
    assert cities.place("Atlantis").city is None


def test_a_member_has_five_cards_at_most_and_goes_on_with_the_unfinished_one(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        owner = member(db, 1)
        for _ in range(programmes.CARDS):
            card(db, owner)
        with pytest.raises(CardUnfit):
            programmes.begin(db, owner, now=NOON)
        programmes.remove(db, programmes.of(db, owner)[0], now=NOON)
        begun = programmes.begin(db, owner, now=NOON)
        assert programmes.begin(db, owner, now=NOON) is begun


def test_only_its_owners_change_a_card(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        owner, colleague, organizer = member(db, 1), member(db, 2), member(db, 3, Role.ORGANIZER)
        one = card(db, owner)
        for other in (colleague, organizer):
            with pytest.raises(NotYours):
                programmes.own(db, one.id or 0, other)
        code = programmes.code_of(db, one)
        programmes.join(db, colleague, f" {code.lower()} ", now=NOON)
        assert programmes.own(db, one.id or 0, colleague) is one
        with pytest.raises(CardUnfit):
            programmes.join(db, organizer, code, now=NOON)


def test_two_organizers_at_once_open_one_week(database: Database) -> None:
    together = Barrier(2)
    with database.transaction() as db:
        card(db, member(db, 1))
        for number in (2, 3):
            member(db, number, Role.ORGANIZER)

    def opens(number: int) -> str:
        together.wait()
        try:
            with database.transaction() as db:
                organizer = people.find(db, number)
                assert organizer is not None
                week = programmes.open_week(db, organizer, first=MONDAY, today=TODAY, now=NOON)
                programmes.invite(db, week, programmes.candidates(db, week, limit=5))
        except CardUnfit as error:
            return error.why
        return "opened"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(opens, (2, 3))) == ["opened", "week"]
    with database.reading() as db:
        assert len(db.exec(select(Poster)).all()) == 1


def test_a_week_has_seven_days_and_the_next_in_line_gets_one_that_becomes_free(database: Database) -> None:
    with database.transaction() as db:
        organizer = member(db, 99, Role.ORGANIZER)
        cards = [card(db, member(db, n)) for n in range(1, 10)]
        week = programmes.open_week(db, organizer, first=MONDAY, today=TODAY, now=NOON)
        posters = programmes.invite(db, week, cards)
        for minute, one in enumerate(posters):
            programmes.agree(db, one, now=NOON + timedelta(minutes=minute))
        assert [one.day for one in posters] == [0, 1, 2, 3, 4, 5, 6, None, None]
        programmes.withdraw(db, cards[2], now=NOON)
        assert [one.day for one in posters] == [0, 1, None, 3, 4, 5, 6, 2, None]
        assert posters[2].answer is Answer.NO
        days = programmes.days_of(db, week, today=TODAY)
        assert days[posters[7].id or 0] == MONDAY + timedelta(days=2)


def test_one_card_a_day_is_presented_until_the_week_is_over(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        organizer = member(db, 99, Role.ORGANIZER)
        week = programmes.open_week(db, organizer, first=MONDAY, today=TODAY, now=NOON)
        posters = programmes.invite(db, week, [card(db, member(db, n)) for n in (1, 2)])
        assert programmes.due_poster(db, week, today=MONDAY) is None, "nobody has agreed"
        for one in posters:
            programmes.agree(db, one, now=NOON)
        assert programmes.due_poster(db, week, today=MONDAY - timedelta(days=1)) is None
        shown = []
        for day in (MONDAY + timedelta(days=n) for n in range(8)):
            assert not (programmes.is_over(db, week, today=day) and day < MONDAY + timedelta(days=7))
            while (due := programmes.due_poster(db, week, today=day)) is not None:
                due.presented_on = day
                shown.append((day - MONDAY).days)
        assert shown == [0, 1]
        assert programmes.is_over(db, week, today=MONDAY + timedelta(days=7))
        with pytest.raises(Outdated):
            programmes.agree(db, posters[0], now=NOON)
        programmes.end(week, now=NOON)
        later = programmes.open_week(db, organizer, first=MONDAY, today=TODAY, now=NOON)
        card(db, member(db, 3))
        new = programmes.candidates(db, later, limit=1)
        assert new[0].owner_id == people.find(db, 3).id, "those never presented come first"  # type: ignore[union-attr]


def test_a_day_that_is_past_or_far_away_is_no_beginning(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        organizer = member(db, 1, Role.ORGANIZER)
        for first in (TODAY, TODAY - timedelta(days=7), TODAY + timedelta(days=100)):
            with pytest.raises(Outdated):
                programmes.open_week(db, organizer, first=first, today=TODAY, now=NOON)

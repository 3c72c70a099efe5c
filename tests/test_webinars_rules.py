"""Webinars, the rules: places that come free, code words, feedback, certificates that can be checked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session

from bot import timetable
from bot.db import Database
from bot.errors import NotAttended, NotYours, Outdated, SessionOver, TooEarly, TooManyAsked, Unclear
from bot.features import people, webinars
from bot.features.people import Member, Role
from bot.features.webinars import Line
from bot.timetable import Kind, SessionRow, Standing, State
from tests.conftest import NOON

STARTS = NOON + timedelta(days=2)
ENDS = STARTS + timedelta(minutes=90)


def webinar(db: Session, *, capacity: int | None = None) -> SessionRow:
    """A webinar the day after tomorrow."""
    row = SessionRow(
        kind=Kind.WEBINAR, occurrence="", starts_at=STARTS, ends_at=ENDS, zone="Asia/Shanghai", title={"en": "Feet"},
        capacity=capacity, uid="one@test", created_at=NOON,
    )  # fmt: skip
    db.add(row)
    db.flush()
    return row


def member(db: Session, number: int) -> Member:
    """A member of the community."""
    made = people.meet(
        db, telegram_id=number, name=f"Member {number}", language_code="en", default="en", timezone="Asia/Shanghai",
        now=NOON,
    )  # fmt: skip
    made.role = Role.TRAINEE
    return made


def ask(db: Session, row: SessionRow, asker: Member, words: str, message: int) -> webinars.Asked:
    """A question for the speaker."""
    return webinars.ask(
        db, row, member=asker, text=words, anonymous=False, chat_id=asker.telegram_id, message_id=message, now=NOON
    )


def test_places_pass_on_in_the_order_of_waiting_and_only_before_the_beginning(database: Database) -> None:
    with database.transaction() as db:
        row = webinar(db, capacity=2)
        everybody = [member(db, n) for n in range(1, 6)]
        for n, one in enumerate(everybody):
            timetable.join(db, row, member_id=one.id or 0, now=NOON + timedelta(seconds=n))
        assert webinars.pass_places_on(db, row, now=NOON) == []
        for one in everybody[:2]:
            timetable.leave(db, row, member_id=one.id or 0, now=NOON, standing=Standing.DECLINED)
        assert webinars.with_waiting(db, now=NOON) == [row]
        assert webinars.pass_places_on(db, row, now=STARTS) == []
        assert webinars.pass_places_on(db, row, now=NOON) == everybody[2:4]
        row.capacity = None
        assert webinars.pass_places_on(db, row, now=NOON) == everybody[4:]
        row.state = State.CANCELLED
        assert webinars.with_waiting(db, now=NOON) == []


def test_questions_are_sorted_by_support_and_each_supports_once(database: Database) -> None:
    with database.transaction() as db:
        row, first, second = webinar(db), member(db, 1), member(db, 2)
        one, two = ask(db, row, first, "One?", 1), ask(db, row, first, "Two?", 2)
        assert ask(db, row, first, "One?", 1) is one
        assert webinars.support(db, two, second, now=NOON)
        assert not webinars.support(db, two, second, now=NOON)
        assert not webinars.support(db, one, first, now=NOON)
        assert [(r.question, r.support, r.supported) for r in webinars.ranked(db, row.id or 0, reader=second)] == [
            (two, 1, True),
            (one, 0, False),
        ]
        webinars.answered(two, now=NOON)
        assert webinars.left_over(db, row.id or 0) == [one]
        with pytest.raises(NotYours):
            webinars.take_back(db, one, second)
        webinars.take_back(db, two, first)
        assert [r.question for r in webinars.ranked(db, row.id or 0)] == [one]


def test_nobody_floods_the_speaker_and_nobody_asks_after_the_end(database: Database) -> None:
    with database.transaction() as db:
        row, asker = webinar(db), member(db, 1)
        for number in range(5):
            ask(db, row, asker, f"{number}?", number)
        with pytest.raises(TooManyAsked):
            ask(db, row, asker, "One more?", 9)
        with pytest.raises(SessionOver):
            webinars.require_open(row, now=ENDS)


def test_one_is_there_from_a_quarter_of_an_hour_before_until_the_end_and_once(database: Database) -> None:
    with database.transaction() as db:
        row, one = webinar(db), member(db, 1)
        with pytest.raises(TooEarly):
            webinars.check_in(db, row, one, how="button", now=STARTS - timedelta(minutes=16))
        assert webinars.check_in(db, row, one, how="button", now=STARTS - timedelta(minutes=15))
        assert not webinars.check_in(db, row, one, how="code", now=ENDS)
        with pytest.raises(SessionOver):
            webinars.check_in(db, row, one, how="button", now=ENDS + timedelta(seconds=1))
        row.state = State.CANCELLED
        with pytest.raises(SessionOver) as refused:
            webinars.check_in(db, row, one, how="button", now=STARTS)
        assert refused.value.cancelled


def test_a_list_is_stored_only_where_it_is_clear_and_for_whoever_reviews_it(database: Database) -> None:
    with database.transaction() as db:
        row, organizer, one, two = webinar(db), member(db, 1), member(db, 2), member(db, 3)
        found = [
            Line("A", 30, one.id),
            Line("B", 20, None, [two.id or 0, one.id or 0]),
            Line("C", 5, None, [two.id or 0]),
        ]
        begun = webinars.begin_import(db, row, found, by=organizer, now=NOON)
        with pytest.raises(Outdated):
            webinars.get_import(db, begun.id or 0, one)
        with pytest.raises(Outdated):
            webinars.decide(begun, 1, organizer.id or 0)
        webinars.decide(begun, 1, one.id or 0)
        webinars.decide(begun, 2, 0)
        assert webinars.finish_import(db, begun, row, now=ENDS) == 1
        assert webinars.minutes(db, row.id or 0) == {one.id: 50}
        with pytest.raises(Outdated):
            webinars.get_import(db, begun.id or 0, organizer)


def test_a_forgotten_member_is_in_no_review_and_lists_are_gone_after_a_day(database: Database) -> None:
    with database.transaction() as db:
        row, organizer, one = webinar(db), member(db, 1), member(db, 2)
        begun = webinars.begin_import(db, row, [Line("A", 30, one.id), Line("B", 1)], by=organizer, now=NOON)
        webinars.forget(db, one)
        assert [line.name for line in webinars.lines(begun)] == ["B"]
        webinars.prune(db, now=NOON + timedelta(hours=25))
        db.expire_all()
        with pytest.raises(Outdated):
            webinars.get_import(db, begun.id or 0, organizer)


def test_feedback_is_counted_once_each_whatever_is_changed(database: Database) -> None:
    with database.transaction() as db:
        row, one, two = webinar(db), member(db, 1), member(db, 2)
        for there in (one, two):
            timetable.attended(db, row, member_id=there.id or 0, how="button", now=STARTS)
        for value in (1, 5):
            webinars.rate(db, row, one, what="useful", value=value, now=ENDS)
        webinars.rate(db, row, two, what="useful", value=2, now=ENDS)
        webinars.say(db, row, two, "Zzz", now=ENDS)
        webinars.say(db, row, one, "Aaa", now=ENDS)
        found = webinars.summary(db, row.id or 0)
        assert (found.answered, found.useful, found.mean, list(found.lines)) == (2, {5: 1, 2: 1}, 3.5, ["Aaa", "Zzz"])
        for what, value in (("useful", 6), ("level", 0), ("name", 1)):
            with pytest.raises(Outdated):
                webinars.rate(db, row, one, what=what, value=value, now=ENDS)
        with pytest.raises(NotAttended):
            webinars.rate(db, row, member(db, 3), what="useful", value=3, now=ENDS)


def test_those_who_were_there_are_asked_once_also_when_they_are_found_on_a_list_later(database: Database) -> None:
    with database.transaction() as db:
        row, one, two = webinar(db), member(db, 1), member(db, 2)
        timetable.attended(db, row, member_id=one.id or 0, how="button", now=STARTS)
        assert webinars.to_ask(db, now=ENDS) == []
        later = ENDS + timedelta(minutes=5)
        assert [asked for _row, asked in webinars.to_ask(db, now=later)] == [one]
        webinars.note_asked(db, row.id or 0, one, now=later)
        timetable.attended(db, row, member_id=two.id or 0, how="import", now=later)
        assert [asked for _row, asked in webinars.to_ask(db, now=later)] == [two]
        assert webinars.to_ask(db, now=ENDS + timedelta(days=22)) == []


def test_a_certificate_needs_attendance_and_the_end_and_has_one_valid_number(database: Database) -> None:
    with database.transaction() as db:
        row, one = webinar(db), member(db, 1)
        with pytest.raises(NotAttended):
            webinars.issue(db, row, one, name="Li Wei", now=ENDS)
        timetable.attended(db, row, member_id=one.id or 0, how="button", now=STARTS)
        with pytest.raises(NotAttended):
            webinars.issue(db, row, one, name="Li Wei", now=STARTS)
        first = webinars.issue(db, row, one, name=" Li  Wei ", now=ENDS)
        assert webinars.issue(db, row, one, name="Li Wei", now=ENDS) is first
        second = webinars.issue(db, row, one, name="李伟", now=ENDS)
        assert first.revoked_at == ENDS
        assert webinars.certificates(db, row.id or 0) == {one.id: second}
        shown = webinars.shown(second.number)
        for typed in (shown, shown.lower(), shown.replace("-", " "), f" {second.number} "):
            assert webinars.verify(db, typed) is second
        assert webinars.revoke(db, row.id or 0, one, now=ENDS) is second
        assert webinars.revoke(db, row.id or 0, one, now=ENDS) is None
        webinars.forget(db, one)
        assert webinars.verify(db, shown) is None


def test_numbers_are_read_as_people_misread_them_and_nothing_else_is_one() -> None:
    assert webinars.read_number("oil0-1234-ABCD") == "01101234ABCD"
    for text in ("", "1234", "UUUU-UUUU-UUUU", "1234-5678-9012-3", "李伟"):
        assert webinars.read_number(text) is None


@pytest.mark.parametrize("name", ["", "🎉", "1234", "Li\x00Wei 🎉"])
def test_a_name_that_cannot_be_printed_is_asked_for_again(name: str) -> None:
    with pytest.raises(Unclear):
        webinars.checked_name(name)


def test_recording_and_materials_are_sent_in_portions_and_once_for_each_turn(database: Database) -> None:
    with database.transaction() as db:
        row = webinar(db)
        everybody = [member(db, n) for n in range(1, 6)]
        for one in everybody[:3]:
            timetable.join(db, row, member_id=one.id or 0, now=NOON)
        timetable.leave(db, row, member_id=everybody[3].id or 0, now=NOON, standing=Standing.DECLINED)
        timetable.attended(db, row, member_id=everybody[4].id or 0, how="code", now=STARTS)
        assert webinars.receivers(db, row.id or 0) == 4
        assert webinars.begin_sending(db, row, turn=1, now=ENDS)
        assert not webinars.begin_sending(db, row, turn=1, now=ENDS)
        kept = webinars.record(db, row.id or 0)
        portions = []
        while webinars.sending(db):
            portions.append([one.telegram_id for _mine, one in webinars.next_receivers(db, kept, limit=3)])
        assert portions == [[1, 2, 3], [5], []]
        assert not webinars.begin_sending(db, row, turn=1, now=ENDS)
        assert webinars.begin_sending(db, row, turn=2, now=ENDS)

"""Planning as organizers live it: /schedule from the first words to the checklist."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from bot import timetable, worktime
from bot.features import people
from bot.features.people import Role
from bot.timetable import Kind, Part, SessionRow, Standing, State
from tests.conftest import SetClock
from tests.town import Seat, Town

wall = datetime.fromisoformat


@pytest.fixture(autouse=True)
def _only_this_year_is_published(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worktime, "is_published", lambda region, year: year <= 2026)


def seat(town: Town) -> Seat:
    return town.private(town.organizer)


def planned(town: Town, **more: Any) -> None:
    """A biweekly series of the organizer's, from 1 December."""
    with town.database.transaction() as db:
        by = people.find(db, town.organizer.id)
        kept: dict[str, Any] = {
            "kind": Kind.CONSULTATION, "title": {"en": "Foot care"}, "minutes": 90, "zone": "Asia/Shanghai",
            "rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "first": wall("2026-12-01T19:00"), "by": by.id if by else None,
            "now": town.now(),
        }  # fmt: skip
        timetable.plan(db, **kept | more)


def sessions(town: Town) -> list[SessionRow]:
    with town.database.reading() as db:
        return list(db.exec(select(SessionRow).order_by(col(SessionRow.starts_at))))


def planned_days(town: Town) -> list[str]:
    return [row.starts_at.isoformat()[5:16] for row in sessions(town) if row.state is State.PLANNED]


def opens(chat: Seat, day: str = "Tue, Dec 1 ") -> None:
    """Go to a session from the calendar."""
    chat.says("/schedule")
    chat.taps(next(button["text"] for row in chat.last.buttons for button in row if day in button["text"]))


def test_a_series_is_written_in_plain_words_checked_back_and_saved(town: Town) -> None:
    chat = seat(town)
    chat.says("/schedule")
    chat.sees("Nothing is planned yet")
    chat.taps("New series")
    chat.taps("Consultation")
    chat.says("31st of every month at 19:00")
    chat.sees("Not every month has a day 31. Choose a day from 1 to 28")
    chat.says("every second Tuesday 20:30-19:00")
    chat.sees("It would end at 19:00, before it begins at 20:30.")
    chat.says("every second Tuesday 19:00–20:30 Beijing time")
    back = chat.sees("Every second Tuesday, 19:00–20:30 Beijing time.").text
    assert "Next: Tue, Nov 24, Tue, Dec 8, Tue, Dec 22, Tue, Jan 5, Tue, Jan 19, …" in back
    chat.taps("Begin one later")
    chat.sees("Next: Tue, Dec 1, Tue, Dec 15")
    chat.taps("That's right")
    chat.says("Consultation evening")
    chat.taps("Consultants")
    chat.taps("张敏")
    chat.taps("Done")
    chat.taps("Link")
    chat.says("http://meeting.example.org/7")
    chat.sees("The link has to be a whole address that begins with https://.")
    chat.says("https://meeting.example.org/7")
    chat.taps("Slots")
    chat.says("20+5")
    chat.taps("Title")
    chat.taps("Simplified Chinese")
    chat.says("咨询会之夜")
    card = chat.last.text
    for line in ("Title: Consultation evening / 咨询会之夜", "Consultants: 张敏", "Slots: 20 min each, 5 min between"):
        assert line in card
    chat.taps("Save")
    chat.sees("Planned. 6 sessions stand in the calendar already")
    assert planned_days(town)[:3] == ["12-01T11:00", "12-15T11:00", "12-29T11:00"]
    chat.taps("Show the series")
    chat.sees("Every second Tuesday, 19:00–20:30 Beijing time.")
    chat.sees("📅 Provisional: the official calendar of 2027 is not published yet.")
    first = sessions(town)[0]
    assert (first.link, first.slot_minutes, first.buffer_minutes) == ("https://meeting.example.org/7", 20, 5)


def test_a_chinese_organizer_plans_in_chinese_and_a_draft_survives_other_commands(town: Town) -> None:
    chat = town.private(town.person("周敏", "zh-hans", Role.ORGANIZER))
    chat.says("/schedule")
    chat.taps("单独一场")
    chat.taps("网络讲座")
    chat.says("12月8日晚上7点，90分钟，纽约时间")
    chat.sees("12月8日周二，纽约时间 19:00–20:30（您那里是12月9日周三 08:00）")
    chat.taps("对")
    chat.says("低血糖怎么讲")
    chat.says("/help")
    chat.says("/schedule")
    chat.taps("继续写草稿")
    chat.taps("主讲人（姓名）")
    chat.says("王教授")
    chat.taps("保存")
    chat.sees("安排好了，已写入日程。")
    (row,) = sessions(town)
    assert (row.title, row.speaker, row.starts_at) == (
        {"zh_Hans": "低血糖怎么讲"}, "王教授", datetime(2026, 12, 9, 0, 0, tzinfo=UTC),
    )  # fmt: skip
    taiwan = town.private(town.person("林怡", "zh-hant", Role.ORGANIZER))
    taiwan.says("/schedule")
    taiwan.taps("新系列")
    taiwan.taps("諮詢會")
    taiwan.says("每月第一個週三晚上7點，90分鐘")
    taiwan.sees("每月第一個星期三，北京時間 19:00–20:30。")


def test_the_same_comes_out_by_buttons_alone(town: Town) -> None:
    chat = seat(town)
    chat.says("/schedule")
    chat.taps("New series")
    chat.taps("Webinar")
    chat.taps("Choose by buttons")
    for label in ("Every month", "Friday", "the last of the month", "19:30", "90 min"):
        chat.taps(label)
    chat.sees("The last Friday of every month, 19:30–21:00 Beijing time.")
    chat.taps("Write it differently")
    chat.says("first Wednesday of the month at 7pm for 90 minutes")
    chat.sees("The first Wednesday of every month, 19:00–20:30 Beijing time.")
    chat.taps("That's right")
    chat.says("Webinar")
    chat.taps("Discard")
    chat.sees("Discarded. Nothing was planned.")
    assert sessions(town) == []


def test_nobody_is_saved_into_two_sessions_at_once_and_the_draft_stays(town: Town) -> None:
    with town.database.transaction() as db:
        min_ = people.find(db, town.consultant.id)
    assert min_ is not None
    planned(town, people=[(min_.id, Part.CONSULTANT)])
    chat = seat(town)
    chat.says("/schedule")
    chat.taps("One session")
    chat.taps("Webinar")
    chat.says("15 Dec 20:00")
    chat.taps("That's right")
    chat.says("Feet")
    chat.taps("Speaker (member)")
    chat.taps("张敏")
    chat.taps("Done")
    told = chat.taps("Save").text or ""
    assert told.replace("\u202f", " ").startswith("张敏 is in another session on Tue, Dec 15 7:00 PM.")
    chat.taps("When")
    chat.says("16 Dec 20:00")
    chat.taps("That's right")
    chat.taps("Save")
    chat.sees("Planned. It stands in the calendar.")


def test_one_session_is_moved_alone_and_its_log_says_by_whom(town: Town) -> None:
    planned(town)
    chat = seat(town)
    opens(chat)
    chat.taps("Move")
    chat.taps("Only this one")
    chat.says("Thu 3 Dec 02:30 Atlantis time")
    chat.sees("I do not know the time zone “atlantis”.")
    chat.says("Thu 3 Dec 20:00")
    chat.sees("Tue, Dec 1, 19:00–20:30 Beijing time → Thu, Dec 3, 20:00–21:30 Beijing time")
    chat.taps("That's right")
    chat.sees("Moved. Whoever signed up is told once, in a few minutes")
    assert planned_days(town)[:2] == ["12-03T12:00", "12-15T11:00"]
    chat.taps("What changed")
    log = chat.last.text.replace("\u202f", " ")
    assert "Zhao Lei: Beginning: Tue, Dec 1 7:00 PM → Thu, Dec 3 8:00 PM" in log
    assert sessions(town)[0].sequence == 2


def test_this_and_all_following_get_another_rhythm_link_and_person(town: Town) -> None:
    planned(town)
    chat = seat(town)
    opens(chat, "Dec 15")
    chat.taps("Move")
    chat.taps("This and all following")
    chat.says("every second Wednesday 20:00-21:00")
    chat.sees("Every second Wednesday, 20:00–21:00 Beijing time.")
    chat.sees("Next: Wed, Dec 16, Wed, Dec 30")
    chat.taps("That's right")
    assert planned_days(town)[:3] == ["12-01T11:00", "12-16T12:00", "12-30T12:00"]
    chat.taps("Link")
    chat.taps("This and all following")
    chat.says("https://meeting.example.org/new")
    chat.sees("Changed.")
    chat.taps("Consultants")
    chat.taps("This and all following")
    chat.taps("Sarah Lin")
    assert "✓ Sarah Lin" in chat.buttons("Who is it with?")
    found = sessions(town)
    assert [row.link for row in found] == [None, *["https://meeting.example.org/new"] * (len(found) - 1)]
    with town.database.reading() as db:
        assert [len(timetable.people(db, row.id or 0)) for row in found] == [0, *[1] * (len(found) - 1)]


def test_s15_cancelling_asks_for_the_reason_and_old_buttons_say_cancelled(town: Town) -> None:
    planned(town)
    with town.database.transaction() as db:
        wei = people.find(db, town.trainee.id)
        assert wei is not None
        first = timetable.coming(db, now=town.now(), limit=1)[0]
        timetable.join(db, first, member_id=wei.id or 0, standing=Standing.COMING, now=town.now())
    chat = seat(town)
    opens(chat)
    chat.taps("Cancel it")
    chat.taps("Only this one")
    chat.says("The hall is closed")
    chat.sees("1 person who signed up is told.")
    old = chat.last
    chat.taps("That's right")
    chat.sees("✕ Cancelled: The hall is closed")
    assert sessions(town)[0].state is State.CANCELLED
    town.private(town.trainee).sees("The hall is closed")
    again = town.world.tap(
        town.organizer, chat.chat, old.id, f"schedule.change:{sessions(town)[0].id}:link:", stale=True
    )
    town.settle()
    assert again.text == "This session was cancelled. What comes next is in /calendar."
    opens(chat, "Dec 29")
    chat.taps("Cancel it")
    chat.taps("This and all following")
    chat.taps("Without a reason")
    chat.taps("That's right")
    assert planned_days(town) == ["12-15T11:00"]


def test_whoever_comes_second_sees_what_was_changed_and_nothing_of_theirs_is_lost(town: Town) -> None:
    planned(town)
    chat, second = seat(town), town.private(town.person("Owner Wu", "en", Role.OWNER))
    for each in (chat, second):
        opens(each)
        each.taps("Link")
        each.taps("Only this one")
    chat.says("https://meeting.example.org/first")
    second.says("https://meeting.example.org/second")
    second.sees("Somebody changed this session while you were writing.")
    second.sees("Zhao Lei: Link: – → https://meeting.example.org/first")
    assert sessions(town)[0].link == "https://meeting.example.org/first"
    second.says("https://meeting.example.org/second")
    second.sees("Changed.")
    assert sessions(town)[0].link == "https://meeting.example.org/second"


def test_s10_the_planner_decides_about_a_holiday_once_and_is_not_asked_again(town: Town, clock: SetClock) -> None:
    clock.now = datetime(2026, 8, 24, 4, tzinfo=UTC)
    planned(town, first=wall("2026-08-25T19:00"))
    chat = seat(town)
    clock.now = datetime(2026, 9, 8, 4, tzinfo=UTC)
    town.settle()
    chat.sees_nothing_of("a day that may not be meant")
    clock.moves(days=1)
    town.settle()
    asked = chat.sees("is planned for a day that may not be meant")
    assert "⚠️ Tue, Oct 6: a public holiday (National Day)" in asked.text
    labels = [label.replace("\u202f", " ") for label in chat.buttons("What shall be done?")]
    assert labels == ["➡️ A week later: Tue, Oct 13 7:00 PM", "➡️ Next working day: Thu, Oct 8 7:00 PM", "👌 Keep it"]
    chat.taps(chat.buttons("What shall be done?")[1])
    chat.sees("Moved. Whoever signed up is told.")
    assert "10-08T11:00" in planned_days(town)
    again = town.world.tap(
        town.organizer, chat.chat, asked.id, f"schedule.decide:{_on(town, '10-08').id}:20261006:keep", stale=True
    )
    town.settle()
    assert again.show_alert
    clock.moves(days=3)
    town.settle()
    assert len([text for text in chat.texts if "may not be meant" in text]) == 0


def test_s10_whoever_moves_a_session_onto_a_holiday_is_shown_that_and_not_asked_again(
    town: Town, clock: SetClock
) -> None:
    clock.now = datetime(2026, 9, 20, 4, tzinfo=UTC)
    planned(town, first=wall("2026-09-22T19:00"))
    chat = seat(town)
    town.settle()
    chat.taps("Keep it")  # 6 October
    opens(chat, "Sep 22")
    chat.taps("Move")
    chat.taps("Only this one")
    chat.says("30 Sep 19:00")
    chat.sees("⚠️ Wed, Sep 30: the day before a long holiday (National Day)")
    chat.taps("That's right")
    clock.moves(hours=2)
    town.settle()
    chat.sees_nothing_of("may not be meant")


def _on(town: Town, day: str) -> SessionRow:
    return next(row for row in sessions(town) if row.starts_at.isoformat()[5:10] == day)


def test_s11_an_organizer_enters_the_new_years_calendar_and_what_waited_is_pointed_out(
    town: Town, clock: SetClock
) -> None:
    planned(town)
    chat = seat(town)
    clock.now = datetime(2027, 1, 14, 4, tzinfo=UTC)
    chat.says("/schedule")
    chat.taps("Public holidays")
    chat.sees("2027: not published yet, sessions are provisional")
    chat.taps("Days that are worked")
    chat.says("20 Feb 2027")
    chat.sees("• Sat, Feb 20: worked")
    chat.taps("2027 is published and right here")
    clock.moves(hours=1)
    town.settle()
    chat.sees("⚠️ Tue, Feb 9: a public holiday")
    assert not any(row.provisional for row in sessions(town) if row.starts_at > clock.now)
    chat.taps("Keep it")
    chat.sees("It stays as it is.")


def test_the_checklist_nags_who_has_it_and_nobody_else_at_most_every_two_days(town: Town, clock: SetClock) -> None:
    planned(town)
    chat, sarah = seat(town), town.private(town.second_consultant)
    opens(chat)
    chat.taps(next(label for label in chat.buttons("Foot care") if "Checklist" in label))
    chat.taps("○ Link set")
    chat.taps("Give to Sarah Lin")
    sarah.sees("Zhao Lei asks you to see to this for Foot care")
    clock.now = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)  # midnight in Beijing
    town.settle()
    chat.sees_nothing_of("Still to do")
    clock.moves(hours=20)
    town.settle()
    chat.sees("Consultants confirmed · Foot care")
    nagged = sarah.sees("Still to do for the next sessions")
    assert "\nLink set · Foot care" in nagged.text, "one thing has no number"
    town.private(town.trainee).sees_nothing_of("Still to do")
    clock.moves(days=1)
    town.settle()
    assert len([text for text in chat.texts if "Still to do" in text]) == 1
    chat.taps("Done")
    chat.sees("✓ All done. Thank you!")
    sarah.taps("Done", under="Still to do")
    sarah.sees("✓ All done. Thank you!")
    clock.moves(days=2)
    town.settle()
    assert [text for text in [*chat.texts, *sarah.texts] if "Still to do" in text] == []


def test_only_whoever_has_a_task_or_an_organizer_says_that_it_is_done(town: Town) -> None:
    planned(town)
    chat = town.private(town.second_consultant)
    chat.says("/duty")
    with town.database.reading() as db:
        task = timetable.open_tasks(db, timetable.coming(db, now=town.now(), limit=1)[0])[0]
    tap = town.world.tap(town.second_consultant, chat.chat, chat.last.id, f"schedule.done:{task.id}:1", stale=True)
    town.settle()
    assert (tap.show_alert, tap.text) == (True, "Only organizers can do this.")


def test_a_date_is_added_to_a_series_and_another_left_out(town: Town) -> None:
    planned(town)
    chat = seat(town)
    chat.says("/schedule")
    chat.taps("🔁 Foot care")
    chat.taps("Add a date")
    chat.says("10 Dec 20:00")
    chat.sees("Also on Thu, Dec 10.")
    chat.taps("Leave out a date")
    chat.says("30 Dec")
    chat.sees("Nothing would be on Wed, Dec 30, so it cannot be left out.")
    chat.says("29 Dec")
    chat.sees("Not on Tue, Dec 29.")
    assert planned_days(town)[:4] == ["12-01T11:00", "12-10T12:00", "12-15T11:00", "01-12T11:00"]


def test_what_the_calendar_keeps_of_a_person_is_shown_and_deleted(town: Town) -> None:
    owner = town.private(town.person("Owner Wu", "en", Role.OWNER))
    planned(town)
    chat = seat(town)
    opens(chat)
    chat.taps("Link")
    chat.taps("Only this one")
    chat.says("https://meeting.example.org/1")
    chat.says("/mydata")
    stored = town.world.files.find(chat.last.message["document"]["file_id"])
    assert stored is not None
    kept = json.loads(stored.content)
    assert kept["calendar"]["planned"][0]["title"]["en"] == "Foot care"
    assert kept["calendar"]["changed"][0]["new"] == "https://meeting.example.org/1"
    chat.says("/forget")
    chat.taps("Delete everything")
    opens(owner)
    owner.taps("What changed")
    owner.sees_nothing_of("Zhao Lei")
    owner.sees("…: Link: – → https://meeting.example.org/1")


def test_whoever_leads_is_asked_once_a_yes_ticks_the_task_off_and_a_no_reaches_the_planner(
    town: Town, clock: SetClock
) -> None:
    with town.database.transaction() as db:
        leading = [(people.find(db, one.id), Part.CONSULTANT) for one in (town.consultant, town.second_consultant)]
        ids = [(member.id or 0, part) for member, part in leading if member is not None]
    planned(town, people=ids)
    min_, sarah = town.private(town.consultant), town.private(town.second_consultant)
    clock.now = datetime(2026, 11, 24, 4, tzinfo=UTC)
    town.settle()
    sarah.sees("You are planned for this. Will you be there?")
    sarah.taps("I can't")
    sarah.sees("Noted: you cannot.")
    chat = seat(town)
    assert "Tue, Dec 1, 19:00–20:30 Beijing time" in chat.sees("Sarah Lin cannot be there:").text
    chat.taps("Show the session")
    chat.taps("Consultants")
    chat.taps("Only this one")
    chat.taps("Sarah Lin")
    min_.taps("我能来")
    min_.sees("✅ 记下了：您会来。")
    clock.moves(hours=2)
    town.settle()
    assert len([text for text in min_.texts if "您能来吗" in text]) == 0
    opens(chat)
    chat.taps(next(label for label in chat.buttons("Foot care") if "Checklist" in label))
    chat.sees("✓ Consultants confirmed")


def test_reminders_and_slots_of_a_series_are_changed_from_its_screen(town: Town) -> None:
    planned(town, slot_minutes=20)
    chat = seat(town)
    chat.says("/schedule")
    chat.taps("🔁 Foot care")
    chat.taps("Reminders")
    chat.taps("✓ 7 days")
    assert "7 days" in chat.buttons("When are people told?")
    opens(chat, "Dec 15")
    chat.taps("Slots")
    chat.taps("This and all following")
    chat.says("30+10")
    found = sessions(town)
    assert [(row.slot_minutes, row.buffer_minutes) for row in found] == [(20, 0), *[(30, 10)] * 5]
    with town.database.reading() as db:
        ladders = {tuple(timetable.series_of(db, row).ladder or ()) for row in found}
    assert ladders == {("announced", "1d", "1h", "10m")}


def test_a_tick_makes_the_sessions_of_the_next_weeks(town: Town, clock: SetClock) -> None:
    planned(town)
    before = len(sessions(town))
    clock.moves(days=14)
    town.settle()
    assert len(sessions(town)) == before + 1
    assert sessions(town)[-1].starts_at - sessions(town)[-2].starts_at == timedelta(days=14)

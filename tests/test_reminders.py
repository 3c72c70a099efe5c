"""Reminders and changes as people read them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot import timetable
from bot.features import people
from bot.features.people import Member
from bot.sandbox.world import Person
from bot.timetable import Kind, Part, SessionRow, Standing, What
from tests.conftest import NOON, SetClock
from tests.town import Town
from tests.travel import arrivals, travel

BEIJING = ZoneInfo("Asia/Shanghai")
EVENING = datetime.fromisoformat("2026-12-07T19:00")
START = EVENING.replace(tzinfo=BEIJING)
LINK = "https://meeting.example.org/j/7"


def member(town: Town, person: Person) -> Member:
    """The person as the bot knows them."""
    with town.database.reading() as db:
        found = people.find(db, person.id)
    assert found is not None
    return found


def webinar(town: Town, *, first: datetime = EVENING, **details: Any) -> int:
    """Plan a webinar; gives its id."""
    with town.database.transaction() as db:
        row = timetable.add_session(
            db, kind=Kind.WEBINAR, title={"en": "Foot care", "zh_Hans": "足部护理"}, first=first, minutes=60,
            zone="Asia/Shanghai", by=None, now=town.now(), link=LINK, join_hint="dial 010-555, code 7", **details,
        )  # fmt: skip
        return row.id or 0


def comes(town: Town, person: Person, session_id: int, standing: Standing = Standing.COMING) -> None:
    """Sign up."""
    who = member(town, person)
    with town.database.transaction() as db:
        timetable.join(db, found(db, session_id), member_id=who.id or 0, standing=standing, now=town.now())


def found(db: Any, session_id: int) -> SessionRow:
    """The session, which is there."""
    row = timetable.session(db, session_id)
    assert row is not None
    return row


def heads(town: Town, person: Person) -> list[tuple[str, str]]:
    """When (Beijing time) something arrived in a private chat, and its first line."""
    return [
        (f"{each.at.astimezone(BEIJING):%m-%d %H:%M}", each.text.splitlines()[0])
        for each in arrivals(town.private(person))
    ]


def test_each_rung_reaches_those_it_is_for_at_its_time(town: Town, clock: SetClock) -> None:
    session_id = webinar(town)
    town.settle()
    comes(town, town.trainee, session_id)
    comes(town, town.consultant, session_id, Standing.MAYBE)
    travel(town, clock, START + timedelta(hours=2))
    assert heads(town, town.trainee) == [
        ("11-30 19:00", "⏰ Foot care: in 7 days"),
        ("12-06 19:00", "⏰ Foot care: tomorrow"),
        ("12-07 18:00", "⏰ Foot care: in 1 hour"),
        ("12-07 18:50", "⏰ Foot care: in 10 minutes"),
    ]
    assert heads(town, town.other_trainee) == [("11-23 12:10", "📣 足部護理"), ("11-30 19:00", "⏰ 足部護理：還有 7 天")]
    assert heads(town, town.consultant) == [
        ("11-30 19:00", "⏰ 足部护理：还有 7 天"), ("12-06 19:00", "⏰ 足部护理：明天"),
    ]  # fmt: skip
    in_group = arrivals(town.seat(town.trainee, town.group))
    assert [f"{each.at.astimezone(BEIJING):%m-%d %H:%M}" for each in in_group] == [
        "11-23 12:10", "11-30 19:00", "12-06 19:00", "12-07 18:00",
    ]  # fmt: skip
    assert not [each for each in in_group if LINK in each.text or "010-555" in each.text]


def test_the_text_stands_on_its_own(town: Town, clock: SetClock) -> None:
    session_id = webinar(town, speaker="Dr. Ruth Adler")
    with town.database.transaction() as db:
        me = people.find(db, town.trainee.id)
        assert me is not None
        me.timezone = "America/New_York"
        timetable.join(db, found(db, session_id), member_id=me.id or 0, now=NOON)
    travel(town, clock, START - timedelta(days=6, hours=20))  # not in the early morning of New York
    week_before, *_ = [post.text for post in town.private(town.trainee).posts]
    assert "The link comes the day before." in week_before
    assert LINK not in week_before
    travel(town, clock, START - timedelta(hours=1))
    text = town.private(town.trainee).last.text
    assert text.splitlines() == [
        "⏰ Foot care: in 1 hour",
        "🗓 Mon, Dec 7 6:00\u202fAM–7:00\u202fAM, New York time",
        "Beijing time: Mon, Dec 7 7:00\u202fPM–8:00\u202fPM",
        "🎤 Dr. Ruth Adler",
        f"🔗 Join here: {LINK}",
        "If the link does not open: dial 010-555, code 7",
    ]


def test_s01_after_an_outage_only_the_newest_reminder_goes_out_with_the_true_time(town: Town, clock: SetClock) -> None:
    session_id = webinar(town)
    comes(town, town.trainee, session_id)
    clock.now = START - timedelta(minutes=40)
    town.settle()
    assert heads(town, town.trainee) == [("12-07 18:20", "⏰ Foot care: in 40 minutes")]
    assert heads(town, town.other_trainee) == [("12-07 18:20", "⏰ 足部護理：40 分鐘後開始")]
    travel(town, clock, START + timedelta(hours=1))
    assert len(heads(town, town.trainee)) == 2
    late = webinar(town, first=EVENING + timedelta(days=1))
    comes(town, town.trainee, late)
    clock.now = START + timedelta(days=1, minutes=1)
    town.settle()
    assert len(heads(town, town.trainee)) == 2, "nothing after it has begun"


def test_s01_what_telegram_did_not_take_in_time_is_not_sent_late(town: Town, clock: SetClock) -> None:
    session_id = webinar(town)
    comes(town, town.trainee, session_id)
    travel(town, clock, START - timedelta(hours=2))
    before = len(heads(town, town.trainee))
    clock.now = START - timedelta(hours=1)
    town.app.handlers.tick()  # it is queued, and nothing is sent
    clock.now = START - timedelta(minutes=35)
    town.restarts()
    travel(town, clock, START - timedelta(minutes=10))
    assert [text for _at, text in heads(town, town.trainee)[before:]] == [
        "⏰ Foot care: in 35 minutes", "⏰ Foot care: in 10 minutes",
    ]  # fmt: skip
    other = webinar(town, first=EVENING + timedelta(hours=2))
    comes(town, town.trainee, other)
    clock.now = START + timedelta(hours=1, minutes=50)
    town.app.handlers.tick()
    clock.now = START + timedelta(hours=2)
    town.restarts()
    assert len(heads(town, town.trainee)) == before + 2


def changing(town: Town, session_id: int, change: Callable[[Any, SessionRow], object]) -> None:
    """Something is changed of the session."""
    with town.database.transaction() as db:
        change(db, found(db, session_id))


def test_s13_who_was_told_hears_what_is_new_and_a_typo_goes_silently(town: Town, clock: SetClock) -> None:
    session_id = webinar(town)
    comes(town, town.trainee, session_id)
    comes(town, town.consultant, session_id, Standing.DECLINED)
    travel(town, clock, START - timedelta(hours=5))
    everybody = [town.private(p) for p in (town.trainee, town.other_trainee, town.consultant)]
    before = [len(arrivals(seat)) for seat in everybody]
    organizer = member(town, town.organizer).id
    changing(town, session_id, lambda db, row: timetable.set_text(
        db, row, What.TITLE, "en", "Care of feet", by=organizer, now=clock.now))  # fmt: skip
    changing(town, session_id, lambda db, row: timetable.set_value(
        db, row, What.LINK, "https://other.example.org/9", by=organizer, now=clock.now))  # fmt: skip
    changing(town, session_id, lambda db, row: timetable.move(
        db, row, first=EVENING + timedelta(minutes=30), minutes=60, zone="Asia/Shanghai", by=organizer, now=clock.now,
    ))  # fmt: skip
    travel(town, clock, START - timedelta(hours=4))
    comes_, heard, declined = ([each.text for each in arrivals(seat)][n:] for seat, n in zip(everybody, before, strict=True))
    assert [text.splitlines() for text in comes_] == [[
        "✏️ Care of feet has changed.",
        f"Link: {LINK} → https://other.example.org/9",
        "Begins: Mon, Dec 7 7:00\u202fPM → Mon, Dec 7 7:30\u202fPM",
        "Ends: Mon, Dec 7 8:00\u202fPM → Mon, Dec 7 8:30\u202fPM",
        "🗓 Mon, Dec 7 7:30\u202fPM–8:30\u202fPM, Beijing time",
    ]]  # fmt: skip
    assert len(heard) == 1
    assert "https://" not in heard[0]
    assert declined == []
    assert "has changed" in town.seat(town.trainee, town.group).last.text
    travel(town, clock, START + timedelta(hours=3))
    assert [text for _at, text in heads(town, town.trainee)[-2:]] == [
        "⏰ Care of feet: in 1 hour", "⏰ Care of feet: in 10 minutes",
    ]  # fmt: skip


def speaks(town: Town, session_id: int, name: str) -> None:
    """Somebody else speaks."""
    changing(town, session_id, lambda db, row: timetable.set_value(
        db, row, What.SPEAKER, name, by=None, now=town.now()))  # fmt: skip


def test_s14_two_edits_within_ten_minutes_are_one_notice(town: Town, clock: SetClock) -> None:
    session_id = webinar(town, speaker="Wang Fang")
    comes(town, town.trainee, session_id)
    travel(town, clock, NOON + timedelta(hours=1))
    speaks(town, session_id, "Li Na")
    clock.moves(minutes=6)
    town.settle()
    speaks(town, session_id, "Chen Jing")
    town.settle()
    assert heads(town, town.trainee) == []
    travel(town, clock, NOON + timedelta(hours=2))
    (only,) = arrivals(town.private(town.trainee))
    assert only.at == NOON + timedelta(hours=1, minutes=16)
    assert "With: Wang Fang → Chen Jing" in only.text
    speaks(town, session_id, "Li Na")
    speaks(town, session_id, "Chen Jing")
    travel(town, clock, NOON + timedelta(hours=3))
    assert len(arrivals(town.private(town.trainee))) == 1, "all is as it was"


def test_s15_cancelled_voids_what_is_queued_and_is_told_with_its_reason(town: Town, clock: SetClock) -> None:
    session_id = webinar(town, capacity=1)
    comes(town, town.trainee, session_id)
    comes(town, town.consultant, session_id)  # waits
    travel(town, clock, START - timedelta(hours=2))
    clock.now = START - timedelta(hours=1)
    town.app.handlers.tick()
    changing(town, session_id, lambda db, row: timetable.cancel(db, row, reason="fog", by=None, now=clock.now))
    travel(town, clock, START + timedelta(days=1))
    assert heads(town, town.trainee)[-1] == ("12-07 18:00", "❌ Foot care on Mon, Dec 7 7:00\u202fPM is cancelled.")
    assert not [text for _at, text in heads(town, town.trainee) if "in 1 hour" in text]
    assert "原因：fog" in town.private(town.consultant).last.text
    assert "cancelled" in town.seat(town.trainee, town.group).last.text


def test_s19_who_signs_up_late_gets_only_what_is_still_to_come(town: Town, clock: SetClock) -> None:
    session_id = webinar(town)
    travel(town, clock, START - timedelta(minutes=30))
    comes(town, town.trainee, session_id)
    before = len(heads(town, town.trainee))
    travel(town, clock, START + timedelta(hours=1))
    assert heads(town, town.trainee)[before:] == [("12-07 18:50", "⏰ Foot care: in 10 minutes")]


def test_s24_language_and_zone_are_those_of_the_moment(town: Town, clock: SetClock) -> None:
    session_id = webinar(town)
    comes(town, town.trainee, session_id)
    travel(town, clock, START - timedelta(hours=3))
    with town.database.transaction() as db:
        me = people.find(db, town.trainee.id)
        assert me is not None
        people.choose_language(me, "zh_Hans")
        people.set_timezone(me, "Asia/Tokyo")
    travel(town, clock, START - timedelta(hours=1))
    assert town.private(town.trainee).last.text.splitlines()[:3] == [
        "⏰ 足部护理：1 小时后开始",
        "🗓 12月7日周一 20:00–21:00，东京当地时间",
        "北京时间：12月7日周一 19:00–20:00",
    ]


def test_a_moved_session_reminds_anew_where_it_makes_sense(town: Town, clock: SetClock) -> None:
    session_id = webinar(town)
    comes(town, town.trainee, session_id)
    travel(town, clock, START - timedelta(hours=12))
    changing(town, session_id, lambda db, row: timetable.move(
        db, row, first=EVENING + timedelta(days=2), minutes=60, zone="Asia/Shanghai", by=None, now=clock.now,
    ))  # fmt: skip
    travel(town, clock, START + timedelta(days=3))
    assert [text for _at, text in heads(town, town.trainee)] == [
        "⏰ Foot care: in 7 days", "⏰ Foot care: tomorrow", "✏️ Foot care has changed.",
        "⏰ Foot care: tomorrow", "⏰ Foot care: in 1 hour", "⏰ Foot care: in 10 minutes",
    ]  # fmt: skip


def test_who_has_a_time_of_their_own_is_reminded_of_that(town: Town, clock: SetClock) -> None:
    with town.database.transaction() as db:
        row = timetable.add_session(
            db, kind=Kind.CONSULTATION, title={"en": "Clinic"}, first=EVENING, minutes=90, zone="Asia/Shanghai",
            by=None, now=NOON, link=LINK, people=[(member(town, town.consultant).id or 0, Part.CONSULTANT)],
        )  # fmt: skip
        timetable.join(
            db, row, member_id=member(town, town.trainee).id or 0, now=NOON,
            starts_at=START + timedelta(minutes=30), ends_at=START + timedelta(minutes=50),
        )  # fmt: skip
    travel(town, clock, START + timedelta(hours=2))
    assert heads(town, town.trainee) == [
        ("11-30 19:30", "⏰ Clinic: in 7 days"), ("12-06 19:30", "⏰ Clinic: tomorrow"),
        ("12-07 18:30", "⏰ Clinic: in 1 hour"), ("12-07 19:20", "⏰ Clinic: in 10 minutes"),
    ]  # fmt: skip
    assert "Your slot:\n🗓 Mon, Dec 7 7:30\u202fPM–7:50\u202fPM" in town.private(town.trainee).last.text
    reminders = [at for at, text in heads(town, town.consultant) if text.startswith("⏰")]
    assert reminders == ["11-30 19:00", "12-06 19:00", "12-07 18:50"]
    assert heads(town, town.other_trainee) == [], "nobody who did not ask is told of a consultation but in the group"


def test_mutes_and_quiet_hours_hold_for_what_nobody_asked_for(town: Town, clock: SetClock) -> None:
    from bot.features import attention

    with town.database.transaction() as db:
        muted = member(town, town.other_trainee)
        attention.keep(db, attention.Preferences(member_id=muted.id or 0, muted=["webinars"]))
    night = datetime.fromisoformat("2026-12-07T23:30")
    session_id = webinar(town, first=night)
    comes(town, town.trainee, session_id)
    travel(town, clock, night.replace(tzinfo=BEIJING) + timedelta(hours=1))
    assert heads(town, town.trainee) == [
        ("12-01 08:00", "⏰ Foot care: in 6 days"), ("12-07 08:00", "⏰ Foot care: today"),
        ("12-07 22:30", "⏰ Foot care: in 1 hour"), ("12-07 23:20", "⏰ Foot care: in 10 minutes"),
    ]  # fmt: skip
    assert heads(town, town.other_trainee) == []

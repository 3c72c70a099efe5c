"""A year of consultations and webinars: who received what and when, against a table worked out by hand.

Every second Monday at 19:00 in Beijing the clinic; every third Thursday at 8:00 in New York, where its speaker lives, the
webinar: that is 21:00 in Beijing, and 20:00 from 14 March to 6 November 2027, while New York has summer time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlmodel import col, select

from bot import timetable
from bot.features import people
from bot.features.people import Role
from bot.sandbox.world import Person
from bot.timetable import Kind, Part, SessionRow, SessionTask, What
from tests.conftest import NOON, SetClock
from tests.town import Town
from tests.travel import arrivals, travel

BEIJING = ZoneInfo("Asia/Shanghai")
LINK, OTHER_LINK = "https://meeting.example.org/1", "https://meeting.example.org/2"

CLINICS = """
start            announced   7 days      1 day       1 hour      10 minutes
2026-11-30 19:00 11-23 12:10 11-23 19:00 11-29 19:00 11-30 18:00 11-30 18:50
2026-12-14 19:00 12-01 19:00 12-07 19:00 12-13 19:00 12-14 18:00 12-14 18:50
2026-12-28 19:00 12-15 19:00 12-21 19:00 12-27 19:00 12-28 18:00 12-28 18:50
2027-01-11 19:00 12-29 19:00 01-04 19:00 01-10 19:00 01-11 18:00 01-11 18:50
2027-01-25 19:00 01-12 19:00 01-18 19:00 01-24 19:00 01-25 18:00 01-25 18:50
2027-02-08 19:00 01-26 19:00 -           -           -           -
2027-02-22 19:00 02-09 19:00 02-15 19:00 02-21 19:00 02-22 18:00 02-22 18:50
2027-03-08 19:00 02-23 19:00 03-01 19:00 03-07 19:00 03-08 18:00 03-08 18:50
2027-03-22 19:00 03-09 19:00 03-15 19:00 03-21 19:00 03-22 18:00 03-22 18:50
2027-04-12 19:00 03-30 19:00 04-05 19:00 04-11 19:00 04-12 18:00 04-12 18:50
2027-04-19 19:00 04-06 19:00 04-12 19:00 04-18 19:00 04-19 18:00 04-19 18:50
2027-05-03 19:00 04-20 19:00 04-26 19:00 05-02 19:00 05-03 18:00 05-03 18:50
2027-05-17 19:00 05-04 19:00 05-10 19:00 05-16 19:00 05-17 18:00 05-17 18:50
2027-05-31 19:00 05-18 19:00 05-24 19:00 05-30 19:00 05-31 18:00 05-31 18:50
2027-06-14 19:00 06-01 19:00 06-07 19:00 06-13 19:00 06-14 18:00 06-14 18:50
2027-06-28 19:00 06-15 19:00 06-21 19:00 06-27 19:00 06-28 18:00 06-28 18:50
2027-07-12 19:00 06-29 19:00 07-05 19:00 07-11 19:00 07-12 18:00 07-12 18:50
2027-07-26 19:00 07-13 19:00 07-19 19:00 07-25 19:00 07-26 18:00 07-26 18:50
2027-08-09 19:00 07-27 19:00 08-02 19:00 08-08 19:00 08-09 18:00 08-09 18:50
2027-08-23 19:00 08-10 19:00 08-16 19:00 08-22 19:00 08-23 18:00 08-23 18:50
2027-09-06 19:00 08-24 19:00 08-30 19:00 09-05 19:00 09-06 18:00 09-06 18:50
2027-09-20 19:00 09-07 19:00 09-13 19:00 09-19 19:00 09-20 18:00 09-20 18:50
2027-10-04 19:00 09-21 19:00 09-27 19:00 -           -           -
2027-10-09 19:00 -           10-02 19:00 10-08 19:00 10-09 18:00 10-09 18:50
2027-10-18 19:00 10-05 19:00 10-11 19:00 10-17 19:00 10-18 18:00 10-18 18:50
2027-11-01 19:00 10-19 19:00 10-25 19:00 10-31 19:00 11-01 18:00 11-01 18:50
2027-11-15 19:00 11-02 19:00 11-08 19:00 11-14 19:00 11-15 18:00 11-15 18:50
2027-11-29 19:00 11-16 19:00 11-22 19:00 -           -           -
"""
"""Spring Festival's was cancelled, Qingming's held a week later, National Day's on the working Saturday after it."""

WEBINARS = """
start            announced   7 days      1 day       1 hour      10 minutes
2026-12-17 21:00 11-23 12:10 12-10 21:00 12-16 21:00 12-17 20:00 12-17 20:50
2027-01-21 21:00 12-24 21:00 01-14 21:00 -           -           01-21 20:50
2027-02-18 21:00 01-21 21:00 02-11 21:00 02-17 21:00 02-18 20:00 02-18 20:50
2027-03-18 20:00 02-18 20:00 03-11 20:00 03-17 20:00 03-18 19:00 03-18 19:50
2027-04-15 20:00 03-18 20:00 04-08 20:00 04-14 20:00 04-15 19:00 04-15 19:50
2027-05-20 20:00 04-22 20:00 05-13 20:00 05-19 20:00 05-20 19:00 05-20 19:50
2027-06-17 20:00 05-20 20:00 06-10 20:00 06-16 20:00 06-17 19:00 06-17 19:50
2027-07-15 20:00 06-17 20:00 07-08 20:00 07-14 20:00 07-15 19:00 07-15 19:50
2027-08-19 20:00 07-22 20:00 08-12 20:00 08-18 20:00 -           -
2027-09-16 20:00 08-19 20:00 09-09 20:00 09-15 20:00 09-16 19:00 09-16 19:50
2027-10-21 20:00 09-23 20:00 10-14 20:00 10-20 20:00 10-21 19:00 10-21 19:50
2027-11-18 21:00 10-21 21:00 11-11 21:00 11-17 21:00 11-18 20:00 11-18 20:50
2027-12-16 21:00 11-18 21:00 -           -           -           -
"""
"""January's last day fell into an outage; August's was cancelled on its day."""

OUTAGE = ["2027-01-21 20:20 ⏰ Foot care: in 40 minutes"]
MOVED = "✏️ Clinic has changed."
WEEK, DAY, HOUR, TEN = "in 7 days", "tomorrow", "in 1 hour", "in 10 minutes"

Row = dict[str, str]


def table(text: str) -> list[Row]:
    """The table's rows, each moment with its year."""
    found = []
    for line in text.strip().splitlines()[1:]:
        start, cells = line[:16], [line[17:][n : n + 12].strip() for n in range(0, 60, 12)]
        row = dict(zip(("announced", WEEK, DAY, HOUR, TEN), cells, strict=True))
        year, month = int(start[:4]), start[5:7]
        found.append({k: f"{year - (at[:2] > month)}-{at}" for k, at in row.items() if at != "-"})
    return found


def lines(text: str, title: str, *what: str) -> list[str]:
    """What somebody gets who is told these things of every session in the table."""
    wanted = [(row[each], each) for row in table(text) for each in what if each in row]
    return [f"{at} 📣 {title}" if each == "announced" else f"{at} ⏰ {title}: {each}" for at, each in wanted]


def received(town: Town, person: Person, *, group: bool = False) -> list[str]:
    """What the calendar sent, in Beijing's time, first lines only."""
    seat = town.seat(person, town.group) if group else town.private(person)
    first = [(f"{each.at.astimezone(BEIJING):%Y-%m-%d %H:%M}", each.text.splitlines()[0]) for each in arrivals(seat)]
    return sorted(f"{at} {head}" for at, head in first if head[0] in "📣⏰✏❌")


def beijing(text: str) -> datetime:
    """A moment by Beijing's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def plan(town: Town, consultant: int, speaker: int) -> None:
    """Both series."""
    with town.database.transaction() as db:
        timetable.plan(
            db, kind=Kind.CONSULTATION, title={"en": "Clinic"}, rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
            first=datetime.fromisoformat("2026-11-30T19:00"), minutes=90, zone="Asia/Shanghai", by=None, now=NOON,
            people=[(consultant, Part.CONSULTANT)],
        )  # fmt: skip
        timetable.plan(
            db, kind=Kind.WEBINAR, title={"en": "Foot care"}, rrule="FREQ=MONTHLY;BYDAY=3TH",
            first=datetime.fromisoformat("2026-12-17T08:00"), minutes=60, zone="America/New_York", by=None, now=NOON,
            people=[(speaker, Part.SPEAKER)], link=LINK,
        )  # fmt: skip
        timetable.say_year(db, 2027, by=None, now=NOON)
        for day, free in (("2027-02-08", True), ("2027-04-05", True), ("2027-10-04", True), ("2027-10-09", False)):
            timetable.say_day(db, date.fromisoformat(day), free=free, by=None, now=NOON)


def living(town: Town, clock: SetClock, me: int, until: str) -> None:
    """Time passes; every week I sign up for what is new."""
    while True:
        with town.database.transaction() as db:
            new = select(SessionRow).where(col(SessionRow.id).not_in(_mine(me)), col(SessionRow.ends_at) > clock.now)
            for row in db.exec(new.where(SessionRow.state == timetable.State.PLANNED)).all():
                timetable.join(db, row, member_id=me, now=clock.now)
            db.exec(delete(SessionTask))  # what organizers still have to do for each is not looked at here
        if clock.now >= beijing(until):
            return
        travel(town, clock, min(beijing(until), clock.now + timedelta(days=7)))


def _mine(me: int) -> Any:
    return select(timetable.Attendee.session_id).where(timetable.Attendee.member_id == me)


def edit(town: Town, start: str, change: Callable[[Any, SessionRow], object]) -> None:
    """Change the session that begins then."""
    with town.database.transaction() as db:
        change(db, db.exec(select(SessionRow).where(SessionRow.starts_at == beijing(start))).one())


def test_a_year_of_sessions_reaches_everybody_once_and_at_its_time(town: Town, clock: SetClock) -> None:
    speaker = town.person("Ruth Adler", "en", Role.CONSULTANT)
    with town.database.transaction() as db:
        found = {p.id: people.find(db, p.id) for p in (town.trainee, town.consultant, speaker)}
        me, consultant, ruth = (member for member in found.values() if member is not None)
        people.set_timezone(ruth, "America/New_York")
        people.choose_language(consultant, "en")
    plan(town, consultant.id or 0, ruth.id or 0)
    my_id = me.id or 0

    living(town, clock, my_id, "2027-01-19 20:20")
    clock.now = beijing("2027-01-21 20:20")  # nothing ran for two days
    town.restarts()
    living(town, clock, my_id, "2027-01-27 10:00")
    edit(town, "2027-02-08 19:00", lambda db, row: timetable.cancel(
        db, row, reason="Spring Festival", by=None, now=clock.now))  # fmt: skip
    living(town, clock, my_id, "2027-03-22 10:00")
    edit(town, "2027-04-05 19:00", lambda db, row: timetable.move(
        db, row, first=datetime.fromisoformat("2027-04-12T19:00"), minutes=90, zone="Asia/Shanghai", by=None,
        now=clock.now,
    ))  # fmt: skip
    living(town, clock, my_id, "2027-05-19 22:30")
    edit(town, "2027-05-20 20:00", lambda db, row: timetable.set_value(
        db, row, What.LINK, OTHER_LINK, by=None, now=clock.now))  # fmt: skip
    living(town, clock, my_id, "2027-08-19 10:00")
    edit(town, "2027-08-19 20:00", lambda db, row: timetable.cancel(
        db, row, reason="The speaker is ill", by=None, now=clock.now))  # fmt: skip
    living(town, clock, my_id, "2027-09-27 20:00")
    edit(town, "2027-10-04 19:00", lambda db, row: timetable.move(
        db, row, first=datetime.fromisoformat("2027-10-09T19:00"), minutes=90, zone="Asia/Shanghai", by=None,
        now=clock.now,
    ))  # fmt: skip
    living(town, clock, my_id, "2027-11-23 12:00")

    off = ["2027-01-27 10:00 ❌ Clinic on Mon, Feb 8 7:00\u202fPM is cancelled."]
    ill = ["2027-08-19 10:00 ❌ Foot care on Thu, Aug 19 8:00\u202fPM is cancelled."]
    assert received(town, town.trainee) == sorted(
        lines(CLINICS, "Clinic", WEEK, DAY, HOUR, TEN) + lines(WEBINARS, "Foot care", WEEK, DAY, HOUR, TEN)
        + OUTAGE + off + ill
        + [f"2027-03-22 10:10 {MOVED}", f"2027-09-27 20:10 {MOVED}", "2027-05-20 08:00 ✏️ Foot care has changed."]
    )  # fmt: skip
    assert received(town, town.consultant) == sorted(
        lines(CLINICS, "Clinic", WEEK, DAY, TEN) + off + [f"2027-03-22 10:10 {MOVED}", f"2027-09-27 20:10 {MOVED}"]
        + lines(WEBINARS, "Foot care", "announced", WEEK) + ill
    )  # fmt: skip
    assert received(town, town.trainee, group=True) == sorted(
        lines(CLINICS, "Clinic", "announced", WEEK, DAY, HOUR)
        + lines(WEBINARS, "Foot care", "announced", WEEK, DAY, HOUR)
        + OUTAGE + off + ill + [f"2027-09-27 20:10 {MOVED}"]
    )  # fmt: skip
    assert received(town, town.other_trainee) == sorted(
        [line.replace("Foot care: in 7 days", "Foot care：還有 7 天") for line in lines(WEBINARS, "Foot care", "announced", WEEK)]
        + ["2027-08-19 10:00 ❌ 原定 8月19日 週四 20:00 的Foot care取消了。"]
    )  # fmt: skip
    of_speaker = lines(WEBINARS, "Foot care", WEEK, DAY, HOUR, TEN)
    of_speaker[of_speaker.index("2027-03-11 20:00 ⏰ Foot care: in 7 days")] = "2027-03-11 21:00 ⏰ Foot care: in 7 days"
    assert received(town, speaker) == sorted(
        of_speaker + OUTAGE + ["2027-08-19 10:00 ❌ Foot care on Thu, Aug 19 8:00\u202fAM is cancelled."]
        + ["2027-05-19 22:40 ✏️ Foot care has changed."]
    )  # fmt: skip
    told_in_new_york = [post.text.splitlines()[2] for post in town.private(speaker).posts if "⏰" in post.text]
    assert {line.split(" ", 4)[4].split("–")[0] for line in told_in_new_york} == {"8:00\u202fAM"}
    asked = [text.splitlines()[0] for text in town.private(town.organizer).texts]
    assert len([line for line in asked if "Clinic" in line]) >= 3

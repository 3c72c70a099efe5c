"""The demo's calendar: consultations every second week and a webinar every month, around the day on which it is started."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from bot import timetable
from bot.db import Database
from bot.features import consultations, people, webinars
from bot.features.people import Member
from bot.sandbox.world import World
from bot.settings import Settings
from bot.timetable import Kind, Part, Rhythm, SessionRow, What

LONG_AGO = timedelta(days=36)
"""A series that was planned so long before its next webinar has had exactly one."""

SOON = timedelta(days=2)
"""How long until the next consultation, and from there to the webinar; some days more over weekends and holidays."""

ROOM = "https://meeting.example.org/peer-support"
HINT = "☎ 400 000 0000, 618#"


def plan(world: World, settings: Settings, *, now: datetime) -> None:
    """Let the organizer have planned it long ago, with two people who signed up; what was due is told already."""
    database = Database(settings.database_url)
    with database.transaction() as db:
        members = {
            person.name: member
            for person in world.people.values()
            if (member := people.find(db, person.id)) is not None
        }
        day = _working_day(db, timetable.wall_of(now + SOON, timetable.ZONE).date())
        _consultations(db, members, day, now)
        _webinars(db, members, _working_day(db, day + SOON), now)
        for row in timetable.coming(db, now=now, limit=100):
            _settled(db, row, settings, now)
    database.close()


def _consultations(db: Session, members: Mapping[str, Member], day: date, now: datetime) -> None:
    """Every second week in the evening, two consultants side by side; one slot of the next is taken."""
    experts = [members["张敏"].id or 0, members["Sarah Lin"].id or 0]
    timetable.plan(
        db,
        kind=Kind.CONSULTATION,
        title={"en": "Peer support consultation", "zh_Hans": "同伴支持咨询会"},
        description={
            "en": "Twenty minutes with a consultant about what is on your mind in your programme.",
            "zh_Hans": "和咨询专家一对一聊二十分钟，聊聊您项目里遇到的事。",
        },
        rrule=Rhythm(every=2, weekdays=(day.weekday(),)).rule,
        first=datetime.combine(day, time(19)),
        minutes=90,
        zone=timetable.ZONE,
        by=members["赵磊"].id,
        now=now - timedelta(days=1),
        people=[(expert, Part.CONSULTANT) for expert in experts],
        link=ROOM,
        join_hint=HINT,
        slot_minutes=20,
        buffer_minutes=5,
    )
    for row in consultations.unarranged(db, now=now):
        consultations.arrange(db, row, now=now)
    first = timetable.upcoming(db, Kind.CONSULTATION, now=now, limit=1)[0]
    consultations.book(
        db,
        members["陳怡君"],
        first,
        starts_at=first.starts_at,
        consultant_id=experts[0],
        subject="第一位同伴支持者找到了，接下來怎麼一起開始？",
        now=now,
    )


def _webinars(db: Session, members: Mapping[str, Member], day: date, now: datetime) -> None:
    """Every month in the evening; last month's has its recording, and the next one people who are coming."""
    long_ago = now - LONG_AGO + (day - now.date())
    series = timetable.plan(
        db,
        kind=Kind.WEBINAR,
        title={"en": "Our monthly webinar", "zh_Hans": "每月网络讲座"},
        rrule=Rhythm(weekdays=(day.weekday(),), positions=(_position(day),)).rule,
        first=datetime.combine(long_ago.date(), time(19, 30)),
        minutes=60,
        zone=timetable.ZONE,
        by=members["赵磊"].id,
        now=long_ago,
        people=[(members["Sarah Lin"].id or 0, Part.SPEAKER)],
        link=ROOM,
        join_hint=HINT,
    )
    timetable.materialise(db, now=now)
    held, coming = timetable.sessions_of(db, series, now=long_ago)[:2]
    _named(db, held, "Finding your first peer supporter", "怎样找到第一位同伴支持者", now=long_ago)
    _described(
        db,
        coming,
        "What helps to listen first, and what to say instead of advice. With three short conversations to try.",
        "怎样先听对方说完，不急着给建议，还可以说些什么。会有三段小对话，大家一起练。",
        now=long_ago,
    )
    _named(db, coming, "Listening before advising", "先倾听，再建议", now=long_ago)
    _was_held(db, held, [members["Li Wei"], members["陳怡君"]], long_ago)
    timetable.join(db, coming, member_id=members["陳怡君"].id or 0, now=now)


def _working_day(db: Session, day: date) -> date:
    """This day, or the next on which everybody works as usual."""
    days = timetable.Days.of(db)
    while day.weekday() > 4 or days.is_free(day) or days.doubt(day) is not None:
        day += timedelta(days=1)
    return day


def _position(day: date) -> int:
    """Which one of its weekday in the month it is; the fifth is the last."""
    position = (day.day - 1) // 7 + 1
    return position if position < 5 else -1


def _named(db: Session, row: SessionRow, english: str, chinese: str, *, now: datetime) -> None:
    for language, title in (("en", english), ("zh_Hans", chinese)):
        timetable.set_text(db, row, What.TITLE, language, title, by=row.made_by, now=now)


def _described(db: Session, row: SessionRow, english: str, chinese: str, *, now: datetime) -> None:
    for language, text in (("en", english), ("zh_Hans", chinese)):
        timetable.set_text(db, row, What.DESCRIPTION, language, text, by=row.made_by, now=now)


def _was_held(db: Session, row: SessionRow, guests: list[Member], long_ago: datetime) -> None:
    """Its guests were there and said what they thought; recording and slides are with them."""
    for guest in guests:
        timetable.join(db, row, member_id=guest.id or 0, now=long_ago)
        timetable.attended(db, row, member_id=guest.id or 0, how="button", now=row.starts_at)
        for what, value in (("useful", 5), ("level", 2), ("trying", 3)):
            webinars.rate(db, row, guest, what=what, value=value, now=row.ends_at)
    row.recording = "https://video.example.org/first-peer-supporter"
    webinars.add_thing(row, {"title": "Slides · 课件", "url": "https://files.example.org/first-peer-supporter.pdf"})
    webinars.begin_sending(db, row, turn=1, now=row.ends_at)
    webinars.record(db, row.id or 0).reached = None
    for task in timetable.open_tasks(db, row):
        timetable.finish(task, now=row.ends_at)


def _settled(db: Session, row: SessionRow, settings: Settings, now: datetime) -> None:
    """Whoever leads it said yes, and what was due before now was told."""
    for person in timetable.people(db, row.id or 0):
        timetable.confirm(db, row, person.member_id, now=now)
    for step in timetable.reckon(db, row, usual=settings.ladder(row.kind), now=now):
        timetable.begin(db, step, now=now).done_at = now

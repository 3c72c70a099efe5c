"""Doubtful days: organizers are asked two cycles ahead, and decide; what is known of holidays they can put right."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot import outbox, timetable
from bot.errors import Outdated
from bot.features import attention, people
from bot.features.people import Member, Role
from bot.timetable import Days, Doubtful, OfficialDay, SessionRow, wall_of
from handlers._kit import Button, Deed, Moment, Request, Screen
from handlers.schedule._feature import Decide, Holidays, Home, SayDays, YearIsRight, feature
from handlers.schedule._fields import clashes_named, name_of
from handlers.schedule._session import card, ways_out
from handlers.schedule._words import doubt_in_words, icon, kind_name, lines, moment_in_words

_SHOWN = 20


@feature.tick(timedelta(hours=1))
def point_out(moment: Moment) -> None:
    """Ask about sessions of the next two cycles whose day may not be meant, each day once."""
    for one in timetable.doubtful(moment.db, now=moment.now):
        if not one.asked and (those := deciders(moment, one.row)):
            for member in those:
                _ask(moment, one, member)
            timetable.note_asked(moment.db, one, now=moment.now)


def deciders(deed: Deed, row: SessionRow) -> list[Member]:
    """Who planned it, while they are an organizer whom the bot can reach; otherwise all organizers."""
    organizers = people.reachable_organizers(deed.db)
    planner = [one for one in organizers if one.id == row.made_by]
    return planner or organizers


def _ask(deed: Deed, one: Doubtful, member: Member) -> None:
    t, row = deed.words(member), one.row
    title = timetable.title(deed.db, row, member.language) or kind_name(row.kind, t)
    why = doubt_in_words(one.doubt, Days.of(deed.db).name(one.day, member.language), t)
    text = lines(
        t("<b>{icon} {title}</b> is planned for a day that may not be meant:", icon=icon(row.kind), title=title),
        moment_in_words(row.starts_at, row.ends_at, row.zone, t),
        t("⚠️ {day}: {why}", day=t.day(one.day), why=why),
        "",
        t("What shall be done?"),
    )
    deed.post(
        Screen(text, buttons=ways_out(t, one, deed.db)),
        chat_id=member.telegram_id,
        key=f"schedule:doubt:{row.id}:{one.day}:{member.id}",
        about=_about(row),
        due_at=attention.after_quiet(attention.of(deed.db, member), member.timezone, deed.now),
        heeds=outbox.QUIET,
    )


def _about(row: SessionRow) -> str:
    return f"session:{row.id}:doubt"


@feature.tap(Decide, role=Role.ORGANIZER)
def decide(request: Request, tap: Decide) -> Screen:
    """Do what an organizer decided, once; raises CannotPlan, Outdated or SessionOver."""
    row, t = timetable.locked(request.db, tap.session), request.t
    timetable.refuse_over(row, request.now)
    day = timetable.day_of(row)
    if f"{day:%Y%m%d}" != tap.day or tap.how not in ("week", "work", "keep"):
        raise Outdated
    decided = timetable.decision(request.db, row, day)
    if decided is not None and decided.decision is not None:
        who = name_of(request.db, decided.by) if decided.by is not None else "…"
        return Screen(toast=t.label("{name} has decided on this already.", name=who), alert=True)
    timetable.decide(request.db, row, day, tap.how, by=request.me.id, now=request.now)
    outbox.void(request.db, about=_about(row), now=request.now)
    if tap.how == "keep":
        return card(request, row, edit=True, note=t("It stays as it is."))
    _move(request, row, timetable.a_week_later if tap.how == "week" else timetable.next_working_day)
    return card(request, row, edit=True, note=t("Moved. Whoever signed up is told."))


def _move(request: Request, row: SessionRow, where: timetable.Elsewhere) -> None:
    minutes = round((row.ends_at - row.starts_at).total_seconds() / 60)
    first = wall_of(where(request.db, row), row.zone)
    with clashes_named(request.db):
        timetable.move(request.db, row, first=first, minutes=minutes, zone=row.zone, by=request.me.id, now=request.now)
    request.hurry()


@feature.tick(timedelta(days=7))
def look_whether_published(moment: Moment) -> None:
    """Sessions of a year whose calendar was published meanwhile are provisional no longer."""
    timetable.recheck(moment.db, now=moment.now)


@feature.tap(Holidays, role=Role.ORGANIZER)
def holidays(request: Request, _tap: Holidays) -> Screen:
    """Which calendars are known, and what organizers said of days."""
    request.me.pending = None
    return overview(request, edit=True)


def overview(request: Request, *, edit: bool) -> Screen:
    """This year and the next, what was said of single days, and the ways to say more."""
    t, days = request.t, Days.of(request.db)
    year = wall_of(request.now, timetable.ZONE).year
    known = [
        t("{year}: published", year=one)
        if days.is_known(one)
        else t("{year}: not published yet, sessions are provisional", year=one)
        for one in (year, year + 1)
    ]
    said = timetable.said_days(request.db, now=request.now)[:_SHOWN]
    waits = [one for one in (year, year + 1) if not days.is_known(one)]
    buttons = [
        *[[Button(t.label("{year} is published and right here", year=one), YearIsRight(one))] for one in waits],
        [
            Button(t.label("Days that are free"), SayDays(free=True)),
            Button(t.label("Days that are worked"), SayDays(free=False)),
        ],
        [Button("‹ " + t.label("Back"), Home(0))],
    ]
    text = lines(
        t("<b>Public holidays in China</b>"),
        *known,
        *(_said(one, request) for one in said),
        "",
        t("Sessions on holidays, worked weekends and the day before a long holiday are pointed out."),
    )
    return Screen(text, buttons=buttons, edit=edit)


def _said(one: OfficialDay, request: Request) -> str:
    t = request.t
    day = t.day(datetime.fromisoformat(one.day).date())
    return t("• {day}: free", day=day) if one.free else t("• {day}: worked", day=day)


@feature.tap(YearIsRight, role=Role.ORGANIZER)
def year_is_right(request: Request, tap: YearIsRight) -> Screen:
    """An organizer has looked at what the government published: what waited for it is settled."""
    year = wall_of(request.now, timetable.ZONE).year
    if tap.year not in (year, year + 1):
        raise Outdated
    timetable.say_year(request.db, tap.year, by=request.me.id, now=request.now)
    return overview(request, edit=True)


@feature.tap(SayDays, role=Role.ORGANIZER)
def ask_days(request: Request, tap: SayDays) -> Screen:
    """Ask for days that are free, or worked."""
    t = request.t
    request.me.expects("schedule.days", free=tap.free)
    words = (
        t("Which days are free? For example: 8 Feb, 9 Feb, 10 Feb.")
        if tap.free
        else t("Which days are worked? For example: 6 Feb, 20 Feb.")
    )
    return Screen(words, buttons=[[Button("‹ " + t.label("Back"), Holidays())]], edit=True)


@feature.step("days", role=Role.ORGANIZER)
def say_days(request: Request) -> Screen:
    """Take the days; raises CannotPlan, and they are asked for once more."""
    for day in timetable.read_days(request.text, now=request.now, zone=timetable.ZONE):
        timetable.say_day(request.db, day, free=bool(request.pending["free"]), by=request.me.id, now=request.now)
    return overview(request, edit=False)

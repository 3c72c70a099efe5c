"""The poster week in the organizers' calendar: shown among the dates, moved, and suggested twice a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import outbox
from bot.errors import Outdated
from bot.features import attention, people, programmes
from bot.features.attention import Kind
from bot.features.people import Member, Role
from bot.features.programmes import Answer, Poster, PosterWeek
from bot.outbox import Lane, receipt_of
from handlers import schedule
from handlers._kit import Button, Deed, Moment, Request, Screen, Tap
from handlers.programmes._feature import Shift, Week, feature
from handlers.programmes._week import (
    Present,
    author_of,
    invitation,
    mondays,
    question_to,
    today_of,
    week_screen,
)
from handlers.programmes._words import title_of
from handlers.schedule import Dated


@dataclass(frozen=True)
class ShiftTo(Tap, prefix="programmes.shiftto"):
    """Let the week begin on this Monday, in ISO form."""

    week: int
    first: str


def dates(request: Request) -> list[Dated]:
    """The week that is planned or under way."""
    week, t = programmes.current(request.db), request.t.of(feature.name)
    if week is None:
        return []
    starts = datetime.combine(week.first, time(), ZoneInfo(request.services.settings.timezone))
    return [Dated(starts, Button(t.label("📌 {day} · Poster week", day=t.day(week.first)), Week()))]


def way(request: Request) -> Button | None:
    """To plan one, where none is planned."""
    t = request.t.of(feature.name)
    return None if programmes.current(request.db) is not None else Button("📌 " + t.label("Plan a poster week"), Week())


schedule.show_also(dates, way)


@feature.tap(Shift, role=Role.ORGANIZER)
def shift(request: Request, tap: Shift) -> Screen:
    """When shall it begin instead?"""
    week, t = programmes.open_one(request.db, tap.week), request.t
    text = t("When shall the poster week begin, instead of {day}? Its authors hear of it.", day=t.day(week.first))
    buttons = [
        [Button("📅 " + t.label("Begin on {day}", day=t.day(day)), ShiftTo(tap.week, day.isoformat()))]
        for day in mondays(request)
        if day != week.first
    ]
    return Screen(text, buttons=[*buttons, [Button("‹ " + t.label("Back"), Week())]], edit=True)


@feature.tap(ShiftTo, role=Role.ORGANIZER)
def shift_to(request: Request, tap: ShiftTo) -> Screen:
    """Move it; who has agreed hears old → new, and who was asked reads the new day in the question."""
    try:
        first = date.fromisoformat(tap.first)
    except ValueError:
        raise Outdated from None
    week = programmes.open_one(request.db, tap.week)
    before = programmes.move(week, first=first, today=today_of(request))
    for one in programmes.posters_of(request.db, week) if before != first else ():
        author = author_of(request, programmes.get(request.db, one.programme_id))
        if author is not None and one.answer is Answer.YES:
            _tell_moved(request, week, one, author, before)
        elif author is not None and one.answer is Answer.ASKED:
            _ask_anew(request, week, one, author)
    return week_screen(request, edit=True)


def _tell_moved(request: Request, week: PosterWeek, one: Poster, author: Member, before: date) -> None:
    t, about = request.words(author), f"postermoved:{one.id}"
    day = programmes.days_of(request.db, week, today=today_of(request)).get(one.id or 0)
    name = title_of(programmes.view(programmes.get(request.db, one.programme_id), author), t)
    lines = [
        t("The poster week was moved: it begins on {new} instead of {old}.", new=t.day(week.first), old=t.day(before))
    ]
    if day is not None:
        lines.append(t("I present “{name}” on {day}.", name=name, day=t.day(day)))
    outbox.void(request.db, about=about, now=request.now)  # an earlier move that has not been told
    request.post(
        Screen(t.sentences(*lines), buttons=[[Button(t.label("Not this time"), Present(one.id or 0, False))]]),
        chat_id=author.telegram_id,
        key=f"{about}:{week.first}:{request.update_id}",
        lane=Lane.REMINDER,
        about=about,
        due_at=attention.moment(request.db, author, kind=Kind.COMMUNITY, now=request.now, asked_for=True),
    )


def _ask_anew(request: Request, week: PosterWeek, one: Poster, author: Member) -> None:
    """The question that has arrived is changed; one that waits for the morning is asked with the new day."""
    about, key = invitation(one), f"poster:{one.id}:invite:{week.first}:{request.update_id}"
    screen = question_to(request.words(author), week, one, programmes.get(request.db, one.programme_id))
    outbox.void(request.db, about=about, now=request.now)
    there = outbox.arrived(request.db, author.telegram_id, about=about, since=week.opened_at)
    if there:
        asked = there[-1].key or ""
        message_id = receipt_of(asked, "message_id")
        request.replace(screen, chat_id=author.telegram_id, message_id=message_id, key=key, about=about, needs=asked)
        return
    due_at = attention.moment(request.db, author, kind=Kind.COMMUNITY, now=request.now, asked_for=True)
    request.post(
        screen, chat_id=author.telegram_id, key=key, lane=Lane.REMINDER, about=about, due_at=due_at
    )  # counted when it was first asked


@feature.tick(timedelta(hours=1))
def suggest(moment: Moment) -> None:
    """Half a year after the last week the organizers hear once that another one would be good."""
    last = programmes.long_ago(moment.db, today=today_of(moment))
    if last is None:
        return
    told = [organizer for organizer in people.reachable_organizers(moment.db) if _suggest(moment, last, organizer)]
    if told:
        last.nudged_at = moment.now


def _suggest(deed: Deed, last: PosterWeek, organizer: Member) -> bool:
    at = attention.moment(deed.db, organizer, kind=Kind.COMMUNITY, now=deed.now)
    if at is None:
        return False
    t = deed.words(organizer)
    text = t(
        "📌 The last poster week was half a year ago: it began on {day}. Shall colleagues see a few cards again?",
        day=t.day(last.first),
    )
    button = Button("📌 " + t.label("Plan a poster week"), Week())
    key = f"posterweek:{last.id}:nudge:{organizer.id}"
    screen = Screen(text, buttons=[[button]])
    return deed.post(screen, chat_id=organizer.telegram_id, key=key, lane=Lane.REMINDER, due_at=at)

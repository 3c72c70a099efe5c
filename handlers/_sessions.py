"""What every feature says of a session in the same words: its name, when it is for the reader, how one joins.

Features that let people answer to sessions of a kind register their buttons with `answering`, so that announcements and
reminders carry them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlmodel import Session

from bot import timetable
from bot.features.people import Member
from bot.i18n import Translator
from bot.timetable import Attendee, Kind, Part, SessionRow
from handlers._kit import Button, Tap

Rows = list[list[Button]]
Answers = Callable[[SessionRow, Attendee | None, Translator, datetime], Rows]

_answers: dict[Kind, Answers] = {}


@dataclass(frozen=True)
class AddToCalendar(Tap, prefix="calendar.add"):
    """Give me this session as a file for my calendar, as it is now."""

    session_id: int


def answering(kind: Kind) -> Callable[[Answers], Answers]:
    """Register the buttons with which somebody says whether they come, from what they said and when it is read."""

    def register(buttons: Answers) -> Answers:
        if kind in _answers:
            raise ValueError(f"two features want the answers to a {kind}")
        _answers[kind] = buttons
        return buttons

    return register


def answers(session: SessionRow, mine: Attendee | None, t: Translator, *, at: datetime) -> Rows:
    """The buttons for what somebody says to a session, read `at` a moment; none while no feature has any."""
    found = _answers.get(session.kind)
    return found(session, mine, t, at) if found is not None else []


def add_button(session: SessionRow, t: Translator) -> Button:
    """The button that sends the session as a file for calendars."""
    return Button("📅 " + t.of("_sessions").label("Add to calendar"), AddToCalendar(session.id or 0))


def name(db: Session, session: SessionRow, t: Translator) -> str:
    """What the session is called, or at least what it is."""
    t = t.of("_sessions")
    usual = t.label("Webinar") if session.kind is Kind.WEBINAR else t.label("Consultation")
    return timetable.title(db, session, t.language) or usual


def speakers(db: Session, session: SessionRow) -> str:
    """Who speaks: as the organizers wrote it, or the members who do."""
    if session.speaker:
        return session.speaker
    found = [db.get(Member, person.member_id) for person in timetable.people(db, session.id or 0, Part.SPEAKER)]
    return ", ".join(member.shown_name for member in found if member is not None)


def when(starts_at: datetime, ends_at: datetime, t: Translator, *, home: str) -> Markup:
    """Day and time on the reader's clock, and below on the community's where that shows something else."""
    t = t.of("_sessions")
    theirs = t("🗓 {begin}–{end}, {zone}", begin=t.when(starts_at), end=t.time(ends_at), zone=clock_name(t.zone, t))
    if _same_clock(t.zone, home, starts_at):
        return theirs
    here = Translator(t.language, t.context, home)
    return (
        theirs
        + Markup("\n")
        + t("{zone}: {begin}–{end}", zone=clock_name(home, t), begin=here.when(starts_at), end=here.time(ends_at))
    )


def _same_clock(one: str, other: str, at: datetime) -> bool:
    return at.astimezone(ZoneInfo(one)).utcoffset() == at.astimezone(ZoneInfo(other)).utcoffset()


def clock_name(zone: str, t: Translator) -> str:
    """Whose clock it is: Beijing time, or that of another city."""
    t = t.of("_sessions")
    if zone in ("Asia/Shanghai", "Asia/Chongqing", "PRC"):
        return t.label("Beijing time")
    return t.label("{city} time", city=t.city(zone))


def shows_link(session: SessionRow, at: datetime) -> bool:
    """Whether the link helps at that moment: from the day before until the end."""
    return bool(session.link) and session.starts_at - timetable.LINK_FROM <= at < session.ends_at


def how_to_join(session: SessionRow, t: Translator, *, at: datetime) -> Markup:
    """The link once it helps, and what helps where it does not open; only for those who may see it. "" with neither."""
    t = t.of("_sessions")
    lines = []
    if shows_link(session, at):
        lines.append(t('🔗 Join here: <a href="{link}">{link}</a>', link=session.link))
        if session.join_hint:
            lines.append(t("If the link does not open: {hint}", hint=session.join_hint))
        return Markup("\n").join(lines)
    if session.link:
        lines.append(Markup("{}").format(link_comes(t)))
    if session.join_hint:
        lines.append(t("How to join: {hint}", hint=session.join_hint))
    return Markup("\n").join(lines)


def link_comes(t: Translator) -> str:
    """When the link is shown to those who may see it, while it is not."""
    return t.of("_sessions").label("The link comes the day before.")


def remaining(until: timedelta, starts_at: datetime, t: Translator) -> str:
    """How long it is still until a session that begins at `starts_at`, as people say it."""
    t = t.of("_sessions")
    minutes = max(1, round(until.total_seconds() / 60))
    if minutes < 90 and minutes != 60:
        return t.n("in {n} minute", "in {n} minutes", minutes).unescape()
    if minutes < 12 * 60:
        return t.n("in {n} hour", "in {n} hours", round(minutes / 60)).unescape()
    zone = ZoneInfo(t.zone)
    days = (starts_at.astimezone(zone).date() - (starts_at - until).astimezone(zone).date()).days
    if days == 0:
        return t.label("today")
    if days == 1:
        return t.label("tomorrow")
    return t.n("in {n} day", "in {n} days", days).unescape()

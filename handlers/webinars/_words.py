"""A webinar in words: its title, when it is, how one joins, what somebody is to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlmodel import Session

from bot import timetable
from bot.features.people import Member
from bot.i18n import Translator, html
from bot.timetable import Part, SessionRow, Standing, State
from handlers._kit import Deed, as_html

LINK_OPENS = timedelta(hours=1)
"""How long before a webinar those who come see its link."""

FILE = "file"
"""What stands for the recording's address when the recording is a file of Telegram's; the file is with the materials."""


def title(db: Session, session: SessionRow, t: Translator) -> str:
    """What it is called, in the reader's language where there is a title in it."""
    return timetable.title(db, session, t.language) or t.label("Webinar")


def speakers(db: Session, session: SessionRow) -> str:
    """Who speaks: as the organizers wrote it, or the members who do."""
    if session.speaker:
        return session.speaker
    found = [db.get(Member, person.member_id) for person in timetable.people(db, session.id or 0, Part.SPEAKER)]
    return ", ".join(member.shown_name for member in found if member is not None)


def when(deed: Deed, session: SessionRow, t: Translator) -> Markup:
    """Day and time in Beijing, or wherever the community lives; where the reader's clock differs, on theirs as well."""
    home = replace(t, zone=deed.services.settings.timezone)
    lines = [t("{span} ({zone} time)", span=span(session, home), zone=zone_name(home))]
    if _differs(session.starts_at, t.zone, home.zone):
        lines.append(t("for you: {span} ({zone} time)", span=span(session, t), zone=zone_name(t)))
    return Markup("\n").join(lines)


def span(session: SessionRow, t: Translator) -> str:
    """Weekday, day, and from when to when."""
    same = _day(session.starts_at, t) == _day(session.ends_at, t)
    return f"{t.when(session.starts_at)}–{t.time(session.ends_at) if same else t.when(session.ends_at)}"


def _day(moment: datetime, t: Translator) -> object:
    return moment.astimezone(ZoneInfo(t.zone)).date()


def _differs(moment: datetime, zone: str, other: str) -> bool:
    return moment.astimezone(ZoneInfo(zone)).utcoffset() != moment.astimezone(ZoneInfo(other)).utcoffset()


def zone_name(t: Translator) -> str:
    """The city whose clock it is."""
    names = {
        "Asia/Shanghai": t.label("Beijing"),
        "Asia/Hong_Kong": t.label("Hong Kong"),
        "Asia/Taipei": t.label("Taipei"),
        "Asia/Singapore": t.label("Singapore"),
    }
    return names.get(t.zone, t.zone.rpartition("/")[2].replace("_", " "))


def standing_line(standing: Standing | None, position: int | None, t: Translator) -> Markup:
    """What somebody is to it; empty for who has not said anything."""
    if standing is Standing.COMING:
        return t("✓ You are coming.")
    if standing is Standing.MAYBE:
        return t("You said: maybe.")
    if standing is Standing.WAITING:
        return t("⏳ It is full. You are number {n} on the waiting list.", n=t.number(position or 1))
    if standing is Standing.DECLINED:
        return t("You said that you cannot come.")
    return Markup()


def places(deed: Deed, session: SessionRow, t: Translator) -> Markup:
    """How many places are left, where they are limited."""
    left = timetable.free(deed.db, session)
    if left is None or session.starts_at <= deed.now:
        return Markup()
    if left == 0:
        waiting = len(timetable.waiting(deed.db, session.id or 0))
        if waiting:
            return t.n("All places are taken; {n} person waits.", "All places are taken; {n} people wait.", waiting)
        return t("All places are taken.")
    return t.n("{n} place is free.", "{n} places are free.", left)


def way_in(deed: Deed, session: SessionRow, standing: Standing | None, t: Translator) -> Markup:
    """How to join: the link for those who come and once it is time, and what to do where it does not open."""
    lines = []
    if standing is not Standing.COMING:
        lines.append(t("The link is for those who come; it appears here an hour before."))
    elif not session.link:
        lines.append(t("The link will be here an hour before."))
    elif deed.now < session.starts_at - LINK_OPENS:
        lines.append(t("The link appears here at {when}.", when=t.when(session.starts_at - LINK_OPENS)))
    else:
        lines.append(t("🔗 {link}", link=html(session.link)))
    if session.join_hint and standing is Standing.COMING:
        lines.append(t("If it does not open: {hint}", hint=as_html(session.join_hint, None)))
    return Markup("\n").join(lines)


def state_line(session: SessionRow, t: Translator, *, now: datetime) -> Markup:
    """That it was cancelled, is going on, or is over; empty while it is to come."""
    if session.state is State.CANCELLED:
        if session.reason:
            return t("🚫 <b>This webinar was cancelled:</b> {reason}", reason=session.reason)
        return t("🚫 <b>This webinar was cancelled.</b>")
    if session.ends_at <= now:
        return t("This webinar is over.")
    return t("🔴 <b>It is going on now.</b>") if session.starts_at <= now else Markup()

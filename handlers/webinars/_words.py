"""A webinar in words: who speaks, how one joins, what somebody is to it, how many places are left."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup
from sqlmodel import Session

from bot import timetable
from bot.i18n import Translator
from bot.timetable import SessionRow, Standing, State
from handlers import _sessions
from handlers._kit import Deed

FILE = "file"
"""What stands for the recording's address when the recording is a file of Telegram's; the file is with the materials."""


def title(db: Session, session: SessionRow, t: Translator) -> str:
    """What it is called, in the reader's language where there is a title in it."""
    return _sessions.name(db, session, t)


def when(deed: Deed, session: SessionRow, t: Translator) -> Markup:
    """Day and time on the reader's clock, and on the community's where that shows something else."""
    return _sessions.when(session.starts_at, session.ends_at, t, home=deed.services.settings.timezone)


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


def way_in(deed: Deed, session: SessionRow, t: Translator, *, privy: bool) -> Markup:
    """How to join, for those who come or lead it, once it is time; the others read what to do for it."""
    if not privy:
        return t("The link is for those who come: it is here from the day before.")
    if not session.link and not session.join_hint:
        return t("The organizers will add the link; it is here from the day before.")
    return _sessions.how_to_join(session, t, at=deed.now)


def state_line(session: SessionRow, t: Translator, *, now: datetime) -> Markup:
    """That it was cancelled, is going on, or is over; empty while it is to come."""
    if session.state is State.CANCELLED:
        if session.reason:
            return t("🚫 <b>This webinar was cancelled:</b> {reason}", reason=session.reason)
        return t("🚫 <b>This webinar was cancelled.</b>")
    if session.ends_at <= now:
        return t("This webinar is over.")
    return t("🔴 <b>It is going on now.</b>") if session.starts_at <= now else Markup()

"""Sessions as events in somebody's calendar, in their language, with what they may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot import timetable
from bot.features.people import Member
from bot.i18n import Translator
from bot.settings import Settings
from bot.timetable import Appointment, CalendarEvent, CalendarFile, Standing, State
from handlers import _sessions
from handlers.calendar._feature import feature


def one(db: Session, appointment: Appointment, t: Translator, *, organizer: str, now: datetime) -> CalendarFile:
    """One session as a file; a cancelled one takes itself out of the calendar."""
    event = _event(db, appointment, t, now)
    cancelled = event.status == "CANCELLED"
    return timetable.calendar_file(
        [event],
        organizer=organizer,
        changed_at=event.changed_at,
        method="CANCEL" if cancelled else "PUBLISH",
    )


def feed(db: Session, settings: Settings, token: str, *, organizer: str, now: datetime) -> CalendarFile | None:
    """What a feed's address gives; None for one that is unknown or revoked."""
    found = timetable.feed_of(db, token)
    if found is None:
        return None
    if found.member_id is None:
        t = Translator(settings.language, feature.name, settings.timezone)
        known = timetable.public_appointments(db, now=now)
        return _feed(db, known, t, t.label("Small Wins: sessions"), organizer, [found.made_at], now)
    member = db.get_one(Member, found.member_id)
    t = Translator(member.language, feature.name, member.timezone)
    known = timetable.appointments(db, found.member_id, now=now)
    said = timetable.last_change(db, found.member_id) or found.made_at
    return _feed(db, known, t, t.label("Small Wins: my sessions"), organizer, [found.made_at, said], now)


def _feed(
    db: Session,
    appointments: Sequence[Appointment],
    t: Translator,
    name: str,
    organizer: str,
    changes: Sequence[datetime],
    now: datetime,
) -> CalendarFile:
    events = [_event(db, each, t, now) for each in appointments]
    changed_at = max([*changes, *(event.changed_at for event in events)])
    return timetable.calendar_file(events, organizer=organizer, changed_at=changed_at, name=name)


def _event(db: Session, appointment: Appointment, t: Translator, now: datetime) -> CalendarEvent:
    session, mine = appointment.session, appointment.mine
    own = mine if mine is not None and mine.starts_at is not None else None
    since = session.starts_at - timetable.LINK_FROM
    link = session.link if appointment.privy and since <= now else None
    hint = session.join_hint if appointment.privy else None
    later = _sessions.link_comes(t) if appointment.privy and session.link and link is None else None
    parts = (timetable.description(db, session, t.language), session.speaker, link, later, hint)
    return CalendarEvent(
        uid=session.uid if own is None else f"{own.id}-{session.uid}",
        sequence=session.sequence if own is None else _sequence_of_slot(appointment),
        starts_at=own.starts_at if own is not None and own.starts_at is not None else session.starts_at,
        ends_at=own.ends_at if own is not None and own.ends_at is not None else session.ends_at,
        zone=session.zone,
        title=_sessions.name(db, session, t),
        planned_at=session.created_at,
        changed_at=max(appointment.changed_at, since) if link else appointment.changed_at,
        status=_status(appointment),
        description="\n".join(part for part in parts if part),
        place=link or hint or "",
        link=link,
    )


def _sequence_of_slot(appointment: Appointment) -> int:
    """Rises with every other slot that somebody takes, and with every change of the session."""
    session, mine = appointment.session, appointment.mine
    taken_after = int((mine.since - session.created_at).total_seconds()) if mine is not None else 0
    return session.sequence + max(0, taken_after)


def _status(appointment: Appointment) -> timetable.Status:
    if appointment.session.state is State.CANCELLED:
        return "CANCELLED"
    undecided = appointment.mine is not None and appointment.mine.standing is Standing.MAYBE
    return "TENTATIVE" if undecided and not appointment.leads else "CONFIRMED"

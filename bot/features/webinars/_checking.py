"""Being there: by button, by the code word that the speaker shows, by the organizer's hand, by the meeting's list."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from bot import timetable
from bot.errors import Outdated, SessionOver, TooEarly, TooManyAttempts
from bot.features.people import Member
from bot.features.webinars._matching import Line
from bot.features.webinars._records import record, running
from bot.features.webinars._tables import Attempt, Import, Minutes
from bot.timetable import Attendee, SessionRow, State

OPENS = timedelta(minutes=15)
"""How long before a webinar one can check in."""

ATTEMPTS = 8
"""Code words that one person may try: a stranger who guesses finds one of ten thousand in 0.08% of the cases."""

IMPORT_KEPT = timedelta(days=1)


def opens_at(session: SessionRow) -> datetime:
    """From when on one can check in."""
    return session.starts_at - OPENS


def can_check_in(session: SessionRow, *, now: datetime) -> bool:
    """Whether one can check in now."""
    return session.state is not State.CANCELLED and opens_at(session) <= now <= session.ends_at


def check_in(db: Session, session: SessionRow, member: Member, *, how: str, now: datetime) -> bool:
    """Note that somebody is there; False when that is known. Raises SessionOver or TooEarly."""
    if session.state is State.CANCELLED or now > session.ends_at:
        raise SessionOver(cancelled=session.state is State.CANCELLED)
    if now < opens_at(session):
        raise TooEarly(opens_at(session))
    before = timetable.attendee(db, session.id or 0, member.id or 0)
    if before is not None and before.attended_at is not None:
        return False
    timetable.attended(db, session, member_id=member.id or 0, how=how, now=now)
    return True


def new_code(db: Session, session: SessionRow, wanted: str | None = None) -> str:
    """Give a webinar a code word of four digits, the one that is wanted or one by chance; raises Outdated for others."""
    if wanted is not None and not (len(wanted) == 4 and wanted.isascii() and wanted.isdigit()):
        raise Outdated
    kept = record(db, session.id or 0)
    kept.code = wanted or f"{secrets.randbelow(10_000):04}"
    db.execute(delete(Attempt).where(col(Attempt.session_id) == session.id))
    return kept.code


def code_of(db: Session, session: SessionRow) -> str:
    """The webinar's code word, made when it is first asked for."""
    return record(db, session.id or 0).code or new_code(db, session)


def with_code(db: Session, *, now: datetime) -> list[SessionRow]:
    """Webinars at which one can check in now with a code word."""
    found = running(db, now=now, opened=now + OPENS)
    return [session for session in found if record(db, session.id or 0).code is not None]


def try_code(db: Session, sessions: Sequence[SessionRow], member: Member, code: str) -> SessionRow | None:
    """The one of these webinars that has this code word, or None. Raises TooManyAttempts after too many wrong ones."""
    attempts = [_attempts(db, session, member) for session in sessions]
    if attempts and all(attempt.wrong >= ATTEMPTS for attempt in attempts):
        raise TooManyAttempts
    for session, attempt in zip(sessions, attempts, strict=True):
        if attempt.wrong < ATTEMPTS and record(db, session.id or 0).code == code:
            return session
    for attempt in attempts:
        attempt.wrong += 1
    return None


def _attempts(db: Session, session: SessionRow, member: Member) -> Attempt:
    found = db.get(Attempt, (session.id, member.id))
    if found is None:
        found = Attempt(session_id=session.id or 0, member_id=member.id or 0)
        db.add(found)
    return found


def toggle(db: Session, session: SessionRow, member: Member, *, now: datetime) -> Attendee:
    """The organizer corrects whether somebody was there."""
    before = timetable.attendee(db, session.id or 0, member.id or 0)
    was_there = before is None or before.attended_at is None
    how = "organizer"
    return timetable.attended(db, session, member_id=member.id or 0, how=how, now=now, was_there=was_there)


def begin_import(db: Session, session: SessionRow, lines: Sequence[Line], *, by: Member, now: datetime) -> Import:
    """Keep a list that was read, for its review; an earlier one of the same organizer and webinar goes."""
    db.execute(delete(Import).where(col(Import.session_id) == session.id, col(Import.made_by) == by.id))
    rows = [line.as_json() for line in lines]
    begun = Import(session_id=session.id or 0, made_by=by.id or 0, rows=rows, made_at=now)
    db.add(begun)
    db.flush()
    return begun


def get_import(db: Session, import_id: int, by: Member) -> Import:
    """The list that this organizer reviews; raises Outdated when it is done with, or somebody else's."""
    found = db.get(Import, import_id)
    if found is None or found.made_by != by.id:
        raise Outdated
    return found


def lines(begun: Import) -> list[Line]:
    """The list's lines."""
    return [Line(**row) for row in begun.rows]


def decide(begun: Import, number: int, member_id: int) -> None:
    """Say who a line is: one of its choices, or with 0 nobody whom we know. Raises Outdated."""
    rows = lines(begun)
    if not 0 <= number < len(rows) or member_id not in (0, *rows[number].choices):
        raise Outdated
    rows[number].member, rows[number].choices = member_id or None, []
    begun.rows = [line.as_json() for line in rows]


def finish_import(db: Session, begun: Import, session: SessionRow, *, now: datetime) -> int:
    """Note everybody whose name is clear, with their minutes; gives how many were not noted before."""
    new, counted = 0, dict[int, int]()
    for line in lines(begun):
        if line.member is None or db.get(Member, line.member) is None:
            continue
        before = timetable.attendee(db, session.id or 0, line.member)
        new += before is None or before.attended_at is None
        timetable.attended(db, session, member_id=line.member, how="import", now=now)
        counted[line.member] = counted.get(line.member, 0) + (line.minutes or 0)
    for member_id, minutes in counted.items():
        if minutes:
            db.merge(Minutes(session_id=session.id or 0, member_id=member_id, minutes=minutes))
    db.delete(begun)
    db.flush()
    return new


def end_import(db: Session, begun: Import) -> None:
    """Throw a list away that nobody wants to store."""
    db.delete(begun)
    db.flush()


def minutes(db: Session, session_id: int) -> dict[int, int]:
    """How long members were at a webinar, as far as the meeting software said."""
    query = select(Minutes.member_id, Minutes.minutes).where(Minutes.session_id == session_id)
    return dict(db.exec(query).all())


def prune(db: Session, *, now: datetime) -> None:
    """Lists that nobody finished reviewing hold names of strangers: they go after a day."""
    db.execute(delete(Import).where(col(Import.made_at) < now - IMPORT_KEPT))

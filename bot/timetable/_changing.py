"""Changing one session: every change is written down, and calendars and people are told of those that matter to them.

A change with `told_at` still None is to be told to those concerned; one that nobody needs to hear of is told at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.errors import CannotPlan, Outdated, SessionOver
from bot.timetable._clashes import refuse_clashes
from bot.timetable._holding import hold
from bot.timetable._holidays import is_provisional
from bot.timetable._planning import (
    TEXT_LIMIT,
    TITLE_LIMIT,
    People,
    checked_link,
    checked_people,
    checked_texts,
    checked_time,
)
from bot.timetable._recurrence import Occurrence
from bot.timetable._tables import Attendee, Part, SessionChange, SessionPerson, SessionRow, State
from bot.timetable._tasks import redate, settle


class What(StrEnum):
    """What of a session was changed. `old` and `new` are its values as text.

    STARTS and ENDS are moments in ISO form, PEOPLE the members' ids with commas, CANCELLED has the reason as its new
    value. Texts by language are `title.en` and so on, made by `text_change`.
    """

    STARTS = "starts_at"
    ENDS = "ends_at"
    LINK = "link"
    JOIN = "join_hint"
    PEOPLE = "people"
    SPEAKER = "speaker"
    CANCELLED = "cancelled"
    TITLE = "title"
    DESCRIPTION = "description"
    CAPACITY = "capacity"
    SLOTS = "slots"


LOUD = frozenset({What.STARTS, What.ENDS, What.LINK, What.JOIN, What.PEOPLE, What.SPEAKER, What.CANCELLED})
"""What people have to hear of; a typo in the text is mended silently."""

LINE_LIMIT = 300
CAPACITY_LIMIT = 10_000

_COLUMNS = {What.LINK: "link", What.JOIN: "join_hint", What.SPEAKER: "speaker", What.CAPACITY: "capacity"}


def column_of(what: What) -> str:
    """The column that holds a simple value, on a session as on its series."""
    return _COLUMNS[what]


def locked(db: Session, session_id: int) -> SessionRow:
    """The session, kept from others until this transaction ends; raises Outdated when there is none."""
    row = db.exec(select(SessionRow).where(SessionRow.id == session_id).with_for_update()).one_or_none()
    if row is None:
        raise Outdated
    return row


def version(db: Session, row: SessionRow) -> int:
    """A number that rises with every change, so that whoever decides on an old sight of it is noticed."""
    return db.exec(select(func.max(SessionChange.id)).where(SessionChange.session_id == row.id)).one() or 0


def changes(db: Session, row: SessionRow, *, since: int = 0) -> list[SessionChange]:
    """What was changed of a session, the newest first; only what is newer than a version."""
    query = select(SessionChange).where(SessionChange.session_id == row.id, col(SessionChange.id) > since)
    return list(db.exec(query.order_by(col(SessionChange.id).desc())))


def move(
    db: Session, row: SessionRow, *, first: datetime, minutes: int, zone: str, by: int | None, now: datetime
) -> bool:
    """Hold it at another wall time; whether that is a change. Raises CannotPlan or SessionOver."""
    one = checked_time(first, minutes, zone, now=now)
    people = [person.member_id for person in _people(db, row)]
    refuse_clashes(db, people, one, now=now, but=[row.id or 0])
    return move_to(db, row, one, zone, by=by, now=now)


def move_to(db: Session, row: SessionRow, one: Occurrence, zone: str, *, by: int | None, now: datetime) -> bool:
    """The same for a time that was looked at already; what people booked of it moves along."""
    refuse_over(row, now)
    before, later = (row.starts_at, row.ends_at), one.starts_at - row.starts_at
    row.starts_at, row.ends_at, row.zone = one.starts_at, one.ends_at, zone
    if before == (one.starts_at, one.ends_at):
        return False
    for part in db.exec(select(Attendee).where(Attendee.session_id == row.id, col(Attendee.starts_at).is_not(None))):
        part.starts_at, part.ends_at = _later(part.starts_at, later), _later(part.ends_at, later)
    for person in _people(db, row):
        person.confirmed_at = None  # they said yes to another time
    row.provisional = is_provisional(db, row)
    redate(db, row)
    for what, old, new in ((What.STARTS, before[0], one.starts_at), (What.ENDS, before[1], one.ends_at)):
        if old != new:
            record(db, row, what, old=old.isoformat(), new=new.isoformat(), by=by, now=now)
    return True


def set_value(
    db: Session, row: SessionRow, what: What, value: str | int | None, *, by: int | None, now: datetime
) -> bool:
    """Change link, way to join, speaker or capacity; whether that is a change. Raises CannotPlan or SessionOver."""
    refuse_over(row, now)
    value, old = checked_value(what, value), getattr(row, _COLUMNS[what])
    if value == old:
        return False
    setattr(row, _COLUMNS[what], value)
    record(db, row, what, old=_as_text(old), new=_as_text(value), by=by, now=now)
    settle(db, row, now=now)
    return True


def checked_value(what: What, value: str | int | None) -> str | int | None:
    """The value as it is kept; raises CannotPlan for one that cannot be."""
    if what is What.CAPACITY:
        if value is not None and not 1 <= int(value) <= CAPACITY_LIMIT:
            raise CannotPlan("number")
        return None if value is None else int(value)
    line = str(value).strip() or None if value is not None else None
    if what is What.LINK:
        return checked_link(line)
    if line is not None and len(line) > LINE_LIMIT:
        raise CannotPlan("text", limit=LINE_LIMIT, length=len(line))
    return line


def set_text(
    db: Session, row: SessionRow, what: What, language: str, text: str, *, by: int | None, now: datetime
) -> bool:
    """Give the session a title or a description of its own in one language; nobody is told. Raises as `set_value`."""
    refuse_over(row, now)
    texts: dict[str, str] = getattr(row, what) or {}
    new = checked_texts(texts | {language: text}, TITLE_LIMIT if what is What.TITLE else TEXT_LIMIT)
    if new == texts:
        return False
    setattr(row, what, new or None)
    record(db, row, text_change(what, language), old=texts.get(language), new=new.get(language), by=by, now=now)
    settle(db, row, now=now)
    return True


def text_change(what: What, language: str) -> str:
    """What a change of a text in one language is called."""
    return f"{what}.{language}"


def set_people(db: Session, row: SessionRow, people: People, *, by: int | None, now: datetime) -> bool:
    """Put others on the session; who stays keeps their word. Raises CannotPlan or SessionOver."""
    refuse_over(row, now)
    wanted = set(checked_people(people))
    before = _people(db, row)
    there = {(person.member_id, person.part) for person in before}
    if wanted == there:
        return False
    new = [member for member, part in wanted - there]
    refuse_clashes(db, new, _span(row), now=now, but=[row.id or 0])
    for person in before:
        if (person.member_id, person.part) not in wanted:
            db.delete(person)
    db.add_all(SessionPerson(session_id=row.id or 0, member_id=id_, part=part) for id_, part in wanted - there)
    db.flush()
    record(db, row, What.PEOPLE, old=ids_text(there), new=ids_text(wanted), by=by, now=now)
    settle(db, row, now=now)
    return True


def ids_text(people: set[tuple[int, Part]]) -> str:
    """Members' ids as they are written into a change."""
    return ",".join(str(id_) for id_ in sorted({member for member, _part in people}))


def set_slots(db: Session, row: SessionRow, minutes: int | None, buffer: int, *, by: int | None, now: datetime) -> bool:
    """Change how long a slot is and the pause after each; nobody is told, since booked slots stay."""
    refuse_over(row, now)
    minutes, buffer = checked_slots(minutes, buffer)
    old = (row.slot_minutes, row.buffer_minutes)
    if old == (minutes, buffer):
        return False
    row.slot_minutes, row.buffer_minutes = minutes, buffer
    record(db, row, What.SLOTS, old=_slots_text(*old), new=_slots_text(minutes, buffer), by=by, now=now)
    return True


def checked_slots(minutes: int | None, buffer: int) -> tuple[int | None, int]:
    """The same; raises CannotPlan for slots and pauses that make no sense."""
    if (minutes is not None and not 5 <= minutes <= 240) or not 0 <= buffer <= 60:
        raise CannotPlan("number")
    return minutes, buffer


def _slots_text(minutes: int | None, buffer: int) -> str:
    return f"{minutes or 0}+{buffer}"


def cancel(db: Session, row: SessionRow, *, reason: str | None, by: int | None, now: datetime) -> None:
    """It does not take place, and nothing more is sent of it but that. Raises SessionOver."""
    refuse_over(row, now)
    row.state, row.reason = State.CANCELLED, reason
    record(db, row, What.CANCELLED, old=None, new=reason, by=by, now=now)


def record(
    db: Session, row: SessionRow, what: str, *, old: str | None, new: str | None, by: int | None, now: datetime
) -> None:
    """Write a change down; one that people must know of raises the session's sequence and waits to be told."""
    loud = what in LOUD
    row.changed_at, row.own = now, True
    if loud:
        row.sequence += 1
    told_at = None if loud else now
    db.add(SessionChange(session_id=row.id or 0, what=what, old=old, new=new, by=by, at=now, told_at=told_at))
    db.flush()
    if loud:
        hold(db, row, now=now)


def _as_text(value: str | int | None) -> str | None:
    return None if value is None else str(value)


def refuse_over(row: SessionRow, now: datetime) -> None:
    """Raise SessionOver for a session of which nothing changes any more."""
    if row.state is State.CANCELLED or row.ends_at <= now:
        raise SessionOver(cancelled=row.state is State.CANCELLED)


def _people(db: Session, row: SessionRow) -> list[SessionPerson]:
    return list(db.exec(select(SessionPerson).where(SessionPerson.session_id == row.id)))


def _span(row: SessionRow) -> Occurrence:
    return Occurrence(datetime.fromisoformat(row.occurrence), row.starts_at, row.ends_at, shifted=False)


def _later(moment: datetime | None, by: timedelta) -> datetime | None:
    return moment + by if moment is not None else None

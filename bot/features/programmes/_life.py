"""A card's life: begun, filled in field by field, published, confirmed, handed on, taken away."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, update
from sqlmodel import Session, col, select

from bot.errors import CardUnfit, NotYours, Outdated
from bot.features.people import Member
from bot.features.programmes import _fields
from bot.features.programmes._fields import FIELDS
from bot.features.programmes._finding import reindex
from bot.features.programmes._tables import (
    Level,
    Poster,
    PosterKudos,
    PosterQuestion,
    PosterWeek,
    Programme,
    ProgrammeHiding,
    ProgrammeReport,
    ProgrammeSearch,
)
from bot.features.programmes._weeks import step_back

CARDS = 5
"""How many cards somebody may have."""

QUARTER = timedelta(days=91)
WEEK = timedelta(days=7)
_LARGEST_ID = 2**31 - 1
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def of(db: Session, member: Member) -> list[Programme]:
    """The programmes that somebody runs, drafts included, the oldest first."""
    theirs = or_(col(Programme.owner_id) == member.id, col(Programme.co_owner_id) == member.id)
    return list(db.exec(select(Programme).where(theirs).order_by(col(Programme.id))))


def get(db: Session, programme_id: int) -> Programme:
    """The programme with this id; raises Outdated when there is none."""
    found = db.get(Programme, programme_id) if 0 < programme_id <= _LARGEST_ID else None
    if found is None:
        raise Outdated
    return found


def own(db: Session, programme_id: int, member: Member) -> Programme:
    """The member's own programme, to be changed; raises Outdated or NotYours."""
    programme = get(db, programme_id)
    if member.id not in (programme.owner_id, programme.co_owner_id):
        raise NotYours("")
    db.refresh(programme, with_for_update=True)
    return programme


def begin(db: Session, member: Member, *, now: datetime) -> Programme:
    """A new card, or the one that the member has not filled in to its end; raises CardUnfit."""
    mine = of(db, member)
    if (draft := next((one for one in mine if one.at is not None), None)) is not None:
        return draft
    if len(mine) >= CARDS:
        raise CardUnfit("many")
    made = Programme(owner_id=member.id or 0, at=FIELDS[0], created_at=now, changed_at=now)
    db.add(made)
    db.flush()
    return made


def write(db: Session, programme: Programme, field: str, text: str, *, now: datetime, today: date) -> None:
    """Fill a field in with words; raises CardUnfit, TextTooLong, Unclear or Outdated."""
    keep(db, programme, field, _fields.read(field, text, today=today), now=now)


def choose(db: Session, programme: Programme, field: str, choice: str, *, now: datetime) -> None:
    """Fill a field in with a button: the one, or one more or less; raises Outdated."""
    keep(db, programme, field, _fields.turn(field, programme.fields.get(field), choice), now=now)


def hang(db: Session, programme: Programme, file_id: str, kind: str, *, now: datetime) -> None:
    """Keep the poster: a photo, or a file that is a picture or a PDF, by Telegram's id."""
    keep(db, programme, "poster", {"file_id": file_id, "kind": kind}, now=now)


def clear(db: Session, programme: Programme, field: str, *, now: datetime) -> None:
    """Empty a field."""
    keep(db, programme, field, None, now=now)


def keep(db: Session, programme: Programme, field: str, value: Any, *, now: datetime) -> None:
    """Set a field to a value that was read; raises Outdated for a field that is none."""
    if field not in FIELDS:
        raise Outdated
    others = {name: said for name, said in programme.fields.items() if name != field}
    programme.fields = others | ({field: value} if value else {})
    _changed(db, programme, now)


def show(db: Session, programme: Programme, field: str, level: str, *, now: datetime) -> None:
    """Say who sees a field; raises Outdated."""
    if field not in FIELDS or level not in list(Level):
        raise Outdated
    programme.levels = programme.levels | {field: str(Level(level))}
    _changed(db, programme, now)


def _changed(db: Session, programme: Programme, now: datetime) -> None:
    programme.changed_at = now
    db.flush()
    reindex(db, programme)


def go_on(programme: Programme, field: str) -> str | None:
    """The field after this one in the guided entry, None at its end; kept, so that a pause costs nothing."""
    if field not in FIELDS:
        raise Outdated
    programme.at = next(iter(FIELDS[FIELDS.index(field) + 1 :]), None)
    return programme.at


def publish(db: Session, programme: Programme, *, now: datetime) -> None:
    """Let colleagues see the card; raises CardUnfit when there is nothing on it, or an organizer has hidden it."""
    if not programme.fields:
        raise CardUnfit("empty")
    if programme.hidden_at is not None:
        raise CardUnfit("hidden")
    programme.published_at, programme.at = programme.published_at or now, None
    confirm(programme, now=now)
    _changed(db, programme, now)


def withdraw(db: Session, programme: Programme, *, now: datetime) -> None:
    """Nobody but its owners sees the card any more, and it is not presented."""
    step_back(db, programme, now=now)
    programme.published_at = programme.remind_at = None
    _changed(db, programme, now)


def confirm(programme: Programme, *, now: datetime) -> None:
    """It is still true: nobody is asked for three months."""
    programme.confirmed_at = now
    programme.remind_at = now + QUARTER if programme.hidden_at is None else None


def due(db: Session, *, now: datetime, limit: int) -> list[Programme]:
    """Published cards whose owners are to be asked now whether they are still true."""
    query = select(Programme).where(col(Programme.remind_at) <= now).order_by(col(Programme.remind_at))
    return list(db.exec(query.limit(limit)))


def asked(programme: Programme, *, now: datetime, reached: bool) -> None:
    """The owner was asked, or could not be reached this time: then again in a week."""
    programme.remind_at = now + (QUARTER if reached else WEEK)


def code_of(db: Session, programme: Programme) -> str:
    """What a colleague writes to become co-owner; made when it is first wanted."""
    if programme.code is None:
        programme.code = "".join(secrets.choice(_LETTERS) for _ in range(10))
        db.flush()
    return programme.code


def join(db: Session, member: Member, code: str, *, now: datetime) -> Programme:
    """The colleague who has the code becomes co-owner, and the code is used up; raises CardUnfit for an unknown one."""
    query = select(Programme).where(Programme.code == code.strip().upper()).with_for_update()
    programme = db.exec(query).one_or_none()
    if programme is None or programme.owner_id == member.id:
        raise CardUnfit("code")
    programme.co_owner_id, programme.code = member.id, None
    _changed(db, programme, now)
    return programme


def leave_alone(db: Session, programme: Programme, *, now: datetime) -> None:
    """There is no co-owner any more, and no code for one."""
    programme.co_owner_id = programme.code = None
    _changed(db, programme, now)


def remove(db: Session, programme: Programme, *, now: datetime) -> None:
    """Delete the card with all that hangs on it."""
    step_back(db, programme, now=now)
    posters = select(Poster.id).where(Poster.programme_id == programme.id)
    db.execute(delete(PosterKudos).where(col(PosterKudos.poster_id).in_(posters)))
    db.execute(delete(PosterQuestion).where(col(PosterQuestion.poster_id).in_(posters)))
    for table in (Poster, ProgrammeReport, ProgrammeHiding):
        db.execute(delete(table).where(col(table.programme_id) == programme.id))
    programme.published_at = None
    reindex(db, programme)
    db.delete(programme)
    db.flush()


def forget(db: Session, member: Member, *, now: datetime) -> list[Programme]:
    """Somebody goes: a card with a co-owner passes to them, the others go. Gives those that were passed on."""
    passed = []
    for programme in of(db, member):
        if programme.owner_id == member.id and programme.co_owner_id is None:
            remove(db, programme, now=now)
            continue
        if programme.owner_id == member.id and programme.co_owner_id is not None:
            programme.owner_id = programme.co_owner_id
            programme.fields = {name: said for name, said in programme.fields.items() if name != "contact"}
            passed.append(programme)
        leave_alone(db, programme, now=now)
    _forget_traces(db, member)
    return passed


def _forget_traces(db: Session, member: Member) -> None:
    db.execute(delete(PosterKudos).where(col(PosterKudos.member_id) == member.id))
    db.execute(delete(PosterQuestion).where(col(PosterQuestion.asker_id) == member.id))
    db.execute(delete(ProgrammeSearch).where(col(ProgrammeSearch.member_id) == member.id))
    db.execute(delete(ProgrammeReport).where(col(ProgrammeReport.reporter_id) == member.id))
    for who in ("hidden_by", "undone_by"):  # the log keeps that a card was hidden, not by whom
        db.execute(update(ProgrammeHiding).where(col(getattr(ProgrammeHiding, who)) == member.id).values({who: None}))
    db.execute(update(PosterWeek).where(col(PosterWeek.opened_by) == member.id).values(opened_by=None))

"""Looking at the timetable: what comes, what it is called, who is in it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select

from bot.i18n import Language, to_traditional
from bot.timetable._recurrence import exists, moment
from bot.timetable._tables import Attendee, Kind, Part, Series, SessionPerson, SessionRow, Standing, State


def session(db: Session, session_id: int) -> SessionRow | None:
    """The session with this id."""
    return db.get(SessionRow, session_id)


def upcoming(db: Session, kind: Kind, *, now: datetime, limit: int = 10) -> list[SessionRow]:
    """Sessions of a kind that are planned and not over, the next one first."""
    query = select(SessionRow).where(
        SessionRow.kind == kind, SessionRow.state == State.PLANNED, col(SessionRow.ends_at) > now
    )
    return list(db.exec(query.order_by(col(SessionRow.starts_at), col(SessionRow.id)).limit(limit)))


def coming(db: Session, *, now: datetime, limit: int, offset: int = 0) -> list[SessionRow]:
    """Sessions of every kind that are not over, cancelled ones included, the next one first."""
    query = select(SessionRow).where(col(SessionRow.ends_at) > now)
    return list(db.exec(query.order_by(col(SessionRow.starts_at), col(SessionRow.id)).offset(offset).limit(limit)))


def running(db: Session) -> list[Series]:
    """The series that have not ended, the oldest first."""
    return list(db.exec(select(Series).where(col(Series.ended_at).is_(None)).order_by(col(Series.id))))


def sessions_of(db: Session, series: Series, *, now: datetime) -> list[SessionRow]:
    """A series' sessions that are not over, cancelled ones included, the next one first."""
    query = select(SessionRow).where(SessionRow.series_id == series.id, col(SessionRow.ends_at) > now)
    return list(db.exec(query.order_by(col(SessionRow.starts_at), col(SessionRow.id))))


def shifted(row: SessionRow) -> bool:
    """Whether the wall time that its series gave it is left out by a clock change, so that it begins later."""
    wall = datetime.fromisoformat(row.occurrence)
    return not exists(wall, row.zone) and moment(wall, row.zone) == row.starts_at


def title(db: Session, row: SessionRow, language: Language) -> str:
    """What the session is called in a language, or else in one that it has a title in; "" without any."""
    return _text(row.title or _of_series(db, row, "title"), language)


def description(db: Session, row: SessionRow, language: Language) -> str:
    """What the session is about, as `title`."""
    return _text(row.description or _of_series(db, row, "description"), language)


def _of_series(db: Session, row: SessionRow, what: str) -> dict[str, str]:
    series = db.get(Series, row.series_id) if row.series_id is not None else None
    texts: dict[str, str] = getattr(series, what) if series is not None else {}
    return texts


def _text(texts: dict[str, str], language: Language) -> str:
    if language == "zh_Hant" and not texts.get(language) and texts.get("zh_Hans"):
        return to_traditional(texts["zh_Hans"])
    nearest = {"zh_Hans": "zh_Hant"}.get(language, "en")
    return texts.get(language) or texts.get(nearest) or texts.get("en") or next(iter(texts.values()), "")


def people(db: Session, session_id: int, part: Part | None = None) -> list[SessionPerson]:
    """Who does something at a session; only those with a `part` where one is given."""
    query = select(SessionPerson).where(SessionPerson.session_id == session_id)
    if part is not None:
        query = query.where(SessionPerson.part == part)
    return list(db.exec(query.order_by(col(SessionPerson.member_id))))


def attendee(db: Session, session_id: int, member_id: int) -> Attendee | None:
    """What a member is to a session; None when they never said anything about it."""
    return db.exec(
        select(Attendee).where(Attendee.session_id == session_id, Attendee.member_id == member_id)
    ).one_or_none()


def attendees(db: Session, session_id: int, standings: Collection[Standing] = tuple(Standing)) -> list[Attendee]:
    """Who is something to a session, in the order in which they came to be it."""
    query = select(Attendee).where(Attendee.session_id == session_id, col(Attendee.standing).in_(standings))
    return list(db.exec(query.order_by(col(Attendee.since), col(Attendee.id))))

"""What is queued of a session as it was is taken back in the transaction that changes it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from bot import outbox
from bot.timetable._ladder import Audience, about_announcing, about_reminding
from bot.timetable._tables import SessionRow, SessionRung, State


def hold(db: Session, session: SessionRow, *, now: datetime) -> None:
    """Take back what is queued of a session as it was; who has not been told yet is told anew, of what is now."""
    session_id = session.id or 0
    held = sum(
        outbox.void(db, about=about, now=now) for about in (about_reminding(session_id), about_announcing(session_id))
    )
    if session.state is State.CANCELLED:
        outbox.void(db, about=about_changing(session_id), now=now)
    elif held:
        _once_more(db, session_id)
    session.next_rung_at = now
    db.add(session)


def remind_anew(db: Session, session: SessionRow, *, now: datetime) -> None:
    """Whoever has no reminder, because theirs was taken back, gets the newest one again."""
    _once_more(db, session.id or 0)
    session.next_rung_at = now
    db.add(session)


def _once_more(db: Session, session_id: int) -> None:
    """Open every rung again: of each ladder the newest is climbed once more, for those who have no message from it."""
    for row in db.exec(select(SessionRung).where(SessionRung.session_id == session_id)):
        if row.rung.split(":")[0] in set(Audience):
            row.reached, row.done_at, row.anew = 0, None, row.anew + 1
            db.add(row)


def about_changing(session_id: int) -> str:
    """What the messages that tell of a session's changes are about."""
    return f"session:{session_id}:change"

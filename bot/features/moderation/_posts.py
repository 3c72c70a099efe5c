"""Messages that wait for an organizer, and messages that somebody reported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from bot.errors import Outdated
from bot.features.moderation._tables import HeldPost, Report, State, Why
from bot.features.people import Member

TEXT_KEPT = 4096


def hold(
    db: Session,
    member: Member,
    *,
    chat_id: int,
    message_id: int,
    thread_id: int | None,
    why: Why,
    text: str,
    entities: Sequence[dict[str, Any]],
    media: str | None,
    file_id: str | None,
    album: str | None,
    now: datetime,
) -> tuple[HeldPost, bool]:
    """Keep a message; an album's further messages join its first. The post, and whether it is new."""
    file = [[media, file_id, message_id]] if file_id else []
    if (held := _known(db, chat_id, message_id, album)) is not None:
        if not any(known[2] == message_id for known in held.files):
            held.files = [*held.files, *file]
        held.text, held.entities = (text, list(entities)) if text else (held.text, held.entities)
        return held, False
    held = HeldPost(
        chat_id=chat_id,
        message_id=message_id,
        thread_id=thread_id,
        member_id=member.id or 0,
        why=why,
        text=text,
        entities=list(entities),
        files=file,
        album=album,
        held_at=now,
    )
    db.add(held)
    db.flush()
    return held, True


def _known(db: Session, chat_id: int, message_id: int, album: str | None) -> HeldPost | None:
    here = select(HeldPost).where(HeldPost.chat_id == chat_id)
    known = db.exec(here.where(HeldPost.message_id == message_id)).first()
    if known is None and album is not None:
        known = db.exec(here.where(HeldPost.album == album, HeldPost.state == State.HELD)).first()
    return known


def held(db: Session, held_id: int) -> HeldPost:
    """A message that waits and that nobody else decides on meanwhile; raises Outdated."""
    found = db.exec(select(HeldPost).where(HeldPost.id == held_id).with_for_update()).one_or_none()
    if found is None:
        raise Outdated
    return found


def decide(post: HeldPost, state: State, *, by: Member, now: datetime) -> bool:
    """Publish or drop; False when somebody was quicker."""
    if post.state is not State.HELD:
        return False
    post.state, post.decided_by, post.decided_at = state, by.id, now
    return True


def waiting(db: Session, *, limit: int = 10) -> list[HeldPost]:
    """What waits for an organizer, oldest first."""
    query = select(HeldPost).where(HeldPost.state == State.HELD).order_by(col(HeldPost.id)).limit(limit)
    return list(db.exec(query))


def report(
    db: Session, *, chat_id: int, message_id: int, author: Member | None, by: Member, text: str, now: datetime
) -> tuple[Report, bool]:
    """Note that somebody told the organizers about a message; the report, and whether it is the first about it."""
    query = select(Report).where(Report.chat_id == chat_id, Report.message_id == message_id).with_for_update()
    if (known := db.exec(query).one_or_none()) is not None:
        known.others += known.reported_by != by.id
        return known, False
    made = Report(
        chat_id=chat_id,
        message_id=message_id,
        author_id=author.id if author else None,
        reported_by=by.id,
        text=text[:TEXT_KEPT],
        reported_at=now,
    )
    db.add(made)
    db.flush()
    return made, True


def reported(db: Session, report_id: int) -> Report:
    """A report that nobody else settles meanwhile; raises Outdated."""
    found = db.exec(select(Report).where(Report.id == report_id).with_for_update()).one_or_none()
    if found is None:
        raise Outdated
    return found


def settle(report: Report, *, by: Member, now: datetime) -> bool:
    """Note that an organizer has seen to it; False when one had already."""
    if report.decided_at is not None:
        return False
    report.decided_by, report.decided_at = by.id, now
    return True

"""Signing up with the button below a notice, and taking it back."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from sqlalchemy import delete, or_
from sqlmodel import Session, col, select

from bot.errors import Outdated
from bot.features.notices._tables import Notice, NoticeRecipient, NoticeSignup, State
from bot.features.people import Member


class Signing(Enum):
    """What came of a tap on "sign me up"."""

    DONE = "they are on the list now"
    ALREADY = "they were on the list"
    STOPPED = "the notice was stopped"
    DELETED = "the notice was taken back"
    PREVIEW = "it is not sent yet: an organizer looks at it"


def sign_up(db: Session, notice: Notice, *, member: Member, chat_id: int, button: int, now: datetime) -> Signing:
    """Put somebody on the list; raises Outdated for what is no such button, or not theirs."""
    if not 0 <= button < len(notice.buttons) or notice.buttons[button]["kind"] != "signup":
        raise Outdated
    if notice.state in (State.DRAFT, State.ASKED, State.SCHEDULED):
        return Signing.PREVIEW
    if not _concerns(db, notice, member, chat_id):
        raise Outdated
    if notice.state is State.DELETED:
        return Signing.DELETED
    if signed_up(db, notice, member=member, button=button) is not None:
        return Signing.ALREADY
    if notice.state is State.STOPPED:
        return Signing.STOPPED
    db.add(NoticeSignup(notice_id=notice.id or 0, member_id=member.id or 0, button=button, at=now))
    db.flush()
    return Signing.DONE


def _concerns(db: Session, notice: Notice, member: Member, chat_id: int) -> bool:
    """Whether it went to them, or to the group where they tapped."""
    theirs = or_(col(NoticeRecipient.member_id) == member.id, col(NoticeRecipient.chat_id) == chat_id)
    found = select(NoticeRecipient.id).where(col(NoticeRecipient.notice_id) == notice.id, theirs)
    return db.exec(found.limit(1)).first() is not None


def signed_up(db: Session, notice: Notice, *, member: Member, button: int) -> datetime | None:
    """When somebody signed up; None when they did not."""
    row = db.get(NoticeSignup, (notice.id, member.id, button))
    return row.at if row is not None else None


def sign_off(db: Session, notice: Notice, *, member: Member, button: int) -> None:
    """Take somebody off the list; nothing happens when they are not on it."""
    mine = (col(NoticeSignup.notice_id) == notice.id, col(NoticeSignup.member_id) == member.id)
    db.exec(delete(NoticeSignup).where(*mine, col(NoticeSignup.button) == button))

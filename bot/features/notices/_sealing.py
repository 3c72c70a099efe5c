"""From a draft to what is sent: a test that passed, a confirmation bound to content and count, a second organizer's word."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot import outbox
from bot.errors import MomentUnfit, NoticeBusy, NoticeUnfit
from bot.features.notices._audience import count
from bot.features.notices._tables import Notice, State
from bot.features.notices._texts import texts
from bot.features.people import Member

_DIGITS = 12
"""Hexadecimal digits of a fingerprint: short enough for a button."""


def content(db: Session, notice: Notice) -> str:
    """The fingerprint of what the notice says and offers, in every language."""
    said = {language: [text.html, text.media, text.poll] for language, text in texts(db, notice).items()}
    return _fingerprint([said, notice.buttons, notice.fallback])


def seal(db: Session, notice: Notice, *, at: datetime | None) -> str:
    """The fingerprint of all that is agreed to: content, audience and its exact number, how, and when (None: at once)."""
    number = count(db, notice.audience)
    how = [notice.kind, notice.urgent, notice.pin, notice.audience]
    return _fingerprint([content(db, notice), *how, number.people, number.groups, at.isoformat() if at else None])


def _fingerprint(value: Any) -> str:
    known = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(known.encode()).hexdigest()[:_DIGITS]


def begin_test(db: Session, notice: Notice, *, number: int, calls: int) -> str:
    """A test of the present content with so many calls begins; returns its subject, the beginning of its rows' keys."""
    notice.testing = f"{content(db, notice)}.{number}.{calls}"
    return test_subject(notice)


def test_subject(notice: Notice) -> str:
    """What the rows of the newest test are about."""
    return f"notice-test:{notice.id}:{notice.testing}"


def heed_test(db: Session, notice: Notice) -> None:
    """Look whether the newest test has arrived: each of its calls waits for the one before, so the last one tells."""
    if notice.testing is None:
        return
    tested, _number, calls = notice.testing.split(".")
    if outbox.receipt(db, f"{test_subject(notice)}:{int(calls) - 1}") is not None:
        notice.tested, notice.testing = tested, None


def is_tested(db: Session, notice: Notice) -> bool:
    """Whether the content, as it is now, has arrived in a test."""
    heed_test(db, notice)
    return notice.tested is not None and notice.tested == content(db, notice)


def require_ready(db: Session, notice: Notice) -> None:
    """Raises NoticeBusy or NoticeUnfit unless the notice may be sent as it is."""
    if notice.state is not State.DRAFT:
        raise NoticeBusy(notice.state)
    if not texts(db, notice):
        raise NoticeUnfit("empty")
    if not count(db, notice.audience).chats:
        raise NoticeUnfit("nobody")
    if not is_tested(db, notice):
        raise NoticeUnfit("untested")


def confirm(
    db: Session, notice: Notice, *, agreed: str, at: datetime | None, by: Member, most: int | None, now: datetime
) -> bool:
    """Its author agrees to what `agreed` is the seal of: it is scheduled, or waits for a second organizer beyond `most` chats.

    False, and nothing happens, when content or count are not what was agreed to. Raises NoticeBusy, NoticeUnfit, MomentUnfit.
    """
    require_ready(db, notice)
    if at is not None and at <= now:
        raise MomentUnfit("past")
    if agreed != seal(db, notice, at=at):
        return False
    number = count(db, notice.audience).chats
    notice.confirmed, notice.confirmed_by, notice.recipients, notice.note = agreed, by.id, number, None
    notice.approved_by = None
    if most is not None and number > most:
        notice.state, notice.due_at, notice.changed_at = State.ASKED, at, now
    else:
        schedule(db, notice, at=at or now, now=now)
    return True


def schedule(db: Session, notice: Notice, *, at: datetime, now: datetime) -> None:
    """It is to be sent at that moment; whoever runs notices takes it from here."""
    notice.state, notice.due_at, notice.changed_at = State.SCHEDULED, at, now
    db.flush()


def approve(db: Session, notice: Notice, *, agreed: str, by: Member, now: datetime) -> bool:
    """A second organizer agrees to the same; False, and nothing happens, when content or count have changed since.

    A time that has passed meanwhile means at once. Raises NoticeBusy, or NoticeUnfit for whoever wrote or confirmed it.
    """
    if notice.state is not State.ASKED:
        raise NoticeBusy(notice.state)
    if by.id in (notice.author_id, notice.confirmed_by):
        raise NoticeUnfit("own")
    number = count(db, notice.audience).chats
    if agreed != seal(db, notice, at=notice.due_at) or not number:
        return False
    notice.confirmed, notice.approved_by, notice.recipients = agreed, by.id, number
    schedule(db, notice, at=max(notice.due_at or now, now), now=now)
    return True


def send_back(db: Session, notice: Notice, *, note: str, now: datetime) -> None:
    """A second organizer asks for changes: it is a draft again. Raises NoticeBusy."""
    if notice.state is not State.ASKED:
        raise NoticeBusy(notice.state)
    _reopen(notice, now)
    notice.note = note
    db.flush()


def take_back(db: Session, notice: Notice, *, now: datetime) -> None:
    """What waits for its time or for approval is a draft again; raises NoticeBusy for what has begun to go out."""
    if notice.state not in (State.ASKED, State.SCHEDULED):
        raise NoticeBusy(notice.state)
    _reopen(notice, now)
    db.flush()


def _reopen(notice: Notice, now: datetime) -> None:
    notice.state, notice.due_at, notice.changed_at = State.DRAFT, None, now
    notice.confirmed = notice.confirmed_by = notice.approved_by = notice.recipients = None

"""The life of a notice from the moment when it is due: begun, paused, resumed, stopped, done, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, update
from sqlmodel import Session, col, select

from bot import outbox
from bot.errors import NoticeBusy, NoticeGone
from bot.features import attention
from bot.features.notices._tables import Notice, NoticeRecipient, Outcome, State

DELETABLE = timedelta(hours=48)
"""How long Telegram lets a bot take back what it sent."""

BEGUN = (State.RUNNING, State.PAUSED, State.STOPPED, State.DONE, State.DELETED)
_AT_ONCE = 5000


def subject(notice: Notice) -> str:
    """What the outbox's rows that bring the notice to somebody are about."""
    return f"notice:{notice.id}"


def hold(db: Session, notice_id: int) -> Notice:
    """The notice in any state, kept from others until the transaction ends; raises NoticeGone."""
    notice = db.exec(select(Notice).where(Notice.id == notice_id).with_for_update()).one_or_none()
    if notice is None:
        raise NoticeGone
    return notice


def begun(db: Session, notice_id: int) -> Notice:
    """`hold`, for a notice that has begun to go out; raises NoticeGone or NoticeBusy."""
    notice = hold(db, notice_id)
    if notice.state not in BEGUN:
        raise NoticeBusy(notice.state)
    return notice


def active(db: Session, *, now: datetime) -> Sequence[int]:
    """The notices with something to do, by their ids: due, on their way, or come to rest without a report."""
    due = and_(col(Notice.state) == State.SCHEDULED, col(Notice.due_at) <= now)
    unreported = and_(col(Notice.state).in_(BEGUN), col(Notice.reported_at).is_(None))
    found = db.exec(select(col(Notice.id)).where(or_(due, unreported)).order_by(col(Notice.due_at), col(Notice.id)))
    return [id_ or 0 for id_ in found]


def next_start(db: Session, *, after: datetime) -> datetime | None:
    """When the next notice is due that is not due yet."""
    waiting = (col(Notice.state) == State.SCHEDULED, col(Notice.due_at) > after)
    return db.exec(select(func.min(col(Notice.due_at))).where(*waiting)).one()


def begin(notice: Notice, *, now: datetime) -> None:
    """Its time has come."""
    notice.state, notice.started_at, notice.runs = State.RUNNING, now, 1


def pause(db: Session, notice: Notice, *, now: datetime) -> None:
    """Nothing further goes out until it is resumed; raises NoticeBusy unless it is going out."""
    if notice.state is not State.RUNNING:
        raise NoticeBusy(notice.state)
    notice.state = State.PAUSED
    recall(db, notice, now=now)


def stop(db: Session, notice: Notice, *, now: datetime) -> None:
    """Whoever has not got it yet does not get it; raises NoticeBusy unless it is going out or paused."""
    if notice.state not in (State.RUNNING, State.PAUSED):
        raise NoticeBusy(notice.state)
    notice.state, notice.ended_at = State.STOPPED, now
    recall(db, notice, now=now)


def resume(db: Session, notice: Notice, *, now: datetime) -> None:
    """It goes on to those who have not got it; raises NoticeBusy unless it was paused or stopped."""
    if notice.state not in (State.PAUSED, State.STOPPED):
        raise NoticeBusy(notice.state)
    run_again(notice)


def run_again(notice: Notice) -> None:
    """It goes out once more; after a report a new message shows how far it is."""
    if notice.state is not State.PAUSED:
        notice.runs += 1
        notice.shown_at = None
    notice.state, notice.ended_at, notice.reported_at = State.RUNNING, None, None


def take_away(db: Session, notice: Notice, *, now: datetime) -> None:
    """It is taken back from everybody whom it reached less than 48 hours ago, and goes to nobody else; raises NoticeBusy."""
    if notice.state is State.DELETED:
        raise NoticeBusy(notice.state)
    notice.state, notice.ended_at, notice.reported_at = State.DELETED, notice.ended_at or now, None
    recall(db, notice, now=now)


def recall(db: Session, notice: Notice, *, now: datetime) -> None:
    """What has not gone out waits again, and is made anew if it ever goes out: in other words, or another language."""
    wait_again(db, notice, outbox.recall(db, about=subject(notice), now=now))


def wait_again(db: Session, notice: Notice, keys: Sequence[str]) -> None:
    """The recipients of these rows are no longer on the way, and the message does not count against their week."""
    promises = list({":".join(key.split(":")[:3]) for key in keys})
    for start in range(0, len(promises), _AT_ONCE):
        theirs = col(NoticeRecipient.promise).in_(promises[start : start + _AT_ONCE])
        waiting = and_(
            col(NoticeRecipient.notice_id) == notice.id, col(NoticeRecipient.outcome) == Outcome.QUEUED, theirs
        )
        query = select(col(NoticeRecipient.member_id), col(NoticeRecipient.due_at)).where(waiting)
        spent = {member_id: at for member_id, at in db.exec(query) if member_id is not None and at is not None}
        attention.unspend(db, spent, kind=notice.kind)
        db.exec(update(NoticeRecipient).where(waiting).values(outcome=None))

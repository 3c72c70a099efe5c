"""What is kept of who got which notice, for how long, and what somebody can see and delete of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from bot.features.notices._tables import Notice, NoticeRecipient, NoticeSignup, State
from bot.features.people import Member

KEPT = timedelta(days=365)
"""How long it stays known who got a notice and who signed up; afterwards only how many."""

PRUNED_AT_ONCE = 5


def received_by(db: Session, member: Member) -> Sequence[NoticeRecipient]:
    """What a member got, or was to get, oldest first."""
    query = select(NoticeRecipient).where(col(NoticeRecipient.member_id) == member.id)
    return db.exec(query.order_by(col(NoticeRecipient.id))).all()


def signups_of(db: Session, member: Member) -> Sequence[NoticeSignup]:
    """For what a member signed up, oldest first."""
    return db.exec(
        select(NoticeSignup).where(col(NoticeSignup.member_id) == member.id).order_by(col(NoticeSignup.at))
    ).all()


def forget_recipient(db: Session, member: Member) -> None:
    """Forget what somebody got and signed up for; that somebody got it stays counted."""
    for recipient in db.exec(select(NoticeRecipient).where(col(NoticeRecipient.member_id) == member.id)):
        notice = db.get_one(Notice, recipient.notice_id)
        if recipient.outcome is not None:
            notice.past = dict(Counter(notice.past) + Counter({str(recipient.outcome): 1}))
        db.delete(recipient)
    db.exec(delete(NoticeSignup).where(col(NoticeSignup.member_id) == member.id))
    db.flush()


def move_recipients(db: Session, old: int, new: int) -> None:
    """A group became a supergroup: what goes there goes to its new id; what it has was left in the old one."""
    moved = select(NoticeRecipient.notice_id).where(col(NoticeRecipient.chat_id) == new)
    db.exec(
        update(NoticeRecipient)
        .where(col(NoticeRecipient.chat_id) == old, col(NoticeRecipient.notice_id).not_in(moved))
        .values(chat_id=new)
    )


def reduce(db: Session, *, now: datetime) -> None:
    """Of notices that ended long ago only numbers stay, a few notices at a time."""
    old = (col(Notice.state).in_((State.DONE, State.STOPPED, State.DELETED)), col(Notice.ended_at) < now - KEPT)
    rows = select(NoticeRecipient.notice_id).distinct().union(select(NoticeSignup.notice_id).distinct())
    for notice in db.exec(select(Notice).where(*old, col(Notice.id).in_(rows)).limit(PRUNED_AT_ONCE)):
        _reduce(db, notice)


def _reduce(db: Session, notice: Notice) -> None:
    ours = col(NoticeRecipient.notice_id) == notice.id
    counted = select(NoticeRecipient.outcome, func.count()).where(ours).group_by(col(NoticeRecipient.outcome))
    found = Counter({str(outcome or "waiting"): number for outcome, number in db.exec(counted)})
    people = select(func.count(func.distinct(col(NoticeSignup.member_id))))
    found["signed_up"] = db.exec(people.where(col(NoticeSignup.notice_id) == notice.id)).one()
    notice.past = dict(Counter(notice.past) + found)
    db.exec(delete(NoticeRecipient).where(ours))
    db.exec(delete(NoticeSignup).where(col(NoticeSignup.notice_id) == notice.id))

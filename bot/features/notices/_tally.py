"""How far a notice is, in numbers; and what came of it for each, in rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.features.notices._outcomes import Reason, reason
from bot.features.notices._tables import Change, Notice, NoticeRecipient, NoticeSignup, Outcome
from bot.features.people import Member

LATELY = timedelta(seconds=20)
"""The time over which the present speed is measured."""

_WAITING = "waiting"


@dataclass(frozen=True)
class Tally:
    """Recipients by what became of them; `later` of the waiting ones wait for the end of their quiet hours, the last of them
    at `until`. `lately` went out in the last seconds.
    """

    waiting: int = 0
    queued: int = 0
    sent: int = 0
    uncertain: int = 0
    unreachable: int = 0
    failed: int = 0
    muted: int = 0
    full: int = 0
    later: int = 0
    until: datetime | None = None
    lately: int = 0
    signed_up: int = 0
    edited: int = 0
    unedited: int = 0
    deleted: int = 0
    undeleted: int = 0
    changing: int = 0

    @property
    def all(self) -> int:
        """Everybody to whom it goes, or was to go."""
        return self.waiting + self.queued + self.reached + self.unreachable + self.failed + self.muted + self.full

    @property
    def reached(self) -> int:
        """Those who got it, some of them perhaps."""
        return self.sent + self.uncertain

    @property
    def left(self) -> int:
        """Those who are still to get it."""
        return self.waiting + self.queued


def tally(db: Session, notice: Notice, *, now: datetime) -> Tally:
    """The numbers, now."""
    ours = col(NoticeRecipient.notice_id) == notice.id
    outcomes = Counter(notice.past)
    for outcome, number in db.exec(
        select(NoticeRecipient.outcome, func.count()).where(ours).group_by(col(NoticeRecipient.outcome))
    ):
        outcomes[str(outcome) if outcome else _WAITING] += number
    waiting = (ours, col(NoticeRecipient.outcome).is_(None), col(NoticeRecipient.due_at) > now)
    later, until = db.exec(select(func.count(), func.max(col(NoticeRecipient.due_at))).where(*waiting)).one()
    lately = (ours, col(NoticeRecipient.sent_at) > now - LATELY)
    return Tally(
        waiting=outcomes[_WAITING],
        **{outcome.value: outcomes[outcome.value] for outcome in Outcome},
        later=later,
        until=until,
        lately=db.exec(select(func.count()).select_from(NoticeRecipient).where(*lately)).one(),
        signed_up=outcomes["signed_up"] + _signed_up(db, notice),
        **_changes(db, notice),
    )


def _signed_up(db: Session, notice: Notice) -> int:
    people = func.count(func.distinct(col(NoticeSignup.member_id)))
    return db.exec(select(people).where(col(NoticeSignup.notice_id) == notice.id)).one()


def _changes(db: Session, notice: Notice) -> dict[str, int]:
    counted = select(NoticeRecipient.change, func.count()).where(
        col(NoticeRecipient.notice_id) == notice.id, col(NoticeRecipient.change).is_not(None)
    )
    found = {change: number for change, number in db.exec(counted.group_by(col(NoticeRecipient.change))) if change}
    settled = (Change.EDITED, Change.UNEDITED, Change.DELETED, Change.UNDELETED)
    pending = found.get(Change.EDITING, 0) + found.get(Change.DELETING, 0)
    return {change.value: found.get(change, 0) for change in settled} | {"changing": pending}


def reasons(db: Session, notice: Notice) -> list[tuple[Reason, int]]:
    """Why it failed, or could not be pinned, with how many recipients each; the most frequent first."""
    counted = select(NoticeRecipient.error, func.count()).where(
        col(NoticeRecipient.notice_id) == notice.id,
        col(NoticeRecipient.error).is_not(None),
        col(NoticeRecipient.outcome).in_((Outcome.FAILED, Outcome.UNREACHABLE, Outcome.SENT)),
        col(NoticeRecipient.change).is_(None),
    )
    found: Counter[Reason] = Counter()
    for error, number in db.exec(counted.group_by(col(NoticeRecipient.error))):
        found[reason(error)] += number
    return found.most_common()


@dataclass(frozen=True)
class Line:
    """One recipient with the member behind it (a group has none), and when they signed up."""

    recipient: NoticeRecipient
    member: Member | None
    signed_up_at: datetime | None


def lines(db: Session, notice: Notice) -> Iterator[Line]:
    """Everybody to whom it goes or went, and whoever signed up in a group without being among them."""
    signed = _signups(db, notice)
    rows = db.exec(
        select(NoticeRecipient, Member)
        .outerjoin(Member, col(Member.id) == col(NoticeRecipient.member_id))
        .where(col(NoticeRecipient.notice_id) == notice.id)
        .order_by(col(NoticeRecipient.id))
    )
    for recipient, member in rows:
        yield Line(recipient, member, signed.pop(recipient.member_id or 0, None))
    for member_id, at in signed.items():
        member = db.get_one(Member, member_id)
        guest = NoticeRecipient(notice_id=notice.id or 0, member_id=member_id, chat_id=0, language=member.language)
        yield Line(guest, member, at)


def _signups(db: Session, notice: Notice) -> dict[int, datetime]:
    rows = db.exec(select(NoticeSignup).where(col(NoticeSignup.notice_id) == notice.id).order_by(col(NoticeSignup.at)))
    return {row.member_id: row.at for row in rows}

"""Who gets a notice: listed once, in portions; and for each, when their turn comes, whether and in which language now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session, col, select

from bot.features import attention
from bot.features.notices._audience import chats, meant
from bot.features.notices._life import subject
from bot.features.notices._tables import Notice, NoticeRecipient, Outcome, State
from bot.features.people import Member
from bot.i18n import Language

LISTED_AT_ONCE = 500
"""Recipients that are listed in one transaction."""

BLOCKED, NEVER_STARTED, NOT_AGREED = "blocked", "never started", "not agreed"
"""Why somebody is unreachable without a call."""

LEFT = "the bot is not a member of the group"
"""Why nothing is sent to a group that the bot was taken out of."""


@dataclass(frozen=True)
class Going:
    """A recipient whose turn it is, and the member behind it; a group has none."""

    recipient: NoticeRecipient
    member: Member | None


def list_some(db: Session, notice: Notice, *, now: datetime) -> None:
    """List a portion of the recipients, from where the last portion ended; groups come with the last one."""
    found = meant(db, notice.audience, after=notice.listed_to, limit=LISTED_AT_ONCE)
    people: list[dict[str, object]] = [
        {"member_id": member_id, "chat_id": chat_id, "language": language} for member_id, chat_id, language in found
    ]
    if found:
        notice.listed_to = found[-1][0]
    if len(found) < LISTED_AT_ONCE:
        notice.listed_at = now
        people += [{"member_id": None, "chat_id": id_, "language": notice.fallback} for id_ in chats(notice.audience)]
    _list(db, [row | {"notice_id": notice.id, "due_at": now} for row in people])
    db.flush()


def _list(db: Session, rows: list[dict[str, object]]) -> None:
    if not rows:
        return
    connection = db.connection()
    insert = insert_sqlite if connection.dialect.name == "sqlite" else insert_postgres
    connection.execute(
        insert(NoticeRecipient).on_conflict_do_nothing(index_elements=["notice_id", "chat_id"]),
        [{"messages": [], "revision": 0} | row for row in rows],
    )


def on_the_way(db: Session, notice: Notice) -> int:
    """How many are in the outbox, so that what came of it is not known yet."""
    queued = (col(NoticeRecipient.notice_id) == notice.id, col(NoticeRecipient.outcome) == Outcome.QUEUED)
    return db.exec(select(func.count()).select_from(NoticeRecipient).where(*queued)).one()


def turn(db: Session, notice: Notice, *, now: datetime, limit: int) -> Sequence[NoticeRecipient]:
    """Whose turn it is, at most so many."""
    query = select(NoticeRecipient).where(
        col(NoticeRecipient.notice_id) == notice.id,
        col(NoticeRecipient.outcome).is_(None),
        col(NoticeRecipient.due_at) <= now,
    )
    return db.exec(query.order_by(col(NoticeRecipient.due_at), col(NoticeRecipient.id)).limit(limit)).all()


def next_turn(db: Session, *, after: datetime) -> datetime | None:
    """When the quiet hours of the next recipient of a notice that is going out end."""
    running = select(col(Notice.id)).where(col(Notice.state) == State.RUNNING)
    waiting = (col(NoticeRecipient.notice_id).in_(running), col(NoticeRecipient.outcome).is_(None))
    return db.exec(
        select(func.min(col(NoticeRecipient.due_at))).where(*waiting, col(NoticeRecipient.due_at) > after)
    ).one()


def sort_out(db: Session, notice: Notice, recipients: Sequence[NoticeRecipient], *, now: datetime) -> list[Going]:
    """Those to whom it goes now. The others are unreachable, held back, or wait until their quiet hours end."""
    members = _members(db, recipients)
    groups = [Going(recipient, None) for recipient in recipients if recipient.member_id is None]
    people = [Going(one, members[one.member_id]) for one in recipients if one.member_id is not None]
    reachable = [going for going in people if not _is_unreachable(going)]
    awake = reachable if notice.urgent else _awake(db, reachable, now)
    return groups + _not_held_back(db, notice, awake, now)


def _members(db: Session, recipients: Sequence[NoticeRecipient]) -> dict[int, Member]:
    ids = [recipient.member_id for recipient in recipients if recipient.member_id is not None]
    return {member.id or 0: member for member in db.exec(select(Member).where(col(Member.id).in_(ids)))}


def _is_unreachable(going: Going) -> bool:
    """Whether nobody can write to them, which is noted then."""
    member, recipient = going.member, going.recipient
    if member is None:
        return False
    why = BLOCKED if member.unreachable_at else NEVER_STARTED if not member.started_at else None
    if why is None and member.consented_at is None:
        why = NOT_AGREED
    if why is not None:
        recipient.outcome, recipient.error = Outcome.UNREACHABLE, why
    return why is not None


def _awake(db: Session, people: list[Going], now: datetime) -> list[Going]:
    """Those outside of their quiet hours; the others wait for their end."""
    wakings = attention.wakings(db, [going.member for going in people if going.member is not None], now=now)
    for going in people:
        going.recipient.due_at = wakings[going.recipient.member_id or 0]
    return [going for going in people if going.recipient.due_at == now]


def _not_held_back(db: Session, notice: Notice, people: list[Going], now: datetime) -> list[Going]:
    """Those who want it; each message counts against their week from here on."""
    members = [going.member for going in people if going.member is not None]
    muted, _full = (set(), set()) if notice.urgent else attention.held_back(db, members, kind=notice.kind, now=now)
    moments = attention.moments(db, members, kind=notice.kind, now=now, urgent=notice.urgent)
    left = []
    for going in people:
        member_id = going.recipient.member_id or 0
        if moments[member_id] is None:
            going.recipient.outcome = Outcome.MUTED if member_id in muted else Outcome.FULL
        else:
            left.append(going)
    return left


def promise(notice: Notice, recipient: NoticeRecipient, *, language: Language, now: datetime) -> str:
    """It goes to them now, in this language; returns the key of the first row that brings it."""
    recipient.promise = recipient.promise or f"{subject(notice)}:{recipient.chat_id}"
    recipient.outcome, recipient.language, recipient.due_at = Outcome.QUEUED, language, now
    recipient.revision, recipient.error = notice.revision, None
    return recipient.promise


def part(key: str, number: int) -> str:
    """The key of a notice's second and further calls to one chat."""
    return key if number == 0 else f"{key}:{number + 1}"


def companion(key: str, number: int) -> str:
    """The key of an album's further message."""
    return f"{key}:album:{number}"


def pin(key: str) -> str:
    """The key under which a notice is pinned in a group."""
    return f"{key}:pin"


def look_again(db: Session, member: Member, *, now: datetime) -> None:
    """Somebody changed their clock or their quiet hours: what waits for them is looked at anew."""
    waiting = (col(NoticeRecipient.member_id) == member.id, col(NoticeRecipient.outcome).is_(None))
    db.exec(update(NoticeRecipient).where(*waiting, col(NoticeRecipient.due_at) > now).values(due_at=now))

"""What became of a notice for each of its recipients, written down before the outbox forgets it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, or_, update
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from bot import outbox
from bot.features.notices._life import wait_again
from bot.features.notices._sending import BLOCKED, NEVER_STARTED, NOT_AGREED, companion, part, pin
from bot.features.notices._tables import Change, Notice, NoticeRecipient, NoticeText, Outcome
from bot.features.people import Member
from bot.outbox import Ending, OutboxRow

AT_ONCE = 150
"""Recipients whose outcome is written down in one transaction."""

LOST = "its record was cleared away before it was looked at"
PIN = "pin: "
"""Before the reason why a group's notice could not be pinned."""


class Reason(StrEnum):
    """Why a notice did not reach somebody, as far as Telegram's words tell."""

    BLOCKED = "blocked"
    NEVER_STARTED = "never started"
    NOT_AGREED = "not agreed"
    DEACTIVATED = "deactivated"
    NOT_FOUND = "not found"
    REMOVED = "removed"
    NO_RIGHT = "no right"
    NOT_PINNED = "not pinned"
    UNREADABLE = "unreadable"
    REFUSED = "refused"
    PASSING = "passing"


_TELLING = (
    (BLOCKED, Reason.BLOCKED),
    (NEVER_STARTED, Reason.NEVER_STARTED),
    (NOT_AGREED, Reason.NOT_AGREED),
    ("deactivated", Reason.DEACTIVATED),
    ("can't initiate", Reason.NEVER_STARTED),
    ("user not found", Reason.NOT_FOUND),
    ("chat not found", Reason.NOT_FOUND),
    ("peer_id_invalid", Reason.NOT_FOUND),
    ("kicked", Reason.REMOVED),
    ("not a member", Reason.REMOVED),
    ("not enough rights", Reason.NO_RIGHT),
    ("have no rights", Reason.NO_RIGHT),
    ("parse entities", Reason.UNREADABLE),
)
_GONE = (Reason.BLOCKED, Reason.NEVER_STARTED, Reason.NOT_AGREED, Reason.DEACTIVATED, Reason.NOT_FOUND)


def reason(error: str | None) -> Reason:
    """What the words of an error say; what Telegram did not refuse was a trouble that passes."""
    said = (error or "").casefold()
    if said.startswith(PIN):
        return Reason.NOT_PINNED
    found = next((reason for words, reason in _TELLING if words in said), None)
    if found is not None:
        return found
    refused = said.startswith(("badrequest", "forbidden")) or "bad request" in said
    return Reason.REFUSED if refused else Reason.PASSING


def collect(db: Session, notice: Notice, *, now: datetime) -> int:
    """Write down what became of a portion of those on the way; returns how many are settled."""
    ended = outbox.OutboxRow.state.in_(("sent", "failed", "void"))  # type: ignore[attr-defined]
    query = (
        select_rows(NoticeRecipient)
        .outerjoin(OutboxRow, col(OutboxRow.key) == col(NoticeRecipient.promise))
        .where(col(NoticeRecipient.notice_id) == notice.id, col(NoticeRecipient.outcome) == Outcome.QUEUED)
        .where(or_(ended, col(OutboxRow.id).is_(None)))
        .limit(AT_ONCE)
    )
    found = db.exec(query).all()
    parts = _parts(db, notice) if found else 0
    keys = {recipient.promise or "": _keys(recipient.promise or "", parts) for recipient in found}
    known = outbox.endings(db, [key for some in keys.values() for key in some])
    returned = [key for key, ending in known.items() if ending.taken_back]
    settled = [recipient for recipient in found if _settle(recipient, keys[recipient.promise or ""], known)]
    outbox.note(db, [key for recipient in settled for key in keys[recipient.promise or ""]], now=now)
    db.flush()
    return len(settled) + _let_wait_again(db, notice, returned, keys, now)


def _let_wait_again(db: Session, notice: Notice, returned: list[str], keys: dict[str, list[str]], now: datetime) -> int:
    """What was on its way while the notice was taken back, and did not leave, is made anew if it ever goes out."""
    promises = {promise for promise, every in keys.items() if not set(every).isdisjoint(returned)}
    outbox.retire(db, [key for promise in promises for key in keys[promise]], now=now)
    wait_again(db, notice, returned)
    return len(promises)


def _keys(promise: str, parts: int) -> list[str]:
    """Every key that a copy may have, with so many messages in its album."""
    keys = [promise, part(promise, 1), pin(promise)]
    return keys + [companion(promise, number) for number in range(1, parts)]


def _parts(db: Session, notice: Notice) -> int:
    """Messages in the longest album of the notice."""
    texts = db.exec(select_rows(NoticeText).where(col(NoticeText.notice_id) == notice.id))
    return max((len(text.media) for text in texts), default=0)


def _settle(recipient: NoticeRecipient, keys: Sequence[str], known: dict[str, Ending]) -> bool:
    """Write one recipient's outcome down; False while a part of it is still on its way, or waits to be made anew."""
    if any(known[key].taken_back for key in keys if key in known):
        return False
    copy = [known[key] for key in keys if key in known and key != pin(recipient.promise or "")]
    pinned = known.get(pin(recipient.promise or ""))
    if any(not ending.is_over and ending.state != "joined" for ending in [*copy, *([pinned] if pinned else [])]):
        return False
    recipient.outcome, recipient.error = _verdict(recipient, copy)
    arrived = [ending for ending in copy if ending.message_id is not None]
    recipient.messages = [ending.message_id for ending in arrived if ending.message_id is not None]
    recipient.message_id = next(iter(recipient.messages), None)
    recipient.sent_at = max((ending.done_at for ending in arrived if ending.done_at), default=None)
    if recipient.outcome is Outcome.SENT and pinned is not None and pinned.state == "failed":
        recipient.error = PIN + (pinned.error or "")
    return True


def _verdict(recipient: NoticeRecipient, copy: list[Ending]) -> tuple[Outcome, str | None]:
    if not copy:
        return Outcome.UNCERTAIN, LOST
    broken = next((ending for ending in copy if ending.state != "sent"), None)
    if any(ending.uncertain for ending in copy):
        return Outcome.UNCERTAIN, broken.error if broken else None
    if broken is None:
        return Outcome.SENT, None
    gone = recipient.member_id is not None and reason(broken.error) in _GONE
    return Outcome.UNREACHABLE if gone else Outcome.FAILED, broken.error


def collect_changes(db: Session, notice: Notice, *, now: datetime) -> int:
    """Write down what became of a portion of corrections and of what is taken back; returns how many are settled."""
    pending = (Change.EDITING, Change.DELETING)
    query = select_rows(NoticeRecipient).where(
        col(NoticeRecipient.notice_id) == notice.id, col(NoticeRecipient.change).in_(pending)
    )
    found = db.exec(query.limit(AT_ONCE)).all()
    keys = {change_key(recipient): recipient for recipient in found}
    settled = {key: ending for key, ending in outbox.endings(db, list(keys)).items() if ending.is_over}
    for key, ending in settled.items():
        _note_change(keys[key], ending)
    outbox.note(db, list(settled), now=now)
    db.flush()
    return len(settled)


def _note_change(recipient: NoticeRecipient, ending: Ending) -> None:
    gone = "to delete not found" in (ending.error or "")
    done = ending.state == "sent" or (recipient.change is Change.DELETING and gone)
    if recipient.change is Change.EDITING:
        recipient.change = Change.EDITED if done else Change.UNEDITED
    else:
        recipient.change = Change.DELETED if done else Change.UNDELETED
    if not done:
        recipient.error = ending.error


def change_key(recipient: NoticeRecipient) -> str:
    """The key under which a copy is corrected to its revision, or taken back."""
    what = "delete" if recipient.change is Change.DELETING else f"edit:{recipient.revision}"
    return f"{recipient.promise}:{what}"


def retriable(db: Session, notice: Notice) -> list[NoticeRecipient]:
    """Those whom it did not reach and who can be reached now: what failed in passing, or was refused in words that were
    corrected since, and who blocked the bot and came back."""
    came_back = and_(
        col(NoticeRecipient.outcome) == Outcome.UNREACHABLE,
        col(Member.started_at).is_not(None),
        col(Member.unreachable_at).is_(None),
        col(Member.consented_at).is_not(None),
    )
    query = (
        select_rows(NoticeRecipient)
        .outerjoin(Member, col(Member.id) == col(NoticeRecipient.member_id))
        .where(col(NoticeRecipient.notice_id) == notice.id)
        .where(or_(col(NoticeRecipient.outcome) == Outcome.FAILED, came_back))
    )
    found = db.exec(query).all()
    return [one for one in found if one.outcome is Outcome.UNREACHABLE or _may_work(notice, one)]


def _may_work(notice: Notice, recipient: NoticeRecipient) -> bool:
    why = reason(recipient.error)
    return why in (Reason.PASSING, Reason.REMOVED, Reason.NO_RIGHT) or recipient.revision < notice.revision


def retry(db: Session, notice: Notice, *, now: datetime) -> int:
    """They get another try; returns how many. What failed before keeps its record under another key."""
    found = retriable(db, notice)
    parts = _parts(db, notice)
    keys = [key for one in found if one.promise for key in _keys(one.promise, parts)]
    outbox.retire(db, keys, now=now)
    ids = [one.id for one in found]
    for start in range(0, len(ids), 5000):
        some = col(NoticeRecipient.id).in_(ids[start : start + 5000])
        db.exec(update(NoticeRecipient).where(some).values(outcome=None, error=None, due_at=now))
    db.expire_all()
    return len(found)

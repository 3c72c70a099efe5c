"""What was sent is corrected, or taken back: copy by copy, in portions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from bot.errors import NoticeGone, TextMissing, TextTooLong
from bot.features.notices._life import DELETABLE, recall
from bot.features.notices._tables import Change, Notice, NoticeRecipient, NoticeText, State
from bot.features.notices._texts import source_of, text_for, texts
from bot.features.notices._writing import CAPTION_AT_MOST, TEXT_AT_MOST
from bot.i18n import Language

_PENDING = (Change.EDITING, Change.DELETING)


def has_words(text: NoticeText) -> bool:
    """Whether there are words that can be corrected once they are sent: a poll cannot be changed."""
    return text.poll is None


def correct(db: Session, notice: Notice, *, language: Language, html: str, length: int, now: datetime) -> None:
    """New words in one language: whoever has got the old ones gets them changed, the others get the new ones.

    `length` is in UTF-16 units. Raises NoticeGone, TextMissing, TextTooLong.
    """
    text = db.get(NoticeText, (notice.id, language))
    if text is None or not has_words(text) or notice.state is State.DELETED:
        raise NoticeGone
    limit = CAPTION_AT_MOST if _in_caption(notice, text) else TEXT_AT_MOST
    if not html:
        raise TextMissing
    if length > limit:
        raise TextTooLong(limit, length)
    notice.revision += 1
    text.html, text.revision = html, notice.revision
    notice.reported_at, notice.changed_at = None, now
    recall(db, notice, now=now)


def _in_caption(notice: Notice, text: NoticeText) -> bool:
    """Whether the words stand below a picture or a file; those of an album with buttons stand in a message of their own."""
    return len(text.media) == 1 or (len(text.media) > 1 and not notice.buttons)


def to_change(db: Session, notice: Notice, *, limit: int) -> Sequence[NoticeRecipient]:
    """A portion of the copies that are not yet as they should be."""
    copies = (col(NoticeRecipient.notice_id) == notice.id, col(NoticeRecipient.message_id).is_not(None))
    if notice.state is State.DELETED:
        handled = (Change.DELETING, Change.DELETED, Change.UNDELETED)
        wanted = or_(col(NoticeRecipient.change).is_(None), col(NoticeRecipient.change).not_in(handled))
    else:
        wanted = col(NoticeRecipient.revision) < notice.revision
    return db.exec(select(NoticeRecipient).where(*copies, wanted).order_by(col(NoticeRecipient.id)).limit(limit)).all()


def being_changed(db: Session, notice: Notice) -> int:
    """How many corrections and deletions are on their way."""
    pending = (col(NoticeRecipient.notice_id) == notice.id, col(NoticeRecipient.change).in_(_PENDING))
    return db.exec(select(func.count()).select_from(NoticeRecipient).where(*pending)).one()


def new_words(db: Session, notice: Notice, recipient: NoticeRecipient) -> NoticeText | None:
    """The text that a copy should have, if it is not the one that it has; the copy counts as up to date from now on."""
    has, recipient.revision = recipient.revision, notice.revision
    written = texts(db, notice)
    source = source_of(written, notice.fallback, _known(recipient.language))
    if source is None:
        return None
    stored = written.get(source) or written["zh_Hans"]
    return text_for(written, notice.fallback, source) if stored.revision > has else None


def _known(language: str) -> Language:
    return "en" if language == "en" else "zh_Hant" if language == "zh_Hant" else "zh_Hans"


def may_be_taken_back(recipient: NoticeRecipient, *, now: datetime) -> bool:
    """Whether Telegram still lets the bot delete this copy."""
    return recipient.sent_at is not None and now - recipient.sent_at < DELETABLE


def deletable(db: Session, notice: Notice, *, now: datetime) -> tuple[int, int]:
    """How many copies can be taken back, and how many went out too long ago."""
    copies = (col(NoticeRecipient.notice_id) == notice.id, col(NoticeRecipient.message_id).is_not(None))
    count = select(func.count()).select_from(NoticeRecipient).where(*copies)
    every = db.exec(count).one()
    recent = db.exec(count.where(col(NoticeRecipient.sent_at) > now - DELETABLE)).one()
    return recent, every - recent

"""Writing a notice: drafts, their texts, their buttons, and what else belongs to them. Only drafts can be changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from bot.errors import NoticeBusy, NoticeGone, NoticeUnfit
from bot.features.attention import Kind
from bot.features.notices._audience import NOBODY, Audience
from bot.features.notices._tables import Notice, NoticeText, State
from bot.features.notices._texts import texts
from bot.features.people import Member
from bot.i18n import Language

TEXT_AT_MOST, CAPTION_AT_MOST = 4096, 1024
"""UTF-16 units, after the markup was read."""

BUTTONS_AT_MOST, LABEL_AT_MOST, ALBUM_AT_MOST = 6, 64, 10
RECENT = 10
"""How many notices of one kind are listed."""


@dataclass(frozen=True)
class Content:
    """What somebody wrote in one language; `media` and `poll` are as in `NoticeText`."""

    html: str = ""
    media: list[dict[str, Any]] = field(default_factory=list)
    poll: dict[str, Any] | None = None
    album: str | None = None


def draft(db: Session, *, author: Member, now: datetime) -> Notice:
    """A new notice with nothing in it yet, and nobody to go to."""
    notice = Notice(author_id=author.id, created_at=now, changed_at=now)
    db.add(notice)
    db.flush()
    return notice


def get(db: Session, notice_id: int) -> Notice:
    """The notice, kept from others until the transaction ends; raises NoticeGone for a draft that was thrown away."""
    notice = db.exec(select(Notice).where(Notice.id == notice_id).with_for_update()).one_or_none()
    if notice is None or notice.state is State.DISCARDED:
        raise NoticeGone
    return notice


def open_draft(db: Session, notice_id: int) -> Notice:
    """The notice, which can still be changed; raises NoticeGone or NoticeBusy."""
    notice = get(db, notice_id)
    if notice.state is not State.DRAFT:
        raise NoticeBusy(notice.state)
    return notice


def listed(db: Session, *states: State) -> list[Notice]:
    """The newest notices in these states."""
    query = select(Notice).where(col(Notice.state).in_(states)).order_by(col(Notice.changed_at).desc())
    return list(db.exec(query.order_by(col(Notice.id).desc()).limit(RECENT)))


def write(
    db: Session, notice: Notice, content: Content, *, language: Language, by: Member, now: datetime, since: datetime
) -> bool:
    """Put what somebody wrote in place of what stood there; what stood there is kept as `earlier`.

    Returns whether another organizer wrote it after `since`, when this one began to write.
    """
    text = db.get(NoticeText, (notice.id, language))
    if text is None:
        if not texts(db, notice):
            notice.fallback = language
        db.add(
            NoticeText(notice_id=notice.id or 0, language=language, changed_by=by.id, changed_at=now, **asdict(content))
        )
        _changed(db, notice, now)
        return False
    crossed = text.changed_by != by.id and text.changed_at is not None and text.changed_at > since
    text.earlier = _kept(text)
    _fill(text, content, by, now)
    _changed(db, notice, now)
    return crossed


def _kept(text: NoticeText) -> dict[str, Any]:
    return {"html": text.html, "media": text.media, "poll": text.poll, "by": text.changed_by}


def _fill(text: NoticeText, content: Content, by: Member, now: datetime) -> None:
    text.html, text.media, text.poll, text.album = content.html, content.media, content.poll, content.album
    text.changed_by, text.changed_at = by.id, now


def put_back(db: Session, notice: Notice, language: Language, *, by: Member, now: datetime) -> None:
    """Exchange what is written for what stood there before; raises NoticeGone when nothing did."""
    text = db.get(NoticeText, (notice.id, language))
    if text is None or text.earlier is None:
        raise NoticeGone
    earlier, text.earlier = text.earlier, _kept(text)
    _fill(text, Content(earlier["html"], earlier["media"], earlier["poll"]), by, now)
    _changed(db, notice, now)


def begun_album(db: Session, album: str, *, by: Member) -> bool:
    """Whether somebody has begun to write with this album."""
    query = select(NoticeText.notice_id).where(col(NoticeText.album) == album, col(NoticeText.changed_by) == by.id)
    return db.exec(query).first() is not None


def join_album(db: Session, *, album: str, item: dict[str, Any], by: Member, now: datetime) -> Notice | None:
    """A further part of an album that somebody has begun to write with; None when it belongs to no draft.

    Raises NoticeUnfit beyond ten parts.
    """
    query = select(NoticeText).where(col(NoticeText.album) == album, col(NoticeText.changed_by) == by.id)
    text = db.exec(query).first()
    notice = db.get(Notice, text.notice_id) if text is not None else None
    if text is None or notice is None or notice.state is not State.DRAFT:
        return None
    if len(text.media) == ALBUM_AT_MOST:
        raise NoticeUnfit("album")
    if item.get("html") and not text.html:
        text.html, item = item["html"], item | {"html": ""}
    text.media = [*text.media, item]
    _changed(db, notice, now)
    return notice


def speak(db: Session, notice: Notice, *, was: Language, language: Language, now: datetime) -> None:
    """What was written in one language is really in another; what stood there is kept as `earlier`. Raises NoticeGone."""
    text = db.get(NoticeText, (notice.id, was))
    if text is None:
        raise NoticeGone
    if was == language:
        return
    replaced = db.get(NoticeText, (notice.id, language))
    earlier = _kept(replaced) if replaced is not None else None
    if replaced is not None:
        db.delete(replaced)
        db.flush()
    text.language, text.earlier = language, earlier
    notice.fallback = language if notice.fallback == was else notice.fallback
    _changed(db, notice, now)


def unwrite(db: Session, notice: Notice, language: Language, *, now: datetime) -> None:
    """Take one language away."""
    db.exec(delete(NoticeText).where(col(NoticeText.notice_id) == notice.id, col(NoticeText.language) == language))
    left = texts(db, notice)
    if left and notice.fallback not in left:
        notice.fallback = next(iter(left))
    _changed(db, notice, now)


def arrange(
    db: Session,
    notice: Notice,
    *,
    now: datetime,
    kind: Kind | None = None,
    urgent: bool | None = None,
    pin: bool | None = None,
    fallback: Language | None = None,
) -> None:
    """Set what is given of: its kind, whether it is urgent, pinned in groups, and the language for everybody else."""
    notice.kind = kind or notice.kind
    notice.urgent = notice.urgent if urgent is None else urgent
    notice.pin = notice.pin if pin is None else pin
    notice.fallback = fallback or notice.fallback
    _changed(db, notice, now)


def aim(db: Session, notice: Notice, audience: Audience, *, now: datetime) -> None:
    """Say to whom it goes."""
    notice.audience = audience
    _changed(db, notice, now)


def add_button(
    db: Session, notice: Notice, *, labels: Mapping[Language, str], url: str | None = None, now: datetime
) -> None:
    """Add a link, or a "sign me up" without `url`; raises NoticeUnfit beyond six."""
    if len(notice.buttons) == BUTTONS_AT_MOST:
        raise NoticeUnfit("buttons")
    made = {"kind": "link", "url": url} if url is not None else {"kind": "signup"}
    notice.buttons = [*notice.buttons, made | {"labels": dict(labels)}]
    _changed(db, notice, now)


def drop_button(db: Session, notice: Notice, number: int, *, now: datetime) -> None:
    """Take one button away."""
    notice.buttons = [button for place, button in enumerate(notice.buttons) if place != number]
    _changed(db, notice, now)


def delete_draft(db: Session, notice: Notice, *, now: datetime) -> None:
    """Throw a draft away; raises NoticeBusy for what is more than a draft."""
    if notice.state is not State.DRAFT:
        raise NoticeBusy(notice.state)
    db.exec(delete(NoticeText).where(col(NoticeText.notice_id) == notice.id))
    notice.state, notice.buttons, notice.audience, notice.testing = State.DISCARDED, [], NOBODY, None
    _changed(db, notice, now)


def written_by(db: Session, member: Member) -> Sequence[Notice]:
    """The notices that somebody wrote."""
    theirs = select(Notice).where(col(Notice.author_id) == member.id, col(Notice.state) != State.DISCARDED)
    return db.exec(theirs.order_by(col(Notice.id))).all()


def forget_writer(db: Session, member: Member) -> None:
    """Forget who wrote, confirmed and approved; the notices are the community's, and stay."""
    for column in ("author_id", "confirmed_by", "approved_by"):
        db.exec(update(Notice).where(col(getattr(Notice, column)) == member.id).values({column: None}))
    db.exec(update(NoticeText).where(col(NoticeText.changed_by) == member.id).values(changed_by=None))
    for text in db.exec(select(NoticeText).where(col(NoticeText.earlier).is_not(None))):
        if text.earlier is not None and text.earlier.get("by") == member.id:
            text.earlier = text.earlier | {"by": None}


def _changed(db: Session, notice: Notice, now: datetime) -> None:
    notice.changed_at = now
    db.flush()

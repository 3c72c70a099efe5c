"""Suggestions: what members propose for the library, how they describe it, and what organizers decide."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from bot.errors import NotYours, Outdated, TextTooLong, Unclear
from bot.features.people import Member
from bot.features.resources._tables import Kind, Licence, SharedResource, State
from bot.features.resources.links import same

TITLE_LIMIT = 120
TEXT_LIMIT = 1500
GOOD_FOR_LIMIT = 200
"""Longest title, text and sentence on what it is good for that are taken, in characters."""

WAITING_LIMIT = 10
"""Suggestions that one member may have waiting."""

_LARGEST_ID = 2**31 - 1
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def checked_text(text: str) -> str:
    """A text as it is taken; raises TextTooLong."""
    if len(text) > TEXT_LIMIT:
        raise TextTooLong(TEXT_LIMIT, len(text))
    return text


def checked_title(text: str) -> str:
    """A title as it is taken; raises Unclear or TextTooLong."""
    return one_line(text, "title", TITLE_LIMIT)


def may_suggest(db: Session, member: Member) -> bool:
    """Whether the member has not yet as many suggestions waiting as one may have."""
    waits = select(SharedResource.id).where(
        SharedResource.suggested_by == member.id, SharedResource.state == State.WAITING
    )
    return len(db.exec(waits).all()) < WAITING_LIMIT


def known(db: Session, *, url: str | None = None, file_unique_id: str | None = None) -> SharedResource | None:
    """What was suggested before under this address or with this file, whatever became of it."""
    alike = []
    if url is not None:
        alike.append(col(SharedResource.address) == same(url))
    if file_unique_id is not None:
        alike.append(col(SharedResource.file_unique_id) == file_unique_id)
    return db.exec(select(SharedResource).where(or_(*alike))).first() if alike else None


def suggest(
    db: Session,
    *,
    by: Member,
    kind: Kind,
    title: str,
    now: datetime,
    url: str | None = None,
    media: str | None = None,
    file_id: str | None = None,
    file_unique_id: str | None = None,
    text: str | None = None,
    entities: list[dict[str, Any]] | None = None,
    licence: Licence | None = None,
) -> tuple[SharedResource, bool]:
    """Propose something for the library, by this right; False with what is there already. Raises Unclear or TextTooLong."""
    title = checked_title(title)
    if (before := known(db, url=url, file_unique_id=file_unique_id)) is not None:
        return before, False
    shared = SharedResource(
        kind=kind,
        title=title,
        url=url,
        address=same(url) if url else None,
        media=media,
        file_id=file_id,
        file_unique_id=file_unique_id,
        text=checked_text(text) if text else None,
        entities=entities or None,
        language="zh" if _CHINESE.search(title) else "en",
        suggested_by=by.id,
        suggested_at=now,
        licence=licence,
        consented_at=now if licence is not None else None,
    )
    try:
        with db.begin_nested():
            db.add(shared)
            db.flush()
    except IntegrityError:  # the same thing, suggested by somebody else in this very moment
        before = known(db, url=url, file_unique_id=file_unique_id)
        if before is None:
            raise
        return before, False
    return shared, True


def get(db: Session, shared_id: int) -> SharedResource:
    """The suggestion with this id, locked for this transaction; raises Outdated when there is none."""
    if not 0 < shared_id <= _LARGEST_ID:
        raise Outdated
    shared = db.exec(select(SharedResource).where(SharedResource.id == shared_id).with_for_update()).one_or_none()
    if shared is None:
        raise Outdated
    return shared


def file_under(shared: SharedResource, need: str) -> None:
    """Say which need it serves; raises Outdated for what was declined."""
    if shared.state is State.DECLINED:
        raise Outdated
    shared.purpose = need


def owned(db: Session, shared_id: int, giver: Member) -> SharedResource:
    """The giver's own suggestion, which can still be described; raises NotYours, or Outdated for what was declined."""
    shared = get(db, shared_id)
    if shared.suggested_by != giver.id:
        raise NotYours("")
    if shared.state in (State.DECLINED, State.WITHDRAWN):
        raise Outdated
    return shared


def describe(shared: SharedResource, words: str) -> None:
    """Say what it is good for; raises Unclear or TextTooLong."""
    shared.good_for = one_line(words, "words", GOOD_FOR_LIMIT)


def approve(shared: SharedResource, *, by: Member, now: datetime) -> bool:
    """Let everybody find it; False when it was decided already."""
    return _decide(shared, State.APPROVED, by, now)


def decline(shared: SharedResource, *, by: Member, now: datetime) -> bool:
    """Leave it out; False when it was decided already."""
    return _decide(shared, State.DECLINED, by, now)


def _decide(shared: SharedResource, state: State, by: Member, now: datetime) -> bool:
    if shared.state is not State.WAITING:
        return False
    shared.state, shared.decided_by, shared.decided_at = state, by.id, now
    return True


def used(db: Session, shared: SharedResource) -> None:
    """Somebody opened it."""
    db.execute(update(SharedResource).where(col(SharedResource.id) == shared.id).values(uses=SharedResource.uses + 1))


def waiting(db: Session) -> list[SharedResource]:
    """Suggestions that nobody has decided on, oldest first."""
    query = select(SharedResource).where(SharedResource.state == State.WAITING)
    return list(db.exec(query.order_by(col(SharedResource.id))))


def suggested_by(db: Session, member: Member) -> Sequence[SharedResource]:
    """What the member suggested, oldest first."""
    query = select(SharedResource).where(SharedResource.suggested_by == member.id)
    return db.exec(query.order_by(col(SharedResource.id))).all()


def one_line(text: str, what: str, limit: int) -> str:
    """A text without line breaks; raises Unclear for none, TextTooLong."""
    line = " ".join(text.split())
    if not line:
        raise Unclear(what)
    if len(line) > limit:
        raise TextTooLong(limit, len(line))
    return line

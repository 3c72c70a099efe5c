"""Resources: the reviewed library and what colleagues share, people's own lists, suggestions and what becomes of them.

A suggestion is waiting → approved or declined; what is approved stands on the shelf beside the reviewed files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from bot.errors import Outdated, TextTooLong, Unclear
from bot.features.people import Member
from bot.features.resources._tables import Kind, ResourceSearch, SavedResource, SharedResource, State
from bot.features.resources.content import Written
from bot.features.resources.links import same
from bot.features.resources.shelf import Resource, Shelf

TITLE_LIMIT = 120
TEXT_LIMIT = 1500
WORDS_LIMIT = 100
"""Longest title, text and search that are taken, in characters."""

WAITING_LIMIT = 10
"""Suggestions that one member may have waiting."""

SEARCHES_KEPT = timedelta(days=30)
_LARGEST_ID = 2**31 - 1
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def on_shelf(db: Session, reviewed: Shelf) -> Shelf:
    """The reviewed resources with what was approved, most used first, behind them."""
    rows = db.exec(
        select(SharedResource)
        .where(SharedResource.state == State.APPROVED)
        .order_by(col(SharedResource.uses).desc(), col(SharedResource.id))
    )
    return reviewed.joined(map(_as_resource, rows))


def _as_resource(shared: SharedResource) -> Resource:
    language: Written = "zh" if shared.language == "zh" else "en"
    return Resource(shared.resource_id, shared.title, language, shared.purpose, url=shared.url, shared=shared)


def save(db: Session, member: Member, resource_id: str, *, now: datetime) -> bool:
    """Put a resource on the member's own list; False when it was there."""
    if is_saved(db, member, resource_id):
        return False
    db.add(SavedResource(member_id=member.id or 0, resource_id=resource_id, saved_at=now))
    db.flush()
    return True


def unsave(db: Session, member: Member, resource_id: str) -> bool:
    """Take a resource off the member's own list; False when it was not there."""
    saved = db.get(SavedResource, (member.id, resource_id))
    if saved is None:
        return False
    db.delete(saved)
    db.flush()
    return True


def is_saved(db: Session, member: Member, resource_id: str) -> bool:
    """Whether a resource is on the member's own list."""
    return db.get(SavedResource, (member.id, resource_id)) is not None


def saved_by(db: Session, member: Member) -> list[str]:
    """Ids of what is on the member's own list, newest first."""
    rows = db.exec(
        select(SavedResource.resource_id)
        .where(SavedResource.member_id == member.id)
        .order_by(col(SavedResource.saved_at).desc(), col(SavedResource.resource_id))
    )
    return list(rows)


def searched(db: Session, member: Member, words: str, *, now: datetime) -> ResourceSearch:
    """Keep what the member searches for; raises Unclear without words, TextTooLong."""
    search = ResourceSearch(member_id=member.id or 0, words=_line(words, "words", WORDS_LIMIT), searched_at=now)
    db.add(search)
    db.flush()
    return search


def recall(db: Session, search_id: int, member: Member) -> ResourceSearch:
    """The member's search behind a button; raises Outdated when it is no longer kept, or not theirs."""
    search = db.get(ResourceSearch, search_id) if 0 < search_id <= _LARGEST_ID else None
    if search is None or search.member_id != member.id:
        raise Outdated
    return search


def checked_text(text: str) -> str:
    """A text as it is taken; raises TextTooLong."""
    if len(text) > TEXT_LIMIT:
        raise TextTooLong(TEXT_LIMIT, len(text))
    return text


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
) -> tuple[SharedResource, bool]:
    """Propose something for the library; False with what is there already. Raises Unclear or TextTooLong."""
    title = _line(title, "title", TITLE_LIMIT)
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


def searches_of(db: Session, member: Member) -> Sequence[ResourceSearch]:
    """What the member searched for lately, oldest first."""
    query = select(ResourceSearch).where(ResourceSearch.member_id == member.id)
    return db.exec(query.order_by(col(ResourceSearch.id))).all()


def prune(db: Session, *, now: datetime) -> None:
    """Forget searches after thirty days."""
    db.execute(delete(ResourceSearch).where(col(ResourceSearch.searched_at) < now - SEARCHES_KEPT))


def forget(db: Session, member: Member) -> None:
    """Delete the member's list, searches and suggestions; what was approved stays for everybody, without their name."""
    db.execute(delete(SavedResource).where(col(SavedResource.member_id) == member.id))
    db.execute(delete(ResourceSearch).where(col(ResourceSearch.member_id) == member.id))
    mine = col(SharedResource.suggested_by) == member.id
    db.execute(delete(SharedResource).where(mine, col(SharedResource.state) != State.APPROVED))
    db.execute(update(SharedResource).where(mine).values(suggested_by=None))
    db.execute(update(SharedResource).where(col(SharedResource.decided_by) == member.id).values(decided_by=None))


def _line(text: str, what: str, limit: int) -> str:
    line = " ".join(text.split())
    if not line:
        raise Unclear(what)
    if len(line) > limit:
        raise TextTooLong(limit, len(line))
    return line


__all__ = [
    "Kind",
    "Resource",
    "ResourceSearch",
    "SavedResource",
    "SharedResource",
    "Shelf",
    "State",
    "approve",
    "checked_text",
    "decline",
    "file_under",
    "forget",
    "get",
    "is_saved",
    "known",
    "may_suggest",
    "on_shelf",
    "prune",
    "recall",
    "save",
    "saved_by",
    "searched",
    "searches_of",
    "suggest",
    "suggested_by",
    "unsave",
    "used",
    "waiting",
]

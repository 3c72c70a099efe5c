"""Resources: the reviewed library and what colleagues share, people's own lists, suggestions and what becomes of them.

A suggestion is waiting → approved or declined; what is approved stands on the shelf beside the reviewed files.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from bot.errors import Outdated
from bot.features.people import Member
from bot.features.resources._giving import (
    GOOD_FOR_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    WAITING_LIMIT,
    approve,
    checked_text,
    checked_title,
    decline,
    describe,
    file_under,
    get,
    known,
    may_suggest,
    one_line,
    owned,
    suggest,
    suggested_by,
    used,
    waiting,
)
from bot.features.resources._readers import (
    forget_reader,
    helped_by,
    helped_count,
    put_back,
    report,
    reports_by,
    say_helped,
    take_off,
    thanked,
    to_thank,
)
from bot.features.resources._tables import (
    Kind,
    Licence,
    ResourceHelped,
    ResourceReport,
    ResourceSearch,
    SavedResource,
    SharedResource,
    State,
    Why,
)
from bot.features.resources.content import Written
from bot.features.resources.shelf import Resource, Shelf

WORDS_LIMIT = 100
"""Longest search that is taken, in characters."""

SEARCHES_KEPT = timedelta(days=30)
_LARGEST_ID = 2**31 - 1


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
    search = ResourceSearch(member_id=member.id or 0, words=one_line(words, "words", WORDS_LIMIT), searched_at=now)
    db.add(search)
    db.flush()
    return search


def recall(db: Session, search_id: int, member: Member) -> ResourceSearch:
    """The member's search behind a button; raises Outdated when it is no longer kept, or not theirs."""
    search = db.get(ResourceSearch, search_id) if 0 < search_id <= _LARGEST_ID else None
    if search is None or search.member_id != member.id:
        raise Outdated
    return search


def searches_of(db: Session, member: Member) -> Sequence[ResourceSearch]:
    """What the member searched for lately, oldest first."""
    query = select(ResourceSearch).where(ResourceSearch.member_id == member.id)
    return db.exec(query.order_by(col(ResourceSearch.id))).all()


def prune(db: Session, *, now: datetime) -> None:
    """Forget searches after thirty days."""
    db.execute(delete(ResourceSearch).where(col(ResourceSearch.searched_at) < now - SEARCHES_KEPT))


def forget(db: Session, member: Member) -> None:
    """Delete the member's list, searches and suggestions; what was approved stays for everybody, without their name."""
    forget_reader(db, member)
    db.execute(delete(SavedResource).where(col(SavedResource.member_id) == member.id))
    db.execute(delete(ResourceSearch).where(col(ResourceSearch.member_id) == member.id))
    mine = col(SharedResource.suggested_by) == member.id
    db.execute(delete(SharedResource).where(mine, col(SharedResource.state) != State.APPROVED))
    db.execute(update(SharedResource).where(mine).values(suggested_by=None, named=False))
    db.execute(update(SharedResource).where(col(SharedResource.decided_by) == member.id).values(decided_by=None))


__all__ = [
    "GOOD_FOR_LIMIT",
    "TEXT_LIMIT",
    "TITLE_LIMIT",
    "WAITING_LIMIT",
    "Kind",
    "Licence",
    "Resource",
    "ResourceHelped",
    "ResourceReport",
    "ResourceSearch",
    "SavedResource",
    "SharedResource",
    "Shelf",
    "State",
    "Why",
    "approve",
    "checked_text",
    "checked_title",
    "decline",
    "describe",
    "file_under",
    "forget",
    "get",
    "helped_by",
    "helped_count",
    "is_saved",
    "known",
    "may_suggest",
    "on_shelf",
    "owned",
    "prune",
    "put_back",
    "recall",
    "report",
    "reports_by",
    "save",
    "saved_by",
    "say_helped",
    "searched",
    "searches_of",
    "suggest",
    "suggested_by",
    "take_off",
    "thanked",
    "to_thank",
    "unsave",
    "used",
    "waiting",
]

"""Sharing a win with a group, what goes with it, and the kudos that come back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, update
from sqlmodel import Session, col, select

from bot.errors import Outdated, TextTooLong
from bot.features.people import Member
from bot.features.wins._tables import Kudos, Win, WinDigest, WinPath

NOTE_LIMIT = 10_000
"""Characters that are kept with a win; long words arrive in several messages."""

PHOTOS_AT_MOST = 10

GATHER = timedelta(hours=1)
"""How long the first kudos waits for others before its receiver hears of them."""

DAY = timedelta(days=1)


def note(win: Win, text: str) -> None:
    """Keep words with a win, after those that are there; raises TextTooLong."""
    together = "\n".join(filter(None, [win.note, text.strip()]))
    if len(together) > NOTE_LIMIT:
        raise TextTooLong(NOTE_LIMIT, len(together))
    win.note = together or None


def add_photo(win: Win, file_id: str, *, album: str | None) -> bool:
    """Keep a photo with a win; False when it has as many as it can have."""
    if len(win.photos) >= PHOTOS_AT_MOST:
        return False
    win.photos, win.album = [*win.photos, file_id], album or win.album
    return True


def empty(win: Win) -> None:
    """What was said about it goes."""
    win.note, win.photos, win.album = None, [], None


def share(win: Win, chat_id: int, *, named: bool, now: datetime) -> None:
    """It is in a group now."""
    win.chat_id, win.named, win.shared_at = chat_id, named, now


def keep(db: Session, win: Win) -> None:
    """It is in no group any more; the kudos for it go with it."""
    win.chat_id, win.named, win.shared_at = None, False, None
    db.exec(delete(Kudos).where(col(Kudos.win_id) == win.id))


def shared(db: Session, win_id: int, chat_id: int) -> Win:
    """A win that is shared with this group; raises Outdated for any other."""
    win = db.get(Win, win_id)
    if win is None or win.shared_at is None or win.chat_id != chat_id:
        raise Outdated
    return win


def shared_by(db: Session, member: Member) -> list[Win]:
    """What somebody has shared."""
    return list(db.exec(select(Win).where(Win.member_id == member.id, col(Win.shared_at).is_not(None))))


def react(db: Session, win: Win, telegram_id: int, *, glad: bool, now: datetime) -> None:
    """Somebody reacted to it, or took their reaction back; the author's own does not count."""
    _applaud(db, win, telegram_id, now, reacted=glad)


def tap(db: Session, win: Win, telegram_id: int, *, now: datetime) -> bool:
    """Somebody tapped for kudos, or took that back by tapping again; says which it was."""
    known = db.get(Kudos, (win.id, telegram_id))
    glad = known is None or not known.tapped
    _applaud(db, win, telegram_id, now, tapped=glad)
    return glad


def _applaud(db: Session, win: Win, telegram_id: int, now: datetime, **ways: bool) -> None:
    known = db.get(Kudos, (win.id, telegram_id))
    if known is None:
        known = Kudos(win_id=win.id or 0, telegram_id=telegram_id, at=now)
    for name, glad in ways.items():
        setattr(known, name, glad)
    if known.reacted or known.tapped:
        db.add(known)
    elif known in db:
        db.delete(known)
    db.flush()


def applauded(db: Session, *, now: datetime, limit: int) -> list[Member]:
    """Whom colleagues gave kudos that they have not heard of, and who has heard of none for a day."""
    query = (
        select(Member, func.min(Kudos.at).label("first"))
        .join(Win, col(Win.member_id) == col(Member.id))
        .join(Kudos, col(Kudos.win_id) == col(Win.id))
        .join(WinPath, col(WinPath.member_id) == col(Member.id))
        .where(col(Kudos.told_at).is_(None), Kudos.at <= now - GATHER)
        .where(or_(col(WinPath.kudos_at).is_(None), col(WinPath.kudos_at) <= now - DAY))
        .group_by(col(Member.id))
        .order_by("first")
        .limit(limit)
    )
    return [member for member, _first in db.exec(query).all()]


def untold(db: Session, member: Member) -> list[tuple[str, int]]:
    """The steps for which somebody got kudos that they have not heard of, each with how many."""
    query = select(Win.step, func.count()).join(Kudos, col(Kudos.win_id) == col(Win.id))
    query = query.where(Win.member_id == member.id, col(Kudos.told_at).is_(None)).group_by(col(Win.id))
    return list(db.exec(query.order_by(col(Win.id))).all())


def told(db: Session, members: Sequence[Member], *, done_with: Sequence[Member], now: datetime) -> None:
    """These members' kudos were seen to, for a day; those who are `done_with` them hear no more of the same."""
    ids = [member.id for member in members]
    db.exec(update(WinPath).where(col(WinPath.member_id).in_(ids)).values(kudos_at=now))
    theirs = select(Win.id).where(col(Win.member_id).in_([member.id for member in done_with]))
    db.exec(update(Kudos).where(col(Kudos.win_id).in_(theirs), col(Kudos.told_at).is_(None)).values(told_at=now))


def kudos_for(db: Session, win: Win) -> int:
    """How many colleagues are glad about a win."""
    return db.exec(select(func.count()).select_from(Kudos).where(Kudos.win_id == win.id)).one()


def kudos_by(db: Session, member: Member) -> list[Kudos]:
    """The kudos that somebody gave."""
    return list(db.exec(select(Kudos).where(Kudos.telegram_id == member.telegram_id)))


def move_chat(db: Session, old: int, new: int) -> None:
    """A group became a supergroup: what is shared there, and that it got its digest, moves."""
    db.exec(update(Win).where(col(Win.chat_id) == old).values(chat_id=new))
    db.exec(update(WinDigest).where(col(WinDigest.chat_id) == old).values(chat_id=new))

"""Who was given which wording in the last ninety days, so that a change can reach them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session, col, select

from bot.errors import Outdated
from bot.features.entries._tables import Change, Given, GivenText, Verdict
from bot.features.people import Member

GIVEN_KEPT = timedelta(days=90)


def digest(lines: Sequence[str]) -> str:
    """A short name for a wording."""
    return hashlib.blake2b("\n".join(lines).encode(), digest_size=10).hexdigest()


def give(
    db: Session, member: Member, entry_id: str, *, language: str, lines: Sequence[str], now: datetime
) -> None:
    """Note which wording of an entry somebody was shown; the newest counts."""
    shown = {"language": language, "digest": _kept(db, lines), "given_at": now}
    insert = _insert(db)(Given).values({"member_id": member.id, "entry_id": entry_id} | shown)
    db.execute(insert.on_conflict_do_update(index_elements=["member_id", "entry_id"], set_=shown))


def _kept(db: Session, lines: Sequence[str]) -> str:
    """Keep the lines once, whoever comes first; their digest comes back."""
    name = digest(lines)
    insert = _insert(db)(GivenText).values({"digest": name, "lines": list(lines)})
    db.execute(insert.on_conflict_do_nothing(index_elements=["digest"]))
    return name


def _insert(db: Session) -> Any:
    """The dialect's insert, which knows what to do when somebody else was first."""
    return insert_sqlite if db.connection().dialect.name == "sqlite" else insert_postgres


@dataclass(frozen=True)
class Reader:
    """Somebody who was given another wording than the present one, and its lines, where they are still known."""

    member: Member
    lines: list[str] | None


def overtake(
    db: Session, entry_id: str, *, language: str, lines: Sequence[str], now: datetime, only: str | None = None
) -> list[Reader]:
    """Count everybody as having the new lines, and give back those who had others (`only`: that digest).

    Calling it again gives nobody: each change finds a reader once.
    """
    new = digest(lines)
    rows = db.exec(
        select(Given, Member)
        .join(Member, col(Member.id) == col(Given.member_id))
        .where(Given.entry_id == entry_id, Given.language == language, Given.digest != new)
        .where(col(Given.given_at) >= now - GIVEN_KEPT, *([Given.digest == only] if only else []))
        .order_by(col(Given.member_id))
    ).all()
    if rows:
        _kept(db, lines)
    readers = []
    for row, member in rows:
        readers.append(Reader(member, text_of(db, row.digest)))
        row.digest = new
    db.flush()
    return readers


def text_of(db: Session, name: str) -> list[str] | None:
    """The lines behind a digest."""
    kept = db.get(GivenText, name)
    return kept.lines if kept else None


def in_hands(db: Session, *, now: datetime) -> list[tuple[str, str, str, int]]:
    """Entry, language, digest and how many people were given it lately."""
    rows = db.execute(
        select(Given.entry_id, Given.language, Given.digest, func.count())
        .where(col(Given.given_at) >= now - GIVEN_KEPT)
        .group_by(Given.entry_id, Given.language, Given.digest)
        .order_by(Given.entry_id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def change_between(db: Session, entry_id: str, language: str, *, old: str, new: str) -> Change | None:
    """The change from one wording to another, where organizers were asked about it."""
    return db.exec(
        select(Change).where(
            Change.entry_id == entry_id, Change.language == language, Change.old == old, Change.new == new
        )
    ).one_or_none()


def see_change(db: Session, entry_id: str, language: str, *, old: str, new: str, now: datetime) -> Change:
    """Note a change that organizers are asked about."""
    change = Change(entry_id=entry_id, language=language, old=old, new=new, seen_at=now)
    db.add(change)
    db.flush()
    return change


def change(db: Session, change_id: int) -> Change:
    """The change with this id, locked for this transaction; raises Outdated when there is none."""
    found = db.exec(select(Change).where(Change.id == change_id).with_for_update()).one_or_none()
    if found is None:
        raise Outdated
    return found


def decide(change: Change, verdict: Verdict, *, by: Member) -> bool:
    """The first organizer's word counts; False for a later one."""
    if change.verdict is not Verdict.OPEN:
        return False
    change.verdict, change.decided_by = verdict, by.id
    return True


def prune(db: Session, *, now: datetime) -> None:
    """Forget after ninety days who was given what, and the texts that nobody was given any more."""
    db.execute(delete(Given).where(col(Given.given_at) < now - GIVEN_KEPT))
    db.execute(delete(Change).where(col(Change.seen_at) < now - GIVEN_KEPT))
    db.execute(delete(GivenText).where(col(GivenText.digest).not_in(select(Given.digest))))


def given_to(db: Session, member: Member) -> list[Given]:
    """What somebody was given lately, newest first."""
    return list(
        db.exec(select(Given).where(Given.member_id == member.id).order_by(col(Given.given_at).desc()))
    )

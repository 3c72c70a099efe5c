"""What a month was like on the ladder, for the groups' digests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.features.people import Member
from bot.features.wins._tables import Win, WinDigest, WinPath
from bot.features.wins.content import Ladder


@dataclass(frozen=True)
class Standing:
    """How many people are at each stage (by its id, in the ladder's order) and at its `top`.

    `median` is half the people's number of days until their first peer supporter, None where nobody has one yet. `teams` is
    how many of those that were asked for are at which stage, by whoever of theirs got furthest; None is the top.
    """

    stages: tuple[tuple[str, int], ...]
    top: int
    median: int | None
    teams: tuple[tuple[str | None, int], ...] = ()


@dataclass(frozen=True)
class Month:
    """The wins of a month: how many in all, how many by stage, and those that one group was told of.

    `named` are names with steps, oldest first; `unnamed` is how many were shared without a name.
    """

    total: int
    stages: tuple[tuple[str, int], ...]
    named: tuple[tuple[str, str], ...]
    unnamed: int


def standing(db: Session, ladder: Ladder, teams: Sequence[Collection[int]] = ()) -> Standing:
    """Where everybody is, and where these teams of members are; those of whom nobody has a path are not counted."""
    rows = db.exec(select(WinPath.step, func.count()).group_by(col(WinPath.step))).all()
    return Standing(
        _by_stage(ladder, rows),
        sum(count for step, count in rows if step is None),
        _median(db, ladder.first_peer_supporter),
        _teams_by_stage(db, ladder, teams) if teams else (),
    )


def _by_stage(ladder: Ladder, rows: Sequence[tuple[str | None, int]]) -> tuple[tuple[str, int], ...]:
    counted: Counter[str] = Counter()
    for step, count in rows:
        if step is not None and step in ladder.by_id:
            counted[ladder.by_id[step].stage] += count
    return tuple((stage.id, counted[stage.id]) for stage in ladder.stages)


def _teams_by_stage(db: Session, ladder: Ladder, teams: Sequence[Collection[int]]) -> tuple[tuple[str | None, int], ...]:
    order: list[str | None] = [*(stage.id for stage in ladder.stages), None]
    place = _places(db, ladder, order)
    furthest = (max((place[one] for one in team if one in place), default=None) for team in teams)
    counted = Counter(at for at in furthest if at is not None)
    return tuple((order[at], counted[at]) for at in sorted(counted))


def _places(db: Session, ladder: Ladder, order: Sequence[str | None]) -> dict[int, int]:
    """How far up everybody is who has a path, as a place in `order`."""
    paths = db.exec(select(WinPath.member_id, WinPath.step)).all()
    known = {step: order.index(about.stage) for step, about in ladder.by_id.items()}
    return {one: len(order) - 1 if step is None else known[step] for one, step in paths if step is None or step in known}


def _median(db: Session, step: str) -> int | None:
    """Half of them needed at most so many days. Whoever marks it on the first day had one before the path began."""
    took = (Win.step == step, Win.days > 0)
    number = db.exec(select(func.count()).select_from(Win).where(*took)).one()
    middle = select(Win.days).where(*took).order_by(col(Win.days)).offset(max(0, (number - 1) // 2)).limit(1)
    return db.exec(middle).first()


def month(db: Session, ladder: Ladder, chat_id: int, *, since: datetime, until: datetime) -> Month:
    """What was done from `since` on and before `until`, and what of it was shared with this group."""
    then = (col(Win.done_at) >= since, col(Win.done_at) < until)
    rows = db.exec(select(Win.step, func.count()).where(*then).group_by(col(Win.step))).all()
    here = (Win.chat_id == chat_id, col(Win.shared_at) >= since, col(Win.shared_at) < until)
    query = select(Win, Member).join(Member, col(Member.id) == col(Win.member_id)).where(*here)
    told = db.exec(query.order_by(col(Win.shared_at), col(Win.id))).all()
    named = tuple((member.shown_name, win.step) for win, member in told if win.named)
    return Month(sum(count for _step, count in rows), _by_stage(ladder, rows), named, len(told) - len(named))


def digest_sent(db: Session, chat_id: int, month: str) -> bool:
    """Whether a group got the digest of a month."""
    return db.get(WinDigest, (chat_id, month)) is not None


def note_digest(db: Session, chat_id: int, month: str, *, now: datetime) -> None:
    """A group got it, or there was nothing to tell."""
    db.add(WinDigest(chat_id=chat_id, month=month, sent_at=now))

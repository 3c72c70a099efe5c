"""Travelling through time from one due moment to the next, instead of minute by minute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import col, select

from bot.outbox import OutboxRow
from bot.timetable import SessionChange, SessionRow
from bot.timetable._telling import QUIET, QUIET_NEAR
from tests.conftest import SetClock
from tests.town import Seat, Town


@dataclass(frozen=True)
class Delivered:
    """One message of the bot, and when it arrived."""

    at: datetime
    text: str


def arrivals(seat: Seat) -> list[Delivered]:
    """What the bot wrote to a chat, in order, with the set clock's times."""
    return [
        Delivered(seat_time(seat, post.message), post.text)
        for post in seat.posts
        if post.author == seat.town.world.bot_id
    ]


def seat_time(seat: Seat, message: dict[str, object]) -> datetime:
    """When a message arrived, on the world's clock."""
    return datetime.fromtimestamp(int(str(message["date"])), tz=seat.town.now().tzinfo)


def travel(town: Town, clock: SetClock, until: datetime) -> None:
    """Let everything happen that is due until then, each at its time."""
    town.settle()
    while (moment := _next(town, clock.now, until)) is not None:
        clock.now = moment
        town.settle()
    clock.now = until
    town.settle()


def _next(town: Town, now: datetime, until: datetime) -> datetime | None:
    with town.database.reading() as db:
        due = [
            *db.exec(select(SessionRow.next_rung_at).where(col(SessionRow.next_rung_at) > now)),
            *db.exec(select(OutboxRow.due_at).where(OutboxRow.state == "due", OutboxRow.due_at > now)),
            *_ripening(at for at in db.exec(select(SessionChange.at).where(col(SessionChange.told_at).is_(None)))),
        ]
    return min((moment for moment in due if moment is not None and now < moment <= until), default=None)


def _ripening(changed: Iterator[datetime]) -> Iterator[datetime]:
    for at in changed:
        yield at + QUIET_NEAR
        yield at + QUIET


def explained(town: Town, query: str) -> str:
    """How SQLite would look for something."""
    with town.database.reading() as db:
        return "\n".join(str(row[3]) for row in db.connection().execute(text(f"EXPLAIN QUERY PLAN {query}")))


MINUTE = timedelta(minutes=1)

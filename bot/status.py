"""What `smallwins status` shows: who delivers, what waits and for how long, and what went wrong lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import clock, inbox, outbox
from bot.db import Database, newest_version
from bot.errors import OperatorError
from bot.lease import Lease
from bot.outbox import Delivery, Depth, Lane, Overdue, Tallied
from bot.settings import Settings

DAY = timedelta(days=1)
PATIENCE = {Lane.REPLY: timedelta(minutes=1), Lane.ANSWER: timedelta(minutes=5)}
"""How long something may wait before somebody should look; reminders and notices to many take their time."""

BULK_PATIENCE = timedelta(hours=6)
TICK_PATIENCE = timedelta(minutes=3)


@dataclass(frozen=True)
class Status:
    """Everything at one moment."""

    now: datetime
    schema: str
    running: bool
    delivery: Delivery
    overdue: Overdue
    depths: dict[Lane, Depth]
    in_flight: int
    unheard: int
    unheard_for: timedelta
    day: Tallied

    @property
    def troubles(self) -> list[str]:
        """What somebody should look at, a sentence each."""
        found = []
        if not self.running:
            found.append("No process is running.")
        elif self.delivery.ticked_at is not None and self.now - self.delivery.ticked_at > TICK_PATIENCE:
            found.append(f"The clock has not ticked for {_span(self.now - self.delivery.ticked_at)}.")
        if self.delivery.held_at is not None:
            found.append("Delivery is held after a restore: an organizer, or smallwins restore --release or --void, decides.")
        late = [lane for lane, depth in self.depths.items() if depth.lag > PATIENCE.get(lane, BULK_PATIENCE)]
        if late and self.delivery.held_at is None:
            found.append(f"Messages wait too long: {', '.join(_name(lane) for lane in late)}.")
        if self.unheard_for > timedelta(minutes=1) and self.delivery.held_at is None:
            found.append("Updates wait too long.")
        return found

    def __str__(self) -> str:
        rows = [
            ("schema", self.schema),
            ("running", self._running()),
            ("held", self._held()),
            ("inbox", f"{self.unheard} waiting" + (f", for {_span(self.unheard_for)}" if self.unheard else "")),
            *((_name(lane), _depth(depth)) for lane, depth in self.depths.items()),
            ("in flight", str(self.in_flight)),
            ("last day", self._day()),
        ]
        table = "\n".join(f"{name:<11}{value}" for name, value in rows)
        return table + "".join(f"\nLOOK: {trouble}" for trouble in self.troubles)

    def _running(self) -> str:
        if not self.running:
            return "no"
        since = self.delivery.owner_since
        return f"{self.delivery.owner or 'yes'}" + (f", for {_span(self.now - since)}" if since is not None else "")

    def _held(self) -> str:
        if self.delivery.held_at is None:
            return "no"
        late = self.overdue
        return f"since {self.delivery.held_at:%Y-%m-%d %H:%M} UTC: {late.answers} answers, {late.reminders} reminders, " + (
            f"{late.notices} notices are overdue"
        )

    def _day(self) -> str:
        typical = f", half of them within {_span(self.day.typical)}" if self.day.typical is not None else ""
        return f"{self.day.sent} sent{typical}; {self.day.failed} failed, {self.day.uncertain} uncertain"


def look(settings: Settings) -> Status:
    """Look at the database, also while the bot runs; raises OperatorError when there is nothing to look at."""
    database = Database(settings.database_url)
    if database.file is not None and not database.file.exists():
        raise OperatorError(f"There is no database at {database.file} yet; 'smallwins run' makes it.")
    running = Lease(database).is_taken()
    schema, now = database.version(), clock.now()
    if schema != newest_version():
        raise OperatorError(f"The database has schema {schema}, this version has {newest_version()}: 'smallwins migrate'.")
    with database.reading() as db:
        found = Status(
            now=now,
            schema=schema or "",
            running=running,
            delivery=outbox.standing(db),
            overdue=outbox.overdue(db, now=now),
            depths=outbox.depths(db, now=now),
            in_flight=outbox.in_flight(db),
            unheard=inbox.depth(db),
            unheard_for=inbox.lag(db, now=now),
            day=outbox.tallied(db, since=now - DAY),
        )
    database.close()
    return found


def _name(lane: Lane) -> str:
    return {Lane.REPLY: "replies", Lane.ANSWER: "answers", Lane.REMINDER: "reminders", Lane.NOTICE: "notices"}[lane]


def _depth(depth: Depth) -> str:
    return f"{depth.waiting} waiting" + (f", overdue for {_span(depth.lag)}" if depth.lag >= timedelta(seconds=1) else "")


def _span(time: timedelta) -> str:
    seconds = int(time.total_seconds())
    for unit, name in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * unit:
            return f"{seconds // unit} {name}"
    return f"{seconds} s"

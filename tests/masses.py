"""A mass of messages to many people, all owed at once: for tests and benchmarks that kill what sends them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from bot import clock, outbox
from bot.courier._marks import REPEATED
from bot.db import Database
from bot.outbox import Lane, OutboxRow
from bot.sandbox.server import Running
from bot.sandbox.world import Event, Person, Post

TEXT = "The webinar on family support begins on Thursday at eight."

Owe = Callable[[Session, list[Person]], None]
"""How the mass comes into being, in one transaction."""


def rows(db: Session, people: list[Person]) -> None:
    """A row for each, as a notice makes them."""
    now = clock.now()
    for person in people:
        payload = {"chat_id": person.id, "text": TEXT}
        key = f"mass:{person.id}"
        outbox.enqueue(
            db, chat_id=person.id, method="sendMessage", payload=payload, now=now, lane=Lane.NOTICE, key=key, about="mass"
        )


@dataclass
class Mass:
    """The people, and what they have got. `owe` makes the promises."""

    running: Running
    size: int
    owe: Owe = rows
    people: list[Person] = field(default_factory=list)
    in_flight: int = 0

    def begin(self, database: Database) -> None:
        """Everybody has started the bot, and is owed the message."""
        self.people = [self.running.do(self.running.world.person, f"Reader {number}") for number in range(self.size)]
        for person in self.people:
            person.started = True
        with database.transaction() as db:
            self.owe(db, self.people)

    def is_part(self, event: Event) -> bool:
        """Whether the event is one of its messages, in the very moment in which Telegram takes it."""
        return event.kind == "message" and TEXT in str((event.message or {}).get("text"))

    def got(self, *, marked: bool = True) -> Counter[int]:
        """How many copies each person has; without those that carry the mark of a repetition if not `marked`."""
        return Counter({person.id: len(self._copies(person, marked)) for person in self.people})

    def _copies(self, person: Person, marked: bool) -> list[Post]:
        chat = self.running.world.private(person)
        copies = [post for post in list(chat.messages.values()) if TEXT in post.text]
        return copies if marked else [post for post in copies if not post.text.endswith(REPEATED)]

    def everybody_has_it(self) -> bool:
        """Whether nobody is left."""
        return all(self.got().values())

    def note_in_flight(self, database: Database) -> int:
        """After a kill: add what was being sent at that moment; how many rows that were."""
        with database.reading() as db:
            out = outbox.in_flight(db)
        self.in_flight += out
        return out

    def faults(self, database: Database) -> list[str]:
        """What is wrong once all is over; nobody may have it twice whose row was not marked uncertain."""
        with database.reading() as db:
            found = db.exec(select(OutboxRow).where(OutboxRow.about == "mass")).all()
            doubtful = set(
                db.exec(select(OutboxRow.chat_id).where(col(OutboxRow.uncertain_at).is_not(None))).all()
            )
        got = self.got()
        wrong = [f"{row.chat_id}: the row is {row.state} still" for row in found if row.state in ("due", "claimed")]
        wrong += [f"{person.id} got nothing" for person in self.people if got[person.id] == 0]
        wrong += [f"{chat} got it twice without doubt" for chat, n in got.items() if n > 1 and chat not in doubtful]
        wrong += [f"{chat} got it twice without a mark" for chat, n in self.got(marked=False).items() if n > 1]
        return wrong

    def is_over(self, database: Database) -> bool:
        """Whether nothing of it waits or is being sent, as far as the books say."""
        with database.reading() as db:
            query = select(OutboxRow.id).where(OutboxRow.about == "mass", col(OutboxRow.state).in_(("due", "claimed")))
            return db.exec(query.limit(1)).first() is None

    def doubtful(self, database: Database) -> int:
        """How many rows were marked uncertain."""
        with database.reading() as db:
            query = select(OutboxRow.id).where(OutboxRow.about == "mass", col(OutboxRow.uncertain_at).is_not(None))
            return len(db.exec(query).all())

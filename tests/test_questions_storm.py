"""A bounded storm in this process; tests/bench/desk.py has the whole one, over a bot that is killed."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from sqlmodel import col, select

from bot import outbox
from bot.db import Database
from bot.features.people import Role
from bot.features.questions import Part, Question, Side
from bot.outbox import OutboxRow
from bot.sandbox.world import World
from tests.conftest import SetClock
from tests.storm import Books, Storm, let_calls_fail, look
from tests.test_questions import UNKNOWN, passed_on
from tests.town import Town


class InTown:
    """A stage in this process: time passes a little after everything that people do."""

    def __init__(self, town: Town, clock: SetClock) -> None:
        self.town, self.clock = town, clock

    @property
    def world(self) -> World:
        """The town's world."""
        return self.town.world

    def do(self, verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Carry it out at once."""
        return verb(*args, **kwargs)

    def goes_on(self) -> None:
        """Two seconds."""
        self.clock.moves(seconds=2)
        self.town.settle()


def belongs(database: Database) -> dict[str, int]:
    """Marks of what was sent to a question, by what the database keeps: the question itself, and what its asker added."""
    with database.reading() as db:
        texts = [(q.id, q.text) for q in db.exec(select(Question).where(col(Question.number).is_not(None)))]
        texts += [(p.question_id, p.text or "") for p in db.exec(select(Part).where(Part.side == Side.ASKER))]
    return {text.split(" ", 1)[0]: question or 0 for question, text in texts if text.startswith("m")}


def homes(database: Database) -> dict[int, int]:
    """Topic → the chat of the asker."""
    with database.reading() as db:
        rows = db.exec(select(Question).where(col(Question.number).is_not(None))).all()
        receipts = {row.id: outbox.receipt(db, row.topic_key) for row in rows if row.topic_key}
    return {
        receipt.thread_id: row.chat_id
        for row in rows
        if (receipt := receipts.get(row.id)) is not None and receipt.thread_id is not None
    }


def books(database: Database) -> Books:
    """Everything of the database that is looked at afterwards."""
    with database.reading() as db:
        rows = db.exec(select(OutboxRow).where(col(OutboxRow.uncertain_at).is_not(None))).all()
    doubtful = {(row.chat_id, row.message_id) for row in rows if row.message_id is not None}
    return Books(belongs(database), homes(database), doubtful)


def unsettled(database: Database) -> int:
    """How much can still be sent: what waits for a message that was given up waits for somebody's Try again."""
    with database.reading() as db:
        waiting = db.exec(select(OutboxRow).where(col(OutboxRow.state).in_(("due", "claimed")))).all()
        given_up = set(db.exec(select(OutboxRow.key).where(col(OutboxRow.state).in_(("failed", "void")))))
    return len([row for row in waiting if row.needs is None or row.needs not in given_up])


def test_in_a_storm_every_message_reaches_one_topic_and_every_answer_its_asker(town: Town, clock: SetClock) -> None:
    town.ticking = lambda: clock().timestamp()
    town.restarts()
    askers = [town.person(f"Asker {number}", "en", Role.TRAINEE) for number in range(8)]
    storm = Storm(
        InTown(town, clock), random.Random(4), askers, [town.consultant, town.second_consultant], town.room, questions=16
    )
    let_calls_fail(town.world, seed=4)
    storm.blow(120, meanwhile=lambda step: town.restarts() if step in (40, 70, 100) else None)
    town.world.faults.clear()
    for round_of_calm in range(40):
        clock.moves(seconds=10)
        town.settle()
        if round_of_calm in (15, 25):
            storm.try_again()
    assert unsettled(town.database) == 0
    outcome = look(storm, books(town.database))
    assert outcome.faults == []
    assert outcome.sent > 20
    assert outcome.answered > 5


def test_r02_a_reply_to_a_copy_that_the_bot_never_knew_of_stays_in_the_room_and_says_so(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    with town.database.transaction() as db:
        card = db.exec(select(OutboxRow).where(OutboxRow.key == "question:1:card:1")).one()
        card.message_id = 999_999  # as after a lost answer of Telegram's: the copy that the bot knows is another one
    topic.replies(UNKNOWN, "No.")
    assert "stayed in this room" in topic.last.text or "只留在了组里" in topic.last.text
    asker.sees_nothing_of("answer from")

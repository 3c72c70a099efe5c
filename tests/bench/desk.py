"""The desk under load: `python -m tests.bench.desk [storm|load] [--seed N]`.

The storm: 200 questions of 100 people with random replies, edits, claims, transfers and closings, while a fifth of all
calls to Telegram fails and the bot's process is killed three times with -9. Afterwards every message that a person sent to
a question is in exactly one topic, and every answer is at its asker; what came twice says so, and is counted.

The load: what /queue, a claim, a relay, /find and an idle tick take with 10,000 stored questions against 100.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, func, select

import bot.tables  # noqa: F401  (registers every table)
from bot import knowledge
from bot.db import Database
from bot.demo import introduce
from bot.features import people, questions
from bot.features.questions import Part, Question, Side, State
from bot.inbox import InboxRow
from bot.outbox import OutboxRow
from bot.sandbox.demo import demo_world
from bot.sandbox.server import Running, serve_in_thread
from bot.sandbox.world import World
from bot.settings import Settings
from tests.processes import Process
from tests.storm import Storm, let_calls_fail, look
from tests.test_questions_storm import books
from tests.town import Town

PEOPLE, QUESTIONS, STEPS, KILLS = 100, 200, 1500, 3
SMALL, LARGE, REPEATS, LIMIT = 100, 10_000, 25, 1.3
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


class OverHttp:
    """A stage over a bot in a process of its own."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._pause = threading.Event()

    @property
    def world(self) -> World:
        """The served world."""
        return self._running.world

    def do(self, verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Carry it out on the server's own loop."""
        return self._running.do(verb, *args, **kwargs)

    def goes_on(self) -> None:
        """Give the bot a moment."""
        self._pause.wait(0.05)


def storm(seed: int) -> bool:
    """Let it blow, and say what came of it; whether all went well."""
    world = demo_world()
    askers = [world.person(f"Asker {number}", language="en", note="trainee") for number in range(PEOPLE)]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="smallwins-storm-")))
        running = stack.enter_context(serve_in_thread(world))
        process = prepared(running, folder)
        stack.callback(end, process)
        room = next(chat for chat in world.chats.values() if chat.is_forum)
        consultants = [person for person in world.people.values() if person.note.casefold().startswith("consultant")]
        blown = Storm(OverHttp(running), random.Random(seed), askers, consultants, room, QUESTIONS)
        begun = time.monotonic()
        process.begin()
        let_calls_fail(world, seed)
        blown.blow(STEPS, meanwhile=killing(process, random.Random(seed)))
        world.faults.clear()
        calm(process)
        pressed = 0
        while (buttons := blown.try_again()) > 0:
            pressed += buttons
            calm(process)
        database = Database(process.url)
        outcome = look(blown, books(database))
        uncertain = counted(database, col(OutboxRow.uncertain_at).is_not(None))
        database.close()
        print(f"storm {seed}: {time.monotonic() - begun:.0f} s, {process.kills} kills, doings {dict(blown.done)}")
        print(f"  {outcome.sent} messages to {blown.asked} questions, {outcome.answered} answers")
        print(f"  {uncertain} messages were in doubt, {outcome.doubles} of them came twice")
        print(f"  {pressed} times the desk said that something had not arrived, and sent it again on request")
        print("\n".join(f"  WRONG: {fault}" for fault in outcome.faults) or "  every message is where it belongs, once")
        return not outcome.faults


def prepared(running: Running, folder: Path) -> Process:
    """A process that is paced by nothing but the faults: Telegram's own pace would stretch the storm to an hour."""
    url = f"sqlite:///{folder / 'storm.db'}"
    introduce(running.world, Settings(database_url=url))
    running.do(running.world.updates.clear)
    for person in running.world.people.values():
        person.started = True
    command = [sys.executable, "-m", "tests.bench.unpaced", "run"]
    process = Process(running, url, folder, settings={"SMALLWINS_RATE": "1000"}, command=command)
    running.do(running.world.subscribe, process.watch)
    return process


def killing(process: Process, dice: random.Random) -> Callable[[int], None]:
    """Kill the process at three moments, each in the middle of something that it has just sent."""
    moments = sorted(dice.sample(range(STEPS // 5, STEPS - STEPS // 10), KILLS))

    def meanwhile(step: int) -> None:
        if step in moments:
            process.fatal = lambda event: event.kind == "message"
        if process.popen is not None and process.popen.poll() is not None:
            process.begin()

    return meanwhile


def calm(process: Process) -> None:
    """Wait until nothing is left to be handled or sent; a process that was killed at the very end begins again."""
    database, pause = Database(process.url), threading.Event()
    quiet = 0
    for _ in range(240):
        if process.popen is not None and process.popen.poll() is not None:
            process.begin()
        waiting = counted(database, col(OutboxRow.state).in_(("due", "claimed")))
        quiet = quiet + 1 if waiting == 0 and not len(process.running.world.updates) else 0
        if quiet == 5:
            database.close()
            return
        pause.wait(0.5)
    with database.reading() as db:
        left = db.exec(select(OutboxRow).where(col(OutboxRow.state).in_(("due", "claimed"))).limit(20)).all()
    rows = "\n".join(f"{row.key} {row.method} {row.state} {row.due_at} needs {row.needs}: {row.error}" for row in left)
    waiting = len(process.running.world.updates)
    raise SystemExit(f"the storm never ends; {waiting} updates wait, and\n{rows}\n{process.log[-2000:]}")


def counted(database: Database, condition: Any) -> int:
    """How many rows of the outbox fulfil a condition."""
    with database.reading() as db:
        return db.exec(select(func.count()).select_from(OutboxRow).where(condition)).one()


def end(process: Process) -> None:
    """Leave nothing running."""
    process.fatal = None
    if process.popen is not None and process.popen.poll() is None:
        process.end()


# Load


class Standing:
    """A clock that moves when it is told to."""

    now = NOW

    def __call__(self) -> datetime:
        """The moment."""
        return self.now


def store(db: Session, asker_id: int, consultant_id: int, room_id: int, chat_id: int, count: int) -> None:
    """As many questions as that, forty of them open, each with an answer, a thank-you and their traces in the outbox."""
    words = ("recruitment", "training", "insurance", "volunteers", "glucometer", "家访", "血糖仪", "例会", "同伴", "志愿者")
    dice = random.Random(5)
    numbers = range(1, count + 1)
    state = {number: State.OPEN if number > count - 40 else State.CLOSED for number in numbers}
    rows: list[dict[str, Any]] = [
        {
            "id": n, "number": n, "asker_id": asker_id, "asked_id": None, "anonymous": n % 3 == 0, "language": "en",
            "text": f"Question {n} about {' '.join(dice.choices(words, k=8))}", "category": "recruitment", "nearly": [],
            "chat_id": chat_id, "message_id": n, "state": state[n], "room_id": room_id, "topic": 1, "has_topic": True,
            "created_at": NOW - timedelta(days=365), "sent_at": NOW - timedelta(minutes=count - n),
            "answered_at": NOW if state[n] is State.CLOSED else None,
        }
        for n in numbers
    ]  # fmt: skip
    parts = [
        {
            "question_id": n, "side": side, "author_id": author, "chat_id": where, "message_id": 1_000_000 + 2 * n + place,
            "text": f"{'rarity ' if n % 97 == 0 else ''}{' '.join(dice.choices(words, k=12))}", "said_at": NOW,
        }
        for n in numbers
        for place, (side, author, where) in enumerate(
            [(Side.CONSULTANT, consultant_id, room_id), (Side.ASKER, asker_id, chat_id)]
        )
    ]  # fmt: skip
    owed = [
        {
            "key": f"question:{n}:{what}", "lane": 1, "chat_id": where, "method": method, "payload": "{}", "attempts": 1,
            "about": f"question:{n}:{about}", "state": "sent", "due_at": NOW, "created_at": NOW, "done_at": NOW,
            "message_id": 2_000_000 + 10 * n + place, "thread_id": 2_000_000 + 10 * n if method == "createForumTopic" else None,
        }
        for n in numbers
        for place, (what, about, method, where) in enumerate(
            [("topic:1", "topic", "createForumTopic", room_id), ("card:1", "asker", "sendMessage", room_id),
             ("part:1", "asker", "sendMessage", room_id), ("receipt", "receipt", "sendMessage", chat_id),
             ("part:2", "answer", "sendMessage", chat_id), ("state", "state", "editMessageText", room_id)]
        )
    ]  # fmt: skip
    heard = [
        {"update_id": n, "lane": chat_id, "message_id": n, "payload": None, "received_at": NOW, "done_at": NOW}
        for n in range(1, 3 * count)
    ]
    for table, made in ((Question, rows), (Part, parts), (OutboxRow, owed), (InboxRow, heard)):
        for start in range(0, len(made), 2000):
            db.execute(insert(table), made[start : start + 2000])
    questions.reindex(db, list(numbers))


class Desk:
    """A town with many stored questions, and the doings that are timed."""

    def __init__(self, known: knowledge.Knowledge, folder: Path, count: int, runner: asyncio.Runner) -> None:
        self.clock = Standing()
        self.database = Database(f"sqlite:///{folder / f'{count}.db'}")
        self.database.migrate()
        self.town = Town(self.database, self.clock, known, runner)
        town = self.town
        with self.database.transaction() as db:
            ids = [people.find(db, person.id) for person in (town.other_trainee, town.consultant)]
            asker, consultant = (member.id or 0 for member in ids if member is not None)
            store(db, asker, consultant, town.room.id, town.world.private(town.other_trainee).id, count)
        self.fresh = iter(range(1_000_000))
        self.town.settle()

    def new_question(self) -> None:
        """One more question, in its topic."""
        with self.database.transaction() as db:  # nobody may have more than ten open
            for question in db.exec(select(Question).where(Question.chat_id == self.town.trainee.id)):
                question.state = State.CLOSED
        seat = self.town.private(self.town.trainee)
        number = next(self.fresh)
        seat.says(f"/ask Can the money of our hospital's union pay flight {number} of patient club members to Lhasa?")
        seat.taps("Ask an expert")
        seat.taps("Send")

    def doings(self) -> dict[str, Callable[[], object]]:
        """What is timed: from the moment in which somebody does it until everything has been sent."""
        town = self.town
        desk = town.private(town.second_consultant)
        room = next(reversed(town.room.topics.values()))
        topic = town.seat(town.second_consultant, town.room, room.id)
        return {
            "/queue": lambda: desk.says("/queue"),
            "claim": lambda: topic.taps("Claim"),
            "relay": lambda: topic.replies("Lhasa", "It may, once the committee agrees."),
            "/find, rare": lambda: desk.says("/find rarity"),
            "/find, common": lambda: desk.says("/find volunteers insurance"),
            "/find, Chinese": lambda: desk.says("/find 血糖儀 例會"),
            "idle tick": town.app.handlers.tick,
        }


def load() -> bool:
    """Time both side by side, turn about, and print a table; whether every ratio is within the limit."""
    known = knowledge.load(Settings())
    times: dict[str, dict[int, list[float]]] = {}
    with tempfile.TemporaryDirectory(prefix="smallwins-load-") as folder, asyncio.Runner() as runner:
        desks = {count: Desk(known, Path(folder), count, runner) for count in (SMALL, LARGE)}
        for _ in range(REPEATS):
            for count, desk in desks.items():
                desk.new_question()
                for name, doing in desk.doings().items():
                    begun = time.perf_counter()
                    doing()
                    times.setdefault(name, {}).setdefault(count, []).append(time.perf_counter() - begun)
        for desk in desks.values():
            desk.town.close()
            desk.database.close()
    return table(times)


def table(times: dict[str, dict[int, list[float]]]) -> bool:
    """Print medians in milliseconds and their ratio."""
    print(f"{'':16}{SMALL:>10,} {LARGE:>10,}   ratio (limit {LIMIT})")
    well = True
    for name, measured in times.items():
        small, large = (statistics.median(measured[count]) * 1000 for count in (SMALL, LARGE))
        well = well and large / small <= LIMIT
        print(f"{name:16}{small:8.1f}ms {large:8.1f}ms   {large / small:5.2f}")
    return well


def main() -> None:
    """Run what is asked for, both by default; exit status 1 when something is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("what", nargs="?", choices=["storm", "load"])
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    os.environ.pop("SMALLWINS_TOKEN", None)
    results = [load()] if wanted.what != "storm" else []
    results += [storm(wanted.seed)] if wanted.what != "load" else []
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()

"""kill -9 at the worst instants: right after Telegram took a message and before anybody could write that down."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.db import Database
from bot.demo import introduce
from bot.sandbox.demo import demo_world
from bot.sandbox.server import Running, serve_in_thread
from bot.sandbox.world import Chat, Event, Person, Post, World
from bot.settings import Settings

PATIENCE = 60.0
QUESTION = "Can the money of our hospital's union pay the flight of patient club members to Lhasa?"
ANSWER = "No, a union's money is for its members only."


@dataclass
class Process:
    """`smallwins run` as a process of its own, which can be killed at an instant that the world shows."""

    running: Running
    url: str
    folder: Path
    popen: subprocess.Popen[bytes] | None = None
    fatal: Callable[[Event], bool] | None = None
    kills: int = 0
    happened: threading.Condition = field(default_factory=threading.Condition)

    def begin(self) -> None:
        """Start it."""
        environment = os.environ | {
            "SMALLWINS_TOKEN": self.running.token,
            "SMALLWINS_API_URL": self.running.url,
            "SMALLWINS_DATABASE_URL": self.url,
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        log = (self.folder / "log.txt").open("ab")
        self.popen = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"], env=environment, stderr=log, cwd=self.folder
        )
        log.close()

    def kill(self) -> None:
        """kill -9, at once."""
        dying = self.popen
        if dying is not None:
            dying.send_signal(signal.SIGKILL)
            dying.wait()
            self.kills += 1

    def watch(self, event: Event) -> None:
        """Called by the world in the very moment in which something happens, before the bot gets its answer."""
        if self.fatal is not None and self.fatal(event):
            self.fatal = None
            self.kill()
        with self.happened:
            self.happened.notify_all()

    def until(self, seen: Callable[[], bool]) -> None:
        """Wait until the world shows something; a process that was killed is started again meanwhile."""
        with self.happened:
            for _ in range(int(PATIENCE)):
                if seen():
                    return
                if self.popen is not None and self.popen.poll() is not None:
                    self.begin()
                self.happened.wait(1.0)
        raise AssertionError((self.folder / "log.txt").read_text()[-3000:])


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    """The demo's world over HTTP, and a process on an empty database that knows its people."""
    url = f"sqlite:///{tmp_path / 'kills.db'}"
    with serve_in_thread(demo_world()) as running:
        introduce(running.world, Settings(database_url=url))
        process = Process(running, url, tmp_path)
        running.do(running.world.subscribe, process.watch)
        yield process
        process.fatal = None
        if process.popen is not None and process.popen.poll() is None:
            process.popen.terminate()
            assert process.popen.wait(timeout=5) == 0, "SIGTERM ends it within five seconds"


def _person(world: World, name: str) -> Person:
    return next(person for person in world.people.values() if person.name == name)


def _posts(chat: Chat, words: str) -> list[Post]:
    return [post for post in list(chat.messages.values()) if words in post.text]


def _tap(process: Process, person: Person, chat: Chat, words: str, label: str) -> None:
    world = process.running.world
    post = next(p for p in reversed(_posts(chat, words)) if any(label in b["text"] for row in p.buttons for b in row))
    button = next(b["text"] for row in post.buttons for b in row if label in b["text"])
    process.running.do(world.tap, person, chat, post, button)


def _says(event: Event, chat: Chat, words: str) -> bool:
    return event.kind in ("message", "edited") and event.chat is chat and words in str(event.message)


def test_r02_r03_the_story_ends_the_same_after_six_kills(process: Process) -> None:
    running, world = process.running, process.running.world
    li_wei, zhang = _person(world, "Li Wei"), _person(world, "张敏")
    chat = world.private(li_wei)
    room = next(c for c in world.chats.values() if c.is_forum)
    running.do(setattr, li_wei, "started", True)
    process.begin()
    running.do(world.say, zhang, room, "/queue")
    process.until(lambda: any(post.author == world.bot_id for post in room.messages.values()))

    process.fatal = lambda event: _says(event, chat, "Ask an expert")  # the bot's offer was taken, its receipt lost
    running.do(world.say, li_wei, chat, QUESTION)
    process.until(lambda: process.kills == 1 and any(p.buttons for p in chat.messages.values()))
    _tap(process, li_wei, chat, "", "Ask an expert")
    process.until(lambda: bool(_posts(chat, "This goes to our experts")))

    process.fatal = lambda event: event.kind == "message" and "forum_topic_created" in (event.message or {})
    _tap(process, li_wei, chat, "This goes to our experts", "Send")
    process.until(lambda: process.kills == 2 and bool(_posts(room, QUESTION)))

    process.fatal = lambda event: event.kind == "edited" and event.chat is room  # the claimed card
    _tap(process, zhang, room, QUESTION, "我来回答" if _labelled(room, "我来回答") else "Claim")
    process.until(lambda: process.kills == 3 and "张敏" in _posts(room, QUESTION)[0].text)

    process.fatal = lambda event: _says(event, chat, ANSWER)
    card = _posts(room, QUESTION)[0]
    running.do(world.say, zhang, room, ANSWER, topic=card.topic, reply_to=card)
    process.until(lambda: process.kills == 4 and bool(_posts(chat, ANSWER)))

    process.kill()
    _tap(process, li_wei, chat, ANSWER, "Solved")  # while nobody is there to hear it
    process.fatal = lambda event: event.kind == "message" and "forum_topic_closed" in (event.message or {})
    process.until(lambda: process.kills == 6)
    process.until(lambda: room.topics[card.topic].closed)

    assert len([topic for topic in room.topics.values() if "Q1" in topic.name]) == 1
    for where, words in ((room, QUESTION), (chat, ANSWER), (chat, "Passed to our experts as Q1")):
        plain = [post for post in _posts(where, words) if not post.text.endswith("↻")]
        assert len(plain) == 1, f"{words!r} came {len(plain)} times without the mark of a repetition"
    with Database(process.url).reading() as db:
        assert (
            db.connection().exec_driver_sql("SELECT count(*) FROM questions WHERE state = 'closed'").scalar_one() == 1
        )


def _labelled(chat: Chat, label: str) -> bool:
    return any(label in b["text"] for post in chat.messages.values() for row in post.buttons for b in row)

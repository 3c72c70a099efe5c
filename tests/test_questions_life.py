"""One asker's questions in any order of events: each message is in exactly one topic, and /questions says what is stored."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import select

from bot.db import Database
from bot.features.questions import Question, State
from bot.knowledge import Knowledge
from bot.sandbox.world import Post
from tests.conftest import SetClock
from tests.town import Seat, Town


@dataclass
class Sent:
    """What the model knows of a question: its asker's message and all words that belong to it."""

    post: Post
    words: list[str] = field(default_factory=list)
    label: str | None = None
    state: str = "draft"
    answered: bool = False


class LifeOfAnAsker(RuleBasedStateMachine):
    """Somebody asks, adds, is content, changes their mind; a consultant answers and closes; the process restarts."""

    knowledge: Knowledge
    template: Path

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="smallwins-asker-")
        file = Path(self.folder.name) / "town.db"
        shutil.copy(self.template, file)
        self.runner = asyncio.Runner()
        self.clock = SetClock()
        self.database = Database(f"sqlite:///{file}")
        self.town = Town(self.database, self.clock, self.knowledge, self.runner)
        self.asker: Seat = self.town.private(self.town.trainee)
        self.sent: list[Sent] = []
        self.number = 0

    def teardown(self) -> None:
        if hasattr(self, "town"):
            self.town.close()
            self.runner.close()
            self.database.close()
            self.folder.cleanup()

    def something(self) -> str:
        """Words that nobody has said before and no entry answers."""
        self.number += 1
        return f"Does the county's archive keep box item{self.number}x on yellow shelves?"

    def those(self, *states: str) -> list[Sent]:
        """The questions in these states."""
        return [one for one in self.sent if one.state in states]

    @property
    def draft(self) -> Sent | None:
        """The one that is being looked at."""
        return next(iter(self.those("draft")), None)

    def topic(self, one: Sent) -> Seat:
        """A consultant in the question's topic."""
        return self.town.topic(self.town.consultant, f"{one.label} ")

    # What the asker does

    @precondition(lambda self: self.draft is None and len(self.those("open", "answered")) < 3)
    @rule()
    def ask(self) -> None:
        words = self.something()
        post = self.asker.says(f"/ask {words}")
        self.asker.taps("Ask an expert")
        self.sent.append(Sent(post, [words]))

    @precondition(lambda self: self.draft is not None)
    @rule()
    def join_by_reply(self) -> None:
        words = self.something()
        self.asker.replies("This goes to our experts", words)
        assert self.draft is not None
        self.draft.words.append(words)

    @precondition(lambda self: self.draft is not None)
    @rule(how=st.sampled_from(["Send", "Send", "Send anonymously", "Do not send"]))
    def decide(self, how: str) -> None:
        one = self.draft
        assert one is not None
        self.asker.taps(how)
        if how == "Do not send":
            self.sent.remove(one)
            return
        one.label = f"Q{1 + len([other for other in self.sent if other.label])}"
        one.state = "open"

    @precondition(lambda self: self.those("open", "answered", "closed"))
    @rule(data=st.data())
    def add(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.those("open", "answered", "closed")))
        words = self.something()
        self.asker.says(words, reply_to=one.post)
        one.words.append(words)
        one.state = "open"

    @precondition(lambda self: self.those("open", "answered"))
    @rule(data=st.data())
    def solve(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.those("open", "answered")))
        self.looks_at(one)
        self.asker.taps("Solved")
        one.state = "closed"

    @precondition(lambda self: self.those("closed"))
    @rule(data=st.data())
    def reopen(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.those("closed")))
        self.looks_at(one)
        self.asker.taps("Reopen")
        self.asker.says("/cancel")
        one.state = "open"

    @precondition(lambda self: self.those("open", "answered"))
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.those("open", "answered")))
        self.asker.says("/retract", reply_to=one.post)
        one.state = "closed" if one.answered else "taken back"

    def looks_at(self, one: Sent) -> None:
        """Open it from the list."""
        self.asker.says("/questions")
        while not any(b["text"].startswith(f"{one.label} ") for row in self.asker.last.buttons for b in row):
            self.asker.taps("Older ›")
        label = next(
            b["text"] for row in self.asker.last.buttons for b in row if b["text"].startswith(f"{one.label} ")
        )
        self.asker.taps(label)

    # What others do

    @precondition(lambda self: self.those("open", "answered"))
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.those("open", "answered")))
        self.topic(one).replies(one.words[-1], "It does.")
        one.state, one.answered = "answered", True

    @precondition(lambda self: self.those("open", "answered"))
    @rule(data=st.data())
    def close(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.those("open", "answered")))
        self.topic(one).taps("Close")
        one.state = "closed"

    @rule(hours=st.integers(1, 20))
    def time_passes(self, hours: int) -> None:
        if self.clock.now.day < 28:  # all within the days in which a closed question opens by itself
            self.clock.moves(hours=hours)

    @rule()
    def restart(self) -> None:
        self.town.restarts()

    # What holds at any time

    @invariant()
    def each_message_is_in_exactly_one_topic(self) -> None:
        posts = [post for post in self.town.room.messages.values() if post.author == self.town.world.bot_id]
        for one in self.sent:
            for words in one.words:
                places = [post.topic for post in posts if words in post.text]
                wanted = 0 if one.state in ("draft", "taken back") else 1
                assert len(places) == wanted, (words, one, places)
                if places:
                    assert places == [self.topic(one).topic]

    @invariant()
    def the_database_knows_the_same(self) -> None:
        meant = {State.OPEN: "open", State.CLAIMED: "open", State.ANSWERED: "answered", State.CLOSED: "closed"}
        with self.database.reading() as db:
            stored = {
                one.label: "taken back" if one.taken_back_at else meant[one.state]
                for one in db.exec(select(Question))
                if one.number is not None
            }
        assert stored == {one.label: one.state for one in self.sent if one.label is not None}

    @precondition(lambda self: self.sent)
    @rule()
    def the_list_says_the_same(self) -> None:
        self.asker.says("/questions")
        said = {"open": ("waiting", "has taken it"), "answered": ("answered on",), "taken back": ("taken back on",)}
        ended = ("closed on", "solved on")
        newest = [one for one in self.sent if one.label is not None][::-1][:5]
        lines = [line for line in self.asker.last.text.splitlines() if line.startswith("Q")]
        assert [line.partition(" ")[0] for line in lines] == [one.label for one in newest]
        for one, line in zip(newest, lines, strict=True):
            assert any(words in line for words in said.get(one.state, ended)), (one, line)


def test_one_askers_questions_in_any_order_of_events(
    knowledge: Knowledge, sqlite: Database, tmp_path: Path
) -> None:
    LifeOfAnAsker.knowledge = knowledge
    LifeOfAnAsker.template = tmp_path / "empty.db"
    sqlite.close()  # nothing has been written to it: each example begins on a copy
    assert sqlite.file is not None
    shutil.copy(sqlite.file, LifeOfAnAsker.template)
    run_state_machine_as_test(
        LifeOfAnAsker,
        settings=settings(
            max_examples=12,
            stateful_step_count=14,
            deadline=None,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )

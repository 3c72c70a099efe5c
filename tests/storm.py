"""A storm over the desk: many people ask, add, edit and are answered at random, while calls to Telegram fail.

What happens is decided by a seed. People act on what they see: they tap buttons that are there and reply to the newest copy
of a message. Every message carries a mark of its own, by which it is found afterwards.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.courier._marks import REPEATED
from bot.sandbox.errors import NotPossible
from bot.sandbox.world import Chat, Person, Post, World

QUESTION = "{mark} Can the money of our hospital's union pay the flight of patient club members to Lhasa?"
CALLS = (
    "sendMessage", "copyMessage", "copyMessages", "sendMediaGroup", "sendDocument", "editMessageText", "editMessageCaption",
    "createForumTopic", "closeForumTopic", "reopenForumTopic", "setMessageReaction", "deleteMessage",
)  # fmt: skip
SHARE = 0.2
"""How many of the calls go wrong, in equal parts: refused (5xx), dropped before, dropped after, told to wait (429)."""


class Stage(Protocol):
    """Where a storm blows: over a town in this process, or over a bot in a process of its own."""

    @property
    def world(self) -> World:
        """The Telegram look-alike."""

    def do(self, verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Carry out a verb of the world."""

    def goes_on(self) -> None:
        """Let some of what follows happen."""


def let_calls_fail(world: World, seed: int, calls: tuple[str | None, ...] = CALLS) -> None:
    """From now on a fifth of all calls goes wrong."""
    each = 1 - (1 - SHARE) ** 0.25  # four dice in a row
    world.faults.seed(seed)
    for call in calls:
        for trouble in ({"error_code": 502}, {"drop": "before"}, {"drop": "after"}, {"error_code": 429}):
            world.faults.ask(method=call, probability=each, times=None, **trouble)


@dataclass
class Storm:
    """Who takes part, and what each said: mark → the person, or the question's asker, whose message it is."""

    stage: Stage
    dice: random.Random
    askers: list[Person]
    consultants: list[Person]
    room: Chat
    questions: int
    said: dict[str, Person] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    tapped: set[tuple[int, int, str]] = field(default_factory=set)
    mine: dict[str, Post] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    asked: int = 0

    def blow(self, steps: int, meanwhile: Callable[[int], None] = lambda _step: None) -> None:
        """Do so many random things, and whatever is needed until every question has been sent."""
        for step in range(steps * 5):
            meanwhile(step)
            self._one_thing()
            self.stage.goes_on()
            if step >= steps and self.asked >= self.questions:
                return

    def _one_thing(self) -> None:
        things = [self._ask, *[self._press_on] * 3, *[self._add] * 2, self._edit, self._solve]
        things += [self._claim, *[self._answer] * 2, self._note, self._release, self._close, self._transfer]
        self.dice.shuffle(things)
        thing = next((thing for thing in things if thing()), None)
        if thing is not None:
            self.done[thing.__name__.strip("_")] += 1

    # Askers

    def _ask(self) -> bool:
        if self.asked >= self.questions:
            return False
        person = self.askers[self.asked % len(self.askers)]
        self.asked += 1
        self._says(person, "/ask " + QUESTION.format(mark=self._mark()))
        return True

    def _press_on(self) -> bool:
        """Ask an expert; send, with or without a name."""
        sends = self.dice.choice((r"questions\.send:\d+:0$", r"questions\.send:\d+:1$"))
        someone = self.dice.sample(self.askers, len(self.askers))
        return any(self._tap(person, self._chat(person), sends) for person in someone) or any(
            self._tap(person, self._chat(person), r"questions\.ask:") for person in someone
        )

    def _add(self) -> bool:
        """Reply to a receipt or to an answer."""
        person = self.dice.choice(self.askers)
        theirs = [post for post in self._of_bot(self._chat(person)) if re.search(r"experts as Q\d+|answer from", post.text)]
        if not theirs:
            return False
        self._says(person, f"{self._mark()} And one more thing about it.", self._newest(theirs))
        return True

    def _edit(self) -> bool:
        if not self.mine:
            return False
        mark = self.dice.choice(sorted(self.mine))
        post, person = self.mine[mark], self.said[mark]
        try:
            self.stage.do(self.stage.world.edit, person, self._chat(person), post, post.text + " (put better)")
        except NotPossible:
            return False
        return True

    def _solve(self) -> bool:
        person = self.dice.choice(self.askers)
        return self.dice.random() < 0.3 and self._tap(person, self._chat(person), r"questions\.solved:")

    # Consultants

    def _claim(self) -> bool:
        return self._tap(self.dice.choice(self.consultants), self.room, r"questions\.(claim|take):", again=True)

    def _release(self) -> bool:
        return self.dice.random() < 0.3 and self._tap(
            self.dice.choice(self.consultants), self.room, r"questions\.(release|pass):", again=True
        )

    def try_again(self) -> int:
        """What the desk says it could not deliver, or may not have got, is sent again; returns how many buttons there were."""
        pressed = 0
        while self._tap(self.consultants[0], self.room, r"questions\.again:"):
            pressed += 1
        return pressed

    def _transfer(self) -> bool:
        """One step further on the way to a colleague: the tools, the colleagues, one of them, without a note."""
        person = self.dice.choice(self.consultants)
        steps = (r"questions\.nonote:", r"questions\.give:", r"questions\.transfer:", r"questions\.(menu|back):")
        return any(self._tap(person, self.room, step, again=self.dice.random() < 0.3) for step in steps)

    def _close(self) -> bool:
        return self.dice.random() < 0.2 and self._tap(self.dice.choice(self.consultants), self.room, r"questions\.close:")

    def _answer(self) -> bool:
        """Reply to what an asker said, in its topic."""
        theirs = [post for post in self._of_bot(self.room) if re.search(r"\bm\d{4}\b", post.text) and post.topic]
        open_ones = [post for post in theirs if not self.room.topics[post.topic].closed and not _quotes(post)]
        if not open_ones:
            return False
        post = self._newest(open_ones)
        mark = f"a{len(self.answers):04}"
        self.answers[mark] = post.topic
        person = self.dice.choice(self.consultants)
        self.stage.do(
            self.stage.world.say, person, self.room, f"{mark} It may, once the committee agrees.", topic=post.topic,
            reply_to=post,
        )  # fmt: skip
        return True

    def _note(self) -> bool:
        topics = [topic for topic in list(self.room.topics.values()) if topic.id and not topic.closed and "Q" in topic.name]
        if not topics:
            return False
        topic, person = self.dice.choice(topics), self.dice.choice(self.consultants)
        self.stage.do(self.stage.world.say, person, self.room, "Has anybody had this before?", topic=topic.id)
        return True

    # Hands and eyes

    def _says(self, person: Person, text: str, reply_to: Post | None = None) -> None:
        post = self.stage.do(self.stage.world.say, person, self._chat(person), text, reply_to=reply_to)
        mark = re.search(r"m\d{4}", text)
        assert mark is not None
        self.said[mark[0]] = person
        self.mine[mark[0]] = post

    def _mark(self) -> str:
        return f"m{len(self.said):04}"

    def _chat(self, person: Person) -> Chat:
        return self.stage.world.private(person)

    def _of_bot(self, chat: Chat) -> list[Post]:
        return [post for post in list(chat.messages.values()) if post.author == self.stage.world.bot_id]

    def _newest(self, posts: list[Post]) -> Post:
        """One of the posts, as its newest copy: what came twice is answered where the bot knows what it is."""
        chosen = self.dice.choice(posts)
        return [post for post in posts if _subject(post) == _subject(chosen)][-1]

    def _tap(self, person: Person, chat: Chat, pattern: str, *, again: bool = False) -> bool:
        found = [
            (post, button["callback_data"])
            for post in self._of_bot(chat)
            for row in post.buttons
            for button in row
            if re.match(pattern, button.get("callback_data", ""))
            and (again or (person.id, post.id, button["callback_data"]) not in self.tapped)
        ]
        if not found:
            return False
        post, data = self.dice.choice(found)
        self.tapped.add((person.id, post.id, data))
        self.stage.do(self.stage.world.tap, person, chat, post.id, data, stale=True)
        return True


def _subject(post: Post) -> tuple[int, list[str]]:
    """What copies of a message have in common, also when one of them was edited since."""
    return post.topic, re.findall(r"experts as Q\d+|\b[am]\d{4}\b", post.text)[:1]


def _plain(post: Post) -> str:
    return post.text.removesuffix(REPEATED)


@dataclass(frozen=True)
class Outcome:
    """What a storm left behind: faults are sentences; doubles are second copies of what was in doubt."""

    faults: list[str]
    sent: int
    answered: int
    doubles: int


@dataclass(frozen=True)
class Books:
    """What the bot's database says of it.

    `belongs` names the messages that were sent to a question: mark → question; `homes` the asker's chat of each topic;
    `doubtful` the (chat, message) of rows that were marked uncertain and sent once more.
    """

    belongs: dict[str, int]
    homes: dict[int, int]
    doubtful: set[tuple[int, int]]


def look(storm: Storm, books: Books) -> Outcome:
    """Find every message where it belongs, and nothing twice that was not in doubt."""
    faults = [fault for mark in books.belongs for fault in _in_one_topic(storm, mark)]
    faults += [fault for mark, topic in storm.answers.items() for fault in _at_home(storm, mark, books.homes.get(topic))]
    chats = [storm.room, *(storm.stage.world.private(person) for person in storm.askers)]
    twice = [(chat.id, posts) for chat in chats for posts in _copies(storm, chat)]
    faults += [f"twice in {chat}: {posts[0].text[:80]!r}" for chat, posts in twice if not _explained(books, chat, posts)]
    doubles = sum(len(posts) - 1 for _chat, posts in twice)
    return Outcome(faults, len(books.belongs), len(storm.answers), doubles)


def _explained(books: Books, chat: int, posts: list[Post]) -> bool:
    """Whether all copies but one were sent because nobody knew whether the first had arrived."""
    silent = [post for post in posts if not post.text.endswith(REPEATED) and (chat, post.id) not in books.doubtful]
    return len(silent) <= 1


def _in_one_topic(storm: Storm, mark: str) -> Iterator[str]:
    topics = {post.topic for post in storm._of_bot(storm.room) if mark in post.text}
    if len(topics) != 1:
        yield f"{mark} is in {len(topics)} topics"


def _at_home(storm: Storm, mark: str, home: int | None) -> Iterator[str]:
    chats = [
        chat.id
        for chat in storm.stage.world.chats.values()
        if chat is not storm.room and any(mark in post.text for post in storm._of_bot(chat))
    ]
    if chats != [home]:
        yield f"{mark} is in {chats}, and belongs to {home}"


def _copies(storm: Storm, chat: Chat) -> list[list[Post]]:
    """Posts with a mark of somebody's message that are there more than once."""
    same: dict[tuple[int, str], list[Post]] = {}
    for post in storm._of_bot(chat):
        if re.search(r"\b[am]\d{4}\b", post.text) and not _quotes(post):
            same.setdefault((post.topic, _plain(post)), []).append(post)
    return [posts for posts in same.values() if len(posts) > 1]


def _quotes(post: Post) -> bool:
    """Confirmations, and notes of a change, quote the beginning of a message: two of one message may look alike."""
    return "This goes to our experts" in post.text or post.text.startswith("✏️")

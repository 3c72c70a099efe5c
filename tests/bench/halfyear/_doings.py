"""What people do: they answer what they read, come and go, change their minds, look around."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlmodel import Session, select

from bot import timetable
from bot.db import Database
from bot.features import attention, peers, people, programmes
from bot.features.notices import EVERYONE, Notice, NoticeText
from bot.features.notices import State as NoticeState
from bot.features.people import Member, Role
from bot.features.programmes import Programme
from bot.knowledge import Knowledge
from bot.sandbox.world import Chat, Person, Post
from handlers.attention._choosing import SetHours, Switch
from handlers.people._data import Forget
from handlers.people._profile import Edit
from handlers.programmes._cards import Picture
from handlers.programmes._feature import Show
from handlers.programmes._searching import All
from tests.bench.halfyear._kinds import KEPT
from tests.bench.halfyear._setting import ABROAD, NIGHTS, ZONE
from tests.bench.halfyear._watching import Watched

CHANCES: dict[str, tuple[tuple[str, float], ...]] = {
    "wins.done:": (("wins.done:", 0.22), ("wins.onit:", 0.25), ("wins.stuck:", 0.25)),
    "wins.barrier:": (("wins.barrier:", 0.5),),
    "peers.seek:": (("peers.seek:", 0.5), ("wins.onit:", 0.2)),
    "peers.begin:": (("peers.begin:", 0.9),),
    "peers.yes:": (("peers.yes:", 0.5), ("peers.no:", 0.25)),
    "peers.went:": (("peers.went:", 0.6),),
    "wins.share:": (("wins.share:", 0.5), ("wins.keep:", 0.4)),
    "wins.to:": (("wins.to:", 0.9),),
    "wins.publish:": (("wins.publish:", 0.9),),
    "programmes.true:": (("programmes.true:", 0.7),),
    "programmes.present:": (("programmes.present:", 0.7),),
    "arrivals.decide:": (("arrivals.decide:", 1.0),),
}
"""What is tapped, each with its chance, by a button that the message has: the first that fits counts."""


TAP = re.compile(r"[a-z]+\.[a-z]+(:|$)")


class Lively(Watched):
    """A community whose people do something."""

    def __init__(self, database: Database, known: Knowledge, runner: asyncio.Runner, *, size: int, seed: int) -> None:
        super().__init__(database, known, runner, size=size, seed=seed)
        self.step = 0
        self.glad: dict[int, set[int]] = defaultdict(set)
        """Who reacted kindly to a win in a group."""
        self._later: dict[int, list[tuple[Person, Chat, int]]] = defaultdict(list)
        self._talks: list[tuple[Person, list[list[str]]]] = []
        """What somebody still says, each time some things in a row; a button's meaning is tapped below the bot's last words."""
        self._sentences = 0

    # Answering

    def reads_later(self, person: Person, chat: Chat, post: Post) -> None:
        """Somebody looks at a message within a day or two."""
        self._later[self.step + self.chance.randrange(1, 30)].append((person, chat, post.id))

    def act(self) -> None:
        """Everybody who looks at a message now taps what chance says, or nothing."""
        for person, chat, message_id in self._later.pop(self.step, ()):
            post = chat.messages.get(message_id)
            buttons = [button.get("callback_data", "") for row in post.buttons for button in row] if post else []
            wished = next((CHANCES[mark] for mark in CHANCES if any(b.startswith(mark) for b in buttons)), ())
            chosen = self._chosen(wished, buttons)
            if post is not None and chosen is not None and self._is_here(person):
                self.taps(person, post, chosen)
                self._later[self.step + 1].append((person, chat, message_id))
                if chosen.startswith("wins.done:") and self.chance.random() < 0.5:
                    self._adds_a_sentence(person)

    def _adds_a_sentence(self, person: Person) -> None:
        """About what they have just done; whether others read it they decide afterwards."""
        self._sentences += 1
        self.done["sentences"] += 1
        self._talks.append((person, [[f"wz{person.id}x{self._sentences} it went well"]]))

    def talk_on(self) -> bool:
        """Everybody who has more to say says the next of it; False where nobody has."""
        talks, self._talks = self._talks, []
        for person, (now, *later) in [talk for talk in talks if self._is_here(talk[0])]:
            for said in now:
                self._says_or_taps(person, said)
            self._talks += [(person, later)] if later else []
        return bool(talks)

    def _says_or_taps(self, person: Person, said: str) -> None:
        chat = self.world.private(person)
        if KEPT.match(said) and not self._is_awaited(person):
            return
        if TAP.match(said):
            ours = (post for post in reversed(chat.messages.values()) if post.author == self.world.bot_id)
            self.taps(person, next(ours), said)
        else:
            self.up[person.id] = self.clock.now
            self.world.say(person, chat, said)

    def _is_awaited(self, person: Person) -> bool:
        """Whether the bot waits for words about a win: at any other time they would be a question to it."""
        with self.database.reading() as db:
            return (self.member(db, person).pending or {}).get("step") == "wins.note"

    def taps(self, person: Person, under: Post | int, data: str) -> None:
        """Tap what a message shows, or showed once."""
        self.done[data.split(":")[0]] += 1
        self.up[person.id] = self.clock.now
        self.world.tap(person, self.world.private(person), under, data, stale=True)

    def _is_here(self, person: Person) -> bool:
        return person.id not in self.forgotten and person.id not in self.blocked

    def _chosen(self, wished: Iterable[tuple[str, float]], buttons: Sequence[str]) -> str | None:
        dice = self.chance.random()
        for mark, likely in wished:
            dice -= likely
            fitting = [data for data in buttons if data.startswith(mark)]
            if dice < 0:
                return self.chance.choice(fitting) if fitting else None
        return None

    def cheer(self, chat: Chat, post: Post) -> None:
        """Some are glad about a win that was shared: by a tap, or by a reaction; one is not."""
        data = next((b.get("callback_data", "") for row in post.buttons for b in row), "")
        if not data.startswith("wins.cheer"):
            return
        here = [person for person in self.present if chat.member(person.id)]
        for person, way in zip(self.chance.sample(here, min(4, len(here))), ("tap", "👏", "❤", "👎"), strict=False):
            self.done[f"kudos {way}"] += 1
            if way == "tap":
                self.world.tap(person, chat, post, data)
            else:
                self.world.set_reaction(person, chat, post, way)
                self.glad[int(data.split(":")[1])] |= {person.id} if way != "👎" else set()

    # Changing one's mind

    def change_wishes(self) -> None:
        """Some sleep at other hours from now on, mute something or hear it again, or move to another zone."""
        for person in self.chance.sample(self.present, max(1, self.size // 150)):
            self.moved[person.id] = self.clock.now
            what = self.chance.choice(("hours", "mute", "zone"))
            if what == "hours":
                words = [["/quiet"], [SetHours(*self.chance.choice(NIGHTS)).pack()]]
            elif what == "mute":
                words = [["/quiet"], [Switch(self.chance.choice(list(attention.Kind))).pack()]]
            else:
                words = [["/profile"], [Edit("timezone").pack(), self.chance.choice((ZONE, *ABROAD))]]
            self._talks.append((person, words))

    def change_willingness(self, db: Session) -> None:
        """One stops helping, one begins."""
        for person, willing in zip(self.chance.sample(self.present, 2), (True, False), strict=True):
            member = self.member(db, person)
            if willing:
                peers.set_limit(db, member, self.chance.choice(peers.LIMITS), now=self.clock.now)
            elif not any(ask.answer is peers.Ask.OPEN for ask in peers.asks_of(db, member)):
                peers.withdraw(db, member, now=self.clock.now)

    def look_around(self) -> None:
        """Some read colleagues' cards, open by hand what they were not shown, and look for words that stand on one."""
        with self.database.reading() as db:
            cards = [id_ for id_ in db.exec(select(Programme.id)) if id_ is not None]
        for person in self.chance.sample([*self.present, self.town.organizer], max(1, self.size // 150)):
            card, field = self.chance.choice(cards), self.chance.choice(programmes.FIELDS)
            looks = [tap.pack() for tap in (All(), Show(card), Picture(card))]
            self._talks.append((person, [["/programmes"], [*looks, f"/programmes wd{card}{field}"]]))

    # Coming and going

    def go(self, way: str) -> None:
        """Somebody blocks the bot, leaves their group, or wants to be forgotten."""
        if len(self.present) < 6:
            return
        person = self.chance.choice(self.present)
        self.done[way] += 1
        if way == "left":
            for chat in self.groups:
                if chat.member(person.id):
                    self.world.leave(person, chat)
            return
        self.present.remove(person)
        if way == "blocked":
            self.world.block(person)
            self.blocked[person.id] = self.clock.now
        else:
            seat = self.town.private(person)
            seat.says("/forget")
            self.taps(person, seat.last, Forget().pack())
            self.town.settle()
            self.forgotten[person.id] = self.clock.now
            self.gone[person.name] = self.clock.now

    def come(self) -> None:
        """Somebody asks to be let into a group: by invitation, by answering, or saying nothing; some begin a path then."""
        language = self.chance.choice(("en", "zh-hans", "zh-hant"))
        person = self.world.person(f"Newcomer {len(self.newcomers):03}", language=language)
        chat, way = self.chance.choice(self.groups), self.chance.choice(("invited", "answers", "silent"))
        self.newcomers.append(person)
        self.done[f"asks to join, {way}"] += 1
        self.world.join(person, chat)
        self.town.settle()
        wish = self._tap_first(person, "arrivals.agree:") if way != "silent" else None
        if wish is not None:
            self._tap_first(person, "arrivals.work:")
            self._tap_first(person, "arrivals.nocity:")
        if way == "invited":
            with self.database.transaction() as db:
                code = people.invite(db, Role.TRAINEE, now=self.clock.now).code
            self.world.say(person, self.world.private(person), code)
        elif way == "answers":
            self._tap_first(person, "arrivals.person:")

    def _tap_first(self, person: Person, mark: str) -> Post | None:
        """Tap the newest button whose meaning begins so, and let come what comes of it."""
        for post in reversed(self.world.private(person).messages.values()):
            for data in (b.get("callback_data", "") for row in post.buttons for b in row):
                if data.startswith(mark):
                    self.taps(person, post, data)
                    self.town.settle()
                    return post
        return None

    def welcome(self) -> None:
        """Whoever is in by now opens the bot's chat and belongs to the others."""
        for person in self.newcomers:
            if person.name not in self.let_in and any(chat.member(person.id) for chat in self.groups):
                self.let_in[person.name] = self.clock.now
                self.world.start(person, "welcome")
                self.present.append(person)

    # Organizing

    def organize(self, day: int) -> None:
        """Now and then a notice; people sign up for what is planned."""
        with self.database.transaction() as db:
            by = self.member(db, self.town.organizer)
            if day % 9 == 4:
                self._notice(db, by)
            for session in timetable.coming(db, now=self.clock.now, limit=2):
                for person in self.chance.sample(self.present, max(1, len(self.present) // 100)):
                    timetable.join(db, session, member_id=self.member(db, person).id or 0, now=self.clock.now)
            self.change_willingness(db)

    def open_week(self) -> None:
        """The organizer plans a poster week by conversation: it asks the authors."""
        seat = self.town.private(self.town.organizer)
        self.up[self.town.organizer.id] = self.clock.now
        seat.says("/schedule")
        seat.taps("Plan a poster week")
        offered = (button["text"] for post in reversed(seat.posts) for row in post.buttons for button in row)
        seat.taps(next(label for label in offered if "Begin on" in label))
        self.done["poster weeks"] += 1

    def warn(self) -> None:
        """An urgent notice, whatever the hour."""
        with self.database.transaction() as db:
            self._notice(db, self.member(db, self.town.organizer), urgent=True)

    def _notice(self, db: Session, by: Member, *, urgent: bool = False) -> None:
        now = self.clock.now
        dates: dict[str, Any] = {"due_at": now, "created_at": now, "changed_at": now}
        facts: dict[str, Any] = {"audience": EVERYONE, "buttons": [], "fallback": "en", "urgent": urgent}
        notice = Notice(author_id=by.id, state=NoticeState.SCHEDULED, **facts, **dates)
        db.add(notice)
        db.flush()
        db.add(NoticeText(notice_id=notice.id or 0, language="en", html=f"News of {now:%d %B %H:%M}.", media=[]))
        self.done["urgent notices" if urgent else "notices"] += 1

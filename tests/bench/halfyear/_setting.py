"""The community as it begins: its people and what they chose, its groups, cards and plans."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

import bot.tables  # noqa: F401  (registers every table)
from bot import timetable
from bot.db import Database
from bot.features import attention, digests, groups, peers, people, programmes, wins
from bot.features.attention import Preferences
from bot.features.people import Member, Role
from bot.features.programmes import FIELDS, Level
from bot.knowledge import Knowledge
from bot.sandbox.world import Chat, Person
from tests.town import Town

ZONE = "Asia/Shanghai"
BEGIN = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
"""Three in the night in Beijing, as a Monday begins; in London and New York clocks change in the middle."""

CITIES = ("Beijing", "Shanghai", "Chengdu", "Wuhan", "Xi'an", "Hefei", "Guangzhou", "Nanjing", "Kunming", "Harbin",
          "Lanzhou", "Taipei")  # fmt: skip
NIGHTS = (*((22 * 60, 8 * 60),) * 6, (23 * 60, 7 * 60), (20 * 60, 10 * 60), (12 * 60, 14 * 60), (0, 0))
ABROAD = ("Europe/London", "America/New_York", "Asia/Tokyo")
RIGHTS: dict[str, Any] = {"can_invite_users": True, "can_delete_messages": True, "can_restrict_members": True}


class StandingClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> datetime:
        return self.now


class Community:
    """The people of a community, by their ids at Telegram, with the bot in the middle."""

    def __init__(self, database: Database, known: Knowledge, runner: asyncio.Runner, *, size: int, seed: int) -> None:
        self.clock, self.chance, self.size = StandingClock(), random.Random(seed), size
        self.town = Town(database, self.clock, known, runner)
        self.database, self.world = database, self.town.world
        self.present = [self._person(f"Member {number:03}") for number in range(size)]
        self.newcomers: list[Person] = []
        self.card_owners: dict[int, int] = {}
        self.levels: dict[tuple[int, str], Level] = {}
        """Who may see a field of a card, by its number and name."""
        self.pictures: dict[str, tuple[int, str]] = {}
        """Which field of which card a picture is."""
        self._found_groups()
        with database.transaction() as db:
            for person in self.present:
                self._settle_in(db, self.member(db, person))
            for person in self.present[: max(3, size // 15)]:
                self._hang_card(db, person)
            self._plan(db)

    def member(self, db: Session, person: Person) -> Member:
        """Somebody whom the bot knows."""
        found = people.find(db, person.id)
        assert found is not None, person.name
        return found

    def _person(self, name: str) -> Person:
        language = self.chance.choice(("en", "zh-hans", "zh-hans", "zh-hant"))
        return self.town.person(name, language, Role.TRAINEE)

    def _found_groups(self) -> None:
        """Everybody is in one of the groups of up to 150 people, where newcomers are let in one by one."""
        self.groups: list[Chat] = []
        for start in range(0, len(self.present), 150):
            chat = self.world.supergroup(f"Group {start}", *self.present[start : start + 150])
            self.world.set_bot_rights(chat, **RIGHTS)
            chat.join_by_request = True
            self.groups.append(chat)
        with self.database.transaction() as db:
            facts: dict[str, Any] = {"is_forum": False, "language": "zh_Hans", "timezone": ZONE}
            for chat in self.groups:
                group = groups.seen(db, chat.id, title=chat.title, now=self.clock.now, **facts)
                groups.settle(db, group, groups.Kind.COMMUNITY)
        self.town.app.handlers.reload()

    def _settle_in(self, db: Session, member: Member) -> None:
        """What somebody chooses before it all begins."""
        chance, now = self.chance, self.clock.now
        member.city, member.workplace = chance.choice(CITIES), chance.choice(people.WORKPLACES)
        member.timezone = chance.choice(ABROAD) if chance.random() < 0.1 else ZONE
        begin, end = chance.choice(NIGHTS)
        muted = [str(kind) for kind in attention.Kind if chance.random() < 0.08]
        budget = chance.choice((1, 2, 3, 5, 5, 5, 10))
        chosen = Preferences(member_id=member.id or 0, quiet_from=begin, quiet_until=end, muted=muted, budget=budget)
        attention.keep(db, chosen)
        if chance.random() < 0.9:
            self._begin_path(db, member)
        if chance.random() < 0.5:
            peers.set_limit(db, member, chance.choice(peers.LIMITS), now=now)
        if chance.random() < 0.4:
            digests.settle(db, member, weekday=chance.randrange(7), minute=chance.randrange(24) * 60, now=now)

    def _begin_path(self, db: Session, member: Member) -> None:
        ladder, chance, now = self.town.knowledge.ladder, self.chance, self.clock.now
        mine = wins.path(db, ladder, member, now=now)
        wins.settle(
            mine, member.timezone, weekday=chance.randrange(7), minute=chance.randrange(7, 22) * 60, now=now
        )
        for step in ladder.steps[: chance.randrange(len(ladder.steps))]:
            wins.mark(db, ladder, member, step.id, now=now)

    def _hang_card(self, db: Session, person: Person) -> None:
        """A card on which every field has an unmistakable value, and whoever its owner wants may see it."""
        member, now = self.member(db, person), self.clock.now
        card = programmes.begin(db, member, now=now)
        number = card.id or 0
        self.card_owners[number] = person.id
        for field in FIELDS:
            level = self.levels[number, field] = self.chance.choice(list(Level))
            if field == "poster":
                stored = self.world.files.add("photo", b"poster %d" % number)
                self.pictures[stored.unique_id] = (number, field)
                programmes.hang(db, card, stored.file_id, "photo", now=now)
            elif field not in ("workplace", "format", "since"):
                words = f"zq{number}{field} wd{number}{field} 48"
                if field == "city" and level is Level.COMMUNITY:
                    words = member.city or ""  # one that the map knows
                programmes.write(db, card, field, words, now=now, today=now.date())
            programmes.show(db, card, field, level, now=now)
        programmes.publish(db, card, now=now)

    def _plan(self, db: Session) -> None:
        """A consultation every second Tuesday, a webinar every month."""
        by = people.find(db, self.town.organizer.id)
        facts: dict[str, Any] = {"minutes": 60, "zone": ZONE, "by": by.id if by else None, "now": self.clock.now}
        for kind, rule, first in (
            (timetable.Kind.CONSULTATION, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2026-12-01T19:00"),
            (timetable.Kind.WEBINAR, "FREQ=MONTHLY;BYDAY=1TH", "2026-12-03T19:00"),
        ):
            title = {"en": f"A {kind}", "zh_Hans": f"{kind} 一场"}
            timetable.plan(db, kind=kind, title=title, rrule=rule, first=datetime.fromisoformat(first), **facts)

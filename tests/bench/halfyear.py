"""Half a year of a community: `python -m tests.bench.halfyear [members] [days] [seed]`.

450 members in 12 cities with 30 programmes live with the real bot: its ticks, its handlers and its courier, on a clock that is
set forward several times a day. Everybody behaves as a seeded chance says: who answers check-ins and how, who is stuck, who
mutes what, who sleeps when, who is willing to help, who shares, who is glad with others. Sessions are planned every second
week and every month, notices go out, programmes are presented in two poster weeks. Shown is what arrived in the private
chats; the exit status is 1 when a promise was broken.
"""

from __future__ import annotations

import asyncio
import random
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

import bot.tables  # noqa: F401  (registers every table)
from bot import knowledge, timetable
from bot.db import Database
from bot.features import attention, digests, groups, peers, people, programmes, wins
from bot.features.attention import Preferences, Unasked
from bot.features.notices import EVERYONE, Notice, NoticeText
from bot.features.notices import State as NoticeState
from bot.features.peers import PeerAsk, PeerSearch
from bot.features.people import Member, Role
from bot.features.wins import WinHitch
from bot.outbox import OutboxRow
from bot.sandbox.world import Chat, Person, Post
from bot.settings import Settings
from tests.town import Town

ZONE = "Asia/Shanghai"
BEGIN = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
"""Three in the night in Beijing, as a Monday begins."""

TIMES = ("03:00", "06:00", "07:00", "08:00", "09:00", "10:00", "11:00", "12:00", "13:00", "15:00", "17:00", "18:00",
         "18:50", "20:00", "21:00", "22:00", "23:00")  # fmt: skip
"""When the clock stands still in Beijing each day. Sessions are at seven in the evening."""

CITIES = ("Beijing", "Shanghai", "Chengdu", "Wuhan", "Xi'an", "Hefei", "Guangzhou", "Nanjing", "Kunming", "Harbin",
          "Lanzhou", "Taipei")  # fmt: skip
NIGHTS = (*((22 * 60, 8 * 60),) * 6, (23 * 60, 7 * 60), (20 * 60, 10 * 60), (12 * 60, 14 * 60), (0, 0))
ABROAD = ("Europe/London", "America/New_York", "Asia/Tokyo")
WEEK, DAY = timedelta(days=7), timedelta(days=1)
PACE = timedelta(minutes=2)
"""How much later than it was owed the courier may bring a message, for Telegram's pace: a week is that much shorter here."""

CHANCES: dict[str, tuple[tuple[str, float], ...]] = {
    "wins.done:": (("wins.done:", 0.22), ("wins.onit:", 0.25), ("wins.stuck:", 0.25)),
    "wins.barrier:": (("wins.barrier:", 0.5),),
    "peers.seek:": (("peers.seek:", 0.5), ("wins.onit:", 0.2)),
    "peers.begin:": (("peers.begin:", 0.9),),
    "peers.yes:": (("peers.yes:", 0.5), ("peers.no:", 0.25)),
    "peers.went:": (("peers.went:", 0.6),),
    "wins.share:": (("wins.share:", 0.6),),
    "wins.to:": (("wins.to:", 0.9),),
    "wins.publish:": (("wins.publish:", 0.9),),
    "programmes.true:": (("programmes.true:", 0.7),),
    "programmes.present:": (("programmes.present:", 0.7),),
}
"""What is tapped, each with its chance, by a button that the message has: the first that fits counts."""

UNASKED = re.compile(
    r"wins:(check|kudos):|peers:\d+:(ask:|thanks)|programme:\d+:true:|poster:\d+:invite|notice:\d+:-?\d+|session:.*:unanswered:"
)
"""Keys of what nobody asked for."""

ASKED = re.compile(
    r"wins:stuck:|digest:|peers:\d+:(how|nobody|met)|webinar:|session:.*:(coming|leading|undecided):|poster:\d+:(today|thanks)"
)
"""Keys of what somebody signed up for, asked for or agreed to: it counts in no week, and yet keeps to quiet hours."""

DUTIES = re.compile(
    r"webinar:\d+:questions|notice:\d+:(report|watch)|schedule:|consultation:|notice-|menu:|away:|question:|lacking:|reports?:|wins:digest|broken|holiday"
)
"""Keys of an organizer's and a consultant's duties."""

ANSWERS = re.compile(r"update:|peers:\d+:(met|settled|said)")
URGENT = re.compile(r"session:.*:(1h|10m):")


@dataclass(frozen=True)
class Arrival:
    """A message of the bot's in a private chat."""

    member: int
    at: datetime
    key: str
    text: str

    @property
    def kind(self) -> str:
        """What it is, for the table."""
        return re.sub(r"(:-?\d[\w-]*)+", "", self.key).removesuffix(":")


class StandingClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> datetime:
        return self.now


class HalfYear:
    """A community, what its people do, and what arrives in their chats."""

    def __init__(self, database: Database, known: knowledge.Knowledge, runner: asyncio.Runner, *, size: int, seed: int):
        self.clock, self.chance = StandingClock(), random.Random(seed)
        self.town = Town(database, self.clock, known, runner)
        self.database, self.world = database, self.town.world
        self.arrivals: list[Arrival] = []
        self.counted: dict[int, list[datetime]] = defaultdict(list)
        self.faults: dict[str, list[str]] = defaultdict(list)
        self.done: Counter[str] = Counter()
        self.preferences: dict[int, Preferences] = {}
        self.zones: dict[int, str] = {}
        self._last_counted = self._last_ask = 0
        self._seen: dict[int, int] = {}
        self._later: dict[int, list[tuple[Person, Chat, int]]] = defaultdict(list)
        self._step = 0
        self.persons = [self._person(number) for number in range(size)]
        self._found_groups()
        with database.transaction() as db:
            self.ids = {member.telegram_id: member.id or 0 for member in db.exec(select(Member))}
            for person in self.persons:
                self._settle_in(db, person)
            for number, person in enumerate(self.persons[: max(3, size // 15)]):
                self._hang_card(db, person, number)
            self._plan(db)
            self.preferences = {row.member_id: row for row in db.exec(select(Preferences))}
            self.zones = {member.id or 0: member.timezone for member in db.exec(select(Member))}

    def _person(self, number: int) -> Person:
        language = self.chance.choice(("en", "zh-hans", "zh-hans", "zh-hant"))
        return self.town.person(f"Member {number}", language, Role.TRAINEE)

    def _found_groups(self) -> None:
        """Everybody is in one of the groups of up to 150 people."""
        self.groups = [
            self.world.supergroup(f"Group {start}", *self.persons[start : start + 150])
            for start in range(0, len(self.persons), 150)
        ]
        with self.database.transaction() as db:
            for chat in self.groups:
                facts: dict[str, Any] = {
                    "title": chat.title,
                    "is_forum": False,
                    "language": "zh_Hans",
                    "timezone": ZONE,
                }
                groups.settle(db, groups.seen(db, chat.id, now=self.clock.now, **facts), groups.Kind.COMMUNITY)
        self.town.app.handlers.reload()

    def _settle_in(self, db: Session, person: Person) -> None:
        """What somebody chooses before it all begins."""
        chance, now = self.chance, self.clock.now
        member = people.find(db, person.id)
        assert member is not None
        member.city, member.workplace = chance.choice(CITIES), chance.choice(people.WORKPLACES)
        member.timezone = chance.choice(ABROAD) if chance.random() < 0.1 else ZONE
        begin, end = chance.choice(NIGHTS)
        muted = [str(kind) for kind in attention.Kind if chance.random() < 0.08]
        budget = chance.choice((1, 2, 3, 5, 5, 5, 10))
        chosen = Preferences(member_id=member.id or 0, quiet_from=begin, quiet_until=end, muted=muted, budget=budget)
        attention.keep(db, chosen)
        ladder = self.town.knowledge.ladder
        if chance.random() < 0.9:
            mine = wins.path(db, ladder, member, now=now)
            minute = chance.randrange(7, 22) * 60
            wins.settle(mine, member.timezone, weekday=chance.randrange(7), minute=minute, now=now)
            for step in ladder.steps[: chance.randrange(len(ladder.steps))]:
                wins.mark(db, ladder, member, step.id, now=now)
        if chance.random() < 0.5:
            peers.set_limit(db, member, chance.choice(peers.LIMITS), now=now)
        if chance.random() < 0.4:
            digests.settle(db, member, weekday=chance.randrange(7), minute=chance.randrange(24) * 60, now=now)

    def _hang_card(self, db: Session, person: Person, number: int) -> None:
        member, now = people.find(db, person.id), self.clock.now
        assert member is not None
        card = programmes.begin(db, member, now=now)
        for name, text in (("name", f"Programme {number}"), ("city", member.city or ""), ("lesson", "Begin small.")):
            programmes.write(db, card, name, text, now=now, today=now.date())
        for name in programmes.FIELDS:
            programmes.show(db, card, name, self.chance.choice(list(programmes.Level)), now=now)
        programmes.show(db, card, "name", "community", now=now)
        programmes.publish(db, card, now=now)

    def _plan(self, db: Session) -> None:
        """A consultation every second Tuesday, a webinar every month."""
        by = people.find(db, self.town.organizer.id)
        for kind, rule, first in (
            (
                timetable.Kind.CONSULTATION,
                "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
                datetime.fromisoformat("2026-12-01T19:00"),
            ),
            (timetable.Kind.WEBINAR, "FREQ=MONTHLY;BYDAY=1TH", datetime.fromisoformat("2026-12-03T19:00")),
        ):
            title = {"en": f"A {kind}", "zh_Hans": f"{kind} 一场"}
            facts: dict[str, Any] = {
                "rrule": rule,
                "first": first,
                "minutes": 60,
                "zone": ZONE,
                "by": by.id if by else None,
            }
            timetable.plan(db, kind=kind, title=title, now=self.clock.now, **facts)

    # What happens

    def lives(self, days: int, times: Sequence[str] = TIMES) -> None:
        """So many days pass."""
        for day in range(days):
            for at in times:
                local = (BEGIN + day * DAY).astimezone(ZoneInfo(ZONE)).date()
                wall = datetime.combine(local, clock_time.fromisoformat(at), ZoneInfo(ZONE))
                self.clock.now = max(self.clock.now, wall.astimezone(UTC))
                if at == "09:00":
                    self._organize(day)
                self._act()
                self._settle()
                self._look()
                self._step += 1

    def _settle(self) -> None:
        """Until all that is due has gone out: the courier keeps Telegram's pace, and needs some seconds for many."""
        self.town.settle()
        waiting = select(OutboxRow.id).where(OutboxRow.state == "due", col(OutboxRow.waits).is_(False))
        for _second in range(120):
            with self.database.reading() as db:
                if db.exec(waiting.where(col(OutboxRow.due_at) <= self.clock.now).limit(1)).first() is None:
                    return
            self.clock.now += timedelta(seconds=1)
            self.town.settle()

    def _organize(self, day: int) -> None:
        """Now and then a notice, twice a year a poster week; people sign up for what is planned, and change their minds."""
        with self.database.transaction() as db:
            by = people.find(db, self.town.organizer.id)
            assert by is not None
            if day % 9 == 4:
                self._notice(db, by)
            for session in timetable.coming(db, now=self.clock.now, limit=2):
                for person in self.chance.sample(self.persons, max(1, len(self.persons) // 100)):
                    timetable.join(db, session, member_id=self.ids[person.id], now=self.clock.now)
            self._change_minds(db)
        if day % 90 == 10:
            self._open_week()

    def _open_week(self) -> None:
        """The organizer plans a poster week by conversation: it asks the authors."""
        seat = self.town.private(self.town.organizer)
        seat.says("/programmes")
        seat.taps("Poster week")
        label = next(label for label in seat.buttons("week") if "Begin on" in label)
        seat.taps(label)
        self.done["poster weeks"] += 1

    def _notice(self, db: Session, by: Member) -> None:
        now = self.clock.now
        dates: dict[str, Any] = {"due_at": now, "created_at": now, "changed_at": now}
        notice = Notice(
            author_id=by.id, state=NoticeState.SCHEDULED, audience=EVERYONE, buttons=[], fallback="en", **dates
        )
        db.add(notice)
        db.flush()
        db.add(NoticeText(notice_id=notice.id or 0, language="en", html=f"News of {now:%d %B}.", media=[]))
        self.done["notices"] += 1

    def _change_minds(self, db: Session) -> None:
        """One stops helping, one begins."""
        for person, willing in zip(self.chance.sample(self.persons, 2), (True, False), strict=True):
            member = people.find(db, person.id)
            assert member is not None
            if willing:
                peers.set_limit(db, member, self.chance.choice(peers.LIMITS), now=self.clock.now)
            elif not any(ask.answer is peers.Ask.OPEN for ask in peers.asks_of(db, member)):
                peers.withdraw(db, member, now=self.clock.now)

    def _act(self) -> None:
        """Everybody who looks at a message now taps what chance says, or nothing."""
        for person, chat, message_id in self._later.pop(self._step, ()):
            post = chat.messages.get(message_id)
            buttons = [button.get("callback_data", "") for row in post.buttons for button in row] if post else []
            wished = next((CHANCES[mark] for mark in CHANCES if any(b.startswith(mark) for b in buttons)), ())
            chosen = self._chosen(wished, buttons)
            if post is not None and chosen is not None:
                self.done[chosen.split(":")[0]] += 1
                self.world.tap(person, chat, post, chosen)
                self._later[self._step + 1].append((person, chat, message_id))

    def _chosen(self, wished: Iterable[tuple[str, float]], buttons: Sequence[str]) -> str | None:
        dice = self.chance.random()
        for mark, likely in wished:
            dice -= likely
            fitting = [data for data in buttons if data.startswith(mark)]
            if dice < 0:
                return self.chance.choice(fitting) if fitting else None
        return None

    def _look(self) -> None:
        """Note what came, and who will look at it when."""
        with self.database.reading() as db:
            for person in self.world.people.values():
                if person.id in self.ids:
                    for post in self._new(self.world.private(person)):
                        self._arrived(db, person, post)
                        self._later[self._step + self.chance.randrange(1, 30)].append(
                            (person, self.world.private(person), post.id)
                        )
            for row in db.exec(select(Unasked).where(col(Unasked.id) > self._last_counted).order_by(col(Unasked.id))):
                self._last_counted = row.id or 0
                self.counted[row.member_id].append(row.at)
            self._check_asks(db)
        for chat in self.groups:
            for post in self._new(chat):
                self._cheer(chat, post)

    def _new(self, chat: Chat) -> Iterator[Post]:
        """The bot's messages in a chat since the last look."""
        last = self._seen.get(chat.id, 0)
        fresh = []
        for number in reversed(chat.messages):
            if number <= last:
                break
            fresh.append(number)
        self._seen[chat.id] = max([last, *fresh])
        return (post for number in reversed(fresh) if (post := chat.messages[number]).author == self.world.bot_id)

    def _arrived(self, db: Session, person: Person, post: Post) -> None:
        found = select(OutboxRow).where(OutboxRow.chat_id == person.id, OutboxRow.message_id == post.id)
        row = db.exec(found.where(col(OutboxRow.method).startswith("send"))).first()
        key = (row.key if row is not None else None) or "?"
        self.arrivals.append(Arrival(self.ids[person.id], self.clock.now, key, post.text))

    def _cheer(self, chat: Chat, post: Post) -> None:
        """Some are glad about a win that was shared."""
        data = next((b.get("callback_data", "") for row in post.buttons for b in row), "")
        if data.startswith("wins.cheer"):
            here = [person for person in self.persons if chat.member(person.id)]
            for person in self.chance.sample(here, min(3, len(here))):
                self.world.tap(person, chat, post, data)

    def _check_asks(self, db: Session) -> None:
        """Whoever was just asked to help is willing, has not muted the community, and is within their limit."""
        for ask in db.exec(select(PeerAsk).where(col(PeerAsk.id) > self._last_ask).order_by(col(PeerAsk.id))).all():
            self._last_ask = ask.id or 0
            helper = db.get(Member, ask.helper_id)
            assert helper is not None
            willing = peers.willing_of(db, helper)
            if willing is None and ask.answer is not peers.Ask.VOID:
                self.faults["asked though unwilling"].append(str(ask))
            if willing is not None and peers.asked_lately(db, helper, now=self.clock.now) > willing.per_month:
                self.faults["asked over their limit"].append(str(ask))
            if attention.Kind.COMMUNITY in attention.of(db, helper).muted:
                self.faults["asked though muted"].append(str(ask))
            self.done["asked to help"] += 1

    # What was promised

    def broken(self) -> dict[str, list[str]]:
        """By promise, everything that went against it."""
        mine: dict[int, list[Arrival]] = defaultdict(list)
        for arrival in self.arrivals:
            mine[arrival.member].append(arrival)
        for member, came in mine.items():
            chosen = self.preferences.get(member) or Preferences(member_id=member)
            arrived = [one.at for one in came if UNASKED.match(one.key)]
            for what, moments in (("arrived", arrived), ("counted", sorted(self.counted[member]))):
                if (most := fullest_week(moments)) > chosen.budget:
                    self.faults[f"over the budget ({what})"].append(f"{member}: {most} > {chosen.budget}")
            for one in came:
                self._check_one(one, chosen)
            self._check_twice(came)
        self._check_offers_and_names(mine)
        return self.faults

    def _check_one(self, one: Arrival, chosen: Preferences) -> None:
        known = UNASKED.match(one.key) or ASKED.match(one.key) or ANSWERS.match(one.key) or DUTIES.match(one.key)
        if not known:
            self.faults["of no known kind"].append(f"{one.key}: {one.text[:60]}")
        quiet = attention.after_quiet(chosen, self.zones[one.member], one.at) != one.at
        if quiet and not any(kind.match(one.key) for kind in (ANSWERS, URGENT, DUTIES)):
            self.faults["in quiet hours"].append(f"{one.key} at {one.at} for {one.member}")

    def _check_twice(self, came: Sequence[Arrival]) -> None:
        """No key arrives twice, and no words within a day but as the answer to a tap, or for another colleague."""
        keys = Counter(one.key for one in came)
        last: dict[str, datetime] = {}
        for one in came:
            is_said = not ANSWERS.match(one.key) and not DUTIES.match(one.key) and ":ask:" not in one.key
            again = is_said and one.at - last.get(one.text, BEGIN - WEEK) < DAY
            if keys[one.key] > 1 or again:
                self.faults["twice"].append(f"{one.member} {one.key}: {one.text[:60]}")
            if not ANSWERS.match(one.key):
                last[one.text] = one.at

    def _check_offers_and_names(self, mine: dict[int, list[Arrival]]) -> None:
        with self.database.reading() as db:
            for hitch in db.exec(select(WinHitch)):
                self.done["stuck"] += 1
                late = (hitch.offered_at or hitch.over_at or self.clock.now) - hitch.said_at > DAY
                key = f"wins:stuck:{hitch.id}:{hitch.said_at:%Y%m%d%H%M%S}"
                came = [one.at for one in mine[hitch.member_id] if one.key == key]
                if late or any(at - hitch.said_at > DAY for at in came):
                    self.faults["no offer within a day"].append(str(hitch))
            for search in db.exec(select(PeerSearch)):
                self.done[f"search {search.state}"] += 1
                self._check_names(db, search, mine)

    def _check_names(self, db: Session, search: PeerSearch, mine: dict[int, list[Arrival]]) -> None:
        """Of those who were asked and did not say yes the seeker reads no name, nor they the seeker's."""
        seeker = db.get(Member, search.seeker_id)
        helper = db.get(Member, search.helper_id) if search.helper_id else None
        told = " ".join(one.text for one in mine[search.seeker_id] if one.key.startswith(f"peers:{search.id}:"))
        for name in re.findall(r"Member \d+", told):
            if name not in {seeker and seeker.shown_name, helper and helper.shown_name}:
                self.faults["named without a yes"].append(f"{search.id}: {name}")
        for ask in db.exec(select(PeerAsk).where(PeerAsk.search_id == search.id)):
            asked = [one.text for one in mine[ask.helper_id] if one.key == f"peers:{search.id}:ask:{ask.helper_id}"]
            if any(re.search(r"Member \d+", text) for text in asked):
                self.faults["named without a yes"].append(f"{search.id}: the seeker")

    def table(self, days: int) -> None:
        """Print what arrived."""
        weeks = max(1, days // 7)
        print(f"{'arrived in private chats':44}{'all':>8}{'mean':>8}{'95th':>6}{'max':>5}   per member and week")
        kinds = sorted({one.kind for one in self.arrivals})
        chosen = {kind: [one for one in self.arrivals if one.kind == kind] for kind in kinds}
        rows = {"everything": self.arrivals, "nobody asked for it": [a for a in self.arrivals if UNASKED.match(a.key)]}
        for name, found in (rows | chosen).items():
            per = Counter((one.member, (one.at - BEGIN).days // 7) for one in found if one.member in self.preferences)
            all_weeks = sorted([*per.values(), *[0] * (len(self.persons) * weeks - len(per))])
            mean, high = sum(all_weeks) / len(all_weeks), all_weeks[int(len(all_weeks) * 0.95) - 1]
            print(f"{name:44}{len(found):>8,}{mean:>8.2f}{high:>6}{max(all_weeks):>5}")
        print("\nwhat people did: " + ", ".join(f"{what} {n:,}" for what, n in sorted(self.done.items())))


def fullest_week(moments: Sequence[datetime]) -> int:
    """The most moments within any seven days."""
    week = WEEK - PACE
    return max((sum(one - week < other <= one for other in moments) for one in moments), default=0)


def simulated(
    database: Database, known: knowledge.Knowledge, *, size: int, days: int, seed: int, times: Sequence[str] = TIMES
) -> HalfYear:
    """A community that has lived so long."""
    with asyncio.Runner() as runner:
        made = HalfYear(database, known, runner, size=size, seed=seed)
        made.lives(days, times)
        made.town.close()
    return made


def main() -> int:
    """Live through it, print the table, and say whether every promise was kept."""
    size, days, seed = (int(given) for given in [*sys.argv[1:], *("450", "182", "7")[len(sys.argv) - 1 :]])
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="smallwins-halfyear-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'halfyear.db'}")
        database.migrate()
        made = simulated(database, knowledge.load(Settings()), size=size, days=days, seed=seed)
        broken = made.broken()
        print(f"{size} members, {days} days, seed {seed}; lived through in {time.perf_counter() - begun:.0f} s\n")
        made.table(days)
        for promise, found in broken.items():
            print(f"FAIL {promise}: {len(found)}, such as {found[:3]}")
        database.close()
    print("every promise was kept" if not broken else "")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

"""Everything that the bot says is noted, with what was true at that moment."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.features import attention, digests, peers, people
from bot.features.attention import Unasked
from bot.features.notices import Notice
from bot.features.peers import PeerAsk, PeerSearch, State
from bot.features.people import Member, Role
from bot.features.wins import Win, WinPath
from bot.outbox import OutboxRow
from bot.sandbox.world import Chat, Event, Person, Post
from bot.timetable import SessionRow
from tests.bench.halfyear._kinds import UNASKED, WEEK, Arrival, Said, readable, subject
from tests.bench.halfyear._setting import BEGIN, Community

UP = timedelta(minutes=15)
"""How long after they did something the bot takes somebody to be up."""


class Watched(Community):
    """A community whose chats are read along."""

    def __init__(self, *given: Any, **more: Any) -> None:
        self.arrivals: list[Arrival] = []
        self.in_groups: list[Arrival] = []
        self.said: list[Said] = []
        self.faults: dict[str, list[str]] = defaultdict(list)
        self.done: Counter[str] = Counter()
        self.budgets: dict[int, int] = {}
        self.met: dict[frozenset[int], datetime] = {}
        """Since when two know each other's names."""
        self.named: dict[tuple[str, int], datetime] = {}
        """Whose win a group was shown with their name, and since when."""
        self.shared: dict[tuple[str, int], datetime] = {}
        """Sentences that their authors shared with a group, and since when."""
        self.let_in: dict[str, datetime] = {}
        self.gone: dict[str, datetime] = {}
        """Who wanted to be forgotten, by name."""
        self.blocked: dict[int, datetime] = {}
        self.forgotten: dict[int, datetime] = {}
        self.moved: dict[int, datetime] = {}
        """Who changed their clock, their quiet hours or what they mute, and when last."""
        self.up: dict[int, datetime] = {}
        self.chosen_times: dict[tuple[str, int], tuple[int, int]] = {}
        self.stood: list[datetime] = []
        """When the bot looked at the clock."""
        self.names: dict[int, str] = {}
        self._members: dict[int, int] = {}
        self._last_ask = 0
        self._learnt = BEGIN
        self._seen: dict[int, int] = {}
        super().__init__(*given, **more)
        self.staff = {self.town.organizer.id}
        self.world.subscribe(self._hear)
        with self.database.reading() as db:
            self._learn(db)
            self._learn_times(db)
            self.budgets = {row.telegram_id: attention.of(db, row).budget for row in db.exec(select(Member))}

    def _hear(self, event: Event) -> None:
        message = event.message
        if event.kind in ("message", "edited") and message and message["from"]["id"] == self.world.bot_id:
            self.said.append(Said(event.chat.id, self.clock.now, readable(message)))

    def look(self) -> list[tuple[Person, Chat, Post]]:
        """Note what came since the last look; gives the new messages, each with who reads it in private."""
        came: list[tuple[Person, Chat, Post]] = []
        self._arrived_now: Counter[int] = Counter()
        with self.database.reading() as db:
            self._learn(db)
            for person in list(self.world.people.values()):
                if person.id in self.names:
                    for post in self._new(self.world.private(person)):
                        self._arrived(db, person, post)
                        came.append((person, self.world.private(person), post))
            self.fresh_in_groups: list[tuple[Chat, Post]] = []
            for chat in self.groups:
                for post in self._new(chat):
                    self.fresh_in_groups.append((chat, post))
                    key = self._key(db, chat.id, post.id)
                    self.in_groups.append(Arrival(chat.id, self.clock.now, key, post.text))
            self._check_asks(db)
        return came

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

    def _learn(self, db: Session) -> None:
        """What holds from now on."""
        since, self._learnt = self._learnt, self.clock.now
        for id_, number, name, shown in db.exec(
            select(Member.id, Member.telegram_id, Member.telegram_name, col(Member.name))
        ):
            self._members[id_ or 0], self.names[number] = number, shown or name
        ended = col(PeerSearch.ended_at)
        for search in db.exec(select(PeerSearch).where(PeerSearch.state == State.MET, ended >= since)):
            if search.helper_id is not None and search.ended_at is not None:
                pair = frozenset(self._members[id_] for id_ in (search.seeker_id, search.helper_id))
                self.met.setdefault(pair, search.ended_at)
        for win in db.exec(select(Win).where(col(Win.shared_at) >= since)):
            self._learn_win(win)
        self.session_kinds = {id_ or 0: str(kind) for id_, kind in db.exec(select(SessionRow.id, SessionRow.kind))}
        self.urgent = {id_ or 0 for id_ in db.exec(select(Notice.id).where(col(Notice.urgent)))}

    def _learn_times(self, db: Session) -> None:
        """At which day and minute of their own clock people want to be asked, and to have their week."""
        for path in db.exec(select(WinPath)):
            self.chosen_times["wins:check", self._members[path.member_id]] = (path.weekday, path.minute)
        for mine in db.exec(select(digests.PersonalDigest)):
            self.chosen_times["digest", self._members[mine.member_id]] = (mine.weekday, mine.minute)

    def _learn_win(self, win: Win) -> None:
        assert win.shared_at is not None
        assert win.chat_id is not None
        if win.note:
            self.shared.setdefault((win.note, win.chat_id), win.shared_at)
        if win.named:
            self.named.setdefault((self.names[self._members[win.member_id]], win.chat_id), win.shared_at)

    def _key(self, db: Session, chat_id: int, message_id: int) -> str:
        found = select(OutboxRow.key).where(OutboxRow.chat_id == chat_id, OutboxRow.message_id == message_id)
        return db.exec(found.where(col(OutboxRow.method).startswith("send"))).first() or "?"

    def _arrived(self, db: Session, person: Person, post: Post) -> None:
        key, now = self._key(db, person.id, post.id), self.clock.now
        member = people.find(db, person.id)
        if member is None:
            self.arrivals.append(Arrival(person.id, now, key, post.text))
            return
        chosen, kind = attention.of(db, member), subject(key, self.session_kinds)
        self._check_count(db, member, key)
        self.arrivals.append(
            Arrival(
                person.id,
                now,
                key,
                post.text,
                quiet=attention.after_quiet(chosen, member.timezone, now) != now,
                muted=kind in chosen.muted,
                urgent=key.startswith("notice:") and int(key.split(":")[1]) in self.urgent,
                up=now - self.up.get(person.id, now - UP) < UP,
            )
        )

    def _check_count(self, db: Session, member: Member, key: str) -> None:
        """What nobody asked for was counted in their week, since the clock stood still last."""
        if not UNASKED.match(key):
            return
        self._arrived_now[member.telegram_id] += 1
        since = self.stood[-2] if len(self.stood) > 1 else BEGIN - WEEK
        lately = (Unasked.member_id == member.id, Unasked.at > since)
        counted = db.exec(select(func.count()).where(*lately, Unasked.at <= self.clock.now)).one()
        if counted < self._arrived_now[member.telegram_id]:
            self.faults["arrived without being counted"].append(f"{key} at {self.clock.now}")

    def _check_asks(self, db: Session) -> None:
        """Whoever was just asked to help is willing and can be reached, has not muted it, and is asked seldom enough."""
        for ask in db.exec(select(PeerAsk).where(col(PeerAsk.id) > self._last_ask).order_by(col(PeerAsk.id))).all():
            self._last_ask = ask.id or 0
            self.done["asked to help"] += 1
            helper = db.get(Member, ask.helper_id)
            assert helper is not None
            willing, is_void = peers.willing_of(db, helper), ask.answer is peers.Ask.VOID
            earlier = [one.asked_at for one in peers.asks_of(db, helper) if one.id != ask.id]
            for fault, is_so in {
                "asked though unwilling": willing is None and not is_void,
                "asked over their limit": willing is not None
                and peers.asked_lately(db, helper, now=self.clock.now) > willing.per_month,
                "asked though gone": helper.unreachable_at is not None and helper.unreachable_at < ask.asked_at,
                "asked again too soon": any(ask.asked_at - at < peers.REST for at in earlier if at < ask.asked_at),
                "asked though no colleague": not helper.role.reaches(Role.TRAINEE),
            }.items():
                if is_so:
                    self.faults[fault].append(str(ask))

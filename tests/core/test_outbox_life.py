"""The life of the outbox's rows in any order of events: a model is played against the real tables."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

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
from sqlalchemy import Connection, text
from sqlmodel import Session

from bot import outbox
from bot.db import Database
from bot.outbox import Delivery, Lane, OutboxRow, Parcel, Receipt
from tests.conftest import SetClock


@dataclass
class Promise:
    """What the model knows of a row."""

    id: int
    chat: int
    lane: int
    needs: str | None
    key: str
    due_at: datetime
    state: str = "due"
    put_off: bool = False
    told: bool = False
    taken_back: bool = False
    attempts: int = 0
    doubted: bool = False
    arrivals: int = 0


@dataclass
class Telegram:
    """What has arrived there: by key, and whether the sender knew that it might come twice."""

    arrived: Counter[str] = field(default_factory=Counter)
    marked: Counter[str] = field(default_factory=Counter)

    def take(self, parcel: Parcel) -> None:
        self.arrived[str(parcel.key)] += 1
        self.marked[str(parcel.key)] += parcel.uncertain


class LifeOfRows(RuleBasedStateMachine):
    """Rows are promised, claimed, delivered, put off, doubted, given up, taken back; the process dies in between."""

    database: Database
    _folder: tempfile.TemporaryDirectory[str]

    @classmethod
    def open(cls) -> None:
        cls._folder = tempfile.TemporaryDirectory(prefix="smallwins-outbox-")
        cls.database = Database(f"sqlite:///{Path(cls._folder.name) / 'outbox.db'}")
        with cls.database.engine.connect() as connection:
            OutboxRow.metadata.create_all(connection, tables=[OutboxRow.__table__, Delivery.__table__])  # type: ignore[attr-defined]
            connection.commit()

    @classmethod
    def shut(cls) -> None:
        cls.database.close()
        cls._folder.cleanup()

    @initialize()
    def begin(self) -> None:
        with self.database.connection() as connection:
            connection.execute(text("DELETE FROM outbox"))
        self.clock = SetClock()
        self.promises: dict[str, Promise] = {}
        self.out: list[Parcel] = []
        self.telegram = Telegram()

    def owed(self) -> list[Promise]:
        """What waits to be sent."""
        return [promise for promise in self.promises.values() if promise.state == "due"]

    # What happens

    @precondition(lambda self: len(self.owed()) < 8)
    @rule(data=st.data(), how_many=st.integers(1, 3))
    def promise(self, data: st.DataObject, how_many: int) -> None:
        with self.database.connection() as connection, Session(bind=connection) as db:
            for _ in range(how_many):
                self._promise(db, data)

    def _promise(self, db: Session, data: st.DataObject) -> None:
        key, chat = f"k{len(self.promises)}", data.draw(st.integers(1, 2))
        lane = data.draw(st.sampled_from([Lane.REPLY, Lane.REPLY, Lane.ANSWER, Lane.NOTICE]))
        needs = data.draw(st.sampled_from([None, None, *list(self.promises)[-2:]]))
        due = self.clock.now + timedelta(seconds=data.draw(st.sampled_from([0, 0, 0, 30])))
        words: dict[str, Any] = {"chat_id": chat, "method": "sendMessage", "payload": {"text": key}}
        details: dict[str, Any] = {"lane": lane, "needs": needs, "about": key, "due_at": due}
        assert outbox.enqueue(db, key=key, now=self.clock.now, **words, **details)
        assert not outbox.enqueue(db, key=key, now=self.clock.now, **words)
        self.promises[key] = Promise(len(self.promises), chat, lane, needs, key, due)

    @precondition(lambda self: self.owed())
    @rule(limit=st.integers(1, 3), bulk=st.sampled_from([None, None, 1, 0]))
    def claim(self, limit: int, bulk: int | None) -> None:
        may_go = self._may_go(limit, bulk)
        with self.database.connection() as connection:
            parcels = outbox.claim(connection, now=self.clock.now, limit=limit, bulk=bulk)
        assert [p.key for p in parcels] == [promise.key for promise in may_go]
        for parcel in parcels:
            promise = self.promises[str(parcel.key)]
            assert parcel.uncertain == promise.doubted
            promise.state, promise.attempts = "claimed", promise.attempts + 1
            promise.put_off = promise.told = False
            assert parcel.attempts == promise.attempts
        self.out += parcels

    def _may_go(self, limit: int, bulk: int | None) -> list[Promise]:
        """The first of each chat that is free, the more urgent lane before, and in the order of their times."""
        out = {promise.chat for promise in self.promises.values() if promise.state == "claimed"}
        first: dict[int, Promise] = {}
        for promise in sorted(self.promises.values(), key=lambda p: (p.lane, p.due_at, p.id)):
            ready = promise.needs is None or self.promises[promise.needs].state == "sent"
            due = promise.state == "due" and promise.due_at <= self.clock.now
            if ready and due and promise.chat not in out and not self._held_up(promise):
                spared = sum(p.lane >= Lane.REMINDER for p in first.values())
                if promise.lane < Lane.REMINDER or bulk is None or spared < bulk:
                    first.setdefault(promise.chat, promise)
        return list(first.values())[:limit]

    def _held_up(self, promise: Promise) -> bool:
        """Whether something that was put off must not be overtaken by it."""
        return any(
            other.put_off
            and other.state == "due"
            and other.chat == promise.chat
            and other is not promise
            and ((other.lane, other.id) < (promise.lane, promise.id) or (other.told and other.due_at > self.clock.now))
            for other in self.promises.values()
        )

    @precondition(lambda self: self.out)
    @rule(
        data=st.data(),
        end=st.sampled_from(["delivered", "put off", "put off", "put off", "in doubt", "given up"]),
        seconds=st.sampled_from([0, 5, 20]),
        yes=st.booleans(),
    )
    def one_lands(self, data: st.DataObject, end: str, seconds: int, yes: bool) -> None:
        parcel = data.draw(st.sampled_from(self.out))
        self.out.remove(parcel)
        promise, later = self.promises[str(parcel.key)], self.clock.now + timedelta(seconds=seconds)
        with self.database.connection() as connection:
            if end == "delivered":
                self._deliver(connection, parcel, promise)
            elif end == "put off":
                self._put_off(connection, parcel, promise, later, counted=yes)
            elif end == "in doubt":
                self._doubt(connection, parcel, promise, later, arrived=yes)
            else:
                outbox.fail(connection, parcel.id, now=self.clock.now, error="never")
                self._ended(promise, "failed")

    def _deliver(self, connection: Connection, parcel: Parcel, promise: Promise) -> None:
        self.telegram.take(parcel)
        outbox.deliver(connection, [Receipt(parcel.id, parcel.id, None)], now=self.clock.now)
        promise.state = "sent"

    def _put_off(
        self, connection: Connection, parcel: Parcel, promise: Promise, later: datetime, *, counted: bool
    ) -> None:
        outbox.postpone(connection, parcel.id, until=later, error="later", told=not counted)
        promise.attempts -= not counted and not promise.taken_back
        if promise.taken_back:
            self._ended(promise, "void")
        else:
            promise.due_at, promise.state, promise.put_off, promise.told = later, "due", True, not counted

    def _doubt(
        self, connection: Connection, parcel: Parcel, promise: Promise, later: datetime, *, arrived: bool
    ) -> None:
        if arrived:
            self.telegram.take(parcel)
        once_more = outbox.doubt(connection, parcel.id, until=later, now=self.clock.now, error="cut")
        assert once_more == (promise.taken_back or not promise.doubted)
        self._doubted(promise, once_more, later)

    def _doubted(self, promise: Promise, once_more: bool, later: datetime) -> None:
        if promise.taken_back:
            promise.doubted = True
            self._ended(promise, "void")
        elif once_more:
            promise.state, promise.doubted, promise.put_off, promise.due_at = "due", True, True, later
        else:
            self._ended(promise, "failed")

    @precondition(lambda self: self.owed())
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        promise = data.draw(st.sampled_from(list(self.promises.values())))
        with self.database.transaction() as db:
            assert outbox.void(db, about=promise.key, now=self.clock.now) == (promise.state == "due")
        if promise.state == "due":
            self._ended(promise, "void")
        promise.taken_back = promise.state == "claimed"

    @precondition(lambda self: self.out)
    @rule()
    def look_again_before_sending(self) -> None:
        with self.database.connection() as connection:
            held = outbox.taken_back(connection, self.out)
        assert held == {parcel.id for parcel in self.out if self.promises[str(parcel.key)].taken_back}
        for parcel in self.out:
            if parcel.id in held:
                self._ended(self.promises[str(parcel.key)], "void")
        self.out = [parcel for parcel in self.out if parcel.id not in held]

    def _ended(self, promise: Promise, state: str) -> None:
        promise.state, promise.put_off = state, False
        for other in self.promises.values():
            if other.needs == promise.key and other.state == "due":
                self._ended(other, state)

    @precondition(lambda self: self.out)
    @rule(arrived=st.booleans())
    def crash(self, arrived: bool) -> None:
        if arrived:
            for parcel in self.out:
                self.telegram.take(parcel)
        with self.database.connection() as connection:
            assert outbox.recover(connection, now=self.clock.now) == sum(
                self._goes_again(self.promises[str(parcel.key)]) for parcel in self.out
            )
        for parcel in sorted(self.out, key=lambda p: p.id):
            promise = self.promises[str(parcel.key)]
            self._doubted(promise, self._goes_again(promise), self.clock.now)
            promise.attempts = 0 if promise.state == "due" else promise.attempts
        for promise in self.promises.values():
            if promise.put_off and not promise.told:
                promise.due_at = min(promise.due_at, self.clock.now)
        self.out = []

    def _goes_again(self, promise: Promise) -> bool:
        """Whether the end of the process leaves it owed, or at rest where it was taken back."""
        return promise.taken_back or not promise.doubted or Lane(promise.lane).is_bulk

    @precondition(lambda self: any(promise.due_at > self.clock.now for promise in self.owed()))
    @rule(seconds=st.sampled_from([1, 10, 60]))
    def time_passes(self, seconds: int) -> None:
        self.clock.moves(seconds=seconds)

    # What always holds

    @invariant()
    def every_row_is_where_the_model_says(self) -> None:
        with self.database.reading() as db:
            rows = db.connection().exec_driver_sql("SELECT key, state FROM outbox")
            found: dict[str, str] = {row[0]: row[1] for row in rows}
        assert found == {promise.key: promise.state for promise in self.promises.values()}

    @invariant()
    def nothing_arrives_twice_but_what_was_in_doubt_and_says_so(self) -> None:
        for key, times in self.telegram.arrived.items():
            promise = self.promises[key]
            assert times <= 2 or Lane(promise.lane).is_bulk
            assert times == 1 or (promise.doubted and self.telegram.marked[key] >= times - 1)

    @invariant()
    def what_counts_as_sent_has_arrived(self) -> None:
        for promise in self.promises.values():
            assert promise.state != "sent" or self.telegram.arrived[promise.key] >= 1

    @invariant()
    def no_chat_has_two_messages_out(self) -> None:
        chats = Counter(parcel.chat_id for parcel in self.out)
        assert not chats or max(chats.values()) == 1


def test_no_order_of_events_loses_doubles_or_overtakes_a_message() -> None:
    LifeOfRows.open()
    try:
        run_state_machine_as_test(
            LifeOfRows,
            settings=settings(
                max_examples=15,
                stateful_step_count=40,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        LifeOfRows.shut()

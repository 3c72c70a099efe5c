"""The courier, over the sandbox with its faults: everything arrives, in order, at the right pace, and nothing silently twice."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlmodel import select

import bot.courier
from bot import app, inbox, outbox
from bot.courier import ATTEMPTS, Courier, Hooks
from bot.courier._marks import REPEATED
from bot.db import Database
from bot.features import groups, people
from bot.outbox import Lane, OutboxRow, receipt_of
from bot.sandbox.transport import TOKEN, SandboxRequest
from bot.sandbox.world import GENERAL, Chat, Person, World
from bot.telegram_api import TelegramApi
from tests.conftest import SetClock


class Office:
    """A world, an outbox and a courier that is stepped by hand."""

    def __init__(self, database: Database, clock: SetClock, runner: asyncio.Runner) -> None:
        self.database, self.clock, self.runner = database, clock, runner
        self.world = World(clock)
        self.setbacks = 0
        self.courier = self.new_courier()

    def new_courier(self, rate: float = 30.0) -> Courier:
        """Another process on the same database."""
        hooks = Hooks(app.moved, app.unreachable, self._setback)
        api = TelegramApi("http://sandbox", TOKEN, SandboxRequest(self.world))
        seconds = self.clock
        return Courier(self.database, api, hooks, rate=rate, now=self.clock, clock=lambda: seconds().timestamp())

    def _setback(self) -> None:
        self.setbacks += 1

    def person(self, name: str = "Li Wei") -> Chat:
        """Somebody who has started the bot and is known to it."""
        person = self.world.person(name)
        person.started = True
        with self.database.transaction() as db:
            member = people.meet(
                db,
                telegram_id=person.id,
                name=name,
                language_code="en",
                default="en",
                timezone="Asia/Shanghai",
                now=self.clock.now,
            )
            people.start(member, now=self.clock.now)
        return self.world.private(person)

    def owner(self, chat: Chat) -> Person:
        return self.world.people[chat.id]

    def room(self) -> Chat:
        """A forum where the bot may manage topics and has said a word."""
        room = self.world.forum("Consultants' room", self.world.person("Zhang Min"))
        self.world.set_rights(room, self.world.bot_id, can_manage_topics=True)
        self.owes(room, "Good morning")
        self.sends()
        return room

    def owes(self, chat: Chat, words: str, *, method: str = "sendMessage", **more: Any) -> None:
        """Promise a message."""
        payload = {"chat_id": chat.id, "text": words} | more.pop("payload", {})
        with self.database.transaction() as db:
            outbox.enqueue(db, chat_id=chat.id, method=method, payload=payload, now=self.clock.now, **more)

    def owes_a_topic(self, room: Chat, name: str, key: str) -> None:
        with self.database.transaction() as db:
            payload = {"chat_id": room.id, "name": name}
            outbox.enqueue(db, chat_id=room.id, method="createForumTopic", payload=payload, now=self.clock.now, key=key)

    def sends(self, **later: float) -> int:
        """Let time pass, and send what may go."""
        self.clock.moves(**later)
        return self.runner.run(self.courier.drain())

    def row(self, words: str) -> OutboxRow:
        with self.database.reading() as db:
            return next(row for row in db.exec(select(OutboxRow)) if f'"{words}"' in row.payload)

    def said(self, chat: Chat) -> list[str]:
        """What the bot has said in a chat."""
        return [post.text for post in chat.messages.values() if post.author == self.world.bot_id and post.text]

    def topics(self, room: Chat) -> list[str]:
        return [topic.name for topic in room.topics.values() if topic.id != GENERAL]


@pytest.fixture
def office(sqlite: Database, clock: SetClock, runner: asyncio.Runner) -> Office:
    return Office(sqlite, clock, runner)


def test_what_is_owed_arrives_and_its_receipt_is_kept(office: Office) -> None:
    li = office.person()
    office.owes(li, "Hello", key="k")
    assert office.sends() == 1
    [post] = li.messages.values()
    row = office.row("Hello")
    assert (row.state, row.message_id, row.done_at, row.error) == ("sent", post.id, office.clock.now, None)
    assert office.sends() == 0


# Trouble


def test_r19_a_429_waits_exactly_as_told_is_not_counted_and_other_chats_go_on(office: Office) -> None:
    li, wang = office.person("Li Wei"), office.person("Wang Fang")
    office.world.faults.ask(method="sendMessage", chat_id=li.id, error_code=429, retry_after=7)
    office.owes(li, "first")
    office.owes(li, "second")
    office.owes(wang, "elsewhere")
    office.sends()
    assert (office.said(li), office.said(wang)) == ([], ["elsewhere"])
    waiting = office.row("first")
    assert (waiting.state, waiting.attempts) == ("due", 0)
    assert waiting.due_at == office.clock.now + timedelta(seconds=7)
    assert office.sends(seconds=6.9) == 0
    office.sends(seconds=0.1)
    assert office.said(li) == ["first", "second"]


def test_s04_a_429_holds_notices_to_everybody_until_its_deadline(office: Office) -> None:
    li, wang = office.person("Li Wei"), office.person("Wang Fang")
    office.world.faults.ask(method="sendMessage", chat_id=li.id, error_code=429, retry_after=7)
    office.owes(li, "to Li", lane=Lane.NOTICE)
    office.sends()
    office.owes(wang, "notice", lane=Lane.NOTICE)
    office.owes(wang, "reply")
    office.sends(seconds=6.9)
    assert office.said(wang) == ["reply"]
    office.sends(seconds=0.1)
    assert (office.said(wang), office.said(li)) == (["reply", "notice"], ["to Li"])


@pytest.mark.parametrize("fault", [{"error_code": 500}, {"error_code": 502}, {"error_code": 503}, {"drop": "before"}])
def test_s03_what_did_not_arrive_is_sent_again_without_a_mark(office: Office, fault: dict[str, Any]) -> None:
    li = office.person()
    office.world.faults.ask(method="sendMessage", times=2, **fault)
    office.owes(li, "Hello")
    office.sends()
    assert office.said(li) == []
    office.sends(seconds=0.6)
    assert office.said(li) == []
    office.sends(seconds=1.2)
    assert office.said(li) == ["Hello"]
    row = office.row("Hello")
    assert (row.attempts, row.uncertain_at) == (3, None)


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"delay": 1000.0}])
def test_s02_what_may_have_arrived_is_sent_once_more_with_its_mark_and_never_again(
    office: Office, fault: dict[str, Any]
) -> None:
    li = office.person()
    office.world.faults.ask(method="sendMessage", times=2, **fault)
    office.owes(li, "Hello")
    office.owes(li, "after it")
    office.sends()
    assert office.row("Hello").uncertain_at == office.clock.now
    for _ in range(4):
        office.sends(minutes=5)
    assert office.said(li) == ["Hello", "Hello" + REPEATED, "after it"]
    assert office.row("Hello").state == "failed"
    assert office.setbacks == 1


def test_s02_a_doubt_that_ends_well_leaves_a_receipt_and_says_that_there_was_one(office: Office) -> None:
    li = office.person()
    office.world.faults.ask(method="sendMessage", drop="after")
    office.owes(li, "Hello")
    office.sends()
    office.sends(minutes=1)
    row = office.row("Hello")
    assert (row.state, row.message_id) == ("sent", max(li.messages))
    assert row.uncertain_at is not None


def test_s02_the_mark_stands_on_captions_too_and_only_where_it_fits(office: Office) -> None:
    li = office.person()
    full, tagged = "x" * 4095, "<b>" + "y" * 4093 + "</b>"
    for words in (full, tagged):
        office.world.faults.ask(method="sendMessage", drop="after")
        office.owes(li, words, payload={"parse_mode": "HTML"})
        office.sends(minutes=5)
        office.sends(minutes=5)
    assert office.said(li) == [full, full, "y" * 4093, "y" * 4093 + REPEATED]
    office.world.faults.ask(method="sendDocument", drop="after")
    file = {"caption": "your data", "document": {"$file": ["data.json", "{}"]}}
    with office.database.transaction() as db:
        outbox.enqueue(
            db, chat_id=li.id, method="sendDocument", payload=file | {"chat_id": li.id}, now=office.clock.now
        )
    office.sends()
    office.sends(minutes=5)
    captions = [post.message["caption"] for post in li.messages.values() if "caption" in post.message]
    assert captions == ["your data", "your data" + REPEATED]


def test_r02_after_a_crash_what_was_out_goes_once_more_with_its_mark(office: Office) -> None:
    li, wang = office.person("Li Wei"), office.person("Wang Fang")
    office.owes(li, "out")
    with office.database.connection() as connection:
        outbox.claim(connection, now=office.clock.now, limit=5)
    office.owes(wang, "not yet out")
    office.courier = office.new_courier()
    office.runner.run(office.courier.recover())
    office.sends()
    assert (office.said(li), office.said(wang)) == (["out" + REPEATED], ["not yet out"])


@pytest.mark.parametrize("why", ["blocked", "deactivated", "never started"])
def test_s05_r11_r12_who_cannot_be_written_to_is_marked_unreachable_and_not_tried_again(
    office: Office, why: str
) -> None:
    li = office.person()
    person = office.owner(li)
    if why == "blocked":
        office.world.block(person)
    elif why == "deactivated":
        office.world.deactivate(person)
    else:
        person.started = False
    office.owes(li, "Hello")
    office.sends()
    row = office.row("Hello")
    assert (row.state, row.attempts, office.setbacks) == ("failed", 1, 1)
    with office.database.reading() as db:
        member = people.find(db, li.id)
        assert member is not None
        assert member.unreachable_at == office.clock.now
    assert office.sends(hours=1) == 0


def test_a_group_that_put_the_bot_out_marks_no_person(office: Office) -> None:
    owner = office.world.person("Zhao Lei")
    group = office.world.supergroup("Trainees", owner)
    office.world.remove_member(group, office.world.bot_id, owner)
    office.owes(group, "Hello")
    office.sends()
    assert (office.row("Hello").state, office.setbacks) == ("failed", 1)


def test_r17_not_modified_is_success(office: Office) -> None:
    li = office.person()
    office.owes(li, "Hello")
    office.sends()
    [message_id] = li.messages
    office.owes(li, "Hello", method="editMessageText", payload={"message_id": message_id}, key="edit")
    office.sends()
    with office.database.reading() as db:
        receipt = outbox.receipt(db, "edit")
    assert receipt is not None
    assert receipt.message_id == message_id
    assert office.setbacks == 0


def test_r09_a_group_that_became_a_supergroup_is_remapped_and_the_message_sent_there(office: Office) -> None:
    group = office.world.group("Trainees", office.world.person("Zhao Lei"))
    with office.database.transaction() as db:
        groups.seen(
            db,
            group.id,
            title="Trainees",
            is_forum=False,
            language="en",
            timezone="Asia/Shanghai",
            now=office.clock.now,
        )
    office.owes(group, "first", payload={"reply_parameters": {"message_id": 1}})
    office.owes(group, "second")
    new = office.world.migrate_to_supergroup(group)
    office.sends()
    assert office.said(new) == ["first", "second"]
    assert office.row("first").attempts == 1
    with office.database.reading() as db:
        assert groups.find(db, group.id) is None
        assert groups.find(db, new.id) is not None


def test_a_row_that_always_fails_is_given_up_in_the_end_with_all_that_wait_for_it(office: Office) -> None:
    li, wang = office.person("Li Wei"), office.person("Wang Fang")
    office.world.faults.ask(method="sendMessage", chat_id=li.id, error_code=500, times=ATTEMPTS)
    office.owes(li, "doomed", key="doomed")
    office.owes(wang, "waits", key="waits", needs="doomed")
    office.owes(li, "next")
    for _ in range(ATTEMPTS):
        office.sends(minutes=3)
    assert (office.row("doomed").state, office.row("doomed").attempts) == ("failed", ATTEMPTS)
    assert (office.row("waits").state, office.setbacks) == ("failed", 1)
    assert (office.said(li), office.said(wang)) == (["next"], [])


def test_an_edit_whose_answer_is_always_lost_is_given_up_too(office: Office) -> None:
    li = office.person()
    office.owes(li, "Hello")
    office.sends()
    office.world.faults.ask(method="editMessageText", drop="after", times=None)
    office.owes(li, "Changed", method="editMessageText", payload={"message_id": max(li.messages)})
    for _ in range(ATTEMPTS):
        office.sends(minutes=3)
    assert office.row("Changed").state == "failed"
    assert office.sends(hours=1) == 0


def test_the_order_within_a_chat_is_kept_whatever_happens_on_the_way(office: Office) -> None:
    li, group = office.person(), office.world.group("Trainees", office.world.person("Zhao Lei"))
    for fault in (
        {"error_code": 500},
        {"drop": "before"},
        {"error_code": 429, "retry_after": 3},
        {"drop": "unreachable"},
    ):
        office.world.faults.ask(method="sendMessage", probability=0.15, times=None, **fault)
    wanted = [f"message {number}" for number in range(15)]
    for words in wanted:
        office.owes(li, words)
        office.owes(group, words)
    for _ in range(60):
        office.sends(seconds=5)
    office.world.faults.clear()
    for _ in range(8):
        office.sends(minutes=2)
    assert office.said(li) == wanted
    assert office.said(group) == wanted


# Topics


def test_r02_a_topic_whose_answer_was_lost_is_found_again_and_none_is_made_twice(office: Office) -> None:
    room = office.room()
    office.world.faults.ask(method="createForumTopic", drop="after")
    office.owes_a_topic(room, "Q12 · Recruitment · Li Wei", "topic")
    office.owes(room, "the question", needs="topic", payload={"message_thread_id": receipt_of("topic", "thread_id")})
    office.sends()
    office.world.say(next(iter(office.world.people.values())), room, "What is this?")
    office.sends(minutes=1)
    assert office.topics(room) == ["Q12 · Recruitment · Li Wei"]
    topic = max(room.topics)
    assert next(post.topic for post in room.messages.values() if post.text == "the question") == topic


def test_r02_a_topic_that_was_not_made_is_made_and_those_that_people_opened_are_left_alone(office: Office) -> None:
    room = office.room()
    office.owes_a_topic(room, "Q12", "topic")
    with office.database.connection() as connection:
        outbox.claim(connection, now=office.clock.now, limit=1)
    zhang = next(iter(office.world.people.values()))
    office.world.create_topic(zhang, room, "Lunch")
    with office.database.connection() as connection:
        inbox.receive(connection, office.world.updates.first(100), now=office.clock.now)
    office.runner.run(office.courier.recover())
    office.sends(minutes=1)
    assert office.topics(room) == ["Lunch", "Q12"]


@pytest.mark.parametrize("trouble", [{"drop": "before"}, {"drop": "after"}, {"error_code": 429, "retry_after": 5}])
def test_r02_trouble_while_looking_for_a_lost_topic_makes_no_second_one(
    office: Office, trouble: dict[str, Any]
) -> None:
    room = office.room()
    office.world.faults.ask(method="createForumTopic", drop="after")
    office.world.faults.ask(method="editForumTopic", times=3, **trouble)
    office.owes_a_topic(room, "Q12", "topic")
    for _ in range(6):
        office.sends(minutes=1)
    assert office.topics(room) == ["Q12"]
    with office.database.reading() as db:
        receipt = outbox.receipt(db, "topic")
    assert receipt is not None
    assert receipt.thread_id == max(room.topics)


# Pace


def test_a_reply_goes_before_the_notices_that_wait(office: Office) -> None:
    office.courier = office.new_courier(rate=5)
    members = [office.person(f"Member {number}") for number in range(12)]
    for member in members:
        office.owes(member, "notice", lane=Lane.NOTICE)
    assert sum(office.sends(seconds=0.2) for _ in range(5)) == 5
    late = members[11]
    office.owes(late, "reply")
    assert office.sends(seconds=0.2) == 1
    assert office.said(late) == ["reply"]
    for _ in range(8):
        office.sends(seconds=0.2)
    assert office.said(late) == ["reply", "notice"]


def test_s04_what_telegram_said_before_a_restart_holds_notices_after_it(office: Office) -> None:
    li, wang = office.person("Li Wei"), office.person("Wang Fang")
    office.world.faults.ask(method="sendMessage", chat_id=li.id, error_code=429, retry_after=30)
    office.owes(li, "to Li", lane=Lane.NOTICE)
    office.sends()
    office.owes(wang, "notice", lane=Lane.NOTICE)
    office.owes(wang, "reply")
    office.courier = office.new_courier()
    office.runner.run(office.courier.recover())
    office.sends(seconds=29)
    assert (office.said(wang), office.said(li)) == (["reply"], [])
    office.sends(seconds=1)
    assert (office.said(wang), office.said(li)) == (["reply", "notice"], ["to Li"])


def test_r19_a_groups_own_limit_holds_no_notice_to_others(office: Office) -> None:
    li = office.person()
    group = office.world.supergroup("Trainees", office.owner(li))
    office.world.faults.ask(method="sendMessage", chat_id=group.id, error_code=429, retry_after=40)
    office.owes(group, "to the group", lane=Lane.NOTICE)
    office.sends()
    office.owes(li, "notice", lane=Lane.NOTICE)
    office.sends()
    assert (office.said(li), office.said(group)) == (["notice"], [])


def test_s03_an_outage_of_any_length_loses_nothing_and_ends_for_all_at_once(office: Office) -> None:
    people_ = [office.person(f"Member {number}") for number in range(3)]
    office.world.faults.ask(method="sendMessage", drop="unreachable", times=None)
    for person in people_:
        office.owes(person, "Hello")
    for _ in range(60):
        office.sends(minutes=3)
    office.world.faults.clear()
    office.owes(office.person("Somebody new"), "Welcome")
    office.sends()
    office.sends()
    assert [office.said(person) for person in people_] == [["Hello"]] * 3
    assert office.setbacks == 0


def test_s16_what_is_taken_back_while_its_picture_is_drawn_does_not_go_out(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    li = office.person()
    chart = {"photo": {"$chart": {"what": "numbers"}}}

    def draw(what: object) -> bytes:
        with office.database.transaction() as db:
            outbox.void(db, about="session:1", now=office.clock.now)
        office.clock.moves(seconds=1)
        return b"a picture"

    monkeypatch.setattr("bot.pictures.draw", draw)
    office.owes(li, "cancelled", method="sendPhoto", about="session:1", payload=chart)
    office.owes(li, "next")
    office.sends()
    assert office.said(li) == ["next"]
    assert (office.row("cancelled").state, office.setbacks) == ("void", 0)


def test_telegram_never_has_to_slow_us_down(office: Office) -> None:
    office.world.limits = True
    members = [office.person(f"Member {number}") for number in range(35)]
    group = office.world.supergroup("Trainees", office.owner(members[0]))
    for number in range(25):
        office.owes(group, f"to the group {number}")
    for member in members:
        for number in range(4):
            office.owes(member, f"to one {number}")
    for _ in range(70):
        office.sends(seconds=1)
    with office.database.reading() as db:
        everything = list(db.exec(select(OutboxRow)))
    assert {(row.state, row.attempts) for row in everything} == {("sent", 1)}
    assert office.said(group) == [f"to the group {number}" for number in range(25)]


# The courier's own life


def test_a_nudge_from_any_thread_wakes_it(office: Office) -> None:
    li = office.person()
    came = asyncio.Event()
    office.world.subscribe(lambda happened: came.set())

    async def run() -> None:
        running = asyncio.create_task(office.courier.run())
        await asyncio.sleep(0)  # it begins, and finds nothing to do
        await asyncio.to_thread(office.owes, li, "Hello")
        threading.Thread(target=office.courier.nudge).start()
        await asyncio.wait_for(came.wait(), 60)
        running.cancel()
        await office.courier.stop(5)

    office.runner.run(run())
    assert (office.said(li), office.row("Hello").state) == (["Hello"], "sent")


def test_notices_go_on_by_themselves_until_all_have_theirs(office: Office) -> None:
    office.courier = Courier(
        office.database,
        TelegramApi("http://sandbox", TOKEN, SandboxRequest(office.world)),
        Hooks(app.moved, app.unreachable, office._setback),
        rate=200,
        now=office.clock,
    )
    members = [office.person(f"Member {number}") for number in range(50)]
    for member in members:
        office.owes(member, "notice", lane=Lane.NOTICE)
    arrived, all_of_them = [0], asyncio.Event()

    def count(happened: object) -> None:
        arrived[0] += 1
        if arrived[0] == len(members):
            all_of_them.set()

    office.world.subscribe(count)

    async def run() -> None:
        running = asyncio.create_task(office.courier.run())
        await asyncio.wait_for(all_of_them.wait(), 60)
        running.cancel()
        await office.courier.stop(5)

    office.runner.run(run())
    assert all(office.said(member) == ["notice"] for member in members)
    assert {office.row("notice").state} == {"sent"}


def test_s07_a_clock_that_jumps_is_noticed_within_thirty_seconds(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    li = office.person()
    office.owes(li, "tomorrow", due_at=office.clock.now + timedelta(days=1))
    came = asyncio.Event()
    office.world.subscribe(lambda happened: came.set())
    assert bot.courier.LATEST_LOOK <= 30
    monkeypatch.setattr("bot.courier.LATEST_LOOK", 0.01)

    async def run() -> None:
        running = asyncio.create_task(office.courier.run())
        await asyncio.sleep(0)
        office.clock.moves(days=1)  # the machine slept, or somebody set its clock; nobody nudges
        await asyncio.wait_for(came.wait(), 60)
        running.cancel()
        await office.courier.stop(5)

    office.runner.run(run())
    assert office.said(li) == ["tomorrow"]


def test_what_was_claimed_when_the_end_came_still_leaves_and_is_written_down(office: Office) -> None:
    li = office.person()
    office.owes(li, "Hello")

    async def run() -> None:
        running = asyncio.create_task(office.courier.run())
        await asyncio.sleep(0)  # it begins, and claims
        running.cancel()
        await office.courier.stop(5)

    office.runner.run(run())
    assert (office.said(li), office.row("Hello").state) == (["Hello"], "sent")


def test_a_nudge_before_it_runs_does_no_harm(office: Office) -> None:
    office.courier.nudge()


@pytest.fixture
def forbid_writing(office: Office) -> Iterator[Callable[[int], None]]:
    """Let the database refuse to be written to, as often as that, from now on."""
    refused: list[Any] = []

    def forbid(times: int) -> None:
        def refuse(connection: Any, _record: object, _proxy: object) -> None:
            nonlocal times
            connection.execute(f"PRAGMA query_only = {int(times > 0)}")
            times -= 1

        event.listen(office.database.engine, "checkout", refuse)
        refused.append(refuse)

    yield forbid
    for refuse in refused:
        event.remove(office.database.engine, "checkout", refuse)


def test_a_receipt_that_could_not_be_written_is_written_a_little_later(
    office: Office, forbid_writing: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.courier._books._PAUSES", (0.0, 0.0))
    li = office.person()
    office.owes(li, "Hello")
    office.world.subscribe(lambda happened: forbid_writing(2))
    office.sends()
    assert (office.said(li), office.row("Hello").state) == (["Hello"], "sent")


def test_a_database_that_stays_away_ends_the_courier_and_leaves_a_doubt(
    office: Office, forbid_writing: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.courier._books._PAUSES", (0.0, 0.0))
    li = office.person()
    office.owes(li, "Hello")
    office.world.subscribe(lambda happened: forbid_writing(3))
    with pytest.raises(OperationalError, match="readonly"):
        office.sends()
    assert office.row("Hello").state == "claimed"
    office.runner.run(office.new_courier().recover())
    assert office.row("Hello").uncertain_at is not None

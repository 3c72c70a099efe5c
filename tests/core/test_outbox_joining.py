"""Promises that change before they are kept: on both kinds of database."""

from __future__ import annotations

from datetime import timedelta

from bot import outbox
from bot.db import Database
from bot.outbox import JOINED, OutboxRow, Parcel, Receipt
from tests.conftest import NOON
from tests.core.test_outbox import claim, deliver, owe, row, states, words_of


def find(database: Database, key: str) -> OutboxRow:
    with database.reading() as db:
        found = outbox.find(db, key)
        assert found is not None
        return found


def album(database: Database, *, now: bool = True) -> None:
    """An album of three in chat 1: the first message carries the others."""
    due = NOON if now else NOON + timedelta(seconds=2)
    owe(database, 1, "first", key="first", about="question:1:asker", due_at=due)
    with database.transaction() as db:
        for place, key in enumerate(("second", "third")):
            keys = ["second", "third"][: place + 1]
            assert outbox.rewrite(db, "first", {"chat_id": 1, "media": [], JOINED: keys}, method="sendMediaGroup")
            outbox.join(db, key, to="first")


def fail(database: Database, parcel: Parcel) -> None:
    with database.connection() as connection:
        outbox.fail(connection, parcel.id, now=NOON, error="BadRequest: no")


def test_r13_an_album_is_one_call_and_every_message_gets_its_receipt(database: Database) -> None:
    album(database)
    [parcel] = claim(database)
    assert (parcel.method, parcel.payload, parcel.joined) == (
        "sendMediaGroup",
        {"chat_id": 1, "media": []},
        ("second", "third"),
    )
    with database.connection() as connection:
        outbox.deliver(connection, [Receipt(parcel.id, 10, None, (("second", 11), ("third", 12)))], now=NOON)
    assert [find(database, key).message_id for key in ("first", "second", "third")] == [10, 11, 12]
    assert set(states(database).values()) == {"sent"}
    with database.reading() as db:
        assert outbox.about(db, 1, 12) == "question:1:asker"
        assert outbox.key_of(db, 1, 11) == "second"


def test_r13_joining_twice_is_joining_once(database: Database) -> None:
    album(database)
    with database.transaction() as db:
        outbox.join(db, "third", to="first")
    assert states(database) == {"first": "due", "second": "joined", "third": "joined"}


def test_what_joined_an_album_ends_and_begins_again_with_it(database: Database) -> None:
    album(database)
    owe(database, 2, "after", key="after", needs="first")
    [parcel] = claim(database)
    fail(database, parcel)
    assert states(database) == {"first": "failed", "second": "void", "third": "void", "after": "failed"}
    with database.transaction() as db:
        [failed] = outbox.given_up(db, about=["question:1:asker"], chat_id=1)
        assert outbox.again(db, failed, now=NOON)
    found = states(database)
    assert [found[key] for key in ("first", "second", "third", "after")] == ["due", "joined", "joined", "due"]
    [parcel] = claim(database)
    assert parcel.joined == ("second", "third")


def test_an_album_that_was_refused_goes_message_by_message(database: Database) -> None:
    album(database)
    [parcel] = claim(database)
    fail(database, parcel)
    with database.transaction() as db:
        for key in ("first", "second"):
            outbox.revive(db, key, method="copyMessage", payload={"chat_id": 1, "text": key}, needs=None, now=NOON)
    first = claim(database)
    deliver(database, first[0], 5)
    assert words_of([*first, *claim(database)]) == ["first", "second"]


def test_trying_again_is_a_fresh_row_under_the_old_key_and_happens_once(database: Database) -> None:
    owe(database, 1, "answer", key="answer", about="question:1:answer")
    [parcel] = claim(database)
    fail(database, parcel)
    with database.transaction() as db:
        [failed] = outbox.given_up(db, about=["question:1:answer"], chat_id=1)
        stale = OutboxRow(**failed.model_dump())
        assert outbox.again(db, failed, now=NOON)
        assert not outbox.again(db, stale, now=NOON)
        assert outbox.given_up(db, about=["question:1:answer"], chat_id=1) == []
    [fresh] = claim(database)
    assert fresh.id != parcel.id
    assert (fresh.key, fresh.attempts, fresh.uncertain) == ("answer", 1, False)


def test_newer_words_replace_what_waits_or_failed_but_not_what_is_on_its_way(database: Database) -> None:
    owe(database, 1, "old", key="a")
    with database.transaction() as db:
        assert outbox.rewrite(db, "a", {"chat_id": 1, "text": "new"})
    [parcel] = claim(database)
    assert parcel.payload["text"] == "new"
    with database.transaction() as db:
        assert not outbox.rewrite(db, "a", {"chat_id": 1, "text": "newest"})
    fail(database, parcel)
    with database.transaction() as db:
        assert outbox.rewrite(db, "a", {"chat_id": 1, "text": "newest"})
    assert row(database, "newest").state == "failed"


def test_what_is_held_back_goes_at_once_when_something_comes_after_it(database: Database) -> None:
    album(database, now=False)
    assert claim(database) == []
    with database.transaction() as db:
        outbox.hasten(db, about="question:2:asker", now=NOON)
    assert claim(database) == []
    with database.transaction() as db:
        outbox.hasten(db, about="question:1:asker", now=NOON)
    assert len(claim(database)) == 1


def test_r19_what_telegram_told_to_wait_is_not_hastened(database: Database) -> None:
    owe(database, 1, "waits", key="waits", about="question:1:asker")
    [parcel] = claim(database)
    with database.connection() as connection:
        outbox.postpone(connection, parcel.id, until=NOON + timedelta(seconds=9), error="429", told=True)
    with database.transaction() as db:
        outbox.hasten(db, about="question:1:asker", now=NOON)
    assert claim(database) == []


def test_r09_what_joined_an_album_moves_with_its_group(database: Database) -> None:
    album(database)
    with database.connection() as connection:
        outbox.move_chat(connection, 1, -1001)
    assert {find(database, key).chat_id for key in ("first", "second", "third")} == {-1001}


def test_an_album_that_is_taken_back_is_taken_back_whole(database: Database) -> None:
    album(database)
    with database.transaction() as db:
        outbox.void(db, about="question:1:asker", now=NOON)
    assert set(states(database).values()) == {"void"}

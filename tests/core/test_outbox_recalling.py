"""Promises to many, taken back and made anew: on both kinds of database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot import outbox
from bot.db import Database
from bot.outbox import Owed, Receipt

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
ABOUT = "notice:1"


def promise(database: Database, *numbers: int) -> None:
    with database.transaction() as db:
        owed = [Owed(n, "sendMessage", {"chat_id": n, "text": "x"}, key=f"notice:1:{n}", about=ABOUT) for n in numbers]
        outbox.enqueue_many(db, owed, now=NOON)


def recall(database: Database) -> list[str]:
    with database.transaction() as db:
        return outbox.recall(db, about=ABOUT, now=NOON)


def endings(database: Database, *numbers: int) -> dict[str, outbox.Ending]:
    with database.reading() as db:
        return outbox.endings(db, [f"notice:1:{n}" for n in numbers])


def claimed(database: Database, limit: int = 10) -> list[int]:
    with database.connection() as connection:
        return [parcel.chat_id for parcel in outbox.claim(connection, now=NOON, limit=limit)]


def test_what_is_recalled_does_not_go_out_and_can_be_promised_anew(database: Database) -> None:
    promise(database, 1, 2)
    assert sorted(recall(database)) == ["notice:1:1", "notice:1:2"]
    assert claimed(database) == []
    promise(database, 1, 2)
    promise(database, 1, 2)
    assert sorted(claimed(database)) == [1, 2]


def test_s16_what_is_on_its_way_is_not_tried_again_after_a_recall_and_its_ending_says_so(database: Database) -> None:
    promise(database, 1, 2)
    with database.connection() as connection:
        first, second = outbox.claim(connection, now=NOON, limit=2)
    assert recall(database) == []
    with database.connection() as connection:
        outbox.deliver(connection, [Receipt(first.id, 7, None)], now=NOON)
        outbox.postpone(connection, second.id, until=NOON, error="Bad Gateway")
    assert claimed(database) == []
    found = endings(database, 1, 2)
    arrived, held = found[first.key or ""], found[second.key or ""]
    assert (arrived.state, arrived.message_id, arrived.taken_back) == ("sent", 7, False)
    assert (held.is_over, held.taken_back, held.uncertain) == (True, True, False)


def test_what_may_have_arrived_is_not_repeated_after_a_recall(database: Database) -> None:
    promise(database, 1)
    with database.connection() as connection:
        (parcel,) = outbox.claim(connection, now=NOON, limit=1)
        outbox.doubt(connection, parcel.id, until=NOON, now=NOON, error="ReadTimeout")
    assert recall(database) == []
    assert claimed(database) == []
    ending = endings(database, 1)["notice:1:1"]
    assert (ending.is_over, ending.uncertain, ending.taken_back) == (True, True, False)
    promise(database, 1)
    assert claimed(database) == [], "its key is taken: it is sent at most once more, never anew"


def test_an_album_is_recalled_with_its_further_messages(database: Database) -> None:
    def owe() -> None:
        with database.transaction() as db:
            outbox.enqueue_many(db, [Owed(1, "sendMediaGroup", {}, key="notice:1:1", about=ABOUT)], now=NOON)
            further = Owed(1, "sendMediaGroup", {}, key="notice:1:1:album:1", about=ABOUT, needs="notice:1:1")
            outbox.join_many(db, [further, further], now=NOON)

    owe()
    assert sorted(recall(database)) == ["notice:1:1", "notice:1:1:album:1"]
    owe()
    with database.connection() as connection:
        (parcel,) = outbox.claim(connection, now=NOON, limit=1)
        further = (("notice:1:1:album:1", 8),)
        outbox.deliver(connection, [Receipt(parcel.id, 7, None, further)], now=NOON)
    with database.reading() as db:
        found = outbox.endings(db, ["notice:1:1", "notice:1:1:album:1"])
    assert [ending.message_id for ending in found.values()] == [7, 8]


def test_a_failure_that_is_known_and_retired_can_be_promised_once_more(database: Database) -> None:
    promise(database, 1)
    with database.connection() as connection:
        (parcel,) = outbox.claim(connection, now=NOON, limit=1)
        outbox.fail(connection, parcel.id, now=NOON, error="Bad Gateway")
    with database.transaction() as db:
        assert outbox.setbacks(db, "notice:1")
        outbox.note(db, ["notice:1:1"], now=NOON + timedelta(seconds=1))
        assert not outbox.setbacks(db, "notice:1")
        outbox.retire(db, ["notice:1:1"], now=NOON)
    promise(database, 1)
    assert claimed(database) == [1]

"""Messages promised to somebody: order, receipts, doubt, and the life of a row."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlmodel import select

from bot import outbox
from bot.db import Database
from bot.outbox import Lane, OutboxRow, Owed, Parcel, Receipt, receipt_of
from tests.conftest import NOON


def owe(
    database: Database, chat: int, words: str, *, now: datetime = NOON, method: str = "sendMessage", **more: Any
) -> bool:
    payload = more.pop("payload", {"chat_id": chat, "text": words})
    with database.transaction() as db:
        return outbox.enqueue(db, chat_id=chat, method=method, payload=payload, now=now, **more)


def claim(database: Database, *, now: datetime = NOON, limit: int = 30, **more: Any) -> list[Parcel]:
    with database.connection() as connection:
        return outbox.claim(connection, now=now, limit=limit, **more)


def words_of(parcels: list[Parcel]) -> list[str]:
    return [parcel.payload["text"] for parcel in parcels]


def deliver(database: Database, parcel: Parcel, message: int | None = None, thread: int | None = None) -> None:
    with database.connection() as connection:
        outbox.deliver(connection, [Receipt(parcel.id, message, thread)], now=NOON)


def row(database: Database, words: str) -> OutboxRow:
    with database.reading() as db:
        return next(r for r in db.exec(select(OutboxRow)) if f'"{words}"' in r.payload)


def states(database: Database) -> dict[str, str]:
    with database.reading() as db:
        return {r.key: r.state for r in db.exec(select(OutboxRow)) if r.key}


# Promises


def test_a_key_is_promised_once(database: Database) -> None:
    assert owe(database, 1, "first", key="webinar:12:remind:1d:member:7")
    assert not owe(database, 1, "second", key="webinar:12:remind:1d:member:7")
    assert owe(database, 1, "third")
    assert owe(database, 1, "fourth")
    assert words_of(claim(database)) == ["first"]


def test_many_are_promised_at_once_and_those_that_were_already_are_left_out(database: Database) -> None:
    owe(database, 2, "earlier", key="notice:1:2", about="notice:1")
    rows = [
        Owed(chat, "sendMessage", {"chat_id": chat, "text": str(chat)}, key=f"notice:1:{chat}", about="notice:1")
        for chat in range(1, 2501)
    ]
    with database.transaction() as db:
        assert outbox.enqueue_many(db, rows, now=NOON) == 2499
        assert outbox.enqueue_many(db, rows, now=NOON) == 0
        assert outbox.enqueue_many(db, [], now=NOON) == 0
        assert outbox.outcomes(db, about="notice:1") == {"due": 2500, "uncertain": 0}
    assert words_of(claim(database, limit=3)) == ["earlier", "1", "3"]


def test_s18_who_is_in_two_segments_or_taps_twice_gets_one_message(database: Database) -> None:
    rows = [
        Owed(chat, "sendMessage", {"chat_id": chat, "text": segment}, key=f"notice:1:{chat}", about="notice:1")
        for segment, chats in (("Hefei", (1, 2, 3)), ("nurses", (2, 3, 4)))
        for chat in chats
    ]
    with database.transaction() as db:
        assert outbox.enqueue_many(db, rows, now=NOON) == 4
    with database.transaction() as db:
        assert outbox.enqueue_many(db, rows, now=NOON) == 0
    assert words_of(claim(database)) == ["Hefei", "Hefei", "Hefei", "nurses"]


def test_how_it_went_is_counted_for_one_subject(database: Database) -> None:
    for chat in range(1, 6):
        owe(database, chat, "notice", key=f"n{chat}", about="notice:1")
    owe(database, 9, "other", about="notice:10")
    first, second, third, fourth = claim(database, limit=4)
    deliver(database, first, 10)
    with database.connection() as connection:
        outbox.fail(connection, second.id, now=NOON, error="blocked")
        outbox.doubt(connection, third.id, until=NOON, now=NOON, error="ReadTimeout")
    with database.reading() as db:
        assert outbox.outcomes(db, about="notice:1") == {"sent": 1, "failed": 1, "due": 2, "claimed": 1, "uncertain": 1}
        assert outbox.outcomes(db, about="notice:2") == {"uncertain": 0}
    assert fourth.chat_id == 4


def test_a_promise_is_undone_with_its_reason(database: Database) -> None:
    def give_it_and_fail() -> None:
        with database.transaction() as db:
            outbox.enqueue(db, chat_id=1, method="sendMessage", payload={"text": "x"}, now=NOON)
            raise KeyError("the reason fell through")

    with pytest.raises(KeyError, match="fell through"):
        give_it_and_fail()
    assert claim(database) == []


def test_what_is_for_later_waits_until_then(database: Database) -> None:
    owe(database, 1, "later", due_at=NOON + timedelta(minutes=5))
    owe(database, 1, "now")
    with database.connection() as connection:
        assert outbox.next_due(connection, after=NOON) == NOON + timedelta(minutes=5)
    [now] = claim(database)
    assert now.payload["text"] == "now"
    deliver(database, now)
    assert claim(database, now=NOON + timedelta(seconds=299)) == []
    assert words_of(claim(database, now=NOON + timedelta(minutes=5))) == ["later"]


# Who goes first


def test_one_chat_gets_its_messages_one_after_the_other_and_others_at_the_same_time(database: Database) -> None:
    for chat in (1, 2):
        for number in (1, 2):
            owe(database, chat, f"{chat}.{number}")
    first = claim(database)
    assert words_of(first) == ["1.1", "2.1"]
    assert claim(database) == []
    deliver(database, first[0])
    assert words_of(claim(database)) == ["1.2"]


def test_a_reply_is_never_behind_notices(database: Database) -> None:
    for chat in range(1, 60):
        owe(database, chat, f"notice {chat}", lane=Lane.NOTICE)
    owe(database, 100, "reminder", lane=Lane.REMINDER)
    owe(database, 7, "answer", lane=Lane.ANSWER)
    owe(database, 90, "reply")
    assert words_of(claim(database, limit=4)) == ["reply", "answer", "reminder", "notice 1"]


def test_busy_chats_and_held_bulk_are_left_where_they_are(database: Database) -> None:
    owe(database, 1, "busy")
    owe(database, 2, "notice", lane=Lane.NOTICE)
    owe(database, 3, "reminder", lane=Lane.REMINDER)
    owe(database, 4, "answer", lane=Lane.ANSWER)
    assert words_of(claim(database, busy=[1], bulk=0)) == ["answer"]
    assert words_of(claim(database, busy=[1], bulk_busy=[3], bulk=1)) == ["notice"]
    assert words_of(claim(database)) == ["busy", "reminder"]


def test_bulk_takes_no_more_than_its_share_and_replies_any_number(database: Database) -> None:
    for chat in range(1, 9):
        owe(database, chat, f"notice {chat}", lane=Lane.NOTICE)
    for chat in (21, 22, 23):
        owe(database, chat, f"reply {chat}")
    assert words_of(claim(database, limit=6, bulk=2)) == ["reply 21", "reply 22", "reply 23", "notice 1", "notice 2"]
    assert words_of(claim(database, limit=3, bulk=5)) == ["notice 3", "notice 4", "notice 5"]


def test_one_chat_with_very_many_messages_does_not_hide_the_others(database: Database) -> None:
    with database.transaction() as db:
        for number in range(120):
            outbox.enqueue(db, chat_id=1, method="sendMessage", payload={"text": str(number)}, now=NOON)
    owe(database, 2, "other")
    claim(database, limit=5)
    assert words_of(claim(database, limit=5)) == ["other"]


def test_r19_what_was_put_off_is_not_overtaken_by_what_comes_after_it(database: Database) -> None:
    owe(database, 1, "first")
    owe(database, 1, "second")
    owe(database, 2, "elsewhere")
    [first, _] = claim(database)
    with database.connection() as connection:
        outbox.postpone(connection, first.id, until=NOON + timedelta(seconds=7), error="429", told=True)
    assert claim(database, now=NOON + timedelta(seconds=6.9)) == []
    assert words_of(claim(database, now=NOON + timedelta(seconds=7))) == ["first"]


def test_a_reply_overtakes_a_notice_that_was_put_off_but_no_notice_does(database: Database) -> None:
    owe(database, 1, "notice", lane=Lane.NOTICE)
    owe(database, 1, "next notice", lane=Lane.NOTICE)
    [notice] = claim(database)
    with database.connection() as connection:
        outbox.postpone(connection, notice.id, until=NOON + timedelta(minutes=2), error="500")
    owe(database, 1, "reply")
    [reply] = claim(database)
    assert reply.payload["text"] == "reply"
    deliver(database, reply)
    assert claim(database) == []
    assert words_of(claim(database, now=NOON + timedelta(minutes=2))) == ["notice"]


def test_r19_where_telegram_said_to_wait_a_reply_waits_too(database: Database) -> None:
    owe(database, 1, "notice", lane=Lane.NOTICE)
    [notice] = claim(database)
    with database.connection() as connection:
        outbox.postpone(connection, notice.id, until=NOON + timedelta(seconds=7), error="429", told=True)
        assert outbox.told_until(connection, now=NOON) == NOON + timedelta(seconds=7)
        assert outbox.told_until(connection, now=NOON + timedelta(seconds=7)) is None
    owe(database, 1, "reply")
    assert claim(database, now=NOON + timedelta(seconds=6.9)) == []
    assert words_of(claim(database, now=NOON + timedelta(seconds=7))) == ["reply"]


def test_r19_the_wait_outlives_a_restart(database: Database) -> None:
    owe(database, 1, "first")
    owe(database, 1, "second")
    [first] = claim(database)
    with database.connection() as connection:
        outbox.postpone(connection, first.id, until=NOON + timedelta(seconds=7), error="429", told=True)
        outbox.recover(connection, now=NOON)
    assert claim(database) == []
    assert words_of(claim(database, now=NOON + timedelta(seconds=7))) == ["first"]


# Receipts


def test_a_row_waits_for_the_receipt_it_needs_and_gets_its_ids(database: Database) -> None:
    owe(database, -1, "topic", method="createForumTopic", key="topic")
    payload = {
        "chat_id": -1,
        "text": "opening",
        "message_thread_id": receipt_of("topic", "thread_id"),
        "reply_parameters": {"message_id": receipt_of("topic", "message_id")},
        "list": [receipt_of("topic", "thread_id"), 5],
    }
    owe(database, -1, "opening", payload=payload, needs="topic")
    owe(database, 9, "copy", payload=payload | {"chat_id": 9}, needs="topic")
    [topic] = claim(database)
    assert claim(database) == []
    deliver(database, topic, 41, 42)
    opening, copy = claim(database)
    assert opening.payload["message_thread_id"] == 42
    assert opening.payload["reply_parameters"] == {"message_id": 41}
    assert copy.payload["list"] == [42, 5]
    with database.reading() as db:
        assert outbox.receipt(db, "topic") == Receipt(topic.id, 41, 42)
        assert outbox.receipt(db, "opening") is None


def test_giving_up_a_row_gives_up_all_that_wait_for_it_down_to_the_last(database: Database) -> None:
    owe(database, -1, "topic", key="topic")
    owe(database, -1, "opening", key="opening", needs="topic")
    owe(database, -1, "pin", key="pin", needs="opening")
    owe(database, 5, "told", key="told", needs="pin")
    owe(database, 5, "unrelated", key="unrelated")
    topic = claim(database)[0]
    with database.connection() as connection:
        outbox.fail(connection, topic.id, now=NOON, error="x" * 1000)
    assert states(database) == {
        "topic": "failed",
        "opening": "failed",
        "pin": "failed",
        "told": "failed",
        "unrelated": "claimed",
    }
    assert row(database, "told").error == "needs pin"
    assert len(row(database, "topic").error or "") == 300


def test_s15_taking_back_voids_what_is_owed_and_what_waits_for_it_but_not_what_is_out(database: Database) -> None:
    owe(database, 1, "sent", key="a", about="session:1")
    deliver(database, claim(database)[0], 10)
    owe(database, 1, "out", key="b", about="session:1")
    claim(database)
    owe(database, 2, "owed", key="c", about="session:1", due_at=NOON + timedelta(days=1))
    owe(database, 2, "waits", key="d", needs="c")
    owe(database, 2, "other", key="e", about="session:10")
    with database.transaction() as db:
        assert outbox.void(db, about="session:1", now=NOON) == 1
    assert states(database) == {"a": "sent", "b": "claimed", "c": "void", "d": "void", "e": "due"}


def test_s16_what_is_taken_back_while_it_is_on_its_way_is_held_back_if_it_has_not_left(database: Database) -> None:
    for chat, key in enumerate(("held", "left", "put off", "doubtful", "other"), 1):
        owe(database, chat, key, key=key, about="x" if key == "other" else "session:1")
    owe(database, 9, "waits", key="waits", needs="held")
    held, left, put_off, doubtful, other = claim(database)
    with database.transaction() as db:
        assert outbox.void(db, about="session:1", now=NOON) == 0
    with database.connection() as connection:
        assert outbox.taken_back(connection, [held, other]) == {held.id}
        outbox.deliver(connection, [Receipt(left.id, 10, None)], now=NOON)
        outbox.postpone(connection, put_off.id, until=NOON, error="500")
        outbox.doubt(connection, doubtful.id, until=NOON, now=NOON, error="ReadTimeout")
    assert states(database) == {
        "held": "void",
        "left": "sent",
        "put off": "void",
        "doubtful": "void",
        "other": "claimed",
        "waits": "void",
    }
    assert claim(database) == []
    assert row(database, "doubtful").uncertain_at == NOON


def test_s16_what_was_taken_back_before_a_crash_is_not_sent_after_it(database: Database) -> None:
    owe(database, 1, "x", key="x", about="session:1")
    claim(database)
    with database.transaction() as db:
        outbox.void(db, about="session:1", now=NOON)
    with database.connection() as connection:
        outbox.recover(connection, now=NOON)
    assert claim(database) == []
    assert states(database) == {"x": "void"}


# Failing in passing, and doubt


def test_an_attempt_that_telegram_forbade_is_not_counted_and_another_is(database: Database) -> None:
    owe(database, 1, "x")
    for counted, attempts in ((False, 0), (True, 1), (True, 2), (False, 2)):
        [parcel] = claim(database)
        with database.connection() as connection:
            outbox.postpone(connection, parcel.id, until=NOON, error="later", counted=counted)
        assert row(database, "x").attempts == attempts


def test_r02_a_row_in_doubt_is_sent_once_more_and_then_never_again(database: Database) -> None:
    owe(database, 1, "x", key="k")
    [first] = claim(database)
    assert not first.uncertain
    with database.connection() as connection:
        assert outbox.doubt(connection, first.id, until=NOON, now=NOON, error="ReadTimeout")
    [second] = claim(database)
    assert second.uncertain
    with database.connection() as connection:
        assert not outbox.doubt(connection, second.id, until=NOON, now=NOON, error="ReadTimeout")
    assert claim(database) == []
    assert states(database) == {"k": "failed"}
    assert row(database, "x").error == "uncertain twice: ReadTimeout"
    with database.reading() as db:
        assert outbox.counts(db) == {"failed": 1, "uncertain": 1}


def test_r02_a_notice_that_was_out_when_the_process_ended_goes_again_however_often_that_happens(
    database: Database,
) -> None:
    owe(database, 1, "x", key="k", lane=Lane.NOTICE)
    for _death in range(3):
        claim(database)
        with database.connection() as connection:
            assert outbox.recover(connection, now=NOON) == 1
        assert states(database) == {"k": "due"}
    [parcel] = claim(database)
    assert parcel.uncertain


@pytest.mark.parametrize("method", ["editMessageText", "setMessageReaction", "closeForumTopic", "deleteMessage"])
def test_what_may_be_done_twice_is_simply_done_again(database: Database, method: str) -> None:
    owe(database, 1, "x", method=method)
    for _ in range(3):
        [parcel] = claim(database)
        assert not parcel.uncertain
        with database.connection() as connection:
            assert outbox.doubt(connection, parcel.id, until=NOON, now=NOON, error="ReadTimeout")


def test_r02_after_a_crash_what_was_out_is_in_doubt_and_what_was_put_off_goes_at_once(database: Database) -> None:
    owe(database, 1, "put off")
    [parcel] = claim(database)
    with database.connection() as connection:
        outbox.postpone(connection, parcel.id, until=NOON + timedelta(minutes=2), error="500")
    owe(database, 2, "out")
    owe(database, 3, "edit", method="editMessageText")
    owe(database, 4, "for tomorrow", due_at=NOON + timedelta(days=1))
    claim(database)
    with database.connection() as connection:
        assert outbox.recover(connection, now=NOON) == 2
    again = claim(database)
    assert {p.payload["text"]: p.uncertain for p in again} == {"put off": False, "out": True, "edit": False}


# Looking back


def test_what_a_message_speaks_of_is_known_by_its_id_also_after_an_edit(database: Database) -> None:
    owe(database, 1, "answer", about="asked:1")
    deliver(database, claim(database)[0], 10)
    owe(database, 1, "plain")
    deliver(database, claim(database)[0], 11)
    owe(database, 1, "edit", method="editMessageText")
    deliver(database, claim(database)[0], 10)
    owe(database, 2, "elsewhere", about="asked:2")
    deliver(database, claim(database)[0], 10)
    with database.reading() as db:
        assert outbox.about(db, 1, 10) == "asked:1"
        assert outbox.about(db, 1, 11) is None
        assert outbox.about(db, 2, 10) == "asked:2"
        assert outbox.last_about(db, 1) is None
        assert outbox.last_about(db, 2) == "asked:2"
        assert outbox.newest_message(db.connection(), 1) == 11
        assert outbox.newest_message(db.connection(), 3) is None


def test_what_a_topic_speaks_of_is_known_by_its_id(database: Database) -> None:
    owe(database, -1, "topic", method="createForumTopic", about="question:1:topic")
    deliver(database, claim(database)[0], None, 77)
    with database.reading() as db:
        assert outbox.about_thread(db, -1, 77) == "question:1:topic"
        assert outbox.about_thread(db, -1, 78) is None
        assert outbox.newest_message(db.connection(), -1) == 77


def test_setbacks_are_told_once_and_only_for_their_prefix(database: Database) -> None:
    for number, about in enumerate(("question:1:topic", "question:2:topic", "notice:1", None), 1):
        owe(database, number, f"about {about}", about=about)
    for parcel in claim(database):
        with database.connection() as connection:
            outbox.fail(connection, parcel.id, now=NOON, error="no")
    with database.transaction() as db:
        found = outbox.setbacks(db, "question:")
        assert [r.about for r in found] == ["question:1:topic", "question:2:topic"]
        for failed in [*found, *outbox.setbacks(db, "notice:")]:
            failed.reported_at = NOON
    with database.reading() as db:
        assert outbox.setbacks(db, "question:") == []


def test_r09_a_group_that_moved_gets_what_is_owed_to_it_under_its_new_id(database: Database) -> None:
    reply = {"chat_id": -5, "text": "owed", "reply_parameters": {"message_id": 3}}
    owe(database, -5, "sent")
    deliver(database, claim(database)[0], 1)
    owe(database, -5, "owed", payload=reply)
    owe(database, -6, "other group")
    with database.connection() as connection:
        outbox.move_chat(connection, -5, -1005)
    moved = {p.payload["text"]: p for p in claim(database)}
    assert moved["owed"].chat_id == -1005
    assert moved["owed"].payload == {"chat_id": -1005, "text": "owed"}
    assert moved["other group"].chat_id == -6
    assert row(database, "sent").chat_id == -5


def test_pruning_clears_away_what_is_old_and_keeps_what_a_repetition_or_an_edit_may_ask_for(database: Database) -> None:
    owe(database, 1, "of nothing", key="nothing")
    owe(database, 2, "answer", key="answer", about="question:1:answer")
    owe(database, 3, "notice", key="notice", about="notice:1", lane=Lane.NOTICE)
    owe(database, 4, "failed", key="failed", about="question:2:answer")
    *arrived, failed = sorted(claim(database), key=lambda parcel: parcel.chat_id)
    for parcel in arrived:
        deliver(database, parcel, 1)
    with database.connection() as connection:
        outbox.fail(connection, failed.id, now=NOON, error="no")
    owe(database, 5, "owed", key="owed")
    with database.transaction() as db:
        assert outbox.prune(db, before=NOON) == 0
    with database.transaction() as db:
        assert outbox.prune(db, before=NOON + timedelta(seconds=1)) == 3
        assert outbox.prune(db, before=NOON + timedelta(seconds=1)) == 0
    assert states(database) == {"answer": "sent", "failed": "failed", "owed": "due"}
    with database.reading() as db:
        assert outbox.about(db, 2, 1) == "question:1:answer"
        payloads = {r.key: r.payload for r in db.exec(select(OutboxRow))}
    assert payloads["answer"] == "{}"
    assert "failed" in payloads["failed"]


def test_pruning_takes_small_portions(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.outbox._promises.PORTION", 2)
    for chat in range(1, 6):
        owe(database, chat, "x")
    for parcel in claim(database):
        deliver(database, parcel)
    with database.transaction() as db:
        assert [outbox.prune(db, before=NOON + timedelta(1)) for _ in range(4)] == [2, 2, 1, 0]


def test_a_person_who_is_forgotten_is_owed_nothing_and_their_words_are_gone(database: Database) -> None:
    owe(database, 1, "told already", about="asked:1", key="told")
    deliver(database, claim(database)[0], 5)
    owe(database, 1, "still owed", key="owed")
    owe(database, 2, "somebody else", key="else")
    with database.transaction() as db:
        outbox.forget_person(db, 1, now=NOON)
    assert states(database) == {"told": "sent", "owed": "void", "else": "due"}
    with database.reading() as db:
        payloads = {r.key: r.payload for r in db.exec(select(OutboxRow))}
    assert payloads["told"] == payloads["owed"] == "{}"
    assert words_of(claim(database)) == ["somebody else"]


# At any size


def plan(database: Database, look: Any) -> list[str]:
    """How the database finds what `look` asks for."""
    asked: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool) -> None:
        if statement.startswith(("SELECT", "UPDATE")) and not executemany:
            asked.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    with database.connection() as connection:
        look(connection)
    event.remove(database.engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
    with database.connection() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return [
            line
            for statement, parameters in asked
            for row in connection.exec_driver_sql(explain + statement, parameters)
            for line in [str(row[-1])]
        ]


def test_neither_claims_nor_receipts_ever_look_at_the_whole_table(database: Database) -> None:
    with database.transaction() as db:
        rows = [
            Owed(chat, "sendMessage", {"text": "x"}, needs="never" if chat % 2 else None) for chat in range(1, 2000)
        ]
        outbox.enqueue_many(db, rows, now=NOON)

    def look(connection: Connection) -> None:
        parcels = outbox.claim(connection, now=NOON, limit=30, busy=[1, 2], bulk_busy=[3])
        outbox.deliver(connection, [Receipt(parcel.id, 1, None) for parcel in parcels], now=NOON)
        outbox.next_due(connection, after=NOON)
        outbox.told_until(connection, now=NOON)
        outbox.taken_back(connection, parcels)
        outbox.recover(connection, now=NOON)

    steps = plan(database, look)
    assert any("ix_outbox_ready" in step for step in steps)
    whole = [step for step in steps if step.startswith(("SCAN outbox", "SCAN other")) or "Seq Scan" in step]
    assert [step for step in whole if "USING" not in step] == []

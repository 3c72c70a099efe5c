"""One process owns a database."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from bot import lease as lease_module
from bot.db import Database
from bot.errors import DatabaseBusy, DatabaseUnreachable
from bot.lease import Lease


def test_s06_a_second_process_on_the_same_database_gets_a_sentence(database: Database) -> None:
    first, second = Lease(database), Lease(Database(database.url))
    first.take()
    with pytest.raises(DatabaseBusy, match=r"Another Small Wins process is already running on this database\."):
        second.take()
    first.give_back()


def test_what_was_given_back_can_be_taken_by_another(database: Database) -> None:
    for _ in range(3):
        lease = Lease(database)
        lease.take()
        lease.give_back()
    other = Lease(Database(database.url))
    other.take()
    other.give_back()


def test_one_who_was_refused_can_take_it_later(database: Database) -> None:
    first, second = Lease(database), Lease(database)
    first.take()
    with pytest.raises(DatabaseBusy):
        second.take()
    first.give_back()
    second.take()
    with pytest.raises(DatabaseBusy):
        first.take()
    second.give_back()


def test_giving_back_what_was_never_taken_is_nothing(database: Database) -> None:
    Lease(database).give_back()


def test_a_folder_that_cannot_be_one_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    database = Database(f"sqlite:///{tmp_path / 'file' / 'x.db'}")
    with pytest.raises(DatabaseUnreachable, match=r"cannot be locked: .*Check SMALLWINS_DATABASE_URL"):
        Lease(database).take()


def test_a_server_that_does_not_answer_is_a_sentence() -> None:
    database = Database("postgresql://somebody@127.0.0.1:1/smallwins")
    with pytest.raises(DatabaseUnreachable, match=r"cannot be locked: .*Check SMALLWINS_DATABASE_URL"):
        Lease(database).take()


def test_whoever_looks_sees_whether_it_is_taken_and_takes_nothing(database: Database) -> None:
    owner, looker = Lease(database), Lease(Database(database.url))
    assert not looker.is_taken()
    owner.take()
    assert looker.is_taken()
    assert (owner.held, looker.held) == (True, False)
    owner.give_back()
    assert not looker.is_taken()


def _gets_it(lease: Lease, seconds: float) -> bool:
    """Ask again and again, as a process that stands by does."""
    deadline = time.monotonic() + seconds
    while not (taken := lease.try_take()) and time.monotonic() < deadline:
        threading.Event().wait(0.05)
    return taken


def test_s06_an_owner_that_hangs_loses_the_lock_and_knows_before_anybody_has_it(
    postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease_module, "SILENCE", 1.0)
    monkeypatch.setattr(lease_module, "_DOUBT", 0.8)
    monkeypatch.setattr(lease_module, "_BEAT", 0.2)
    hanging, goes_on = threading.Event(), threading.Event()

    def hang() -> None:
        hanging.set()
        goes_on.wait(120)

    first, second = Lease(postgres, hang), Lease(postgres)
    first.take()
    with postgres.connection() as connection:
        postgres.tell(connection)
    assert hanging.wait(60)
    assert _gets_it(second, 60), "the server has ended the connection of the one that hangs"
    assert not first.held
    goes_on.set()
    first.give_back()
    assert second.held
    second.give_back()


def test_s06_an_owner_whose_connection_is_cut_knows_it_at_once(postgres: Database) -> None:
    first, second = Lease(postgres), Lease(postgres)
    first.take()
    with postgres.connection() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
        )
    assert _gets_it(second, 60)
    deadline = time.monotonic() + 60
    while first.held and time.monotonic() < deadline:
        threading.Event().wait(0.02)
    assert not first.held
    first.give_back()
    second.give_back()


def test_what_another_process_leaves_to_do_is_heard(postgres: Database) -> None:
    heard = threading.Event()
    owner = Lease(postgres, heard.set)
    owner.take()
    with postgres.connection() as connection:
        postgres.tell(connection)
    assert heard.wait(60)
    owner.give_back()

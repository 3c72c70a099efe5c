"""One process owns a database."""

from __future__ import annotations

from pathlib import Path

import pytest

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

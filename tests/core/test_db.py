"""The database: migrations on both kinds, transactions, moments, and sentences for what cannot be opened."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, make_url, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import SQLModel, select

from bot.db import MIGRATIONS, Database, Word, newest_version
from bot.errors import DatabaseTooNew, DatabaseUnreachable, SettingsInvalid
from bot.features.faq import Asked
from bot.features.groups import Group, Kind

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a single table, of either kind."""
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path / 'fresh.db'}")
        yield made
        made.close()
        return
    server = Database(request.getfixturevalue("postgres_url"))
    name = f"fresh_{uuid.uuid4().hex}"
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    made = Database(make_url(server.url).set(database=name).render_as_string(hide_password=False))
    yield made
    made.close()
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE {name}"))
    server.close()


def a_group(chat_id: int = -1, **more: Any) -> Group:
    details: dict[str, Any] = {"title": "Trainees", "added_at": NOON} | more
    return Group(chat_id=chat_id, **details)


def test_an_empty_database_is_brought_to_the_newest_schema(empty: Database) -> None:
    assert empty.version() is None
    empty.migrate()
    assert empty.version() == newest_version()
    with empty.transaction() as db:
        db.add(a_group())


def test_the_migrations_make_exactly_the_tables_of_the_models(empty: Database) -> None:
    empty.migrate()
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_migrating_twice_changes_nothing_and_keeps_what_is_there(database: Database) -> None:
    with database.transaction() as db:
        db.add(a_group())
    database.migrate()
    with database.reading() as db:
        assert db.get(Group, -1) is not None


def test_a_database_from_a_newer_version_is_refused_with_a_sentence_and_left_alone(empty: Database) -> None:
    empty.migrate()
    with empty.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseTooNew, match=r"newer version of Small Wins \(schema 9999\)"):
        empty.migrate()
    assert empty.version() == "9999"


def test_a_folder_that_does_not_exist_is_a_sentence(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'no such folder' / 'x.db'}")
    with pytest.raises(DatabaseUnreachable, match=r"cannot be opened: unable to open database file\. Check SMALLWINS_"):
        database.migrate()
    database.close()


def test_a_file_that_is_no_database_is_a_sentence_and_is_not_touched(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear colleagues, " * 100)
    database = Database(f"sqlite:///{letter}")
    with pytest.raises(DatabaseUnreachable, match="file is not a database"):
        database.migrate()
    database.close()
    assert letter.read_text().startswith("Dear colleagues")


def test_a_server_that_does_not_answer_is_a_sentence_without_the_password() -> None:
    database = Database("postgresql://somebody:opensesame@127.0.0.1:1/smallwins")
    with pytest.raises(DatabaseUnreachable, match="cannot be opened") as refused:
        database.migrate()
    assert "opensesame" not in str(refused.value)
    database.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "opensesame",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://me:opensesame@host/name",
        "postgresql+asyncpg://me:opensesame@host/name",
        "postgresql://me:opensesame@host:door/name",
    ],
)
def test_an_address_of_another_kind_is_refused_with_a_sentence_that_repeats_no_password(url: str) -> None:
    with pytest.raises(SettingsInvalid, match=r"SMALLWINS_DATABASE_URL: .*postgresql://user@host/name") as refused:
        Database(url)
    assert "opensesame" not in str(refused.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_way_to_write_postgresql_is_understood(scheme: str) -> None:
    database = Database(f"{scheme}://me:pass%40word@host/name")
    assert not database.is_sqlite
    assert database.file is None
    assert database.engine.url.password == "pass@word"
    database.close()


def test_what_raises_inside_a_transaction_leaves_nothing_behind(database: Database) -> None:
    def write_and_fail() -> None:
        with database.transaction() as db:
            db.add(a_group())
            db.flush()
            raise KeyError("after the writing")

    with pytest.raises(KeyError, match="after the writing"):
        write_and_fail()
    with database.reading() as db:
        assert db.get(Group, -1) is None


def test_two_processes_that_read_and_then_write_lose_no_update(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        db.add(a_group(title="0"))
    others = [Database(sqlite.url) for _ in range(3)]

    def count_up(database: Database) -> None:
        for _ in range(8):
            with database.transaction() as db:
                group = db.exec(select(Group)).one()
                group.title = str(int(group.title) + 1)

    threads = [threading.Thread(target=count_up, args=[database]) for database in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for database in others:
        database.close()
    with sqlite.reading() as db:
        assert db.exec(select(Group)).one().title == "24"


def test_readers_wait_for_no_writer_and_see_what_was_before(database: Database) -> None:
    with database.transaction() as db:
        db.add(a_group())
        db.flush()
        with database.reading() as other:
            assert other.get(Group, -1) is None
        assert database.version() == newest_version()


def test_a_moment_comes_back_in_utc_from_whatever_zone_it_was_given(database: Database) -> None:
    beijing = datetime(2026, 11, 23, 12, 0, tzinfo=timezone(timedelta(hours=8)))
    with database.transaction() as db:
        db.add(a_group(added_at=beijing))
    with database.reading() as db:
        kept = db.exec(select(Group.added_at)).one()
    assert kept == NOON
    assert kept.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="a time without a zone is no moment"), database.transaction() as db:
        db.add(a_group(added_at=datetime(2026, 11, 23)))  # noqa: DTZ001  (that is what is refused)


def test_a_word_outside_its_list_is_refused_and_one_inside_comes_back_as_itself(database: Database) -> None:
    with pytest.raises(StatementError, match="'choir' is not a valid Kind"), database.transaction() as db:
        db.add(a_group(kind="choir"))
    with database.transaction() as db:
        db.add(a_group(kind=Kind.COMMUNITY))
    with database.reading() as db:
        assert db.exec(select(Group.kind)).one() is Kind.COMMUNITY
    dialect = database.engine.dialect
    assert Word(Kind).process_bind_param(None, dialect) is None
    assert Word(Kind).process_result_value(None, dialect) is None


def test_an_error_does_not_repeat_what_people_wrote(database: Database) -> None:
    asked = Asked(
        member_id=404, chat_id=1, message_id=1, text="my patient Wang", language="en", decision="expert", asked_at=NOON
    )
    with pytest.raises(IntegrityError) as refused, database.transaction() as db:
        db.add(asked)
    assert "Wang" not in str(refused.value)


def test_the_schema_can_be_taken_back_to_nothing(empty: Database) -> None:
    empty.migrate()
    with empty.engine.connect() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        connection.commit()
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}

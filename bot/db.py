"""The database: one engine, short transactions, SQLite or PostgreSQL.

Writers on SQLite begin with BEGIN IMMEDIATE (read-then-write transactions would lose updates otherwise) and queue in
this process on a lock, which is fairer and quicker than SQLite's own busy loop.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, DateTime, Engine, String, create_engine, event, make_url
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, SQLModel

from bot.errors import DatabaseTooNew, DatabaseUnreachable, SettingsInvalid

MIGRATIONS = Path(__file__).parent / "migrations"
NEWS = "smallwins_news"
"""The channel on which PostgreSQL carries "there is something to do" from one process to another."""

COMPILED = 2000
"""Statements that are kept compiled: there are more than SQLAlchemy's 500, and one that was dropped costs milliseconds."""

SILENCE = 6.0
"""Seconds after which PostgreSQL gives up a process that holds locks and does nothing: its machine hangs or is gone."""

ON_THE_WIRE = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 2,
    "tcp_user_timeout": 4000,
}
"""A PostgreSQL server that is gone is noticed within seconds, not by TCP's own patience of a quarter of an hour."""

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database, also where the database keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone is no moment")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[StrEnum]):
    """One of a StrEnum's values, kept as plain text so that a new value needs no migration."""

    impl = String
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        """Store the value's text."""
        return None if value is None else str(self.kind(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """Give back the member of the enum."""
        return None if value is None else self.kind(value)


class Database:
    """An engine together with the only two ways to use it: `transaction()` and `reading()`."""

    def __init__(self, url: str) -> None:
        self.url = _with_driver(url)
        self.is_sqlite = self.url.startswith("sqlite")
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgres_engine(self.url)
        self._readers = self.engine.execution_options(reading=True)
        self._writing: contextlib.AbstractContextManager[Any] = (
            threading.Lock() if self.is_sqlite else contextlib.nullcontext()
        )

    @property
    def file(self) -> Path | None:
        """The SQLite file, or None on PostgreSQL."""
        return Path(make_url(self.url).database or "") if self.is_sqlite else None

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose work is committed at the end, or undone if anything is raised."""
        with self._writing, Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads and waits for no writer."""
        with Session(self._readers, expire_on_commit=False) as session:
            yield session

    @contextlib.contextmanager
    def connection(self) -> Iterator[Connection]:
        """A bare connection inside a write transaction, for the hot paths that need no objects."""
        with self._writing, self.engine.begin() as connection:
            yield connection

    def migrate(self) -> None:
        """Bring the schema to this version; raises DatabaseTooNew when it is ahead, DatabaseUnreachable when closed."""
        try:
            with self._writing, self.engine.connect() as connection:
                _refuse_newer(connection)
                connection.rollback()
                self.migrate_on(connection, "head")
                connection.commit()
        except DBAPIError as error:
            raise DatabaseUnreachable(
                f"The database cannot be opened: {reason(error)}. "
                "Check SMALLWINS_DATABASE_URL, the folder and its permissions."
            ) from error

    def migrate_on(self, connection: Connection, revision: str) -> None:
        """Bring the schema to a revision over this connection; within its transaction, if one has begun."""
        config = _alembic(self.url)
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that only reads, and sees one moment for as long as it lasts."""
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with self._readers.connect().execution_options(**options) as connection:
            yield connection

    def refuse_newer(self) -> None:
        """Raise DatabaseTooNew when the schema is one that this program does not know."""
        with self._readers.connect() as connection:
            _refuse_newer(connection)

    def version(self) -> str | None:
        """The schema's revision as stored; None for an empty database."""
        with self._readers.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def tell(self, connection: Connection) -> None:
        """Tell the process that owns the database, once this transaction is committed, that there is something to do."""
        if not self.is_sqlite:
            connection.exec_driver_sql(f"NOTIFY {NEWS}")

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def newest_version() -> str | None:
    """The revision that this program's schema has."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def is_known(revision: str) -> bool:
    """Whether this program knows a revision of the schema."""
    try:
        return ScriptDirectory(str(MIGRATIONS)).get_revision(revision) is not None
    except CommandError:
        return False


def _with_driver(url: str) -> str:
    """The URL with the driver that is installed; raises SettingsInvalid for anything but SQLite files and PostgreSQL."""
    url = url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # what it says is not repeated: there may be a password in it
        raise SettingsInvalid(
            "SMALLWINS_DATABASE_URL: this is not a database address; "
            "use sqlite:///smallwins.db or postgresql://user@host/name."
        ) from None
    if parsed.drivername in ("postgresql", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    if parsed.drivername == "sqlite" and parsed.database and parsed.database != ":memory:":
        return url
    raise SettingsInvalid(
        "SMALLWINS_DATABASE_URL: use a SQLite file (sqlite:///smallwins.db) or PostgreSQL "
        "(postgresql://user@host/name)."
    )


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": 30, "check_same_thread": False},
        pool_size=12,
        max_overflow=4,
        query_cache_size=COMPILED,
        hide_parameters=True,  # what people wrote must not reach the log with an error
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        # In WAL mode NORMAL keeps every commit through kill -9 and a crash of the program. When the power fails, the
        # newest commits (up to the last checkpoint) may be gone, but what is there is whole; FULL would cost a wait for
        # the disk at each reply.
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _postgres_engine(url: str) -> Engine:
    theirs = make_url(url).query.get("options", "")
    options = f"{theirs} -c idle_in_transaction_session_timeout={int(SILENCE * 1000)}".strip()
    return create_engine(
        url,
        connect_args={"options": options, **ON_THE_WIRE},
        pool_size=12,
        max_overflow=8,
        pool_pre_ping=True,
        query_cache_size=COMPILED,
        hide_parameters=True,
    )


def _alembic(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def _refuse_newer(connection: Connection) -> None:
    """Raise DatabaseTooNew when the stored revision is one that this program does not know."""
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and not is_known(current):
        raise DatabaseTooNew(
            f"The database was made by a newer version of Small Wins (schema {current}). "
            "Install that version, or restore a backup made before the upgrade."
        )


def reason(error: DBAPIError) -> str:
    """The driver's own words, in one line."""
    return str(error.orig).strip().splitlines()[0].rstrip(".") if error.orig else "no reason given"

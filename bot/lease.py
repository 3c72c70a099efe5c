"""One process owns courier, clock and polling: a lock beside the SQLite file, or an advisory lock in PostgreSQL.

Both are let go when the process dies, however it dies. In PostgreSQL the lock hangs on a connection of its own, over which
the owner says every second that it lives. A server that hears nothing for six seconds (a machine that hangs or lost its
network) ends that connection, and with it the lock; an owner that gets no answer for five counts it as lost before that.
Over the same connection other processes say that there is something to do.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
from filelock import FileLock, Timeout

from bot.db import NEWS, ON_THE_WIRE, SILENCE, Database
from bot.errors import DatabaseBusy, DatabaseUnreachable

log = logging.getLogger(__name__)

_POSTGRES_KEY = 0x5A11_0001
_BEAT = 1.0
_DOUBT = SILENCE - 1.0
"""Seconds without an answer of the server after which the owner stops by itself."""

_PATIENCE = 0.5
"""Seconds for which somebody who only looks whether a SQLite file is in use may keep a process from starting."""


class Lease:
    """Held by the process that owns a database; `news` is called (in another thread) when a process has left something to do."""

    def __init__(self, database: Database, news: Callable[[], None] = lambda: None) -> None:
        self._database = database
        self._file = FileLock(f"{database.file}.lock", thread_local=False) if database.file is not None else None
        self._line = None if self._file is not None else _Line(database, news)

    def take(self) -> None:
        """Become the owner; raises DatabaseBusy when another process is, DatabaseUnreachable when nobody can."""
        if not self.try_take():
            self.give_back()
            raise DatabaseBusy(
                "Another Small Wins process is already running on this database. End that one first, or set "
                "SMALLWINS_DATABASE_URL to another database."
            )

    def try_take(self) -> bool:
        """Become the owner, unless another process is; raises DatabaseUnreachable when nobody can.

        One who asks again and again ends with `give_back`.
        """
        if self.held:
            return True
        try:
            return self._take_file(self._file) if self._file is not None else self._server.try_take()
        except (OSError, psycopg.Error) as error:
            raise DatabaseUnreachable(
                f"The database cannot be locked: {_reason(error)}. "
                "Check SMALLWINS_DATABASE_URL, the folder and its permissions."
            ) from error

    def is_taken(self) -> bool:
        """Whether some process owns the database at this moment."""
        try:
            if self._file is None:
                return self._server.is_taken()
            if not _exists(self._database):
                return False
            with FileLock(self._file.lock_file, timeout=0):
                return False
        except Timeout:
            return True
        except (OSError, psycopg.Error) as error:
            raise DatabaseUnreachable(f"The database does not answer: {_reason(error)}.") from error

    @property
    def held(self) -> bool:
        """Whether this process is certain to be the owner."""
        return self._file.is_locked if self._file is not None else self._server.held

    def give_back(self) -> None:
        """Let another process own it."""
        if self._file is not None:
            self._file.release()
        else:
            self._server.give_back()

    @property
    def _server(self) -> _Line:
        if self._line is None:
            raise RuntimeError("a file has no server")
        return self._line

    def _take_file(self, file: FileLock) -> bool:
        try:
            file.acquire(timeout=_PATIENCE)
        except Timeout:
            return False
        return True


class _Line:
    """The connection to PostgreSQL that the lock hangs on, and the thread that keeps it alive."""

    def __init__(self, database: Database, news: Callable[[], None]) -> None:
        self._database = database
        self._news = news
        self._connection: psycopg.Connection[Any] | None = None
        self._keeper: threading.Thread | None = None
        self._ending = threading.Event()
        self._answered = 0.0
        self._broken = False

    @property
    def held(self) -> bool:
        return self._keeper is not None and not self._broken and time.monotonic() - self._answered < _DOUBT

    def try_take(self) -> bool:
        """One that was refused keeps its connection, to ask again."""
        if self._keeper is not None:
            self.give_back()
        try:
            return self._ask()
        except psycopg.Error:
            self._hang_up()
            raise

    def _ask(self) -> bool:
        connection = self._connection = self._connection or self._dial()
        taken = connection.execute("SELECT pg_try_advisory_lock(%s)", [_POSTGRES_KEY]).fetchone()
        if taken != (True,):
            return False
        connection.execute(f"SET idle_session_timeout = '{int(SILENCE)}s'")
        connection.execute(f"LISTEN {NEWS}")
        self._answered, self._broken = time.monotonic(), False
        self._ending.clear()
        self._keeper = threading.Thread(target=self._keep, args=[connection], name="lease", daemon=True)
        self._keeper.start()
        return True

    def is_taken(self) -> bool:
        with self._dial() as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_locks JOIN pg_database d ON d.oid = database WHERE locktype = 'advisory' AND granted "
                "AND d.datname = current_database() AND classid = 0 AND objid = %s",
                [_POSTGRES_KEY],
            ).fetchone()
        return found is not None

    def give_back(self) -> None:
        held = self.held
        self._ending.set()
        if self._keeper is not None:
            self._keeper.join()
            self._keeper = None
        if held and self._connection is not None:
            self._unlock(self._connection)
        self._hang_up()

    def _unlock(self, connection: psycopg.Connection[Any]) -> None:
        """Free for others at once, not only when the server has noticed that nobody is on the line any more."""
        with contextlib.suppress(psycopg.Error):
            connection.execute("SELECT pg_advisory_unlock(%s)", [_POSTGRES_KEY])

    def _dial(self) -> psycopg.Connection[Any]:
        engine = self._database.engine
        _, settings = engine.dialect.create_connect_args(engine.url)
        return psycopg.connect(**{**ON_THE_WIRE, **settings}, autocommit=True)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _keep(self, connection: psycopg.Connection[Any]) -> None:
        """Listen, and say every second that this process lives."""
        try:
            while not self._ending.is_set():
                for _notice in connection.notifies(timeout=0.2, stop_after=1):
                    self._news()
                if time.monotonic() - self._answered >= _BEAT:
                    connection.execute("SELECT 1")
                    self._answered = time.monotonic()
        except psycopg.Error as error:
            self._broken = True
            log.warning("The database's lock is lost: %s.", _reason(error))


def _exists(database: Database) -> bool:
    return database.file is not None and database.file.exists()


def _reason(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")

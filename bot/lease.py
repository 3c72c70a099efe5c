"""One process owns courier and clock: a lock beside the SQLite file, or an advisory lock in PostgreSQL.

Both are let go by the operating system or the server when the process dies, however it dies.
"""

from __future__ import annotations

from filelock import FileLock, Timeout
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from bot.db import Database
from bot.errors import DatabaseBusy, DatabaseUnreachable

_POSTGRES_KEY = 0x5A11_0001


class Lease:
    """Held by the process that owns a database.

    `take` raises DatabaseBusy when another one does, DatabaseUnreachable when nobody can.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._file = FileLock(f"{database.file}.lock") if database.file is not None else None
        self._connection: Connection | None = None

    def take(self) -> None:
        """Become the owner."""
        try:
            taken = self._take_file(self._file) if self._file is not None else self._take_server()
        except (OSError, OperationalError) as error:
            raise DatabaseUnreachable(
                f"The database cannot be locked: {_reason(error)}. "
                "Check SMALLWINS_DATABASE_URL, the folder and its permissions."
            ) from error
        if not taken:
            raise self._busy()

    def give_back(self) -> None:
        """Let another process own it."""
        if self._file is not None:
            self._file.release()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _take_file(self, file: FileLock) -> bool:
        try:
            file.acquire(timeout=0)
        except Timeout:
            return False
        return True

    def _take_server(self) -> bool:
        connection = self._database.engine.connect()
        connection.detach()  # the lock lasts as long as this connection: it must not live on in the pool
        if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _POSTGRES_KEY}).scalar_one():
            connection.close()
            return False
        connection.commit()
        self._connection = connection
        return True

    def _busy(self) -> DatabaseBusy:
        return DatabaseBusy(
            "Another Small Wins process is already running on this database. End that one first, or set "
            "SMALLWINS_DATABASE_URL to another database."
        )


def _reason(error: OSError | OperationalError) -> str:
    cause = error.orig if isinstance(error, OperationalError) else error
    return str(cause).strip().splitlines()[0].rstrip(".")

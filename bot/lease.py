"""One process owns courier and clock: a lock beside the SQLite file, or an advisory lock in PostgreSQL.

Both are let go by the operating system or the server when the process dies, however it dies.
"""

from __future__ import annotations

from filelock import FileLock, Timeout
from sqlalchemy import Connection, text

from bot.db import Database
from bot.errors import DatabaseBusy

_POSTGRES_KEY = 0x5A11_0001


class Lease:
    """Held by the process that owns a database; `take` raises DatabaseBusy when another one does."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._file = FileLock(f"{database.file}.lock") if database.file is not None else None
        self._connection: Connection | None = None

    def take(self) -> None:
        """Become the owner."""
        if self._file is not None:
            try:
                self._file.acquire(timeout=0)
            except Timeout:
                raise self._busy() from None
            return
        self._connection = self._database.engine.connect()
        if not self._connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _POSTGRES_KEY}).scalar_one():
            self._connection.close()
            raise self._busy()
        self._connection.commit()

    def give_back(self) -> None:
        """Let another process own it."""
        if self._file is not None:
            self._file.release()
        if self._connection is not None:
            self._connection.close()

    def _busy(self) -> DatabaseBusy:
        return DatabaseBusy(
            "Another Small Wins process is already running on this database. End that one first, or set "
            "SMALLWINS_DATABASE_URL to another database."
        )

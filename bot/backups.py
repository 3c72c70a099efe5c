"""A backup: all that is stored, in one file from which either kind of database can be restored.

Its format is gzip over lines of JSON: a head that names the schema and the moment, then for each table its name and columns
followed by its rows, and an end that counts them. All of it is what was stored at one moment, also while the bot runs.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import JSON, Connection, DateTime, MetaData, Table, bindparam, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from bot import inbox, outbox
from bot.db import Database, is_known
from bot.errors import BackupUnusable
from bot.lease import Lease
from bot.outbox import Lane

FORMAT = 1
_AT_ONCE = 500
_VERSIONS = "alembic_version"


@dataclass(frozen=True)
class Backup:
    """What a backup file says of itself: `rows` are those of each table."""

    file: Path
    schema: str
    at: datetime
    rows: dict[str, int]


# Making one


def make(database: Database, file: Path, *, now: datetime, force: bool = False) -> Backup:
    """Write all that is stored into a file, and read it again; raises BackupUnusable, and leaves no half of a file."""
    if file.exists() and not force:
        raise BackupUnusable(f"{file} is there already. Choose another name, or say --force to replace it.")
    if database.file is not None and not database.file.exists():
        raise BackupUnusable(f"There is no database at {database.file}. Check SMALLWINS_DATABASE_URL.")
    partial = file.with_name(f".{file.name}.partial")
    try:
        with _private(partial) as raw, gzip.open(raw, "wt", encoding="utf-8", newline="\n") as out:
            _write(database, out, now)
        made = read(partial)
        partial.replace(file)
    except OSError as error:
        raise BackupUnusable(f"{file} cannot be written: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return Backup(file, made.schema, made.at, made.rows)


@contextmanager
def _private(file: Path) -> Iterator[IO[bytes]]:
    """A new file that only its owner may read, on the disk when the block ends."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        yield out
        out.flush()
        os.fsync(out.fileno())


def _write(database: Database, out: IO[str], now: datetime) -> None:
    with database.snapshot() as connection:
        schema = MigrationContext.configure(connection).get_current_revision()
        if schema is None:
            raise BackupUnusable("The database is empty: there is nothing to back up yet.")
        _refuse_damaged(database, connection)
        _say(out, {"smallwins": FORMAT, "schema": schema, "at": now.isoformat()})
        tables = [table for table in _tables(connection).sorted_tables if table.name != _VERSIONS]
        _say(out, {"end": {table.name: _write_table(connection, table, out) for table in tables}})


def _refuse_damaged(database: Database, connection: Connection) -> None:
    if database.is_sqlite and (found := connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()) != "ok":
        raise BackupUnusable(f"The database {database.file} is damaged ({found}). Restore the last good backup.")


def _tables(connection: Connection) -> MetaData:
    """The tables as they are in this database, whichever version made them."""
    found = MetaData()
    found.reflect(connection)
    for table in found.tables.values():
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type.none_as_null = True
    return found


def _write_table(connection: Connection, table: Table, out: IO[str]) -> int:
    _say(out, {"table": table.name, "columns": [column.name for column in table.columns]})
    count = 0
    rows = connection.execute(select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_AT_ONCE))
    for row in rows:
        _say(out, [_plain(value) for value in row])
        count += 1
    return count


def _say(out: IO[str], line: Any) -> None:
    out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    return value


# Reading one


def read(file: Path) -> Backup:
    """Read all of a backup; raises BackupUnusable when anything is missing or broken."""
    head: dict[str, Any] = {}
    rows: dict[str, int] = {}
    for line in _lines(file):
        if isinstance(line, dict) and "smallwins" in line:
            head = line
        elif isinstance(line, dict) and "table" in line:
            rows[line["table"]], width = 0, len(line["columns"])
            table = line["table"]
        elif isinstance(line, list) and rows and len(line) == width:
            rows[table] += 1
        elif isinstance(line, dict) and line.get("end") == rows and head:
            return Backup(file, head["schema"], datetime.fromisoformat(head["at"]), rows)
        else:
            raise _damaged(file, "a line is not as it should be")
    raise _damaged(file, "its end is missing")


def _lines(file: Path) -> Iterator[Any]:
    """What the lines say, one by one; the head has to be one that this version can read."""
    try:
        with gzip.open(file, "rt", encoding="utf-8") as opened:
            for number, line in enumerate(opened):
                said = json.loads(line)
                if number == 0 and not (isinstance(said, dict) and said.get("smallwins") == FORMAT):
                    raise BackupUnusable(f"{file} is no backup of Small Wins that this version can read.")
                yield said
    except FileNotFoundError:
        raise BackupUnusable(f"There is no file {file}.") from None
    except gzip.BadGzipFile as error:
        raise _damaged(file, str(error)) from None
    except (EOFError, zlib.error, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise _damaged(file, str(error)) from None
    except OSError as error:
        raise BackupUnusable(f"{file} cannot be read: {error.strerror or error}.") from None


def _damaged(file: Path, why: str) -> BackupUnusable:
    return BackupUnusable(f"{file} is no backup, or is damaged ({why}). Nothing was changed.")


# Restoring one


def restore(database: Database, file: Path, *, now: datetime, force: bool = False) -> Backup:
    """Put a backup in the place of what is stored, in one transaction, and hold all that it owes.

    Raises BackupUnusable, and DatabaseBusy while the bot runs.
    """
    backup = read(file)
    if not is_known(backup.schema):
        raise BackupUnusable(
            f"{file} was made by a newer version of Small Wins (schema {backup.schema}). Install that version first."
        )
    lease = Lease(database)
    lease.take()
    try:
        with database.connection() as connection:
            _make_room(connection, force=force)
            database.migrate_on(connection, backup.schema)
            _fill(connection, file)
            database.migrate_on(connection, "head")
            outbox.recover(connection, now=now)
            outbox.hold(connection, now=now, backed_up_at=backup.at)
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0] if error.orig else type(error).__name__
        raise BackupUnusable(f"{file} cannot be restored here ({reason}). Nothing was changed.") from error
    finally:
        lease.give_back()
    return backup


def _make_room(connection: Connection, *, force: bool) -> None:
    """Leave an empty database; what holds anything is emptied by `force` only."""
    found = _tables(connection)
    used = [
        table.name
        for table in found.sorted_tables
        if table.name != _VERSIONS and connection.execute(select(table).limit(1)).first() is not None
    ]
    if used and not force:
        raise BackupUnusable(
            "The database is not empty. Restore into an empty one, or say --force to replace all that it holds."
        )
    found.drop_all(connection)


def _fill(connection: Connection, file: Path) -> None:
    tables = _tables(connection).tables
    table: str | None = None
    names: list[str] = []
    rows: list[dict[str, Any]] = []
    for line in _lines(file):
        if isinstance(line, list):
            rows.append(dict(zip(names, line, strict=True)))
        if rows and (len(rows) == _AT_ONCE or not isinstance(line, list)):
            _insert(connection, tables[table or ""], rows)
            rows = []
        if isinstance(line, dict) and "table" in line:
            table, names = line["table"], line["columns"]
        elif isinstance(line, dict) and "end" in line:
            for filled in line["end"]:
                _point_within(connection, tables[filled], file)
                _go_on_counting(connection, tables[filled])


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Rows without what points at other rows of the same table, which may come later."""
    moments = [column.name for column in table.columns if isinstance(column.type, DateTime)]
    inward = _inward(table)
    for row in rows:
        row |= {name: datetime.fromisoformat(row[name]) for name in moments if row[name] is not None}
        row |= dict.fromkeys(inward)
    connection.execute(insert(table), rows)


def _inward(table: Table) -> list[str]:
    return [column.name for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]


def _point_within(connection: Connection, table: Table, file: Path) -> None:
    """Now that all rows are there: the columns that point at others of the same table."""
    inward = _inward(table)
    if not inward:
        return
    [key] = table.primary_key.columns
    statement = update(table).where(key == bindparam("the_row")).values({name: bindparam(f"to_{name}") for name in inward})
    found: list[dict[str, Any]] = []
    names: list[str] = []
    here = False
    for line in _lines(file):
        if isinstance(line, dict):
            here, names = line.get("table") == table.name, line.get("columns", [])
        elif here:
            row = dict(zip(names, line, strict=True))
            if any(row[name] is not None for name in inward):
                found.append({"the_row": row[key.name], **{f"to_{name}": row[name] for name in inward}})
    if found:
        connection.execute(statement, found)


def _go_on_counting(connection: Connection, table: Table) -> None:
    """PostgreSQL counts ids by itself: the next one has to be a new one."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        named = {"table": table.name, "column": column.name}
        if sequence := connection.execute(text("SELECT pg_get_serial_sequence(:table, :column)"), named).scalar():
            highest = connection.execute(select(func.max(column))).scalar()
            if highest is not None:
                connection.execute(text("SELECT setval(:sequence, :highest)"), {"sequence": sequence, "highest": highest})


# Deciding about what is held


def decide(database: Database, *, void: bool, now: datetime) -> int:
    """End the holding after a restore: what is overdue goes out, or is void; returns how many rows that were."""
    with database.transaction() as db:
        standing = outbox.standing(db)
        if standing.held_at is None:
            raise BackupUnusable("Nothing is held: there was no restore, or it was decided about already.")
        count = outbox.overdue(db, now=now).total
        if void:
            outbox.void_overdue(db, beginning_with=Lane.REPLY, now=now)
            inbox.put_aside_before(db, standing.held_at, now=now)
        outbox.release(db)
        database.tell(db.connection())
    return count

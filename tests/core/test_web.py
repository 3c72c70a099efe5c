"""The web endpoints: health, metrics, and a webhook that stores before it says thanks."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event
from sqlmodel import select
from starlette.types import ASGIApp, Message

from bot import inbox, outbox
from bot.db import Database
from bot.inbox import InboxRow, Poller
from bot.outbox import Event, Lane
from bot.sandbox.transport import TOKEN, SandboxRequest
from bot.sandbox.world import World
from bot.telegram_api import TelegramApi
from bot.web import SECRET_HEADER, Endpoints, web_app, webhook_path
from bot.web._metrics import Facts, registry
from tests.conftest import NOON, SetClock

SECRET = "a-secret_of-ours"
UPDATE = {"update_id": 7, "message": {"message_id": 1, "chat": {"id": 1, "type": "private"}, "text": "你好 😀"}}


@dataclass
class Site:
    """The web application over a real database, asked in-process."""

    database: Database
    runner: asyncio.Runner
    clock: SetClock
    secret: str | None = SECRET
    ready: bool = True
    broken: bool = False
    app: ASGIApp = field(init=False)

    def __post_init__(self) -> None:
        self.app = web_app(Endpoints(self._ready, self._take, registry(self.database, self._facts()), self.secret))

    def _facts(self) -> Facts:
        return Facts(owner=lambda: False, last_minute=lambda: 12, now=self.clock)

    def _ready(self) -> bool:
        return self.ready and self.database.version() is not None

    async def _take(self, update: dict[str, Any]) -> None:
        if self.broken:
            raise OSError("the disk is full")
        api = TelegramApi("http://sandbox", TOKEN, SandboxRequest(World()))
        poller = Poller(api, self.database, wants=lambda _: True, put=lambda _: None, now=self.clock)
        await asyncio.to_thread(poller.store, [update])

    def asks(self, path: str, method: str = "GET", **more: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
                return await client.request(method, path, **more)

        return self.runner.run(ask())

    def telegram_sends(self, body: bytes, secret: str | bytes | None = SECRET) -> httpx.Response:
        headers: dict[str, Any] = {"Content-Type": "application/json"}
        if secret is not None:
            headers[SECRET_HEADER] = secret
        return self.asks(webhook_path(SECRET), "POST", content=body, headers=headers)

    def stored(self) -> list[int]:
        with self.database.reading() as db:
            return list(db.exec(select(InboxRow.update_id)))


@pytest.fixture
def site(sqlite: Database, runner: asyncio.Runner, clock: SetClock) -> Site:
    return Site(sqlite, runner, clock)


def test_healthz_says_that_the_process_lives(site: Site) -> None:
    answer = site.asks("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")


def test_readyz_says_whether_the_database_answers(site: Site) -> None:
    assert (site.asks("/readyz").status_code, site.asks("/readyz").text) == (200, "ready")
    site.ready = False
    assert (site.asks("/readyz").status_code, site.asks("/readyz").text) == (503, "not ready")


def test_readyz_is_not_ready_when_the_database_is_away(runner: asyncio.Runner, clock: SetClock) -> None:
    away = Database("postgresql://somebody@127.0.0.1:1/smallwins")
    answer = Site(away, runner, clock).asks("/readyz")
    assert (answer.status_code, answer.text) == (503, "not ready")


def test_metrics_tell_what_waits_for_how_long_and_what_became_of_messages(site: Site) -> None:
    now = site.clock.now
    with site.database.transaction() as db:
        for number in range(3):
            outbox.enqueue(
                db, chat_id=number, method="sendMessage", payload={}, now=now - timedelta(seconds=90), lane=Lane.NOTICE
            )
        outbox.enqueue(db, chat_id=9, method="sendMessage", payload={}, now=now, due_at=now + timedelta(days=1))
        inbox.receive(db.connection(), [UPDATE], now=now - timedelta(seconds=4))
        events = [Event(Lane.REPLY, "sent"), Event(Lane.REPLY, "sent"), Event(Lane.NOTICE, "failed")]
        outbox.tally(db.connection(), events, now=now)
    with site.database.connection() as connection:
        outbox.claim(connection, now=now, limit=1)
    answer = site.asks("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    samples = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    wanted = {
        ("smallwins_outbox_waiting", "notice"): 2,
        ("smallwins_outbox_waiting", "reply"): 1,
        ("smallwins_outbox_lag_seconds", "notice"): 90,
        ("smallwins_outbox_lag_seconds", "reply"): 0,
        ("smallwins_outbox_in_flight",): 1,
        ("smallwins_messages_total", "reply", "sent"): 2,
        ("smallwins_messages_total", "failed", "notice"): 1,
        ("smallwins_messages_total", "answer", "uncertain"): 0,
        ("smallwins_messages_last_minute",): 12,
        ("smallwins_inbox_waiting",): 1,
        ("smallwins_inbox_lag_seconds",): 4,
        ("smallwins_owner",): 0,
        ("smallwins_held",): 0,
    }
    assert {name: samples.get(name) for name in wanted} == wanted


def test_metrics_of_a_million_delivered_messages_look_at_none_of_them(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        outbox.enqueue(db, chat_id=1, method="sendMessage", payload={}, now=NOON)
    with sqlite.reading() as db:
        looks: list[str] = []
        event.listen(db.connection(), "before_cursor_execute", lambda *said: looks.append(_explained(said)))
        outbox.depths(db, now=NOON)
        outbox.in_flight(db)
        inbox.depth(db)
        inbox.lag(db, now=NOON)
    assert looks
    with closing(sqlite3.connect(sqlite.file or "")) as connection:
        for look in looks:
            steps = [step[3] for step in connection.execute(f"EXPLAIN QUERY PLAN {look}")]
            assert all("INDEX ix_" in step or "TEMP B-TREE" in step for step in steps), (look, steps)


def _explained(said: tuple[Any, ...]) -> str:
    """The statement with its values in place, as SQLite can explain it."""
    statement, values = said[2], iter(said[3])
    return re.sub(r"\?", lambda _: repr(next(values)), statement)


def test_a_good_update_is_stored_and_thanked_for(site: Site) -> None:
    answer = site.telegram_sends(json.dumps(UPDATE).encode())
    assert (answer.status_code, answer.json()) == (200, {})
    with site.database.reading() as db:
        assert [arrived.payload for arrived in inbox.waiting(db)] == [UPDATE]


def test_r03_the_update_is_stored_before_the_answer_begins(site: Site) -> None:
    begun: list[list[int]] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": json.dumps(UPDATE).encode(), "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            begun.append(site.stored())

    headers = [(SECRET_HEADER.lower().encode(), SECRET.encode())]
    scope = {"type": "http", "method": "POST", "path": webhook_path(SECRET), "headers": headers, "query_string": b""}
    site.runner.run(_call(site.app, scope, receive, send))
    assert begun == [[7]]


async def _call(app: ASGIApp, scope: Any, receive: Any, send: Any) -> None:
    await app(scope, receive, send)


def test_r03_an_update_that_could_not_be_stored_is_not_thanked_for(site: Site) -> None:
    site.broken = True
    assert site.telegram_sends(json.dumps(UPDATE).encode()).status_code == 500


def test_r01_the_same_update_twice_is_stored_once_and_thanked_for_twice(site: Site) -> None:
    answers = [site.telegram_sends(json.dumps(UPDATE).encode()).status_code for _ in range(2)]
    assert (answers, site.stored()) == ([200, 200], [7])


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET.upper(), "秘密".encode()])
def test_a_wrong_secret_is_refused_before_anything_is_read(site: Site, secret: str | bytes | None) -> None:
    answer = site.telegram_sends(b"{broken", secret)
    assert (answer.status_code, site.stored()) == (403, [])


@pytest.mark.parametrize(
    "body", [b"", b"{broken", b"[]", b'"text"', b"{}", b'{"update_id": "7"}', b'{"update_id": true}', b"\xff\xfe"]
)
def test_what_is_no_update_is_refused(site: Site, body: bytes) -> None:
    answer = site.telegram_sends(body)
    assert (answer.status_code, site.stored()) == (400, [])


def test_the_webhook_is_at_an_address_that_does_not_show_the_secret_and_takes_posts_only(site: Site) -> None:
    assert SECRET not in webhook_path(SECRET)
    assert webhook_path(SECRET) != webhook_path(SECRET + "x")
    assert site.asks(webhook_path(SECRET)).status_code == 405
    assert site.asks("/telegram/guessed", "POST").status_code == 404


def test_without_a_secret_there_is_no_webhook(sqlite: Database, runner: asyncio.Runner, clock: SetClock) -> None:
    bare = Site(sqlite, runner, clock, secret=None)
    assert bare.telegram_sends(json.dumps(UPDATE).encode()).status_code == 404
    assert bare.asks("/healthz").status_code == 200

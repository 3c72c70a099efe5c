"""The composition root: puts settings, database, content, handlers, courier, clock and web together, and runs them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import uvicorn
from sqlalchemy import Connection
from sqlmodel import Session
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.request import BaseRequest, HTTPXRequest

import handlers.faq
import handlers.groups
import handlers.people
import handlers.questions
from bot import clock, i18n, inbox, outbox
from bot.courier import Courier, Hooks
from bot.db import Database
from bot.errors import SettingsInvalid
from bot.features import groups, people, questions
from bot.features.faq import content
from bot.inbox import Arrived, Lanes, Poller
from bot.lease import Lease
from bot.search import Matcher, build
from bot.settings import Settings
from bot.telegram_api import TelegramApi
from bot.web import Endpoints, web_app, webhook_path
from bot.web._metrics import registry
from handlers._kit import Acknowledgement, Feature, Handlers, Knowledge, Services
from handlers.people import general_menus

log = logging.getLogger(__name__)

FEATURES: list[Feature] = [
    handlers.faq.feature,
    handlers.groups.feature,
    handlers.people.feature,
    handlers.questions.feature,
]
WIDTH = 8
"""How many chats are handled side by side."""

LAST_WORDS = 4.0
"""Seconds that everything together may take to end after SIGTERM."""


@dataclass(frozen=True)
class Identity:
    """Who the bot is, as its server says."""

    id: int
    username: str


def load_knowledge(settings: Settings) -> Knowledge:
    """The content and the matcher over it; raises ContentInvalid."""
    i18n.load()
    library = content.load(settings.content_folders)
    return Knowledge(library, build(library.corpus()).match)


def load_matcher(settings: Settings) -> Matcher:
    """The matcher alone, for measuring it; raises ContentInvalid."""
    return build(content.load(settings.content_folders).corpus())


class App:
    """The running bot, all of it but the transport: tests run it in-process, `run` for real."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        api: TelegramApi,
        identity: Identity,
        knowledge: Knowledge,
        *,
        now: Callable[[], datetime] = clock.now,
        per_chat_pace: bool = True,
    ) -> None:
        self.settings = settings
        self.database = database
        self.api = api
        self.identity = identity
        self.now = now
        services = Services(settings, lambda: knowledge, identity.id, identity.username)
        self.handlers = Handlers(database, services, FEATURES, now)
        self.courier = Courier(
            database, api, Hooks(moved, unreachable, self._setback), rate=settings.rate, now=now, per_chat=per_chat_pace
        )
        self.lanes = Lanes(self._handle, width=WIDTH)
        self.poller = Poller(api, database, wants=self.handlers.wants, put=self.lanes.put, now=now)
        self.clock: clock.Clock | None = None
        self._threads = ThreadPoolExecutor(WIDTH, thread_name_prefix="handler")

    async def _handle(self, arrived: Arrived) -> None:
        """One update to its end: the handler in a worker thread, then the tap's answer and the courier."""
        loop = asyncio.get_running_loop()
        acknowledgement = await loop.run_in_executor(self._threads, self.handlers.handle, arrived)
        self.courier.nudge()
        if acknowledgement is not None:
            await self._acknowledge(acknowledgement)

    async def _acknowledge(self, acknowledgement: Acknowledgement) -> None:
        """End a tap's spinner; an answer that comes too late is no loss."""
        payload: dict[str, Any] = {
            "callback_query_id": acknowledgement.query_id,
            "text": acknowledgement.text,
            "show_alert": acknowledgement.alert,
        }
        try:
            await self.api.call("answerCallbackQuery", payload)
        except TelegramError as error:
            log.info("a tap could not be answered: %s", error.message)

    def _setback(self) -> None:
        if self.clock is not None:
            self.clock.wake()

    async def tick(self) -> None:
        """Do what is due, and send what came of it."""
        await asyncio.to_thread(self.handlers.tick)
        self.courier.nudge()

    async def take(self, update: dict[str, Any]) -> None:
        """An update by webhook: store it, then hand it on."""
        if self.handlers.wants(update):
            for arrived in await asyncio.to_thread(self.poller.store, [update]):
                self.lanes.put(arrived)

    async def replay(self) -> None:
        """Handle what a crash left in the inbox."""
        for arrived in await asyncio.to_thread(self._unfinished):
            self.lanes.put(arrived)

    def _unfinished(self) -> list[Arrived]:
        with self.database.reading() as db:
            return inbox.unfinished(db)

    def ready(self) -> bool:
        """Whether the database answers."""
        return self.database.version() is not None

    def close(self) -> None:
        """End the worker threads and the database's connections."""
        self._threads.shutdown(wait=True)
        self.database.close()


def moved(connection: Connection, old: int, new: int) -> None:
    """Telegram says that a group has a new id: remap everything in the courier's transaction."""
    with Session(bind=connection, join_transaction_mode="rollback_only") as db:
        if groups.move(db, old, new):
            questions.move_chat(db, old, new)
        db.flush()
    outbox.move_chat(connection, old, new)


def unreachable(connection: Connection, telegram_id: int, now: datetime) -> None:
    """Telegram says that a person cannot be written to."""
    with Session(bind=connection, join_transaction_mode="rollback_only") as db:
        people.unreachable(db, telegram_id, now=now)
        db.flush()


async def identify(api: TelegramApi) -> Identity:
    """Ask the server who the bot is; waits for an unreachable server, and says so once."""
    pause = 0.0
    while True:
        try:
            me = await api.call("getMe")
            return Identity(me["id"], me["username"])
        except InvalidToken as error:
            raise SettingsInvalid("Telegram does not know SMALLWINS_TOKEN. Copy it again from @BotFather.") from error
        except NetworkError as error:
            if pause == 0.0:
                log.warning("The Bot API server cannot be reached (%s); trying again until it can.", error.message)
            pause = min(max(pause * 2, 1.0), 30.0)
            await asyncio.sleep(pause)


def transport() -> BaseRequest:
    """HTTP with enough connections for the courier, the poller and the taps."""
    return HTTPXRequest(connection_pool_size=128)


async def run(settings: Settings, *, ended: asyncio.Event | None = None) -> None:
    """Run the bot until SIGTERM or SIGINT, or until `ended` is set; raises OperatorError when it cannot start."""
    database = Database(settings.database_url)
    lease = Lease(database)
    lease.take()
    try:
        await asyncio.to_thread(database.migrate)
        knowledge = asyncio.create_task(asyncio.to_thread(load_knowledge, settings))
        api = TelegramApi(settings.api_url, settings.required_token(), transport())
        await api.open()
        try:
            identity = await identify(api)
            app = App(settings, database, api, identity, await knowledge)
            await _serve(app, ended or _signalled())
            app.close()
        finally:
            await api.close()
    finally:
        lease.give_back()


def _signalled() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    return ended


async def _serve(app: App, ended: asyncio.Event) -> None:
    """Everything that runs side by side; the first that fails ends all, and the end comes within five seconds."""
    log.info("@%s is running.", app.identity.username)
    async with _web(app):
        jobs = [asyncio.create_task(job) for job in (_receive(app), _deliver(app), _introduce(app))]
        app.clock = clock.Clock(app.tick)
        app.clock.start()
        stop = asyncio.create_task(ended.wait())
        try:
            await _until_ended(jobs, stop)
        finally:
            await _wind_down(app, [*jobs, stop])


async def _until_ended(jobs: list[asyncio.Task[None]], stop: asyncio.Task[bool]) -> None:
    watched: set[asyncio.Task[Any]] = {*jobs, stop}
    while not stop.done():
        done, watched = await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
        for task in done - {stop}:
            task.result()


async def _wind_down(app: App, tasks: list[asyncio.Task[Any]]) -> None:
    """Take nothing new, finish what is begun; whatever takes longer is in the inbox and the outbox."""
    if app.clock is not None:
        await app.clock.stop()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LAST_WORDS / 2):
            await app.lanes.idle()
    await app.courier.stop(LAST_WORDS / 2)
    log.info("Ended; what was not sent yet is kept.")


async def _receive(app: App) -> None:
    """Replay what a crash left, then take updates: by webhook where one is set, else by polling."""
    await app.replay()
    settings = app.settings
    if settings.webhook_url and settings.webhook_secret:
        secret = settings.webhook_secret.get_secret_value()
        await app.api.call(
            "setWebhook",
            {
                "url": settings.webhook_url + webhook_path(secret),
                "secret_token": secret,
                "allowed_updates": inbox.WANTED,
            },
        )
        app.poller.caught_up.set()
        return
    await app.api.call("deleteWebhook")
    await app.poller.run()


async def _deliver(app: App) -> None:
    """Once the newest updates are known, look at what a crash left in doubt, then send."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(5):
            await app.poller.caught_up.wait()
    await app.courier.recover()
    await app.courier.run()


async def _introduce(app: App) -> None:
    """Set the command menus that everybody sees."""
    for call in general_menus():
        try:
            await app.api.call("setMyCommands", call)
        except TelegramError as error:
            log.warning("The command menu could not be set: %s", error.message)
            return


@contextlib.asynccontextmanager
async def _web(app: App) -> AsyncIterator[None]:
    """The web endpoints, where SMALLWINS_LISTEN names an address."""
    listen = app.settings.listen
    if listen is None:
        yield
        return
    secret = app.settings.webhook_secret
    endpoints = Endpoints(app.ready, app.take, registry(app.database), secret.get_secret_value() if secret else None)
    host, _, port = listen.rpartition(":")
    server = uvicorn.Server(
        uvicorn.Config(
            web_app(endpoints),
            host=host,
            port=int(port),
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
        )
    )
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server.serve())
    try:
        yield
    finally:
        server.should_exit = True
        await task

"""One process, from its start to SIGTERM.

The owner of the database polls or takes webhooks, handles, delivers and ticks, and ends within five seconds. On PostgreSQL
any further process stands by: it takes webhooks for the owner, and takes over within seconds when the owner is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import OperationalError
from telegram.error import BadRequest, TelegramError
from telegram.request import BaseRequest

from bot import clock, i18n, inbox, knowledge, traditional
from bot.app import App, Identity
from bot.db import Database, newest_version
from bot.errors import DatabaseUnreachable, LeaseLost, SettingsInvalid, TokenUnknown
from bot.knowledge import Knowledge
from bot.lease import Lease
from bot.loading import loading
from bot.settings import Settings
from bot.telegram_api import TelegramApi
from bot.timetable import CalendarFile
from bot.transport import AiohttpRequest
from bot.web import Endpoints, NotReady, web_app, webhook_path
from bot.web._metrics import Facts, registry
from bot.web._server import served

log = logging.getLogger(__name__)

TURN = 0.001
"""Seconds after which a computing thread lets another have its turn: Python's five let each call to Telegram wait."""

LAST_WORDS = 4.0
"""Seconds that everything together may take to end after SIGTERM."""

_ASK_AGAIN = 0.5
"""Seconds between two looks of a process that stands by."""


async def identify(api: TelegramApi) -> Identity:
    """Ask the server who the bot is, and wait for one that cannot be reached; raises TokenUnknown."""
    me = await api.insist("getMe")
    return Identity(me["id"], me["username"])


def transport() -> BaseRequest:
    """HTTP with enough connections for the courier, the poller and the taps."""
    return AiohttpRequest()


@dataclass
class Station:
    """What lives as long as the process; `app` is there while it can be of use, as the owner's or standing by."""

    settings: Settings
    database: Database
    lease: Lease
    api: TelegramApi
    identity: Identity
    knowledge: Knowledge
    app: App | None = None

    def new_app(self, *, standby: bool) -> App:
        """A fresh application: nothing of an earlier time as the owner is left in it."""
        app = App(self.settings, self.database, self.api, self.identity, self.knowledge)
        app.standby = standby
        return app

    def ready(self) -> bool:
        """Whether updates can be taken."""
        return self.app is not None and self.app.ready()

    def is_owner(self) -> bool:
        """Whether this process delivers."""
        return self.app is not None and not self.app.standby and self.lease.held

    def last_minute(self) -> int:
        """How many messages went out in the last minute."""
        return self.app.courier.last_minute if self.app is not None else 0

    def calendar(self, token: str) -> CalendarFile | None:
        """What a calendar feed's address gives; None while this process cannot say, or for one that leads nowhere."""
        return self.app.calendar(token) if self.app is not None else None

    async def take(self, update: dict[str, Any]) -> None:
        """An update by webhook; raises NotReady, so that Telegram sends it again."""
        if self.app is None:
            raise NotReady
        await self.app.take(update)


async def run(settings: Settings, *, ended: asyncio.Event | None = None) -> None:
    """Run the bot until SIGTERM or SIGINT, or until `ended` is set; raises OperatorError when it cannot start."""
    sys.setswitchinterval(TURN)
    stop = asyncio.create_task((ended or _signalled()).wait())
    async with contextlib.AsyncExitStack() as stack:
        starting = asyncio.create_task(_start(settings, stack))
        await asyncio.wait({starting, stop}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
            return
        station = starting.result()
        async with _web(station):
            while await _owning(station, stop):
                await _term(station, stop)


async def _start(settings: Settings, stack: contextlib.AsyncExitStack) -> Station:
    """Everything in its place; `stack` puts it away again."""
    token = settings.required_token()
    database = Database(settings.database_url)
    stack.callback(database.close)
    loop = asyncio.get_running_loop()

    def news() -> None:
        if station is not None:
            loop.call_soon_threadsafe(_news, station)

    station: Station | None = None
    lease = Lease(database, news)
    stack.callback(lease.give_back)
    await _take(lease, database)
    learning = asyncio.create_task(asyncio.to_thread(_learn, settings))
    api = TelegramApi(settings.api_url, token, transport())
    await api.open()
    stack.push_async_callback(api.close)
    identity = await identify(api)
    station = Station(settings, database, lease, api, identity, await learning)
    return station


async def _take(lease: Lease, database: Database) -> None:
    """Become the owner, where nobody else is; a SQLite file bears no second process."""
    if database.is_sqlite:
        await asyncio.to_thread(lease.take)
    if await asyncio.to_thread(lease.try_take):
        await asyncio.to_thread(database.migrate)
    else:
        await asyncio.to_thread(database.refuse_newer)


def _news(station: Station) -> None:
    """Another process has stored something for the owner."""
    if station.app is not None and not station.app.standby:
        station.app.sweep()
        station.app.courier.nudge()


def _learn(settings: Settings) -> Knowledge:
    """Words, content and matcher; raises CatalogueInvalid or ContentInvalid."""
    with loading():
        i18n.load()
        traditional.release()
        return knowledge.load(settings)


def _signalled() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    return ended


async def _owning(station: Station, stop: asyncio.Task[bool]) -> bool:
    """Stand by until this process is the owner; False when it has to end before that."""
    said = ""
    while not stop.done():
        try:
            if station.lease.held or await asyncio.to_thread(station.lease.try_take):
                await asyncio.to_thread(station.database.migrate)
                return True
            await _stand_by(station)
            sentence = "Another process is running on this database; standing by."
        except (DatabaseUnreachable, OperationalError) as error:
            sentence = f"The database does not answer ({type(error).__name__}); trying again until it does."
        if sentence != said:
            log.info(sentence)
            said = sentence
        await asyncio.wait({stop}, timeout=_ASK_AGAIN)
    return False


async def _stand_by(station: Station) -> None:
    """Take webhooks for the owner, once the schema is the one that this program knows."""
    if station.app is None and await asyncio.to_thread(station.database.version) == newest_version():
        station.app = station.new_app(standby=True)


async def _term(station: Station, stop: asyncio.Task[bool]) -> None:
    """Be the owner until the end, or until the lock is lost: then everything stops at once."""
    app = station.app or station.new_app(standby=False)
    app.standby, station.app = False, app
    try:
        await asyncio.to_thread(app.begin_term, f"{socket.gethostname()}, process {os.getpid()}")
        await _serve(app, station.lease, stop)
    except (LeaseLost, OperationalError):
        if station.database.is_sqlite:
            raise
        log.exception("This process is not the owner any more; it stands by.")
        await asyncio.sleep(1.0)  # whoever else stands by goes first
    finally:
        station.app = None
        app.close(wait=station.lease.held)
        await asyncio.to_thread(station.lease.give_back)


async def _serve(app: App, lease: Lease, stop: asyncio.Task[bool]) -> None:
    """Everything that runs side by side; the first that fails ends all, and the end comes within five seconds."""
    log.info("@%s is running.", app.identity.username)
    jobs = [asyncio.create_task(job) for job in (_receive(app), _deliver(app), _introduce(app))]
    watch = asyncio.create_task(_watch(lease))
    app.clock = clock.Clock(app.tick)
    app.clock.start()
    try:
        await _until_ended([*jobs, watch], stop)
    finally:
        watch.cancel()
        await (_wind_down(app, jobs) if lease.held else _abandon(app, jobs))


async def _watch(lease: Lease) -> None:
    """Raise LeaseLost when this process is not the owner any more, or cannot be certain."""
    while True:
        if not lease.held:
            raise LeaseLost("The database's lock is lost; another process may have taken over.")
        await asyncio.sleep(0.2)


async def _until_ended(jobs: list[asyncio.Task[None]], stop: asyncio.Task[bool]) -> None:
    watched: set[asyncio.Task[Any]] = {*jobs, stop}
    while not stop.done():
        done, watched = await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
        for task in done - {stop}:
            task.result()


async def _wind_down(app: App, tasks: list[asyncio.Task[None]]) -> None:
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
    with contextlib.suppress(OperationalError):
        await asyncio.to_thread(app.end_term)
    log.info("Ended; what was not sent yet is kept.")


async def _abandon(app: App, tasks: list[asyncio.Task[None]]) -> None:
    """Stop in the middle: another process may be at work already."""
    for task in tasks:
        task.cancel()
    app.courier.abandon()
    await asyncio.gather(*tasks, return_exceptions=True)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(1.0):
            await app.clock.stop() if app.clock is not None else None


async def _receive(app: App) -> None:
    """Replay what a crash left, then take updates: by webhook where one is set, else by polling."""
    await app.replay()
    settings = app.settings
    if settings.webhook_url and settings.webhook_secret:
        await _ask_for_webhooks(app, settings.webhook_url, settings.webhook_secret.get_secret_value())
        app.poller.caught_up.set()
        return
    await app.api.insist("deleteWebhook")
    await app.poller.run()


async def _ask_for_webhooks(app: App, address: str, secret: str) -> None:
    """Have updates sent to our address; raises SettingsInvalid where Telegram does not take it."""
    hook = {"url": address + webhook_path(secret), "secret_token": secret, "allowed_updates": inbox.WANTED}
    try:
        await app.api.insist("setWebhook", hook)
    except BadRequest as error:
        raise SettingsInvalid(f"SMALLWINS_WEBHOOK_URL: Telegram does not take it ({error.message}).") from error


async def _deliver(app: App) -> None:
    """Once the newest updates are known, look at what a crash left in doubt, then send."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(5):
            await app.poller.caught_up.wait()
    await app.courier.recover()
    await app.courier.run()


async def _introduce(app: App) -> None:
    """Set the command menus and the profile that everybody sees."""
    for method, payload in app.introductions:
        try:
            await app.api.insist(method, payload)
        except (TelegramError, TokenUnknown) as error:  # a Bot API server that knows no such method says so like this
            log.warning("%s was refused: %s", method, error)


def _web(station: Station) -> contextlib.AbstractAsyncContextManager[None]:
    """The web endpoints, where SMALLWINS_LISTEN names an address."""
    settings = station.settings
    if settings.listen is None:
        return contextlib.nullcontext()
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else None
    figures = registry(station.database, Facts(station.is_owner, station.last_minute, clock.now))
    endpoints = Endpoints(station.ready, station.take, figures, secret, station.is_owner, station.calendar)
    return served(web_app(endpoints), settings.listen)

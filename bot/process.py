"""One process, from its start to SIGTERM: poll or take webhooks, handle, deliver, tick, and end within five seconds."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import sys
from collections.abc import AsyncIterator
from typing import Any

from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.request import BaseRequest

from bot import clock, i18n, inbox, knowledge, traditional
from bot.app import App, Identity
from bot.db import Database
from bot.errors import SettingsInvalid
from bot.knowledge import Knowledge
from bot.lease import Lease
from bot.settings import Settings
from bot.telegram_api import TelegramApi
from bot.transport import AiohttpRequest
from bot.web import Endpoints, web_app, webhook_path
from bot.web._metrics import registry
from bot.web._server import WebServer

log = logging.getLogger(__name__)

TURN = 0.001
"""Seconds after which a computing thread lets another have its turn: Python's five let each call to Telegram wait."""

LAST_WORDS = 4.0
"""Seconds that everything together may take to end after SIGTERM."""


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
    return AiohttpRequest()


async def run(settings: Settings, *, ended: asyncio.Event | None = None) -> None:
    """Run the bot until SIGTERM or SIGINT, or until `ended` is set; raises OperatorError when it cannot start."""
    sys.setswitchinterval(TURN)
    stop = asyncio.create_task((ended or _signalled()).wait())
    async with contextlib.AsyncExitStack() as stack:
        starting = asyncio.create_task(_start(settings, stack))
        await asyncio.wait({starting, stop}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            await _serve(starting.result(), stop)
        else:
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)


async def _start(settings: Settings, stack: contextlib.AsyncExitStack) -> App:
    """Everything in its place; `stack` puts it away again."""
    token = settings.required_token()
    database = Database(settings.database_url)
    stack.callback(database.close)
    lease = Lease(database)
    lease.take()
    stack.callback(lease.give_back)
    await asyncio.to_thread(database.migrate)
    learning = asyncio.create_task(asyncio.to_thread(_learn, settings))
    api = TelegramApi(settings.api_url, token, transport())
    await api.open()
    stack.push_async_callback(api.close)
    identity = await identify(api)
    app = App(settings, database, api, identity, await learning)
    stack.callback(app.close)
    return app


def _learn(settings: Settings) -> Knowledge:
    """Words, content and matcher; raises CatalogueInvalid or ContentInvalid."""
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


async def _serve(app: App, stop: asyncio.Task[bool]) -> None:
    """Everything that runs side by side; the first that fails ends all, and the end comes within five seconds."""
    log.info("@%s is running.", app.identity.username)
    async with _web(app):
        jobs = [asyncio.create_task(job) for job in (_receive(app), _deliver(app), _introduce(app))]
        app.clock = clock.Clock(app.tick)
        app.clock.start()
        try:
            await _until_ended(jobs, stop)
        finally:
            await _wind_down(app, jobs)


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
    for call in app.menus:
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
    with _bound(listen) as listener:
        server = WebServer(web_app(endpoints))
        task = asyncio.create_task(server.serve([listener]))
        try:
            yield
        finally:
            server.should_exit = True
            await task


def _bound(listen: str) -> socket.socket:
    """A socket that listens at host:port; raises SettingsInvalid when the address cannot be had."""
    host, _, port = listen.rpartition(":")
    try:
        return socket.create_server((host.strip("[]"), int(port)), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise SettingsInvalid(f"SMALLWINS_LISTEN: {listen} cannot be used ({error.strerror}).") from None

"""The sandbox over HTTP: the Bot API for the bot, the page for people, two doors for tests; on this machine only."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.sandbox._calls import Calls, Downloads
from bot.sandbox._connections import CuttableProtocol
from bot.sandbox.bot_api import BotApi
from bot.sandbox.page_door import PageDoor
from bot.sandbox.state import world_state
from bot.sandbox.token import TOKEN
from bot.sandbox.webhook import WebhookDelivery
from bot.sandbox.world import World

T = TypeVar("T")


def sandbox_app(world: World, token: str = TOKEN, *, api: BotApi | None = None) -> Starlette:
    """The whole sandbox as one ASGI application; `api` shares a Bot API with the in-process door."""
    api = api or BotApi(world)
    page = PageDoor(api)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        delivery = WebhookDelivery(api, httpx.AsyncClient(trust_env=False))
        yield
        await delivery.close()

    calls, downloads = Calls(api, token), Downloads(api, token)
    routes = [
        Route("/bot{token}/{method}", calls),
        Route("/file/bot{token}/{path:path}", downloads),
        Route("/sandbox/faults", _Faults(world).answer, methods=["GET", "POST", "DELETE"]),
        Route("/sandbox/state", lambda request: JSONResponse(world_state(api))),
        *page.routes(),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


class _Faults:
    """The door to ask for trouble: POST adds a fault, GET lists them, DELETE ends all."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def answer(self, request: Request) -> JSONResponse:
        """Carry out the request and list what is asked for then."""
        faults = self._world.faults
        if request.method == "DELETE":
            faults.clear()
        elif request.method == "POST":
            try:
                faults.ask(**await request.json())
            except (TypeError, ValueError) as wrong:
                return JSONResponse({"error": str(wrong)}, 400)
        return JSONResponse({"faults": faults.as_json()})


# Running it


@dataclass(slots=True, eq=False)
class Running:
    """A sandbox that is being served."""

    world: World
    api: BotApi
    token: str
    host: str
    port: int
    loop: asyncio.AbstractEventLoop

    @property
    def url(self) -> str:
        """Its root address, without a slash at the end; the page is there."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def do(self, verb: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Carry out a verb of the world from another thread, on the server's own loop."""

        async def carry_out() -> T:
            return verb(*args, **kwargs)

        return asyncio.run_coroutine_threadsafe(carry_out(), self.loop).result(10)


class _Server(uvicorn.Server):
    """A uvicorn server that leaves signals to its host and says when it is ready."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept connections."""
        await super().startup(sockets)
        self.ready.set()


@asynccontextmanager
async def serve(
    world: World,
    *,
    token: str = TOKEN,
    host: str = "127.0.0.1",
    port: int = 0,
    api: BotApi | None = None,
) -> AsyncIterator[Running]:
    """Serve a world on the running loop until the block ends; port 0 takes a free one.

    Raises ValueError for an address that others could reach and OSError for one that is taken.
    """
    if not _is_loopback(host):
        raise ValueError(f"the sandbox is served on this machine only, not on {host}")
    api = api or BotApi(world)
    app = sandbox_app(world, token, api=api)
    with _listen(host, port) as listener:
        config = uvicorn.Config(
            app,
            http=CuttableProtocol,
            ws="websockets-sansio",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        server = _Server(config)
        serving = asyncio.create_task(server.serve([listener]))
        await server.ready.wait()
        try:
            yield Running(world, api, token, host, listener.getsockname()[1], asyncio.get_running_loop())
        finally:
            server.should_exit = True
            world.updates.break_off("shutdown")
            await serving


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches Nagle's algorithm off only for sockets that name TCP as their protocol
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener


@contextmanager
def serve_in_thread(world: World, **settings: Any) -> Iterator[Running]:
    """Serve a world on a loop of its own in another thread, for tests that are not asynchronous themselves."""
    started: Any = _Handover()
    thread = threading.Thread(target=lambda: asyncio.run(_serve_until_stopped(world, settings, started)), daemon=True)
    thread.start()
    running, stop = started.take()
    try:
        yield running
    finally:
        running.loop.call_soon_threadsafe(stop.set)
        thread.join(10)


class _Handover:
    """One thing passed from one thread to another, or the exception that came instead."""

    def __init__(self) -> None:
        self._there = threading.Event()
        self._result: Any = None

    def give(self, result: Any) -> None:
        """Pass the thing on."""
        self._result = result
        self._there.set()

    def take(self) -> Any:
        """Wait for it; raises the exception if that is what came."""
        self._there.wait(10)
        if isinstance(self._result, BaseException):
            raise self._result
        return self._result


async def _serve_until_stopped(world: World, settings: dict[str, Any], started: _Handover) -> None:
    stop = asyncio.Event()
    try:
        async with serve(world, **settings) as running:
            started.give((running, stop))
            await stop.wait()
    except (OSError, ValueError) as refused:
        started.give(refused)

"""The server of the web endpoints: it leaves signals to the process it is part of."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.applications import Starlette

from bot.errors import SettingsInvalid


class WebServer(uvicorn.Server):
    """A uvicorn server without log lines and signal handlers of its own."""

    def __init__(self, application: Starlette) -> None:
        super().__init__(uvicorn.Config(application, log_config=None, access_log=False, timeout_graceful_shutdown=1))

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave SIGTERM and SIGINT to whoever runs the event loop."""
        yield


@contextlib.asynccontextmanager
async def served(application: Starlette, listen: str) -> AsyncIterator[None]:
    """Serve at host:port until the block ends; raises SettingsInvalid when the address cannot be had."""
    with _bound(listen) as listener:
        server = WebServer(application)
        task = asyncio.create_task(server.serve([listener]))
        try:
            yield
        finally:
            server.should_exit = True
            await task


def _bound(listen: str) -> socket.socket:
    host, _, port = listen.rpartition(":")
    try:
        return socket.create_server((host.strip("[]"), int(port)), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise SettingsInvalid(f"SMALLWINS_LISTEN: {listen} cannot be used ({error.strerror}).") from None

"""Cutting a TCP connection in the middle of a request, which no ASGI server lets an application do."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import Receive, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

_OPEN: dict[tuple[str, int], asyncio.Transport] = {}
"""The transports of open connections by the client's address and port."""


class CuttableProtocol(H11Protocol):
    """uvicorn's HTTP protocol, with its transports on record while they are open."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Note the transport under the client's address."""
        super().connection_made(transport)
        _OPEN[_peer(transport)] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the transport."""
        _OPEN.pop(_peer(self.transport), None)
        super().connection_lost(exc)


def _peer(transport: Any) -> tuple[str, int]:
    host, port, *_ = transport.get_extra_info("peername")
    return host, port


async def cut(scope: Scope, receive: Receive) -> None:
    """Close the connection of a request at once and return when it is gone; ConnectionResetError where none is."""
    transport = _OPEN.get(tuple(scope.get("client") or ("", 0)))
    if transport is None:
        raise ConnectionResetError("dropped by a fault")
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass

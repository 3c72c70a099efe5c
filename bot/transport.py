"""HTTP under the Bot API: aiohttp behind python-telegram-bot's `BaseRequest`.

The library's own transport costs a millisecond and more of computing for each call, and several with many calls in
flight; this one a fifth of that, however many there are. Errors keep the meaning that they have there: the cause says
whether a call may have arrived.
"""

from __future__ import annotations

import json
import os
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.errors import SettingsInvalid

CONNECTIONS = 128
IDLE = 30.0
"""Seconds that a connection is kept for the next call: a new one costs a reply several round trips."""

_DEFAULTS = {"read": 20.0, "write": 20.0, "connect": 10.0, "pool": 10.0}


class AiohttpRequest(BaseRequest):
    """A `BaseRequest` with a pool of kept connections; a proxy as HTTPS_PROXY and NO_PROXY name it."""

    def __init__(self, connections: int = CONNECTIONS) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
        self._proxies: dict[str, str | None] = {}  # by host: the environment is not read again for every call

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer where the caller names none."""
        return _DEFAULTS["read"]

    async def initialize(self) -> None:
        """Open the session; raises SettingsInvalid for a proxy that cannot be used."""
        if self._session is None or self._session.closed:
            _check_proxy()
            self._proxies.clear()
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=IDLE)
            self._session = aiohttp.ClientSession(connector=connector)

    async def shutdown(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Carry out one request; raises TimedOut and NetworkError with aiohttp's error as their cause."""
        if self._session is None:
            raise RuntimeError("the transport is not open")
        timeout = _timeout(read=read_timeout, write=write_timeout, connect=connect_timeout, pool=pool_timeout)
        body, headers = _body(request_data)
        try:
            async with self._session.request(
                method,
                url,
                data=body,
                timeout=timeout,
                headers={"User-Agent": self.USER_AGENT, **headers},
                proxy=self._proxy(url),
            ) as response:
                return response.status, await response.read()
        except (TimeoutError, aiohttp.ServerTimeoutError) as error:
            raise TimedOut from error
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(f"{type(error).__name__}: {error}") from error

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer's JSON; the library's own writes what cannot be read into the log, and people's words with it."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except ValueError as error:
            raise TelegramError("Invalid server response") from error
        return answer if isinstance(answer, dict) else {}

    def _proxy(self, url: str) -> str | None:
        """The way to a server as HTTPS_PROXY (or HTTP_PROXY) and NO_PROXY name it."""
        root, _, _ = url.partition("/bot")
        if root not in self._proxies:
            where = urlsplit(url)
            wanted = not proxy_bypass(where.hostname or "")
            self._proxies[root] = getproxies().get(where.scheme) if wanted else None
        return self._proxies[root]


def _timeout(**seconds: Any) -> aiohttp.ClientTimeout:
    """aiohttp's timeouts; it has none for writing alone, so that is added to what the whole may take."""
    known = {name: _DEFAULTS[name] if value is BaseRequest.DEFAULT_NONE else value for name, value in seconds.items()}
    connect = None if known["connect"] is None or known["pool"] is None else known["connect"] + known["pool"]
    whole = None if None in known.values() else sum(known.values())
    return aiohttp.ClientTimeout(total=whole, connect=connect, sock_connect=known["connect"], sock_read=known["read"])


def _body(data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str]]:
    """The body, and the headers that belong to it."""
    if data is None:
        return None, {}
    if not data.contains_files:
        return urlencode(data.json_parameters).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
    form = aiohttp.FormData(data.json_parameters)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form, {}


def _check_proxy() -> None:
    """Raise SettingsInvalid for a proxy that aiohttp cannot use."""
    address = os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy") or ""
    if address.startswith("socks"):
        raise SettingsInvalid(
            "HTTPS_PROXY: only http:// proxies can be used; most proxy programs offer such a port as well."
        )

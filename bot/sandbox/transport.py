"""The in-process door: python-telegram-bot talks to a world without any network."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.sandbox.bot_api import BotApi, Dropped
from bot.sandbox.token import TOKEN
from bot.sandbox.validation import Upload
from bot.sandbox.world import World

__all__ = ["TOKEN", "SandboxRequest"]

_CAUSES: dict[str, httpx.HTTPError] = {
    "before": httpx.ConnectError("All connection attempts failed"),
    "unreachable": httpx.ConnectTimeout(""),
    "after": httpx.RemoteProtocolError("Server disconnected without sending a response."),
    "too late": httpx.ReadTimeout(""),
}


class SandboxRequest(BaseRequest):
    """A `BaseRequest` that asks a world's Bot API; give one to `Bot(TOKEN, request=…, get_updates_request=…)`.

    Faults show as the errors of HTTPXRequest, with httpx's own error as their cause: dropped before is a
    ConnectError, unreachable a ConnectTimeout, dropped after a RemoteProtocolError, slower than the read timeout a
    ReadTimeout. Token and address are not looked at.
    """

    def __init__(self, api: BotApi | World, *, read_timeout: float | None = 5.0) -> None:
        self.api = api if isinstance(api, BotApi) else BotApi(api)
        self._read_timeout = read_timeout

    @property
    def read_timeout(self) -> float | None:
        """Seconds that a fault's delay may last before the client gives up; long polls add their own."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

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
        """Carry out one request as HTTPXRequest would, down to its errors."""
        path = urlsplit(url).path
        if path.startswith("/file/"):
            return self._download(path.split("/", 3)[3])
        raw = request_data.json_parameters if request_data else {}
        patience = self._read_timeout if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        try:
            reply = await self.api.handle(path.rsplit("/", 1)[1], raw, _uploads(request_data), patience=patience)
        except Dropped as dropped:
            cause = _CAUSES[str(dropped)]
            raise _as_a_client_says(cause) from cause
        return reply.status, json.dumps(reply.payload, ensure_ascii=False).encode()

    def _download(self, path: str) -> tuple[int, bytes]:
        stored = self.api.world.files.at(path)
        return (200, stored.content) if stored else (404, b'{"ok":false,"error_code":404,"description":"Not Found"}')


def _uploads(data: RequestData | None) -> dict[str, Upload]:
    parts = data.multipart_data if data else {}
    return {name: _upload(*part[:3]) for name, part in (parts or {}).items()}


def _upload(name: str, content: Any, mime_type: str | None = None) -> Upload:
    return Upload(name, content if isinstance(content, bytes) else content.read(), mime_type)


def _as_a_client_says(cause: httpx.HTTPError) -> NetworkError:
    if isinstance(cause, httpx.TimeoutException):
        return TimedOut()
    return NetworkError(f"httpx.{type(cause).__name__}: {cause}")

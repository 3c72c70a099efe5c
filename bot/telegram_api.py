"""One call to a Bot API server: JSON in, JSON out, python-telegram-bot's errors when it says no."""

from __future__ import annotations

import os
from typing import Any

from telegram import InputFile
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter  # RequestData takes nothing else

os.environ.setdefault("PTB_TIMEDELTA", "true")  # waits as timedeltas: otherwise the library warns at every 429


def _form(payload: dict[str, Any]) -> RequestData:
    """A payload as form fields, with `{"$file": [name, content]}` values, text or bytes, as uploads."""
    return RequestData([RequestParameter.from_input(name, _uploaded(value)) for name, value in payload.items()])


def _uploaded(value: Any) -> Any:
    if isinstance(value, dict) and "$file" in value:
        name, content = value["$file"]
        return InputFile(content if isinstance(content, bytes) else content.encode(), filename=name)
    return value


class TelegramApi:
    """A Bot API server under a root address, over any of python-telegram-bot's transports."""

    def __init__(self, root: str, token: str, request: BaseRequest) -> None:
        self._base = f"{root}/bot{token}/"
        self._request = request

    async def open(self) -> None:
        """Make the transport ready."""
        await self._request.initialize()

    async def close(self) -> None:
        """Give the transport's connections back."""
        await self._request.shutdown()

    async def call(self, method: str, payload: dict[str, Any] | None = None, *, patience: float = 20.0) -> Any:
        """The method's result as JSON; raises telegram.error.TelegramError. `patience`: seconds to wait for the answer."""
        return await self._request.post(
            self._base + method,
            request_data=_form(payload or {}),
            read_timeout=patience,
            write_timeout=20.0,
            connect_timeout=10.0,
            pool_timeout=10.0,
        )

"""One call to a Bot API server: JSON in, JSON out, python-telegram-bot's errors when it says no."""

from __future__ import annotations

import json
from typing import Any

from telegram.request import BaseRequest, RequestData


class _Call(RequestData):
    """A payload as form fields, with `{"$file": [name, text]}` values as uploads."""

    __slots__ = ("_fields", "_files")

    def __init__(self, payload: dict[str, Any]) -> None:
        super().__init__()
        self._fields: dict[str, str] = {}
        self._files: dict[str, Any] = {}
        for name, value in payload.items():
            if isinstance(value, dict) and "$file" in value:
                file_name, content = value["$file"]
                self._files[name] = (file_name, content.encode(), "application/octet-stream")
            elif value is not None:
                self._fields[name] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        self.contains_files = bool(self._files)

    @property
    def json_parameters(self) -> dict[str, str]:
        """The form fields."""
        return self._fields

    @property
    def parameters(self) -> dict[str, Any]:
        """The form fields once more: the root class names them twice."""
        return dict(self._fields)

    @property
    def multipart_data(self) -> dict[str, Any]:
        """The uploads: name → (file name, bytes, type)."""
        return self._files


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
            request_data=_Call(payload or {}),
            read_timeout=patience,
            write_timeout=20.0,
            connect_timeout=10.0,
            pool_timeout=10.0,
        )

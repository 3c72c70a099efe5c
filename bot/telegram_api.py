"""One call to a Bot API server: JSON in, JSON out, python-telegram-bot's errors when it says no."""

from __future__ import annotations

import asyncio
import logging
import os
from datetime import timedelta
from typing import Any

from telegram import InputFile
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter  # RequestData takes nothing else

from bot.errors import TokenUnknown

log = logging.getLogger(__name__)

_LONGEST_PAUSE = 30.0

os.environ.setdefault("PTB_TIMEDELTA", "true")  # waits as timedeltas: otherwise the library warns at every 429


def _form(payload: dict[str, Any]) -> RequestData:
    """A payload as form fields, with `{"$file": [name, content]}` values (text or bytes) and files already at hand as uploads."""
    return RequestData([RequestParameter.from_input(name, _uploaded(value)) for name, value in payload.items()])


def _uploaded(value: Any) -> Any:
    if isinstance(value, dict) and "$file" in value:
        name, content = value["$file"]
        return InputFile(content if isinstance(content, bytes) else content.encode(), filename=name)
    return value


def _is_fetched(value: Any) -> bool:
    return isinstance(value, dict) and "$again" in value


class TelegramApi:
    """A Bot API server under a root address, over any of python-telegram-bot's transports."""

    def __init__(self, root: str, token: str, request: BaseRequest) -> None:
        self._base = f"{root}/bot{token}/"
        self._files = f"{root}/file/bot{token}/"
        self._request = request

    async def open(self) -> None:
        """Make the transport ready."""
        await self._request.initialize()

    async def close(self) -> None:
        """Give the transport's connections back."""
        await self._request.shutdown()

    async def with_files(self, payload: dict[str, Any]) -> dict[str, Any]:
        """The payload with every `{"$again": [file_id, name]}` fetched, to be uploaded anew under that name.

        Raises telegram.error.TelegramError, also for files over 20 MB, which Telegram does not hand out.
        """
        fetched: dict[str, InputFile] = {}
        filled = {
            name: await self._fetched(value) if _is_fetched(value) else await self._filled(value, fetched)
            for name, value in payload.items()
        }
        return filled | fetched

    async def _filled(self, value: Any, fetched: dict[str, InputFile]) -> Any:
        if isinstance(value, list):
            return [await self._filled(item, fetched) for item in value]
        if not isinstance(value, dict):
            return value
        if _is_fetched(value):
            place = f"file{len(fetched)}"
            fetched[place] = await self._fetched(value)
            return f"attach://{place}"
        return {name: await self._filled(item, fetched) for name, item in value.items()}

    async def _fetched(self, value: dict[str, Any]) -> InputFile:
        file_id, name = value["$again"]
        return InputFile(await self.download(file_id), filename=name)

    async def download(self, file_id: str) -> bytes:
        """What is in a file that somebody sent; raises telegram.error.TelegramError."""
        found = await self.call("getFile", {"file_id": file_id})
        return await self._request.retrieve(self._files + found["file_path"], read_timeout=60.0)

    async def call(self, method: str, payload: dict[str, Any] | None = None, *, patience: float = 20.0) -> Any:
        """The method's result as JSON; raises telegram.error.TelegramError. `patience`: seconds to wait for the answer."""
        try:
            return await self._request.post(
                self._base + method,
                request_data=_form(payload or {}),
                read_timeout=patience,
                write_timeout=20.0,
                connect_timeout=10.0,
                pool_timeout=10.0,
            )
        except KeyError as error:  # JSON, and no error, but without a result: whatever that means was done
            raise TelegramError("Invalid server response") from ValueError(f"no {error} in the answer")

    async def insist(self, method: str, payload: dict[str, Any] | None = None) -> Any:
        """Call until the server answers, with growing pauses; says once that it does not.

        Raises TokenUnknown, or telegram.error.BadRequest or Forbidden: another try would be refused as well.
        """
        pause = 0.0
        while True:
            try:
                return await self.call(method, payload)
            except InvalidToken as error:
                raise TokenUnknown from error
            except (BadRequest, Forbidden):
                raise
            except TelegramError as error:
                if pause == 0.0:
                    log.warning("The Bot API server cannot be reached (%s); trying again until it can.", error.message)
                pause = min(max(pause * 2, 1.0), _LONGEST_PAUSE)
                await asyncio.sleep(wished_pause(error) if isinstance(error, RetryAfter) else pause)


def wished_pause(error: RetryAfter) -> float:
    """The seconds that the server wants to be left alone."""
    after = error.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)

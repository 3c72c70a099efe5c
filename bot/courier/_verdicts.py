"""What an error of Telegram means for the message that met it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import aiohttp
import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.telegram_api import wished_pause


class Kind(Enum):
    """What to do with the row."""

    DONE = "it is as it should be already"
    WAIT = "Telegram says when to come back; not our attempt"
    AWAY = "nobody could be reached; try again, however long that takes"
    RETRY = "it did not arrive; try again"
    UNCERTAIN = "it may have arrived"
    MOVED = "the group has a new id"
    UNREACHABLE = "the person cannot be written to"
    CALLED_OFF = "it was taken back and not sent"
    FAILED = "it will never work"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The kind, in Telegram's words; `seconds` to wait, or the chat's new id.

    `cut` tells a doubt after a connection that broke (mostly it did not arrive) from one after a long silence (mostly it did).
    """

    kind: Kind
    error: str
    seconds: float = 0.0
    new_chat_id: int | None = None
    cut: bool = False


_NOT_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)
_BROKEN = (aiohttp.ClientError, httpx.HTTPError, OSError)  # a TimeoutError is an OSError
_PERSON_IS_GONE = (
    "chat not found",
    "user is deactivated",
    "bot was blocked",
    "can't initiate conversation",
    "peer_id_invalid",
    "user not found",
)


def judge(error: TelegramError) -> Verdict:
    """What this error means."""
    if isinstance(error, RetryAfter):
        return Verdict(Kind.WAIT, error.message, seconds=wished_pause(error))
    if isinstance(error, ChatMigrated):
        return Verdict(Kind.MOVED, error.message, new_chat_id=error.new_chat_id)
    if isinstance(error, (Forbidden, BadRequest)):
        return _refused(error)
    if isinstance(error, InvalidToken):
        return Verdict(Kind.RETRY, error.message, seconds=30.0)
    if isinstance(error, NetworkError):
        return _broken(error)
    if isinstance(error.__cause__, ValueError):  # it was accepted, but the answer cannot be read
        return Verdict(Kind.UNCERTAIN, error.message)
    return Verdict(Kind.RETRY, error.message)


def _refused(error: TelegramError) -> Verdict:
    said = error.message.casefold()
    if "is not modified" in said or "topic_not_modified" in said:
        return Verdict(Kind.DONE, error.message)
    if any(phrase in said for phrase in _PERSON_IS_GONE):
        return Verdict(Kind.UNREACHABLE, f"{type(error).__name__}: {error.message}")
    return Verdict(Kind.FAILED, f"{type(error).__name__}: {error.message}")


def _broken(error: NetworkError) -> Verdict:
    """A connection that broke after the request may have been taken leaves doubt; one that never stood does not."""
    cause = error.__cause__
    if isinstance(cause, _NOT_SENT):
        return Verdict(Kind.AWAY, type(cause).__name__)
    if isinstance(cause, _BROKEN):
        silent = isinstance(cause, (TimeoutError, httpx.TimeoutException))
        return Verdict(Kind.UNCERTAIN, f"{type(cause).__name__}", cut=not silent)
    return Verdict(Kind.RETRY, f"{type(cause).__name__ if cause else error.message}")

"""One call of the Bot API: checked, troubled by a fault if one was asked for, and carried out."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.bot_api import (
    _editing,
    _inline,
    _invitations,
    _media,
    _members,
    _polls,
    _profile,
    _receiving,
    _sending,
    _topics,
)
from bot.sandbox.bot_api._limits import RateLimits
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.validation import Upload, find_method
from bot.sandbox.world import Chat, Fault, World

Json = dict[str, Any]

_METHODS: dict[str, Callable[[BotApi, Json], Any]] = (
    _sending.METHODS
    | _media.METHODS
    | _polls.METHODS
    | _editing.METHODS
    | _receiving.METHODS
    | _inline.METHODS
    | _members.METHODS
    | _invitations.METHODS
    | _topics.METHODS
    | _profile.METHODS
)
_NOT_HERE = {
    "business_connection_id",
    "direct_messages_topic_id",
    "suggested_post_parameters",
    "allow_paid_broadcast",
    "rich_message",
}


class Dropped(Exception):
    """The client is to get no answer: "before", "unreachable" (no effect), "after", "too late" (taken)."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a call is answered with: an HTTP status and a JSON object."""

    status: int
    payload: Json


@dataclass(slots=True)
class Webhook:
    """Where updates are delivered, and how that went."""

    url: str
    secret: str
    max_connections: int
    last_error: str = ""
    last_error_date: int = 0


class BotApi:
    """Both doors lead here: `handle` answers a call as a server does, `call` returns or raises."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.webhook: Webhook | None = None
        self.commands: dict[tuple[tuple[Any, ...], str], list[Json]] = {}
        self.texts: dict[tuple[str, str], str] = {}
        self.menu_buttons: dict[int, Json] = {}
        self.on_webhook: Callable[[Webhook | None], None] = lambda hook: None
        self._limits = RateLimits(world.seconds)
        self._uploads: Mapping[str, Upload] = {}

    async def handle(
        self,
        method: str,
        raw: Mapping[str, Any],
        files: Mapping[str, Upload] | None = None,
        *,
        patience: float | None = None,
    ) -> Reply:
        """Answer a call; raises Dropped when a fault says so, or makes the answer take longer than `patience`."""
        fault = self.world.faults.strike(method, raw.get("chat_id")) if self.world.faults else None
        if fault is None:
            return await self._reply(method, raw, files or {})
        return await self._troubled_reply(fault, method, raw, files or {}, patience)

    async def _troubled_reply(
        self, fault: Fault, method: str, raw: Mapping[str, Any], files: Mapping[str, Upload], patience: float | None
    ) -> Reply:
        if fault.drop in {"before", "unreachable"}:
            raise Dropped(fault.drop)
        too_late = patience is not None and fault.delay >= patience > 0
        if fault.delay and not too_late:
            await asyncio.sleep(fault.delay)
        if fault.error_code:
            return Reply(fault.error_code, fault.payload())
        reply = await self._reply(method, raw, files)
        if too_late or fault.drop:
            raise Dropped("too late" if too_late else "after")
        return reply

    async def _reply(self, method: str, raw: Mapping[str, Any], files: Mapping[str, Upload]) -> Reply:
        try:
            return Reply(200, {"ok": True, "result": await self.call(method, raw, files)})
        except ApiError as refused:
            return Reply(refused.error_code, refused.payload())

    async def call(self, method: str, raw: Mapping[str, Any], files: Mapping[str, Upload] | None = None) -> Any:
        """Carry out a call and return its result; raises ApiError."""
        known = find_method(method)
        if known is None:
            raise ApiError(404, "Not Found: method not found")
        parameters = known.read(raw, files or {})
        for name in _NOT_HERE & parameters.keys():
            raise bad_request(f"not in this sandbox: {name}")
        carry_out = _METHODS.get(known.name)
        if carry_out is None:
            raise bad_request(f"not in this sandbox: {known.name}")
        self._uploads = files or {}
        result = carry_out(self, parameters)
        return await result if inspect.isawaitable(result) else result

    # For the methods

    def take_allowance(self, chat: Chat, count: int = 1) -> None:
        """Count messages against Telegram's rate limits, where the world keeps them."""
        if self.world.limits:
            self._limits.take(chat, count)

    def upload(self, reference: str) -> Upload:
        """The file of this call that `attach://name` means."""
        found = self._uploads.get(reference.removeprefix("attach://"))
        if found is None:
            raise bad_request(f"there is no file {reference.removeprefix('attach://')} in the request")
        return found

    def new_album_id(self) -> str:
        """An id for messages that belong together."""
        return str(13_000_000_000_000_000 + self.world.number("albums"))

    def set_webhook(self, url: str | None, secret: str = "", max_connections: int = 40) -> None:
        """Deliver to this address from now on, or to none."""
        self.webhook = Webhook(url, secret, max_connections) if url else None
        self.on_webhook(self.webhook)

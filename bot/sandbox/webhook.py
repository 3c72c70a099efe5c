"""Delivery of updates to a webhook: one after the other, with the secret in a header, again until taken."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from bot.sandbox.bot_api import BotApi, Webhook

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)  # seconds between attempts, the last one from then on
_PATIENCE = 60.0  # seconds for one answer
_NAP = 30.0


class WebhookDelivery:
    """Delivers a world's updates while a webhook is set; starts and stops with it."""

    def __init__(self, api: BotApi, client: httpx.AsyncClient) -> None:
        self._api = api
        self._client = client
        self._task: asyncio.Task[None] | None = None
        api.on_webhook = self._follow

    def _follow(self, hook: Webhook | None) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task = asyncio.get_running_loop().create_task(self._deliver_all(hook)) if hook else None

    async def close(self) -> None:
        """Stop delivering and close the connections."""
        self._follow(None)
        self._api.on_webhook = lambda hook: None
        await self._client.aclose()

    async def _deliver_all(self, hook: Webhook) -> None:
        updates = self._api.world.updates
        failed = 0
        while True:
            await updates.wait(_NAP)
            for update in updates.first(1):
                if await self._deliver(hook, update):
                    updates.acknowledge(update["update_id"] + 1)
                    failed = 0
                else:
                    await asyncio.sleep(_PAUSES[min(failed, len(_PAUSES) - 1)])
                    failed += 1

    async def _deliver(self, hook: Webhook, update: dict[str, Any]) -> bool:
        headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
        try:
            answer = await self._client.post(hook.url, json=update, headers=headers, timeout=_PATIENCE)
        except httpx.HTTPError as failure:
            return self._failed(hook, f"Connection failed: {failure}")
        if not answer.is_success:
            return self._failed(hook, f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}")
        await self._carry_out(answer)
        return True

    def _failed(self, hook: Webhook, sentence: str) -> bool:
        hook.last_error, hook.last_error_date = sentence, int(self._api.world.seconds())
        return False

    async def _carry_out(self, answer: httpx.Response) -> None:
        """A webhook may answer with one call of the Bot API, whose result nobody hears."""
        if not answer.headers.get("content-type", "").startswith("application/json"):
            return
        call = answer.json()
        if isinstance(call, dict) and "method" in call:
            await self._api.handle(str(call.pop("method")), call)

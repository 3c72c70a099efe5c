"""One parcel on its way: looked for if it may be there already, made ready, looked at once more, sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from telegram.error import TelegramError

from bot import outbox
from bot.apart import Undrawable
from bot.courier._drawing import drawn
from bot.courier._marks import marked
from bot.courier._outcome import Outcome, undelivered
from bot.courier._recovery import find_again
from bot.courier._verdicts import Kind, Verdict, judge
from bot.db import Database
from bot.outbox import Parcel, Receipt
from bot.telegram_api import TelegramApi

FRESH = 0.05
"""Seconds for which the claim itself counts as the look right before sending."""


class Sender:
    """Carries single parcels to Telegram."""

    def __init__(self, api: TelegramApi, database: Database, clock: Callable[[], float]) -> None:
        self._api = api
        self._database = database
        self._clock = clock
        self._asked: list[Parcel] = []
        self._called_off: set[int] = set()
        self._looking = asyncio.Lock()

    async def send(self, parcel: Parcel, *, its_turn: Callable[[], Awaitable[None]]) -> Outcome:
        """Send it in the moment in which it is `its_turn`, and say what came of it."""
        claimed_at = self._clock()
        try:
            if parcel.uncertain and (found := await find_again(self._api, self._database, parcel)) is not None:
                return Outcome(parcel, receipt=found)
            payload = await self._api.with_files(await drawn(marked(parcel)))
        except TelegramError as error:
            return undelivered(parcel, _without_doubt(judge(error)))
        except Undrawable as error:
            return undelivered(parcel, Verdict(Kind.FAILED, f"the picture cannot be drawn: {error}"))
        if self._clock() - claimed_at > FRESH and not await self._is_still_wanted(parcel):
            return undelivered(parcel, Verdict(Kind.CALLED_OFF, "taken back right before it was sent"))
        await its_turn()
        try:
            result = await self._api.call(parcel.method, payload)
        except TelegramError as error:
            return undelivered(parcel, judge(error))
        return Outcome(parcel, receipt=_receipt(parcel, result))

    async def _is_still_wanted(self, parcel: Parcel) -> bool:
        """Look at the row once more, together with all others that are about to leave.

        What is taken back in the milliseconds between this and the call goes out all the same.
        """
        self._asked.append(parcel)
        async with self._looking:
            asked, self._asked = self._asked, []
            if asked:
                self._called_off |= await asyncio.to_thread(self._taken_back, asked)
        wanted = parcel.id not in self._called_off
        self._called_off.discard(parcel.id)
        return wanted

    def _taken_back(self, parcels: list[Parcel]) -> set[int]:
        with self._database.connection() as connection:
            return outbox.taken_back(connection, parcels)


def _without_doubt(verdict: Verdict) -> Verdict:
    """The verdict on a call that sent nothing to anybody."""
    return replace(verdict, kind=Kind.RETRY) if verdict.kind is Kind.UNCERTAIN else verdict


def _receipt(parcel: Parcel, result: Any) -> Receipt:
    if isinstance(result, list):  # an album, in the order of its messages
        first, *others = [int(message["message_id"]) for message in result]
        return Receipt(parcel.id, first, None, tuple(zip(parcel.joined, others, strict=False)))
    if not isinstance(result, dict):
        return Receipt(parcel.id, parcel.payload.get("message_id"), None)
    thread_id = result.get("message_thread_id") if parcel.method == "createForumTopic" else None
    return Receipt(parcel.id, result.get("message_id"), thread_id)

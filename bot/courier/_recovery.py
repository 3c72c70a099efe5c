"""Finding again what may have arrived before a crash, so that nobody gets it twice.

A lost receipt is a message id that nobody knows. Ids grow, and one chat's messages go out one at a time, so the lost one
lies just above the last id that we know of this chat. Editing a message into what it is already harms nothing: Telegram
answers "not modified" for ours, and refuses whatever is not ours to edit.
"""

from __future__ import annotations

import asyncio
from typing import Any

from telegram.error import BadRequest, Forbidden

from bot import inbox, outbox
from bot.db import Database
from bot.outbox import Parcel, Receipt
from bot.telegram_api import TelegramApi

REACH = 12
"""How many ids above the last known one are looked at."""


async def find_again(api: TelegramApi, database: Database, parcel: Parcel) -> Receipt | None:
    """The receipt of a topic that was made after all; None when it was not, or for other methods.

    Raises TelegramError when that cannot be found out now.
    """
    if parcel.method != "createForumTopic":
        return None
    for candidate in await asyncio.to_thread(_candidates, database, parcel.chat_id):
        if await _is_ours(
            api,
            "editForumTopic",
            {"chat_id": parcel.chat_id, "message_thread_id": candidate, "name": parcel.payload["name"]},
        ):
            return Receipt(parcel.id, None, candidate)
    return None


def _candidates(database: Database, chat_id: int) -> list[int]:
    """The ids just above the newest one that a receipt names, without those of messages that others wrote."""
    with database.reading() as db:
        newest = outbox.newest_message(db.connection(), chat_id)
        if newest is None:
            return []
        others = inbox.heard(db, chat_id, newest)
    return [number for number in range(newest + 1, newest + REACH + len(others) + 1) if number not in others]


async def _is_ours(api: TelegramApi, method: str, payload: dict[str, Any]) -> bool:
    try:
        await api.call(method, payload)
    except (BadRequest, Forbidden) as error:
        return "not_modified" in error.message.casefold() or "not modified" in error.message.casefold()
    return True

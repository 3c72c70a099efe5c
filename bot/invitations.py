"""Invitation links from the command line."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from telegram.error import TelegramError

from bot import clock
from bot.db import Database
from bot.errors import OperatorError
from bot.features import people
from bot.features.people import Role
from bot.process import transport
from bot.settings import Settings
from bot.telegram_api import TelegramApi


def make(settings: Settings, role: str, *, cohort: str | None, uses: int, lasts: timedelta) -> str:
    """Store an invitation and give its link; raises OperatorError for an unknown role or an unreachable server."""
    wanted = _role(role)
    username = asyncio.run(_username(settings))
    database = Database(settings.database_url)
    database.migrate()
    with database.transaction() as db:
        invitation = people.invite(db, wanted, now=clock.now(), cohort=cohort, uses=uses, lasts=lasts)
    database.close()
    return f"https://t.me/{username}?start={invitation.code}"


def _role(name: str) -> Role:
    allowed = [role.value for role in Role if role is not Role.GUEST]
    if name not in allowed:
        raise OperatorError(f"There is no role '{name}'; use one of: {', '.join(reversed(allowed))}.")
    return Role(name)


async def _username(settings: Settings) -> str:
    api = TelegramApi(settings.api_url, settings.required_token(), transport())
    await api.open()
    try:
        return str((await api.call("getMe", patience=10.0))["username"])
    except TelegramError as error:
        raise OperatorError(
            f"{settings.api_url} does not say who the bot is ({error.message}). Check SMALLWINS_TOKEN, "
            "SMALLWINS_API_URL and the network."
        ) from None
    finally:
        await api.close()

"""What `smallwins check` looks at: a line each, what is wrong and what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError
from telegram.error import InvalidToken, TelegramError

from bot import i18n
from bot import settings as settings_module
from bot.db import Database, newest_version, reason
from bot.errors import CatalogueInvalid, ContentInvalid, OperatorError
from bot.features.faq import content, pairing, small_talk
from bot.features.resources import shelf
from bot.features.wins import content as wins_content
from bot.i18n import LANGUAGES
from bot.settings import Settings
from bot.telegram_api import TelegramApi


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    good: bool
    what: str
    sentence: str

    def __str__(self) -> str:
        return f"{'ok ' if self.good else 'BAD'}  {self.what}: {self.sentence}"


def everything() -> list[Finding]:
    """Look at all of it; settings first, since the rest needs them."""
    try:
        loaded = settings_module.load()
    except OperatorError as error:
        return [Finding(False, "settings", str(error))]
    looks: list[Callable[[Settings], Finding]] = [_database, _catalogues, _content, _pairs, _resources, _ladder, _token]
    return [Finding(True, "settings", "every value is of the right kind."), *[look(loaded) for look in looks]]


def _database(settings: Settings) -> Finding:
    try:
        database = Database(settings.database_url)
        if database.file is not None and not database.file.exists():
            return Finding(True, "database", f"{database.file} is not there yet; 'smallwins run' will make it.")
        found, newest = database.version(), newest_version()
        database.close()
    except OperatorError as error:
        return Finding(False, "database", str(error))
    except DBAPIError as error:
        return Finding(False, "database", f"it cannot be opened: {reason(error)}. Check SMALLWINS_DATABASE_URL.")
    if found == newest:
        return Finding(True, "database", f"schema {found}.")
    return Finding(True, "database", f"schema {found}; 'smallwins run' or 'smallwins migrate' brings it to {newest}.")


def _catalogues(_settings: Settings) -> Finding:
    try:
        i18n.load()
    except (CatalogueInvalid, ContentInvalid) as error:
        return Finding(False, "catalogues", str(error))
    return Finding(True, "catalogues", ", ".join(LANGUAGES) + ".")


def _content(settings: Settings) -> Finding:
    try:
        library = content.load(settings.content_folders)
        small_talk.load(settings.content_folders, library)
    except ContentInvalid as error:
        return _to_mend("content", error)
    return Finding(True, "content", f"{len(library.entries)} answers in {len(library.categories)} categories.")


def _pairs(settings: Settings) -> Finding:
    """A hint, no mistake: a translation may well come a day later."""
    try:
        hints = pairing.hints(settings.content_folders)
    except ContentInvalid as error:
        return _to_mend("languages", error)
    if not hints:
        return Finding(True, "languages", "both languages of every entry are as they were last checked.")
    return Finding(True, "languages", f"{len(hints)} to be checked:\n     " + "\n     ".join(map(str, hints)))


def _resources(settings: Settings) -> Finding:
    try:
        found = shelf.load(settings.content_folders)
    except ContentInvalid as error:
        return _to_mend("resources", error)
    return Finding(True, "resources", f"{len(found.resources)} for {len(found.needs)} needs.")


def _ladder(settings: Settings) -> Finding:
    try:
        answers = content.load(settings.content_folders).entries
        ladder = wins_content.load(settings.content_folders, answers)
    except ContentInvalid as error:
        return _to_mend("small wins", error)
    return Finding(True, "small wins", f"{len(ladder.steps)} steps in {len(ladder.stages)} stages.")


def _to_mend(what: str, error: ContentInvalid) -> Finding:
    return Finding(False, what, f"{len(error.problems)} to mend:\n     " + "\n     ".join(map(str, error.problems)))


def _token(settings: Settings) -> Finding:
    try:
        token = settings.required_token()
        username = asyncio.run(_ask_who(settings.api_url, token))
    except InvalidToken:
        return Finding(False, "token", "Telegram does not know it. Copy SMALLWINS_TOKEN again from @BotFather.")
    except TelegramError as error:
        return Finding(
            False,
            "token",
            f"{settings.api_url} cannot be asked ({error.message}). Check network and SMALLWINS_API_URL.",
        )
    except OperatorError as error:
        return Finding(False, "token", str(error))
    return Finding(True, "token", f"it is @{username}'s.")


async def _ask_who(root: str, token: str) -> str:
    from bot.process import transport

    api = TelegramApi(root, token, transport())
    await api.open()
    try:
        me = await api.call("getMe", patience=10.0)
    finally:
        await api.close()
    return str(me["username"])

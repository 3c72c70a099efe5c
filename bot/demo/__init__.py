"""`smallwins demo`: the real bot on a fresh database, with a Telegram look-alike and a chat page on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import tempfile
import webbrowser
from pathlib import Path

from pydantic import SecretStr
from sqlmodel import Session

from bot import clock, process
from bot.db import Database
from bot.demo import _calendar, _community
from bot.errors import OperatorError
from bot.features import groups, people
from bot.features.groups import Kind
from bot.features.people import Role
from bot.i18n import language_for
from bot.sandbox.demo import demo_world
from bot.sandbox.server import Running, serve
from bot.sandbox.world import Chat, Person, World
from bot.settings import Settings

NEWCOMER = "王芳"
"""The one person whom the bot has not met, so that arriving can be tried as well."""


async def run(*, port: int, browser: bool) -> None:
    """Serve the page and run the bot until Ctrl-C; raises OperatorError where the port is taken."""
    world = demo_world(clock=clock.now)
    async with contextlib.AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="smallwins-demo-", ignore_cleanup_errors=True))
        try:
            running = await stack.enter_async_context(serve(world, port=port))
        except OSError as error:
            raise OperatorError(
                f"Port {port} cannot be used ({error.strerror}). Take another one with --port, or --port 0 for any free one."
            ) from None
        await _show(world, running, Path(folder), browser=browser)


async def _show(world: World, running: Running, folder: Path, *, browser: bool) -> None:
    settings = Settings(
        token=SecretStr(running.token), api_url=running.url, database_url=f"sqlite:///{folder / 'demo.db'}"
    )
    await asyncio.to_thread(introduce, world, settings)
    await asyncio.to_thread(_calendar.plan, world, settings, now=clock.now())
    await asyncio.to_thread(_community.settle, world, settings, now=clock.now())
    world.updates.clear()  # what people said before the bot came is not for it
    for person in world.people.values():
        if person.name != NEWCOMER:
            world.start(person)
    print(f"\n  Small Wins is running. Open {running.url}\n  and choose who you are. Ctrl-C ends it.\n", flush=True)
    if browser and _has_desktop():
        webbrowser.open(running.url)
    await process.run(settings)


def _has_desktop() -> bool:
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def introduce(world: World, settings: Settings) -> None:
    """Let the bot know the demo's people and groups, as if they had been set up long ago."""
    database = Database(settings.database_url)
    database.migrate()
    with database.transaction() as db:
        for person in world.people.values():
            if person.name != NEWCOMER:
                _introduce_person(db, person, settings)
        for chat in world.chats.values():
            if chat.type == "supergroup":
                _introduce_group(db, world, chat, settings)
    database.close()


def _introduce_person(db: Session, person: Person, settings: Settings) -> None:
    now = clock.now()
    member = people.meet(
        db,
        telegram_id=person.id,
        name=person.name,
        language_code=person.language,
        default=settings.language,
        timezone=settings.timezone,
        now=now,
    )
    people.agree(member, now=now)
    member.role = Role(person.note.split(" ", 1)[0].casefold())


def _introduce_group(db: Session, world: World, chat: Chat, settings: Settings) -> None:
    owner = next(world.people[user_id] for user_id, member in chat.members.items() if member.status == "creator")
    group = groups.seen(
        db,
        chat.id,
        title=chat.title,
        is_forum=chat.is_forum,
        language=language_for(owner.language, settings.language),
        timezone=settings.timezone,
        now=clock.now(),
    )
    group.can_manage_topics = chat.is_forum
    groups.settle(db, group, Kind.CONSULTANTS if chat.is_forum else Kind.COMMUNITY)

"""The content and the matcher as they are now: an edited file or a new question to the experts counts without a restart."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.db import Database
from bot.errors import ContentInvalid
from bot.features import faq
from bot.features.faq import content, small_talk
from bot.features.faq.content import Library
from bot.features.resources import Shelf
from bot.features.resources import shelf as resources_shelf
from bot.search import BankLine, Match, Matcher, build
from bot.search._use import cache_folder
from bot.settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Knowledge:
    """The reviewed content and the matcher over it, as they are now."""

    library: Library
    match: Callable[[str, str | None], Match]
    shelf: Shelf
    small_talk: Callable[[str], str | None]


def load(settings: Settings, learned: Sequence[BankLine] = ()) -> Knowledge:
    """The content and its matcher, which also knows what was `learned` since; raises ContentInvalid."""
    folders = settings.content_folders
    library = content.load(folders)
    return Knowledge(
        library,
        matcher(library, settings, learned).match,
        resources_shelf.load(folders),
        small_talk.load(folders, library).sort,
    )


def matcher(library: Library, settings: Settings, learned: Sequence[BankLine] = ()) -> Matcher:
    """The matcher over a library and what the experts were asked."""
    corpus = library.corpus()
    known = {line.text for line in corpus.bank}
    grown = replace(corpus, bank=corpus.bank + tuple(line for line in learned if line.text not in known))
    return build(grown, cache=cache_folder() / "vectors.npz", folders=settings.content_folders)


Stamp = tuple[tuple[str, int], ...]
LOOK_EVERY = 1.0
"""Seconds between two looks at files and bank."""


class Keeper:
    """Holds the knowledge and makes it anew when something changed; `refresh` belongs outside of any transaction."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        first: Knowledge,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._database = database
        self._knowledge = first
        self._clock = clock
        self._looked = clock()
        self._learning = threading.Lock()
        self._stamp = self._files()
        self._bank = 0

    def current(self) -> Knowledge:
        """What is known now; costs nothing."""
        return self._knowledge

    def refresh(self) -> None:
        """Look for changes, at most once a second, and learn them; while one thread learns, others use what was known."""
        if self._clock() - self._looked < LOOK_EVERY or not self._learning.acquire(blocking=False):
            return
        try:
            self._looked = self._clock()
            self._learn()
        finally:
            self._learning.release()

    def _learn(self) -> None:
        stamp = self._files()
        with self._database.reading() as db:
            newest = faq.newest_in_bank(db)
            if stamp == self._stamp and newest == self._bank:
                return
            bank = faq.bank(db)
        self._stamp, self._bank = stamp, newest
        try:
            self._knowledge = load(self._settings, bank)
        except ContentInvalid as error:
            log.error("The changed content is not used, since it has mistakes:\n%s", error)

    def _files(self) -> Stamp:
        folders = self._settings.content_folders
        files = [file for folder in folders for file in sorted(folder.rglob("*.yaml"))]
        return tuple((str(file), file.stat().st_mtime_ns) for file in files)

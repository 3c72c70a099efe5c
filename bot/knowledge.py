"""The content and the matcher as they are now.

An edited file, an entry published from the desk, or a new question to the experts counts without a restart.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.db import Database
from bot.errors import ContentInvalid
from bot.features import entries, faq
from bot.features.faq import content, small_talk
from bot.features.faq.content import Library, WrittenWording
from bot.features.faq.overlay import Overlay, overlaid
from bot.features.resources import Shelf
from bot.features.resources import shelf as resources_shelf
from bot.features.wins import Ladder
from bot.features.wins import content as wins_content
from bot.loading import set_aside
from bot.search import BankLine, Candidate, Match, Matcher, Scored, build
from bot.search._use import cache_folder
from bot.settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Knowledge:
    """The reviewed content and the matcher over it, as they are now.

    `files` is the library without what was published from the desk; `dangerous` says whether words name a dose or an
    emergency, on which only fixed texts speak; `alike` puts (text, language) lines into groups that ask much the same.
    """

    library: Library
    match: Callable[[str, str | None], Match]
    shelf: Shelf
    similar: Callable[[str, Sequence[Candidate], int], list[Scored]]
    small_talk: Callable[[str], str | None]
    files: Library
    dangerous: Callable[[str], bool]
    alike: Callable[[Sequence[tuple[str, str]]], list[list[int]]]
    ladder: Ladder


def load(
    settings: Settings, learned: Sequence[BankLine] = (), published: Sequence[entries.Version] = ()
) -> Knowledge:
    """The content and its matcher, which also know what was `learned` and `published` since; raises ContentInvalid."""
    folders = settings.content_folders
    files = content.load(folders)
    library = overlaid(files, map(as_overlay, published))
    answered = {words for version in published for words in (version.question, *version.variants)}
    made = matcher(library, settings, [line for line in learned if line.text not in answered])
    small = small_talk.load(folders, library)
    shelf = resources_shelf.load(folders)
    ladder = wins_content.load(folders, library.entries)
    return Knowledge(library, made.match, shelf, made.similar, small.sort, files, made.dangerous, made.alike, ladder)


def as_overlay(version: entries.Version) -> Overlay:
    """A version from the desk, as the library takes it in."""
    wording = WrittenWording(
        question=version.question, answer=version.answer, points=tuple(version.points),
        next_step=version.next_step, variants=tuple(version.variants),
    )
    return Overlay(version.entry_id, "en" if version.language == "en" else "zh", wording, tuple(version.sources))


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
        self._published = 0

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
            newest, published = faq.newest_in_bank(db), entries.stamp(db)
            if (stamp, newest, published) == (self._stamp, self._bank, self._published):
                return
            bank, versions = faq.bank(db), entries.all_published(db)
        self._stamp, self._bank, self._published = stamp, newest, published
        try:
            self._knowledge = load(self._settings, bank, versions)
            set_aside()
        except ContentInvalid as error:
            log.error("The changed content is not used, since it has mistakes:\n%s", error)

    def _files(self) -> Stamp:
        folders = self._settings.content_folders
        files = [file for folder in folders for file in sorted(folder.rglob("*.yaml"))]
        return tuple((str(file), file.stat().st_mtime_ns) for file in files)

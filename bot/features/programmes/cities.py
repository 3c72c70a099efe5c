"""Cities by any of their names, with their coordinates: what the map and the filter know them by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from bot import content
from bot.content import Content
from bot.search import findable
from bot.settings import shipped

_SUFFIX = re.compile(r"(?<=.)市$|\s+city$")


class City(Content):
    """A city: its name in English and in Simplified Chinese, degrees north and east, other spellings."""

    en: str
    zh: str
    north: float
    east: float
    also: tuple[str, ...] = ()

    def named(self, language: str) -> str:
        """Its name; Traditional Chinese is the caller's to derive."""
        return self.en if language == "en" else self.zh


class Cities(Content):
    """The file."""

    cities: tuple[City, ...]


@dataclass(frozen=True)
class Place:
    """Where somebody works: `key` is the same for all spellings of one city; `city` is None for one that is not known."""

    key: str
    city: City | None


@cache
def _by_name() -> dict[str, City]:
    """Every spelling; raises ContentInvalid for a broken file."""
    read = content.load(Cities, shipped("data") / "cities.yaml").content
    return {_plain(name): city for city in read.cities for name in (city.en, city.zh, *city.also)}


def _plain(name: str) -> str:
    return _SUFFIX.sub("", findable(name)).strip()


def place(name: str) -> Place:
    """The city that is meant, in any script or spelling that is known; otherwise the name itself, without its frills."""
    plain = _plain(name)
    city = _by_name().get(plain)
    return Place(findable(city.en) if city is not None else plain, city)

"""Time zones as people name them: a city, a country's usual name for its time, or the zone's own name."""

from __future__ import annotations

import re
from functools import cache
from zoneinfo import available_timezones

from babel.dates import get_timezone_location

from bot.errors import CannotPlan
from bot.timetable._words._text import Text

_OURS = {
    "beijing": "Asia/Shanghai", "china": "Asia/Shanghai", "peking": "Asia/Shanghai", "北京": "Asia/Shanghai",
    "中国": "Asia/Shanghai", "us eastern": "America/New_York", "eastern": "America/New_York", "美东": "America/New_York",
    "us pacific": "America/Los_Angeles", "pacific": "America/Los_Angeles", "美西": "America/Los_Angeles",
    "est": "America/New_York", "edt": "America/New_York", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles",
    "utc": "UTC", "gmt": "UTC", "boston": "America/New_York", "波士顿": "America/New_York",
    "san francisco": "America/Los_Angeles", "旧金山": "America/Los_Angeles", "shenzhen": "Asia/Shanghai",
    "guangzhou": "Asia/Shanghai", "chengdu": "Asia/Shanghai", "utc+8": "Asia/Shanghai", "gmt+8": "Asia/Shanghai",
}  # fmt: skip
_CONTINENTS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
_ALSO_WORDS = {"center", "easter", "midway", "troll", "nome", "chita", "south", "north", "west", "knox"}
_BEFORE, _AFTER = r"(?:\bin |[(（])?", r"(?:'s)?\s*(?:\b(?:standard )?time\b|时间|当地时间)?[)）]?"


def take_zone(text: Text) -> str | None:
    """The zone that is named, taken out of the text; raises CannotPlan for one that does not exist."""
    if (own := text.take(r"\b(?P<zone>[a-z_]+/[a-z_]+(?:/[a-z_]+)?)\b" + _AFTER)) is not None:
        zone = _by_name().get(own["zone"])
        if zone is None:
            raise CannotPlan("zone", name=own["zone"])
        return zone
    if (named := text.take(_cities())) is not None:
        return _by_city()[named["zone"]]
    if (
        strange := re.search(r"(?P<name>(?:utc|gmt)[+-]\d+|[a-z][a-z'-]+) time\b|(?P<zh>[^\W\d_]{2,8})时间", text.rest)
    ) is not None:
        name = strange["name"] or strange["zh"]
        if name not in (
            "the",
            "at",
            "any",
            "start",
            "this",
            "same",
            "wall",
            "local",
            "full",
            "开始",
            "结束",
            "会议",
            "活动",
        ):
            raise CannotPlan("zone", name=name)
    return None


@cache
def _by_name() -> dict[str, str]:
    return {zone.casefold(): zone for zone in available_timezones() if "/" in zone}


@cache
def _by_city() -> dict[str, str]:
    named: dict[str, str] = {}
    for zone in sorted(available_timezones()):
        if zone.startswith(_CONTINENTS):
            for city in (zone.rpartition("/")[2].replace("_", " ").casefold(), *_written(zone)):
                if len(city) >= (2 if not city.isascii() else 4) and city not in _ALSO_WORDS:
                    named.setdefault(city, zone)
    return named | _OURS


def _written(zone: str) -> tuple[str, ...]:
    """The city in Chinese, as the languages' own list of zones has it."""
    return (str(get_timezone_location(zone, locale="zh_Hans", return_city=True)),)


@cache
def _cities() -> re.Pattern[str]:
    names = sorted(_by_city(), key=len, reverse=True)
    latin = "|".join(re.escape(name) for name in names if name.isascii())
    others = "|".join(re.escape(name) for name in names if not name.isascii())
    return re.compile(rf"{_BEFORE}(?P<zone>(?<![\w/])(?:{latin})(?![\w/+])|{others}){_AFTER}")

"""A text that is read piece by piece: what was understood is taken out, and what is left was not."""

from __future__ import annotations

import re
import unicodedata

from bot.search import to_simplified

_DASHES = re.compile(r"[–—―~〜‒]")
_NUMERALS = "零一二三四五六七八九"
_ENGLISH = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "twelve": 12}
_WEEKS_OF_MONTH = re.compile(r"月的?([一二三四五](?:[、,和及与]?[一二三四五])*)周(?=的?‹)")  # 每月二、四周周二
_COUNTED = r"hours?|weeks?|months?|times|sessions|meetings|minutes"

_DAYS_EN = (
    r"mon(?:days?)?", r"tue(?:s|sdays?)?", r"wed(?:nesdays?)?", r"thu(?:r|rs|rsdays?)?",
    r"fri(?:days?)?", r"sat(?:urdays?)?", r"sun(?:days?)?",
)  # fmt: skip
_DAYS_ZH = "一二三四五六日天"
_WEEK = r"(?:周|星期|礼拜)"
_TOGETHER = re.compile(rf"{_WEEK}([{_DAYS_ZH}]{{2,6}})(?![{_DAYS_ZH}十点时刻月个周次场回节期日号分小])")  # 每周一三五
_ONE_DAY = re.compile(
    rf"{_WEEK}([{_DAYS_ZH}])(?![次回])(?!(?<=一)[场期])"
)  # but 每周一次 is no Monday, 每周二次 no Tuesday
_DAY_FIGURE = re.compile(rf"{_WEEK}([1-7])(?![\d:.点时刻月个周次场回节期日号分小])")
_FILLERS = re.compile(
    r"\b(?:on|at|the|of|in|a|an|every|each|from|and|with|for|to|it|is|begins?|starts?|starting|lasts?|lasting|time|o'clock)\b"
    r"|[\s,;:、。.()（）|和及与的在于，；]|举行|召开|开始|每次|时长|时间|持续|期间|点钟"
)


class Text:
    """Words on their way to being understood; weekdays are ‹0› (Monday) to ‹6›, whatever language they were in."""

    def __init__(self, words: str) -> None:
        plain = to_simplified(unicodedata.normalize("NFKC", words).casefold())
        plain = _DASHES.sub("-", re.sub(r"\s+", " ", plain)).strip(" .。!")
        self.rest = _with_digits(_with_weekdays(plain))

    def take(self, pattern: str | re.Pattern[str]) -> re.Match[str] | None:
        """The first place that fits, taken out of the text."""
        found = re.search(pattern, self.rest)
        if found is not None:
            self.rest = f"{self.rest[: found.start()]} | {self.rest[found.end() :]}"
        return found

    def take_all(self, pattern: str | re.Pattern[str]) -> list[re.Match[str]]:
        """Every place that fits."""
        found = []
        while (one := self.take(pattern)) is not None:
            found.append(one)
        return found

    @property
    def left(self) -> str:
        """What nothing has understood, without the words that say nothing."""
        spaced = re.sub(
            r"‹(\d)›", lambda day: f" {('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')[int(day[1])]} ", self.rest
        )
        kept = [part for part in re.split(r"\s*\|\s*", spaced) if _FILLERS.sub("", part)]
        return " … ".join(part.strip(" ,;、") for part in kept)


def _with_weekdays(text: str) -> str:
    for number, name in enumerate(_DAYS_EN):
        text = re.sub(rf"\b{name}\b\.?", f"‹{number}›", text)
    text = _TOGETHER.sub(lambda days: "、".join(f"‹{_number_of(day)}›" for day in days[1]), text)
    text = _ONE_DAY.sub(lambda day: f"‹{_number_of(day[1])}›", text)
    text = _DAY_FIGURE.sub(lambda day: f"‹{int(day[1]) - 1}›", text)
    more = re.compile(rf"(‹\d›)\s*([、,和及])\s*([{_DAYS_ZH}])(?![{_DAYS_ZH}月点个次日号])")
    while (found := more.search(text)) is not None:
        text = text[: found.start()] + f"{found[1]}{found[2]}‹{_number_of(found[3])}›" + text[found.end() :]
    return text


def _number_of(day: str) -> int:
    return min(_DAYS_ZH.index(day), 6)


def _with_digits(text: str) -> str:
    text = _WEEKS_OF_MONTH.sub(r"月第\1周", text)
    text = re.sub(r"(?<=第)[一二三四五](?:[、,和及与]?[一二三四五])*(?=[个周星礼的‹、,和及与])", _zh_each, text)
    text = re.sub(
        r"([零一二三四五六七八九十两]+)(?=点|时|分|刻|个?半?小时|次|月|日|号|个|周|星期|礼拜|天|场|回|节|期|‹)",
        _zh_number,
        text,
    )
    text = re.sub(r"(?<=点)([零一二三四五六七八九十两]+)(?=分|$|\D)", _zh_number, text)
    return re.sub(rf"\b({'|'.join(_ENGLISH)})\b(?=[\s-]+(?:{_COUNTED})\b)", lambda word: str(_ENGLISH[word[1]]), text)


def _zh_each(found: re.Match[str]) -> str:
    """Every numeral by itself, as in 第二、四个."""
    return "、".join(str(_NUMERALS.index(one)) for one in found[0] if one in _NUMERALS)


def _zh_number(found: re.Match[str]) -> str:
    word = found[1].replace("两", "二").lstrip("零") or "零"
    if "十" not in word:
        return "".join(str(_NUMERALS.index(figure)) for figure in word)
    tens, _ten, ones = word.partition("十")
    return str((_NUMERALS.index(tens) if tens else 1) * 10 + (_NUMERALS.index(ones) if ones else 0))

"""Rules that come before statistics: emergencies, doses, details of patients (data/matching/rules.yaml)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from bot import content
from bot.content import Content
from bot.errors import ContentInvalid
from bot.search._corpus import Safety
from bot.search._spelling import mended
from bot.search._text import readable, to_simplified

_NUMBER = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,2})?(?![\d.]*\d)")
_WHEN = re.compile(
    r"(?<!\d)\d{4}[-/年.]\d{1,2}[-/月.]\d{1,2}[日号]?|(?<![\d.])\d{1,2}/\d{1,2}(?:/\d{2,4})?(?![\d.])|\d{1,2}月\d{1,2}[日号]?"
    r"|(?<![\d.])(?:[01]?\d|2[0-4])[::][0-5]\d(?!\d)|(?<![\d.])\d{1,2}(?:[.:][0-5]\d)? ?[ap]\.?m\b"
    r"|(?<![\d.])\d{1,2} ?(?:点|时)(?:半|整|钟|[一二三]刻|\d{1,2}分?)?(?![\d.])")
"""Clock times and dates."""
_COMMA = re.compile(r"(?<![\d.,])(\d{1,2}),(\d)(?![\d,])")
_SPOKEN = re.compile(
    r"(?<![\d零一二两三四五六七八九十])(\d{1,2}|[二三]?十?[零一二两三四五六七八九]|[二三]?十)"
    r"点(\d|[零一二三四五六七八九])(?![\d零一二三四五六七八九十分半刻钟多])")
"""A decimal as it is said: 二点三 is 2.3, but 三点五十 is a time."""
_DIGITS = {word: str(value) for value, word in enumerate("零一二三四五六七八九")} | {"两": "2"}
_FIGURATIVE, _DAY = "figurative", "day"
"""Lists that the program itself looks for; a file may leave them out."""
_APOSTROPHES = re.compile(r"['’‘`´]")


class Range(Content):
    """Values that count as a named number."""

    lowest: float = Field(alias="from")
    highest: float = Field(alias="to")
    decimals: bool = False


class Words(Content):
    """What counts as a named list of words, by language."""

    en: tuple[str, ...] = ()
    zh: tuple[str, ...] = ()


class RuleText(Content):
    """One rule as written: every list of `all` and none of `unless`."""

    decision: Literal["answer", "urgent"]
    safety: Safety
    all: Annotated[tuple[str, ...], Field(min_length=1)]
    unless: tuple[str, ...] = ()


class RulesText(Content):
    """The file data/matching/rules.yaml."""

    numbers: dict[str, Range] = {}
    words: dict[str, Words]
    rules: tuple[RuleText, ...]


@dataclass(frozen=True)
class Verdict:
    """What a rule says about a message."""

    decision: Literal["answer", "urgent"]
    safety: Safety


class Rules:
    """The compiled rules; the first that holds decides."""

    def __init__(self, written: RulesText) -> None:
        self._written = written
        self._lists = {name: _List([*words.en, *words.zh]) for name, words in written.words.items()}
        self._figurative = self._lists.pop(_FIGURATIVE, _List([]))

    def verdict(self, text: str) -> Verdict | None:
        """The first rule that holds for the message, or None."""
        text = self._figurative.cut_out(prepared(text))
        seen: dict[str, bool] = {}
        for rule in self._written.rules:
            if self._any(rule.unless, text, seen):
                continue
            if all(self._holds(name, text, seen) for name in rule.all):
                return Verdict(rule.decision, rule.safety)
        return None

    def mentions(self, name: str, text: str) -> bool:
        """Whether something of the named list is in the message."""
        known = name in self._lists or name in self._written.numbers
        return known and self._holds(name, self._figurative.cut_out(prepared(text)), {})

    def figurative(self, text: str) -> bool:
        """Whether something in the message only sounds like an emergency."""
        return self._figurative.holds(prepared(text))

    def only_when(self, text: str) -> bool:
        """Whether the message says when, or a number, and nothing else."""
        rest = _WHEN.sub(" ", prepared(text))
        if _DAY in self._lists:
            rest = self._lists[_DAY].cut_out(rest)
        return not any(character.isalpha() for character in rest)

    def _any(self, names: Iterable[str], text: str, seen: dict[str, bool]) -> bool:
        return any(self._holds(name, text, seen) for name in names)

    def _holds(self, name: str, text: str, seen: dict[str, bool]) -> bool:
        if name not in seen:
            seen[name] = self._lists[name].holds(text) if name in self._lists else \
                _within(self._written.numbers[name], text)
        return seen[name]


def read_rules(path: Path) -> Rules:
    """Read and compile the rules; raises ContentInvalid where something is wrong with the file."""
    loaded = content.load(RulesText, path)
    names = {*loaded.content.words, *loaded.content.numbers}
    problems = [loaded.problem(("rules", at), f"There is no list named '{name}'; add it under 'words' or correct it.")
                for at, rule in enumerate(loaded.content.rules) for name in (*rule.all, *rule.unless) if name not in names]
    for name, words in loaded.content.words.items():
        for lang in ("en", "zh"):
            for at, word in enumerate(getattr(words, lang)):
                try:
                    re.compile(_expression(word))
                except re.error as error:
                    problems.append(loaded.problem(("words", name, lang, at),
                                                   f"'{word}' is not a regular expression: {error}."))
    if problems:
        raise ContentInvalid(problems)
    return Rules(loaded.content)


def prepared(text: str) -> str:
    """What rules look at: readable, Simplified, lower case, without apostrophes."""
    plain = _APOSTROPHES.sub("", mended(to_simplified(readable(text)).lower()))
    return _SPOKEN.sub(lambda found: f"{_digits(found[1])}.{_digits(found[2])}", _COMMA.sub(r"\1.\2", plain))


def _digits(spoken: str) -> str:
    """A number below 40 as digits: 十二 is 12."""
    tens, ten, ones = spoken.rpartition("十")
    if not ten:
        return _DIGITS.get(spoken, spoken)
    return str(10 * int(_DIGITS.get(tens, "1")) + int(_DIGITS.get(ones, "0")))


class _List:
    """A named list: plain Chinese words are looked up as they are, which is many times faster than a pattern."""

    def __init__(self, words: list[str]) -> None:
        plain = {word: _plain(word) for word in words}
        self._literals = tuple(literal for literal in plain.values() if literal)
        self._pattern = re.compile("|".join(_expression(word) for word in words if not plain[word]) or r"(?!)")

    def holds(self, text: str) -> bool:
        """Whether something of the list is in the text."""
        return any(literal in text for literal in self._literals) or self._pattern.search(text) is not None

    def cut_out(self, text: str) -> str:
        """The text without what the list finds."""
        for literal in self._literals:
            text = text.replace(literal, " ")
        return self._pattern.sub(" ", text)


def _plain(word: str) -> str | None:
    """The word itself where it can simply be looked up."""
    literal = _folded(word)
    return None if re.search("[a-z/…]", literal) else literal


def _folded(word: str) -> str:
    folded = _APOSTROPHES.sub("", to_simplified(unicodedata.normalize("NFKC", word)).lower())
    return folded.replace("...", "…")  # NFKC takes the ellipsis apart


def _expression(word: str) -> str:
    """The regular expression for a word of a list."""
    if len(word) > 2 and word[0] == word[-1] == "/":
        return f"(?:{word[1:-1]})"
    word = _folded(word)
    escaped = re.escape(word).replace(r"\*", r"\w*")
    if not re.search("[a-z]", word):  # Chinese
        return escaped.replace("…", "[^。.!?]{0,8}?")
    return r"\b" + re.sub(r"(\\ )?…(\\ )?", r"[^.!?]{0,25}?", escaped) + r"\b"


def _within(allowed: Range, text: str) -> bool:
    """Whether a number in the range is in the text; clock times and dates are none."""
    return any(allowed.lowest <= float(found) <= allowed.highest and ("." in found or not allowed.decimals)
               for found in _NUMBER.findall(_WHEN.sub(" ", text)))

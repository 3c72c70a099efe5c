"""Patients' names, by the word before them.

A name is a surname with a given name. A surname with a title (李大爷, 张阿姨, 王主任), or with 老 or 小 before it, is how
colleagues speak of people without naming them: it stays. So do professionals with their titles in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.screening._kinds import Finding, Kind
from bot.screening._words import (
    NEVER_IN_NAMES,
    NO_ENGLISH_NAMES,
    NO_NAMES,
    PINYIN_SURNAMES,
    SURNAMES,
    SURNAMES_OF_TWO,
    SURNAMES_THAT_ARE_WORDS,
    TITLES,
)

_PATIENT = re.compile(
    r"(?P<patient>患者|病人|病友|糖友|病患|患友|[组組][员員]|\d\s*床(?:的)?)(?:\s|[:,(“\"'「])*"
    r"(?P<said>(?:姓名|名字|名|叫|名叫|叫做|叫作|是|为|為|\s|[:“\"「])*)"
    r"|(?P<form>姓名)\s*[:]\s*"
)
_AND = re.compile(r"\s*(?:[、,和与與及跟]|以及)\s*(?:患者|病人|病友|糖友)?")
_AFTER_SHORT_NAMES = "的是说說问問今男女和与與、"
_HAN = re.compile(r"[\u4e00-\u9fff]")

_ENGLISH_PATIENT = re.compile(
    r"(?<![A-Za-z])(?i:patients?(?:'s)?|inpatient|outpatient)"
    r"(?P<said>(?:,?\s+|\s*[:(]\s*)(?i:named?|called|is called|name is|name)\s*:?\s*)?[\s,:(\"“]*"
)
_ENGLISH_TITLE = re.compile(r"(?<![A-Za-z])(?:Mr|Mrs|Ms|Miss|Madam|Mister)\b\.?[ ]*")
_ENGLISH_NAME = re.compile(r"[A-Z][a-z]+(?:[-'][A-Za-z][a-z]+)*(?: (?:[A-Z]\. )?[A-Z][a-z]+(?:[-'][A-Za-z][a-z]+)*){0,2}")
_SHOUTED_NAME = re.compile(r"[A-Z]{2,}(?:[ ,-]{1,2}[A-Z]{2,}){1,2}(?![A-Za-z])")
_ANY_CASE_NAME = re.compile(r"[A-Za-z]{2,}(?:[ -][A-Za-z]{2,}){1,2}(?![A-Za-z])")


def names(text: str) -> Iterator[Finding]:
    """Names after a word for a patient, in Chinese and in English."""
    for found in _PATIENT.finditer(text):
        yield from _chinese_names(text, found.end(), named=bool(found["said"].strip() if found["said"] else found["form"]))
    for found in _ENGLISH_PATIENT.finditer(text):
        yield from _english_name(text, found.end(), named=bool(found["said"]))
    for found in _ENGLISH_TITLE.finditer(text):
        yield from _english_name(text, found.end(), named=False)


def _chinese_names(text: str, at: int, *, named: bool) -> Iterator[Finding]:
    """The name that begins at this place, and those that are counted after it."""
    while (length := _name_length(text, at, named=named)) > 0:
        yield Finding(Kind.NAME, at, at + length)
        further = _AND.match(text, at + length)
        if further is None:
            return
        at = further.end()


def _name_length(text: str, at: int, *, named: bool) -> int:
    """How long the name at this place is; 0 where none stands."""
    surname = 2 if text[at : at + 2] in SURNAMES_OF_TWO else 1
    first = text[at : at + surname]
    doubtful = first in SURNAMES_THAT_ARE_WORDS and first not in SURNAMES
    if surname == 1 and first not in SURNAMES and not doubtful:
        return 0
    if text[at : at + 2] in NO_NAMES or text.startswith(TITLES, at + surname):
        return 0
    given = 0
    while given < 2 and _may_be_in_a_name(text[at + surname + given : at + surname + given + 1]):
        given += 1
    ends = not _may_be_in_a_name(text[at + surname + given : at + surname + given + 1])
    if given == 0 or (not ends and (doubtful or surname == 2) and not named):
        return 0
    after = text[at + surname + given : at + surname + given + 1]
    if doubtful and given == 1 and not named and _HAN.match(after) and after not in _AFTER_SHORT_NAMES:
        return 0
    return surname + given


def _may_be_in_a_name(character: str) -> bool:
    return bool(_HAN.match(character)) and character not in NEVER_IN_NAMES


def _english_name(text: str, at: int, *, named: bool) -> Iterator[Finding]:
    found = _ENGLISH_NAME.match(text, at)
    if found is not None:
        words = found[0].split(" ")
        while len(words) > 1 and words[-1].casefold() in NO_ENGLISH_NAMES:
            words.pop()
        length = len(" ".join(words))
        follows = text[at + length : at + length + 1]
        if words[0].casefold() not in NO_ENGLISH_NAMES and not (follows.isascii() and follows.isalnum()):
            yield Finding(Kind.NAME, at, at + length)
        return
    shouted = (_ANY_CASE_NAME if named else _SHOUTED_NAME).match(text, at)
    if shouted is not None and re.split(r"[ ,-]", shouted[0])[0].casefold() in PINYIN_SURNAMES:
        yield Finding(Kind.NAME, *shouted.span())

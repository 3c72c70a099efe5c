"""The vocabulary of names, read from `names.yaml` beside this module."""

from __future__ import annotations

from pathlib import Path

import yaml

_VOCABULARY: dict[str, str] = yaml.safe_load(Path(__file__).with_name("names.yaml").read_text("utf-8"))


def _characters(section: str) -> frozenset[str]:
    return frozenset("".join(_VOCABULARY[section].split()))


def _words(section: str) -> frozenset[str]:
    return frozenset(_VOCABULARY[section].split())


SURNAMES = _characters("surnames")
SURNAMES_THAT_ARE_WORDS = _characters("surnames_that_are_words")
SURNAMES_OF_TWO = _words("surnames_of_two")
TITLES = tuple(_words("titles"))
NEVER_IN_NAMES = _characters("never_in_names")
NO_NAMES = _words("no_names")
NO_ENGLISH_NAMES = _words("no_english_names")
PINYIN_SURNAMES = _words("pinyin_surnames")

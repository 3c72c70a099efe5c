"""What is found, and how a text is looked at: evened out, with every character in its old place."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Kind(StrEnum):
    """What can identify somebody; where two overlap, the earlier one here gives the name."""

    RESIDENT_ID = "resident_id"
    OTHER_ID = "other_id"
    EMAIL = "email"
    RECORD_NUMBER = "record_number"
    PHONE = "phone"
    ACCOUNT = "account"
    BIRTH_DATE = "birth_date"
    NAME = "name"

    @property
    def rank(self) -> int:
        """Its place in the order above."""
        return list(Kind).index(self)


@dataclass(frozen=True)
class Finding:
    """The characters `start … end` of a text may identify somebody."""

    kind: Kind
    start: int
    end: int


def evened(text: str) -> str:
    """The text with plain letters, digits, spaces and hyphens; exactly as long, so that places stay the same."""
    return text if text.isascii() else "".join(map(_evened, text))


@lru_cache(maxsize=20_000)
def _evened(character: str) -> str:
    """One character for one: what would become several is left as it is."""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    category = unicodedata.category(character)
    if category in ("Cf", "Zs", "Mn", "Me"):  # zero-width characters and marks come along when people copy numbers
        return " "
    if category == "Pd" or character == "−":
        return "-"
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character

"""Whose name stands in an attendance list: the members it can mean, and whether that is clear."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any

from bot.features.people import Member
from bot.features.webinars._sheet import Presence
from bot.i18n import to_traditional

CHOICES = 4
_APART = re.compile(r"[()\[\]【】<>《》|/,;:·—–_+&#@-]+|\s{1,}")
_SHORTEST = 2


@dataclass
class Line:
    """One name of the list, the member that it stands for, and those that it may stand for while that is not clear."""

    name: str
    minutes: int | None
    member: int | None = None
    choices: list[int] = field(default_factory=list)

    @property
    def unclear(self) -> bool:
        """Whether an organizer still has to say who it is."""
        return self.member is None and bool(self.choices)

    def as_json(self) -> dict[str, Any]:
        """The line as it is kept."""
        return asdict(self)


def match(found: Sequence[Presence], members: Iterable[Member], *, signed_up: Collection[int]) -> list[Line]:
    """Each name with its member where exactly one of those who signed up is called so; otherwise with those it may mean."""
    known = _Names.of(members)
    lines = [_line(presence, known, signed_up) for presence in found]
    claimed: dict[int, list[Line]] = {}
    for line in lines:
        if line.member is not None:
            claimed.setdefault(line.member, []).append(line)
    for member, several in claimed.items():
        if len(several) > 1:  # two names of the list for one member: somebody has to look
            for line in several:
                line.member, line.choices = None, [member]
    return lines


@dataclass(frozen=True)
class _Names:
    """Members by the names that they go by."""

    by_name: dict[str, set[int]]

    @classmethod
    def of(cls, members: Iterable[Member]) -> _Names:
        by_name: dict[str, set[int]] = {}
        for member in members:
            for name in {evened(member.shown_name), evened(member.telegram_name)} - {""}:
                by_name.setdefault(name, set()).add(member.id or 0)
        return cls(by_name)

    def called(self, name: str) -> set[int]:
        return self.by_name.get(name, set())


def _line(presence: Presence, known: _Names, signed_up: Collection[int]) -> Line:
    exact = known.called(evened(presence.name))
    expected = exact & set(signed_up)
    if len(expected) == 1:
        return Line(presence.name, presence.minutes, next(iter(expected)))
    perhaps = exact or {member for part in _parts(presence.name) for member in known.called(part)}
    ranked = sorted(perhaps, key=lambda member: (member not in signed_up, member))
    return Line(presence.name, presence.minutes, None, ranked[:CHOICES])


def _parts(name: str) -> set[str]:
    """What may be the name in “李伟（北京协和）”, “Li Wei - Nurse” or “张敏's iPhone”: each part, and neighbours together."""
    plain = unicodedata.normalize("NFKC", name).replace("'s ", " ").replace("的", " ")
    pieces = [evened(piece) for piece in _APART.split(plain)]
    pieces = [piece for piece in pieces if piece]
    pairs = {first + second for first, second in pairwise(pieces)}
    return {part for part in {*pieces, *pairs} if len(part) >= _SHORTEST}


def evened(name: str) -> str:
    """A name without case, width, spaces and script, for comparing."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    letters = "".join(character for character in plain if character.isalnum())
    return to_traditional(letters) if not letters.isascii() else letters

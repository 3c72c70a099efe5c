"""The feature that the siblings register on, and the buttons that several of them show."""

from __future__ import annotations

from dataclasses import dataclass

from bot.i18n import Translator
from handlers._kit import Feature, Tap

feature = Feature("questions")


@dataclass(frozen=True)
class Send(Tap, prefix="questions.send"):
    """Pass the draft on, with or without a name; what can identify a patient is masked."""

    question: int
    anonymous: bool


@dataclass(frozen=True)
class Discard(Tap, prefix="questions.discard"):
    """Rather not."""

    question: int


@dataclass(frozen=True)
class Solved(Tap, prefix="questions.solved"):
    """The asker is content."""

    question: int


@dataclass(frozen=True)
class More(Tap, prefix="questions.more"):
    """The asker still has a question."""

    question: int


@dataclass(frozen=True)
class Claim(Tap, prefix="questions.claim"):
    """A consultant takes the question."""

    question: int


@dataclass(frozen=True)
class Release(Tap, prefix="questions.release"):
    """Its owner gives it back."""

    question: int


@dataclass(frozen=True)
class Close(Tap, prefix="questions.close"):
    """A consultant ends it."""

    question: int


@dataclass(frozen=True)
class TryAgain(Tap, prefix="questions.again"):
    """Send once more what could not be delivered."""

    question: int


@dataclass(frozen=True)
class Reopen(Tap, prefix="questions.reopen"):
    """A consultant opens a closed question again."""

    question: int


@dataclass(frozen=True)
class ReopenMine(Tap, prefix="questions.mineagain"):
    """The asker opens a closed question again."""

    question: int


@dataclass(frozen=True)
class TakeBack(Tap, prefix="questions.takeback"):
    """The asker wants the question back."""

    question: int


@dataclass(frozen=True)
class Rate(Tap, prefix="questions.rate"):
    """How much the answer helped, 1 to 5."""

    question: int
    rating: int


@dataclass(frozen=True)
class Menu(Tap, prefix="questions.menu"):
    """Show the tools in place of the card's buttons."""

    question: int


@dataclass(frozen=True)
class Split(Tap, prefix="questions.split"):
    """Let a merged question stand by itself again."""

    question: int


@dataclass(frozen=True)
class Undo(Tap, prefix="questions.undo"):
    """Take an answer back."""

    part: int


def in_one_line(text: str, t: Translator, limit: int = 90) -> str:
    """The first words, for lists and buttons."""
    if not text.strip():
        return t.label("(no words)")
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def part_in(key: str | None) -> int | None:
    """The part's id in the key of a message such as `question:12:part:7` or `question:12:part:7:1`."""
    words = (key or "").split(":")
    return int(words[3]) if words[0] == "question" and words[2:3] == ["part"] and len(words) > 3 else None


def id_in(about: str | None) -> int | None:
    """The question's id in a message's subject such as `question:12:answer`."""
    parts = (about or "").split(":")
    return int(parts[1]) if len(parts) == 3 and parts[0] == "question" and parts[1].isdigit() else None

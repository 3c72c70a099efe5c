"""The feature that the siblings register on, and what its buttons mean."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.features import entries
from bot.search import Match
from handlers._kit import Feature, Request, Tap

feature = Feature("faq")


@dataclass(frozen=True)
class Helpful(Tap, prefix="faq.helpful"):
    """The answer helped."""

    asked: int


@dataclass(frozen=True)
class NotQuite(Tap, prefix="faq.notquite"):
    """The answer did not help, or not enough."""

    asked: int


@dataclass(frozen=True)
class Related(Tap, prefix="faq.related"):
    """Show what is near the answer."""

    asked: int


@dataclass(frozen=True)
class Suggested(Tap, prefix="faq.suggested"):
    """That is what I meant: the entry at this place among those that came near."""

    asked: int
    place: int


@dataclass(frozen=True)
class Near(Tap, prefix="faq.near"):
    """The related entry at this place of the entry that is shown."""

    asked: int
    place: int


@dataclass(frozen=True)
class ShowOffer(Tap, prefix="faq.offer"):
    """Somebody in a group wants to see the answer that the bot may have."""

    asked: int


@dataclass(frozen=True)
class Browse(Tap, prefix="faq.browse"):
    """All subjects."""


@dataclass(frozen=True)
class Subject(Tap, prefix="faq.subject"):
    """The entries of one category."""

    category: str


@dataclass(frozen=True)
class Read(Tap, prefix="faq.read"):
    """One entry, reached by browsing."""

    entry: str


def certain(request: Request, found: Match) -> Match:
    """What the matcher decided; an entry that somebody should have looked at again by now is only suggested."""
    if found.decision == "answer" and found.hits and entries.is_past_review(request.db, found.hits[0].id, now=request.now):
        return replace(found, decision="suggest")
    return found

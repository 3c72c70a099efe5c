"""The feature that the siblings register on, and the buttons of those who ask to be let in and who decide."""

from __future__ import annotations

from dataclasses import dataclass

from handlers._kit import Feature, Tap

feature = Feature("arrivals")

LINK = "welcome"
"""The start parameter of the button below a greeting: it leads into the private chat and means nothing more."""


@dataclass(frozen=True)
class Agree(Tap, prefix="arrivals.agree"):
    """Somebody who asks to be let in agrees to the rules."""

    wish: int


@dataclass(frozen=True)
class Work(Tap, prefix="arrivals.work"):
    """They say what kind of place they work at; "" for nothing."""

    wish: int
    workplace: str


@dataclass(frozen=True)
class NoCity(Tap, prefix="arrivals.nocity"):
    """They would rather not say where."""

    wish: int


@dataclass(frozen=True)
class AskPerson(Tap, prefix="arrivals.person"):
    """They have no invitation, or would rather have a person decide."""

    wish: int


@dataclass(frozen=True)
class Decide(Tap, prefix="arrivals.decide"):
    """An organizer lets somebody in, or does not."""

    wish: int
    admit: bool


@dataclass(frozen=True)
class Waiting(Tap, prefix="arrivals.waiting"):
    """Who waits to be let in?"""


@dataclass(frozen=True)
class Look(Tap, prefix="arrivals.look"):
    """One wish that waits."""

    wish: int

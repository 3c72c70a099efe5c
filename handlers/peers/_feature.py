"""The feature that the siblings register on, its buttons, and the one that leads here from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import NotHere
from handlers._kit import Feature, Request, Tap

feature = Feature("peers")


@dataclass(frozen=True)
class Seek(Tap, prefix="peers.seek"):
    """Ask for a colleague who got past `step`: the id of a step of the ladder, or of a barrier."""

    step: str


@dataclass(frozen=True)
class Begin(Tap, prefix="peers.begin"):
    """Yes, look for one; from now on my name goes to whoever says yes."""

    step: str


@dataclass(frozen=True)
class Stop(Tap, prefix="peers.stop"):
    """Look no further."""

    search: int


@dataclass(frozen=True)
class Yes(Tap, prefix="peers.yes"):
    """I help."""

    ask: int


@dataclass(frozen=True)
class NotNow(Tap, prefix="peers.no"):
    """Somebody else, please."""

    ask: int


@dataclass(frozen=True)
class Write(Tap, prefix="peers.write"):
    """Write to the colleague through the bot."""

    search: int


@dataclass(frozen=True)
class Went(Tap, prefix="peers.went"):
    """How it went."""

    search: int
    outcome: str


@dataclass(frozen=True)
class Show(Tap, prefix="peers.show"):
    """Whether I may be asked, and whom I look for."""


@dataclass(frozen=True)
class Limit(Tap, prefix="peers.limit"):
    """I may be asked so often in a month."""

    per_month: int


@dataclass(frozen=True)
class Withdraw(Tap, prefix="peers.withdraw"):
    """I may not be asked any more."""


def require_private(request: Request) -> None:
    """Raise NotHere in a group: who needs help, and who gives it, is nobody else's business."""
    if not request.heard.private:
        raise NotHere

"""The feature that the siblings register on, what its buttons mean, and what several of them need."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import NotHere, Outdated
from bot.features import people, wins
from bot.features.wins import Ladder, Step, WinPath
from bot.i18n import Translator
from handlers._kit import Button, Deed, Feature, Request, Tap

feature = Feature("wins")

LINK = "wins"
"""The start parameter that leads here from a group."""


@dataclass(frozen=True)
class Home(Tap, prefix="wins.home"):
    """Where am I, and what comes next?"""


@dataclass(frozen=True)
class Card(Tap, prefix="wins.card"):
    """One step of the ladder."""

    step: str


@dataclass(frozen=True)
class Done(Tap, prefix="wins.done"):
    """This step is done."""

    step: str


@dataclass(frozen=True)
class OnIt(Tap, prefix="wins.onit"):
    """At work on this step."""

    step: str


@dataclass(frozen=True)
class Stuck(Tap, prefix="wins.stuck"):
    """Stuck at this step."""

    step: str


@dataclass(frozen=True)
class Mine(Tap, prefix="wins.mine"):
    """One of the member's own wins."""

    win: int


@dataclass(frozen=True)
class Share(Tap, prefix="wins.share"):
    """Show it to a group: which one, and with a name?"""

    win: int


@dataclass(frozen=True)
class Keep(Tap, prefix="wins.keep"):
    """It stays with the member."""

    win: int


@dataclass(frozen=True)
class Undo(Tap, prefix="wins.undo"):
    """It was not done after all."""

    win: int


@dataclass(frozen=True)
class Rewrite(Tap, prefix="wins.rewrite"):
    """Say it anew: what was said before goes."""

    win: int


@dataclass(frozen=True)
class ShowMine(Tap, prefix="wins.all"):
    """What have I done so far?"""


@dataclass(frozen=True)
class ShowCheckIns(Tap, prefix="wins.checkins"):
    """When am I asked how it goes?"""


def ladder_of(deed: Deed) -> Ladder:
    """The ladder as it is now."""
    return deed.services.knowledge().ladder


def step_of(deed: Deed, step_id: str) -> Step:
    """A step of the ladder; raises Outdated for one that is none."""
    step = ladder_of(deed).by_id.get(step_id)
    if step is None:
        raise Outdated
    return step


def on_path(request: Request) -> WinPath:
    """The member's own path, on which they are just doing something; in private only, for it is nobody else's business."""
    require_private(request)
    me = request.me
    people.agree(me, now=request.now)
    mine = wins.path(request.db, ladder_of(request), me, now=request.now)
    wins.answered(mine, me.timezone, now=request.now)
    if str((me.pending or {}).get("step", "")).startswith(f"{feature.name}."):
        me.pending = None
    return mine


def require_private(request: Request) -> None:
    """Raise NotHere in a group."""
    if not request.heard.private:
        raise NotHere


def title_of(deed: Deed, step_id: str, t: Translator) -> str:
    """What a step is called; its id where the ladder does not have it any more."""
    step = ladder_of(deed).by_id.get(step_id)
    return step.title.for_reader(t.language) if step is not None else step_id


def done_button(step: Step, t: Translator) -> Button:
    """It is done."""
    return Button("✅ " + t.label("Done"), Done(step.id))


def stuck_button(step: Step, t: Translator) -> Button:
    """Something is in the way."""
    return Button("🧱 " + t.label("Stuck"), Stuck(step.id))


def home_button(t: Translator) -> Button:
    """The way back to the path."""
    return Button("‹ " + t.label("My path"), Home())

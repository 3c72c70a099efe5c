"""The feature that the siblings register on, and the buttons that several of them show."""

from __future__ import annotations

from dataclasses import dataclass

from bot.features import programmes
from bot.features.programmes import Programme
from bot.i18n import Translator
from handlers._kit import Button, Feature, Request, Tap

feature = Feature("programmes")


@dataclass(frozen=True)
class Home(Tap, prefix="programmes.home"):
    """The beginning: what colleagues do, and the own cards."""


@dataclass(frozen=True)
class Listing(Tap, prefix="programmes.list"):
    """A page of what the member looks for."""

    page: int


@dataclass(frozen=True)
class Show(Tap, prefix="programmes.show"):
    """A card, as whoever taps may see it."""

    card: int


@dataclass(frozen=True)
class Edit(Tap, prefix="programmes.edit"):
    """One's own card, with a button for each field."""

    card: int


@dataclass(frozen=True)
class Ask(Tap, prefix="programmes.ask"):
    """Fill in one field; `onward` to the next one."""

    card: int
    field: str
    onward: bool


@dataclass(frozen=True)
class Week(Tap, prefix="programmes.week"):
    """The poster week."""


@dataclass(frozen=True)
class Shift(Tap, prefix="programmes.shift"):
    """Let the poster week that is planned begin on another day."""

    week: int


@dataclass(frozen=True)
class Report(Tap, prefix="programmes.report"):
    """Tell the organizers that something is wrong with a card."""

    card: int


@dataclass(frozen=True)
class Hide(Tap, prefix="programmes.hide"):
    """Take a card out of the community's sight."""

    card: int


@dataclass(frozen=True)
class Unhide(Tap, prefix="programmes.unhide"):
    """Let the community see it again."""

    card: int


@dataclass(frozen=True)
class LookAgain(Tap, prefix="programmes.again"):
    """Ask the organizers to look at one's hidden card again."""

    card: int


@dataclass(frozen=True)
class Hidden(Tap, prefix="programmes.hidden"):
    """The log of what was hidden."""


def own(request: Request, card: int) -> Programme:
    """The tapper's own card; raises Outdated or NotYours."""
    return programmes.own(request.db, card, request.me)


def home_button(t: Translator) -> Button:
    """The way back to the beginning."""
    return Button("‹ " + t.label("Programmes"), Home())


def leave_dialogue(request: Request) -> None:
    """Whoever looks around has given up what they were asked to write here."""
    if str((request.me.pending or {}).get("step", "")).startswith(f"{feature.name}."):
        request.me.pending = None


def in_rows(buttons: list[Button], width: int = 2) -> list[list[Button]]:
    """Short labels side by side."""
    return [buttons[at : at + width] for at in range(0, len(buttons), width)]

"""The feature that the siblings register on, and the buttons that they share."""

from __future__ import annotations

from dataclasses import dataclass

from handlers._kit import Feature, Tap

feature = Feature("notices")


@dataclass(frozen=True)
class SignUp(Tap, prefix="notices.signup"):
    """A notice's button "sign me up", under the notice itself; `button` is its place among the notice's buttons."""

    notice: int
    button: int


@dataclass(frozen=True)
class Home(Tap, prefix="notices.home"):
    """The list of notices."""


@dataclass(frozen=True)
class Open(Tap, prefix="notices.open"):
    """One notice, whatever its state."""

    notice: int

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


@dataclass(frozen=True)
class Texts(Tap, prefix="notices.texts"):
    """What it says, language by language."""

    notice: int


@dataclass(frozen=True)
class Buttons(Tap, prefix="notices.buttons"):
    """The buttons under it."""

    notice: int


@dataclass(frozen=True)
class Aim(Tap, prefix="notices.aim"):
    """Who gets it."""

    notice: int


@dataclass(frozen=True)
class Options(Tap, prefix="notices.options"):
    """Its kind, whether it is urgent, whether groups pin it."""

    notice: int


@dataclass(frozen=True)
class Preview(Tap, prefix="notices.preview"):
    """See it as each language does."""

    notice: int


@dataclass(frozen=True)
class Test(Tap, prefix="notices.test"):
    """Send it to oneself only."""

    notice: int


@dataclass(frozen=True)
class SendNow(Tap, prefix="notices.now"):
    """Ask once more, then send it."""

    notice: int


@dataclass(frozen=True)
class Schedule(Tap, prefix="notices.schedule"):
    """Say when it goes out."""

    notice: int


@dataclass(frozen=True)
class Delete(Tap, prefix="notices.delete"):
    """Throw a draft away; `really` when that was asked."""

    notice: int
    really: bool


@dataclass(frozen=True)
class Judge(Tap, prefix="notices.judge"):
    """Decide about a notice that waits for approval."""

    notice: int


@dataclass(frozen=True)
class TakeBack(Tap, prefix="notices.takeback"):
    """What is scheduled, or waits for approval, becomes a draft again."""

    notice: int

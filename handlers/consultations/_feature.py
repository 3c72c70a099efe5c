"""The feature that the siblings register on, and the buttons that several of them show."""

from __future__ import annotations

from dataclasses import dataclass

from bot.i18n import Translator
from handlers._kit import Button, Feature, Tap

feature = Feature("consultations")


@dataclass(frozen=True)
class Look(Tap, prefix="consultations.look"):
    """What comes next, with this session first; 0 for the next one."""

    session: int


@dataclass(frozen=True)
class Book(Tap, prefix="consultations.book"):
    """Book in a session; `question` is the question to the experts that is to be talked about, 0 for none."""

    session: int
    question: int


@dataclass(frozen=True)
class With(Tap, prefix="consultations.with"):
    """With this consultant, or (0) with whoever is free."""

    session: int
    consultant: int
    question: int


@dataclass(frozen=True)
class TakeSlot(Tap, prefix="consultations.slot"):
    """The slot that begins `at`, in minutes since 1970."""

    session: int
    consultant: int
    at: int
    question: int


@dataclass(frozen=True)
class Wait(Tap, prefix="consultations.wait"):
    """Join the waiting list."""

    session: int
    question: int


@dataclass(frozen=True)
class WaitNoLonger(Tap, prefix="consultations.leave"):
    """Leave the waiting list."""

    session: int


@dataclass(frozen=True)
class Mine(Tap, prefix="consultations.mine"):
    """One's own booking."""

    booking: int


@dataclass(frozen=True)
class Write(Tap, prefix="consultations.write"):
    """Write a field of a booking: the subject, one of the case form, notes, next steps."""

    booking: int
    field: str


@dataclass(frozen=True)
class Move(Tap, prefix="consultations.move"):
    """Look for another slot in place of this one, in a session (0 for its own)."""

    booking: int
    session: int


@dataclass(frozen=True)
class MoveTo(Tap, prefix="consultations.moveto"):
    """Take the slot that begins `at` instead."""

    booking: int
    session: int
    at: int


@dataclass(frozen=True)
class GiveBack(Tap, prefix="consultations.giveback"):
    """Free one's slot of this session for somebody else."""

    session: int


@dataclass(frozen=True)
class Coming(Tap, prefix="consultations.coming"):
    """I'll be there, in this session."""

    session: int


@dataclass(frozen=True)
class Accept(Tap, prefix="consultations.accept"):
    """Take the slot that was offered."""

    booking: int


@dataclass(frozen=True)
class Refuse(Tap, prefix="consultations.refuse"):
    """Leave the offered slot to the next in line."""

    booking: int


@dataclass(frozen=True)
class TakeTo(Tap, prefix="consultations.take"):
    """Take a question that waits for its answer to a consultation."""

    question: int


@dataclass(frozen=True)
class Desk(Tap, prefix="consultations.desk"):
    """A booking as the consultant needs it."""

    booking: int


@dataclass(frozen=True)
class Came(Tap, prefix="consultations.came"):
    """Whether they were there."""

    booking: int
    came: bool


@dataclass(frozen=True)
class MakeEntry(Tap, prefix="consultations.entry"):
    """Make an FAQ entry of the notes."""

    booking: int


@dataclass(frozen=True)
class WentAs(Tap, prefix="consultations.went"):
    """How it went with what was agreed."""

    booking: int
    went: str


def look_button(t: Translator) -> Button:
    """The way to what comes next, from elsewhere."""
    return Button("🗓 " + t.of(feature.name).label("Next consultation"), Look(0))

"""The feature that the siblings register on, and its buttons."""

from __future__ import annotations

from dataclasses import dataclass

from handlers._kit import Feature, Tap

feature = Feature("moderation")


@dataclass(frozen=True)
class Judge(Tap, prefix="moderation.judge"):
    """Publish a message that waits, or drop it."""

    held: int
    publish: bool


@dataclass(frozen=True)
class Take(Tap, prefix="moderation.take"):
    """Take a reported message out of the group."""

    report: int


@dataclass(frozen=True)
class Act(Tap, prefix="moderation.act"):
    """Warn, mute or remove the author of a reported message: ask why."""

    report: int
    kind: str


@dataclass(frozen=True)
class Because(Tap, prefix="moderation.because"):
    """Do it, for one of the usual reasons."""

    report: int
    kind: str
    reason: str


@dataclass(frozen=True)
class Fine(Tap, prefix="moderation.fine"):
    """A reported message is all right."""

    report: int


@dataclass(frozen=True)
class Undo(Tap, prefix="moderation.undo"):
    """Take a measure back; `listed` in the log rather than below its own message."""

    measure: int
    listed: bool


@dataclass(frozen=True)
class Log(Tap, prefix="moderation.log"):
    """What was done in the groups, before an entry; 0 for the newest."""

    before: int


@dataclass(frozen=True)
class Held(Tap, prefix="moderation.held"):
    """Which messages wait?"""


@dataclass(frozen=True)
class LookAt(Tap, prefix="moderation.lookat"):
    """One message that waits."""

    held: int


@dataclass(frozen=True)
class EditRules(Tap, prefix="moderation.rules"):
    """Show the rules in one language, to be written anew."""

    language: str


@dataclass(frozen=True)
class UsualRules(Tap, prefix="moderation.usual"):
    """Let the usual rules hold again."""

    language: str

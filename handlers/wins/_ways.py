"""Ways on from a step: answers, the next consultation, a colleague who has done it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import timetable
from bot.features.people import Role
from bot.i18n import Translator
from bot.timetable import Kind
from handlers import _entries, consultations, faq, peers
from handlers._kit import Button, Deed, Request, Screen, Tap
from handlers.wins._feature import feature, require_private


@dataclass(frozen=True)
class Read(Tap, prefix="wins.read"):
    """An answer that goes with a step, below it."""

    entry: str


@dataclass(frozen=True)
class Consult(Tap, prefix="wins.consult"):
    """The next consultations, below it."""


def entry_buttons(deed: Deed, topics: Sequence[str], t: Translator) -> list[Button]:
    """A button for each answer that the library has."""
    library = deed.services.knowledge().library
    known = [topic for topic in topics if topic in library.entries]
    return [Button("📖 " + _entries.question(library, topic, t.language), Read(topic)) for topic in known]


def consult_button(deed: Deed, t: Translator) -> list[list[Button]]:
    """A row with the next consultation, if one is planned."""
    coming = timetable.upcoming(deed.db, Kind.CONSULTATION, now=deed.now, limit=1)
    when = t.when(coming[0].starts_at) if coming else ""
    return [[Button("🗓 " + t.label("Next consultation: {when}", when=when), Consult())]] if coming else []


def colleague_buttons(step_id: str, t: Translator) -> list[Button]:
    """The way to a colleague who has done this step."""
    return [Button("🤝 " + t.label("Ask a colleague"), peers.Seek(step_id))]


@feature.tap(Read, role=Role.TRAINEE)
def read(request: Request, tap: Read) -> Screen:
    """The answer, in a message of its own: the step stays in view."""
    require_private(request)
    return faq.entry_screen(replace(request, context=faq.feature.name), tap.entry)


@feature.tap(Consult, role=Role.TRAINEE)
def consult(request: Request, _tap: Consult) -> Screen:
    """What comes next, in a message of its own."""
    require_private(request)
    return consultations.home(request)

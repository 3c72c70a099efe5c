"""The feature that the siblings register on, the buttons that several of them show, and the ways to a webinar."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot import timetable
from bot.errors import NotAllowed, Outdated, SessionOver
from bot.features import groups, people, webinars
from bot.features.groups import Kind
from bot.features.people import Role
from bot.timetable import Part, SessionRow, State, Task
from handlers._kit import Feature, Request, Tap

feature = Feature("webinars")

LINK = "w_"
"""The beginning of the start parameter that opens a webinar's card in private."""

_LINKED = re.compile(rf"{LINK}([0-9]{{1,9}})")


@dataclass(frozen=True)
class Home(Tap, prefix="webinars.home"):
    """What comes, and what there was."""

    page: int


@dataclass(frozen=True)
class Card(Tap, prefix="webinars.card"):
    """One webinar."""

    session: int


@dataclass(frozen=True)
class Answer(Tap, prefix="webinars.answer"):
    """Say whether one comes: `standing` is `coming`, `maybe` or `declined`."""

    session: int
    standing: str


@dataclass(frozen=True)
class Here(Tap, prefix="webinars.here"):
    """Check in."""

    session: int


@dataclass(frozen=True)
class Questions(Tap, prefix="webinars.questions"):
    """The questions for the speaker."""

    session: int
    page: int


@dataclass(frozen=True)
class Things(Tap, prefix="webinars.things"):
    """Recording and materials."""

    session: int


@dataclass(frozen=True)
class Feel(Tap, prefix="webinars.feel"):
    """Say what one thought of it; `what` is the question that is asked."""

    session: int
    what: str


@dataclass(frozen=True)
class Certify(Tap, prefix="webinars.certify"):
    """Get one's certificate."""

    session: int


@dataclass(frozen=True)
class Manage(Tap, prefix="webinars.manage"):
    """The organizers' side of a webinar."""

    session: int


@dataclass(frozen=True)
class PassOn(Tap, prefix="webinars.passon"):
    """Pass what was not answered on to the experts."""

    session: int


def linked(parameter: str) -> int | None:
    """The webinar that a start parameter opens; None for other parameters."""
    found = _LINKED.fullmatch(parameter)
    return int(found[1]) if found is not None else None


def deep_link(request_link: str, session_id: int) -> str:
    """The address that opens a webinar's card in the private chat, from the bot's own address."""
    return f"{request_link}?start={LINK}{session_id}"


def webinar_ahead(request: Request, session_id: int) -> SessionRow:
    """The webinar, unless it is cancelled or over: SessionOver then, Outdated where there is none."""
    session = webinars.webinar(request.db, session_id)
    if session.state is not State.PLANNED or session.ends_at <= request.now:
        raise SessionOver(cancelled=session.state is State.CANCELLED)
    return session


def webinar_held(request: Request, session_id: int) -> SessionRow:
    """The webinar, unless it was cancelled: SessionOver then."""
    session = webinars.webinar(request.db, session_id)
    if session.state is State.CANCELLED:
        raise SessionOver(cancelled=True)
    return session


def require_member(request: Request) -> None:
    """Raise NotAllowed for guests; whoever is in a community group belongs to the community."""
    if not request.heard.private:
        group = groups.find(request.db, request.chat_id)
        if group is not None and group.kind is Kind.COMMUNITY:
            people.admit(request.me)
    if not request.me.role.reaches(Role.TRAINEE):
        raise NotAllowed(Role.TRAINEE)


def require_private(request: Request) -> None:
    """Raise Outdated in groups: their cards have no such button."""
    if not request.heard.private:
        raise Outdated


def leads(request: Request, session: SessionRow) -> bool:
    """Whether this person is its speaker or an organizer."""
    if request.me.role.reaches(Role.ORGANIZER):
        return True
    speakers = timetable.people(request.db, session.id or 0, Part.SPEAKER)
    return any(speaker.member_id == request.me.id for speaker in speakers)


def require_lead(request: Request, session: SessionRow) -> None:
    """Raise NotAllowed unless this person is its speaker or an organizer."""
    if not leads(request, session):
        raise NotAllowed(Role.ORGANIZER)


def tick_off(request: Request, session: SessionRow, done: Task) -> None:
    """What was just done need not be asked for: it is ticked off on the webinar's checklist."""
    for task in timetable.open_tasks(request.db, session):
        if task.task == done:
            timetable.finish(task, now=request.now)


def leave_dialogue(request: Request) -> None:
    """Whoever looks elsewhere has given up what they were asked to write here."""
    if str((request.me.pending or {}).get("step", "")).startswith(f"{feature.name}."):
        request.me.pending = None

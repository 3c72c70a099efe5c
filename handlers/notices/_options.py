"""A notice's kind, which people can mute; whether it is urgent; whether groups pin it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bot.errors import Outdated
from bot.features import notices
from bot.features.attention import Kind
from bot.features.notices import Notice
from bot.features.people import Role
from handlers._kit import Button, Request, Screen, Tap
from handlers.attention import kind_name
from handlers.notices._feature import Open, Options, feature


@dataclass(frozen=True)
class ChooseKind(Tap, prefix="notices.kind"):
    """What it is about."""

    notice: int
    kind: str


@dataclass(frozen=True)
class Urgent(Tap, prefix="notices.urgent"):
    """Whether it goes through mutes and quiet hours."""

    notice: int
    on: bool


@dataclass(frozen=True)
class Pin(Tap, prefix="notices.pin"):
    """Whether groups pin it."""

    notice: int
    on: bool


@feature.tap(Options, role=Role.ORGANIZER)
def show_options(request: Request, tap: Options) -> Screen:
    """All of it, with what is chosen now."""
    return options(request, notices.open_draft(request.db, tap.notice))


def options(request: Request, notice: Notice) -> Screen:
    """A button for each choice."""
    t, number = request.t, notice.id or 0
    kinds = [
        [Button(("✅ " if kind is notice.kind else "") + kind_name(kind, t), ChooseKind(number, kind))] for kind in Kind
    ]
    urgent = t.label("🔔 Urgent: yes") if notice.urgent else t.label("🔔 Urgent: no")
    pinned = t.label("📌 Pin in groups: yes") if notice.pin else t.label("📌 Pin in groups: no")
    lines = [
        t("<b>What is it about?</b> People can mute kinds that they do not need."),
        t("An urgent notice also goes to those who muted it, and at night. Please keep it for what cannot wait."),
    ]
    rows = [
        *kinds,
        [Button(urgent, Urgent(number, not notice.urgent))],
        [Button(pinned, Pin(number, not notice.pin))],
        [Button("‹ " + t.label("Back"), Open(number))],
    ]
    return Screen(Markup("\n").join(lines), buttons=rows, edit=True)


@feature.tap(ChooseKind, role=Role.ORGANIZER)
def choose_kind(request: Request, tap: ChooseKind) -> Screen:
    """This is what it is about."""
    if tap.kind not in list(Kind):
        raise Outdated
    notice = notices.open_draft(request.db, tap.notice)
    notices.arrange(request.db, notice, kind=Kind(tap.kind), now=request.now)
    return options(request, notice)


@feature.tap(Urgent, role=Role.ORGANIZER)
def make_urgent(request: Request, tap: Urgent) -> Screen:
    """Urgent or not."""
    notice = notices.open_draft(request.db, tap.notice)
    notices.arrange(request.db, notice, urgent=tap.on, now=request.now)
    return options(request, notice)


@feature.tap(Pin, role=Role.ORGANIZER)
def pin(request: Request, tap: Pin) -> Screen:
    """Pinned or not."""
    notice = notices.open_draft(request.db, tap.notice)
    notices.arrange(request.db, notice, pin=tap.on, now=request.now)
    return options(request, notice)

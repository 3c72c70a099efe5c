"""/digest: which parts, on which day, at which hour; or none."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bot.errors import NotHere, Outdated
from bot.features import digests, people
from bot.features.digests import Part, PersonalDigest
from bot.i18n import Translator
from handlers._kit import Button, Request, Screen, Tap, one_below_the_other
from handlers.digests._feature import Show, feature
from handlers.digests._telling import digest

HOURS = (7, 8, 12, 18, 20)


@dataclass(frozen=True)
class Switch(Tap, prefix="digests.switch"):
    """Take a part in, or out."""

    part: str


@dataclass(frozen=True)
class Settle(Tap, prefix="digests.settle"):
    """On this weekday, at this minute of the day."""

    weekday: int
    minute: int


@dataclass(frozen=True)
class Preview(Tap, prefix="digests.preview"):
    """What it would say now."""


@dataclass(frozen=True)
class Stop(Tap, prefix="digests.stop"):
    """No digest any more."""


def part_name(part: Part, t: Translator) -> str:
    """What a part holds, in words."""
    return {
        Part.QUESTIONS: t.label("My open questions"),
        Part.STEP: t.label("My next step"),
        Part.SESSIONS: t.label("Sessions I signed up for"),
        Part.ANSWERS: t.label("New answers on my subjects"),
    }[part]


@feature.command("digest")
def show(request: Request) -> Screen:
    """What is chosen."""
    return card(request, digests.of(request.db, request.me), edit=False)


@feature.tap(Show)
def show_again(request: Request, _tap: Show) -> Screen:
    """The same, from a button elsewhere."""
    _require_private(request)
    return card(request, digests.of(request.db, request.me), edit=False)


def card(request: Request, mine: PersonalDigest | None, *, edit: bool) -> Screen:
    """The choice, with a button for each part of it."""
    t, chosen = request.t, mine.parts if mine is not None else []
    parts = [t("📰 <b>Your week in one message</b>"), _when(mine, t)]
    rows = one_below_the_other([Button(_ticked(part_name(part, t), part in chosen), Switch(part)) for part in Part])
    if mine is not None:
        rows = [*rows, *_times(mine, t), [Button("👀 " + t.label("Show it now"), Preview())]]
        rows = [*rows, [Button(t.label("No digest any more"), Stop())]]
    return Screen(Markup("\n\n").join(parts), buttons=rows, edit=edit)


def _when(mine: PersonalDigest | None, t: Translator) -> Markup:
    if mine is None:
        return t(
            "Once a week I can tell you what is yours. Tap what it should hold; when there is nothing, I write nothing."
        )
    return t(
        "It comes next on <b>{when}</b>, and then every week. When there is nothing to tell, I write nothing; during your quiet "
        "hours (/quiet) I wait.",
        when=t.when(mine.next_at),
    )


def _times(mine: PersonalDigest, t: Translator) -> list[list[Button]]:
    """The weekdays in two rows, and the hours."""
    days = [Button(_ticked(t.weekday(day), day == mine.weekday), Settle(day, mine.minute)) for day in range(7)]
    hours = [Button(_ticked(f"{hour}:00", hour * 60 == mine.minute), Settle(mine.weekday, hour * 60)) for hour in HOURS]
    return [days[:4], days[4:], hours]


def _ticked(label: str, on: bool) -> str:
    return ("✓ " if on else "") + label


@feature.tap(Switch)
def switch(request: Request, tap: Switch) -> Screen:
    """Take a part in, or out."""
    _require_private(request)
    if tap.part not in list(Part):
        raise Outdated
    people.agree(request.me, now=request.now)
    mine = digests.switch(request.db, request.me, Part(tap.part), now=request.now)
    return card(request, mine, edit=True)


@feature.tap(Settle)
def settle(request: Request, tap: Settle) -> Screen:
    """Another day or hour."""
    _require_private(request)
    people.agree(request.me, now=request.now)
    mine = digests.settle(request.db, request.me, weekday=tap.weekday, minute=tap.minute, now=request.now)
    return card(request, mine, edit=True)


@feature.tap(Preview)
def preview(request: Request, _tap: Preview) -> Screen:
    """What it would say now; next week's stays as it is."""
    _require_private(request)
    mine, t = digests.of(request.db, request.me), request.t
    if mine is None:
        raise Outdated
    return digest(request, mine, request.me) or Screen(t("At the moment there is nothing to tell."))


@feature.tap(Stop)
def stop(request: Request, _tap: Stop) -> Screen:
    """No digest any more."""
    _require_private(request)
    digests.stop(request.db, request.me)
    return Screen(request.t("OK, no digest any more. If you want it again: /digest"), edit=True)


def _require_private(request: Request) -> None:
    if not request.heard.private:
        raise NotHere

"""What people write for a consultation: asked for, looked at for what identifies a patient, kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from bot import screening
from bot.errors import Outdated, Unclear
from bot.features import consultations
from bot.features.consultations import CASE, Booking
from bot.features.people import Role
from bot.i18n import Translator
from bot.screening import Finding
from handlers._identifiers import kinds_in_words, may_be_harmless, underlined
from handlers._kit import Button, Request, Screen, Tap
from handlers.consultations._card import card
from handlers.consultations._feature import Mine, Write, feature
from handlers.consultations._telling import own
from handlers.consultations._words import field_name

Keeper = Callable[[Request, dict[str, Any], str], Screen]
_KEEPERS: dict[str, Keeper] = {}


@dataclass(frozen=True)
class MaskIt(Tap, prefix="consultations.mask"):
    """Keep what was written with marks in place of what was found."""


@dataclass(frozen=True)
class AsItIs(Tap, prefix="consultations.asis"):
    """Keep it as it is: none of it is a patient's."""


def keeper(step: str) -> Callable[[Keeper], Keeper]:
    """Keep what was written at a step, once it has been looked at."""

    def register(keep: Keeper) -> Keeper:
        _KEEPERS[f"consultations.{step}"] = keep
        return keep

    return register


def look_at(request: Request, step: str, **waiting: Any) -> Screen:
    """Keep the words, or show first what may identify a patient; raises Unclear for a message without words."""
    text = request.text.strip()
    if not text:
        raise Unclear("words")
    waiting = {name: value for name, value in request.pending.items() if name not in ("step", "text")} | waiting
    findings = screening.find(text)
    if not findings:
        return _KEEPERS[f"consultations.{step}"](request, waiting, text)
    request.me.expects(f"consultations.{step}", **waiting, text=text)
    return _to_check(text, findings, request.t)


def _to_check(text: str, findings: list[Finding], t: Translator) -> Screen:
    rows = [[Button("▇ " + t.label("Mask it"), MaskIt())]]
    if may_be_harmless(findings):
        rows.append([Button(t.label("It is not a patient's"), AsItIs())])
    parts = [
        t("Underlined is what may identify a patient: {kinds}.", kinds=kinds_in_words(findings, t)),
        Markup("<blockquote>{}</blockquote>").format(underlined(text[:1500], [f for f in findings if f.end <= 1500])),
        t("<b>Mask it</b> puts ▇▇▇ in its place. Or write it anew."),
    ]
    return Screen(Markup("\n\n").join(parts), buttons=rows)


@feature.tap(MaskIt, role=Role.TRAINEE)
def mask_it(request: Request, _tap: MaskIt) -> Screen:
    """One tap masks what was found."""
    return _keep(request, screening.masked)


@feature.tap(AsItIs, role=Role.TRAINEE)
def as_it_is(request: Request, _tap: AsItIs) -> Screen:
    """Keep the words, where what was found can be harmless at all."""
    text = (request.me.pending or {}).get("text", "")
    if not may_be_harmless(screening.find(text)):
        raise Outdated
    return _keep(request, str)


def _keep(request: Request, changed: Callable[[str], str]) -> Screen:
    waiting = request.me.pending or {}
    keep = _KEEPERS.get(waiting.get("step", ""))
    if keep is None or not request.heard.private or "text" not in waiting:
        raise Outdated
    request.me.pending = None
    return keep(request, waiting, changed(waiting["text"]))


@feature.tap(Write, role=Role.TRAINEE)
def write(request: Request, tap: Write) -> Screen:
    """Ask for a field of one's own booking."""
    if tap.field not in ("subject", *CASE):
        raise Outdated
    return ask(request, own(request, tap.booking), tap.field)


def ask(request: Request, booking: Booking, field: str, *, first: Markup | None = None) -> Screen:
    """Wait for the words; each field of the case form can be left out."""
    t, booking_id = request.t, consultations.id_of(booking)
    request.me.expects("consultations.write", booking=booking_id, field=field)
    text = [first or Markup(), Markup("<b>{}</b>\n{}").format(field_name(field, t), _what_for(field, t))]
    onward = Write(booking_id, CASE[CASE.index(field) + 1]) if field in CASE[:-1] else Mine(booking_id)
    return Screen(
        Markup("\n\n").join(part for part in text if part), buttons=[[Button(t.label("Skip"), onward)]], edit=True
    )


def _what_for(field: str, t: Translator) -> Markup:
    """What is asked for; never who the patient is."""
    return {
        "subject": t("What would you like to talk about? One line is enough."),
        "setting": t("Where does it happen? For example: a community clinic, a group of eight, the third meeting."),
        "situation": t(
            "What is the difficulty? If it is about a person, an age group and the kind of diabetes are enough: no names, "
            "numbers or dates."
        ),
        "tried": t("What have you tried, and what came of it?"),
        "wish": t("What would you like to take home from the consultation?"),
    }[field]


@feature.step("write", role=Role.TRAINEE)
def written(request: Request) -> Screen:
    """The words of a field."""
    return look_at(request, "write")


@keeper("write")
def keep_field(request: Request, waiting: dict[str, Any], text: str) -> Screen:
    """Keep a field, and go on with the next one of the case form."""
    booking, field = own(request, waiting["booking"]), waiting["field"]
    if field == "subject":
        consultations.write_subject(booking, text)
        return card(request, booking)
    consultations.write_case(booking, field, text)
    if field != CASE[-1]:
        return ask(request, booking, CASE[CASE.index(field) + 1])
    return card(request, booking)

"""Feedback: three taps and a line, asked once after the webinar, changeable from its card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from bot import outbox
from bot.errors import Outdated
from bot.features import attention, webinars
from bot.features.attention import Kind
from bot.features.webinars import Feedback
from bot.i18n import Translator
from bot.outbox import Lane
from bot.timetable import SessionRow
from handlers._kit import Button, Moment, Request, Screen, Tap
from handlers.webinars._feature import Card, Certify, Feel, feature, require_private, webinar_held
from handlers.webinars._words import title

ORDER = ("useful", "level", "trying")
LINE_WAITS = timedelta(minutes=10)
"""How long the next words are taken for the line."""


@dataclass(frozen=True)
class Rate(Tap, prefix="webinars.rate"):
    """Answer one of the three."""

    session: int
    what: str
    value: int


@dataclass(frozen=True)
class NoLine(Tap, prefix="webinars.noline"):
    """Nothing more to say."""

    session: int


@feature.tick(timedelta(minutes=1))
def ask_those_who_were_there(moment: Moment) -> None:
    """A few minutes after the end, and later whoever is found on the attendance list."""
    found = webinars.to_ask(moment.db, now=moment.now)
    members = [member for _session, member in found]
    times = attention.moments(moment.db, members, kind=Kind.WEBINARS, now=moment.now, asked_for=True)
    for session, member in found:
        given = webinars.note_asked(moment.db, session.id or 0, member, now=moment.now)
        if not member.is_reachable:
            continue
        t = moment.words(member)
        thanks = t(
            "Thank you for being at <b>{title}</b>! Three taps help us make the next one better.",
            title=title(moment.db, session, t),
        )
        moment.post(
            question(session, "useful", t, given, first=thanks),
            chat_id=member.telegram_id,
            key=f"webinar:{session.id}:feedback:{member.id}",
            lane=Lane.REMINDER,
            about=f"webinar:{session.id}:feedback",
            due_at=times[member.id or 0],
            heeds=outbox.QUIET,
        )


def question(
    session: SessionRow, what: str, t: Translator, given: Feedback | None, *, first: Markup | None = None
) -> Screen:
    """One of the three questions, with a tick at what was answered before."""
    asks = {
        "useful": t("How useful was it for your work? (5 is most)"),
        "level": t("How were level and pace?"),
        "trying": t("Will you try something from it?"),
    }
    chosen = getattr(given, what) if given is not None else None
    buttons = [
        Button(("✓ " if value == chosen else "") + label, Rate(session.id or 0, what, value))
        for value, label in _labels(what, t).items()
    ]
    return Screen(Markup("\n\n").join(part for part in (first, asks[what]) if part), buttons=[buttons], edit=True)


def _labels(what: str, t: Translator) -> dict[int, str]:
    if what == "useful":
        return {value: t.number(value) for value in range(1, 6)}
    if what == "level":
        return {1: t.label("Too easy"), 2: t.label("About right"), 3: t.label("Too hard")}
    return {1: t.label("Yes"), 2: t.label("Perhaps"), 3: t.label("No")}


@feature.tap(Feel)
def feel(request: Request, tap: Feel) -> Screen:
    """Give feedback, or change it."""
    require_private(request)
    session = webinar_held(request, tap.session)
    if tap.what not in ORDER:
        raise Outdated
    webinars.require_attended(request.db, session, request.me)
    return question(session, tap.what, request.t, webinars.feedback(request.db, tap.session, request.me))


@feature.tap(Rate)
def rate(request: Request, tap: Rate) -> Screen:
    """Take an answer, and ask the next; after the third, whether there is something to add."""
    require_private(request)
    session = webinar_held(request, tap.session)
    if session.ends_at > request.now:
        raise Outdated
    given = webinars.rate(request.db, session, request.me, what=tap.what, value=tap.value, now=request.now)
    following = ORDER[ORDER.index(tap.what) + 1 :]
    if following:
        return question(session, following[0], request.t, given)
    return _anything_else(request, session, given)


def _anything_else(request: Request, session: SessionRow, given: Feedback) -> Screen:
    t = request.t
    until = (request.now + LINE_WAITS).isoformat()
    request.me.expects("webinars.line", session=session.id, until=until)
    text = t(
        "Thank you! Is there one thing you would like to tell the organizers? Write it in a line; they see it without your name."
    )
    if given.line:
        text += Markup("\n\n") + t("So far: “{line}”", line=given.line)
    return Screen(text, buttons=[[Button(t.label("Nothing more"), NoLine(session.id or 0))]], edit=True)


@feature.step("line")
def line(request: Request) -> Screen:
    """Take the line."""
    session = webinar_held(request, request.pending["session"])
    webinars.say(request.db, session, request.me, request.text, now=request.now)
    return thanks(request, session, edit=False)


@feature.tap(NoLine)
def no_line(request: Request, tap: NoLine) -> Screen:
    """That was all."""
    require_private(request)
    if (request.me.pending or {}).get("step") == "webinars.line":
        request.me.pending = None
    return thanks(request, webinar_held(request, tap.session), edit=True)


def thanks(request: Request, session: SessionRow, *, edit: bool) -> Screen:
    """The end of it, with the way to the certificate."""
    t = request.t
    session_id = session.id or 0
    rows = [
        [Button("📜 " + t.label("Certificate"), Certify(session_id))],
        [Button("‹ " + t.label("Back"), Card(session_id))],
    ]
    return Screen(
        t("Thank you, noted. You can change it from the webinar's card at any time."), buttons=rows, edit=edit
    )

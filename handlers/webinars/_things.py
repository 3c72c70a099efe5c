"""Recording and materials: looked at by members, added by organizers, sent to everybody who signed up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup
from telegram import Message

from bot import outbox, timetable
from bot.errors import Outdated
from bot.features import attention, webinars
from bot.features.attention import Kind
from bot.features.people import Role
from bot.features.webinars import Record
from bot.i18n import Translator
from bot.outbox import Lane
from bot.timetable import Attendee, SessionRow
from handlers._kit import Button, Deed, Moment, Request, Screen, Tap
from handlers.webinars._feature import (
    Card,
    Certify,
    Feel,
    Things,
    feature,
    leave_dialogue,
    require_member,
    require_private,
    webinar_held,
)
from handlers.webinars._words import FILE, title

PORTION = 300
"""People who are sent something in one transaction."""

TITLE_LIMIT = 80
_LINK = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://\S+")
_FILES = ("animation", "document", "photo", "video", "audio", "voice")


@dataclass(frozen=True)
class Fetch(Tap, prefix="webinars.fetch"):
    """Get a file."""

    session: int
    number: int


@dataclass(frozen=True)
class AddThing(Tap, prefix="webinars.addthing"):
    """Add something; `recording` says that it is the recording."""

    session: int
    recording: bool


@dataclass(frozen=True)
class RemoveThing(Tap, prefix="webinars.removething"):
    """Take something away; -1 is the recording's link."""

    session: int
    number: int


@dataclass(frozen=True)
class SendAll(Tap, prefix="webinars.sendall"):
    """Ask whether it shall go to everybody who signed up."""

    session: int


@dataclass(frozen=True)
class SendNow(Tap, prefix="webinars.sendnow"):
    """Send it to everybody who signed up, for the `turn`-th time."""

    session: int
    turn: int


@feature.tap(Things)
def things(request: Request, tap: Things) -> Screen:
    """What there is, for members."""
    require_private(request)
    require_member(request)
    leave_dialogue(request)
    return shelf(request, webinar_held(request, tap.session), edit=True)


def shelf(request: Request, session: SessionRow, *, edit: bool, toast: str | None = None) -> Screen:
    """Each thing with its button; for organizers also how to add, take away and send."""
    t, session_id = request.t, session.id or 0
    organizes = request.me.role.reaches(Role.ORGANIZER)
    text = t("<b>Recording and materials</b>: {title}", title=title(request.db, session, t))
    if not session.recording and not session.materials:
        text += Markup("\n\n") + t("Nothing has been added yet.")
    rows = thing_rows(session, t, removing=organizes)
    if organizes:
        rows += [
            [Button("▶️ " + t.label("Add the recording"), AddThing(session_id, recording=True))],
            [Button("📎 " + t.label("Add material"), AddThing(session_id, recording=False))],
        ]
        if session.recording or session.materials:
            rows.append([Button("📤 " + t.label("Send to everybody who signed up"), SendAll(session_id))])
    return Screen(text, buttons=[*rows, [Button("‹ " + t.label("Back"), Card(session_id))]], edit=edit, toast=toast)


def thing_rows(session: SessionRow, t: Translator, *, removing: bool = False) -> list[list[Button]]:
    """A button for each thing: links open, files are sent."""
    session_id, rows = session.id or 0, []
    if session.recording and session.recording != FILE:
        rows.append([Button("▶️ " + t.label("Recording"), session.recording), *_bin(session_id, -1, removing)])
    for number, thing in enumerate(session.materials):
        label = ("▶️ " if thing.get("recording") else "📎 ") + str(thing["title"])
        leads_to = str(thing["url"]) if "url" in thing else Fetch(session_id, number)
        rows.append([Button(label, leads_to), *_bin(session_id, number, removing)])
    return rows


def _bin(session_id: int, number: int, removing: bool) -> list[Button]:
    return [Button("🗑", RemoveThing(session_id, number))] if removing else []


@feature.tap(Fetch)
def fetch(request: Request, tap: Fetch) -> Screen:
    """Send a file; Telegram has kept it."""
    require_private(request)
    require_member(request)
    session = webinar_held(request, tap.session)
    if not 0 <= tap.number < len(session.materials) or "file_id" not in session.materials[tap.number]:
        raise Outdated
    thing = session.materials[tap.number]
    media = str(thing["media"])
    payload = {"chat_id": request.chat_id, media: thing["file_id"], "caption": thing["title"]}
    request.owe(f"send{media.capitalize()}", payload, key=f"webinar:{session.id}:fetched:{request.update_id}")
    return Screen(toast=request.t.label("Here it comes."))


@feature.tap(AddThing, role=Role.ORGANIZER)
def add(request: Request, tap: AddThing) -> Screen:
    """Wait for a link or a file."""
    require_private(request)
    session, t = webinar_held(request, tap.session), request.t
    request.me.expects("webinars.thing", session=session.id, recording=tap.recording)
    if tap.recording:
        return Screen(t("Please send the recording: a link that begins with https://, or a file. To stop: /cancel."))
    return Screen(
        t(
            "Please send the material: a file, or a link that begins with https:// and behind it what it is called. To "
            "stop: /cancel."
        )
    )


@feature.step("thing", role=Role.ORGANIZER)
def thing(request: Request) -> Screen:
    """Keep what was sent; what cannot be kept may be sent differently."""
    t, session = request.t, webinar_held(request, request.pending["session"])
    recording = bool(request.pending["recording"])
    found = _thing(request.message, t.label("Recording") if recording else "")
    if found is None:
        request.me.pending = request.pending
        return Screen(t("I need a link that begins with https://, or a file. Please try again, or /cancel."))
    if recording and "url" in found:
        session.recording = found["url"]
    else:
        webinars.add_thing(session, found | ({"recording": True} if recording else {}))
        session.recording = session.recording or (FILE if recording else None)
    timetable.settle(request.db, session, now=request.now)
    return shelf(request, session, edit=False)


def _thing(message: Message, called: str) -> dict[str, Any] | None:
    """The link or file in a message, with its title; None for what is neither, or no safe link."""
    media = next((kind for kind in _FILES if getattr(message, kind)), None)
    if media is not None:
        sent = getattr(message, media)
        file = sent[-1] if media == "photo" else sent
        name = message.caption or getattr(file, "file_name", None) or called or media
        return {"title": _shortened(name), "media": media, "file_id": file.file_id}
    text = message.text or ""
    found = _LINK.search(text)
    if found is None or not _is_safe(found[0]):
        return None
    rest = " ".join((text[: found.start()] + " " + text[found.end() :]).split())
    return {"title": _shortened(rest or called or urlsplit(found[0]).hostname or found[0]), "url": found[0]}


def _is_safe(link: str) -> bool:
    try:
        parts = urlsplit(link)
        return parts.scheme.lower() == "https" and "." in (parts.hostname or "") and len(link) <= 500
    except ValueError:
        return False


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TITLE_LIMIT else line[: TITLE_LIMIT - 1] + "…"


@feature.tap(RemoveThing, role=Role.ORGANIZER)
def remove(request: Request, tap: RemoveThing) -> Screen:
    """Take something away again."""
    require_private(request)
    session = webinar_held(request, tap.session)
    if tap.number == -1:
        session.recording = None
    elif webinars.remove_thing(session, tap.number).get("recording"):
        session.recording = None if session.recording == FILE else session.recording
    return shelf(request, session, edit=True, toast=request.t.label("Taken away."))


@feature.tap(SendAll, role=Role.ORGANIZER)
def send_all(request: Request, tap: SendAll) -> Screen:
    """Say how many get it before anything goes out."""
    require_private(request)
    session, t = webinar_held(request, tap.session), request.t
    if not session.recording and not session.materials:
        raise Outdated
    count, kept = webinars.receivers(request.db, tap.session), webinars.record(request.db, tap.session)
    text = t.n(
        "This goes to {n} person who signed up or was there.",
        "This goes to {n} people who signed up or were there.",
        count,
    )
    if kept.sent_at is not None:
        text += Markup("\n\n") + t(
            "It was sent before, on {when}. They would get it once more.", when=t.datetime(kept.sent_at)
        )
    rows = [[Button("📤 " + t.label("Send now"), SendNow(tap.session, kept.sent + 1))]]
    return Screen(text, buttons=[*rows, [Button("‹ " + t.label("Back"), Things(tap.session))]], edit=True)


@feature.tap(SendNow, role=Role.ORGANIZER)
def send_now(request: Request, tap: SendNow) -> Screen:
    """Send it once, however often the button is tapped."""
    require_private(request)
    session = webinar_held(request, tap.session)
    if not webinars.begin_sending(request.db, session, turn=tap.turn, now=request.now):
        return Screen(toast=request.t.label("This was sent already."))
    send_some(request, webinars.record(request.db, tap.session))
    return shelf(request, session, edit=True, toast=request.t.label("It is on its way."))


@feature.tick(timedelta(seconds=10))
def go_on_sending(moment: Moment) -> None:
    """The next portion of what is on its way."""
    for kept in webinars.sending(moment.db):
        send_some(moment, kept)


def send_some(deed: Deed, kept: Record) -> None:
    """Send it to the next people."""
    session = webinars.webinar(deed.db, kept.session_id)
    found = webinars.next_receivers(deed.db, kept, limit=PORTION)
    times = attention.moments(
        deed.db, [member for _mine, member in found], kind=Kind.WEBINARS, now=deed.now, asked_for=True
    )
    taken = webinars.was_taken(deed.db, kept.session_id)
    for mine, member in found:
        if not member.is_reachable:
            continue
        t = deed.words(member).of(feature.name)
        deed.post(
            follow_up(deed, session, mine, t, attendance_known=taken),
            chat_id=member.telegram_id,
            key=f"webinar:{kept.session_id}:follow-up:{kept.sent}:{member.id}",
            lane=Lane.NOTICE,
            about=f"webinar:{kept.session_id}:follow-up",
            due_at=times[member.id or 0],
            heeds=outbox.QUIET,
        )


def follow_up(deed: Deed, session: SessionRow, mine: Attendee, t: Translator, *, attendance_known: bool) -> Screen:
    """Recording and materials for somebody who was there, in other words for who missed it."""
    called = title(deed.db, session, t)
    session_id = session.id or 0
    if mine.attended_at is not None:
        text = t("Thank you for being at <b>{title}</b>! Here is what belongs to it:", title=called)
    elif attendance_known:
        text = t("You could not be at <b>{title}</b>? Here it is, for when it suits you:", title=called)
    else:
        text = t("Here is what belongs to the webinar <b>{title}</b>:", title=called)
    rows = thing_rows(session, t)
    if mine.attended_at is not None:
        feedback = Button("⭐ " + t.label("Feedback"), Feel(session_id, "useful"))
        rows.append([Button("📜 " + t.label("Certificate"), Certify(session_id)), feedback])
    return Screen(text, buttons=rows)

"""The meeting software's attendance list: read, reviewed where it is unclear, and only then stored."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from telegram.error import TelegramError

from bot import timetable
from bot.errors import AttendanceUnreadable
from bot.features import people, webinars
from bot.features.people import Member, Role
from bot.features.webinars import Import, Line, Presence
from bot.i18n import Translator
from handlers._kit import Button, Preparing, Request, Screen, Tap
from handlers.webinars._attendance import Upload, described, none_of_them, roll
from handlers.webinars._feature import feature, leave_dialogue, require_private, webinar_held
from handlers.webinars._words import title

LARGEST = 2_000_000
NAMED = 25
"""How many names a review lists."""


@dataclass(frozen=True)
class Decide(Tap, prefix="webinars.decide"):
    """A name of the list is this member; 0 for nobody we know."""

    list_: int
    line: int
    member: int


@dataclass(frozen=True)
class Store(Tap, prefix="webinars.store"):
    """Store the list."""

    list_: int


@dataclass(frozen=True)
class Drop(Tap, prefix="webinars.drop"):
    """Store nothing."""

    list_: int


@feature.tap(Upload, role=Role.ORGANIZER)
def upload(request: Request, tap: Upload) -> Screen:
    """Wait for the file."""
    require_private(request)
    session = webinar_held(request, tap.session)
    request.me.expects("webinars.file", session=session.id)
    return Screen(
        request.t(
            "Please send the attendance list of the meeting software as a CSV file (Tencent Meeting, VooV or Zoom). I "
            "show you what I understood before anything is stored. To stop: /cancel."
        )
    )


def fetched(preparing: Preparing) -> list[Presence] | AttendanceUnreadable | None:
    """The list in the file, read before the transaction opens; None without a file."""
    document = preparing.heard.message.document if preparing.heard.message is not None else None
    if document is None:
        return None
    if (document.file_size or 0) > LARGEST:
        return AttendanceUnreadable("large")
    try:
        return webinars.read(preparing.services.fetch(document.file_id))
    except (TelegramError, TimeoutError):
        return AttendanceUnreadable("away")
    except AttendanceUnreadable as error:
        return error


@feature.step("file", role=Role.ORGANIZER, prepare=fetched)
def file(request: Request) -> Screen:
    """Take the list for its review; another file may be sent when this one cannot be read."""
    found: list[Presence] | AttendanceUnreadable | None = request.prepared
    if isinstance(found, AttendanceUnreadable):
        raise found
    if found is None:
        request.me.pending = request.pending
        return Screen(request.t("Please send the list as a file (📎), or /cancel."))
    session = webinar_held(request, request.pending["session"])
    signed_up = [mine.member_id for mine in timetable.attendees(request.db, session.id or 0)]
    lines = webinars.match(found, people.with_role(request.db, Role.TRAINEE), signed_up=signed_up)
    begun = webinars.begin_import(request.db, session, lines, by=request.me, now=request.now)
    return review(request, begun, edit=False)


def review(request: Request, begun: Import, *, edit: bool) -> Screen:
    """What was understood; the first unclear name with those whom it may mean, until all are clear."""
    t, session = request.t, webinar_held(request, begun.session_id)
    lines = webinars.lines(begun)
    clear = [line for line in lines if line.member is not None]
    unclear = [(number, line) for number, line in enumerate(lines) if line.unclear]
    unknown = [line.name for line in lines if line.member is None and not line.choices]
    parts = [
        t("<b>Attendance list</b>: {title}", title=title(request.db, session, t)),
        t.n("{n} name in the file.", "{n} names in the file.", len(lines)),
    ]
    if clear:
        parts.append(t("✅ Clear: {names}", names=_names([_known(request, line, t) for line in clear], t)))
    if unknown:
        parts.append(t("❔ No member has this name, so they are left out: {names}", names=_names(unknown, t)))
    rows = [[Button("✖ " + t.label("Store nothing"), Drop(begun.id or 0))]]
    if unclear:
        number, line = unclear[0]
        parts.append(t.n("{n} name is unclear.", "{n} names are unclear.", len(unclear)))
        parts.append(t("Who is “{name}” ({minutes})?", name=line.name, minutes=_minutes(line, t)))
        rows = [*_choices(request, begun, number, line), *rows]
    elif clear:
        parts.append(t("Nothing is stored yet."))
        label = t.n("Store {n} person", "Store {n} people", len({line.member for line in clear}))
        rows.insert(0, [Button("💾 " + label.unescape(), Store(begun.id or 0))])
    return Screen(Markup("\n\n").join(parts), buttons=rows, edit=edit)


def _names(names: list[str], t: Translator) -> str:
    shown = ", ".join(names[:NAMED])
    return shown + (" … +" + t.number(len(names) - NAMED) if len(names) > NAMED else "")


def _known(request: Request, line: Line, t: Translator) -> str:
    member = request.db.get(Member, line.member)
    return f"{member.shown_name if member is not None else line.name} ({_minutes(line, t)})"


def _minutes(line: Line, t: Translator) -> str:
    return t.label("{n} min", n=t.number(line.minutes)) if line.minutes is not None else t.label("time not given")


def _choices(request: Request, begun: Import, number: int, line: Line) -> list[list[Button]]:
    found = [request.db.get(Member, member_id) for member_id in line.choices]
    members = [member for member in found if member is not None]
    rows = [[Button(described(member), Decide(begun.id or 0, number, member.id or 0))] for member in members]
    return [*rows, [Button(none_of_them(request.t), Decide(begun.id or 0, number, 0))]]


@feature.tap(Decide, role=Role.ORGANIZER)
def decide(request: Request, tap: Decide) -> Screen:
    """Say who a name is."""
    require_private(request)
    begun = webinars.get_import(request.db, tap.list_, request.me)
    webinars.decide(begun, tap.line, tap.member)
    return review(request, begun, edit=True)


@feature.tap(Store, role=Role.ORGANIZER)
def store(request: Request, tap: Store) -> Screen:
    """Store those that are clear."""
    require_private(request)
    begun = webinars.get_import(request.db, tap.list_, request.me)
    session = webinar_held(request, begun.session_id)
    new = webinars.finish_import(request.db, begun, session, now=request.now)
    words = request.t.n("Stored: {n} person more was there.", "Stored: {n} more people were there.", new)
    return roll(request, session, page=0, edit=True, toast=words.unescape())


@feature.tap(Drop, role=Role.ORGANIZER)
def drop(request: Request, tap: Drop) -> Screen:
    """Throw the list away."""
    require_private(request)
    leave_dialogue(request)
    begun = webinars.get_import(request.db, tap.list_, request.me)
    session = webinar_held(request, begun.session_id)
    webinars.end_import(request.db, begun)
    return roll(request, session, page=0, edit=True, toast=request.t.label("Nothing was stored."))

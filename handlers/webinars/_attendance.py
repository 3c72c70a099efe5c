"""Who was there: the list that organizers correct with a tap, and add to by name."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bot import timetable
from bot.errors import Outdated
from bot.features import people, webinars
from bot.features.people import Member, Role
from bot.features.webinars import Presence
from bot.i18n import Translator
from bot.outbox import Lane
from bot.timetable import SessionRow
from handlers._kit import Button, Request, Screen, Tap
from handlers.webinars._feature import Manage, feature, leave_dialogue, require_private, webinar_held
from handlers.webinars._words import title

PAGE = 12
FOUND = 6


@dataclass(frozen=True)
class Attendance(Tap, prefix="webinars.attendance"):
    """A page of who signed up, with who was there."""

    session: int
    page: int


@dataclass(frozen=True)
class Toggle(Tap, prefix="webinars.toggle"):
    """Somebody was there, or was not."""

    session: int
    member: int
    page: int


@dataclass(frozen=True)
class Add(Tap, prefix="webinars.add"):
    """Add somebody who is not on the list."""

    session: int


@dataclass(frozen=True)
class WasThere(Tap, prefix="webinars.was"):
    """Somebody who was found by name was there."""

    session: int
    member: int


@dataclass(frozen=True)
class Upload(Tap, prefix="webinars.upload"):
    """Send the meeting software's list."""

    session: int


@feature.tap(Attendance, role=Role.ORGANIZER)
def attendance(request: Request, tap: Attendance) -> Screen:
    """Everybody who said something, by name; a tap changes whether they were there."""
    require_private(request)
    leave_dialogue(request)
    return roll(request, webinar_held(request, tap.session), page=tap.page, edit=True)


def roll(request: Request, session: SessionRow, *, page: int, edit: bool, toast: str | None = None) -> Screen:
    """A page of the list."""
    t, session_id = request.t, session.id or 0
    found = webinars.roll(request.db, session_id)
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(page, 0), pages - 1)
    minutes, certificates = webinars.minutes(request.db, session_id), webinars.certificates(request.db, session_id)
    there = sum(mine.attended_at is not None for mine, _member in found)
    buttons = []
    for mine, member in found[page * PAGE : (page + 1) * PAGE]:
        marks = ("✅ " if mine.attended_at is not None else "◻️ ") + member.shown_name
        length = f" · {minutes[member.id or 0]}′" if member.id in minutes else ""
        marks += length + (" 📜" if member.id in certificates else "")
        buttons.append(Button(marks, Toggle(session_id, member.id or 0, page)))
    turning = [Button("‹", Attendance(session_id, page - 1))] if page > 0 else []
    turning += [Button("›", Attendance(session_id, page + 1))] if page + 1 < pages else []
    more = [
        Button("➕ " + t.label("Add somebody"), Add(session_id)),
        Button("📥 " + t.label("Import CSV"), Upload(session_id)),
    ]
    rows = [*(buttons[at : at + 2] for at in range(0, len(buttons), 2)), turning, more]
    text = t("<b>Attendance</b>: {title}", title=title(request.db, session, t)) + Markup("\n\n")
    text += t.n("{n} person was there.", "{n} people were there.", there) + Markup(" ")
    text += t("Tap a name to change it. 📜 has a certificate, which ends when you take the attendance back.")
    return Screen(text, buttons=[*rows, [Button("‹ " + t.label("Back"), Manage(session_id))]], edit=edit, toast=toast)


@feature.tap(Toggle, role=Role.ORGANIZER)
def toggle(request: Request, tap: Toggle) -> Screen:
    """Correct it; who was not there after all has no certificate any more, and hears so."""
    require_private(request)
    session, member = webinar_held(request, tap.session), _member(request, tap.member)
    mine = webinars.toggle(request.db, session, member, now=request.now)
    ended = None if mine.attended_at is not None else webinars.revoke(request.db, tap.session, member, now=request.now)
    if ended is not None:
        _tell_ended(request, session, member, ended.number)
    words = (
        request.t.label("Certificate {number} is no longer valid.", number=webinars.shown(ended.number))
        if ended
        else None
    )
    return roll(request, session, page=tap.page, edit=True, toast=words)


def _member(request: Request, member_id: int) -> Member:
    found = request.db.get(Member, member_id)
    if found is None:
        raise Outdated
    return found


def _tell_ended(request: Request, session: SessionRow, member: Member, number: str) -> None:
    t = request.words(member)
    text = t(
        "The organizers have corrected the attendance list of <b>{title}</b>. Your certificate {number} is no longer "
        "valid. If that is a mistake, please tell an organizer.",
        title=title(request.db, session, t),
        number=webinars.shown(number),
    )
    request.post(Screen(text), chat_id=member.telegram_id, key=f"webinar:ended:{number}", lane=Lane.REMINDER)


@feature.tap(Add, role=Role.ORGANIZER)
def add(request: Request, tap: Add) -> Screen:
    """Wait for a name."""
    require_private(request)
    session = webinar_held(request, tap.session)
    request.me.expects("webinars.person", session=session.id)
    return Screen(request.t("Who was there? Please write the name, or a part of it. To stop: /cancel."))


@feature.step("person", role=Role.ORGANIZER)
def person(request: Request) -> Screen:
    """Members with that name; none of them changes anything, and another name may be written."""
    session, t = webinar_held(request, request.pending["session"]), request.t
    request.me.pending = request.pending
    found = called(request, request.text)
    if not found:
        return Screen(t("I know no member with this name. Please write it another way, or /cancel."))
    buttons = [[Button(described(member), WasThere(session.id or 0, member.id or 0))] for member in found]
    return Screen(t("Who of them was there?"), buttons=buttons)


@feature.tap(WasThere, role=Role.ORGANIZER)
def was_there(request: Request, tap: WasThere) -> Screen:
    """Add them; whoever is on the list already stays there."""
    require_private(request)
    session, member = webinar_held(request, tap.session), _member(request, tap.member)
    timetable.attended(request.db, session, member_id=member.id or 0, how="organizer", now=request.now)
    leave_dialogue(request)
    words = request.t.label("{name} is on the list.", name=member.shown_name)
    return roll(request, session, page=0, edit=True, toast=words)


def called(request: Request, name: str) -> list[Member]:
    """Members whose name is this, or has it in it."""
    everybody = people.with_role(request.db, Role.TRAINEE)
    lines = webinars.match([Presence(name, None)], everybody, signed_up=())
    exact = [member for member in everybody if member.id in {lines[0].member, *lines[0].choices}]
    wanted = name.casefold().strip()
    partly = [
        member for member in everybody if wanted and wanted in member.shown_name.casefold() and member not in exact
    ]
    return [*exact, *partly][:FOUND]


def described(member: Member) -> str:
    """A member as a button says it, so that two of one name can be told apart."""
    facts = [fact for fact in (member.city, member.cohort) if fact]
    return " · ".join([member.shown_name, *facts])


def none_of_them(t: Translator) -> str:
    """The choice beside members whose name it may be."""
    return t.label("Nobody we know")

"""/calendar: what is mine, as a list, as files and as an address that calendar programs follow."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bot import timetable
from bot.errors import NotHere, Outdated
from bot.features.people import Role
from bot.timetable import Appointment, Standing, State
from handlers import _sessions
from handlers._kit import Button, File, Request, Screen, Tap
from handlers._sessions import AddToCalendar
from handlers.calendar import _events
from handlers.calendar._feature import feature

SHOWN = 8


@dataclass(frozen=True)
class NewAddress(Tap, prefix="calendar.renew"):
    """Another address for my own feed; the old one leads nowhere from then on."""


@dataclass(frozen=True)
class NewPublicAddress(Tap, prefix="calendar.renewpublic"):
    """The same for the community's feed."""


@feature.command("calendar", role=Role.TRAINEE)
def show(request: Request) -> Screen:
    """My next sessions, and where calendar programs find them."""
    coming = _coming(request)
    t = request.t
    lines = [t("<b>Your next sessions</b>"), *(_line(request, each) for each in coming)]
    if coming:
        lines += [Markup(), t("Tap a session to put it into your calendar.")]
    else:
        lines = [t("You have not signed up for anything yet. What comes: /webinars and /consult")]
    rows = [
        [Button("📅 " + _sessions.name(request.db, each.session, t), AddToCalendar(each.session.id or 0))]
        for each in coming
    ]
    return Screen(Markup("\n").join([*lines, *_addresses(request)]), buttons=[*rows, *_renewing(request)])


def _coming(request: Request) -> list[Appointment]:
    known = timetable.appointments(request.db, request.me.id or 0, now=request.now)
    open_ = [each for each in known if each.session.ends_at > request.now and each.session.state is State.PLANNED]
    return open_[:SHOWN]


def _line(request: Request, each: Appointment) -> Markup:
    t, mine = request.t, each.mine
    starts_at = mine.starts_at if mine is not None and mine.starts_at is not None else each.session.starts_at
    line = t("• {when}: {title}", when=t.when(starts_at), title=_sessions.name(request.db, each.session, t))
    if each.leads:
        return line + " " + t("(you lead it)")
    return line + " " + t("(maybe)") if mine is not None and mine.standing is Standing.MAYBE else line


def _addresses(request: Request) -> list[Markup]:
    root, t = request.services.settings.public_root, request.t
    if root is None:
        return []
    own = timetable.feed_token(request.db, request.me.id, now=request.now)
    public = timetable.feed_token(request.db, None, now=request.now)
    return [
        Markup("\n") + t("Your calendar program can follow your sessions at this address. Keep it to yourself:"),
        Markup("<code>{}</code>").format(address(root, own)),
        t("All sessions, for everybody:"),
        Markup("<code>{}</code>").format(address(root, public)),
    ]


def _renewing(request: Request) -> list[list[Button]]:
    t = request.t
    if request.services.settings.public_root is None:
        return []
    rows = [[Button(t.label("New address"), NewAddress())]]
    if request.me.role.reaches(Role.ORGANIZER):
        rows.append([Button(t.label("New public address"), NewPublicAddress())])
    return rows


def address(root: str, token: str) -> str:
    """Where a feed is."""
    return f"{root}/calendar/{token}.ics"


@feature.tap(NewAddress, role=Role.TRAINEE)
def renew(request: Request, _tap: NewAddress) -> Screen:
    """Give a new address; it is a secret, so only in private."""
    return _renewed(request, request.me.id)


@feature.tap(NewPublicAddress, role=Role.ORGANIZER)
def renew_public(request: Request, _tap: NewPublicAddress) -> Screen:
    """The same for the community's feed."""
    return _renewed(request, None)


def _renewed(request: Request, member_id: int | None) -> Screen:
    root = request.services.settings.public_root
    if not request.heard.private:
        raise NotHere
    if root is None:
        raise Outdated
    token = timetable.renew_feed(request.db, member_id, now=request.now)
    words = request.t("The old address no longer works. The new one:")
    return Screen(words + Markup("\n<code>{}</code>").format(address(root, token)))


@feature.tap(AddToCalendar, role=Role.TRAINEE)
def add(request: Request, tap: AddToCalendar) -> Screen:
    """The session as a file, as it is now; a newer file replaces what an older one put into the calendar."""
    session = timetable.session(request.db, tap.session_id)
    if session is None:
        raise Outdated
    if not request.heard.private:
        raise NotHere
    appointment = timetable.appointment(request.db, session, request.me.id or 0)
    made = _events.one(request.db, appointment, request.t, organizer=request.services.link, now=request.now)
    return Screen(_with_file(request, session.state), file=File("small-wins.ics", made.content.decode()))


def _with_file(request: Request, state: State) -> Markup:
    if state is State.CANCELLED:
        return request.t("It was cancelled. Open the file, and it goes from your calendar.")
    return request.t("Open the file to put it into your calendar. If something changes, the new file replaces it.")

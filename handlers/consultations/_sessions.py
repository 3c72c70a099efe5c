"""/consult: what comes next, what is free, and the way to a slot."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from bot import timetable
from bot.features import consultations
from bot.features.people import Role
from bot.i18n import Translator
from bot.timetable import Kind, SessionRow
from handlers._kit import Button, Request, Screen
from handlers.consultations._feature import Accept, Book, Look, Mine, Refuse, Wait, WaitNoLonger, feature
from handlers.consultations._words import both_clocks, names, title_of, when

SHOWN = 4
LINK = "consult"
"""The start parameter that leads here from a group."""


@feature.command("consult", in_groups=True)
def consult(request: Request) -> Screen:
    """The next consultations; in a group only when, and the way into private."""
    return home(request) if request.heard.private else in_group(request)


def home(request: Request) -> Screen:
    """The same in private, without a command."""
    return overview(replace(request, context=feature.name), 0, edit=False)


@feature.tap(Look)
def look(request: Request, tap: Look) -> Screen:
    """Another session first."""
    if not request.heard.private:
        return in_group(request)
    return overview(request, tap.session, edit=True)


def in_group(request: Request) -> Screen:
    """A short card for everybody."""
    t, coming = request.t, timetable.upcoming(request.db, Kind.CONSULTATION, now=request.now, limit=1)
    if not coming:
        return Screen(t("No consultation is planned at the moment. The next one is announced here."))
    parts = [
        Markup("<b>{}</b>").format(title_of(request, coming[0], t)),
        both_clocks(coming[0].starts_at, coming[0].ends_at, t),
        places(request, coming[0], t),
    ]
    link = f"{request.services.link}?start={LINK}"
    return Screen(Markup("\n").join(parts), buttons=[[Button(t.label("Book in our private chat"), link)]])


def overview(request: Request, session_id: int, *, edit: bool) -> Screen:
    """One's own slot, the session that is looked at, and what comes besides."""
    t = request.t
    coming = timetable.upcoming(request.db, Kind.CONSULTATION, now=request.now, limit=SHOWN)
    if not coming:
        return Screen(t("No consultation is planned at the moment. You hear of the next one here."), edit=edit)
    shown = next((row for row in coming if row.id == session_id), None) or _first_with_room(request, coming)
    others = [row for row in coming if row.id != shown.id]
    mine, own_rows = _own(request, t)
    parts = [*mine, card(request, shown, t)]
    if others:
        lines = [Markup("• {} · {}").format(t.when(row.starts_at), places(request, row, t)) for row in others]
        parts.append(Markup("\n").join([t("Later sessions:"), *lines]))
    more = [[Button("🗓 " + t.when(row.starts_at), Look(row.id or 0))] for row in others]
    return Screen(Markup("\n\n").join(parts), buttons=[*own_rows, *_ways(request, shown, t), *more], edit=edit)


def _first_with_room(request: Request, coming: list[SessionRow]) -> SessionRow:
    """The first session that one can still come to."""
    return next(
        (row for row in coming if consultations.is_open(row) or consultations.free(request.db, row, now=request.now)),
        coming[0],
    )


def _own(request: Request, t: Translator) -> tuple[list[Markup], list[list[Button]]]:
    """What the member has ahead, or what is offered to them."""
    parts, rows = [], []
    for booking in consultations.ahead_of(request.db, request.me, now=request.now):
        booking_id = consultations.id_of(booking)
        if booking.state is consultations.State.BOOKED:
            parts.append(t("✅ Your slot: {when}", when=when(booking, t)))
            rows.append([Button("✅ " + t.label("My slot"), Mine(booking_id))])
        elif booking.until is not None:
            parts.append(
                t("🔔 Offered to you until {until}: {when}", until=t.when(booking.until), when=when(booking, t))
            )
            rows.append(offer_buttons(booking_id, t))
    return parts, rows


def offer_buttons(booking_id: int, t: Translator) -> list[Button]:
    """Yes or no to an offered slot."""
    return [Button("✅ " + t.label("Take it"), Accept(booking_id)), Button(t.label("No, thanks"), Refuse(booking_id))]


def card(request: Request, session: SessionRow, t: Translator) -> Markup:
    """A session with all that helps to decide."""
    consultants = consultations.consultants(request.db, session.id or 0)
    lines = [
        Markup("<b>{}</b>").format(title_of(request, session, t)),
        both_clocks(session.starts_at, session.ends_at, t),
        *([t("With {names}", names=names(request, consultants, t))] if consultants else []),
        Markup(" · ").join([places(request, session, t), *_length(session, t)]),
    ]
    description = timetable.description(request.db, session, t.language)
    if description:
        lines.append(Markup("{}").format(description[:600]))
    place = consultations.position(request.db, request.me, session, now=request.now)
    if place is not None:
        lines.append(t("You are number {n} on the waiting list.", n=t.number(place)))
    return Markup("\n").join(lines)


def places(request: Request, session: SessionRow, t: Translator) -> Markup:
    """How many slots are free, in a few words."""
    if consultations.is_open(session):
        return t("Open to everybody: just come and ask")
    free = len(consultations.free(request.db, session, now=request.now))
    if not free:
        return t("All slots are taken")
    return t.n("One slot is free", "{n} slots are free", free)


def _length(session: SessionRow, t: Translator) -> list[Markup]:
    """How long a slot is; nothing for an open session."""
    if consultations.is_open(session):
        return []
    return [t("{minutes} minutes each", minutes=t.number(session.slot_minutes or 0))]


def _ways(request: Request, session: SessionRow, t: Translator) -> list[list[Button]]:
    """What this person can do about the session now."""
    session_id = session.id or 0
    if consultations.is_open(session) or not request.me.role.reaches(Role.TRAINEE):
        return []
    if consultations.waits(request.db, request.me, session) is not None:
        return [[Button(t.label("Leave the waiting list"), WaitNoLonger(session_id))]]
    if consultations.ahead(request.db, request.me.id or 0, now=request.now) is not None:
        return []
    if consultations.free(request.db, session, now=request.now):
        return [[Button("🗓 " + t.label("Book"), Book(session_id, 0))]]
    return [[Button("⏳ " + t.label("Join the waiting list"), Wait(session_id, 0))]]

"""One's own slot as a message: when and with whom, what it is about, how to join, what can be done with it."""

from __future__ import annotations

from markupsafe import Markup

from bot.features import consultations
from bot.features.consultations import CUT_OFF, Booking, State
from bot.i18n import Translator
from bot.timetable import SessionRow
from handlers import _sessions
from handlers._kit import Button, Deed, Request, Screen
from handlers.consultations._feature import GiveBack, Look, Move, Write
from handlers.consultations._words import about, name_of, title_of, when


def facts(deed: Deed, booking: Booking, t: Translator) -> Markup:
    """When and with whom."""
    return Markup("\n").join([when(booking, t), t("With {names}", names=name_of(deed, booking.consultant_id, t))])


def card(request: Request, booking: Booking, *, first: Markup | None = None) -> Screen:
    """The slot with what was written for it, and what can be done with it now."""
    t, session = request.t, consultations.session_of(request.db, booking.session_id)
    parts = [
        Markup("\n").join(part for part in [first or Markup(), _titled(request, session, t)] if part),
        facts(request, booking, t),
        Markup("\n").join(about(booking, t)),
        _sessions.how_to_join(session, t, at=request.now),
        _until_when(request, booking, t),
    ]
    return Screen(
        Markup("\n\n").join(part for part in parts if part),
        buttons=[*_buttons(request, booking, t), [_sessions.add_button(session, t)], _to_all(t)],
        edit=True,
        about=booking.key("card"),
    )


def _to_all(t: Translator) -> list[Button]:
    return [Button("‹ " + t.label("All consultations"), Look(0))]


def _titled(request: Request, session: SessionRow, t: Translator) -> Markup:
    return Markup("<b>{}</b>").format(title_of(request, session, t))


def _until_when(request: Request, booking: Booking, t: Translator) -> Markup:
    until = booking.starts_at - CUT_OFF
    if booking.state is not State.BOOKED or request.now > until:
        return Markup()
    return t("You can move it or give it back until {when}.", when=t.when(until))


def _buttons(request: Request, booking: Booking, t: Translator) -> list[list[Button]]:
    booking_id = consultations.id_of(booking)
    rows = [
        [Button("✏️ " + t.label("Subject"), Write(booking_id, "subject"))],
        [Button("📝 " + t.label("Describe the case (optional)"), Write(booking_id, consultations.CASE[0]))],
    ]
    if request.now <= booking.starts_at - CUT_OFF:
        rows.append(
            [
                Button("🔁 " + t.label("Move"), Move(booking_id, 0)),
                Button("↩️ " + t.label("Give it back"), GiveBack(booking.session_id)),
            ]
        )
    return rows

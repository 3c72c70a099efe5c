"""One's own slot: what it is about, moving it, giving it back, the word the day before."""

from __future__ import annotations

from datetime import datetime, timedelta

from markupsafe import Markup

from bot import timetable
from bot.errors import CannotBook, SlotTaken
from bot.features import consultations
from bot.features.consultations import CUT_OFF, Booking
from bot.features.people import Role
from bot.i18n import Translator
from bot.timetable import Attendee, Kind, SessionRow, Standing
from handlers import _sessions
from handlers._kit import Button, Moment, Request, Screen
from handlers.consultations._card import card, facts
from handlers.consultations._feature import Book, Coming, GiveBack, Mine, Move, MoveTo, WaitNoLonger, feature
from handlers.consultations._offering import offer_free
from handlers.consultations._telling import holder_of, own, own_in, take_back_words, tell
from handlers.consultations._words import about, both_clocks, minute_of, moment_of

ASKED = timedelta(days=2)
"""A reminder that comes earlier than this before a slot is too early to ask whether they will be there."""


@feature.tap(Mine, role=Role.TRAINEE)
def mine(request: Request, tap: Mine) -> Screen:
    """One's own slot."""
    booking = own(request, tap.booking)
    if (request.me.pending or {}).get("step") == "consultations.write":
        request.me.pending = None
    return card(request, booking)


@feature.tap(Move, role=Role.TRAINEE)
def move(request: Request, tap: Move) -> Screen:
    """Other slots of the same session, and the way to other sessions."""
    booking = own(request, tap.booking)
    consultations.require_before_cut_off(booking, now=request.now)
    return _choice(request, booking, consultations.session_of(request.db, tap.session or booking.session_id))


def _choice(request: Request, booking: Booking, session: SessionRow, *, first: Markup | None = None) -> Screen:
    t, booking_id = request.t, consultations.id_of(booking)
    free = consultations.free(request.db, session, now=request.now)
    starts = sorted({slot.starts_at for slot in free} - {booking.starts_at})
    buttons = [Button(t.time(at), MoveTo(booking_id, session.id or 0, minute_of(at))) for at in starts]
    others = [
        [Button("🗓 " + t.when(row.starts_at), Move(booking_id, row.id or 0))]
        for row in timetable.upcoming(request.db, Kind.CONSULTATION, now=request.now, limit=4)
        if row.id != session.id and not consultations.is_open(row)
    ]
    parts = [
        first or Markup(),
        t("Your slot stays yours until you have chosen another one."),
        both_clocks(session.starts_at, session.ends_at, t),
        Markup() if starts else t("No other slot of this session is free."),
    ]
    back = [Button("‹ " + t.label("Back"), Mine(booking_id))]
    rows = [buttons[start : start + 3] for start in range(0, len(buttons), 3)]
    return Screen(Markup("\n").join(part for part in parts if part), buttons=[*rows, *others, back], edit=True)


@feature.tap(MoveTo, role=Role.TRAINEE)
def move_to(request: Request, tap: MoveTo) -> Screen:
    """Take the other slot; whoever waits is asked for the old one."""
    booking = own(request, tap.booking)
    session = consultations.bookable(request.db, tap.session, now=request.now)
    old, before = consultations.session_of(request.db, booking.session_id), booking.starts_at
    try:
        consultations.move(request.db, request.me, booking, session, starts_at=moment_of(tap.at), now=request.now)
    except SlotTaken:
        return _choice(request, booking, session, first=request.t("Somebody was quicker."))
    except CannotBook:
        text = request.t("Few slots are left there, and others come first.")
        return _choice(request, booking, old, first=text)
    if booking.starts_at != before or old.id != session.id:
        take_back_words(request, [booking])
        offer_free(request, old)
    return card(request, booking, first=request.t("🔁 Moved."))


@feature.tap(GiveBack, role=Role.TRAINEE)
def give_back(request: Request, tap: GiveBack) -> Screen:
    """The slot goes to whoever waits at once."""
    booking = own_in(request, tap.session)
    consultations.give_back(request.db, booking, now=request.now)
    take_back_words(request, [booking])
    if (session := timetable.session(request.db, booking.session_id)) is not None:
        offer_free(request, session)
    return Screen(
        request.t("Given back. Thank you for saying so: somebody else can have it. To book another one: /consult"),
        edit=True,
    )


@_sessions.answering(Kind.CONSULTATION)
def answers(session: SessionRow, mine: Attendee | None, t: Translator, at: datetime) -> list[list[Button]]:
    """Under announcements and reminders: the word the day before, the waiting list, or the way to a slot."""
    t, session_id = t.of(feature.name), session.id or 0
    if consultations.is_open(session):
        return []
    if mine is not None and mine.standing is Standing.WAITING:
        return [[Button(t.label("Leave the waiting list"), WaitNoLonger(session_id))]]
    if mine is not None and mine.standing is Standing.COMING:
        left = (mine.starts_at or session.starts_at) - at
        return confirming(session_id, t) if CUT_OFF < left <= ASKED else []
    return [[Button("🗓 " + t.label("Book"), Book(session_id, 0))]]


def confirming(session_id: int, t: Translator) -> list[list[Button]]:
    """Whether they will be there."""
    return [
        [Button("👍 " + t.label("I'll be there"), Coming(session_id))],
        [Button("↩️ " + t.label("Give it back"), GiveBack(session_id))],
    ]


@feature.tick(timedelta(minutes=1))
def ask_the_day_before(moment: Moment) -> None:
    """Whoever has a slot tomorrow is asked whether they will be there, unless the reminder of that day asks it."""
    for booking in consultations.to_ask(moment.db, now=moment.now):
        booking.asked_at = moment.now
        session = timetable.session(moment.db, booking.session_id)
        if session is not None and not _reminder_asks(moment, session, booking):
            _ask(moment, session, booking)


def _reminder_asks(moment: Moment, session: SessionRow, booking: Booking) -> bool:
    """Whether a reminder of about a day before reaches whoever booked before that."""
    usual = moment.services.settings.ladder(session.kind)
    before = [rung.before for rung in timetable.rungs_of(moment.db, session, usual) if rung.before is not None]
    return any(CUT_OFF < each <= ASKED and booking.created_at < booking.starts_at - each for each in before)


def _ask(moment: Moment, session: SessionRow, booking: Booking) -> None:
    member = holder_of(moment, booking)
    t = moment.words(member)
    parts = [
        t("🗓 Your consultation is coming up:"),
        facts(moment, booking, t),
        Markup("\n").join(about(booking, t, limit=200)),
        t("If something has come up, please give it back, so that somebody else can have it."),
    ]
    screen = Screen(Markup("\n\n").join(part for part in parts if part), buttons=confirming(session.id or 0, t))
    key = booking.key("tomorrow", minute_of(booking.starts_at))
    tell(moment, member, screen, key=key, about=booking.key())


@feature.tap(Coming, role=Role.TRAINEE)
def coming(request: Request, tap: Coming) -> Screen:
    """They will be there."""
    booking = own_in(request, tap.session)
    consultations.confirm(booking, now=request.now)
    return card(request, booking, first=request.t("👍 Good, see you then."))

"""The waiting list: joining it, and the offers that go out when a slot comes free."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from bot import timetable
from bot.errors import Outdated
from bot.features import consultations, people
from bot.features.consultations import Booking, State
from bot.features.people import Member, Role
from bot.timetable import SessionRow
from handlers._kit import Button, Deed, Moment, Request, Screen
from handlers.consultations._booking import booked, own_question, subject_of
from handlers.consultations._card import facts
from handlers.consultations._feature import Accept, Look, Refuse, Wait, WaitNoLonger, feature
from handlers.consultations._sessions import offer_buttons, overview
from handlers.consultations._telling import holder_of, own, require_private, take_back_words, tell
from handlers.consultations._words import both_clocks


@feature.tap(Wait, role=Role.TRAINEE)
def wait(request: Request, tap: Wait) -> Screen:
    """Join the waiting list; where one stands is said at once."""
    require_private(request)
    session = consultations.bookable(request.db, tap.session, now=request.now)
    question = own_question(request, tap.question)
    question_id = question.id if question else None
    consultations.wait(
        request.db, request.me, session, subject=subject_of(question), question_id=question_id, now=request.now
    )
    people.agree(request.me, now=request.now)
    offer_free(request, session)
    t = request.t
    place = consultations.position(request.db, request.me, session, now=request.now)
    if place is None:
        return overview(request, tap.session, edit=True)
    return Screen(
        Markup("\n\n").join(
            [
                t("⏳ You are number {n} on the waiting list.", n=t.number(place)),
                both_clocks(session.starts_at, session.ends_at, t),
                t(
                    "Those who had no consultation in the last eight weeks come first, then whoever joined earlier. When a "
                    "slot comes free for you, I ask you here, and you have some hours to say yes."
                ),
            ]
        ),
        buttons=[
            [Button(t.label("Leave the waiting list"), WaitNoLonger(tap.session))],
            [Button(t.label("Other sessions"), Look(0))],
        ],
        edit=True,
    )


@feature.tap(WaitNoLonger, role=Role.TRAINEE)
def wait_no_longer(request: Request, tap: WaitNoLonger) -> Screen:
    """Leave it."""
    require_private(request)
    session = consultations.session_of(request.db, tap.session)
    consultations.wait_no_longer(request.db, request.me, session, now=request.now)
    return overview(request, tap.session, edit=True)


def offer_free(deed: Deed, session: SessionRow) -> None:
    """What is free goes to who is next; each hears of it once."""
    if session.state is timetable.State.PLANNED:
        for booking in consultations.offer(deed.db, session, now=deed.now):
            _tell_of(deed, booking)


def _tell_of(deed: Deed, booking: Booking) -> None:
    member = holder_of(deed, booking)
    t = deed.words(member)
    parts = [
        t("🔔 A slot has come free for you:"),
        facts(deed, booking, t),
        t("It is kept for you until {until}; then it goes to the next.", until=t.when(booking.until or deed.now)),
    ]
    screen = Screen(Markup("\n\n").join(parts), buttons=[offer_buttons(consultations.id_of(booking), t)])
    tell(deed, member, screen, key=booking.key("offer"), about=booking.key())


@feature.tap(Accept, role=Role.TRAINEE)
def accept(request: Request, tap: Accept) -> Screen:
    """The slot is theirs, if they are in time."""
    require_private(request)
    booking = consultations.get(request.db, tap.booking, request.me)
    consultations.session_of(request.db, booking.session_id)
    if not consultations.is_offered(booking, now=request.now):
        text = request.t("This offer has ended. /consult shows what is free.")
        return Screen(text, edit=True) if not booking.holds else Screen(toast=text.unescape())
    consultations.accept(request.db, booking, now=request.now)
    take_back_words(request, [booking])
    return booked(request, booking)


@feature.tap(Refuse, role=Role.TRAINEE)
def refuse(request: Request, tap: Refuse) -> Screen:
    """The next in line is asked."""
    booking = own(request, tap.booking)
    if booking.state is not State.OFFERED:
        raise Outdated
    consultations.give_back(request.db, booking, now=request.now)
    session = consultations.session_of(request.db, booking.session_id)
    offer_free(request, session)
    return Screen(request.t("Thank you for saying so: somebody else can have it."), edit=True)


@feature.tick(timedelta(minutes=1))
def pass_on(moment: Moment) -> None:
    """Offers that nobody took go to the next in line; when nothing can be offered any more, those who wait hear it."""
    for booking in consultations.lapsed(moment.db, now=moment.now):
        _tell_lapsed(moment, booking)
    for session in consultations.waited_for(moment.db):
        offer_free(moment, session)
    for member, session in consultations.in_vain(moment.db, now=moment.now):
        _tell_in_vain(moment, member, session)


def _tell_lapsed(moment: Moment, booking: Booking) -> None:
    take_back_words(moment, [booking])
    member = holder_of(moment, booking)
    t = moment.words(member)
    text = t(
        "I heard nothing, so the slot of {when} is no longer kept for you. If you still want one: /consult",
        when=t.when(booking.starts_at),
    )
    tell(moment, member, Screen(text), key=booking.key("lapsed"), about=booking.key("lapsed"))


def _tell_in_vain(moment: Moment, member: Member, session: SessionRow) -> None:
    if session.state is not timetable.State.PLANNED:
        return
    t = moment.words(member)
    text = t(
        "No slot came free for you in the consultation of {when}. For the next one you can book, or wait, here:",
        when=t.when(session.starts_at),
    )
    screen = Screen(text, buttons=[[Button("🗓 " + t.label("Consultations"), Look(0))]])
    tell(moment, member, screen, key=f"consultation:{session.id}:in-vain:{member.id}")

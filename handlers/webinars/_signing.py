"""Signing up, changing one's mind, checking in, and the waiting list that moves up."""

from __future__ import annotations

from datetime import datetime, timedelta

from markupsafe import Markup

from bot import timetable
from bot.errors import Outdated
from bot.features import attention, people, webinars
from bot.features.attention import Kind
from bot.features.people import Member
from bot.i18n import Translator
from bot.outbox import Lane
from bot.timetable import SessionRow, Standing
from handlers._kit import Button, Deed, Moment, Request, Screen
from handlers.webinars._cards import card
from handlers.webinars._feature import Answer, Card, Here, feature, require_member, webinar_ahead
from handlers.webinars._words import title, when

WANTED = {"coming": Standing.COMING, "maybe": Standing.MAYBE, "declined": Standing.DECLINED}


@feature.tap(Answer)
def answer(request: Request, tap: Answer) -> Screen:
    """Take it, as often as somebody changes their mind; in a group only the tap's own answer says what became of it."""
    wanted = WANTED.get(tap.standing)
    if wanted is None:
        raise Outdated
    session = webinar_ahead(request, tap.session)
    require_member(request)
    standing = _take(request, session, wanted)
    move_up(request, session)
    words = _in_short(request, session, standing)
    if not request.heard.private:
        return Screen(toast=words, alert=standing is Standing.WAITING)
    people.agree(request.me, now=request.now)
    return _with_toast(card(request, session, edit=True), words)


@feature.tap(Here)
def here(request: Request, tap: Here) -> Screen:
    """Check in with the button."""
    require_member(request)
    session = webinars.webinar(request.db, tap.session)
    new = webinars.check_in(request.db, session, request.me, how="button", now=request.now)
    t = request.t
    words = t.label("Welcome! You have checked in.") if new else t.label("You have checked in already.")
    if not request.heard.private:
        return Screen(toast=words)
    return _with_toast(card(request, session, edit=True), words)


def _take(request: Request, session: SessionRow, wanted: Standing) -> Standing:
    me = request.me.id or 0
    if wanted is Standing.DECLINED:
        timetable.leave(request.db, session, member_id=me, now=request.now, standing=wanted)
        return wanted
    begun = session.starts_at <= request.now  # from then on nobody moves up: a free place is whoever's asks for it
    return timetable.join(request.db, session, member_id=me, now=request.now, standing=wanted, first_come=begun)


def _in_short(request: Request, session: SessionRow, standing: Standing) -> str:
    """What became of the tap, short enough for its own answer."""
    t = request.t
    if standing is Standing.COMING:
        if request.me.started_at is None:
            return t.label("You are signed up. Open our private chat, so that I can remind you and send you the link.")
        return t.label("You are signed up. I will remind you in private, and the link comes there as well.")
    if standing is Standing.WAITING:
        position = timetable.position(request.db, session, member_id=request.me.id or 0) or 1
        return t.label(
            "It is full: you are number {n} on the waiting list. When a place comes free it is yours, and I tell you.",
            n=t.number(position),
        )
    if standing is Standing.MAYBE:
        return t.label("Noted: maybe. A place is kept only for those who come.")
    return t.label("Noted: you cannot come. You will still get the recording if you like: see /webinars.")


def _with_toast(screen: Screen, words: str) -> Screen:
    return Screen(screen.text, screen.buttons, edit=True, toast=words)


def move_up(deed: Deed, session: SessionRow) -> None:
    """Free places go to those who wait, and each of them hears it."""
    for member in webinars.pass_places_on(deed.db, session, now=deed.now):
        tell_place(deed, session, member)


def tell_place(deed: Deed, session: SessionRow, member: Member) -> None:
    """A place came free and is theirs: they may give it back with a tap."""
    t = deed.words(member).of(feature.name)
    text = Markup("\n\n").join(
        [
            t("🎉 A place has come free: you are coming to this webinar."),
            Markup("<b>{}</b>\n").format(title(deed.db, session, t)) + when(deed, session, t),
            t("If you cannot come any more, please tap “Can't”, so that somebody else gets the place."),
        ]
    )
    mine = timetable.attendee(deed.db, session.id or 0, member.id or 0)
    deed.post(
        Screen(text, buttons=place_buttons(session, t)),
        chat_id=member.telegram_id,
        key=f"webinar:{session.id}:place:{member.id}:{mine.since.isoformat() if mine else ''}",
        lane=Lane.REMINDER,
        about=timetable.about_changing(session.id or 0),
        due_at=_not_at_night(deed, session, member),
    )


def place_buttons(session: SessionRow, t: Translator) -> list[list[Button]]:
    """What somebody can do who got a place from the waiting list."""
    session_id = session.id or 0
    return [
        [Button(t.label("Can't"), Answer(session_id, "declined")), Button(t.label("Show it"), Card(session_id))],
    ]


def _not_at_night(deed: Deed, session: SessionRow, member: Member) -> datetime:
    """At once, or when the night is over, unless the webinar is before that."""
    later = attention.moment(deed.db, member, kind=Kind.WEBINARS, now=deed.now, asked_for=True) or deed.now
    return later if later < session.starts_at - timedelta(hours=1) else deed.now


@feature.tick(timedelta(minutes=1))
def places_come_free(moment: Moment) -> None:
    """More places were made, or somebody left the community: those who wait move up."""
    for session in webinars.with_waiting(moment.db, now=moment.now):
        move_up(moment, session)

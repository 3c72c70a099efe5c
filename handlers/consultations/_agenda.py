"""The consultant's agenda: who comes, with what; an hour before, at the start, and afterwards for the notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from markupsafe import Markup

from bot import outbox
from bot.features import consultations, groups, questions
from bot.features.consultations import Booking
from bot.features.people import Member, Role
from bot.i18n import Translator
from bot.outbox import Lane
from bot.timetable import SessionRow
from handlers import _sessions
from handlers._kit import Button, Deed, Moment, Request, Screen
from handlers.consultations._feature import Came, Desk, MakeEntry, feature
from handlers.consultations._notes import Note
from handlers.consultations._telling import tell
from handlers.consultations._words import about, both_clocks, field_name, line, title_of

AHEAD = timedelta(hours=1)
LATE = timedelta(minutes=30)
"""An agenda of the start that could not go out within this time is no help any more."""

AFTERWARDS = timedelta(days=1)
LONGEST = timedelta(hours=12)
SLIP = timedelta(minutes=10)
"""So long a tap on “Did not come” can be put right before anybody hears of it."""
PAGE = 5
"""So many bookings fit into one message."""


@feature.tick(timedelta(0))
def hand_out(moment: Moment) -> None:
    """Each consultant gets the agenda at its times, once; of several that are due only the newest."""
    since = moment.now - AFTERWARDS - LONGEST
    for session in consultations.near(moment.db, since=since, until=moment.now + AHEAD):
        rung = _rung(moment, session)
        if rung is None or consultations.is_open(session):
            continue
        for member_id in consultations.consultants(moment.db, session.id or 0):
            _hand_to(moment, session, moment.db.get(Member, member_id), rung)
        if not consultations.consultants(moment.db, session.id or 0):
            _hand_to_room(moment, session, rung)


def _rung(moment: Moment, session: SessionRow) -> str | None:
    """Which agenda is due now."""
    if moment.now < session.starts_at:
        return "hour"
    if moment.now < session.ends_at:
        return "start" if moment.now - session.starts_at < LATE else None
    return "after" if moment.now - session.ends_at < AFTERWARDS else None


def _key(session: SessionRow, rung: str, whose: object, page: int = 0) -> str:
    return f"consultation:{session.id}:agenda:{rung}:{int(session.starts_at.timestamp())}:{whose}:{page}"


def _hand_to(moment: Moment, session: SessionRow, member: Member | None, rung: str) -> None:
    if member is None or outbox.is_promised(moment.db, _key(session, rung, member.id)):
        return
    booked = consultations.agenda(moment.db, session.id or 0, consultant_id=member.id)
    t = moment.words(member)
    way_in = _sessions.how_to_join(session, t, at=moment.now)
    for page, screen in enumerate(_agenda(moment, session, booked, rung, t, way_in)):
        tell(moment, member, screen, key=_key(session, rung, member.id, page), starts_at=session.starts_at)


def _hand_to_room(moment: Moment, session: SessionRow, rung: str) -> None:
    """Nobody is named for the session: whoever is in the room can see who comes."""
    room = groups.room(moment.db)
    if room is None or outbox.is_promised(moment.db, _key(session, rung, "room")):
        return
    t = moment.words(language=room.language)
    booked = consultations.agenda(moment.db, session.id or 0)
    for page, screen in enumerate(_agenda(moment, session, booked, rung, t)):
        moment.post(screen, chat_id=room.chat_id, key=_key(session, rung, "room", page), lane=Lane.REMINDER)


def _agenda(
    moment: Moment,
    session: SessionRow,
    booked: Sequence[Booking],
    rung: str,
    t: Translator,
    way_in: Markup | None = None,
) -> Iterator[Screen]:
    heading = [
        Markup("<b>{}</b>").format(title_of(moment, session, t)),
        both_clocks(session.starts_at, session.ends_at, t),
        *([way_in] if way_in and rung != "after" else []),
        _introduction(rung, len(booked), t),
    ]
    if rung == "after" and not booked:
        return
    for start in range(0, max(len(booked), 1), PAGE):
        some = booked[start : start + PAGE]
        lines = [] if rung == "after" else [_entry(moment, booking, t) for booking in some]
        top = [Markup("\n").join(heading)] if start == 0 else []
        rows = [[Button(_label(moment, booking, t), Desk(consultations.id_of(booking)))] for booking in some]
        yield Screen(Markup("\n\n").join([*top, *lines]) or t("More of the agenda:"), buttons=rows)


def _introduction(rung: str, booked: int, t: Translator) -> Markup:
    if not booked:
        return t("Nobody has booked a slot with you.")
    if rung == "after":
        return t("Thank you! Who was there, and what was agreed? Your notes go to the trainee as well.")
    if rung == "start":
        return t.n("It begins. One slot is booked:", "It begins. {n} slots are booked:", booked)
    return t.n("In an hour. One slot is booked:", "In an hour. {n} slots are booked:", booked)


def _label(moment: Moment, booking: Booking, t: Translator) -> str:
    member = moment.db.get(Member, booking.member_id)
    return f"{t.time(booking.starts_at)} {member.shown_name if member else '…'}"


def _entry(deed: Deed, booking: Booking, t: Translator) -> Markup:
    """One booking in some lines: who, from where, about what, what came before."""
    lines = [
        _who(deed, booking, t),
        *about(booking, t, limit=150),
        *_earlier_questions(deed, booking, t, limit=2),
        *_last_time(deed, booking, t, limit=200),
    ]
    return Markup("\n").join(lines)


def _who(deed: Deed, booking: Booking, t: Translator) -> Markup:
    member = deed.db.get(Member, booking.member_id)
    from_where = [fact for fact in (member.city, member.cohort) if fact] if member else []
    if member is not None and member.workplace:
        from_where.insert(0, _workplace(member.workplace, t))
    said = Markup("<b>{}–{}</b> {}").format(
        t.time(booking.starts_at), t.time(booking.ends_at), member.shown_name if member else "…"
    )
    sure = Markup(" 👍") if booking.confirmed_at is not None else Markup()
    return said + sure + (Markup(" · ") + Markup(" · ").join(from_where) if from_where else Markup())


def _workplace(workplace: str, t: Translator) -> str:
    return {
        "hospital": t.label("hospital"),
        "community": t.label("community clinic"),
        "county": t.label("county level"),
        "university": t.label("university"),
    }.get(workplace, t.label("another workplace"))


def _earlier_questions(deed: Deed, booking: Booking, t: Translator, *, limit: int) -> list[Markup]:
    """What this person asked the experts with their name; what was anonymous stays so."""
    member = deed.db.get(Member, booking.member_id)
    asked = questions.of_asker(deed.db, member, 10) if member is not None else []
    named = [question for question in asked if not question.anonymous][:limit]
    if not named:
        return []
    lines = [Markup("• {} {}").format(question.label, _shortened(question.text, 80)) for question in named]
    return [Markup("\n").join([t("Asked before:"), *lines])]


def _last_time(deed: Deed, booking: Booking, t: Translator, *, limit: int) -> list[Markup]:
    before = consultations.last_time(deed.db, booking)
    if before is None:
        return []
    text = " ".join(part for part in (before.notes, before.next_steps) if part)
    return [t("Last time ({date}): {notes}", date=t.date(before.starts_at), notes=_shortened(text, limit))]


def _shortened(text: str, limit: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


@feature.tap(Desk, role=Role.CONSULTANT)
def desk(request: Request, tap: Desk) -> Screen:
    """One booking in full, with what the consultant can note."""
    return at_desk(request, consultations.at_desk(request.db, tap.booking, request.me), edit=False)


def at_desk(request: Request, booking: Booking, *, edit: bool, first: Markup | None = None) -> Screen:
    """The booking as the consultant sees it."""
    t = request.t
    came = {True: t("✓ Was there"), False: t("✗ Did not come"), None: Markup()}[booking.came]
    notes = [
        line(field_name(field, t), text, t)
        for field, text in (("notes", booking.notes), ("steps", booking.next_steps))
        if text
    ]
    parts = [
        first or Markup(),
        _who(request, booking, t),
        came,
        Markup("\n").join(about(booking, t, limit=500)),
        Markup("\n").join(_earlier_questions(request, booking, t, limit=5)),
        Markup("\n").join(_last_time(request, booking, t, limit=600)),
        Markup("\n").join(notes),
    ]
    return Screen(Markup("\n\n").join(part for part in parts if part), buttons=_buttons(request, booking, t), edit=edit)


def _buttons(request: Request, booking: Booking, t: Translator) -> list[list[Button]]:
    if request.now < booking.starts_at:
        return []
    booking_id = consultations.id_of(booking)
    rows = [
        [
            Button("✓ " + t.label("Was there"), Came(booking_id, True)),
            Button("✗ " + t.label("Did not come"), Came(booking_id, False)),
        ],
        [Button("📝 " + t.label("Write notes"), Note(booking_id))],
    ]
    if booking.notes:
        rows.append([Button("📚 " + t.label("Make an FAQ entry"), MakeEntry(booking_id))])
    return rows


@feature.tap(Came, role=Role.CONSULTANT)
def came(request: Request, tap: Came) -> Screen:
    """Note it; whoever missed it hears a kind word, once, and not before a slip could be put right."""
    booking = consultations.at_desk(request.db, tap.booking, request.me)
    consultations.note_attendance(request.db, booking, came=tap.came, now=request.now)
    if not tap.came:
        _missed(request, booking)
    else:
        outbox.void(request.db, about=booking.key("missed"), now=request.now)
    return at_desk(request, booking, edit=True)


def _missed(request: Request, booking: Booking) -> None:
    member, about = request.db.get(Member, booking.member_id), booking.key("missed")
    if outbox.promised_to(request.db, about=about):
        return
    t = request.words(member)
    text = t(
        "We missed you in the consultation of {date}. That can happen to anybody, and it changes nothing: you can book another "
        "one whenever you like, with /consult. If you were there, just tell the consultant.",
        date=t.date(booking.starts_at),
    )
    key = f"{about}:{int(request.now.timestamp())}"  # what was put right before may be true after all
    tell(request, member, Screen(text), key=key, about=about, after=SLIP)

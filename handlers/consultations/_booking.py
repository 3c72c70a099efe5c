"""Booking: with whom, when, and what if somebody was quicker."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import screening
from bot.errors import CannotBook, SlotTaken
from bot.features import consultations, people, questions
from bot.features.consultations import Booking, Slot, Why
from bot.features.people import Role
from bot.features.questions import Question
from bot.i18n import Translator
from bot.timetable import SessionRow
from handlers._kit import Button, Request, Screen
from handlers.consultations._card import card, facts
from handlers.consultations._feature import Book, Look, Mine, TakeSlot, Wait, With, feature
from handlers.consultations._telling import require_private
from handlers.consultations._words import BEIJING, both_clocks, minute_of, moment_of, name_of, title_of
from handlers.consultations._writing import ask

SUBJECT = 180


@feature.tap(Book, role=Role.TRAINEE)
def book(request: Request, tap: Book) -> Screen:
    """Choose the consultant, where there is a choice."""
    require_private(request)
    session = consultations.bookable(request.db, tap.session, now=request.now)
    why = consultations.hindrance(request.db, request.me, session, now=request.now)
    if why is not None:
        return _others_first(request, session, why, tap.question)
    free = consultations.free(request.db, session, now=request.now)
    known = list(dict.fromkeys(slot.consultant_id for slot in free if slot.consultant_id is not None))
    if len(known) < 2:
        return choose_slot(request, session, 0, tap.question)
    t = request.t
    rows = [[Button("👤 " + name_of(request, one, t), With(tap.session, one, tap.question))] for one in known]
    anybody = [Button("🙌 " + t.label("Whoever is free"), With(tap.session, 0, tap.question))]
    text = [_heading(request, session, t), t("Whom would you like to talk to?")]
    return Screen(Markup("\n\n").join(text), buttons=[anybody, *rows, _back(session, t)], edit=True)


@feature.tap(With, role=Role.TRAINEE)
def with_(request: Request, tap: With) -> Screen:
    """Choose the time."""
    require_private(request)
    session = consultations.bookable(request.db, tap.session, now=request.now)
    return choose_slot(request, session, tap.consultant, tap.question)


def choose_slot(
    request: Request, session: SessionRow, consultant: int, question: int, *, first: Markup | None = None
) -> Screen:
    """The free slots of a consultant, or (0) of all; without any, the waiting list."""
    t = request.t
    free = _free(request, session, consultant)
    if not free and consultant:
        return choose_slot(request, session, 0, question, first=first)
    if not free:
        return _full(session, question, t, first=first)
    parts = [first or Markup(), _heading(request, session, t), t("When? {clock}", clock=_clock(t, session.starts_at))]
    if request.me.consented_at is None:
        parts.append(t("By booking you agree that I keep your slot and what you write for it (/privacy)."))
    session_id = session.id or 0
    buttons = [
        Button(t.time(starts_at), TakeSlot(session_id, consultant, minute_of(starts_at), question))
        for starts_at in _starts(free)
    ]
    return Screen(
        Markup("\n\n").join(part for part in parts if part), buttons=[*in_rows(buttons), _back(session, t)], edit=True
    )


def in_rows(buttons: Sequence[Button], width: int = 3) -> list[Sequence[Button]]:
    """Short labels side by side."""
    return [buttons[start : start + width] for start in range(0, len(buttons), width)]


def _free(request: Request, session: SessionRow, consultant: int) -> list[Slot]:
    free = consultations.free(request.db, session, now=request.now)
    return [slot for slot in free if not consultant or slot.consultant_id == consultant]


def _starts(slots: Iterable[Slot]) -> list[datetime]:
    return sorted({slot.starts_at for slot in slots})


def _clock(t: Translator, moment: datetime) -> Markup:
    """On whose clock the buttons are."""
    zones = (ZoneInfo(t.zone), ZoneInfo(BEIJING))
    same = len({moment.astimezone(zone).utcoffset() for zone in zones}) == 1
    return t("(Beijing time)") if same else t("(your own time)")


def _heading(request: Request, session: SessionRow, t: Translator) -> Markup:
    title = Markup("<b>{}</b>").format(title_of(request, session, t))
    return title + Markup("\n") + both_clocks(session.starts_at, session.ends_at, t)


def _back(session: SessionRow, t: Translator) -> list[Button]:
    return [Button("‹ " + t.label("Back"), Look(session.id or 0))]


@feature.tap(TakeSlot, role=Role.TRAINEE)
def take(request: Request, tap: TakeSlot) -> Screen:
    """The first who taps has it; whoever comes later is shown the next one and the waiting list."""
    require_private(request)
    session = consultations.bookable(request.db, tap.session, now=request.now)
    question = own_question(request, tap.question)
    try:
        booking = consultations.book(
            request.db,
            request.me,
            session,
            starts_at=moment_of(tap.at),
            consultant_id=tap.consultant or None,
            subject=subject_of(question),
            question_id=question.id if question else None,
            now=request.now,
        )
    except SlotTaken:
        return _somebody_was_quicker(request, session, tap)
    except CannotBook as error:
        return _others_first(request, session, Why(error.why), tap.question)
    people.agree(request.me, now=request.now)
    return booked(request, booking)


def booked(request: Request, booking: Booking) -> Screen:
    """It is theirs: the confirmation, and the question what it is about."""
    t = request.t
    first = t("✅ The slot is yours.")
    if booking.subject:
        return card(request, booking, first=first)
    return ask(request, booking, "subject", first=first + Markup("\n") + facts(request, booking, t))


def own_question(request: Request, question_id: int) -> Question | None:
    """The member's own question that is to be talked about."""
    if not question_id:
        return None
    question = questions.get(request.db, question_id)
    questions.require_asker(request.db, question, request.me)
    return question


def subject_of(question: Question | None) -> str | None:
    """A question's words as a subject: masked, in one line."""
    if question is None:
        return None
    line = " ".join(screening.masked(question.text).split())
    return (line if len(line) <= SUBJECT else line[: SUBJECT - 1] + "…") or None


def _somebody_was_quicker(request: Request, session: SessionRow, tap: TakeSlot) -> Screen:
    """The next slot that is free, or the waiting list."""
    t = request.t
    wanted = moment_of(tap.at)
    free = _starts(_free(request, session, 0))
    if not free:
        return _full(session, tap.question, t, first=t("Somebody was quicker: the last slot is taken."))
    nearest = min(free, key=lambda starts_at: (abs(starts_at - wanted), starts_at))
    session_id = session.id or 0
    first = Button(
        "🗓 " + t.label("Book {when}", when=t.when(nearest)), TakeSlot(session_id, 0, minute_of(nearest), tap.question)
    )
    return Screen(
        t("Somebody was quicker. The nearest free slot is {when}.", when=t.when(nearest)),
        buttons=[
            [first],
            [Button(t.label("Other times"), With(session_id, 0, tap.question))],
            _wait_row(session, tap, t),
        ],
        edit=True,
    )


def _wait_row(session: SessionRow, tap: TakeSlot | Book, t: Translator) -> list[Button]:
    return [Button("⏳ " + t.label("Join the waiting list"), Wait(session.id or 0, tap.question))]


def _full(session: SessionRow, question: int, t: Translator, *, first: Markup | None = None) -> Screen:
    text = first or t("All slots are taken.")
    return Screen(
        text + Markup("\n\n") + t("When one comes free, those on the waiting list are asked in their order."),
        buttons=[
            [Button("⏳ " + t.label("Join the waiting list"), Wait(session.id or 0, question))],
            [Button(t.label("Other sessions"), Look(0))],
        ],
        edit=True,
    )


def _others_first(request: Request, session: SessionRow, why: Why, question: int) -> Screen:
    """The reason in words, and what they can do."""
    t = request.t
    mine = consultations.ahead(request.db, request.me.id or 0, now=request.now)
    if why is Why.OPEN and mine is not None:
        return Screen(
            t("You have a slot ahead already. You can move it, or give it back; after it you can book the next one."),
            buttons=[[Button("✅ " + t.label("My slot"), Mine(consultations.id_of(mine)))]],
            edit=True,
        )
    return Screen(
        _reason(request, session, why, t),
        buttons=[
            [Button("⏳ " + t.label("Join the waiting list"), Wait(session.id or 0, question))],
            [Button(t.label("Other sessions"), Look(0))],
        ],
        edit=True,
    )


def _reason(request: Request, session: SessionRow, why: Why, t: Translator) -> Markup:
    """Why it is others' turn, with the rule."""
    few = t("Few slots are left in this session: a third of them at most, or fewer than people wait for.")
    if why is Why.LATELY:
        had = consultations.had_lately(request.db, request.me.id or 0, now=request.now)
        until = session.starts_at - consultations.KEPT_UNTIL
        return (
            few
            + Markup(" ")
            + t(
                "You had a consultation on {date}, so until {until} they are kept for those who had none in the last eight "
                "weeks. On the waiting list you are next after them.",
                date=t.date(had or request.now),
                until=t.when(until),
            )
        )
    if why is Why.OFTEN:
        return few + Markup(" ") + t("You had two within eight weeks, so others come first this time.")
    return (
        few + Markup(" ") + t("Two colleagues of your programme have booked already, so other programmes come first.")
    )

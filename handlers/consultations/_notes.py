"""After the consultation: the consultant's notes and next steps go to the trainee, who is asked two weeks later how it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from markupsafe import Markup

from bot.errors import Outdated
from bot.features import consultations
from bot.features.consultations import Booking, Went
from bot.features.people import Member, Role
from bot.i18n import Translator
from bot.outbox import Lane
from handlers import entries
from handlers._kit import Button, Moment, Request, Screen, Tap
from handlers.consultations._feature import Desk, Look, MakeEntry, WentAs, feature
from handlers.consultations._telling import holder_of, require_private, tell
from handlers.consultations._words import name_of
from handlers.consultations._writing import keeper, look_at


@dataclass(frozen=True)
class Note(Tap, prefix="consultations.note"):
    """Write the notes of a booking."""

    booking: int


@dataclass(frozen=True)
class NoSteps(Tap, prefix="consultations.nosteps"):
    """Nothing was agreed: the notes alone."""

    booking: int


@feature.tap(Note, role=Role.CONSULTANT)
def note(request: Request, tap: Note) -> Screen:
    """Ask for the notes, in private."""
    booking = consultations.at_desk(request.db, tap.booking, request.me)
    if request.now < booking.starts_at:
        raise Outdated
    t = request.t
    if not request.heard.private and not request.me.is_reachable:
        return Screen(toast=t.label("Please open our private chat and press START first; then tap again."), alert=True)
    request.me.expects("consultations.note", booking=tap.booking, field="notes")
    screen = Screen(
        t(
            "Please write what was said, in one message, without what could identify a patient. It goes to {name} as well. "
            "To stop: /cancel.",
            name=_name(holder_of(request, booking)),
        )
    )
    if request.heard.private:
        return screen
    request.post(screen, chat_id=request.me.telegram_id, key=booking.key("ask-notes", request.update_id))
    return Screen(toast=t.label("I have asked you in our private chat."))


def _name(member: Member | None) -> str:
    return member.shown_name if member else "…"


@feature.step("note", role=Role.CONSULTANT)
def noted(request: Request) -> Screen:
    """The notes, and then the next steps."""
    return look_at(request, "note")


@keeper("note")
def keep_note(request: Request, waiting: dict[str, Any], text: str) -> Screen:
    """The notes wait for the next steps; with these they go out."""
    booking = consultations.at_desk(request.db, waiting["booking"], request.me)
    if waiting["field"] == "steps":
        return _send(request, booking, notes=waiting["notes"], steps=text)
    consultations.check_notes(text)
    request.me.expects("consultations.note", booking=waiting["booking"], field="steps", notes=text)
    t = request.t
    return Screen(
        t("And what was agreed to do next? One step on each line."),
        buttons=[[Button(t.label("Nothing was agreed"), NoSteps(waiting["booking"]))]],
        edit=True,
    )


@feature.tap(NoSteps, role=Role.CONSULTANT)
def no_steps(request: Request, tap: NoSteps) -> Screen:
    """The notes alone."""
    waiting = request.me.pending or {}
    if waiting.get("step") != "consultations.note" or waiting.get("booking") != tap.booking or "notes" not in waiting:
        raise Outdated
    booking = consultations.at_desk(request.db, tap.booking, request.me)
    request.me.pending = None
    return _send(request, booking, notes=waiting["notes"], steps="")


def _send(request: Request, booking: Booking, *, notes: str, steps: str) -> Screen:
    """To the trainee, at once or after their quiet hours."""
    again = booking.notes is not None
    consultations.write_notes(request.db, booking, notes=notes, next_steps=steps, by=request.me, now=request.now)
    member, t = holder_of(request, booking), request.t
    sent = tell(
        request,
        member,
        _to_trainee(request, booking, request.words(member), again=again),
        key=booking.key("notes", request.update_id),
        about=booking.key("notes"),
    )
    booking_id = consultations.id_of(booking)
    text = (
        t("The notes are on their way to {name}.", name=_name(member))
        if sent
        else t("The notes are kept; {name} cannot be written to at the moment.", name=_name(member))
    )
    return Screen(
        text,
        buttons=[
            [Button("📚 " + t.label("Make an FAQ entry"), MakeEntry(booking_id))],
            [Button("‹ " + t.label("Back"), Desk(booking_id))],
        ],
        edit=True,
    )


def _to_trainee(request: Request, booking: Booking, t: Translator, *, again: bool) -> Screen:
    date, name = t.date(booking.starts_at), request.me.shown_name
    heading = (
        t("📝 {name} has corrected the notes of your consultation of {date}:", name=name, date=date)
        if again
        else t("📝 Notes of your consultation of {date}, from {name}:", name=name, date=date)
    )
    parts = [
        heading,
        Markup("{}").format(booking.notes or ""),
        Markup("<b>{}</b>\n{}").format(t.label("Next steps"), booking.next_steps) if booking.next_steps else "",
        t("In two weeks I ask you how it went."),
    ]
    return Screen(Markup("\n\n").join(part for part in parts if part), about=booking.key("notes"))


@feature.tap(MakeEntry, role=Role.CONSULTANT)
def make_entry(request: Request, tap: MakeEntry) -> Screen:
    """The notes become the draft of an answer for everybody."""
    booking = consultations.at_desk(request.db, tap.booking, request.me)
    if not booking.notes:
        return Screen(toast=request.t.label("Please write the notes first."), alert=True)
    return entries.make_of_words(
        request,
        stem=f"consultation-{booking.id}",
        question_id=booking.question_id,
        asked=booking.subject or "",
        answer="\n".join(part for part in (booking.notes, booking.next_steps) if part),
        key=booking.key("entry", request.update_id),
    )


@feature.tick(timedelta(minutes=5))
def follow_up(moment: Moment) -> None:
    """Two weeks later each trainee is asked once how it went."""
    for booking in consultations.to_follow_up(moment.db, now=moment.now):
        member = holder_of(moment, booking)
        t, booking_id = moment.words(member), consultations.id_of(booking)
        parts = [
            t(
                "Two weeks ago you talked with {name}. How did it go since?",
                name=name_of(moment, booking.notes_by or booking.consultant_id, t),
            ),
            Markup("<blockquote>{}</blockquote>").format(booking.next_steps[:600]) if booking.next_steps else "",
        ]
        labels = {Went.WELL: t.label("Well"), Went.PARTLY: t.label("Partly"), Went.STUCK: t.label("Still stuck")}
        icons = {Went.WELL: "🌱 ", Went.PARTLY: "🌤 ", Went.STUCK: "🪨 "}
        rows = [[Button(icons[went] + label, WentAs(booking_id, went))] for went, label in labels.items()]
        screen = Screen(Markup("\n\n").join(part for part in parts if part), buttons=rows)
        tell(moment, member, screen, key=booking.key("follow-up"), about=booking.key("follow-up"))


@feature.tap(WentAs, role=Role.TRAINEE)
def went(request: Request, tap: WentAs) -> Screen:
    """The consultant hears it; whoever is stuck is shown the ways on."""
    require_private(request)
    t = request.t
    booking = consultations.get(request.db, tap.booking, request.me)
    before = booking.went
    said = consultations.say_how_it_went(booking, tap.went)
    if said is not before:
        _tell_consultant(request, booking, said)
    if said is Went.WELL:
        return Screen(t("🌱 That is good to hear! I tell the consultant."), edit=True)
    if said is Went.PARTLY:
        text = t("🌤 A part of it is a step. If a question is left, just write it here, or book another consultation:")
    else:
        text = t(
            "Then it is worth another look. Just write here where you are stuck, and under my answer tap “Ask an expert”; or "
            "book another consultation:"
        )
    return Screen(text, buttons=[[Button("🗓 " + t.label("Book"), Look(0))]], edit=True)


def _tell_consultant(request: Request, booking: Booking, went: Went) -> None:
    consultant = request.db.get(Member, booking.notes_by or booking.consultant_id or 0)
    if consultant is None or not consultant.is_reachable:
        return
    t = request.words(consultant)
    words = {Went.WELL: t.label("well"), Went.PARTLY: t.label("partly"), Went.STUCK: t.label("still stuck")}[went]
    text = t(
        "{name}, with whom you talked on {date}, says how it went: {words}.",
        name=request.me.shown_name,
        date=t.date(booking.starts_at),
        words=words,
    )
    key = booking.key("went", went)
    request.post(Screen(text, quiet=True), chat_id=consultant.telegram_id, key=key, lane=Lane.REMINDER)

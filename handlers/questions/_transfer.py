"""Transfer: a question goes to a colleague, with a note if there is something to say."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bot.errors import Outdated, Unclear
from bot.features import people, questions
from bot.features.people import Member, Role
from bot.features.questions import Part, Question, Side, id_of
from handlers._kit import Button, Request, Screen, Tap
from handlers.questions._asker import tell_taken
from handlers.questions._feature import feature
from handlers.questions._links import topic_link
from handlers.questions._offers import settle
from handlers.questions._prompts import asking, at_desk, at_hand, in_place, never_mind, prompt
from handlers.questions._room import note_text, refresh_card, room_words
from handlers.questions._timing import owner_changed

PAGE = 6


@dataclass(frozen=True)
class Transfer(Tap, prefix="questions.transfer"):
    """Show who could have it."""

    question: int


@dataclass(frozen=True)
class Colleagues(Tap, prefix="questions.colleagues"):
    """Another page of colleagues; `note` is the part that the new owner will be shown, 0 for none."""

    question: int
    page: int
    note: int


@dataclass(frozen=True)
class Give(Tap, prefix="questions.give"):
    """This colleague shall have it."""

    question: int
    member: int
    note: int


@dataclass(frozen=True)
class NoNote(Tap, prefix="questions.nonote"):
    """There is nothing to say with it."""

    question: int
    member: int


@feature.tap(Transfer, role=Role.CONSULTANT)
def transfer(request: Request, tap: Transfer) -> Screen:
    """Whom shall it go to?"""
    return _colleagues(request, at_desk(request, tap.question), page=0, note=0)


@feature.tap(Colleagues, role=Role.CONSULTANT)
def turn(request: Request, tap: Colleagues) -> Screen:
    """Another page."""
    screen = _colleagues(request, at_desk(request, tap.question), page=tap.page, note=tap.note)
    return Screen(screen.text, screen.buttons, edit=True, about=screen.about)


@feature.command("transfer", role=Role.CONSULTANT, in_groups=True)
def transfer_here(request: Request) -> Screen:
    """The same by command; what stands behind it is the note."""
    question = at_hand(request)
    note = 0
    if request.text.strip():
        kept = _keep(request, question, request.text)
        note = (kept.id or 0) if kept is not None else 0
    return _colleagues(request, question, page=0, note=note)


def _keep(request: Request, question: Question, text: str) -> Part | None:
    return questions.tell(
        request.db,
        question,
        side=Side.NOTE,
        author=request.me,
        chat_id=request.chat_id,
        message_id=request.message.message_id,
        now=request.now,
        text=text,
    )


def _colleagues(request: Request, question: Question, *, page: int, note: int) -> Screen:
    questions.require_open(request.db, question)
    questions.require_owner(request.db, question, request.me)
    t, question_id = room_words(request, question), id_of(question)
    them = [
        member
        for member in people.with_role(request.db, Role.CONSULTANT)
        if member.id not in (request.me.id, question.owner_id)
    ]
    if not them:
        return Screen(t("There is no other consultant yet. An organizer can invite one with /invite."))
    last = (len(them) - 1) // PAGE
    page = min(max(page, 0), last)
    rows = [
        [Button(member.shown_name, Give(question_id, member.id or 0, note))]
        for member in them[page * PAGE : (page + 1) * PAGE]
    ]
    turns = [
        Button(arrow, Colleagues(question_id, to, note))
        for arrow, to in (("‹", page - 1), ("›", page + 1))
        if 0 <= to <= last
    ]
    return Screen(
        t("Who shall have {label}?", label=question.label),
        [*rows, turns, [never_mind(question, request)]],
        about=question.key("tool"),
    )


@feature.tap(Give, role=Role.CONSULTANT)
def give(request: Request, tap: Give) -> Screen | None:
    """A colleague was chosen: with the note that is there, or with one to be written."""
    question, to = at_desk(request, tap.question), _colleague(request, tap.member)
    questions.require_open(request.db, question)
    if tap.note:
        note = questions.part(request.db, tap.note)
        if note.question_id != question.id or note.side is not Side.NOTE:
            raise Outdated
        return _hand_over(request, question, to, note)
    questions.require_owner(request.db, question, request.me)
    t = room_words(request, question)
    return Screen(
        t(
            "{label} goes to <b>{name}</b>. Is there something to say with it? Reply to this message, or tap "
            "<b>No note</b>.",
            label=question.label,
            name=to.shown_name,
        ),
        [
            [Button(t.label("No note"), NoNote(id_of(question), to.id or 0))],
            [never_mind(question, request)],
        ],
        edit=True,
        about=asking(question, "note", to.id or 0),
    )


def _colleague(request: Request, member_id: int) -> Member:
    found = request.db.get(Member, member_id)
    if found is None or not found.role.reaches(Role.CONSULTANT):
        raise Outdated
    return found


@feature.tap(NoNote, role=Role.CONSULTANT)
def without_note(request: Request, tap: NoNote) -> Screen | None:
    """Hand it over as it is."""
    return _hand_over(request, at_desk(request, tap.question), _colleague(request, tap.member), None)


@prompt("note")
def with_note(request: Request, question: Question, member_id: int) -> Screen | None:
    """Hand it over with the words of the reply."""
    if not request.text.strip():
        raise Unclear("note")
    return _hand_over(request, question, _colleague(request, member_id), _keep(request, question, request.text))


def _hand_over(request: Request, question: Question, to: Member, note: Part | None) -> Screen | None:
    t, words = room_words(request, question), note.text if note else None
    if not questions.transfer(request.db, question, to, by=request.me, now=request.now):
        return Screen(toast=t.label("{name} has it already.", name=to.shown_name))
    fact = f"➡️ {request.me.shown_name} → {to.shown_name}"
    if note is None:
        _keep(request, question, fact)
    else:
        note.text, note.entities = f"{fact}\n{words}", None
    settle(request, question)
    owner_changed(request, question)
    tell_taken(request, question)
    refresh_card(request, question)
    _tell_new_owner(request, question, to, words)
    told = t("➡️ {by} gave {label} to <b>{to}</b>.", by=request.me.shown_name, label=question.label, to=to.shown_name)
    return in_place(request, told + note_text(words), about=question.key("tool"))


def _tell_new_owner(request: Request, question: Question, to: Member, note: str | None) -> None:
    if not to.is_reachable or to.id == request.me.id:
        return
    t = request.words(to)
    text = t("{by} gave you {label}:", by=request.me.shown_name, label=topic_link(request, question))
    words = Markup("<blockquote>{}</blockquote>").format(" ".join(question.text.split())[:300])
    request.post(
        Screen(text + Markup("\n") + words + note_text(note)),
        chat_id=to.telegram_id,
        key=question.key("transferred", request.update_id),
    )

"""The queue: what is open, with whom and since when, the late ones first; organizers move questions from here."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bot.errors import Outdated, QuestionClosed
from bot.features import questions
from bot.features.duty import Candidate
from bot.features.people import Member, Role
from bot.features.questions import Outcome, Question, State, id_of
from bot.i18n import Translator
from handlers._kit import Button, Request, Screen, Tap
from handlers.questions._asker import tell_taken
from handlers.questions._feature import feature
from handlers.questions._links import topic_link
from handlers.questions._offers import announce, best, end, offer_to, show_card
from handlers.questions._room import asker_name, room_words, to_room
from handlers.questions._timing import current_due, owner_left

PAGE = 6
COLLEAGUES = 8


@dataclass(frozen=True)
class ShowQueue(Tap, prefix="questions.queue"):
    """A page of the open questions."""

    page: int


@dataclass(frozen=True)
class ShowMove(Tap, prefix="questions.move"):
    """To whom a question could go."""

    question: int
    page: int


@dataclass(frozen=True)
class MoveTo(Tap, prefix="questions.moveto"):
    """Offer it to this person, whoever has it."""

    question: int
    member: int
    page: int


@dataclass(frozen=True)
class OpenToAll(Tap, prefix="questions.toall"):
    """Nobody's: whoever likes takes it."""

    question: int
    page: int


@feature.command("queue", role=Role.CONSULTANT, in_groups=True)
def queue(request: Request) -> Screen:
    """Open questions: the late ones first, then those that nobody has."""
    return queue_page(request, 0, edit=False)


@feature.tap(ShowQueue, role=Role.CONSULTANT)
def turn(request: Request, tap: ShowQueue) -> Screen:
    """Another page."""
    return queue_page(request, tap.page, edit=True)


def queue_page(request: Request, page: int, *, edit: bool) -> Screen:
    """One page, with a button for each question where the person may move it."""
    t, total = request.t, questions.count_open(request.db)
    if total == 0:
        return Screen(t("Nothing is open. Thank you all!"), edit=edit)
    page = max(0, min(page, (total - 1) // PAGE))
    shown = questions.queue(request.db, now=request.now, limit=PAGE, offset=page * PAGE)
    lines = [t.n("<b>{n} open question</b>", "<b>{n} open questions</b>", total)]
    lines += [_line(request, question, t) for question in shown]
    turns = [Button("‹", ShowQueue(page - 1))] if page > 0 else []
    turns += [Button("›", ShowQueue(page + 1))] if total > (page + 1) * PAGE else []
    moves = (
        [Button(t.label("Move {label}", label=question.label), ShowMove(id_of(question), page)) for question in shown]
        if request.me.role.reaches(Role.ORGANIZER)
        else []
    )
    rows = [moves[at : at + 2] for at in range(0, len(moves), 2)]
    return Screen(Markup("\n\n").join(lines), buttons=[*rows, turns], edit=edit)


def _line(request: Request, question: Question, t: Translator) -> Markup:
    asker = asker_name(question, questions.asker_of(request.db, question), t)
    since = t.datetime(question.sent_at or question.created_at)
    words = " ".join(question.text.split())[:100]
    facts = [
        Markup(fact) for fact in (topic_link(request, question), Markup("{}").format(asker), _whose(request, question, t))
    ]
    facts.append(Markup("{}").format(since))
    if (due := current_due(question)) is not None and question.state is not State.ANSWERED:
        if question.paused_at is not None:
            facts.append(t("waits for the asker"))
        elif due < request.now:
            facts.append(t("⏰ <b>late since {when}</b>", when=t.when(due)))
        else:
            facts.append(t("due {when}", when=t.when(due)))
    return Markup(" · ").join(facts) + Markup("\n{}").format(words)


def _whose(request: Request, question: Question, t: Translator) -> Markup:
    if question.state is State.ANSWERED:
        return t("answered")
    owner = request.db.get(Member, question.owner_id) if question.owner_id else None
    if owner is not None:
        return t("with {name}", name=owner.shown_name)
    offer = questions.open_offer(request.db, question)
    offered = request.db.get(Member, offer.member_id) if offer is not None else None
    return t("offered to {name}", name=offered.shown_name) if offered else t("<b>nobody yet</b>")


@feature.tap(ShowMove, role=Role.ORGANIZER)
def show_move(request: Request, tap: ShowMove) -> Screen:
    """The question, and a button for each colleague with what they carry."""
    t, question = request.t, _open(request, tap.question)
    rows = [
        [Button(_carries(candidate, t), MoveTo(tap.question, candidate.member.id or 0, tap.page))]
        for candidate in _colleagues(request, question)
    ]
    return Screen(
        Markup("\n\n").join([_line(request, question, t), t("To whom shall it go?")]),
        buttons=[
            *rows,
            [Button(t.label("Open it to all"), OpenToAll(tap.question, tap.page))],
            [Button("‹ " + t.label("Back to the list"), ShowQueue(tap.page))],
        ],
        edit=True,
    )


def _carries(candidate: Candidate, t: Translator) -> str:
    return t.label(
        "{name}: {load} of {most}",
        name=candidate.member.shown_name,
        load=t.number(candidate.load),
        most=t.number(candidate.capacity),
    )


def _colleagues(request: Request, question: Question) -> list[Candidate]:
    """Whom it can go to: not whoever has it."""
    found = best(request, question, again=True)
    return [candidate for candidate in found if candidate.member.id != question.owner_id][:COLLEAGUES]


def _open(request: Request, question_id: int) -> Question:
    question = questions.get(request.db, question_id)
    if question.state is State.CLOSED:
        raise QuestionClosed(question.number or 0)
    if question.state is State.DRAFT or question.room_id is None:
        raise Outdated
    return question


@feature.tap(MoveTo, role=Role.ORGANIZER)
def move(request: Request, tap: MoveTo) -> Screen:
    """Take it from whoever has it, and offer it to the chosen one, even if they were asked before."""
    question = _open(request, tap.question)
    chosen = next((c for c in _colleagues(request, question) if c.member.id == tap.member), None)
    if chosen is None:
        raise Outdated
    _free(request, question)
    announce(request, question, offer_to(request, question, chosen))
    show_card(request, question, cause=request.update_id)
    name = chosen.member.shown_name
    return _again(request, tap.page, request.t.label("{label} is offered to {name}.", label=question.label, name=name))


@feature.tap(OpenToAll, role=Role.ORGANIZER)
def open_to_all(request: Request, tap: OpenToAll) -> Screen:
    """Take it from whoever has it; the topic hears that anybody can take it."""
    question = _open(request, tap.question)
    _free(request, question)
    t = room_words(request, question)
    to_room(
        request,
        question,
        Screen(t("{label} is open to all of you: please tap “Claim”.", label=question.label)),
        key=question.key("opened", request.update_id),
    )
    show_card(request, question, cause=request.update_id)
    return _again(request, tap.page, request.t.label("{label} is open to all.", label=question.label))


def _again(request: Request, page: int, toast: str) -> Screen:
    screen = queue_page(request, page, edit=True)
    return Screen(screen.text, screen.buttons, edit=True, toast=toast)


def _free(request: Request, question: Question) -> None:
    """Nobody has it and nobody is asked; who had it hears it."""
    offer = questions.open_offer(request.db, question)
    if offer is not None:
        end(request, question, offer, Outcome.WITHDRAWN)
    before = request.db.get(Member, question.owner_id) if question.owner_id is not None else None
    if before is None:
        return
    questions.release(request.db, question, request.me)
    question.state = State.OPEN
    questions.keep_together(request.db, question)
    owner_left(request, question)
    tell_taken(request, question)
    if before.is_reachable and before.id != request.me.id:
        t = request.words(before)
        request.post(
            Screen(
                t(
                    "{name} has moved {label} on; you need not answer it.",
                    name=request.me.shown_name,
                    label=topic_link(request, question),
                )
            ),
            chat_id=before.telegram_id,
            key=question.key("freed", request.update_id),
        )

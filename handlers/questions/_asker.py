"""The asker's side of a question: the answer at home, what they write back, and the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from bot import outbox
from bot.errors import TextMissing
from bot.features import questions
from bot.features.people import Member
from bot.features.questions import Part, Question, Side, State, id_of
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Button, Deed, Request, Screen, said
from handlers.questions._albums import pass_on
from handlers.questions._asking import receipt
from handlers.questions._attachments import not_passed_on, withheld
from handlers.questions._feature import More, Solved, feature, id_in
from handlers.questions._found import what_was_masked, without_identifiers
from handlers.questions._links import topic_link
from handlers.questions._relay import Way
from handlers.questions._room import (
    close_topic,
    mark_delivered,
    note_down,
    refresh_card,
    relay_to_room,
    room_words,
    to_room,
)
from handlers.questions._timing import clock_goes_on, promise


def end_buttons(question: Question, t: Translator) -> list[list[Button]]:
    """Under every answer."""
    question_id = id_of(question)
    return [
        [
            Button("✅ " + t.label("Solved"), Solved(question_id)),
            Button("💬 " + t.label("I still have a question"), More(question_id)),
        ]
    ]


def way_home(
    deed: Deed,
    question: Question,
    author: Member | None,
    *,
    side: Side = Side.CONSULTANT,
    edited: bool = False,
    correcting: bool = False,
    end: bool = True,
) -> Way:
    """How a consultant's words look where the question was asked; without `end` there is nothing more to tap."""
    t = deed.words(questions.asker_of(deed.db, question))
    heading = _heading(question, author, t, side=side, correcting=correcting)
    answers = side is Side.CONSULTANT
    return Way(
        _place(question),
        question.key("answer"),
        heading + Markup(" · ") + t("✏️ edited") if edited else heading,
        "\n\n",
        lambda part: question.key("part", part.id),
        buttons=end_buttons(question, t) if end and answers else (),
        below=t("Does this answer your question?") if answers else None,
    )


def _heading(
    question: Question, author: Member | None, t: Translator, *, side: Side, correcting: bool
) -> Markup:
    """Who says it, and whether it is an answer."""
    name = author.shown_name if author else t.label("an expert")
    if side is Side.BACK:
        return t("<b>{label}</b> · {name} would like to know (just reply here):", label=question.label, name=name)
    if correcting:
        return t("<b>{label}</b> · {name} corrects the earlier answer:", label=question.label, name=name)
    return t("<b>{label}</b> · answer from {name}", label=question.label, name=name)


def bring_home(
    deed: Deed, question: Question, part: Part, *, homes: Sequence[Question] | None = None, correcting: bool = False
) -> str:
    """Take a consultant's words to everybody who asked; returns the key of the last row at the first of them."""
    everybody = questions.doors(deed.db, question) if homes is None else homes
    author = deed.db.get(Member, part.author_id) if part.author_id is not None else None
    keys = []
    for home in everybody:
        if (asker := questions.asker_of(deed.db, home)) is not None:
            way = way_home(deed, home, author, side=part.side, correcting=correcting)
            keys.append(pass_on(deed, way, part, deed.words(asker)))
    return keys[0]


def _place(question: Question) -> dict[str, Any]:
    """Where the answer goes: the same chat and topic, as a reply to the question."""
    place: dict[str, Any] = {"chat_id": question.chat_id}
    if question.message_id:  # a group that became a supergroup knows the old messages no more
        place["reply_parameters"] = {"message_id": question.message_id, "allow_sending_without_reply": True}
    if question.thread_id is not None:
        place["message_thread_id"] = question.thread_id
    return place


def tell_taken(request: Request, question: Question) -> None:
    """The receipt that each asker keeps now names who has the question."""
    owner = request.db.get(Member, question.owner_id) if question.owner_id else None
    for home in questions.homes(request.db, question):
        asker = questions.asker_of(request.db, home)
        if home.receipt_id is None or asker is None or home.state is State.CLOSED:
            continue
        text = receipt(home, request.words(asker), placed=True, taken_by=owner.shown_name if owner else None)
        request.replace(
            Screen(text),
            chat_id=home.chat_id,
            message_id=home.receipt_id,
            lane=Lane.ANSWER,
            key=home.key("taken", request.update_id),
        )


@feature.reply("question")
def write_back(request: Request) -> Screen | None:
    """The asker replies to an answer, or to their receipt: it lands in the same topic. Others' talk is left alone."""
    question = questions.get(request.db, id_in(request.about) or 0)
    if question.asker_id != request.me.id or question.state is State.DRAFT:
        return None
    return add(request, question)


@feature.step("more")
def add_more(request: Request) -> Screen | None:
    """What the asker writes after “I still have a question”."""
    question = questions.get(request.db, request.pending["question"])
    questions.require_asker(request.db, question, request.me)
    return add(request, question)


def continue_answered(request: Request) -> Screen | None:
    """In private, words right after what an expert said belong to that question; None when something else came last."""
    if not request.heard.private or request.heard.command is not None:
        return None
    last = outbox.last_about(request.db, request.chat_id)
    question_id = id_in(last)
    if question_id is None or not (last or "").endswith(":answer"):
        return None
    question = questions.get(request.db, question_id)
    if question.asker_id != request.me.id or question.state not in questions.UNSOLVED:
        return None
    return add(replace(request, context=feature.name), question)  # the FAQ heard it: the words are ours from here on


def add(request: Request, question: Question) -> Screen | None:
    """Take what the asker wrote into the question's story and its topic; a closed question opens again."""
    content, findings = without_identifiers(said(request.message))
    if content.unknown:
        return Screen(
            not_passed_on(content.left_out, request.t)
            + Markup(" ")
            + request.t(
                "The experts have not received it. Please write it in words, or send a photo, a document or a voice message."
            )
        )
    reason = withheld(content.media, content.file_name, content.file_size, request.t) if question.anonymous else None
    if reason is not None:
        return Screen(reason)
    if not content.text.strip() and content.media is None:
        raise TextMissing
    part = note_down(request, question, Side.ASKER, content)
    if part is None:
        return None
    desk = _reopen(request, question)
    if desk.room_id is not None:
        key = relay_to_room(request, desk, part)
        mark_delivered(request, part, key=question.key("seen", part.id), needs=key)
    added = request.t("Added to {label}; the experts see it.", label=question.label)
    return Screen(
        Markup("\n").join([added, *what_was_masked(findings, request.t)]),
        about=question.key("receipt"),
        quiet=True,
    )


def _reopen(request: Request, question: Question) -> Question:
    """The question that the experts work on is open and waits for them; its clock goes on."""
    desk = questions.leading(request.db, question)
    if desk is not question:
        questions.reopen(question)
    anew = desk.state in (State.ANSWERED, State.CLOSED)
    reopened, goes_on = questions.reopen(desk), clock_goes_on(request, desk)
    desk.state = State.CLAIMED if desk.owner_id is not None else State.OPEN
    if anew:
        promise(request, desk)
    question.state = desk.state
    if reopened:
        close_topic(request, desk, closed=False, cause=request.update_id)
    if goes_on:
        tell_owner(request, desk)
    if reopened or goes_on:
        refresh_card(request, desk)
    return desk


def tell_owner(request: Request, question: Question) -> None:
    """The consultant who asked back hears in private that the asker has answered."""
    owner = request.db.get(Member, question.owner_id) if question.owner_id else None
    if owner is None or owner.started_at is None or owner.unreachable_at is not None:
        return
    t = request.words(owner)
    text = t("{label}: the asker has answered you.", label=topic_link(request, question))
    request.post(Screen(text), chat_id=owner.telegram_id, key=question.key("told", request.update_id))


@feature.tap(Solved)
def solved(request: Request, tap: Solved) -> Screen:
    """The asker is content: the topic closes."""
    question = questions.get(request.db, tap.question)
    questions.require_asker(request.db, question, request.me)
    if not questions.close(question, solved=True, now=request.now):
        return Screen(toast=request.t.label("{label} is closed already.", label=question.label))
    questions.close_own_too(request.db, question, now=request.now)
    if question.room_id is not None:
        _solved_in_room(request, question)
    _without_buttons(request)
    t = request.t
    return Screen(
        t("Glad that {label} is solved! If something comes up, just reply to the answer.", label=question.label),
        toast=t.label("Solved – thank you!"),
        about=question.key("receipt"),
        quiet=True,
    )


def _solved_in_room(request: Request, question: Question) -> None:
    """The experts hear it; the topic closes, unless it belongs to the question that this one was merged into."""
    desk, t = questions.leading(request.db, question), room_words(request, question)
    key = question.key("solved", request.update_id)
    if desk is not question:
        text = t("✅ The asker of {label} says: solved.", label=question.label)
        to_room(request, desk, Screen(text), key=key)
        return
    to_room(request, question, Screen(t("✅ The asker says: solved.")), key=key)
    refresh_card(request, question)
    close_topic(request, question, closed=True, cause=request.update_id)


def _without_buttons(request: Request) -> None:
    """Take the buttons off the message that was tapped."""
    message_id = request.message.message_id
    request.owe(
        "editMessageReplyMarkup",
        {"chat_id": request.chat_id, "message_id": message_id},
        key=f"update:{request.update_id}:plain",
    )


@feature.tap(More)
def more(request: Request, tap: More) -> Screen:
    """The asker still has a question: say where to write it."""
    question = questions.get(request.db, tap.question)
    questions.require_asker(request.db, question, request.me)
    if request.heard.private:
        request.me.expects("questions.more", question=tap.question)
        return Screen(
            request.t("Please write it here; I will add it to {label}. To stop: /cancel.", label=question.label),
            about=question.key("receipt"),
        )
    return Screen(
        request.t("Please reply to this message; I will add it to {label}.", label=question.label),
        about=question.key("receipt"),
    )


@feature.command("questions")
def mine(request: Request) -> Screen:
    """The person's own questions and where each stands."""
    t = request.t
    own = questions.of_asker(request.db, request.me)
    if not own:
        return Screen(
            t(
                "You have not asked the experts anything yet. Just write your question; if I do not know, I can send "
                "it to the experts."
            )
        )
    lines = [
        Markup("<b>{}</b> · {}\n{}").format(q.label, state_in_words(request, q, t), _shortened(q.text, t)) for q in own
    ]
    rows = [
        [
            Button("💬 " + t.label("Add to {label}", label=q.label), More(id_of(q))),
            Button("✅ " + t.label("{label} is solved", label=q.label), Solved(id_of(q))),
        ]
        for q in own
        if q.state is not State.CLOSED
    ][:4]
    return Screen(Markup("\n\n").join([t("<b>Your questions to the experts</b>"), *lines]), buttons=rows)


def state_in_words(request: Request, question: Question, t: Translator) -> Markup:
    """Where a question stands, for its asker."""
    owner = request.db.get(Member, question.owner_id) if question.owner_id else None
    if question.state is State.CLOSED:
        return t("solved") if question.solved else t("closed")
    if questions.leading(request.db, question).paused_at is not None:
        return t("{name} asked you something back", name=owner.shown_name if owner else t("an expert"))
    if question.state is State.ANSWERED:
        return t("answered")
    return t("{name} has taken it", name=owner.shown_name) if owner else t("waiting for an expert")


def _shortened(text: str, t: Translator, limit: int = 90) -> str:
    if not text:
        return t.label("(no words)")
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"

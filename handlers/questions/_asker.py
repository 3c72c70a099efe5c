"""The asker's side of a question: the answer at home, who has it, and what they write back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

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
from handlers.questions._feature import More, Solved, feature
from handlers.questions._found import what_was_masked, without_identifiers
from handlers.questions._links import topic_link
from handlers.questions._relay import Way
from handlers.questions._room import (
    close_topic,
    mark_delivered,
    note_down,
    refresh_card,
    relay_to_room,
)
from handlers.questions._timing import clock_goes_on, promise

ADDED = "added"
"""What the confirmation of an added message is about: `question:12:added34`, with the part's number."""


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


def _heading(question: Question, author: Member | None, t: Translator, *, side: Side, correcting: bool) -> Markup:
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


def tell_taken(request: Request, question: Question, *, given_back: bool = False) -> None:
    """Each asker hears who has the question now, or that it is with everybody again; their receipts say it too."""
    owner = request.db.get(Member, question.owner_id) if question.owner_id else None
    for home in questions.homes(request.db, question):
        asker = questions.asker_of(request.db, home)
        if asker is None or home.state is State.CLOSED:
            continue
        if owner is not None or given_back:
            _say_who_has_it(request, home, owner, request.words(asker))
        if home.receipt_id is None:
            continue
        text = receipt(home, request.words(asker), placed=True, taken_by=owner.shown_name if owner else None)
        request.replace(
            Screen(text),
            chat_id=home.chat_id,
            message_id=home.receipt_id,
            lane=Lane.ANSWER,
            key=home.key("taken", request.update_id),
        )


def _say_who_has_it(request: Request, home: Question, owner: Member | None, t: Translator) -> None:
    """One short message for each change; an answered question that goes back changes nothing for its asker."""
    if owner is None and home.state is State.ANSWERED:
        return
    text = (
        t("{name} has taken {label}.", name=owner.shown_name, label=home.label)
        if owner
        else t("{label} is with all experts again; the next one who is free takes it.", label=home.label)
    )
    taken = (owner.id, int(home.claimed_at.timestamp()) if home.claimed_at else 0) if owner else (request.update_id,)
    request.post(
        Screen(text, quiet=home.in_group),
        chat_id=home.chat_id,
        lane=Lane.ANSWER,
        thread_id=home.thread_id,
        reply_to=home.message_id or None,
        about=home.key("receipt"),
        key=home.key("heard", *taken),
    )


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
    return take_in(request, question, part, what_was_masked(findings, request.t)) if part is not None else None


def take_in(request: Request, question: Question, part: Part, masked: Sequence[Markup] = ()) -> Screen:
    """A part of the asker's that is in the story now goes into the topic; a closed question opens again."""
    desk = reopen(request, question)
    if desk.room_id is not None:
        key = relay_to_room(request, desk, part)
        mark_delivered(request, part, key=question.key("seen", part.id), needs=key)
    added = request.t("Added to {label}; the experts see it.", label=question.label)
    return Screen(
        Markup("\n").join([added, *masked]),
        about=question.key(f"{ADDED}{part.id}"),
        quiet=True,
    )


def reopen(request: Request, question: Question) -> Question:
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
    if owner is None or not owner.is_reachable:
        return
    t = request.words(owner)
    text = t("{label}: the asker has answered you.", label=topic_link(request, question))
    request.post(Screen(text), chat_id=owner.telegram_id, key=question.key("told", request.update_id))


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

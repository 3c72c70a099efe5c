"""Undo: an answer is taken back from everybody who got it; after 48 hours a correction goes after it."""

from __future__ import annotations

from dataclasses import dataclass

from bot import outbox
from bot.features import questions
from bot.features.people import Role
from bot.features.questions import Part, Question, Side
from bot.outbox import Lane, receipt_of
from handlers._kit import Button, Request, Screen, Tap, said
from handlers.questions._answering import cannot_send, deliver, undo_button, unmark
from handlers.questions._feature import Undo, feature
from handlers.questions._likely import shortened
from handlers.questions._prompts import asking, at_desk, at_hand, in_place, never_mind, prompt
from handlers.questions._room import note_down, refresh_card, room_words
from handlers.questions._timing import clock_goes_on

AT_MOST = 5


@dataclass(frozen=True)
class Answers(Tap, prefix="questions.answers"):
    """Show which answers can be taken back."""

    question: int


@dataclass(frozen=True)
class Correct(Tap, prefix="questions.correct"):
    """Send a correction after an answer that can no longer be deleted."""

    part: int


@feature.tap(Answers, role=Role.CONSULTANT)
def answers(request: Request, tap: Answers) -> Screen:
    """One's own answers, newest first; an organizer sees everybody's."""
    return _choice(request, at_desk(request, tap.question))


@feature.command("undo", role=Role.CONSULTANT, in_groups=True)
def undo_here(request: Request) -> Screen | None:
    """As a reply to an answer: take it back. Otherwise: choose one."""
    replied = request.message.reply_to_message
    part = questions.part_at(request.db, request.chat_id, replied.message_id) if replied is not None else None
    return _undo(request, part) if part is not None else _choice(request, at_hand(request))


def _choice(request: Request, question: Question) -> Screen:
    t, me = room_words(request, question), request.me
    given = questions.answers(request.db, question, by=None if me.role.reaches(Role.ORGANIZER) else me)
    rows = [[_named(part)] for part in given[:AT_MOST]]
    text = t("Which answer shall be taken back?") if rows else t("There is no answer of yours to take back.")
    return Screen(text, [*rows, [never_mind(question, request)]] if rows else [], about=question.key("tool"))


def _named(part: Part) -> Button:
    return Button(f"↩️ {shortened(part.text or '')}", Undo(part.id or 0))


@feature.tap(Undo, role=Role.CONSULTANT)
def undo(request: Request, tap: Undo) -> Screen | None:
    """Take it back, or offer a correction where that is no longer possible."""
    return _undo(request, questions.part(request.db, tap.part))


def _undo(request: Request, part: Part) -> Screen | None:
    question = at_desk(request, part.question_id)
    questions.require_author(request.db, part, request.me)
    t = room_words(request, question)
    if part.undone_at is not None:
        return Screen(toast=t.label("It was taken back already.")) if request.heard.kind == "tap" else None
    if not questions.deletable(part, now=request.now):
        return _too_late(request, question, part)
    together = questions.together(request.db, part)
    for one in together:
        questions.undo(request.db, question, one, now=request.now)
        _take_from_askers(request, question, one)
        if one.author_id is not None and one.chat_id == question.room_id:
            unmark(request, question, one)
    if part.side is Side.BACK:
        clock_goes_on(request, question)
    for home in questions.doors(request.db, question):
        _tell_asker(request, home, part)
    refresh_card(request, question)
    text = t("↩️ {name} took this answer back: {words}", name=request.me.shown_name, words=shortened(part.text or ""))
    return Screen(text, edit=request.heard.kind == "tap", about=question.key("tool"))


def _take_from_askers(request: Request, question: Question, part: Part) -> None:
    """What has not gone out stays here; what has, or may have, is deleted."""
    for home in questions.homes(request.db, question):
        key = home.key("part", part.id)
        for sent in outbox.withdraw(request.db, key, about=home.key("answer"), now=request.now):
            payload = {"chat_id": sent.chat_id, "message_id": receipt_of(sent.key, "message_id")}
            request.owe("deleteMessage", payload, key=f"{sent.key}:undone", lane=Lane.ANSWER, needs=sent.key)


def _tell_asker(request: Request, home: Question, part: Part) -> None:
    """Somebody may have read it and act on it: they hear that it does not count."""
    asker = questions.asker_of(request.db, home)
    if asker is None:
        return
    t, name = request.words(asker), request.me.shown_name
    text = (
        t("{name} took back what they asked you about {label}.", name=name, label=home.label)
        if part.side is Side.BACK
        else t("{name} took back an answer to {label}. Please do not rely on it.", name=name, label=home.label)
    )
    request.post(
        Screen(text),
        chat_id=home.chat_id,
        key=home.key("takenback", part.id),
        lane=Lane.ANSWER,
        thread_id=home.thread_id,
        reply_to=home.message_id,
        about=home.key("answer"),
    )


def _too_late(request: Request, question: Question, part: Part) -> Screen:
    t = room_words(request, question)
    return Screen(
        t("This answer is older than 48 hours, so it cannot be deleted at the asker's. You can send a correction."),
        [[Button("✏️ " + t.label("Send a correction"), Correct(part.id or 0))], [never_mind(question, request)]],
        about=question.key("tool"),
    )


@feature.tap(Correct, role=Role.CONSULTANT)
def correct(request: Request, tap: Correct) -> Screen:
    """Say where to write it."""
    part = questions.part(request.db, tap.part)
    question = at_desk(request, part.question_id)
    questions.require_author(request.db, part, request.me)
    t = room_words(request, question)
    text = t("Reply to this message with the correction; it goes to the asker.")
    return Screen(text, [[never_mind(question, request)]], edit=True, about=asking(question, "correct", part.id or 0))


@prompt("correct")
def corrected(request: Request, question: Question, part_id: int) -> Screen | None:
    """The reply goes to the asker as a correction."""
    questions.require_author(request.db, questions.part(request.db, part_id), request.me)
    content, t = said(request.message), room_words(request, question)
    if content.unknown:
        return cannot_send(content.left_out, t)
    part = note_down(request, question, Side.CONSULTANT, content)
    if part is None:
        return None
    if (refused := deliver(request, question, part, correcting=True)) is not None:
        return refused
    text = t("✏️ {name} sent a correction.", name=request.me.shown_name)
    return in_place(request, text, [[undo_button(part, t)]], about=question.key("tool"))

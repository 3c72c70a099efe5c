"""Saved replies in the topic: choose one, see it filled in, send it as one's own answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from bot.features import questions
from bot.features.people import Role
from bot.features.questions import Question, SavedReply, id_of
from handlers._kit import Button, Request, Screen, Tap, as_html, as_language, from_html
from handlers.questions._answering import send_words, shown
from handlers.questions._feature import feature
from handlers.questions._prompts import at_desk, at_hand, never_mind
from handlers.questions._room import room_words
from handlers.questions._saved_keeping import all_saved

AT_MOST = 20


@dataclass(frozen=True)
class Saved(Tap, prefix="questions.saved"):
    """Show the saved replies in the asker's language."""

    question: int


@dataclass(frozen=True)
class SavedAgain(Tap, prefix="questions.savedagain"):
    """Back from one to all of them."""

    question: int


@dataclass(frozen=True)
class Fill(Tap, prefix="questions.fill"):
    """Show a saved reply, filled in for this question."""

    question: int
    reply: int


@dataclass(frozen=True)
class SendSaved(Tap, prefix="questions.sendsaved"):
    """Send it to the asker."""

    question: int
    reply: int


@feature.tap(Saved, role=Role.CONSULTANT)
def saved(request: Request, tap: Saved) -> Screen:
    """Those in the asker's language."""
    return _choice(request, at_desk(request, tap.question), edit=False)


@feature.tap(SavedAgain, role=Role.CONSULTANT)
def saved_again(request: Request, tap: SavedAgain) -> Screen:
    """The same list, in place of the preview."""
    return _choice(request, at_desk(request, tap.question), edit=True)


@feature.command("saved", role=Role.CONSULTANT, in_groups=True)
def saved_here(request: Request) -> Screen:
    """In a topic: choose one. In private: all of them, to be written and changed."""
    return all_saved(request) if request.heard.private else _choice(request, at_hand(request), edit=False)


def _choice(request: Request, question: Question, *, edit: bool) -> Screen:
    questions.require_open(request.db, question)
    t, question_id = room_words(request, question), id_of(question)
    replies = questions.saved(request.db, question.language)[:AT_MOST]
    rows = [[Button(reply.title, Fill(question_id, reply.id or 0))] for reply in replies]
    text = (
        t("Which reply shall the asker of {label} get?", label=question.label)
        if replies
        else t("No reply is saved in the asker's language yet. Write one in our private chat with /saved.")
    )
    return Screen(text, [*rows, [never_mind(question, request)]], edit=edit, about=question.key("tool"))


@feature.tap(Fill, role=Role.CONSULTANT)
def fill(request: Request, tap: Fill) -> Screen:
    """The words as the asker would get them."""
    question = at_desk(request, tap.question)
    questions.require_open(request.db, question)
    t = room_words(request, question)
    words = filled(request, question, questions.reply(request.db, tap.reply))
    return Screen(
        Markup("\n\n").join([t("This would go to the asker:"), shown(*words)]),
        [
            [Button("📤 " + t.label("Send"), SendSaved(tap.question, tap.reply))],
            [Button("« " + t.label("Back"), SavedAgain(tap.question)), never_mind(question, request)],
        ],
        edit=True,
        about=question.key("tool"),
    )


@feature.tap(SendSaved, role=Role.CONSULTANT)
def send_saved(request: Request, tap: SendSaved) -> Screen | None:
    """The filled words are this consultant's answer."""
    question, reply = at_desk(request, tap.question), questions.reply(request.db, tap.reply)
    screen = send_words(request, question, *filled(request, question, reply))
    if screen is not None and screen.edit:
        reply.used += 1
    return screen


def filled(request: Request, question: Question, reply: SavedReply) -> tuple[str, list[dict[str, Any]]]:
    """The reply with name and number in place. Only somebody who alone asks, under their name, is called by it."""
    asker = questions.asker_of(request.db, question)
    alone = not questions.followers(request.db, question)
    t = request.words(language=as_language(question.language))
    name = asker.shown_name if asker and alone and not question.anonymous else t.label("dear colleague")
    html = str(as_html(reply.text, reply.entities))
    for place, value in (("{name}", name), ("{number}", question.label)):
        html = html.replace(place, str(escape(value)))
    return from_html(Markup(html))

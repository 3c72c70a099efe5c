"""The desk's tools, in place of the card's buttons: one tap opens them, one brings the card back."""

from __future__ import annotations

from dataclasses import dataclass

from bot.features import questions
from bot.features.people import Role
from bot.features.questions import Question, id_of
from bot.i18n import Translator
from handlers._kit import Button, Request, Screen, Tap
from handlers.questions._askback import AskBack
from handlers.questions._before import Before
from handlers.questions._feature import Menu, feature
from handlers.questions._inserting import Insert
from handlers.questions._merging import Merge, Merged
from handlers.questions._prompts import at_desk
from handlers.questions._room import card, room_words
from handlers.questions._saved import Saved
from handlers.questions._transcript import transcript_buttons
from handlers.questions._transfer import Transfer
from handlers.questions._undoing import Answers


@dataclass(frozen=True)
class Back(Tap, prefix="questions.back"):
    """The card's own buttons again."""

    question: int


@feature.tap(Menu, role=Role.CONSULTANT)
def menu(request: Request, tap: Menu) -> Screen:
    """All tools under the card."""
    question = at_desk(request, tap.question)
    questions.require_open(request.db, question)
    t = room_words(request, question)
    rows = tools(question, t, leading=bool(questions.followers(request.db, question)))
    return Screen(card(request, question, t).text, rows, edit=True, about=question.key("asker"))


def tools(question: Question, t: Translator, *, leading: bool) -> list[list[Button]]:
    """The tools for an open question, two in a row."""
    question_id = id_of(question)
    merged = [Button("✂️ " + t.label("Split"), Merged(question_id))] if leading else []
    return [
        [Button("➡️ " + t.label("Transfer"), Transfer(question_id)), Button("❓ " + t.label("Ask back"), AskBack(question_id))],
        [
            Button("📖 " + t.label("Insert FAQ"), Insert(question_id)),
            Button("💾 " + t.label("Saved replies"), Saved(question_id)),
        ],
        [
            Button("🔎 " + t.label("Answered before"), Before(question_id)),
            Button("🔗 " + t.label("Merge"), Merge(question_id)),
        ],
        [Button("↩️ " + t.label("Undo"), Answers(question_id)), *merged],
        transcript_buttons(question, t),
        [Button("« " + t.label("Back"), Back(question_id))],
    ]


@feature.tap(Back, role=Role.CONSULTANT)
def back(request: Request, tap: Back) -> Screen:
    """The card as it is now."""
    question = at_desk(request, tap.question)
    screen = card(request, question, room_words(request, question))
    return Screen(screen.text, screen.buttons, edit=True, about=question.key("asker"))

"""Ask back: the asker is asked something, and the clock stands still until they answer."""

from __future__ import annotations

from dataclasses import dataclass

from bot.features import questions
from bot.features.people import Role
from bot.features.questions import Question, Side
from handlers._kit import Request, Said, Screen, Tap, said
from handlers.questions._answering import anybody_there, cannot_send, nobody_there, show_delivered
from handlers.questions._asker import bring_home, tell_taken
from handlers.questions._feature import feature
from handlers.questions._prompts import asking, at_desk, at_hand, in_place, never_mind, prompt
from handlers.questions._room import note_down, refresh_card, room_words
from handlers.questions._timing import clock_stops


@dataclass(frozen=True)
class AskBack(Tap, prefix="questions.askback"):
    """The consultant needs to know more."""

    question: int


@feature.tap(AskBack, role=Role.CONSULTANT)
def ask_back(request: Request, tap: AskBack) -> Screen:
    """Say where to write it."""
    return _invited(request, at_desk(request, tap.question))


@feature.command("askback", role=Role.CONSULTANT, in_groups=True)
def ask_back_here(request: Request) -> Screen | None:
    """The same by command; what stands behind it is asked at once."""
    question = at_hand(request)
    content = said(request.message, text=request.text)
    if not request.text.strip() and content.media is None:
        return _invited(request, question)
    return _asked(request, question, content)


def _invited(request: Request, question: Question) -> Screen:
    questions.require_open(request.db, question)
    questions.require_owner(request.db, question, request.me)
    t = room_words(request, question)
    return Screen(
        t("What would you like to know from the asker of {label}? Reply to this message.", label=question.label),
        [[never_mind(question, request)]],
        about=asking(question, "askback"),
    )


@prompt("askback")
def heard(request: Request, question: Question, _number: int) -> Screen | None:
    """The reply goes to the asker as a question."""
    return _asked(request, question, said(request.message))


def _asked(request: Request, question: Question, content: Said) -> Screen | None:
    t = room_words(request, question)
    if content.unknown:
        return cannot_send(content.left_out, t)
    if not anybody_there(request, question):
        return nobody_there(request, question)
    unclaimed = question.owner_id is None
    questions.asked_back(request.db, question, request.me, now=request.now)
    part = note_down(request, question, Side.BACK, content)
    if part is None:
        return None
    clock_stops(request, question)
    if unclaimed:
        tell_taken(request, question)
    show_delivered(request, question, part, bring_home(request, question, part))
    refresh_card(request, question)
    text = t("⏸ {name} asked back; {label} waits for the asker.", name=request.me.shown_name, label=question.label)
    return in_place(request, text, about=question.key("tool"))

"""Words that a consultant was asked for in the room: their reply to the bot's message finds its way by the message's subject."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlmodel import Session

from bot import outbox
from bot.errors import NoQuestionHere, NotAllowed, Outdated
from bot.features import questions
from bot.features.people import Role
from bot.features.questions import Question, id_of
from handlers._kit import Button, Heard, Preparing, Request, Screen, Tap
from handlers.questions._feature import feature, id_in
from handlers.questions._room import room_words

Listener = Callable[[Request, Question, int], Screen | None]


@dataclass(frozen=True)
class Prompt:
    """Who hears the reply, and what has to be worked out before."""

    run: Listener
    prepare: Callable[[Preparing], Any] | None = None


@dataclass(frozen=True)
class NeverMind(Tap, prefix="questions.nevermind"):
    """Take a tool's message away."""

    question: int


_PROMPTS: dict[str, Prompt] = {}


def prompt(name: str, *, prepare: Callable[[Preparing], Any] | None = None) -> Callable[[Listener], Listener]:
    """Listen to replies to messages that are about `asking(question, name)`."""

    def register(run: Listener) -> Listener:
        _PROMPTS[name] = Prompt(run, prepare)
        return run

    return register


def asking(question: Question, name: str, number: int = 0) -> str:
    """The subject of a message that asks for words; `number` says for what, where that matters."""
    return question.key(f"{name}.{number}")


def _found(about: str | None) -> tuple[Prompt | None, int]:
    name, _, number = (about or "").rpartition(":")[2].partition(".")
    return _PROMPTS.get(name) if number.isdigit() else None, int(number) if number.isdigit() else 0


def asked_for(about: str | None) -> bool:
    """Whether a message with this subject asked a consultant for words."""
    return _found(about)[0] is not None


def prepare(preparing: Preparing) -> Any:
    """What the prompt that is replied to needs before the transaction opens."""
    found, _number = _found(preparing.about)
    return found.prepare(preparing) if found is not None and found.prepare is not None else None


def answer(request: Request, question: Question) -> Screen | None:
    """Hand the reply to whoever asked for it; only consultants are heard."""
    found, number = _found(request.about)
    if found is None:
        raise Outdated
    if not request.me.role.reaches(Role.CONSULTANT):
        raise NotAllowed(Role.CONSULTANT)
    return found.run(request, question, number)


def in_place(
    request: Request, text: Markup, buttons: Sequence[Sequence[Button]] = (), *, about: str
) -> Screen | None:
    """Show a tool's next step where the one before stood: under the tapped button, or in the message replied to."""
    screen = Screen(text, buttons, edit=request.heard.kind == "tap", about=about)
    replied = request.message.reply_to_message
    if screen.edit or request.heard.command is not None or replied is None or not asked_for(request.about):
        return screen
    request.replace(
        screen, chat_id=request.chat_id, message_id=replied.message_id, key=f"update:{request.update_id}:place"
    )
    return None


def at_desk(request: Request, question_id: int) -> Question:
    """The question of a button in the consultants' room; raises Outdated anywhere else, where nobody put it."""
    question = questions.get(request.db, question_id)
    if request.chat_id != question.room_id:
        raise Outdated
    return question


def at_hand(request: Request) -> Question:
    """The question that a command in the room means: that of the message replied to, or of the topic."""
    question_id = meant(request.db, request.heard, request.about)
    if question_id is None:
        raise NoQuestionHere
    question = questions.get(request.db, question_id)
    if request.chat_id != question.room_id:
        raise NoQuestionHere
    return question


def meant(db: Session, heard: Heard, about: str | None) -> int | None:
    """The id of the question that was spoken of: by the message replied to, or by the topic."""
    question_id = id_in(about)
    if question_id is None and heard.thread_id is not None:
        question_id = id_in(outbox.about_thread(db, heard.chat_id, heard.thread_id))
    return question_id


def never_mind(question: Question, request: Request) -> Button:
    """The way out of a tool."""
    return Button(room_words(request, question).label("Never mind"), NeverMind(id_of(question)))


@feature.tap(NeverMind, role=Role.CONSULTANT)
def take_away(request: Request, tap: NeverMind) -> Screen:
    """Nothing was done: the tool's message goes."""
    question = at_desk(request, tap.question)
    about = outbox.about(request.db, request.chat_id, request.message.message_id)
    if about != question.key("tool") and not asked_for(about):
        raise Outdated  # whatever else the bot has said stays
    message = {"chat_id": request.chat_id, "message_id": request.message.message_id}
    request.owe("deleteMessage", message, key=f"update:{request.update_id}:away")
    return Screen()

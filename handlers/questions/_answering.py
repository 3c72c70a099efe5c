"""An answer on its way: to everybody who asked, with a sign for the consultant that it has arrived."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from bot.features import questions
from bot.features.questions import Part, Question, Side
from bot.i18n import Translator
from handlers._kit import Button, Request, Screen, pieces
from handlers.questions._albums import in_album
from handlers.questions._asker import bring_home
from handlers.questions._attachments import not_passed_on
from handlers.questions._feature import Undo
from handlers.questions._offers import settle
from handlers.questions._room import close_topic, mark_delivered, refresh_card, room_words
from handlers.questions._timing import clock_goes_on


def cannot_send(left_out: str | None, t: Translator) -> Screen:
    """Say exactly what does not go to the asker."""
    return Screen(
        not_passed_on(left_out, t)
        + Markup(" ")
        + t("The asker has not received it. Please answer in words, or with a photo, a document or a voice message.")
    )


def deliver(request: Request, question: Question, part: Part, *, correcting: bool = False) -> Screen | None:
    """Send a consultant's answer home; what nobody had claimed is theirs, and what was closed is open again."""
    if not anybody_there(request, question):
        return nobody_there(request, question)
    reopened, unclaimed = questions.reopen(question), question.owner_id is None
    questions.answered(request.db, question, request.me, now=request.now)
    settle(request, question)
    goes_on = clock_goes_on(request, question)
    if reopened:
        close_topic(request, question, closed=False, cause=request.update_id)
    show_delivered(request, question, part, bring_home(request, question, part, correcting=correcting))
    if unclaimed or reopened or goes_on:
        refresh_card(request, question)
    return None


def anybody_there(request: Request, question: Question) -> bool:
    """Whether any of those who asked is still with us."""
    return any(questions.asker_of(request.db, home) is not None for home in questions.homes(request.db, question))


def nobody_there(request: Request, question: Question) -> Screen:
    """Everybody who asked has had themselves forgotten."""
    t = room_words(request, question)
    return Screen(t("The asker has left and deleted their data, so your answer cannot be delivered."))


def show_delivered(request: Request, question: Question, part: Part, needs: str) -> None:
    """A sign on the consultant's own message, once it has arrived; an album is marked once, on its first message."""
    if request.heard.kind == "tap":
        return  # these words are the bot's own message: it says so itself
    if in_album(part) and not needs.endswith(f":part:{part.id}"):
        return
    mark_delivered(request, part, key=question.key("delivered", part.id), needs=needs)


def unmark(request: Request, question: Question, part: Part) -> None:
    """The sign goes, since the answer was taken back."""
    mark_delivered(request, part, key=question.key("unmarked", part.id), needs=None, emoji=None)


def send_words(
    request: Request, question: Question, text: str, entities: list[dict[str, Any]] | None
) -> Screen | None:
    """Send words that a tool holds ready as this consultant's answer; the tool's message becomes that answer, once."""
    questions.require_open(request.db, question)
    t = room_words(request, question)
    part = questions.tell(
        request.db,
        question,
        side=Side.CONSULTANT,
        author=request.me,
        chat_id=request.chat_id,
        message_id=request.message.message_id,
        now=request.now,
        text=text,
        entities=entities,
    )
    if part is None:
        return Screen(toast=t.label("This has been sent already."))
    if (refused := deliver(request, question, part)) is not None:
        return refused
    heading = t("✅ <b>{name}</b> sent this to the asker:", name=request.me.shown_name)
    return Screen(
        Markup("\n\n").join([heading, shown(text, entities)]),
        [[undo_button(part, t)]],
        edit=True,
        about=question.key("tool"),
    )


def shown(text: str, entities: list[dict[str, Any]] | None) -> Markup:
    """Words as far as one message shows them."""
    first, *more = pieces(text, entities)
    return first + Markup(" …") if more else first


def undo_button(part: Part, t: Translator) -> Button:
    """The way back, under what a tool has sent."""
    return Button("↩️ " + t.label("Undo"), Undo(part.id or 0))

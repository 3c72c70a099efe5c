"""The end of a question for its asker: solved or closed, one tap that says how much it helped, and perhaps a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from bot import outbox, screening
from bot.errors import TextTooLong
from bot.features import questions
from bot.features.questions import Question, id_of
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Button, Deed, Request, Screen, Tap
from handlers._matching import match
from handlers.questions._alarm import with_safety
from handlers.questions._feature import Rate, ReopenMine, Solved, feature
from handlers.questions._room import close_topic, refresh_card, room_words, to_room

FACES = ("😞", "🙁", "😐", "🙂", "😀")
RATING, RATED = "rating", "rated"
"""What the messages are about that ask for a rating, and that thank for one: `question:12:rating`."""

NOTE_WAITS = timedelta(minutes=15)
"""How long the next words are taken for the sentence: later they are likely about something else."""


@dataclass(frozen=True)
class SkipNote(Tap, prefix="questions.skipnote"):
    """No sentence."""

    question: int


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
    request.owe(
        "editMessageReplyMarkup",
        {"chat_id": request.chat_id, "message_id": request.message.message_id},
        key=f"update:{request.update_id}:plain",
    )
    t = request.t
    text = t("Glad that {label} is solved! If something comes up, just reply to the answer.", label=question.label)
    return end_screen(request, question, text, t, toast=t.label("Solved – thank you!"))


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


def end_screen(deed: Deed, question: Question, text: Markup, t: Translator, *, toast: str | None = None) -> Screen:
    """The message at the end of a question; it asks for a rating unless that was done or given before."""
    asks = question.rating is None and outbox.first_promised(deed.db, question.key(RATING)) is None
    if asks:
        text = Markup("\n\n").join([text, t("How much did it help? One tap is enough.")])
    return Screen(
        text,
        buttons=[faces(question) if asks else [], [reopen_button(question, t)]],
        toast=toast,
        about=question.key(RATING if asks else "receipt"),
        quiet=True,
    )


def faces(question: Question) -> list[Button]:
    """A button for each rating; the one that was chosen is marked."""
    return [
        Button(("✓ " if question.rating == number else "") + face, Rate(id_of(question), number))
        for number, face in enumerate(FACES, start=1)
    ]


def reopen_button(question: Question, t: Translator) -> Button:
    """The way back into a question that has ended."""
    return Button("↩️ " + t.label("Reopen"), ReopenMine(id_of(question)))


@feature.tap(Rate)
def rate(request: Request, tap: Rate) -> Screen:
    """Keep the rating, show it to the room, and leave room for a sentence in private."""
    question = questions.get(request.db, tap.question)
    questions.require_asker(request.db, question, request.me)
    first_at = outbox.first_promised(request.db, question.key(RATED))
    if question.rating == tap.rating and first_at is not None:
        return Screen(toast=request.t.label("Noted already. Thank you!"))
    if not questions.rate(question, tap.rating, first_at=first_at, now=request.now):
        return Screen(toast=request.t.label("A rating can be changed for one day only."))
    show_in_room(request, question)
    asks_words = request.heard.private and question.rating_note is None
    if asks_words:
        until = (request.now + NOTE_WAITS).isoformat()
        request.me.expects("questions.rating", question=question.id, until=until)
    return _thanks(question, request.t, asks_words=asks_words)


def _thanks(question: Question, t: Translator, *, asks_words: bool) -> Screen:
    face = FACES[(question.rating or 1) - 1]
    text = t("{label}: {face} Thank you!", label=question.label, face=face)
    rows = [faces(question), [reopen_button(question, t)]]
    if asks_words:
        text += Markup(" ") + t("If you like, write a sentence for the experts now.")
        rows.insert(1, [Button(t.label("Skip"), SkipNote(id_of(question)))])
    return Screen(text, buttons=rows, edit=True, about=question.key(RATED))


@feature.tap(SkipNote)
def skip_note(request: Request, tap: SkipNote) -> Screen:
    """The rating stands without a sentence."""
    question = questions.get(request.db, tap.question)
    questions.require_asker(request.db, question, request.me)
    if (request.me.pending or {}).get("step") == "questions.rating":
        request.me.pending = None
    return _thanks(question, request.t, asks_words=False)


@feature.step("rating", prepare=match)
def note(request: Request) -> Screen | None:
    """The sentence."""
    question = questions.get(request.db, request.pending["question"])
    questions.require_asker(request.db, question, request.me)
    return keep_note(request, question)


def keep_note(request: Request, question: Question) -> Screen | None:
    """Keep the asker's sentence and show it to the room, without who they are."""
    words = request.text.strip()
    if not words:
        request.me.pending = request.pending
        return Screen(request.t("Please write it in words, or tap Skip."))
    if len(words) > questions.NOTE_LIMIT:
        raise TextTooLong(questions.NOTE_LIMIT, len(words))
    question.rating_note = screening.masked(words)
    show_in_room(request, question)
    return with_safety(request, Screen(request.t("Thank you, the experts see it."), quiet=True), question=question)


def show_in_room(request: Request, question: Question) -> None:
    """One line in the topic, brought up to date when the asker changes their mind."""
    desk = questions.leading(request.db, question)
    if desk.room_id is None or question.rating is None:
        return
    t, face = room_words(request, desk), FACES[question.rating - 1]
    text = t("⭐ {label}, the asker's rating: {face} {n} of 5", label=question.label, face=face, n=question.rating)
    if question.rating_note:
        text += Markup("\n<blockquote>{}</blockquote>").format(question.rating_note)
    key = question.key(RATED, desk.id, desk.topic)
    if not to_room(request, desk, Screen(text, quiet=True), key=key):
        request.replace(
            Screen(text),
            chat_id=desk.room_id,
            message_id=outbox.receipt_of(key, "message_id"),
            needs=key,
            lane=Lane.ANSWER,
            key=question.key(RATED, "again", request.update_id),
        )

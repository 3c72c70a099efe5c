"""What did not arrive, or may have arrived twice: the topic says so and why, and consultants can try again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from markupsafe import Markup

from bot import outbox
from bot.features import questions
from bot.features.people import Role
from bot.features.questions import Part, Question, id_of
from bot.i18n import Translator
from bot.outbox import OutboxRow
from handlers._kit import Button, Deed, Event, Moment, Request, Screen
from handlers.questions._feature import TryAgain, feature, id_in, part_in
from handlers.questions._room import room_words, to_room

_FINAL = ("deactivated", "initiate conversation", "user not found")
"""Trying again makes no sense before the person does something themselves."""


def tell_undelivered(deed: Deed, question: Question, rows: Sequence[OutboxRow]) -> None:
    """The asker could not be reached: the topic says why, once for all that failed together."""
    if question.room_id is None:
        return
    t = room_words(deed, question)
    error = rows[0].error or ""
    text = t("⚠️ Not delivered: {reason}.", reason=reason(error, t))
    _post_with_try_again(deed, question, text, rows[0], final=any(word in error.casefold() for word in _FINAL))


def tell_missing(deed: Deed, question: Question, rows: Sequence[OutboxRow]) -> None:
    """Something of the asker's did not arrive in the topic: the topic says what, and why."""
    t = room_words(deed, question)
    parts = [deed.db.get(Part, part_in(row.key)) if part_in(row.key) is not None else None for row in rows]
    what = Markup(", ").join(dict.fromkeys(kind_in_words(part.media if part else None, t) for part in parts))
    text = t(
        "⚠️ Missing here, from the asker: {what}. Reason: {reason}.", what=what, reason=reason(rows[0].error or "", t)
    )
    _post_with_try_again(deed, question, text, rows[0], final=False)


def _post_with_try_again(deed: Deed, question: Question, text: Markup, row: OutboxRow, *, final: bool) -> None:
    t = room_words(deed, question)
    rows = () if final else [[Button("🔁 " + t.label("Try again"), TryAgain(id_of(question)))]]
    to_room(deed, question, Screen(text, buttons=rows), key=question.key("undelivered", row.id))


def kind_in_words(media: str | None, t: Translator) -> str:
    """A photo, a document and so on, for colleagues."""
    return {
        "photo": t.label("a photo"),
        "document": t.label("a document"),
        "voice": t.label("a voice message"),
        "video": t.label("a video"),
        "audio": t.label("an audio file"),
        "animation": t.label("an animation"),
        "video_note": t.label("a video message"),
        "sticker": t.label("a sticker"),
        "location": t.label("a location"),
        "venue": t.label("a place"),
        "contact": t.label("a contact"),
    }.get(media or "", t.label("a message"))


def reason(error: str, t: Translator) -> Markup:
    """Telegram's error in plain words; its own words where we know none."""
    known = {
        "bot was blocked": t("the asker has blocked the bot"),
        "deactivated": t("the asker's Telegram account no longer exists"),
        "initiate conversation": t("the asker has not opened a private chat with the bot"),
        "user not found": t("the asker's Telegram account no longer exists"),
        "kicked": t("I am no longer in the group where it was asked"),
        "not a member": t("I am no longer in the group where it was asked"),
        "not enough rights": t("I am not allowed to write this there"),
        "message to copy not found": t("the message was deleted before I could pass it on"),
        "message to edit not found": t("the message was deleted there"),
        "file is too big": t("the file is over 20 MB"),
        "uncertain twice": t("the connection broke twice while it was being sent, so it may have arrived after all"),
    }
    said = error.casefold()
    fitting = next((words for sign, words in known.items() if sign in said), None)
    if fitting is not None:
        return fitting
    if not error.startswith(("BadRequest", "Forbidden")):
        return t("Telegram could not be reached for a while")
    return Markup("{}").format(error)


@feature.tap(TryAgain, role=Role.CONSULTANT)
def try_again(request: Request, tap: TryAgain) -> Screen:
    """Promise anew what failed for this question, at the asker's and in the topic; a second tap finds nothing left."""
    question = questions.get(request.db, tap.question)
    t = room_words(request, question)
    if request.chat_id != question.room_id:
        return Screen(toast=t.label("This belongs to another room."), alert=True)
    failed = failed_of(request, question)
    if not failed:
        return Screen(toast=t.label("There is nothing left to send again."))
    for row in failed:
        outbox.again(request.db, row, now=request.now)
    return Screen(t("🔁 Sent again by {name}.", name=request.me.shown_name), edit=True, about=question.key("desk"))


def failed_of(deed: Deed, question: Question) -> list[OutboxRow]:
    """What was to reach the asker or the topic and did not, oldest first."""
    home = outbox.given_up(deed.db, about=[question.key("answer")], chat_id=question.chat_id)
    room = outbox.given_up(deed.db, about=[question.key("asker")], chat_id=question.room_id or 0)
    return [*home, *room]


@feature.tick(timedelta(0))
def tell_doubts(moment: Moment) -> None:
    """What was being sent when the connection broke was sent once more: the topic says that it may be there twice."""
    for row in outbox.doubtful(moment.db, "question:"):
        row.reported_at = moment.now
        question_id = id_in(row.about)
        question = moment.db.get(Question, question_id) if question_id is not None else None
        if question is None or question.room_id is None or not (row.about or "").endswith((":answer", ":asker")):
            continue
        t = room_words(moment, question)
        text = (
            t("↻ A message of the asker may be here twice: the connection broke while it was being sent.")
            if row.chat_id == question.room_id
            else t("↻ An answer may have reached the asker twice: the connection broke while it was being sent.")
        )
        to_room(moment, question, Screen(text, quiet=True), key=question.key("doubt", row.id))


@feature.tick(timedelta(0))
def tell_blocked(moment: Moment) -> None:
    """The asker of an open question has blocked the bot: the topic says so before anybody answers in vain."""
    for question in questions.of_unreachable(moment.db):
        asker = questions.asker_of(moment.db, question)
        if asker is None or asker.unreachable_at is None or failed_of(moment, question):
            continue
        t = room_words(moment, question)
        text = t("🚫 The asker cannot be reached now: the bot is blocked. I will say so here when they are back.")
        stamp = int(asker.unreachable_at.timestamp())
        to_room(moment, question, Screen(text), key=question.key("blocked", stamp))


@feature.event(Event.RETURNED)
def back_again(request: Request) -> None:
    """Somebody can be reached again: the topics of their questions say so, and what failed can be sent once more."""
    for question in questions.of_asker(request.db, request.me):
        if question.room_id is None or question.in_group:
            continue
        failed = failed_of(request, question)
        if not failed and question.state is questions.State.CLOSED:
            continue
        t = room_words(request, question)
        button = Button("🔁 " + t.label("Try again"), TryAgain(id_of(question)))
        text = t("The asker is back: messages reach them again.")
        key = question.key("back", request.update_id)
        to_room(request, question, Screen(text, buttons=[[button]] if failed else ()), key=key)

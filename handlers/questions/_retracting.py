"""The asker wants it back: a question that nobody answered, or something they added to one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from markupsafe import Markup

from bot import outbox
from bot.errors import NotYours, Outdated
from bot.features import faq, questions
from bot.features.questions import Part, Question, State
from bot.i18n import Translator
from bot.outbox import Lane, OutboxRow
from handlers._kit import Request, Screen
from handlers.questions._asker import ADDED
from handlers.questions._asking import confirm
from handlers.questions._drafts import draft_in, hide_confirmation, throw_away
from handlers.questions._feature import TakeBack, feature, id_in
from handlers.questions._offers import private_key
from handlers.questions._room import close_topic, refresh_card, room_words, to_room

DELETABLE_FOR = timedelta(hours=47)
"""Telegram lets bots delete their messages for 48 hours; the last hour is for what waits in the outbox."""


@feature.command("retract", in_groups=True)
def retract(request: Request) -> Screen:
    """Take back what the asker replies to; without a reply, the newest of their open questions."""
    if request.message.reply_to_message is not None:
        question, part = _replied_to(request)
    else:
        question, part = _newest(request), None
    if question is None:
        t = request.t
        return Screen(
            t(
                "There is nothing to take back. To take back one message, reply to it with /retract; see also /questions."
            )
        )
    questions.require_asker(request.db, question, request.me)
    return _part_back(request, question, part) if part is not None else _question_back(request, question)


def _replied_to(request: Request) -> tuple[Question | None, Part | None]:
    """The question or the addition behind a message: the asker's own, or the bot's about it."""
    replied = request.message.reply_to_message
    if replied is None:
        return None, None
    own = questions.of_message(request.db, request.me, request.chat_id, replied.message_id)
    if own is not None:
        return own
    question_id, topic = id_in(request.about) or draft_in(request.about), (request.about or "").rpartition(":")[2]
    if question_id is None:
        return None, None
    question = questions.get(request.db, question_id)
    if question.asker_id != request.me.id:
        raise NotYours("")
    number = topic.removeprefix(ADDED)
    part = request.db.get(Part, int(number)) if topic.startswith(ADDED) and number.isdigit() else None
    return question, part if part is not None and part.question_id == question_id else None


def _newest(request: Request) -> Question | None:
    """A draft that is being looked at, or the newest question that has not ended; one without an answer first."""
    draft_id = draft_in(outbox.last_about(request.db, request.chat_id))
    if draft_id is not None and (draft := questions.draft_of(request.db, request.me, draft_id)) is not None:
        return draft
    mine = questions.unsolved_of(request.db, request.me.id)
    unanswered = [question for question in mine if question.answered_at is None]
    return next(reversed(unanswered or mine), None)


@feature.tap(TakeBack)
def take_back(request: Request, tap: TakeBack) -> Screen:
    """The same by button."""
    question = questions.get(request.db, tap.question)
    questions.require_asker(request.db, question, request.me)
    if question.state is State.DRAFT:
        raise Outdated
    screen = _question_back(request, question)
    return Screen(screen.text, edit=True, about=screen.about)


def _question_back(request: Request, question: Question) -> Screen:
    if throw_away(request, question):
        return Screen(request.t("Not sent. You can ask again at any time."))
    if question.state is State.CLOSED:
        return _over_already(request, question)
    if questions.followers(request.db, question):
        t = request.t
        return Screen(
            t(
                "The experts answer {label} together with the same question of others, so I cannot take it back. If you "
                "need no answer any more, tap Solved in /questions.",
                label=question.label,
            )
        )
    text, desk = question.text, questions.leading(request.db, question)
    if not questions.take_back(request.db, question, now=request.now):
        return _end_answered(request, question, desk)
    faq.take_back(request.db, question.asked_id, text, question.language)
    return _taken_back(request, question, desk)


def _over_already(request: Request, question: Question) -> Screen:
    t = request.t
    if question.taken_back_at is not None:
        return Screen(t("You have taken {label} back already.", label=question.label))
    return Screen(t("{label} is closed. The experts keep what they have seen of it.", label=question.label))


def _taken_back(request: Request, question: Question, desk: Question) -> Screen:
    """Nobody had answered: its words leave the room, and those it was merged with go on without it."""
    questions.split(question)
    remain = _empty_topic(request, question, desk)
    if desk is not question:
        refresh_card(request, desk)
    _plain_receipt(request, question)
    for offer in questions.offers_of(request.db, question):
        outbox.blank(request.db, private_key(question, offer), about=f"offer:{offer.id}:question")
    t = request.t
    if remain:
        return Screen(_back_but(t("{label} is taken back.", label=question.label), request, remain))
    return Screen(t("{label} is taken back. I have removed its words from the experts' room.", label=question.label))


def _back_but(text: Markup, request: Request, remain: int) -> Markup:
    """Said honestly: what Telegram does not let the bot delete any more."""
    t = request.t
    return Markup(" ").join(
        [
            text,
            t.n(
                "One picture or file is older than 48 hours; I have asked the experts to delete it by hand.",
                "{n} pictures or files are older than 48 hours; I have asked the experts to delete them by hand.",
                remain,
            ),
        ]
    )


def _end_answered(request: Request, question: Question, desk: Question) -> Screen:
    """Somebody has read and answered it: it ends, and what was seen stays seen."""
    questions.close(question, solved=False, now=request.now)
    if desk.room_id is not None:
        t = room_words(request, desk)
        note = Screen(t("The asker of {label} needs no further answer.", label=question.label))
        to_room(request, desk, note, key=question.key("retracted", request.update_id))
    if question is desk and desk.room_id is not None:
        refresh_card(request, question)
        close_topic(request, question, closed=True, cause=request.update_id)
    t = request.t
    text = t(
        "{label} is closed. The experts have answered it already: they have seen your words, and the question and its answer "
        "stay in their room.",
        label=question.label,
    )
    return Screen(text, about=question.key("receipt"))


def _empty_topic(request: Request, question: Question, desk: Question) -> int:
    """Take the words out of the room; returns how many messages there can only be deleted by hand."""
    card, asker = question.key("card", question.topic), question.key("asker")
    rows = _withdrawn(request, question.key(), asker)
    if desk is not question:
        rows += _withdrawn(request, question.key("into"), desk.key("asker"))
        for part in questions.story(request.db, question):
            rows += _withdrawn(request, desk.key("part", part.id), desk.key("asker"))
    remain = sum(not _removed(request, question, row) for row in rows if row.key != card)
    if question.room_id is None or _never_went(request, card):
        outbox.void(request.db, about=question.key("topic"), now=request.now)
        return remain
    t = room_words(request, question)
    text = _with_leftovers(t("🚫 The asker took the question back. I have removed its words."), remain, t)
    to_room(request, question, Screen(text), key=question.key("retracted"))
    refresh_card(request, question)
    close_topic(request, question, closed=True, cause=request.update_id)
    return remain


def _never_went(request: Request, key: str) -> bool:
    row = outbox.find(request.db, key)
    return row is None or row.state == "void"


def _withdrawn(request: Request, key: str, about: str) -> list[OutboxRow]:
    """What waits does not go out, what went is no longer quoted here; returns the messages that stand in the room."""
    promises = outbox.withdraw(request.db, key, about=about, now=request.now)
    outbox.blank(request.db, key, about=about)
    rows = [outbox.find(request.db, promise.key) for promise in promises]
    return [row for row in rows if row is not None and row.method.startswith(("send", "copy"))]


def _with_leftovers(text: Markup, remain: int, t: Translator) -> Markup:
    if not remain:
        return text
    return Markup(" ").join(
        [text, t("Please delete the older pictures and files by hand: I can do that for 48 hours only.")]
    )


def _removed(request: Request, question: Question, row: OutboxRow) -> bool:
    """Delete one message in the room; words that are too old for that are written over. False for what has to stay."""
    message_id = outbox.receipt_of(row.key or "", "message_id")
    key = question.key("removed", row.id)
    if row.done_at is None or request.now - row.done_at < DELETABLE_FOR:
        request.owe(
            "deleteMessage",
            {"chat_id": row.chat_id, "message_id": message_id},
            key=key,
            lane=Lane.ANSWER,
            needs=row.key,
        )
        return True
    if row.method != "sendMessage":
        return False
    t = room_words(request, question)
    text = t("🚫 <i>taken back by the asker</i>")
    request.replace(Screen(text), chat_id=row.chat_id, message_id=message_id, key=key, lane=Lane.ANSWER, needs=row.key)
    return True


def _plain_receipt(request: Request, question: Question) -> None:
    """What the asker keeps of it quotes the question no longer."""
    outbox.blank(request.db, question.key(), about=question.key("receipt"))
    if question.receipt_id is not None:
        t = request.t
        request.replace(
            Screen(t("🚫 {label} was taken back.", label=question.label)),
            chat_id=question.chat_id,
            message_id=question.receipt_id,
            key=question.key("retracted-receipt"),
        )


def _part_back(request: Request, question: Question, part: Part) -> Screen:
    if question.state is State.DRAFT:
        request.db.delete(part)
        request.db.flush()
        hide_confirmation(request, question)
        return confirm(request, question)
    t = request.t
    if part.undone_at is not None:
        return Screen(t("You have taken this back already."))
    together = questions.together(request.db, part)
    if not all(questions.take_back_part(request.db, one, now=request.now) for one in together):
        return Screen(
            t("The experts have answered since: what you added to {label} stays with them.", label=question.label)
        )
    remain = _remove_parts(request, question, together)
    text = t("Taken back from {label}.", label=question.label)
    return Screen(_back_but(text, request, remain) if remain else text, about=question.key("receipt"))


def _remove_parts(request: Request, question: Question, parts: Sequence[Part]) -> int:
    """Take an addition out of the topic in which the experts answer it."""
    desk = questions.leading(request.db, question)
    if desk.room_id is None:
        return 0
    rows = [row for part in parts for row in _withdrawn(request, desk.key("part", part.id), desk.key("asker"))]
    remain = sum(not _removed(request, question, row) for row in rows)
    t = room_words(request, desk)
    text = _with_leftovers(t("🚫 The asker took a message back."), remain, t)
    to_room(request, desk, Screen(text, quiet=True), key=question.key("part-retracted", parts[0].id))
    return remain

"""The asker's side of a question: the answer at home, who has it, and what they write back."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from bot.errors import TextMissing
from bot.features import questions
from bot.features.people import Member
from bot.features.questions import Part, Question, Side, State, id_of
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import CAPTION as CAPTION_LIMIT
from handlers._kit import Button, Request, Screen, as_html, keyboard, pieces, said, takes_caption, units
from handlers.questions._asking import receipt
from handlers.questions._feature import More, Solved, feature
from handlers.questions._room import close_topic, note_down, refresh_card, relay_to_room

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


def bring_home(request: Request, question: Question, part: Part) -> str:
    """Take a consultant's answer to where the question was asked; returns the key of its last row."""
    asker = questions.asker_of(request.db, question)
    t = request.words(asker)
    heading = t("<b>{label}</b> · answer from {name}", label=question.label, name=request.me.shown_name)
    key = question.key("part", part.id)
    if part.media is None:
        return _words_home(request, question, part, heading, t)
    payload: dict[str, Any] = {
        "chat_id": question.chat_id,
        "from_chat_id": part.chat_id,
        "message_id": part.message_id,
        "reply_markup": keyboard(end_buttons(question, t)),
        "parse_mode": "HTML",
    }
    if takes_caption(part.media) and units(part.text or "") <= CAPTION_LIMIT:
        payload["caption"] = str(
            Markup("\n\n").join(p for p in (heading, as_html(part.text or "", part.entities)) if p)
        )
    else:
        _post_home(request, question, Screen(heading), key=f"{key}:heading")
    payload |= _place(question)
    request.owe("copyMessage", payload, key=key, lane=Lane.ANSWER, about=question.key("answer"))
    return key


def _words_home(request: Request, question: Question, part: Part, heading: Markup, t: Translator) -> str:
    all_pieces = list(pieces(part.text or "", part.entities))
    key = ""
    for place, piece in enumerate(all_pieces):
        last = place == len(all_pieces) - 1
        text = Markup("\n\n").join([heading, piece]) if place == 0 else piece
        key = question.key("part", part.id, *([] if place == 0 else [place]))
        _post_home(request, question, Screen(text, buttons=end_buttons(question, t) if last else ()), key=key)
    return key


def _place(question: Question) -> dict[str, Any]:
    """Where the answer goes: the same chat and topic, as a reply to the question."""
    place: dict[str, Any] = {
        "reply_parameters": {"message_id": question.message_id, "allow_sending_without_reply": True}
    }
    if question.thread_id is not None:
        place["message_thread_id"] = question.thread_id
    return place


def _post_home(request: Request, question: Question, screen: Screen, *, key: str) -> None:
    request.post(
        screen,
        chat_id=question.chat_id,
        key=key,
        lane=Lane.ANSWER,
        thread_id=question.thread_id,
        reply_to=question.message_id,
        about=question.key("answer"),
    )


def tell_taken(request: Request, question: Question) -> None:
    """The asker hears who has the question now, or that it is with everybody again; the receipt they keep says it too."""
    asker = questions.asker_of(request.db, question)
    if asker is None:
        return
    owner = request.db.get(Member, question.owner_id) if question.owner_id else None
    _say_who_has_it(request, question, owner, request.words(asker))
    if question.receipt_id is None:
        return
    text = receipt(question, request.words(asker), placed=True, taken_by=owner.shown_name if owner else None)
    request.replace(
        Screen(text),
        chat_id=question.chat_id,
        message_id=question.receipt_id,
        lane=Lane.ANSWER,
        key=question.key("taken", request.update_id),
    )


def _say_who_has_it(request: Request, question: Question, owner: Member | None, t: Translator) -> None:
    """One short message for each change; none when an answered question goes back, for nothing changes for the asker."""
    if owner is None and question.state is not State.OPEN:
        return
    text = (
        t("{name} has taken {label}.", name=owner.shown_name, label=question.label)
        if owner
        else t("{label} is with all experts again; the next one who is free takes it.", label=question.label)
    )
    request.post(
        Screen(text, quiet=question.in_group),
        chat_id=question.chat_id,
        lane=Lane.ANSWER,
        thread_id=question.thread_id,
        reply_to=question.message_id,
        about=question.key("receipt"),
        key=question.key("heard", request.update_id),
    )


def add(request: Request, question: Question) -> Screen | None:
    """Take what the asker wrote into the question's story and its topic; a closed question opens again."""
    content = said(request.message)
    if content.unknown:
        return Screen(
            request.t(
                "I cannot send this kind of message to the experts. Please write it in words, or send a photo, a "
                "document or a voice message."
            )
        )
    if not content.text.strip() and content.media is None:
        raise TextMissing
    part = note_down(request, question, Side.ASKER, content)
    return take_in(request, question, part) if part is not None else None


def take_in(request: Request, question: Question, part: Part) -> Screen:
    """A part of the asker's that is in the story now goes into the topic; a closed question opens again."""
    reopen(request, question)
    question.state = State.CLAIMED if question.owner_id is not None else State.OPEN
    if question.room_id is not None:
        key = relay_to_room(request, question, part)
        request.owe(
            "setMessageReaction",
            {
                "chat_id": part.chat_id,
                "message_id": part.message_id,
                "reaction": [{"type": "emoji", "emoji": "👌"}],
            },
            key=question.key("seen", part.id),
            lane=Lane.ANSWER,
            needs=key,
        )
    return Screen(
        request.t("Added to {label}; the experts see it.", label=question.label),
        about=question.key(f"{ADDED}{part.id}"),
        quiet=True,
    )


def reopen(request: Request, question: Question) -> bool:
    """Open a closed question again, here and in the room; False when it was open, or was taken back."""
    if not questions.reopen(question):
        return False
    if question.room_id is not None:
        close_topic(request, question, closed=False, cause=request.update_id)
        refresh_card(request, question)
    return True


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

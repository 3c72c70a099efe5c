"""The consultants' side of a question: its topic, its card, and the asker's words in it."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from bot import outbox
from bot.features import groups, questions
from bot.features.groups import Group
from bot.features.people import Member
from bot.features.questions import Part, Question, Side, State, id_of
from bot.i18n import OWN_NAMES, Translator
from bot.outbox import Lane
from handlers import _entries
from handlers._kit import CAPTION as CAPTION_LIMIT
from handlers._kit import Button, Deed, Request, Said, Screen, as_html, as_language, pieces, takes_caption, units
from handlers.questions._feature import Claim, Close, Release

TOPIC_NAME = 120  # Telegram takes 128 characters


def note_down(request: Request, question: Question, side: Side, content: Said) -> Part | None:
    """Add the message that was just said to the question's story; None when it is there already."""
    return questions.tell(
        request.db,
        question,
        side=side,
        author=request.me,
        chat_id=request.chat_id,
        message_id=request.message.message_id,
        now=request.now,
        text=content.text,
        entities=content.entities,
        media=content.media,
    )


def asker_name(question: Question, asker: Member | None, t: Translator) -> str:
    """What the room calls the asker."""
    if question.anonymous:
        return t.label("anonymous")
    return asker.shown_name if asker else t.label("somebody who has left")


def open_in_room(deed: Deed, question: Question, room: Group) -> None:
    """Bring a question to the room: a topic of its own where the room has topics, and the card with its buttons."""
    questions.place(question, room_id=room.chat_id, has_topic=room.opens_topics)
    t = deed.words(language=room.language)
    if question.topic_key is not None:
        deed.owe(
            "createForumTopic",
            {"chat_id": room.chat_id, "name": topic_name(deed, question, t)},
            key=question.topic_key,
            lane=Lane.ANSWER,
            about=question.key("topic"),
        )
    to_room(deed, question, card(deed, question, t), key=question.key("card", question.topic), speaks="asker")
    if question.media:
        copy_to_room(
            deed,
            question,
            chat_id=question.chat_id,
            message_id=question.message_id,
            key=question.key("media", question.topic),
        )


def topic_name(deed: Deed, question: Question, t: Translator) -> str:
    """Q12 · Recruitment · Li Wei."""
    name = asker_name(question, questions.asker_of(deed.db, question), t)
    return " · ".join(part for part in (question.label, category_title(deed, question, t), name) if part)[:TOPIC_NAME]


def category_title(deed: Deed, question: Question, t: Translator) -> str:
    """The subject that the FAQ took it for, in the room's language."""
    library = deed.services.knowledge().library
    category = next((c for c in library.categories if c.category == question.category), None)
    return category.title.in_(t.language) if category else ""


def card(deed: Deed, question: Question, t: Translator) -> Screen:
    """The question with all that helps to answer it, and the buttons that fit its state."""
    asker = questions.asker_of(deed.db, question)
    heading = Markup("<b>{}</b>").format(topic_name(deed, question, t))
    parts = [
        heading,
        origin(deed, question, asker, t),
        as_html(question.text, question.entities),
        *nearly_said(deed, question, t),
        status(deed, question, t),
        t("<i>Reply to this message, and I send your answer to the asker. Everything else stays in this room.</i>"),
    ]
    return Screen(Markup("\n\n").join(part for part in parts if part), buttons=card_buttons(question, t))


def origin(deed: Deed, question: Question, asker: Member | None, t: Translator) -> Markup:
    """Its language and where it came from; with a name, also who asks."""
    group = groups.find(deed.db, question.chat_id) if question.in_group else None
    where = (
        t("asked in a group")
        if question.in_group and (question.anonymous or group is None)
        else t("asked in “{title}”", title=group.title)
        if group
        else t("asked in private")
    )
    lines = [t("{language}, {where}", language=OWN_NAMES[as_language(question.language)], where=where)]
    if asker is not None and not question.anonymous and (asker.city or asker.cohort):
        lines.append(Markup(" · ").join(Markup("{}").format(fact) for fact in (asker.city, asker.cohort) if fact))
    return Markup("\n").join(lines)


def nearly_said(deed: Deed, question: Question, t: Translator) -> list[Markup]:
    """What the FAQ came near to."""
    library = deed.services.knowledge().library
    titles = [_entries.question(library, entry, t.language) for entry in question.nearly if entry in library.entries]
    if not titles:
        return []
    return [t("Closest FAQ entries:") + Markup("").join(Markup("\n• {}").format(title) for title in titles)]


def status(deed: Deed, question: Question, t: Translator) -> Markup:
    """Who has it, or that it is closed; nothing while it is new."""
    owner = deed.db.get(Member, question.owner_id) if question.owner_id else None
    if question.taken_back_at is not None:
        return t("🚫 <b>The asker took it back.</b>")
    if question.state is State.CLOSED:
        return t("☑️ <b>Solved</b>") if question.solved else t("☑️ <b>Closed</b>")
    return t("🙋 <b>{name}</b> has taken it.", name=owner.shown_name) if owner else Markup()


def card_buttons(question: Question, t: Translator) -> list[list[Button]]:
    """What can be done with it now."""
    question_id = id_of(question)
    if question.state is State.CLOSED:
        return []
    first = (
        Button("🙋 " + t.label("Claim"), Claim(question_id))
        if question.owner_id is None
        else Button("↩️ " + t.label("Release"), Release(question_id))
    )
    return [[first, Button("☑️ " + t.label("Close"), Close(question_id))]]


def room_words(deed: Deed, question: Question) -> Translator:
    """The words for the room that has the question."""
    room = groups.find(deed.db, question.room_id or 0)
    return deed.words(language=room.language if room else None)


def to_room(deed: Deed, question: Question, screen: Screen, *, key: str, speaks: str = "desk") -> bool:
    """Post into the question's topic; `speaks="asker"` marks the asker's words, replies to which go home."""
    topic = question.topic_key
    return deed.post(
        screen,
        chat_id=question.room_id or 0,
        key=key,
        lane=Lane.ANSWER,
        about=question.key(speaks),
        needs=topic,
        thread_id=outbox.receipt_of(topic, "thread_id") if topic else None,
    )


def copy_to_room(
    deed: Deed, question: Question, *, chat_id: int, message_id: int, key: str, caption: Markup | None = None
) -> None:
    """Copy a picture, a voice message and so on into the topic, without a trace of who sent it."""
    topic = question.topic_key
    payload: dict[str, Any] = {"chat_id": question.room_id, "from_chat_id": chat_id, "message_id": message_id}
    if caption is not None:
        payload |= {"caption": str(caption), "parse_mode": "HTML"}
    if topic:
        payload["message_thread_id"] = outbox.receipt_of(topic, "thread_id")
    deed.owe("copyMessage", payload, key=key, lane=Lane.ANSWER, about=question.key("asker"), needs=topic)


def relay_to_room(deed: Deed, question: Question, part: Part, *, replay: int | None = None) -> str:
    """Bring what the asker added into the topic; returns the key of the last row. What was taken back stays away."""
    room = groups.find(deed.db, question.room_id or 0)
    t = deed.words(language=room.language if room else None)
    name = Markup("<b>{}</b>").format(asker_name(question, questions.asker_of(deed.db, question), t))
    key = question.key("part", part.id, *([replay] if replay else []))
    if part.undone_at is not None:
        return key
    if part.media:
        fits = takes_caption(part.media) and units(part.text or "") <= CAPTION_LIMIT
        if fits:
            caption = Markup("\n").join([name, as_html(part.text or "", part.entities)])
            copy_to_room(deed, question, chat_id=part.chat_id, message_id=part.message_id, key=key, caption=caption)
            return key
        copy_to_room(deed, question, chat_id=part.chat_id, message_id=part.message_id, key=key)
        return key
    for place, piece in enumerate(pieces(part.text or "", part.entities)):
        piece_key = key if place == 0 else f"{key}:{place}"
        to_room(deed, question, Screen(Markup("{}:\n{}").format(name, piece)), key=piece_key, speaks="asker")
    return key


def refresh_card(request: Request, question: Question) -> None:
    """Show the card's new state wherever it is."""
    room = groups.find(request.db, question.room_id or 0)
    if room is None:
        return
    card_key = question.key("card", question.topic)
    request.replace(
        card(request, question, request.words(language=room.language)),
        chat_id=room.chat_id,
        message_id=outbox.receipt_of(card_key, "message_id"),
        needs=card_key,
        lane=Lane.ANSWER,
        key=question.key("state", request.update_id),
    )


def close_topic(deed: Deed, question: Question, *, closed: bool, cause: object) -> None:
    """Close or reopen the question's topic."""
    topic = question.topic_key
    if topic is not None:
        deed.owe(
            "closeForumTopic" if closed else "reopenForumTopic",
            {"chat_id": question.room_id, "message_thread_id": outbox.receipt_of(topic, "thread_id")},
            key=question.key("topic-closed" if closed else "topic-reopened", cause),
            lane=Lane.ANSWER,
            needs=topic,
            about=question.key("topic-state"),
        )

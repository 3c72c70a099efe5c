"""The consultants' side of a question: its topic, its card, and the asker's words in it."""

from __future__ import annotations

from markupsafe import Markup

from bot import outbox
from bot.features import groups, questions
from bot.features.groups import Group
from bot.features.people import Member
from bot.features.questions import Part, Question, Side, State, id_of
from bot.i18n import OWN_NAMES, Translator
from bot.outbox import Lane
from handlers import _entries
from handlers._kit import Button, Deed, Request, Said, Screen, as_html, as_language
from handlers.entries import make_button
from handlers.questions._albums import pass_all, pass_on
from handlers.questions._feature import Claim, Close, Menu, Release, Reopen, Split
from handlers.questions._links import topic_link
from handlers.questions._offer_words import offered_line
from handlers.questions._relay import Way

DELIVERED = "👌"
"""The bot's reaction to what it has brought to the other side."""

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
        album=content.album,
        file_id=content.file_id,
        file_name=content.file_name,
        file_size=content.file_size,
    )


def asker_name(question: Question, asker: Member | None, t: Translator) -> str:
    """What the room calls the asker."""
    if question.anonymous:
        return t.label("anonymous")
    return asker.shown_name if asker else t.label("somebody who has left")


def room_words(deed: Deed, question: Question) -> Translator:
    """The words for the room that has the question."""
    room = groups.find(deed.db, question.room_id or 0)
    return deed.words(language=room.language if room else None)


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
    pass_all(deed, way_to_room(deed, question), opening(deed, question))


def opening(deed: Deed, question: Question) -> list[Part]:
    """What came with the question itself: its words stand on the card."""
    first = questions.part_at(deed.db, question.chat_id, question.message_id)
    if first is None:
        return []
    return questions.album_in(deed.db, first.chat_id, first.album) or [first]


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
        as_html(question.text, way_to_room(deed, question).entities(question)),
        t("✏️ edited") if is_edited(deed, question) else Markup(),
        *also_asked_by(deed, question, t),
        *nearly_said(deed, question, t),
        status(deed, question, t),
        t("<i>Reply to this message, and I send your answer to the asker. Everything else stays in this room.</i>")
        if question.taken_back_at is None
        else Markup(),
    ]
    return Screen(Markup("\n\n").join(part for part in parts if part), buttons=card_buttons(question, t))


def note_text(note: str | None) -> Markup:
    """A colleague's note below what it belongs to; nothing without one."""
    return Markup("\n<i>{}</i>").format(note[:1000]) if note else Markup()


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


def also_asked_by(deed: Deed, question: Question, t: Translator) -> list[Markup]:
    """Who gets the answer as well, since their question was merged into this one."""
    merged = questions.followers(deed.db, question)
    if not merged:
        return []
    return [t("👥 Also asked by {names}", names=t.series([_name_and_label(deed, one, t) for one in merged]))]


def _name_and_label(deed: Deed, question: Question, t: Translator) -> str:
    """Who asked a question that was merged into another, and its number."""
    name = asker_name(question, questions.asker_of(deed.db, question), t)
    return t.label("{name} ({label})", name=name, label=question.label)


def nearly_said(deed: Deed, question: Question, t: Translator) -> list[Markup]:
    """What the FAQ came near to."""
    library = deed.services.knowledge().library
    titles = [_entries.question(library, entry, t.language) for entry in question.nearly if entry in library.entries]
    if not titles:
        return []
    return [t("Closest FAQ entries:") + Markup("").join(Markup("\n• {}").format(title) for title in titles)]


def status(deed: Deed, question: Question, t: Translator) -> Markup:
    """Who has it, to whom it is offered, and what it waits for; nothing while it is open to everybody."""
    owner = deed.db.get(Member, question.owner_id) if question.owner_id else None
    if question.merged_into_id is not None:
        return t("🔗 <b>Merged into {label}</b>", label=topic_link(deed, questions.leading(deed.db, question)))
    if question.taken_back_at is not None:
        return t("🚫 <b>The asker took it back.</b>")
    if question.state is State.CLOSED:
        return t("☑️ <b>Solved</b>") if question.solved else t("☑️ <b>Closed</b>")
    if owner is None:
        taken = offered_line(deed, question, t, subject=category_title(deed, question, t))
    else:
        taken = t("🙋 <b>{name}</b> has taken it.", name=owner.shown_name)
    if question.paused_at is None:
        return taken
    since = t("⏸ Waiting for the asker since {time}", time=t.datetime(question.paused_at))
    return Markup("\n").join(part for part in (taken, since) if part)


def card_buttons(question: Question, t: Translator) -> list[list[Button]]:
    """What can be done with it now."""
    question_id = id_of(question)
    if question.merged_into_id is not None:
        return [[Button("✂️ " + t.label("Split"), Split(question_id))]]
    if question.taken_back_at is not None:
        return []
    if question.state is State.CLOSED:
        stays = [make_button(question_id, t)] if question.answered_at is not None else []
        return [[Button("🔓 " + t.label("Reopen"), Reopen(question_id)), *stays]]
    first = (
        Button("🙋 " + t.label("Claim"), Claim(question_id))
        if question.owner_id is None
        else Button("↩️ " + t.label("Release"), Release(question_id))
    )
    return [
        [first, Button("☑️ " + t.label("Close"), Close(question_id))],
        [Button("🧰 " + t.label("More…"), Menu(question_id))],
    ]


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


def way_to_room(deed: Deed, question: Question, *, edited: bool = False, voice: Question | None = None) -> Way:
    """How the asker's words look in the topic: under their name, and a reply to them goes home.

    `voice` is the question whose asker speaks, where it was merged into this one.
    """
    t, topic = room_words(deed, question), question.topic_key
    name = Markup("<b>{}</b>").format(_name_in_topic(deed, question, voice or question, t))
    place = {"chat_id": question.room_id or 0}
    return Way(
        place | ({"message_thread_id": outbox.receipt_of(topic, "thread_id")} if topic else {}),
        question.key("asker"),
        name + Markup(" · ") + t("✏️ edited") if edited else name,
        ":\n",
        lambda part: question.key("part", part.id, *([f"t{question.topic}"] if question.topic > 1 else [])),
        needs=topic,
        repeats=True,
        heads_bare=topic is None,
        nameless=(voice or question).anonymous,
    )


def _name_in_topic(deed: Deed, question: Question, voice: Question, t: Translator) -> str:
    """Whom the room hears: the asker, or the asker of a question that was merged into this one."""
    if voice.id != question.id:
        return _name_and_label(deed, voice, t)
    name = asker_name(question, questions.asker_of(deed.db, question), t)
    return name if question.has_topic else f"{question.label} · {name}"


def voice_of(deed: Deed, question: Question, question_id: int) -> Question:
    """The question with this id: this one, or one that was merged into it."""
    return question if question_id == question.id else questions.get(deed.db, question_id)


def relay_to_room(deed: Deed, question: Question, part: Part) -> str:
    """Bring what the asker added into the topic; returns the key of the row that carries it."""
    voice = voice_of(deed, question, part.question_id)
    way = way_to_room(deed, question, edited=is_edited(deed, voice, part), voice=voice)
    return pass_on(deed, way, part, room_words(deed, question))


def mark_delivered(deed: Deed, part: Part, *, key: str, needs: str | None, emoji: str | None = DELIVERED) -> None:
    """React to what somebody wrote once the row `needs` has brought it to the other side; None takes the sign away."""
    reaction = [{"type": "emoji", "emoji": emoji}] if emoji else []
    payload = {"chat_id": part.chat_id, "message_id": part.message_id, "reaction": reaction}
    deed.owe("setMessageReaction", payload, key=key, lane=Lane.ANSWER, needs=needs)


def is_edited(deed: Deed, question: Question, part: Part | None = None) -> bool:
    """Whether a part, or the question itself, once said something else."""
    return bool(questions.versions(deed.db, question, part))


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

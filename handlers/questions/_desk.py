"""What consultants do: claim, reply, note, close."""

from __future__ import annotations

from markupsafe import Markup

from bot import outbox
from bot.features import groups, questions
from bot.features.people import Member, Role
from bot.features.questions import Question, Side
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Event, Request, Said, Screen, said
from handlers.questions._albums import in_album
from handlers.questions._asker import bring_home, end_buttons, tell_taken
from handlers.questions._attachments import not_passed_on
from handlers.questions._feature import Claim, Close, Release, feature, id_in
from handlers.questions._offers import next_one, settle
from handlers.questions._room import card, close_topic, mark_delivered, note_down, refresh_card
from handlers.questions._strangers import not_relayed
from handlers.questions._timing import owner_changed, owner_left, promise


@feature.event(Event.ROOM)
def in_the_room(request: Request) -> Screen | None:
    """A reply to the asker's words goes home; everything else is a note among consultants."""
    _heard_again(request)
    about, question = spoken_of(request)
    if question is None or request.heard.command is not None:
        return None
    content, t = said(request.message), room_words(request)
    if not (about or "").endswith(":asker") and not _goes_on_answering(request, content):
        if content.text or content.media:
            note_down(request, question, Side.NOTE, content)
        return None
    if not request.me.role.reaches(Role.CONSULTANT):
        not_relayed(
            request,
            question,
            request.me.telegram_id,
            t(
                "This did <b>not</b> go to the asker: only registered consultants answer. An "
                "organizer can send you an invitation with /invite."
            ),
        )
        return None
    if content.unknown:
        return Screen(
            not_passed_on(content.left_out, t)
            + Markup(" ")
            + t(
                "The asker has not received it. Please answer in words, or with a photo, a document or a voice message."
            )
        )
    return _answer(request, question)


def _heard_again(request: Request) -> None:
    """A room in which the bot could not write speaks: what waits for it is tried again."""
    room = groups.find(request.db, request.chat_id)
    if room is not None and not room.present and not said(request.message).unknown:  # not that the bot was removed
        room.present = True


def _goes_on_answering(request: Request, content: Said) -> bool:
    """A further message of an album whose first message went home."""
    parts = questions.album_in(request.db, request.chat_id, content.album)
    return any(part.side is Side.CONSULTANT and part.author_id == request.me.id for part in parts)


def spoken_of(request: Request) -> tuple[str | None, Question | None]:
    """What the replied-to message is about, and the question of this topic."""
    replied = request.message.reply_to_message
    about = request.about if replied is not None and replied.forum_topic_created is None else None
    question_id = id_in(about)
    if question_id is None and request.heard.thread_id is not None:
        question_id = id_in(outbox.about_thread(request.db, request.chat_id, request.heard.thread_id))
    return about, questions.get(request.db, question_id) if question_id is not None else None


def _answer(request: Request, question: Question) -> Screen | None:
    content = said(request.message)
    part = note_down(request, question, Side.CONSULTANT, content)
    if part is None:
        return None
    if questions.asker_of(request.db, question) is None:
        t = room_words(request)
        return Screen(t("The asker has left and deleted their data, so your answer cannot be delivered."))
    reopened, unclaimed = questions.reopen(question), question.owner_id is None
    questions.answered(question, request.me, now=request.now)
    settle(request, question)
    key = bring_home(request, question, part)
    if key == question.key("part", part.id) or not in_album(part):  # an album is marked once, on its first message
        mark_delivered(request, part, key=question.key("delivered", part.id), needs=key)
    if unclaimed or reopened:
        refresh_card(request, question)
    return None


@feature.tap(Claim, role=Role.CONSULTANT)
def claim(request: Request, tap: Claim) -> Screen:
    """The first consultant gets it; the others see who did."""
    question = questions.get(request.db, tap.question)
    if questions.claim(request.db, question, request.me, now=request.now):
        settle(request, question)
        owner_changed(request, question)
        tell_taken(request, question)
    return _card_again(request, question)


@feature.tap(Release, role=Role.CONSULTANT)
def release(request: Request, tap: Release) -> Screen:
    """Its owner, or an organizer, gives it back to everybody."""
    question = questions.get(request.db, tap.question)
    before = request.db.get(Member, question.owner_id) if question.owner_id is not None else None
    questions.release(question, request.me)
    tell_taken(request, question)
    if before is not None:
        questions.gave_back(request.db, question, before, now=request.now)
    owner_left(request, question)
    next_one(request, question)
    return _card_again(request, question)


@feature.tap(Close, role=Role.CONSULTANT)
def close(request: Request, tap: Close) -> Screen:
    """A consultant ends a question; the asker hears it and can open it again."""
    question = questions.get(request.db, tap.question)
    _close(request, question)
    close_topic(request, question, closed=True, cause=request.update_id)
    return _card_again(request, question)


@feature.event(Event.TOPIC_CLOSED)
def by_hand(request: Request) -> None:
    """A consultant closed or reopened the topic in Telegram itself: the question follows."""
    _about, question = spoken_of(request)
    if question is None or not request.me.role.reaches(Role.CONSULTANT):
        return
    if request.message.forum_topic_closed is not None:
        _close(request, question)
    elif questions.reopen(question):
        promise(request, question)
    refresh_card(request, question)


def _close(request: Request, question: Question) -> None:
    if not questions.close(question, solved=False, now=request.now):
        return
    asker = questions.asker_of(request.db, question)
    if asker is not None:
        t = request.words(asker)
        text = t(
            "{label} was closed by {name}. If you still have a question, tap the button.",
            label=question.label,
            name=request.me.shown_name,
        )
        request.post(
            Screen(text, buttons=[end_buttons(question, t)[0][1:]]),
            chat_id=question.chat_id,
            lane=Lane.ANSWER,
            thread_id=question.thread_id,
            reply_to=question.message_id,
            about=question.key("answer"),
            key=question.key("closed", request.update_id),
        )


def _card_again(request: Request, question: Question) -> Screen:
    room = groups.find(request.db, question.room_id or 0)
    screen = card(request, question, request.words(language=room.language if room else None))
    return Screen(screen.text, screen.buttons, edit=True, about=question.key("asker"))


def room_words(request: Request) -> Translator:
    """The words for everybody in the room."""
    room = groups.find(request.db, request.chat_id)
    return request.words(language=room.language if room else None)

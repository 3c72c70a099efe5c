"""What consultants do: claim, reply, note, close, and see the queue."""

from __future__ import annotations

from markupsafe import Markup

from bot import outbox
from bot.features import groups, questions
from bot.features.people import Member, Role
from bot.features.questions import Question, Side, State
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Event, Request, Screen, said
from handlers.questions._asker import bring_home, tell_taken
from handlers.questions._feature import Claim, Close, Release, feature, id_in
from handlers.questions._rating import end_screen
from handlers.questions._room import asker_name, card, close_topic, note_down, refresh_card


@feature.event(Event.ROOM)
def in_the_room(request: Request) -> Screen | None:
    """A reply to the asker's words goes home; everything else is a note among consultants."""
    about, question = _spoken_of(request)
    if question is None or request.heard.command is not None:
        return None
    content, t = said(request.message), _room_words(request)
    if not (about or "").endswith(":asker"):
        if content.text or content.media:
            note_down(request, question, Side.NOTE, content)
        return None
    if not request.me.role.reaches(Role.CONSULTANT):
        return Screen(
            t(
                "This did <b>not</b> go to the asker: only registered consultants answer. An "
                "organizer can send you an invitation with /invite."
            )
        )
    if content.unknown:
        return Screen(
            t(
                "I cannot send this kind of message to the asker; the asker did not receive it. Please "
                "answer in words, or with a photo, a document or a voice message."
            )
        )
    return _answer(request, question)


def _spoken_of(request: Request) -> tuple[str | None, Question | None]:
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
        t = _room_words(request)
        return Screen(t("The asker has left and deleted their data, so your answer cannot be delivered."))
    reopened, unclaimed = questions.reopen(question), question.owner_id is None
    questions.answered(question, request.me, now=request.now)
    key = bring_home(request, question, part)
    request.owe(
        "setMessageReaction",
        {
            "chat_id": request.chat_id,
            "message_id": request.message.message_id,
            "reaction": [{"type": "emoji", "emoji": "👌"}],
        },
        key=question.key("delivered", part.id),
        lane=Lane.ANSWER,
        needs=key,
    )
    if unclaimed or reopened:
        refresh_card(request, question)
    return None


@feature.tap(Claim, role=Role.CONSULTANT)
def claim(request: Request, tap: Claim) -> Screen:
    """The first consultant gets it; the others see who did."""
    question = questions.get(request.db, tap.question)
    if questions.claim(request.db, question, request.me, now=request.now):
        tell_taken(request, question)
    return _card_again(request, question)


@feature.tap(Release, role=Role.CONSULTANT)
def release(request: Request, tap: Release) -> Screen:
    """Its owner, or an organizer, gives it back to everybody."""
    question = questions.get(request.db, tap.question)
    questions.release(question, request.me)
    tell_taken(request, question)
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
    _about, question = _spoken_of(request)
    if question is None or not request.me.role.reaches(Role.CONSULTANT):
        return
    if request.message.forum_topic_closed is not None:
        _close(request, question)
    else:
        questions.reopen(question)
    refresh_card(request, question)


def _close(request: Request, question: Question) -> None:
    if not questions.close(question, solved=False, now=request.now):
        return
    asker = questions.asker_of(request.db, question)
    if asker is not None:
        t = request.words(asker)
        text = t("{label} was closed by {name}.", label=question.label, name=request.me.shown_name)
        text += Markup(" ") + t("If you still have a question, tap Reopen within seven days.")
        request.post(
            end_screen(request, question, text, t),
            chat_id=question.chat_id,
            lane=Lane.ANSWER,
            thread_id=question.thread_id,
            reply_to=question.message_id,
            key=question.key("closed", request.update_id),
        )


def _card_again(request: Request, question: Question) -> Screen:
    room = groups.find(request.db, question.room_id or 0)
    screen = card(request, question, request.words(language=room.language if room else None))
    return Screen(screen.text, screen.buttons, edit=True, about=question.key("asker"))


def _room_words(request: Request) -> Translator:
    room = groups.find(request.db, request.chat_id)
    return request.words(language=room.language if room else None)


@feature.command("queue", role=Role.CONSULTANT, in_groups=True)
def queue(request: Request) -> Screen:
    """Open questions: those without anybody first."""
    t = request.t
    waiting = questions.queue(request.db)
    if not waiting:
        return Screen(t("Nothing is open. Thank you all!"))
    heading = t.n("<b>{n} open question</b>", "<b>{n} open questions</b>", len(waiting))
    return Screen(Markup("\n\n").join([heading, *(_line(request, question, t) for question in waiting)]))


def _line(request: Request, question: Question, t: Translator) -> Markup:
    owner = request.db.get(Member, question.owner_id) if question.owner_id else None
    asker = asker_name(question, questions.asker_of(request.db, question), t)
    state = (
        t("answered")
        if question.state is State.ANSWERED
        else t("with {name}", name=owner.shown_name)
        if owner
        else t("<b>nobody yet</b>")
    )
    since = t.datetime(question.sent_at or question.created_at)
    words = " ".join(question.text.split())[:100]
    return Markup("{} · {} · {} · {}\n{}").format(_link(request, question), asker, state, since, words)


def _link(request: Request, question: Question) -> Markup:
    """The question's label, leading into its topic where there is one."""
    made = outbox.receipt(request.db, question.topic_key) if question.topic_key else None
    room = str(question.room_id or "")
    if made is None or made.thread_id is None or not room.startswith("-100"):
        return Markup("<b>{}</b>").format(question.label)
    return Markup('<a href="https://t.me/c/{}/{}">{}</a>').format(
        room.removeprefix("-100"), made.thread_id, question.label
    )

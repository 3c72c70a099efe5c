"""What consultants do: claim, reply, note, close."""

from __future__ import annotations

from markupsafe import Markup

from bot.features import groups, questions
from bot.features.people import Member, Role
from bot.features.questions import Question, Side, State
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Event, Request, Said, Screen, said
from handlers.questions import _prompts
from handlers.questions._answering import cannot_send, deliver
from handlers.questions._asker import tell_taken
from handlers.questions._feature import Claim, Close, Release, Reopen, feature
from handlers.questions._offers import next_one, settle
from handlers.questions._rating import end_screen
from handlers.questions._room import card, close_topic, note_down, refresh_card
from handlers.questions._strangers import not_relayed
from handlers.questions._timing import clock_goes_on, owner_changed, owner_left, promise


@feature.event(Event.ROOM, prepare=_prompts.prepare)
def in_the_room(request: Request) -> Screen | None:
    """A reply to the asker's words goes home; everything else is a note among consultants."""
    _heard_again(request)
    about, question = spoken_of(request)
    if question is None or request.heard.command is not None:
        return None
    if _prompts.asked_for(about):
        return _prompts.answer(request, question)
    content, t = said(request.message), room_words(request)
    if not (about or "").endswith(":asker") and not _goes_on_answering(request, content):
        if content.text or content.media:
            note_down(request, question, Side.NOTE, content)
        return _stayed_here(t) if _answers_a_lost_copy(request, about) else None
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
        return cannot_send(content.left_out, t)
    return _answer(request, question)


def _heard_again(request: Request) -> None:
    """A room in which the bot could not write speaks: what waits for it is tried again."""
    room = groups.find(request.db, request.chat_id)
    if room is not None and not room.present and not said(request.message).unknown:  # not that the bot was removed
        room.present = True


def _answers_a_lost_copy(request: Request, about: str | None) -> bool:
    """A reply to a message of ours whose number was never learnt: the connection broke while it was being sent."""
    replied = request.message.reply_to_message
    if about is not None or replied is None or replied.forum_topic_created is not None:
        return False
    return replied.from_user is not None and replied.from_user.id == request.services.bot_id


def _stayed_here(t: Translator) -> Screen:
    """Nobody may believe that the asker has read what has not left the room."""
    return Screen(
        t(
            "I cannot tell what this message answers, so it stayed in this room. If it is for the asker, please reply to "
            "the newest copy of their message."
        )
    )


def _goes_on_answering(request: Request, content: Said) -> bool:
    """A further message of an album whose first message went home."""
    parts = questions.album_in(request.db, request.chat_id, content.album)
    return any(part.side is Side.CONSULTANT and part.author_id == request.me.id for part in parts)


def spoken_of(request: Request) -> tuple[str | None, Question | None]:
    """What the replied-to message is about, and the question of this topic."""
    replied = request.message.reply_to_message
    about = request.about if replied is not None and replied.forum_topic_created is None else None
    question_id = _prompts.meant(request.db, request.heard, about)
    return about, questions.get(request.db, question_id) if question_id is not None else None


def _answer(request: Request, question: Question) -> Screen | None:
    content = said(request.message)
    part = note_down(request, question, Side.CONSULTANT, content)
    return deliver(request, question, part) if part is not None else None


@feature.tap(Claim, role=Role.CONSULTANT)
def claim(request: Request, tap: Claim) -> Screen:
    """The first consultant gets it; the others see who did."""
    return _claim(request, questions.get(request.db, tap.question))


@feature.command("claim", role=Role.CONSULTANT, in_groups=True)
def claim_here(request: Request) -> Screen:
    """Take the question of this topic."""
    return _in_words(request, _claim(request, question := _prompts.at_hand(request)), question)


def _claim(request: Request, question: Question) -> Screen:
    if questions.claim(request.db, question, request.me, now=request.now):
        settle(request, question)
        owner_changed(request, question)
        tell_taken(request, question)
    return _card_again(request, question)


@feature.tap(Release, role=Role.CONSULTANT)
def release(request: Request, tap: Release) -> Screen:
    """Its owner, or an organizer, gives it back to everybody."""
    return _release(request, questions.get(request.db, tap.question))


@feature.command("release", role=Role.CONSULTANT, in_groups=True)
def release_here(request: Request) -> Screen:
    """Give the question of this topic back."""
    return _in_words(request, _release(request, question := _prompts.at_hand(request)), question)


def _release(request: Request, question: Question) -> Screen:
    before = request.db.get(Member, question.owner_id) if question.owner_id is not None else None
    questions.release(request.db, question, request.me)
    if before is None:
        return _card_again(request, question)  # nobody had it: an offer that is out stays out
    tell_taken(request, question, given_back=True)
    questions.gave_back(request.db, question, before, now=request.now)
    owner_left(request, question)
    next_one(request, question)
    return _card_again(request, question)


@feature.tap(Close, role=Role.CONSULTANT)
def close(request: Request, tap: Close) -> Screen:
    """A consultant ends a question; the asker hears it and can open it again."""
    return _end(request, questions.get(request.db, tap.question))


@feature.command("close", role=Role.CONSULTANT, in_groups=True)
def close_here(request: Request) -> Screen:
    """End the question of this topic."""
    return _in_words(request, _end(request, question := _prompts.at_hand(request)), question)


def _end(request: Request, question: Question) -> Screen:
    questions.require_leading(request.db, question)
    _close(request, question)
    close_topic(request, question, closed=True, cause=request.update_id)
    return _card_again(request, question)


@feature.tap(Reopen, role=Role.CONSULTANT)
def reopen(request: Request, tap: Reopen) -> Screen:
    """A consultant opens a closed question again; the asker hears it."""
    return _reopen(request, questions.get(request.db, tap.question))


@feature.command("reopen", role=Role.CONSULTANT, in_groups=True)
def reopen_here(request: Request) -> Screen:
    """Open the question of this topic again."""
    return _in_words(request, _reopen(request, question := _prompts.at_hand(request)), question)


def _reopen(request: Request, question: Question) -> Screen:
    questions.require_leading(request.db, question)
    if not open_again(request, question):
        return Screen(toast=request.t.label("{label} is open.", label=question.label))
    for home in questions.homes(request.db, question):
        _tell_reopened(request, home)
    close_topic(request, question, closed=False, cause=request.update_id)
    return _card_again(request, question)


def open_again(request: Request, question: Question) -> bool:
    """A closed question is open, and so are those merged into it, unless their askers are content; its clock goes on."""
    if not questions.reopen(question):
        return False
    for follower in questions.followers(request.db, question):
        if not follower.solved:
            questions.reopen(follower)
    clock_goes_on(request, question)
    promise(request, question)
    return True


def _tell_reopened(request: Request, home: Question) -> None:
    asker = questions.asker_of(request.db, home)
    if asker is None or home.state is State.CLOSED:
        return
    t = request.words(asker)
    text = t(
        "{name} has opened {label} again. You can add to it by replying here.",
        name=request.me.shown_name,
        label=home.label,
    )
    _tell_asker(request, home, Screen(text), key=home.key("opened", request.update_id))


@feature.event(Event.TOPIC_CLOSED)
def by_hand(request: Request) -> None:
    """A consultant closed or reopened the topic in Telegram itself: the question follows."""
    _about, question = spoken_of(request)
    if question is None or not request.me.role.reaches(Role.CONSULTANT):
        return
    if question.merged_into_id is not None:
        return
    if request.message.forum_topic_closed is not None:
        _close(request, question)
    else:
        open_again(request, question)
    refresh_card(request, question)


def _close(request: Request, question: Question) -> None:
    if question.state is State.CLOSED:
        return
    for home in questions.homes(request.db, question):
        if questions.close(home, solved=False, now=request.now):
            _tell_closed(request, home)


def _tell_closed(request: Request, home: Question) -> None:
    asker = questions.asker_of(request.db, home)
    if asker is None:
        return
    t = request.words(asker)
    text = t("{label} was closed by {name}.", label=home.label, name=request.me.shown_name)
    text += Markup(" ") + t("If you still have a question, tap Reopen within seven days.")
    _tell_asker(request, home, end_screen(request, home, text, t), key=home.key("closed", request.update_id))


def _tell_asker(request: Request, home: Question, screen: Screen, *, key: str) -> None:
    request.post(
        screen,
        chat_id=home.chat_id,
        lane=Lane.ANSWER,
        thread_id=home.thread_id,
        reply_to=home.message_id,
        about=screen.about or home.key("answer"),
        key=key,
    )


def _card_again(request: Request, question: Question) -> Screen:
    room = groups.find(request.db, question.room_id or 0)
    screen = card(request, question, request.words(language=room.language if room else None))
    return Screen(screen.text, screen.buttons, edit=True, about=question.key("asker"))


def _in_words(request: Request, shown: Screen, question: Question) -> Screen:
    """After a command: the card shows it where it stands, and a line says it here."""
    if shown.text is None:
        return Screen(Markup("{}").format(shown.toast))
    refresh_card(request, question)
    t = room_words(request)
    owner = request.db.get(Member, question.owner_id) if question.owner_id else None
    if question.state is State.CLOSED:
        return Screen(t("{label} is closed.", label=question.label))
    if owner is not None:
        return Screen(t("{label} is with {name}.", label=question.label, name=owner.shown_name))
    return Screen(t("{label} is with nobody now.", label=question.label))


def room_words(request: Request) -> Translator:
    """The words for everybody in the room."""
    room = groups.find(request.db, request.chat_id)
    return request.words(language=room.language if room else None)

"""Which question the asker's words belong to: what they reply to says it, or what came last, or they are asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from markupsafe import Markup

from bot import outbox, screening
from bot.errors import NotYours, Outdated
from bot.features import faq, questions
from bot.features.faq import Asked
from bot.features.questions import Part, Question, State, id_of
from bot.i18n import Translator
from bot.search import Match
from handlers._kit import Button, Request, Screen, Tap, as_language, looks_like_a_question, one_below_the_other, said
from handlers._matching import AsNew, match
from handlers.questions._alarm import surely_answered, with_safety
from handlers.questions._asker import ADDED, add, take_in
from handlers.questions._attachments import keep_asked, withheld
from handlers.questions._drafts import keep, throw_away
from handlers.questions._feature import feature, id_in, in_one_line
from handlers.questions._found import what_was_masked
from handlers.questions._joining import join, open_draft, shown_draft
from handlers.questions._rating import RATED, RATING, keep_note
from handlers.questions._room import relay_to_room, room_words, to_room

ANSWERED_FOR = timedelta(hours=48)
"""How long after an answer free words belong to it, when it was the last thing that was said."""

ADDED_FOR = timedelta(minutes=10)
"""How long after something was added to a question further words go the same way."""


@dataclass(frozen=True)
class Attach(Tap, prefix="questions.attach"):
    """The words that were kept belong to this question."""

    question: int
    asked: int


@dataclass(frozen=True)
class Which(Tap, prefix="questions.which"):
    """They belong to one of the open questions: which?"""

    asked: int


@feature.reply("question", prepare=match)
def write_back(request: Request) -> Screen | None:
    """The asker replies to what the bot said about a question: it lands in its topic. Others' talk is left alone."""
    question = questions.get(request.db, id_in(request.about) or 0)
    _keep_other_step(request)
    if question.asker_id != request.me.id:
        return None
    if (request.about or "").endswith((f":{RATING}", f":{RATED}")) and request.pending.get("question") == question.id:
        return keep_note(request, question)
    return into(request, question)


def _keep_other_step(request: Request) -> None:
    """Whoever replies here has not ended another feature's dialogue."""
    step = str(request.pending.get("step", ""))
    if step and not step.startswith(f"{feature.name}."):
        request.me.pending = request.pending


@feature.step("more", prepare=match)
def add_more(request: Request) -> Screen | None:
    """What the asker writes after “I still have a question”; a reply to their own words of another question counts more."""
    question = _replied_to(request) or questions.get(request.db, request.pending["question"])
    questions.require_asker(request.db, question, request.me)
    return into(request, question)


def into(request: Request, question: Question) -> Screen | None:
    """Take what was said into a question, as far as it still takes something; words that cannot wait come first."""
    return with_safety(request, _taken_in(request, question), question=question)


def _taken_in(request: Request, question: Question) -> Screen | None:
    if question.state is State.DRAFT:
        return join(request, question)
    if question.state is State.CLOSED and not questions.reopens(question, now=request.now):
        return _long_over(request, question)
    return add(request, question)


def _long_over(request: Request, question: Question) -> Screen | None:
    """The words are kept, and the asker says whether they belong to the old question."""
    content = said(request.message)
    if content.unknown:
        return add(request, question)  # says what cannot be passed on
    asked, t = keep_asked(request, content, request.prepared or Match("expert", (), request.me.language)), request.t
    new = Button("➕ " + t.label("New question"), AsNew(asked.id or 0))
    if question.taken_back_at is not None:
        return Screen(t("You took {label} back. Is this a new question?", label=question.label), buttons=[[new]])
    follow_up = Button("↩️ " + t.label("Follow-up"), Attach(id_of(question), asked.id or 0))
    closed = t.date(question.closed_at or request.now)
    return Screen(
        t("{label} was closed on {date}. Is this a follow-up, or a new question?", label=question.label, date=closed),
        buttons=[[follow_up], [new]],
    )


def continue_answered(request: Request) -> Screen | None:
    """Free words that plainly belong to a question; None when they are for the FAQ, or it has to be asked."""
    if request.heard.command is not None:
        return None
    request = replace(request, context=feature.name)  # the FAQ heard it: the words are ours from here on
    if (question := _replied_to(request) or shown_draft(request, request.about)) is not None:
        return into(request, question)
    if not request.heard.private or _is_urgent(request):
        return None
    last = outbox.last_said(request.db, request.chat_id)
    about, age = (last[0] or "", request.now - last[1]) if last else ("", timedelta())
    if (draft := open_draft(request, about, age)) is not None:
        return join(request, draft)
    focus = _in_focus(request, about, age)
    return into(request, focus) if focus is not None else None


def _is_urgent(request: Request) -> bool:
    return request.prepared is not None and request.prepared.decision == "urgent"


def _replied_to(request: Request) -> Question | None:
    """The question that the asker's own message, to which they reply, began or continued."""
    replied = request.message.reply_to_message
    if replied is None:
        return None
    found = questions.of_message(request.db, request.me, request.chat_id, replied.message_id)
    return found[0] if found else None


def _in_focus(request: Request, about: str, age: timedelta) -> Question | None:
    """The one question that was just spoken of: an answer came last, somebody has just taken it, or it was just added to."""
    question_id, topic = id_in(about), about.rpartition(":")[2]
    mine = questions.unsolved_of(request.db, request.me.id)
    question = next((one for one in mine if one.id == question_id), None)
    if question is None:
        return None
    if topic.startswith(ADDED):
        return question if age <= ADDED_FOR else None
    if topic == "receipt" and question.owner_id is not None:
        return question if age <= ADDED_FOR and not _is_for_the_bot(request) else None
    others = [one for one in mine if one is not question and _waits_for_me(request, one)]
    return question if topic == "answer" and age <= ANSWERED_FOR and not others else None


def _is_for_the_bot(request: Request) -> bool:
    """Whether the words are no addition: a question of their own, one that the FAQ surely answers, or a greeting."""
    if looks_like_a_question(request.text) or surely_answered(request):
        return True
    return request.services.knowledge().small_talk(request.text) is not None


def _waits_for_me(request: Request, question: Question) -> bool:
    """Whether an expert has lately answered it, or asked something back."""
    if questions.leading(request.db, question).paused_at is not None:
        return True
    at = question.answered_at
    return question.state is State.ANSWERED and at is not None and request.now - at <= ANSWERED_FOR


def ask_which(request: Request, asked: Asked) -> Screen | None:
    """With several open questions and no sure answer: for which of them is this? None when it need not be asked."""
    mine = questions.unsolved_of(request.db, request.me.id)
    if len(mine) < 2 or asked.decision in ("answer", "urgent"):
        return None
    return _choice(asked, mine, request.words(request.me).of(feature.name))


def _choice(asked: Asked, mine: Sequence[Question], t: Translator, *, edit: bool = False) -> Screen:
    asked_id = asked.id or 0
    rows = [Button(f"💬 {one.label} · {in_one_line(one.text, t, 40)}", Attach(id_of(one), asked_id)) for one in mine]
    new = Button("➕ " + t.label("A new question"), AsNew(asked_id))
    return Screen(
        t("Is this for one of your questions?"), buttons=one_below_the_other([*reversed(rows), new]), edit=edit
    )


def adding_row(request: Request, asked: Asked) -> list[Button]:
    """Below what the FAQ says: the way into a question that is open; empty when none is."""
    t = request.words(language=as_language(asked.language)).of(feature.name)
    mine = questions.unsolved_of(request.db, request.me.id)
    if not mine:
        return []
    if len(mine) == 1:
        return [Button("💬 " + t.label("Add to {label}", label=mine[0].label), Attach(id_of(mine[0]), asked.id or 0))]
    return [Button("💬 " + t.label("Add to one of my questions"), Which(asked.id or 0))]


@feature.tap(Which)
def which(request: Request, tap: Which) -> Screen:
    """Show the open questions to choose from."""
    asked = _own(request, tap.asked)
    mine = questions.unsolved_of(request.db, request.me.id)
    if not mine:
        raise Outdated
    return _choice(asked, mine, request.t)


@feature.tap(Attach)
def attach(request: Request, tap: Attach) -> Screen:
    """Take the words that were kept into the question; a second tap changes nothing."""
    asked, question = _own(request, tap.asked), questions.get(request.db, tap.question)
    questions.require_asker(request.db, question, request.me)
    if question.state is State.DRAFT or question.taken_back_at is not None or asked.text is None:
        raise Outdated
    if (reason := _withheld(request, question, asked)) is not None:
        return Screen(toast=reason.unescape(), alert=True)
    parts = _told(request, question, asked)
    if not parts:
        return Screen(toast=request.t.label("This was passed on already."))
    faq.set_aside(asked)
    _note_follow_up(request, question)
    screen = take_in(request, question, parts[0], what_was_masked(screening.find(asked.text), request.t))
    desk = questions.leading(request.db, question)
    if desk.room_id is not None:
        for part in parts[1:]:
            relay_to_room(request, desk, part)
    return Screen(screen.text, edit=True, about=screen.about)


def _withheld(request: Request, question: Question, asked: Asked) -> Markup | None:
    """Why what came with the words would show who asks an anonymous question."""
    came = faq.attachments(request.db, asked.id) if question.anonymous else []
    reasons = (withheld(one.media, one.file_name, one.file_size, request.t) for one in came)
    return next((reason for reason in reasons if reason is not None), None)


def _note_follow_up(request: Request, question: Question) -> None:
    """The room reads why a question comes up again that was closed long ago."""
    long_over = question.state is State.CLOSED and not questions.reopens(question, now=request.now)
    if not long_over or question.closed_at is None or question.room_id is None:
        return
    desk = questions.leading(request.db, question)
    t = room_words(request, desk)
    text = t.n(
        "↩️ A follow-up, one day later.", "↩️ A follow-up, {n} days later.", (request.now - question.closed_at).days
    )
    to_room(request, desk, Screen(text), key=question.key("follow-up", request.update_id))


def _told(request: Request, question: Question, asked: Asked) -> list[Part]:
    """The words as parts of the question; a draft that was made of them alone gives way."""
    known = questions.of_message(request.db, request.me, asked.chat_id, asked.message_id)
    if known is not None and known[1] is None:
        throw_away(request, known[0])
    return keep(request, question, asked)


def _own(request: Request, asked_id: int) -> Asked:
    asked = faq.recall(request.db, asked_id, chat_id=request.chat_id)
    if asked.member_id != request.me.id:
        raise NotYours("")
    return asked

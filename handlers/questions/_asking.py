"""Before a question leaves the asker: they see what will be passed on, and choose with or without their name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from markupsafe import Markup

from bot import screening
from bot.errors import NotYours, TooManyOpen
from bot.features import consultations, faq, groups, people, questions
from bot.features.faq import Asked
from bot.features.faq.content import Library
from bot.features.people import Member
from bot.features.questions import Part, Question, State, id_of
from bot.i18n import Translator
from handlers._kit import Button, Request, Screen, Tap, as_html, units
from handlers.questions._alarm import is_about_doses, was_paged
from handlers.questions._albums import pass_all
from handlers.questions._attachments import keep_opening, withheld_opening
from handlers.questions._drafts import draft_about, gather, hide_confirmation, throw_away, withheld_joined
from handlers.questions._feature import Discard, Send, feature
from handlers.questions._found import to_check
from handlers.questions._live import tell_live
from handlers.questions._offers import bring
from handlers.questions._room import way_to_room
from handlers.questions._timing import promise

SAME_WITHIN = timedelta(seconds=90)
"""The same words within this time are one question, from whichever answer they are passed on."""

QUOTED_AT_MOST = 3000
"""UTF-16 units of what is quoted to be checked; with its frame it stays below Telegram's 4,096."""


@dataclass(frozen=True)
class AskExpert(Tap, prefix="questions.ask"):
    """Pass the question behind an answer to the experts."""

    asked: int


@dataclass(frozen=True)
class AskInstead(Tap, prefix="questions.instead"):
    """Not about a dose, but about the programme."""


def ask_button(asked_id: int, t: Translator) -> Button:
    """The way from the FAQ to the experts."""
    return Button("🙋 " + t.of("questions").label("Ask an expert"), AskExpert(asked_id))


def way_on(library: Library, asked: Asked, t: Translator) -> Button:
    """The way from what the FAQ shows to the experts; under a text about doses it leads to the programme instead."""
    if is_about_doses(library, asked):
        return Button("🙋 " + t.of("questions").label("Ask about the programme instead"), AskInstead())
    return ask_button(asked.id or 0, t)


@feature.tap(AskInstead)
def ask_instead(request: Request, _tap: AskInstead) -> Screen:
    """Doses are for the treating doctor; what the programme needs can be asked here."""
    t = request.t
    if request.heard.private:
        return Screen(
            t(
                "Please write what your programme needs, for example what a peer supporter may say about medicines. Doses "
                "and medicines for one person stay with the treating doctor."
            )
        )
    return Screen(
        t(
            "Please send /ask and what your programme needs. Doses and medicines for one person stay with the treating "
            "doctor."
        )
    )


@feature.tap(AskExpert)
def ask_expert(request: Request, tap: AskExpert) -> Screen:
    """Show what will be passed on; it belongs to the person who asked. What was said in one breath is one question."""
    asked = faq.recall(request.db, tap.asked, chat_id=request.chat_id)
    if asked.member_id != request.me.id:
        asker = request.db.get(Member, asked.member_id) if asked.member_id else None
        raise NotYours(asker.shown_name if asker else "")
    if is_about_doses(request.services.knowledge().library, asked):
        return Screen(toast=_not_about_doses(request.t), alert=True)
    question = _begun_already(request, asked) or _drafted(request, asked)
    if question.state is not State.DRAFT:
        return Screen(toast=request.t.label("This was passed on already as {label}.", label=question.label))
    hide_confirmation(request, question)
    gather(request, question, asked)
    return confirm(request, question)


def _not_about_doses(t: Translator) -> str:
    return t.label("Nobody here answers questions about doses; the text above says whom to ask.")


def _begun_already(request: Request, asked: Asked) -> Question | None:
    """The question that these words began or continued, or one that says the same and was begun just now."""
    known = questions.of_message(request.db, request.me, asked.chat_id, asked.message_id)
    if known is None:
        since = request.now - SAME_WITHIN
        return questions.with_same_words(request.db, request.me, asked.text or "", since=since)
    question, part = known
    asked_anew = part is None and question.asked_id != asked.id  # after “what was missing?” there are more words
    return None if asked_anew and throw_away(request, question) else question


def _drafted(request: Request, asked: Asked) -> Question:
    nearly = asked.entries[:3]
    return questions.draft(
        request.db,
        asker=request.me,
        asked_id=asked.id or 0,
        text=asked.text or "",
        entities=asked.entities,
        language=asked.language,
        media=asked.media,
        nearly=nearly,
        category=_category(nearly),
        chat_id=asked.chat_id,
        message_id=asked.message_id,
        thread_id=asked.thread_id,
        now=request.now,
    )


def _category(nearly: list[str]) -> str | None:
    """The subject of what came nearest; questions about the bot itself are no subject for experts."""
    subjects = (entry.partition(".")[0] for entry in nearly)
    return next((subject for subject in subjects if subject != "using-this-bot"), None)


def confirm(request: Request, question: Question) -> Screen:
    """Show the whole draft as it is now, with the choice of how it is sent."""
    parts = questions.story(request.db, question)
    said_in = [(question.chat_id, question.message_id), *((part.chat_id, part.message_id) for part in parts)]
    named = any(was_paged(request, *place) for place in said_in)
    consented = request.me.consented_at is not None
    return confirmation(question, request.t, consented=consented, parts=parts, named=named)


def confirmation(
    question: Question, t: Translator, *, consented: bool, parts: Sequence[Part] = (), named: bool = False
) -> Screen:
    """What will be passed on, and the choice of how; what may identify a patient is shown first.

    With `named` the room knows already who wrote it, so that it cannot be sent without a name.
    """
    joined = quoted_parts(question, parts, t)
    if findings := screening.find(question.text):
        screen = to_check(question, findings, t, consented=consented)
        return replace(screen, text=Markup("\n\n").join([*joined, screen.text or ""])) if joined else screen
    lines = [t("This goes to our experts:"), quoted(question, t), *joined, _check(t, named=named)]
    if not consented:
        lines.append(t("By sending you agree that I keep your question and its answer (/privacy)."))
    question_id = id_of(question)
    ways = [Button(t.label("Send"), Send(question_id, anonymous=False))]
    if not named:
        ways.append(Button(t.label("Send anonymously"), Send(question_id, anonymous=True)))
    return Screen(
        Markup("\n\n").join(lines),
        about=draft_about(question),
        buttons=[ways, [Button(t.label("Do not send"), Discard(question_id))]],
    )


def _check(t: Translator, *, named: bool) -> Markup:
    if named:
        return t(
            "Please check: can anyone recognise a patient in it? The experts on duty have seen these words with your name."
        )
    return t(
        "Please check: can anyone recognise a patient in it? <b>Send</b> shows the experts your name; <b>Send "
        "anonymously</b> does not."
    )


def quoted_parts(question: Question, parts: Iterable[Part], t: Translator) -> list[Markup]:
    """What joined the question, each as a quotation, as far as one message holds them; the others are counted."""
    room, shown, left = QUOTED_AT_MOST - units(question.text), [], 0
    for part in parts:
        room -= units(part.text or "") + 20
        if room < 0:
            left += 1
        else:
            shown.append(quoted(part, t))
    if left:
        shown.append(t.n("… and one more message", "… and {n} more messages", left))
    return shown


def quoted(said: Question | Part, t: Translator) -> Markup:
    """The words as a quotation; what cannot be quoted is named."""
    media = Markup("📎 ") + t("with what you attached") if said.media else Markup()
    words = as_html(said.text or "", said.entities)
    return Markup("\n").join(
        part for part in (Markup("<blockquote>{}</blockquote>").format(words) if words else "", media) if part
    )


@feature.tap(Send)
def send(request: Request, tap: Send) -> Screen:
    """Pass it on without what could identify a patient."""
    question = questions.get(request.db, tap.question)
    questions.require_asker(request.db, question, request.me)
    text, entities = screening.masked_message(question.text, question.entities)
    if questions.reword(question, text=text, entities=entities):
        faq.reword(request.db, question.asked_id, text=text, entities=entities)
    return pass_on(request, question, anonymous=tap.anonymous)


def pass_on(request: Request, question: Question, *, anonymous: bool) -> Screen:
    """To the room at once, or kept until there is one."""
    reason = withheld_opening(request, question) or withheld_joined(request, question) if anonymous else None
    if reason is not None:
        return Screen(toast=reason.unescape(), alert=True)
    if not questions.send(request.db, question, anonymous=anonymous, now=request.now):
        return Screen(toast=request.t.label("This was passed on already as {label}.", label=question.label))
    stop_rewriting(request, question)
    people.agree(request.me, now=request.now)
    faq.remember_for_experts(request.db, question.text, question.language, now=request.now)
    question.receipt_id = request.message.message_id
    promise(request, question)
    joined = questions.story(request.db, question)
    keep_opening(request, question)
    room = groups.room(request.db)
    if room is not None:
        bring(request, question, room)
        pass_all(request, way_to_room(request, question), joined)
        tell_live(request, question)
    return Screen(receipt(question, request.t, placed=room is not None), edit=True, about=question.key("receipt"))


def receipt(question: Question, t: Translator, *, placed: bool, taken_by: str | None = None) -> Markup:
    """What the asker keeps of it: the number, and what happens next."""
    lines = [t("✅ Passed to our experts as <b>{label}</b>.", label=question.label), quoted(question, t)]
    if taken_by:
        lines.append(t("{name} has taken it and will answer here.", name=taken_by))
        if question.answer_due_at is not None:
            lines.append(t("Usually that is by {when}.", when=t.when(question.answer_due_at)))
    elif placed and question.answer_due_at is not None:
        when = t.when(question.answer_due_at)
        lines.append(
            t("The answer comes here, usually by {when}. /questions shows where it stands.", when=when)
        )
    elif placed:
        lines.append(t("The answer comes here. /questions shows where it stands."))
    else:
        lines.append(
            t("We have your question. The experts' room is not ready yet, so the answer may take a little longer.")
        )
    return Markup("\n\n").join(lines)


def stop_rewriting(request: Request, question: Question) -> None:
    """The draft is gone: what the asker writes next is no longer its new wording."""
    waiting = request.me.pending or {}
    if waiting.get("step") == "questions.edit" and waiting.get("question") == question.id:
        request.me.pending = None


def also_live(request: Request, asked: Asked | None, screen: Screen) -> Screen:
    """During an open consultation what the community group is asked with /ask goes to the consultants on duty at once.

    Everybody in the group has read it with its name; who has not agreed yet that it is kept is asked as always.
    """
    if asked is None or not _goes_live(request, asked):
        return screen
    request = replace(request, context=feature.name)
    question = _begun_already(request, asked) or _drafted(request, asked)
    if question.state is not State.DRAFT:
        return screen
    text, entities = screening.masked_message(question.text, question.entities)
    if questions.reword(question, text=text, entities=entities):
        faq.reword(request.db, question.asked_id, text=text, entities=entities)
    try:
        pass_on(request, question, anonymous=False)
    except TooManyOpen:
        questions.discard(request.db, question)
        return screen
    question.receipt_id = None  # the answer of the FAQ stands there
    t = request.t
    line = t("🟢 The consultants on duty have it as {label}.", label=question.label)
    return replace(screen, text=Markup("\n\n").join(part for part in (screen.text, line) if part))


def _goes_live(request: Request, asked: Asked) -> bool:
    """Whether somebody is on duty now for what was asked here."""
    group = groups.find(request.db, request.chat_id)
    return (
        group is not None
        and group.kind is groups.Kind.COMMUNITY
        and request.me.consented_at is not None
        and asked.decision != "urgent"
        and not is_about_doses(request.services.knowledge().library, asked)
        and consultations.open_now(request.db, now=request.now) is not None
        and groups.room(request.db) is not None
    )


@feature.tap(Discard)
def discard(request: Request, tap: Discard) -> Screen:
    """Throw the draft away."""
    question = questions.get(request.db, tap.question)
    questions.require_asker(request.db, question, request.me)
    stop_rewriting(request, question)
    if not questions.discard(request.db, question):
        return Screen(toast=request.t.label("This was passed on already as {label}.", label=question.label))
    return Screen(request.t("Not sent. You can ask again at any time."), edit=True)

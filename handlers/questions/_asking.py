"""Before a question leaves the asker: they see what will be passed on, and choose with or without their name."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bot import screening
from bot.errors import NotYours
from bot.features import faq, groups, people, questions
from bot.features.people import Member
from bot.features.questions import Question, id_of
from bot.i18n import Translator
from handlers._kit import Button, Request, Screen, Tap, as_html
from handlers.questions._attachments import keep_opening, withheld_opening
from handlers.questions._feature import Discard, Send, feature
from handlers.questions._found import to_check
from handlers.questions._offers import bring
from handlers.questions._timing import promise


@dataclass(frozen=True)
class AskExpert(Tap, prefix="questions.ask"):
    """Pass the question behind an answer to the experts."""

    asked: int


def ask_button(asked_id: int, t: Translator) -> Button:
    """The way from the FAQ to the experts."""
    return Button("🙋 " + t.of("questions").label("Ask an expert"), AskExpert(asked_id))


@feature.tap(AskExpert)
def ask_expert(request: Request, tap: AskExpert) -> Screen:
    """Show what will be passed on; it belongs to the person who asked."""
    asked = faq.recall(request.db, tap.asked, chat_id=request.chat_id)
    if asked.member_id != request.me.id:
        asker = request.db.get(Member, asked.member_id) if asked.member_id else None
        raise NotYours(asker.shown_name if asker else "")
    nearly = asked.entries[:3]
    question = questions.draft(
        request.db,
        asker=request.me,
        asked_id=tap.asked,
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
    if question.state is not questions.State.DRAFT:
        return Screen(toast=request.t.label("This was passed on already as {label}.", label=question.label))
    return confirmation(question, request.t, consented=request.me.consented_at is not None)


def _category(nearly: list[str]) -> str | None:
    """The subject of what came nearest; questions about the bot itself are no subject for experts."""
    subjects = (entry.partition(".")[0] for entry in nearly)
    return next((subject for subject in subjects if subject != "using-this-bot"), None)


def confirmation(question: Question, t: Translator, *, consented: bool) -> Screen:
    """What will be passed on, and the choice of how; what may identify a patient is shown first."""
    if findings := screening.find(question.text):
        return to_check(question, findings, t, consented=consented)
    parts = [
        t("This goes to our experts:"),
        quoted(question, t),
        t(
            "Please check: can anyone recognise a patient in it? <b>Send</b> shows the experts your name; <b>Send "
            "anonymously</b> does not."
        ),
    ]
    if not consented:
        parts.append(t("By sending you agree that I keep your question and its answer (/privacy)."))
    question_id = id_of(question)
    return Screen(
        Markup("\n\n").join(parts),
        about=f"draft:{question_id}",
        buttons=[
            [
                Button(t.label("Send"), Send(question_id, anonymous=False)),
                Button(t.label("Send anonymously"), Send(question_id, anonymous=True)),
            ],
            [Button(t.label("Do not send"), Discard(question_id))],
        ],
    )


def quoted(question: Question, t: Translator) -> Markup:
    """The question's words as a quotation; what cannot be quoted is named."""
    media = Markup("📎 ") + t("with what you attached") if question.media else Markup()
    words = as_html(question.text, question.entities)
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
    if anonymous and (reason := withheld_opening(request, question)) is not None:
        return Screen(toast=reason.unescape(), alert=True)
    if not questions.send(request.db, question, anonymous=anonymous, now=request.now):
        return Screen(toast=request.t.label("This was passed on already as {label}.", label=question.label))
    stop_rewriting(request, question)
    people.agree(request.me, now=request.now)
    faq.remember_for_experts(request.db, question.text, question.language, now=request.now)
    question.receipt_id = request.message.message_id
    promise(request, question)
    keep_opening(request, question)
    room = groups.room(request.db)
    if room is not None:
        bring(request, question, room)
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


@feature.tap(Discard)
def discard(request: Request, tap: Discard) -> Screen:
    """Throw the draft away."""
    question = questions.get(request.db, tap.question)
    questions.require_asker(request.db, question, request.me)
    stop_rewriting(request, question)
    if not questions.discard(request.db, question):
        return Screen(toast=request.t.label("This was passed on already as {label}.", label=question.label))
    return Screen(request.t("Not sent. You can ask again at any time."), edit=True)

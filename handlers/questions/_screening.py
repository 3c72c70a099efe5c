"""When a draft may identify a patient: the asker words it anew, or says that it is not a patient's."""

from __future__ import annotations

from dataclasses import dataclass, replace

from markupsafe import Markup

from bot import screening
from bot.features import faq, questions
from bot.features.questions import Question, State, id_of
from handlers._identifiers import may_be_harmless
from handlers._kit import Button, Request, Screen, Tap, said
from handlers.questions._asking import confirm, pass_on, quoted, quoted_parts
from handlers.questions._attachments import keep_attachment
from handlers.questions._feature import Discard, feature
from handlers.questions._found import NotAPatients, Rewrite, masking


@dataclass(frozen=True)
class SendAsItIs(Tap, prefix="questions.asis"):
    """Pass the draft on unmasked: the asker has said that nothing in it is a patient's."""

    question: int
    anonymous: bool


@feature.tap(NotAPatients)
def not_a_patients(request: Request, tap: NotAPatients) -> Screen:
    """Show it once more as it stands: sending it unmasked takes a second, deliberate tap."""
    question, t = _own(request, tap.question), request.t
    if question.state is not State.DRAFT:
        return _passed_on(request, question)
    if not may_be_harmless(screening.find(question.text)):
        return _checked_again(request, question)
    question_id = id_of(question)
    as_it_is = [
        Button(t.label("Send"), SendAsItIs(question_id, anonymous=False)),
        Button(t.label("Send anonymously"), SendAsItIs(question_id, anonymous=True)),
    ]
    joined = quoted_parts(question, questions.story(request.db, question), t)
    text = [t("Then it goes to our experts as it stands, with nothing masked:"), quoted(question, t), *joined]
    return Screen(
        Markup("\n\n").join(text),
        buttons=[as_it_is, *masking(question, t), [Button(t.label("Do not send"), Discard(question_id))]],
        edit=True,
    )


@feature.tap(SendAsItIs)
def send_as_it_is(request: Request, tap: SendAsItIs) -> Screen:
    """Pass it on unmasked, where what was found can be harmless at all."""
    question = _own(request, tap.question)
    if question.state is State.DRAFT and not may_be_harmless(screening.find(question.text)):
        return _checked_again(request, question)
    return pass_on(request, question, anonymous=tap.anonymous)


@feature.tap(Rewrite)
def rewrite(request: Request, tap: Rewrite) -> Screen:
    """Wait for the new wording; the old one stays in view, and so do the other ways."""
    question, t = _own(request, tap.question), request.t
    if question.state is not State.DRAFT:
        return _passed_on(request, question)
    request.me.expects("questions.edit", question=question.id)
    text = [
        t("Please write your question anew, without what could identify a patient. To stop: /cancel."),
        quoted(question, t),
    ]
    return Screen(
        Markup("\n\n").join(text),
        buttons=[*masking(question, t), [Button(t.label("Do not send"), Discard(id_of(question)))]],
        edit=True,
    )


@feature.step("edit")
def rewritten(request: Request) -> Screen:
    """The new wording takes the old one's place, and is looked at just as carefully."""
    question = _own(request, request.pending["question"])
    content = said(request.message)
    words = faq.checked(content.text) if content.media is None or content.text.strip() else ""
    entities = content.entities if words == content.text else []
    message_id = request.message.message_id
    if not questions.reword(question, text=words, entities=entities, message_id=message_id, media=content.media):
        return _passed_on(request, question)
    faq.reword(request.db, question.asked_id, text=words, entities=entities)
    keep_attachment(request, content, question.asked_id or 0)
    return confirm(request, question)


def _own(request: Request, question_id: int) -> Question:
    question = questions.get(request.db, question_id)
    questions.require_asker(request.db, question, request.me)
    return question


def _passed_on(request: Request, question: Question) -> Screen:
    words = request.t.label("This was passed on already as {label}.", label=question.label)
    return Screen(toast=words) if request.heard.kind == "tap" else Screen(Markup("{}").format(words))


def _checked_again(request: Request, question: Question) -> Screen:
    """It holds what is never passed on: the choice is shown again."""
    return replace(confirm(request, question), edit=True)

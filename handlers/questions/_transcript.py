"""One question as a file to read, keep or print: plain text, or a page for the phone."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import Outdated
from bot.features import questions
from bot.features.people import Role
from bot.features.questions import Question, State, id_of
from bot.i18n import Translator
from handlers._kit import Button, File, Request, Screen, Tap
from handlers.questions import _paper
from handlers.questions._feature import feature
from handlers.questions._room import category_title


@dataclass(frozen=True)
class Transcribe(Tap, prefix="questions.transcript"):
    """A consultant wants the whole story as a file."""

    question: int
    page: bool


@dataclass(frozen=True)
class TranscribeMine(Tap, prefix="questions.mytranscript"):
    """The asker wants their own question as a file."""

    question: int
    page: bool


def transcript_buttons(question: Question, t: Translator) -> list[Button]:
    """For consultants: the story as text, or as a page."""
    t = t.of("questions")
    question_id = id_of(question)
    return [
        Button("📄 " + t.label("Transcript {label}", label=question.label), Transcribe(question_id, page=False)),
        Button("HTML", Transcribe(question_id, page=True)),
    ]


def own_transcript_buttons(question: Question, t: Translator) -> list[Button]:
    """For the asker, in private: their question as text, or as a page."""
    t = t.of("questions")
    question_id = id_of(question)
    return [
        Button("📄 " + t.label("Transcript"), TranscribeMine(question_id, page=False)),
        Button("HTML", TranscribeMine(question_id, page=True)),
    ]


@feature.tap(Transcribe, role=Role.CONSULTANT)
def for_consultants(request: Request, tap: Transcribe) -> Screen:
    """With the notes among consultants, and without the name of whoever asked anonymously."""
    question = _sent(request, tap.question)
    return _file(request, question, page=tap.page, for_asker=False)


@feature.tap(TranscribeMine)
def for_the_asker(request: Request, tap: TranscribeMine) -> Screen:
    """What the asker wrote and was answered; in private only, since it shows what was said there."""
    question = _sent(request, tap.question)
    questions.require_asker(request.db, question, request.me)
    if not request.heard.private:
        return Screen(toast=request.t.label("This works in our private chat."), alert=True)
    return _file(request, question, page=tap.page, for_asker=True)


def _sent(request: Request, question_id: int) -> Question:
    question = questions.get(request.db, question_id)
    if question.state is State.DRAFT:
        raise Outdated
    return question


def _file(request: Request, question: Question, *, page: bool, for_asker: bool) -> Screen:
    t = request.t
    told = questions.transcript(request.db, question, for_asker=for_asker)
    sheet = _paper.sheet(told, category_title(request, question, t), request.me if for_asker else None, t)
    content = _paper.as_page(sheet, t.language) if page else _paper.as_text(sheet)
    name = f"{question.label}.{'html' if page else 'txt'}"
    return Screen(t("{label} as a file.", label=question.label), file=File(name, content))

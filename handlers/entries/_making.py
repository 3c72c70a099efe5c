"""From a question that was answered to a draft: masked, in the language of the answer, opened in private."""

from __future__ import annotations

from markupsafe import Markup

from bot import screening
from bot.features import entries, questions
from bot.features.entries import State, Version
from bot.features.people import Role
from bot.features.questions import Question, Side, id_of
from bot.i18n import Translator
from bot.search import language_of, to_simplified
from handlers._kit import Button, Request, Screen
from handlers.entries._editing import editor
from handlers.entries._feature import Make, feature, in_private, require_harmless, shortened

_BULLETS = ("- ", "• ", "* ", "· ", "– ")


def make_button(question_id: int, t: Translator) -> Button:
    """The way from a solved question to an entry that stays."""
    return Button("📚 " + t.of(feature.name).label("Make an FAQ entry"), Make(question_id))


@feature.tap(Make, role=Role.CONSULTANT)
def make(request: Request, tap: Make) -> Screen:
    """Begin the draft, or go on with the one that is there."""
    t, question = request.t, questions.get(request.db, tap.question)
    before = entries.of_question(request.db, tap.question)
    if before is not None and before.state is not State.DRAFT:
        return Screen(toast=_already(before, t), alert=True)
    answer = _answer_to(request, question)
    if not answer:
        return Screen(toast=t.label("There is no answer in words yet."), alert=True)
    version = before or _draft(request, question, answer)
    screen = editor(request, version)
    if before is None:
        screen = Screen(_hint(t) + Markup("\n\n") + (screen.text or Markup()), screen.buttons)
    return in_private(request, screen, key=f"entries:make:{request.update_id}")


def _already(version: Version, t: Translator) -> str:
    if version.state is State.WAITING:
        return t.label("This entry already waits for approval: see /entries.")
    return t.label("This is an entry already: {id}. To change it: /entries", id=version.entry_id)


def _hint(t: Translator) -> Markup:
    return t(
        "I masked what could identify anybody (▇▇▇), as far as I noticed. Please read every line, and make it general: "
        "an answer for all who ask this."
    )


def _answer_to(request: Request, question: Question) -> str:
    """What consultants answered in words, oldest first; what was taken back does not count."""
    parts = questions.story(request.db, question)
    said = [part.text for part in parts if part.side is Side.CONSULTANT and part.text and part.undone_at is None]
    return "\n".join(said).strip()


def _draft(request: Request, question: Question, answer: str) -> Version:
    library = request.services.knowledge().files
    category = _category(request, question)
    entry_id = entries.new_id(
        request.db, category=category, stem=f"q{question.number}", taken=library.entries.keys()
    )
    language = "en" if language_of(answer, question.language) == "en" else "zh"
    same = (language == "en") == (language_of(question.text, question.language) == "en")
    require_harmless(request, "", question.text, answer)
    return _begun(
        request, entry_id, language, asked=question.text if same else "", answer=answer, question_id=id_of(question)
    )


def make_of_words(request: Request, *, stem: str, question_id: int | None, asked: str, answer: str, key: str) -> Screen:
    """A draft of words that were said elsewhere, opened in private; made twice from the same `stem` it is one draft."""
    require_harmless(request, "", asked, answer)
    question = questions.get(request.db, question_id) if question_id is not None else None
    language = "en" if language_of(answer, request.me.language) == "en" else "zh"
    entry_id = f"{_category(request, question)}.{stem}"
    version = _begun(request, entry_id, language, asked=asked, answer=answer, question_id=None)
    screen, t = editor(request, version), request.t.of(feature.name)
    return in_private(request, Screen(_hint(t) + Markup("\n\n") + (screen.text or Markup()), screen.buttons), key=key)


def _begun(
    request: Request, entry_id: str, language: str, *, asked: str, answer: str, question_id: int | None
) -> Version:
    asked = _clean(asked, language).replace("\n", " ")
    lines = _clean(answer, language).splitlines()
    points = [line.strip().lstrip("-•*·– ") for line in lines if line.strip().startswith(_BULLETS)]
    return entries.draft(
        request.db,
        by=request.me,
        entry_id=entry_id,
        language=language,
        question=shortened(asked, entries.LIMITS["question"]),
        answer="\n".join(line for line in lines if not line.strip().startswith(_BULLETS)),
        points=points,
        variants=[asked.replace(screening.MARK, "…")[: entries.LIMITS["variants"]]] if asked else [],
        question_id=question_id,
        now=request.now,
    )


def _category(request: Request, question: Question | None) -> str:
    """The subject that the FAQ took the question for; the first one where there is none or it had no idea."""
    known = [category.category for category in request.services.knowledge().files.categories]
    category = question.category if question is not None else None
    return category if category in known else known[0]


def _clean(text: str, language: str) -> str:
    """Without what identifies anybody, and without empty lines; Chinese is kept in Simplified characters."""
    words = screening.masked(text if language == "en" else to_simplified(text))
    return "\n".join(line for raw in words.splitlines() if (line := " ".join(raw.split())))

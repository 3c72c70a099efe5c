"""Answered before: similar questions that were solved, and their answers, to be used again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from bot import screening
from bot.errors import Outdated
from bot.features import questions
from bot.features.people import Role
from bot.features.questions import Part, Question, Side, State, id_of
from handlers._kit import Button, Request, Screen, Tap, as_html, as_language, from_html
from handlers.questions._answering import send_words, shown
from handlers.questions._feature import feature
from handlers.questions._likely import Likely, finding, shortened
from handlers.questions._prompts import at_desk, at_hand, never_mind
from handlers.questions._room import room_words

AT_MOST = 5
prepare = finding(questions.solved_before, at_most=AT_MOST)


@dataclass(frozen=True)
class Before(Tap, prefix="questions.before"):
    """Look for similar questions that were solved."""

    question: int


@dataclass(frozen=True)
class BeforeAgain(Tap, prefix="questions.beforeagain"):
    """Back from one to all of them."""

    question: int


@dataclass(frozen=True)
class Earlier(Tap, prefix="questions.earlier"):
    """Show how an earlier question was answered."""

    question: int
    other: int


@dataclass(frozen=True)
class UseEarlier(Tap, prefix="questions.use"):
    """Send that answer."""

    question: int
    part: int


@feature.tap(Before, role=Role.CONSULTANT, prepare=prepare)
def before(request: Request, tap: Before) -> Screen:
    """Similar solved questions, the most similar first."""
    return _choice(request, at_desk(request, tap.question), edit=False)


@feature.tap(BeforeAgain, role=Role.CONSULTANT, prepare=prepare)
def before_again(request: Request, tap: BeforeAgain) -> Screen:
    """The same list, in place of the answer that was looked at."""
    return _choice(request, at_desk(request, tap.question), edit=True)


@feature.command("before", role=Role.CONSULTANT, in_groups=True, prepare=prepare)
def before_here(request: Request) -> Screen:
    """The same by command."""
    return _choice(request, at_hand(request), edit=False)


def _choice(request: Request, question: Question, *, edit: bool) -> Screen:
    questions.require_open(request.db, question)
    t, likely = room_words(request, question), request.prepared
    found = _found(request, likely)
    if not found:
        return Screen(t("No similar question has been solved yet."), edit=edit, about=question.key("tool"))
    lines = [
        Markup("<b>{}</b> · {}\n{}").format(
            other.label, shortened(screening.masked(other.text), 120), shortened(_unnamed(request, other, part)[0], 160)
        )
        for other, part in found
    ]
    rows = [
        [Button(f"{other.label} · {shortened(screening.masked(other.text))}", Earlier(id_of(question), id_of(other)))]
        for other, _part in found
    ]
    return Screen(
        Markup("\n\n").join([t("Similar questions that were solved:"), *lines]),
        [*rows, [never_mind(question, request)]],
        edit=edit,
        about=question.key("tool"),
    )


def _found(request: Request, likely: Likely) -> list[tuple[Question, Part]]:
    """The questions with the answer that solved each: the last one in words."""
    them = [request.db.get(Question, number) for number in likely.ids]
    return [(other, part) for other in them if other is not None and (part := _solution(request, other)) is not None]


def _solution(request: Request, other: Question) -> Part | None:
    given = questions.answers(request.db, other) if other.state is State.CLOSED and other.solved else []
    return next((part for part in given if part.side is Side.CONSULTANT and (part.text or "").strip()), None)


@feature.tap(Earlier, role=Role.CONSULTANT)
def earlier(request: Request, tap: Earlier) -> Screen:
    """Question and answer, as far as they may be used again."""
    question, other = at_desk(request, tap.question), questions.get(request.db, tap.other)
    questions.require_open(request.db, question)
    part = _solution(request, other)
    if part is None:
        raise Outdated
    t = room_words(request, question)
    asked = Markup("<blockquote>{}</blockquote>").format(shortened(screening.masked(other.text), 300))
    parts = [t("{label} asked:", label=other.label), asked, t("This would go to the asker:")]
    return Screen(
        Markup("\n\n").join([*parts, shown(*_unnamed(request, other, part))]),
        [
            [Button("📤 " + t.label("Use this answer"), UseEarlier(tap.question, part.id or 0))],
            [Button("« " + t.label("Back"), BeforeAgain(tap.question)), never_mind(question, request)],
        ],
        edit=True,
        about=question.key("tool"),
    )


@feature.tap(UseEarlier, role=Role.CONSULTANT)
def use(request: Request, tap: UseEarlier) -> Screen | None:
    """The earlier answer is this consultant's answer now."""
    question, part = at_desk(request, tap.question), questions.part(request.db, tap.part)
    other = questions.get(request.db, part.question_id)
    solution = _solution(request, other)
    if solution is None or solution.id != part.id:
        raise Outdated
    return send_words(request, question, *_unnamed(request, other, part))


def _unnamed(request: Request, other: Question, part: Part) -> tuple[str, list[dict[str, Any]]]:
    """The answer without the earlier asker's name, the earlier question's number and what may identify a patient."""
    asker, t = questions.asker_of(request.db, other), request.words(language=as_language(other.language))
    html = str(as_html(part.text or "", part.entities))
    names = {str(Markup.escape(name)) for name in (asker.name, asker.telegram_name) if name} if asker else set()
    for name in sorted(names, key=len, reverse=True):
        html = html.replace(name, t.label("dear colleague"))
    html = re.sub(rf"\b{other.label}\b", "…", html)
    return screening.masked_message(*from_html(Markup(html)))

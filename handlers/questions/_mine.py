"""/questions: the person's own questions, where each stands, and what can be done with it now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.errors import Outdated
from bot.features import questions
from bot.features.people import Member
from bot.features.questions import Question, State, id_of
from bot.i18n import Translator
from handlers import consultations
from handlers._kit import Button, Request, Screen, Tap, one_below_the_other
from handlers.questions._feature import More, Solved, TakeBack, feature, in_one_line
from handlers.questions._rating import reopen_button
from handlers.questions._transcript import own_transcript_buttons

PAGE = 5


@dataclass(frozen=True)
class Mine(Tap, prefix="questions.mine"):
    """A page of one's own questions, newest first."""

    page: int


@dataclass(frozen=True)
class OpenOne(Tap, prefix="questions.one"):
    """One question with its buttons; `page` is where the list goes back to."""

    question: int
    page: int


@feature.command("questions")
def mine(request: Request) -> Screen:
    """The person's own questions and where each stands."""
    return _page(request, 0, edit=False)


@feature.tap(Mine)
def another_page(request: Request, tap: Mine) -> Screen:
    """Leaf through them."""
    return _page(request, tap.page, edit=True)


def _page(request: Request, page: int, *, edit: bool) -> Screen:
    t, count = request.t, questions.count_of_asker(request.db, request.me)
    if not count:
        return Screen(
            t(
                "You have not asked the experts anything yet. Just write your question; if I do not know, I can send "
                "it to the experts."
            )
        )
    page = min(max(page, 0), (count - 1) // PAGE)
    shown = questions.of_asker(request.db, request.me, PAGE, page * PAGE)
    lines = [
        Markup("<b>{}</b> · {}\n{}").format(q.label, state_in_words(request, q, t), in_one_line(q.text, t))
        for q in shown
    ]
    buttons = [Button(f"{q.label} · {in_one_line(q.text, t, 40)}", OpenOne(id_of(q), page)) for q in shown]
    return Screen(
        Markup("\n\n").join([t("<b>Your questions to the experts</b>"), *lines]),
        buttons=[*one_below_the_other(buttons), _leafing(page, count, t)],
        edit=edit,
    )


def _leafing(page: int, count: int, t: Translator) -> list[Button]:
    newer = [Button("‹ " + t.label("Newer"), Mine(page - 1))] if page > 0 else []
    older = [Button(t.label("Older") + " ›", Mine(page + 1))] if (page + 1) * PAGE < count else []
    return newer + older


@feature.tap(OpenOne)
def one(request: Request, tap: OpenOne) -> Screen:
    """One question in place of the list."""
    question = questions.get(request.db, tap.question)
    questions.require_asker(request.db, question, request.me)
    if question.number is None:
        raise Outdated
    t = request.t
    parts = [
        Markup("<b>{}</b> · {}").format(question.label, state_in_words(request, question, t)),
        Markup("<blockquote>{}</blockquote>").format(in_one_line(question.text, t, 600)) if question.text else "",
    ]
    rows = [
        *_ways_on(request, question, t),
        consultations.take_button(request, question),
        own_transcript_buttons(question, t),
        [Button("‹ " + t.label("All my questions"), Mine(tap.page))],
    ]
    return Screen(Markup("\n\n").join(part for part in parts if part), buttons=rows, edit=True)


def _ways_on(request: Request, question: Question, t: Translator) -> Sequence[Sequence[Button]]:
    """What makes sense in its state: each on a row of its own, easy to hit."""
    question_id = id_of(question)
    if question.state is State.CLOSED:
        return [[reopen_button(question, t)]] if questions.reopens(question, now=request.now) else []
    buttons = [
        Button("💬 " + t.label("Add something"), More(question_id)),
        Button("✅ " + t.label("Solved"), Solved(question_id)),
    ]
    if question.answered_at is None:
        buttons.append(Button("🚫 " + t.label("Take back"), TakeBack(question_id)))
    return one_below_the_other(buttons)


def state_in_words(request: Request, question: Question, t: Translator) -> Markup:
    """Where a question stands, for its asker."""
    if question.state is State.CLOSED:
        return _end_in_words(question, t)
    owner = request.db.get(Member, question.owner_id) if question.owner_id else None
    if questions.leading(request.db, question).paused_at is not None:
        return t("{name} asked you something back", name=owner.shown_name if owner else t("an expert"))
    if question.state is State.ANSWERED and question.answered_at is not None:
        return t("answered on {date}; is it solved?", date=t.date(question.answered_at))
    if owner is not None:
        return t("{name} has taken it", name=owner.shown_name)
    return t("waiting for an expert since {date}", date=t.date(question.sent_at or question.created_at))


def _end_in_words(question: Question, t: Translator) -> Markup:
    date = t.date(question.closed_at or question.created_at)
    if question.taken_back_at is not None:
        return t("taken back on {date}", date=date)
    return t("solved on {date}", date=date) if question.solved else t("closed on {date}", date=date)

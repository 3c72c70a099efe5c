"""/find: consultants look up what was asked and answered, in private or in their room."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bot.errors import Outdated
from bot.features import questions
from bot.features.people import Role
from bot.features.questions import Question, Standing
from bot.i18n import Translator
from handlers._kit import Button, Request, Screen, Tap
from handlers.questions._feature import feature
from handlers.questions._links import topic_link
from handlers.questions._room import asker_name, category_title
from handlers.questions._transcript import transcript_buttons


@dataclass(frozen=True)
class FindPage(Tap, prefix="questions.find"):
    """A page of what was found, narrowed by state and subject."""

    find: int
    page: int
    standing: str
    category: str


@dataclass(frozen=True)
class FindSubject(Tap, prefix="questions.findby"):
    """Choose a subject to narrow it by."""

    find: int
    standing: str


@feature.command("find", role=Role.CONSULTANT, in_groups=True)
def find(request: Request) -> Screen:
    """What was asked about these words; without words, the newest questions."""
    looked = questions.look(request.db, request.me, request.text, now=request.now)
    return _page(request, FindPage(looked.id or 0, 0, "", ""), looked.words)


@feature.tap(FindPage, role=Role.CONSULTANT)
def turn(request: Request, tap: FindPage) -> Screen:
    """Another page, state or subject of the same search."""
    screen = _page(request, tap, _words(request, tap.find))
    return Screen(screen.text, screen.buttons, edit=True)


@feature.tap(FindSubject, role=Role.CONSULTANT)
def subjects(request: Request, tap: FindSubject) -> Screen:
    """All subjects, to choose one."""
    words, t = _words(request, tap.find), request.t
    library = request.services.knowledge().library
    rows = [
        [Button(category.title.in_(t.language), FindPage(tap.find, 0, tap.standing, category.category))]
        for category in library.categories
    ]
    every = [Button(t.label("All subjects"), FindPage(tap.find, 0, tap.standing, ""))]
    return Screen(_heading(words, t), [every, *rows], edit=True)


def _words(request: Request, find_id: int) -> str:
    """What was looked for; in the room, colleagues may turn each other's pages."""
    owner = request.me if request.heard.private else None
    return questions.recall(request.db, find_id, owner).words


def _page(request: Request, wanted: FindPage, words: str) -> Screen:
    t = request.t
    try:
        standing = Standing(wanted.standing)
    except ValueError:
        raise Outdated from None
    found = questions.find(request.db, words, standing=standing, category=wanted.category, page=wanted.page)
    lines = [_hit(request, question, sample, t) for question, sample in found.hits]
    nothing = t("Nothing was found. Try fewer words, or another word for the same thing.")
    rows = [transcript_buttons(question, t) for question, _sample in found.hits]
    return Screen(
        Markup("\n\n").join([_heading(words, t), *(lines or [nothing])]),
        [*rows, *_narrowing(request, wanted, t), _turning(wanted, t, more=found.more)],
    )


def _heading(words: str, t: Translator) -> Markup:
    return t("<b>Questions with “{words}”</b>", words=words) if words else t("<b>The newest questions</b>")


def _hit(request: Request, question: Question, sample: str, t: Translator) -> Markup:
    """One question in three lines: where it is, who asked, how it stands, and the words that were found."""
    facts = [
        topic_link(request, question),
        category_title(request, question, t),
        asker_name(question, questions.asker_of(request.db, question), t),
        standing_name(_standing(question), t),
        t.date(question.sent_at or question.created_at),
    ]
    line = Markup(" · ").join(Markup("{}").format(fact) for fact in facts if fact)
    return Markup("{}\n{}").format(line, sample or t.label("(no words)"))


def _standing(question: Question) -> Standing:
    states = {questions.State.CLOSED: Standing.CLOSED, questions.State.ANSWERED: Standing.ANSWERED}
    return states.get(question.state, Standing.OPEN)


def standing_name(standing: Standing, t: Translator) -> str:
    """A state that questions are narrowed by, on a button."""
    return {
        Standing.ANY: t.label("all"),
        Standing.OPEN: t.label("open"),
        Standing.ANSWERED: t.label("answered"),
        Standing.CLOSED: t.label("closed"),
    }[standing]


def _narrowing(request: Request, wanted: FindPage, t: Translator) -> list[list[Button]]:
    def chosen(standing: Standing) -> Button:
        mark = "• " if standing == wanted.standing else ""
        return Button(mark + standing_name(standing, t), FindPage(wanted.find, 0, standing, wanted.category))

    library = request.services.knowledge().library
    subject = next((c.title.in_(t.language) for c in library.categories if c.category == wanted.category), None)
    label = t.label("Subject: {subject}", subject=subject) if subject else t.label("Subject")
    return [[chosen(standing) for standing in Standing], [Button("📂 " + label, FindSubject(wanted.find, wanted.standing))]]


def _turning(wanted: FindPage, t: Translator, *, more: bool) -> list[Button]:
    def page(number: int) -> FindPage:
        return FindPage(wanted.find, number, wanted.standing, wanted.category)

    newer = [Button("‹ " + t.label("Newer"), page(wanted.page - 1))] if wanted.page > 0 else []
    return newer + ([Button(t.label("Older") + " ›", page(wanted.page + 1))] if more else [])


"""Questions for the speaker: read, supported, asked with or without a name, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot import screening
from bot.errors import Outdated
from bot.features import people, webinars
from bot.features.people import Member, Role
from bot.features.webinars import Asked, Ranked
from bot.i18n import Translator
from bot.screening import Finding
from bot.timetable import SessionRow
from handlers._kit import Button, Request, Screen, Tap
from handlers.webinars._feature import (
    Card,
    PassOn,
    Questions,
    feature,
    leads,
    leave_dialogue,
    require_lead,
    require_member,
    require_private,
    webinar_ahead,
    webinar_held,
)
from handlers.webinars._words import title

PAGE = 5
QUOTED = 220
"""Characters of a question in a list; its asker and the speaker get it whole."""


@dataclass(frozen=True)
class Ask(Tap, prefix="webinars.ask"):
    """Ask the speaker something."""

    session: int


@dataclass(frozen=True)
class Name(Tap, prefix="webinars.name"):
    """Send the question that was just written, with one's name or without."""

    session: int
    anonymous: bool


@dataclass(frozen=True)
class Rather(Tap, prefix="webinars.rather"):
    """Do not send it."""

    session: int


@dataclass(frozen=True)
class MeToo(Tap, prefix="webinars.metoo"):
    """Want to know the same, or not any more."""

    question: int
    page: int


@dataclass(frozen=True)
class TakeBack(Tap, prefix="webinars.takeback"):
    """Take one's own question back."""

    question: int
    page: int


@dataclass(frozen=True)
class Answered(Tap, prefix="webinars.answered"):
    """Mark a question as answered at the webinar, or not."""

    question: int
    page: int


@feature.tap(Questions)
def questions(request: Request, tap: Questions) -> Screen:
    """The questions of a webinar, those that most want to know first."""
    require_private(request)
    leave_dialogue(request)
    return listing(request, webinar_held(request, tap.session), page=tap.page)


def listing(request: Request, session: SessionRow, *, page: int, toast: str | None = None) -> Screen:
    """A page of questions, each with the button that fits the reader."""
    require_member(request)
    t, session_id = request.t, session.id or 0
    found = webinars.ranked(request.db, session_id, reader=request.me)
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(page, 0), pages - 1)
    shown = list(enumerate(found[page * PAGE : (page + 1) * PAGE], start=page * PAGE + 1))
    heading = t("<b>Questions for the speaker</b>: {title}", title=title(request.db, session, t))
    lines = [in_words(request, number, one, t) for number, one in shown] or [t("Nobody has asked anything yet.")]
    ahead = session.ends_at > request.now
    lead = leads(request, session)
    rows = [row for number, one in shown if (row := _row(number, one, page, t, ahead=ahead, lead=lead))]
    if ahead:
        rows.append([Button("✏️ " + t.label("Ask the speaker"), Ask(session_id))])
    elif request.me.role.reaches(Role.ORGANIZER) and webinars.left_over(request.db, session_id):
        rows.append([Button("➡️ " + t.label("Pass unanswered ones to the experts"), PassOn(session_id))])
    rows += [_turning(session_id, page, pages, t), [Button("‹ " + t.label("Back"), Card(session_id))]]
    return Screen(Markup("\n\n").join([heading, *lines]), buttons=rows, edit=True, toast=toast)


def in_words(request: Request, number: int, one: Ranked, t: Translator, *, whole: bool = False) -> Markup:
    """A question with its number, its asker unless they rather would not, and how many want to know the same."""
    text = one.question.text
    if not whole and len(text) > QUOTED:
        text = text[: QUOTED - 1] + "…"
    asker = request.db.get(Member, one.question.member_id) if not one.question.anonymous else None
    who = Markup(" — {}").format(asker.shown_name) if asker is not None else Markup()
    more = Markup(" · ") + t.n("{n} more wants to know this", "{n} more want to know this", one.support)
    done = Markup("\n") + _done(one.question, t) if _done(one.question, t) else Markup()
    return Markup("<b>{}.</b> {}").format(number, text) + who + (more if one.support else Markup()) + done


def _done(asked: Asked, t: Translator) -> Markup:
    if asked.answered_at is not None:
        return t("✓ answered")
    return t("→ with our experts as Q{number}", number=asked.passed_on_as) if asked.passed_on_as else Markup()


def _row(number: int, one: Ranked, page: int, t: Translator, *, ahead: bool, lead: bool) -> list[Button]:
    question_id, row = one.question.id or 0, []
    if one.own and ahead:
        row.append(Button(f"🗑 {number} " + t.label("Take back"), TakeBack(question_id, page)))
    elif ahead and one.question.answered_at is None:
        tick = "✓ " if one.supported else ""
        row.append(Button(f"{tick}👍 {number} " + t.label("Me too"), MeToo(question_id, page)))
    if lead:
        label = t.label("Not answered") if one.question.answered_at is not None else t.label("Answered")
        row.append(Button(f"☑️ {number} {label}", Answered(question_id, page)))
    return row


def _turning(session_id: int, page: int, pages: int, t: Translator) -> list[Button]:
    back = [Button("‹", Questions(session_id, page - 1))] if page > 0 else []
    return [*back, *([Button("›", Questions(session_id, page + 1))] if page + 1 < pages else [])]


@feature.tap(Ask)
def ask(request: Request, tap: Ask) -> Screen:
    """Wait for the question."""
    require_private(request)
    require_member(request)
    session, t = webinar_ahead(request, tap.session), request.t
    request.me.expects("webinars.question", session=session.id, until=session.ends_at.isoformat())
    return Screen(
        t(
            "What would you like to ask at <b>{title}</b>? Please write it in a few sentences, without anything that "
            "could identify a patient. To stop: /cancel.",
            title=title(request.db, session, t),
        )
    )


@feature.step("question")
def written(request: Request) -> Screen:
    """Show what was written; it goes to the speaker only with the next tap. What cannot be taken may be tried again."""
    session = webinar_ahead(request, request.pending["session"])
    text = webinars.checked(request.text)
    said = {"text": text, "message": request.message.message_id}
    request.me.expects("webinars.question", session=session.id, until=session.ends_at.isoformat(), **said)
    return confirmation(session, text, request.t, consented=request.me.consented_at is not None)


def confirmation(session: SessionRow, text: str, t: Translator, *, consented: bool) -> Screen:
    """The question as it will be passed on, and the choice of how; what may identify a patient is masked."""
    findings: Sequence[Finding] = screening.find(text)
    lines = [t("This goes to the speaker, and members can read it here:")]
    lines.append(Markup("<blockquote>{}</blockquote>").format(screening.masked(text)))
    if findings:
        lines.append(
            t("I have masked (▇▇▇) what could identify a patient. To word it differently, just write it again.")
        )
    else:
        lines.append(t("To word it differently, just write it again."))
    if not consented:
        lines.append(t("By sending it, you agree that I keep it (/privacy)."))
    session_id = session.id or 0
    ways = [
        Button(t.label("Send"), Name(session_id, anonymous=False)),
        Button(t.label("Send anonymously"), Name(session_id, anonymous=True)),
    ]
    return Screen(Markup("\n\n").join(lines), buttons=[ways, [Button(t.label("Do not send"), Rather(session_id))]])


@feature.tap(Name)
def send(request: Request, tap: Name) -> Screen:
    """Pass it on to the list, masked."""
    require_private(request)
    require_member(request)
    waiting = request.me.pending or {}
    if waiting.get("step") != "webinars.question" or waiting.get("session") != tap.session or "text" not in waiting:
        raise Outdated
    session = webinar_ahead(request, tap.session)
    webinars.ask(
        request.db,
        session,
        member=request.me,
        text=screening.masked(waiting["text"]),
        anonymous=tap.anonymous,
        chat_id=request.chat_id,
        message_id=waiting["message"],
        now=request.now,
    )
    people.agree(request.me, now=request.now)
    request.me.pending = None
    return listing(request, session, page=0, toast=request.t.label("Sent. You can take it back here at any time."))


@feature.tap(Rather)
def rather_not(request: Request, _tap: Rather) -> Screen:
    """Throw away what was written."""
    require_private(request)
    leave_dialogue(request)
    return Screen(request.t("Not sent."), edit=True)


@feature.tap(MeToo)
def me_too(request: Request, tap: MeToo) -> Screen:
    """Support a question once; a second tap takes it back."""
    require_private(request)
    asked, session = _asked(request, tap.question)
    require_member(request)
    if asked.member_id == request.me.id:
        return listing(request, session, page=tap.page, toast=request.t.label("This is your own question."))
    if not webinars.support(request.db, asked, request.me, now=request.now):
        webinars.withdraw_support(request.db, asked, request.me)
    return listing(request, session, page=tap.page)


@feature.tap(TakeBack)
def take_back(request: Request, tap: TakeBack) -> Screen:
    """Delete one's own question; raises NotYours for others'."""
    require_private(request)
    asked, session = _asked(request, tap.question)
    webinars.take_back(request.db, asked, request.me)
    return listing(request, session, page=tap.page, toast=request.t.label("It is deleted."))


def _asked(request: Request, question_id: int) -> tuple[Asked, SessionRow]:
    asked = webinars.question(request.db, question_id)
    return asked, webinar_ahead(request, asked.session_id)


@feature.tap(Answered)
def answered(request: Request, tap: Answered) -> Screen:
    """The speaker or an organizer ticks a question off."""
    require_private(request)
    asked = webinars.question(request.db, tap.question)
    session = webinar_held(request, asked.session_id)
    require_lead(request, session)
    webinars.answered(asked, now=request.now)
    return listing(request, session, page=tap.page)

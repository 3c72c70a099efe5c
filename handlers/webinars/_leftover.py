"""What the webinar left unanswered goes to the experts' desk with one tap of an organizer; each asker keeps their thread."""

from __future__ import annotations

from markupsafe import Markup

from bot.errors import Outdated
from bot.features import webinars
from bot.features.people import Member, Role
from bot.features.webinars import Asked
from bot.search import Match
from bot.timetable import SessionRow, Task
from handlers import questions
from handlers._kit import Preparing, Request, Screen
from handlers.webinars._asking import listing
from handlers.webinars._feature import PassOn, feature, require_private, tick_off, webinar_held
from handlers.webinars._words import title


def matched(preparing: Preparing) -> dict[int, Match]:
    """What the FAQ says to each question that was left over, found before the transaction opens."""
    try:
        session_id = PassOn.unpack(preparing.heard.data or "").session
    except Outdated:
        return {}
    preparing.services.refresh()
    match = preparing.services.knowledge().match
    with preparing.reading() as db:
        left = [(asked.id or 0, asked.text, asked.language) for asked in webinars.left_over(db, session_id)]
    return {question_id: match(text, language) for question_id, text, language in left}


@feature.tap(PassOn, role=Role.ORGANIZER, prepare=matched)
def pass_on(request: Request, tap: PassOn) -> Screen:
    """Pass all of them on; tapping twice does it once."""
    require_private(request)
    session = webinar_held(request, tap.session)
    if session.ends_at > request.now:
        raise Outdated
    left = webinars.left_over(request.db, tap.session)
    passed = sum(_to_desk(request, session, asked) for asked in left)
    words = request.t.n("{n} question is with the experts now.", "{n} questions are with the experts now.", passed)
    kept = len(left) - passed
    if not kept:
        tick_off(request, session, Task.QUESTIONS)
    else:
        more = request.t.n(
            "{n} stays: its asker has too many open questions.",
            "{n} stay: their askers have too many open questions.",
            kept,
        )
        words = words + Markup(" ") + more
    return listing(request, session, page=0, toast=words.unescape())


def _to_desk(request: Request, session: SessionRow, asked: Asked) -> bool:
    match: Match | None = (request.prepared or {}).get(asked.id)
    asker = request.db.get(Member, asked.member_id)
    if asker is None:
        return False
    made = questions.bring_to_desk(
        request,
        asker,
        text=asked.text,
        anonymous=asked.anonymous,
        match=match or Match("expert", (), asked.language),
        chat_id=asked.chat_id,
        message_id=asked.message_id,
    )
    if made is None or made.number is None:
        return False
    webinars.passed_on(asked, made.number)
    _explain(request, session, asker, made.number)
    return True


def _explain(request: Request, session: SessionRow, asker: Member, number: int) -> None:
    """Tell the asker why there is a question of theirs at the desk."""
    t = request.words(asker)
    text = t(
        "There was no time for your question at <b>{title}</b>, so our experts have it now (Q{number}).",
        title=title(request.db, session, t),
        number=number,
    )
    request.post(Screen(text), chat_id=asker.telegram_id, key=f"webinar:{session.id}:desk:{number}")

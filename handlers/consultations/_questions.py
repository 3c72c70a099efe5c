"""A question that waits for its answer is taken to a consultation."""

from __future__ import annotations

from markupsafe import Markup

from bot import timetable
from bot.features import consultations, questions
from bot.features.people import Role
from bot.features.questions import Question, State, id_of
from bot.timetable import Kind
from handlers._kit import Button, Deed, Request, Screen
from handlers.consultations._card import card
from handlers.consultations._feature import Book, TakeTo, Wait, feature
from handlers.consultations._telling import own, require_private
from handlers.consultations._words import both_clocks


def take_button(deed: Deed, question: Question) -> list[Button]:
    """The way from an unanswered question to a slot; none while no consultation with slots is planned."""
    asker = questions.asker_of(deed.db, question)
    unanswered = question.state in (State.OPEN, State.CLAIMED)
    if asker is None or not unanswered or not asker.role.reaches(Role.TRAINEE):
        return []
    coming = timetable.upcoming(deed.db, Kind.CONSULTATION, now=deed.now, limit=4)
    if all(consultations.is_open(session) for session in coming):
        return []
    t = deed.words(asker).of(feature.name)
    return [Button("🗓 " + t.label("Take it to the consultation"), TakeTo(id_of(question)))]


@feature.tap(TakeTo, role=Role.TRAINEE)
def take(request: Request, tap: TakeTo) -> Screen:
    """Book a slot with the question as its subject; whoever has a slot already takes it there."""
    require_private(request)
    t, question = request.t, questions.get(request.db, tap.question)
    questions.require_asker(request.db, question, request.me)
    mine = consultations.ahead(request.db, request.me.id or 0, now=request.now)
    if mine is not None:
        booking = own(request, consultations.id_of(mine))
        consultations.take_along(booking, question_id=id_of(question))
        return card(request, booking, first=t("{label} comes along to your slot.", label=question.label))
    coming = timetable.upcoming(request.db, Kind.CONSULTATION, now=request.now, limit=4)
    with_slots = [session for session in coming if not consultations.is_open(session)]
    if not with_slots:
        return Screen(toast=t.label("No consultation with slots is planned at the moment."), alert=True)
    free = [session for session in with_slots if consultations.free(request.db, session, now=request.now)]
    session = (free or with_slots)[0]
    question_id, session_id = id_of(question), session.id or 0
    way = (
        Button("🗓 " + t.label("Book"), Book(session_id, question_id))
        if free
        else Button("⏳ " + t.label("Join the waiting list"), Wait(session_id, question_id))
    )
    text = [
        t("{label} can be talked about in the consultation:", label=question.label),
        both_clocks(session.starts_at, session.ends_at, t),
        t("It stays with the experts as well; if the answer comes first, you can give the slot back."),
    ]
    return Screen(Markup("\n\n").join(text), buttons=[[way]])

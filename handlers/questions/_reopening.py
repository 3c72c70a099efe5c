"""A closed question opens again with one tap, for seven days; later its asker says whether it is a follow-up."""

from __future__ import annotations

from bot.errors import Outdated
from bot.features import questions
from bot.features.questions import State
from handlers._kit import Request, Screen
from handlers.questions._asker import more, reopen
from handlers.questions._feature import More, ReopenMine, feature
from handlers.questions._room import room_words, to_room


@feature.tap(ReopenMine)
def reopen_again(request: Request, tap: ReopenMine) -> Screen:
    """Open it for the room as well, and ask what is still missing."""
    question = questions.get(request.db, tap.question)
    questions.require_asker(request.db, question, request.me)
    if question.taken_back_at is not None or question.state is State.DRAFT:
        raise Outdated
    if question.state is not State.CLOSED:
        return Screen(toast=request.t.label("{label} is open already.", label=question.label))
    if questions.reopens(question, now=request.now):
        desk = reopen(request, question)
        if desk.room_id is not None:
            t = room_words(request, desk)
            note = Screen(t("↩️ The asker has opened {label} again.", label=question.label))
            to_room(request, desk, note, key=question.key("reopened", request.update_id))
    return more(request, More(tap.question))

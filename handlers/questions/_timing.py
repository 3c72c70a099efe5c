"""The clock of a question's targets, in working time: the community's until somebody has it, then its owner's.

It stands still while the asker is asked back, and goes on when they answer.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.features import duty, questions
from bot.features.people import Member
from bot.features.questions import Question, State
from bot.worktime import Calendar
from handlers._kit import Deed

LEAST_NOTICE = timedelta(minutes=30)


def calendar_of(deed: Deed, question: Question) -> Calendar:
    """The working time that counts for a question: its owner's, or the community's."""
    owner = deed.db.get(Member, question.owner_id) if question.owner_id is not None else None
    community = duty.community_calendar(deed.services.settings.timezone)
    if owner is None:
        return community
    calendar = duty.calendar(duty.of(deed.db, owner), owner)
    try:
        calendar.next_open(deed.now)
    except ValueError:
        return community  # away for years: somebody else will have to answer
    return calendar


def promise(deed: Deed, question: Question) -> None:
    """From now on it is to be taken and answered in the time that its subject's target gives."""
    target, calendar = deed.services.settings.target(question.category), calendar_of(deed, question)
    owned = question.owner_id is not None
    questions.commit_to(
        question,
        ack_due_at=None if owned else target.ack.after(deed.now, calendar),
        answer_due_at=target.answer.after(deed.now, calendar),
    )


def owner_changed(deed: Deed, question: Question) -> None:
    """Somebody took it: what counts is their working time since it was asked, or since now if that is over."""
    if question.state not in (State.OPEN, State.CLAIMED):
        return
    target, calendar = deed.services.settings.target(question.category), calendar_of(deed, question)
    due = target.answer.after(question.sent_at or deed.now, calendar)
    if due <= deed.now:
        due = target.answer.after(deed.now, calendar)
    questions.commit_to(question, ack_due_at=None, answer_due_at=due)


def owner_left(deed: Deed, question: Question) -> None:
    """It was given back: somebody is to take it anew; by when it is to be answered stays."""
    if question.state is not State.OPEN:
        return
    target, calendar = deed.services.settings.target(question.category), calendar_of(deed, question)
    questions.commit_to(question, ack_due_at=target.ack.after(deed.now, calendar), answer_due_at=question.answer_due_at)


def current_due(question: Question) -> datetime | None:
    """The target that counts now: to be taken while nobody has it, then to be answered."""
    return question.answer_due_at if question.owner_id is not None else question.ack_due_at or question.answer_due_at


def notice(question: Question, due: datetime, calendar: Calendar) -> timedelta:
    """How long before a target its owner is reminded, and after it the organizers are told: a quarter of its time."""
    return max(LEAST_NOTICE, calendar.between(question.sent_at or due, due) / 4)


def clock_stops(deed: Deed, question: Question) -> bool:
    """The asker was asked back: nobody is late while they think; False when it stood still already."""
    return questions.pause(question, now=deed.now)


def clock_goes_on(deed: Deed, question: Question) -> bool:
    """The asker answered: the working time that was left is left still; False when the clock was running."""
    paused_at = question.paused_at
    if paused_at is None:
        return False
    calendar = calendar_of(deed, question)

    def later(due: datetime | None) -> datetime | None:
        return calendar.add(deed.now, calendar.between(paused_at, due)) if due is not None and due > paused_at else due

    return questions.resume(
        question, ack_due_at=later(question.ack_due_at), answer_due_at=later(question.answer_due_at)
    )

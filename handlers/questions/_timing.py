"""The clock of a question's targets: it stands still while the asker is asked back, and goes on when they answer."""

from __future__ import annotations

from datetime import datetime

from bot.features import questions
from bot.features.questions import Question
from handlers._kit import Deed


def clock_stops(deed: Deed, question: Question) -> bool:
    """The asker was asked back: nobody is late while they think; False when it stood still already."""
    return questions.pause(question, now=deed.now)


def clock_goes_on(deed: Deed, question: Question) -> bool:
    """The asker answered: what was left of each target is left still; False when the clock was running."""
    paused_at = question.paused_at
    if paused_at is None:
        return False

    def later(due: datetime | None) -> datetime | None:
        return due + (deed.now - paused_at) if due is not None else None

    return questions.resume(
        question, ack_due_at=later(question.ack_due_at), answer_due_at=later(question.answer_due_at)
    )

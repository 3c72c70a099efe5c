"""Questions that were merged: one leads, those merged into it follow, and every asker gets the leading one's answers."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from bot.errors import Outdated
from bot.features.questions._tables import Question, State


def followers(db: Session, question: Question) -> list[Question]:
    """The questions that were merged into this one, oldest first."""
    merged = select(Question).where(Question.merged_into_id == question.id).order_by(col(Question.number))
    return list(db.exec(merged.with_for_update()))


def leading(db: Session, question: Question) -> Question:
    """The question that the experts work on: the one that this was merged into, or itself; locked for this transaction."""
    if question.merged_into_id is None:
        return question
    leader = select(Question).where(Question.id == question.merged_into_id).with_for_update()
    found = db.exec(leader).one_or_none()
    if found is None:
        raise Outdated
    return found


def homes(db: Session, question: Question) -> list[Question]:
    """The question itself and every question that was merged into it."""
    return [question, *followers(db, question)]


def doors(db: Session, question: Question) -> list[Question]:
    """Where an answer goes: to every home, but once only to somebody who asked twice in the same place."""
    first: dict[tuple[int | None, int], Question] = {}
    for home in homes(db, question):
        first.setdefault((home.asker_id, home.chat_id), home)
    return list(first.values())


def close_own_too(db: Session, question: Question, *, now: datetime) -> None:
    """Who is content with a question is content with what they asked a second time and was merged into it."""
    for follower in followers(db, question):
        if follower.asker_id == question.asker_id and follower.state is not State.CLOSED:
            follower.state, follower.closed_at, follower.solved = State.CLOSED, now, True


def keep_together(db: Session, question: Question) -> None:
    """Those merged into a question stand where it stands, except for askers who are content already."""
    for follower in followers(db, question):
        if follower.state is not State.CLOSED:
            follow(follower, question)


def follow(follower: Question, leader: Question) -> None:
    """Take over who has it and how far it is."""
    follower.owner_id, follower.claimed_at = leader.owner_id, leader.claimed_at
    follower.state = leader.state if leader.state is not State.CLOSED else follower.state
    follower.answered_at = leader.answered_at or follower.answered_at

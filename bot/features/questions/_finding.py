"""Looking questions up by label, words, subject and state: newest first, a page at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any

from sqlalchemy import delete, exists, func
from sqlmodel import Field, Session, SQLModel, col, select

from bot.db import UtcDateTime
from bot.errors import Outdated, TextTooLong
from bot.features.people import Member
from bot.features.questions._tables import UNSOLVED, Part, Question, State
from bot.features.questions._terms import LONGEST, RUNS, Term, is_chinese
from bot.search import findable

WORDS_LIMIT = 200
FINDS_KEPT = timedelta(days=7)
FARTHEST = 50
"""The last page that can be turned to; whoever has not found it by then writes another word."""

_LABEL = re.compile(r"q\s?(\d{1,9})")
_SAMPLE = 200
_AT_ONCE = 20
_LARGEST_ID = 2**31 - 1


class Standing(StrEnum):
    """Which questions are looked at, by their state."""

    ANY = ""
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class Find(SQLModel, table=True):
    """What a consultant looked for, kept for a while so that the page's buttons lead back to it."""

    __tablename__ = "question_finds"

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="members.id", index=True)
    words: str
    looked_at: datetime = Field(sa_type=UtcDateTime, index=True)


@dataclass(frozen=True)
class Found:
    """One page: `hits` are questions with the words around what was looked for; `more` says whether others follow."""

    hits: list[tuple[Question, str]]
    more: bool


def look(db: Session, member: Member, words: str, *, now: datetime) -> Find:
    """Keep what the consultant looks for; raises TextTooLong."""
    line = " ".join(words.split())
    if len(line) > WORDS_LIMIT:
        raise TextTooLong(WORDS_LIMIT, len(line))
    find = Find(member_id=member.id or 0, words=line, looked_at=now)
    db.add(find)
    db.flush()
    return find


def recall(db: Session, find_id: int, member: Member | None) -> Find:
    """What was looked for, behind a button; raises Outdated when it is no longer kept, or not this member's."""
    find = db.get(Find, find_id) if 0 < find_id <= _LARGEST_ID else None
    if find is None or (member is not None and find.member_id != member.id):
        raise Outdated
    return find


def finds_of(db: Session, member: Member) -> Sequence[Find]:
    """What the member looked for lately, oldest first."""
    return db.exec(select(Find).where(Find.member_id == member.id).order_by(col(Find.id))).all()


def prune_finds(db: Session, *, now: datetime) -> None:
    """Forget what was looked for a week ago."""
    db.execute(delete(Find).where(col(Find.looked_at) < now - FINDS_KEPT))


def find(
    db: Session, words: str, *, standing: Standing = Standing.ANY, category: str = "", page: int = 0, size: int = 5
) -> Found:
    """A page of the questions that hold all of the words, somewhere in them or in their stories."""
    wanted = findable(words)
    if (label := _LABEL.fullmatch(wanted)) is not None:
        question = db.exec(select(Question).where(Question.number == int(label[1]))).one_or_none()
        return Found([(question, _around(question.text, ""))] if question is not None else [], more=False)
    usable = [word for word in wanted.split() if RUNS.search(word)]
    if wanted and not usable:
        return Found([], more=False)
    start = min(max(page, 0), FARTHEST) * size
    hits = list(islice(_hits(db, usable, standing, category), start, start + size + 1))
    return Found(hits[:size], more=len(hits) > size and page < FARTHEST)


def _hits(db: Session, words: list[str], standing: Standing, category: str) -> Iterator[tuple[Question, str]]:
    """Every hit, newest first, read in small batches: most people look at the first page only."""
    query, before = _query(db, words, standing, category), None
    while True:
        older = query if before is None else query.where(col(Question.id) < before)
        batch = list(db.exec(older.limit(_AT_ONCE)))
        said = _said(db, batch) if words else {}
        for question in batch:
            texts = [question.text, *said.get(question.id or 0, ())]
            whole = [findable(text) for text in texts] if words else []
            if all(any(word in text for text in whole) for word in words):
                yield question, _sample(texts, whole, words)
        if len(batch) < _AT_ONCE:
            return
        before = batch[-1].id


def _query(db: Session, words: list[str], standing: Standing, category: str) -> Any:
    """Questions that hold every term: a rare one is fetched, a common one is checked on the way down from the newest."""
    query: Any = select(Question).where(col(Question.number).is_not(None))
    for condition in [condition for word in words for condition in _conditions(word)]:
        if _is_rare(db, condition):
            query = query.where(col(Question.id).in_(select(Term.question_id).where(condition)))
        else:
            query = query.where(exists().where(condition, col(Term.question_id) == Question.id))
    if category:
        query = query.where(Question.category == category)
    return _standing(query, standing).order_by(col(Question.id).desc())


def _standing(query: Any, standing: Standing) -> Any:
    if standing is Standing.OPEN:
        return query.where(col(Question.state).in_([state for state in UNSOLVED if state is not State.ANSWERED]))
    if standing is Standing.ANSWERED:
        return query.where(Question.state == State.ANSWERED)
    return query.where(Question.state == State.CLOSED) if standing is Standing.CLOSED else query


def _conditions(word: str) -> Iterator[Any]:
    """What a question's terms have to be for it to hold this word."""
    term = col(Term.term)
    for run in RUNS.findall(word):
        if is_chinese(run) and len(run) > 1:
            yield from (term == run[at : at + 2] for at in range(len(run) - 1))
        else:
            first = run[:LONGEST]
            yield (term >= first) & (term < first + "\U0010ffff")


def _is_rare(db: Session, condition: Any) -> bool:
    """Whether few questions hold a term; it is counted no further than needed to know."""
    some = select(Term.question_id).where(condition).limit(_SAMPLE).subquery()
    return int(db.execute(select(func.count()).select_from(some)).scalar_one()) < _SAMPLE


def _said(db: Session, batch: list[Question]) -> dict[int, list[str]]:
    said: dict[int, list[str]] = {}
    ids = [question.id for question in batch]
    for part in db.exec(select(Part).where(col(Part.question_id).in_(ids)).order_by(col(Part.id))):
        said.setdefault(part.question_id, []).append(part.text or "")
    return said


def _sample(texts: list[str], whole: list[str], words: list[str]) -> str:
    """The words around the first hit."""
    for word in words:
        for text, clean in zip(texts, whole, strict=True):
            if word in clean:
                return _around(text, word)
    return _around(texts[0], "")


def _around(text: str, word: str, length: int = 110) -> str:
    """A line of the text that begins a little before the word."""
    line = " ".join(text.split())
    at = findable(line).find(word) if word else 0
    start = max(0, min(at - length // 4, len(line) - length))
    cut = line[start : start + length]
    return ("…" if start else "") + cut + ("…" if start + length < len(line) else "")

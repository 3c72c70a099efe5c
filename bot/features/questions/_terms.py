"""The words of questions and their stories, kept apart so that they are found at once among many thousands.

Latin words are kept whole, Chinese as pairs of characters in Simplified script: no segmentation is needed, and either
script finds the other. Whoever writes a question or a part of its story keeps the index true without knowing it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, String, delete, event, exists, inspect, select
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Field, Session, SQLModel, col

from bot.features.questions._tables import Part, Question
from bot.search import findable

LONGEST = 32
"""Characters of a Latin word that are kept."""

RUNS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[^\W_\u3400-\u9fff\uf900-\ufaff]+")
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_EXACT = String().with_variant(String(collation="C"), "postgresql")  # terms are compared by code point, as SQLite does


class Term(SQLModel, table=True):
    """One word of one question. The label is a word of it as well: what is indexed has at least that."""

    __tablename__ = "question_terms"

    term: str = Field(primary_key=True, sa_type=_EXACT)
    question_id: int = Field(primary_key=True, foreign_key="questions.id", index=True, ondelete="CASCADE")


_terms: Any = Term.__table__  # type: ignore[attr-defined]
_questions: Any = Question.__table__  # type: ignore[attr-defined]
_parts: Any = Part.__table__  # type: ignore[attr-defined]


def is_chinese(run: str) -> bool:
    """Whether a run of letters is Chinese."""
    return _CHINESE.match(run) is not None


def terms_of(text: str) -> set[str]:
    """The words of a text as they are kept: Latin ones whole, Chinese ones in pairs and with the last character alone."""
    found: set[str] = set()
    for run in RUNS.findall(findable(text)):
        if is_chinese(run):
            found.update(run[at : at + 2] for at in range(len(run)))
        else:
            found.add(run[:LONGEST])
    return found


def reindex(db: Connection | Session, question_ids: Sequence[int]) -> None:
    """Read these questions and their stories again; drafts are not found."""
    if not question_ids:
        return
    db.execute(delete(_terms).where(_terms.c.question_id.in_(question_ids)))
    sent = _questions.c.number.is_not(None)
    asked = db.execute(
        select(_questions.c.id, _questions.c.number, _questions.c.text).where(_questions.c.id.in_(question_ids), sent)
    ).all()
    said = db.execute(
        select(_parts.c.question_id, _parts.c.text)
        .join(_questions, _questions.c.id == _parts.c.question_id)
        .where(_parts.c.question_id.in_(question_ids), sent, _parts.c.text.is_not(None))
    ).all()
    for row in asked:
        _add(db, row.id, terms_of(f"Q{row.number} {row.text}"))
    for part in said:
        _add(db, part.question_id, terms_of(part.text))


def unindexed(db: Session, limit: int) -> list[int]:
    """Questions that nobody can find yet, which were sent before there was an index."""
    known = exists().where(col(Term.question_id) == Question.id)
    query = select(_questions.c.id).where(_questions.c.number.is_not(None), ~known).limit(limit)
    return [int(question_id) for question_id in db.execute(query).scalars()]


def _add(db: Connection | Session, question_id: int, terms: Iterable[str]) -> None:
    rows = [{"term": term, "question_id": question_id} for term in terms]
    if not rows:
        return
    connection = db.connection() if isinstance(db, Session) else db
    connection.execute(_INSERT[connection.dialect.name], rows)


_INSERT = {  # without its rows: with them it would be compiled anew each time
    name: insert(_terms).on_conflict_do_nothing()
    for name, insert in (("sqlite", insert_sqlite), ("postgresql", insert_postgres))
}


def _changed(target: Question | Part, *names: str) -> bool:
    state: Any = inspect(target)
    return any(state.attrs[name].history.has_changes() for name in names)


@event.listens_for(Question, "after_insert")
def _question_made(_mapper: object, connection: Connection, question: Question) -> None:
    if question.id is not None and question.number is not None:
        _add(connection, question.id, terms_of(f"{question.label} {question.text}"))


@event.listens_for(Question, "after_update")
def _question_changed(_mapper: object, connection: Connection, question: Question) -> None:
    if question.id is not None and _changed(question, "number", "text"):
        reindex(connection, [question.id])


@event.listens_for(Part, "after_insert")
def _part_made(_mapper: object, connection: Connection, part: Part) -> None:
    if part.text:
        _add(connection, part.question_id, terms_of(part.text))


@event.listens_for(Part, "after_update")
def _part_changed(_mapper: object, connection: Connection, part: Part) -> None:
    if _changed(part, "text", "question_id"):
        reindex(connection, [part.question_id])

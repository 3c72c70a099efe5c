"""One question from beginning to end, as far as a reader may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from bot import outbox
from bot.features.people import Member
from bot.features.questions._family import leading
from bot.features.questions._story import story
from bot.features.questions._tables import Part, Question, Side, Version

_TO_ASKERS = (Side.CONSULTANT, Side.BACK)
Entities = list[dict[str, Any]] | None


@dataclass(frozen=True)
class Earlier:
    """What a message said until it was edited."""

    text: str
    entities: Entities
    until: datetime


@dataclass(frozen=True)
class Line:
    """One message. `author` is None for whoever left or stays unnamed; `withdrawn` answers have words for experts only."""

    side: Side
    author: Member | None
    anonymous: bool
    said_at: datetime
    text: str
    entities: Entities
    media: str | None
    file_name: str | None
    withdrawn: bool
    earlier: tuple[Earlier, ...]


@dataclass(frozen=True)
class Transcript:
    """A question with its lines, the first of which is the question itself; `main` is what it was merged into."""

    question: Question
    lines: tuple[Line, ...]
    main: Question | None


def transcript(db: Session, question: Question, *, for_asker: bool) -> Transcript:
    """The whole story. Its asker sees neither notes, nor withdrawn words, nor what others asked; experts see no hidden name."""
    earlier = _earlier(db, question)
    hidden = set() if for_asker else _hidden(db, question)
    first = _question(db, question, hidden, earlier.get(None, ()))
    parts = [part for part in story(db, question) if not for_asker or _is_for(question, part)]
    lines = [_line(db, part, hidden, earlier.get(part.id, ()), for_asker=for_asker) for part in parts]
    if for_asker:
        lines = sorted([*lines, *_answered_elsewhere(db, question)], key=lambda line: line.said_at)
    main = db.get(Question, question.merged_into_id) if question.merged_into_id is not None else None
    return Transcript(question, (first, *lines), main)


def _answered_elsewhere(db: Session, question: Question) -> list[Line]:
    """What a merged question's asker was answered in the question that leads it."""
    if question.merged_into_id is None:
        return []
    leader = leading(db, question)
    earlier = _earlier(db, leader)
    return [
        _line(db, part, set(), earlier.get(part.id, ()), for_asker=True)
        for part in story(db, leader)
        if part.side in _TO_ASKERS and outbox.is_promised(db, question.key("part", part.id))
    ]


def _earlier(db: Session, question: Question) -> dict[int | None, tuple[Earlier, ...]]:
    found: dict[int | None, tuple[Earlier, ...]] = {}
    for version in db.exec(select(Version).where(Version.question_id == question.id).order_by(col(Version.id))):
        said = Earlier(version.text or "", version.entities, version.until)
        found[version.part_id] = (*found.get(version.part_id, ()), said)
    return found


def _hidden(db: Session, question: Question) -> set[int | None]:
    """Ids of those who asked this, or what was merged into it, without their name."""
    these = or_(col(Question.id) == question.id, col(Question.merged_into_id) == question.id)
    return {*db.exec(select(Question.asker_id).where(these, col(Question.anonymous)))} - {None}


def _is_for(question: Question, part: Part) -> bool:
    return part.side in _TO_ASKERS or (part.side is Side.ASKER and part.author_id == question.asker_id)


def _question(db: Session, question: Question, hidden: set[int | None], earlier: tuple[Earlier, ...]) -> Line:
    anonymous = question.asker_id in hidden
    return Line(
        Side.ASKER,
        None if anonymous or question.asker_id is None else db.get(Member, question.asker_id),
        anonymous,
        question.sent_at or question.created_at,
        question.text,
        question.entities,
        question.media,
        None,
        withdrawn=question.taken_back_at is not None,
        earlier=earlier,
    )


def _line(
    db: Session, part: Part, hidden: set[int | None], earlier: tuple[Earlier, ...], *, for_asker: bool
) -> Line:
    anonymous = part.side is Side.ASKER and part.author_id in hidden
    silent = for_asker and part.undone_at is not None
    return Line(
        part.side,
        None if anonymous or part.author_id is None else db.get(Member, part.author_id),
        anonymous,
        part.said_at,
        "" if silent else part.text or "",
        None if silent else part.entities,
        None if silent else part.media,
        None if anonymous or silent else part.file_name,
        withdrawn=part.undone_at is not None,
        earlier=() if silent else earlier,
    )

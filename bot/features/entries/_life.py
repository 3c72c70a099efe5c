"""A version's life: draft → waiting → published → replaced or retracted; approved by somebody who did not write it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.errors import Outdated, OwnWords, TextTooLong, Unclear
from bot.features.entries._tables import State, Version, id_of
from bot.features.people import Member

REVIEW_AFTER = timedelta(days=365)
LIMITS = {"question": 200, "answer": 1000, "points": 250, "next_step": 250, "variants": 200, "sources": 60}
"""The longest text of each field, of lists the longest line, in characters: with them an entry fits one message."""

LINES_AT_MOST = {"points": 8, "variants": 20, "sources": 5}
_OPEN = (State.DRAFT, State.WAITING)


def new_id(db: Session, *, category: str, stem: str, taken: Collection[str]) -> str:
    """`category.stem`, with a number behind it where a file or another version has that id already."""
    number, found = 1, f"{category}.{stem}"
    while found in taken or _versions(db, found):
        number += 1
        found = f"{category}.{stem}-{number}"
    return found


def draft(
    db: Session,
    *,
    by: Member,
    entry_id: str,
    language: str,
    now: datetime,
    question: str = "",
    answer: str = "",
    points: Sequence[str] = (),
    next_step: str | None = None,
    variants: Sequence[str] = (),
    sources: Sequence[str] = (),
    question_id: int | None = None,
) -> Version:
    """Begin a version of an entry; the one that is being written already, if there is one.

    Whoever looks after the entry goes on doing so; a new one belongs to whoever began it.
    """
    existing = open_version(db, entry_id, language)
    if existing is not None:
        return existing
    owners = [version.owner_id for version in _versions(db, entry_id) if version.state is State.PUBLISHED]
    version = Version(
        entry_id=entry_id, language=language, question=question, answer=answer, points=list(points),
        next_step=next_step, variants=list(variants), sources=list(sources), question_id=question_id,
        owner_id=next(filter(None, owners), by.id), author_id=by.id, hands=[by.id or 0],
        review_by=now + REVIEW_AFTER, created_at=now,
    )
    db.add(version)
    db.flush()
    return version


def get(db: Session, version_id: int) -> Version:
    """The version with this id, locked for this transaction; raises Outdated when there is none."""
    found = db.exec(select(Version).where(Version.id == version_id).with_for_update()).one_or_none()
    if found is None:
        raise Outdated
    return found


def open_version(db: Session, entry_id: str, language: str) -> Version | None:
    """The version of an entry that is being written or waits for approval."""
    return db.exec(
        select(Version).where(
            Version.entry_id == entry_id, Version.language == language, col(Version.state).in_(_OPEN)
        )
    ).one_or_none()


def published(db: Session, entry_id: str, language: str) -> Version | None:
    """The version of an entry that people are shown now."""
    return db.exec(
        select(Version).where(
            Version.entry_id == entry_id, Version.language == language, Version.state == State.PUBLISHED
        )
    ).one_or_none()


def of_question(db: Session, question_id: int) -> Version | None:
    """The newest version that was made from a question and still counts."""
    return db.exec(
        select(Version)
        .where(Version.question_id == question_id, Version.state != State.RETRACTED)
        .order_by(col(Version.id).desc())
    ).first()


def write(version: Version, field: str, words: str, *, by: Member) -> None:
    """Set a field of a draft; lists have one item a line. Raises Outdated, Unclear or TextTooLong."""
    require(version, State.DRAFT)
    if field not in LIMITS:
        raise Outdated
    value: str | list[str] | None
    if field in LINES_AT_MOST:
        value = list(dict.fromkeys(line for raw in words.splitlines() if (line := _line(raw))))
    else:
        value = " ".join(words.split()) if field != "answer" else "\n".join(filter(None, map(str.strip, words.splitlines())))
    check_length(field, value)
    if field == "next_step":
        value = value or None
    setattr(version, field, value)
    touched(version, by)


def _line(raw: str) -> str:
    return " ".join(raw.split()).lstrip("-•*·– ").strip()


def check_length(field: str, value: str | Sequence[str] | None) -> None:
    """Raise TextTooLong for a field beyond its limit."""
    lines = [value] if isinstance(value, str) else list(value or ())
    longest = max((len(line) for line in lines), default=0)
    if longest > LIMITS[field]:
        raise TextTooLong(LIMITS[field], longest)
    if field in LINES_AT_MOST and len(lines) > LINES_AT_MOST[field]:
        raise TextTooLong(LIMITS[field] * LINES_AT_MOST[field], sum(map(len, lines)))


def touched(version: Version, by: Member) -> None:
    """Note that a member wrote at it."""
    if by.id is not None and by.id not in version.hands:
        version.hands = [*version.hands, by.id]


def review_on(version: Version, day: datetime, *, by: Member, now: datetime) -> None:
    """Set the day by which somebody looks at it again: within five years; raises Unclear."""
    require(version, State.DRAFT)
    if not now < day <= now + 5 * REVIEW_AFTER:
        raise Unclear("date")
    version.review_by = day
    touched(version, by)


def move(db: Session, version: Version, category: str, *, taken: Collection[str], by: Member) -> None:
    """Put a new entry under another category; raises Outdated when it is known by its id already."""
    require(version, State.DRAFT)
    if version.entry_id in taken or len(_versions(db, version.entry_id)) > 1:
        raise Outdated
    stem = version.entry_id.partition(".")[2]
    if version.entry_id != f"{category}.{stem}":
        version.entry_id = new_id(db, category=category, stem=stem, taken=taken)
    touched(version, by)


def complete(version: Version) -> None:
    """Raise Unclear or TextTooLong unless question and answer are written and everything fits."""
    for field in ("question", "answer"):
        if not getattr(version, field).strip():
            raise Unclear(field)
    for field in LIMITS:
        check_length(field, getattr(version, field))


def submit(version: Version, *, by: Member, substantial: bool, now: datetime) -> None:
    """Ask for approval; whoever submits it stands for its words. Raises Outdated, Unclear or TextTooLong."""
    require(version, State.DRAFT)
    complete(version)
    touched(version, by)
    version.author_id, version.substantial, version.note = by.id, substantial, None
    version.state, version.submitted_at = State.WAITING, now
    version.round += 1


def send_back(version: Version, *, by: Member, note: str) -> None:
    """Make it a draft again, with what is to be changed; raises Outdated or TextTooLong."""
    require(version, State.WAITING)
    if len(note) > LIMITS["answer"]:
        raise TextTooLong(LIMITS["answer"], len(note))
    version.state, version.note, version.decided_by = State.DRAFT, note or None, by.id


def approve(db: Session, version: Version, *, by: Member, in_file: Collection[str], now: datetime) -> Version | None:
    """Publish it in place of what was published before, which comes back; `in_file` are the entry's languages in files.

    Raises Outdated when it does not wait, OwnWords for everybody who wrote at it.
    """
    require(version, State.WAITING)
    if by.id in version.hands:
        raise OwnWords
    before = published(db, version.entry_id, version.language)
    other = published(db, version.entry_id, "zh" if version.language == "en" else "en")
    if before is not None:
        before.state = State.REPLACED
        db.flush()
    _pair(version, before, other, in_file)
    version.state, version.decided_by, version.published_at = State.PUBLISHED, by.id, now
    db.flush()
    return before


def _pair(version: Version, before: Version | None, other: Version | None, in_file: Collection[str]) -> None:
    """A change in substance marks the other language; a change that answers such a mark takes it away."""
    if other is not None and other.to_check:
        other.to_check = False
        return
    languages = {*in_file, *((other.language,) if other else ())}
    changes = before is not None or version.language in in_file
    pending = before is not None and before.to_check
    version.to_check = changes and len(languages - {version.language}) > 0 and (version.substantial or pending)


def agrees(version: Version) -> None:
    """Somebody looked: the other language says the same."""
    version.to_check = False


def retract(version: Version, *, by: Member, now: datetime) -> None:
    """Take a published version out of what people are shown; raises Outdated."""
    require(version, State.PUBLISHED)
    version.state, version.retracted_at, version.decided_by = State.RETRACTED, now, by.id


def discard(db: Session, version: Version) -> None:
    """Throw a draft away; raises Outdated for anything else."""
    require(version, State.DRAFT)
    db.delete(version)


def still_right(db: Session, entry_id: str, *, now: datetime) -> datetime:
    """Somebody looked and found nothing to change: a new date, which comes back."""
    for version in _versions(db, entry_id):
        if version.state is State.PUBLISHED:
            version.review_by, version.reminded_at = now + REVIEW_AFTER, None
    return now + REVIEW_AFTER


def require(version: Version, state: State) -> None:
    """Raise Outdated unless the version stands there."""
    if version.state is not state:
        raise Outdated


def is_new(db: Session, version: Version, *, taken: Collection[str]) -> bool:
    """Whether nobody knows the entry by its id yet."""
    return version.entry_id not in taken and [id_of(v) for v in _versions(db, version.entry_id)] == [version.id]


def _versions(db: Session, entry_id: str) -> list[Version]:
    return list(db.exec(select(Version).where(Version.entry_id == entry_id).order_by(col(Version.id))))

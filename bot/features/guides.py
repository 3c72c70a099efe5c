"""Guides: one pinned message in each group that says what comes next, and which of them stand."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, Session, SQLModel, col, delete, select


class Guide(SQLModel, table=True):
    """A group's guide: the `number`-th message of its kind there, its last change `changes`, and what it says in short."""

    __tablename__ = "guides"

    chat_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    wanted: bool = True
    number: int = 0
    changes: int = 0
    digest: str = ""

    @property
    def key(self) -> str:
        """The outbox key of its message."""
        return f"guide:{self.chat_id}:{self.number}"

    @property
    def newest(self) -> str:
        """The outbox key of what was said last: the message itself, or its newest change."""
        return f"{self.key}:{self.changes}" if self.changes else self.key


def find(db: Session, chat_id: int) -> Guide | None:
    """The guide of a group, if it ever had one."""
    return db.get(Guide, chat_id)


def want(db: Session, chat_id: int, *, wanted: bool) -> Guide:
    """Keep a guide in a group from now on, or no more."""
    guide = find(db, chat_id)
    if guide is None:
        guide = Guide(chat_id=chat_id)
        db.add(guide)
    guide.wanted = wanted
    db.flush()
    return guide


def wanted(db: Session) -> list[Guide]:
    """The guides that are kept."""
    return list(db.exec(select(Guide).where(col(Guide.wanted)).order_by(col(Guide.chat_id))))


def anew(guide: Guide, digest: str) -> None:
    """A message of its own, as the first or because the last one is gone."""
    guide.number, guide.changes, guide.digest = guide.number + 1, 0, digest


def change(guide: Guide, digest: str) -> None:
    """Other words for the message that stands."""
    guide.changes, guide.digest = guide.changes + 1, digest


def move_chat(db: Session, old: int, new: int) -> None:
    """A group became a supergroup: its guide is written there anew."""
    guide = find(db, old)
    if guide is not None:
        db.exec(delete(Guide).where(col(Guide.chat_id) == new))
        guide.chat_id, guide.number, guide.changes, guide.digest = new, guide.number, 0, ""
        db.flush()

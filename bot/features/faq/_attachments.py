"""What came with a question: each photo, document and so on, also the further ones of an album."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Text, UniqueConstraint, delete
from sqlmodel import Field, Session, SQLModel, col, select


class Attachment(SQLModel, table=True):
    """One message that holds a file or the like and belongs to what was asked; the file stays with Telegram."""

    __tablename__ = "asked_attachments"
    __table_args__ = (UniqueConstraint("chat_id", "message_id"),)

    id: int | None = Field(default=None, primary_key=True)
    asked_id: int = Field(foreign_key="asked.id", index=True)
    chat_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    message_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    text: str | None = Field(default=None, sa_column=Column(Text))
    entities: list[dict[str, Any]] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    media: str
    album: str | None = Field(default=None, index=True)
    file_id: str | None = None
    file_name: str | None = None
    file_size: int | None = Field(default=None, sa_column=Column(BigInteger))


def attach(db: Session, attachment: Attachment) -> bool:
    """Keep what came with a question; False when it is there already."""
    place = (Attachment.chat_id == attachment.chat_id, Attachment.message_id == attachment.message_id)
    if db.exec(select(Attachment).where(*place)).one_or_none() is not None:
        return False
    db.add(attachment)
    db.flush()
    return True


def attachments(db: Session, asked_id: int | None) -> list[Attachment]:
    """What came with a question, in order."""
    return list(db.exec(select(Attachment).where(Attachment.asked_id == asked_id).order_by(col(Attachment.id))))


def asked_with(db: Session, chat_id: int, album: str) -> int | None:
    """The id of what was asked with this album."""
    return db.exec(
        select(Attachment.asked_id).where(Attachment.album == album, Attachment.chat_id == chat_id).limit(1)
    ).one_or_none()


def detach(db: Session, asked_ids: Any) -> None:
    """Forget what came with these questions; `asked_ids` is a query of ids."""
    db.execute(delete(Attachment).where(col(Attachment.asked_id).in_(asked_ids)))

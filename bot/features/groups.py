"""Groups: what each group chat is to the community, and whether the bot can do its work there."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Column, String
from sqlmodel import Field, Session, SQLModel, col, select

from bot.db import UtcDateTime, Word
from bot.i18n import Language


class Kind(StrEnum):
    """What a group is; UNKNOWN until an organizer says so."""

    UNKNOWN = "unknown"
    COMMUNITY = "community"
    CONSULTANTS = "consultants"


class Group(SQLModel, table=True):
    """A group chat that the bot was added to."""

    __tablename__ = "groups"

    chat_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    title: str
    kind: Kind = Field(default=Kind.UNKNOWN, sa_type=Word(Kind))
    language: Language = Field(default="zh_Hans", sa_type=String)
    timezone: str = "Asia/Shanghai"
    is_forum: bool = False
    can_manage_topics: bool = False
    present: bool = True
    offers: bool = False
    added_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def opens_topics(self) -> bool:
        """Whether the bot can give each question a topic of its own here."""
        return self.is_forum and self.can_manage_topics


def find(db: Session, chat_id: int) -> Group | None:
    """The group with this chat id."""
    return db.get(Group, chat_id)


def seen(
    db: Session, chat_id: int, *, title: str, is_forum: bool, language: Language, timezone: str, now: datetime
) -> Group:
    """The group behind an update, made on first sight and kept up to date."""
    group = find(db, chat_id)
    if group is None:
        group = Group(
            chat_id=chat_id, title=title, is_forum=is_forum, language=language, timezone=timezone, added_at=now
        )
        db.add(group)
        return group
    group.title, group.is_forum = title, is_forum
    return group


def settle(db: Session, group: Group, kind: Kind) -> None:
    """Say what a group is. There is one consultants' room: an earlier one becomes an unknown group."""
    if kind is Kind.CONSULTANTS:
        for other in db.exec(select(Group).where(Group.kind == Kind.CONSULTANTS, Group.chat_id != group.chat_id)):
            other.kind = Kind.UNKNOWN
    group.kind = kind


def room(db: Session) -> Group | None:
    """The consultants' room, if the bot is in it."""
    return db.exec(_ROOM).first()


_ROOM = select(Group).where(Group.kind == Kind.CONSULTANTS, col(Group.present))  # asked at each tick: put together once


def room_ids(db: Session) -> frozenset[int]:
    """Chat ids whose every message the bot hears."""
    return frozenset(db.exec(select(Group.chat_id).where(Group.kind == Kind.CONSULTANTS)))


def listening_ids(db: Session) -> frozenset[int]:
    """Chat ids of groups that want to be offered answers to questions they ask themselves."""
    return frozenset(db.exec(select(Group.chat_id).where(Group.kind == Kind.COMMUNITY, col(Group.offers))))


def community_ids(db: Session) -> frozenset[int]:
    """Chat ids of the community's groups, where newcomers are greeted and looked after."""
    return frozenset(db.exec(select(Group.chat_id).where(Group.kind == Kind.COMMUNITY)))


def community(db: Session) -> list[Group]:
    """The community's groups that the bot is in, by title."""
    query = select(Group).where(col(Group.kind) == Kind.COMMUNITY, col(Group.present)).order_by(col(Group.title))
    return list(db.exec(query))


def move(db: Session, old: int, new: int) -> bool:
    """A group became a supergroup: keep its record under the new id; False when that was done already."""
    group = find(db, old)
    if group is None:
        return False
    if (made_already := find(db, new)) is not None:
        db.delete(made_already)
        db.flush()
    group.chat_id = new
    return True

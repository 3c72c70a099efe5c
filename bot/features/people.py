"""People: who somebody is to the community, what they agreed to, and the invitations that let them in."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import JSON, BigInteger, Column, Select, String, bindparam, func, update
from sqlmodel import Field, Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.db import UtcDateTime, Word
from bot.errors import InvitationUnusable, LastOwner, NotAllowed, TextTooLong, Unclear
from bot.i18n import Language, language_for

NAME_LIMIT = 60
FIELD_LIMIT = 80
WORKPLACES = ("hospital", "community", "county", "university", "other")
PROFESSIONS = ("nurse", "doctor", "organizer", "educator", "other")


class Role(StrEnum):
    """What somebody may do; each role includes those before it."""

    GUEST = "guest"
    TRAINEE = "trainee"
    CONSULTANT = "consultant"
    ORGANIZER = "organizer"
    OWNER = "owner"

    @property
    def rank(self) -> int:
        """Its place on the ladder."""
        return list(Role).index(self)

    def reaches(self, needed: Role) -> bool:
        """Whether this role includes what `needed` may do."""
        return self.rank >= needed.rank


class Member(SQLModel, table=True):
    """A person whom the bot has met. `pending` is the step of a dialogue that waits for their next words.

    `album` is Telegram's number of the album that they sent last: its messages come as separate updates.
    """

    __tablename__ = "members"

    id: int | None = Field(default=None, primary_key=True)
    telegram_id: int = Field(sa_column=Column(BigInteger, unique=True, nullable=False))
    telegram_name: str
    name: str | None = None
    role: Role = Field(default=Role.GUEST, sa_type=Word(Role))
    cohort: str | None = None
    profession: str | None = None
    city: str | None = None
    workplace: str | None = None
    language: Language = Field(default="en", sa_type=String)
    language_chosen: bool = False
    timezone: str = "Asia/Shanghai"
    consented_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unreachable_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    pending: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    album: str | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def shown_name(self) -> str:
        """The name that colleagues see."""
        return self.name or self.telegram_name

    @property
    def is_reachable(self) -> bool:
        """Whether the bot may write to them: they have opened the private chat and still read it."""
        return self.started_at is not None and self.unreachable_at is None

    def expects(self, step: str, **data: Any) -> None:
        """Wait for this member's next words, to be heard by `step`; with `until` (in ISO form) no longer than that."""
        self.pending = {"step": step, **data}


class Invitation(SQLModel, table=True):
    """A link that lets people in, with a role and perhaps into a cohort."""

    __tablename__ = "invitations"

    code: str = Field(primary_key=True)
    role: Role = Field(sa_type=Word(Role))
    cohort: str | None = None
    uses_left: int
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    made_by: int | None = Field(default=None, foreign_key="members.id")
    created_at: datetime = Field(sa_type=UtcDateTime)


def find(db: Session, telegram_id: int) -> Member | None:
    """The member with this Telegram id."""
    return db.execute(_BY_TELEGRAM, {"telegram_id": telegram_id}).scalar_one_or_none()


_BY_TELEGRAM = select(Member).where(Member.telegram_id == bindparam("telegram_id"))


def meet(
    db: Session,
    *,
    telegram_id: int,
    name: str,
    language_code: str | None,
    default: Language,
    timezone: str,
    now: datetime,
    known: Member | None = None,
) -> Member:
    """The member behind an update, made on first sight and kept up to date with Telegram's name and language."""
    member = known or find(db, telegram_id)
    if member is None:
        member = Member(
            telegram_id=telegram_id,
            telegram_name=name or str(telegram_id),
            language=language_for(language_code, default),
            timezone=timezone,
            created_at=now,
        )
        db.add(member)
        db.flush()
        return member
    if name and member.telegram_name != name:
        member.telegram_name = name
    language = language_for(language_code, default)
    if not member.language_chosen and language_code and member.language != language:
        member.language = language
    return member


def start(member: Member, *, now: datetime) -> None:
    """The member opened the private chat: the bot may write to them (again)."""
    if member.started_at is None:  # nothing is written where nothing changes: this is asked at every message
        member.started_at = now
    if member.unreachable_at is not None:
        member.unreachable_at = None


def agree(member: Member, *, now: datetime) -> None:
    """The member agreed to what is stored."""
    member.consented_at = member.consented_at or now


def unreachable(db: Session, telegram_id: int, *, now: datetime) -> None:
    """The member blocked the bot, or the account is gone."""
    db.exec(update(Member).where(col(Member.telegram_id) == telegram_id).values(unreachable_at=now))


def choose_language(member: Member, language: Language) -> None:
    """The member's own choice, which Telegram's setting no longer changes."""
    member.language, member.language_chosen = language, True


def rename(member: Member, name: str) -> None:
    """Set the name that colleagues see; raises TextTooLong or Unclear."""
    member.name = line(name, "name", NAME_LIMIT)


def set_city(member: Member, city: str) -> None:
    """Set the city; raises TextTooLong or Unclear."""
    member.city = line(city, "city", FIELD_LIMIT)


def set_timezone(member: Member, name: str) -> None:
    """Set the member's clock from a zone's name, in any case, with spaces or underscores; raises Unclear."""
    wanted = name.strip().replace(" ", "_").casefold()
    for zone in available_timezones():
        if wanted in (zone.casefold(), zone.rpartition("/")[2].casefold()) and "/" in zone:
            member.timezone = ZoneInfo(zone).key
            return
    raise Unclear("timezone")


def line(text: str, what: str, limit: int) -> str:
    """Words as one line; raises TextTooLong or Unclear, which names `what` they were for."""
    joined = " ".join(text.split())
    if not joined:
        raise Unclear(what)
    if len(joined) > limit:
        raise TextTooLong(limit, len(joined))
    return joined


def grant(db: Session, member: Member, role: Role, *, by: Member) -> None:
    """Give a role; only organizers may, and only up to their own. Raises NotAllowed or LastOwner."""
    if not by.role.reaches(Role.ORGANIZER) or not by.role.reaches(role) or not by.role.reaches(member.role):
        raise NotAllowed(Role.OWNER if by.role.reaches(Role.ORGANIZER) else Role.ORGANIZER)
    _keep_an_owner(db, member, role)
    member.role = role


def _keep_an_owner(db: Session, member: Member, role: Role) -> None:
    owners = db.exec(select(func.count()).select_from(Member).where(Member.role == Role.OWNER)).one()
    if member.role is Role.OWNER and role is not Role.OWNER and owners == 1:
        raise LastOwner


def invite(
    db: Session,
    role: Role,
    *,
    now: datetime,
    by: Member | None = None,
    cohort: str | None = None,
    uses: int = 1,
    lasts: timedelta | None = timedelta(days=30),
) -> Invitation:
    """Make an invitation; `by` is None only for whoever runs the bot. Raises NotAllowed beyond one's own role."""
    if by is not None and not (by.role.reaches(Role.ORGANIZER) and by.role.reaches(role)):
        raise NotAllowed(Role.OWNER if by.role.reaches(Role.ORGANIZER) else Role.ORGANIZER)
    invitation = Invitation(
        code=secrets.token_urlsafe(12),
        role=role,
        cohort=cohort,
        uses_left=uses,
        created_at=now,
        expires_at=now + lasts if lasts else None,
        made_by=by.id if by else None,
    )
    db.add(invitation)
    return invitation


def accept(db: Session, member: Member, code: str, *, now: datetime) -> Invitation:
    """Use an invitation up by one; a higher role that the member already has stays. Raises InvitationUnusable."""
    invitation = db.exec(select(Invitation).where(Invitation.code == code).with_for_update()).one_or_none()
    if invitation is None:
        raise InvitationUnusable("unknown")
    if invitation.expires_at is not None and invitation.expires_at <= now:
        raise InvitationUnusable("expired")
    if invitation.uses_left < 1:
        raise InvitationUnusable("used")
    invitation.uses_left -= 1
    if not member.role.reaches(invitation.role):
        member.role = invitation.role
    member.cohort = invitation.cohort or member.cohort
    return invitation


def admit(member: Member) -> None:
    """Somebody who is in a community group belongs to the community."""
    if member.role is Role.GUEST:
        member.role = Role.TRAINEE


def with_role(db: Session, role: Role) -> list[Member]:
    """Everybody whose role reaches `role`, by name."""
    roles = [r for r in Role if r.reaches(role)]
    members = db.exec(select(Member).where(col(Member.role).in_(roles))).all()
    return sorted(members, key=lambda member: member.shown_name)


def reachable_organizers(db: Session) -> list[Member]:
    """The organizers whom the bot may write to, by name."""
    return [member for member in with_role(db, Role.ORGANIZER) if member.is_reachable]


def these(db: Session, ids: Collection[int]) -> list[Member]:
    """The members with these ids whom the bot may write to."""
    return list(db.exec(_reachable().where(col(Member.id).in_(ids)).order_by(col(Member.id))))


def by_chats(db: Session, telegram_ids: Collection[int]) -> list[Member]:
    """The members whose private chats these are."""
    ids, found = sorted(telegram_ids), list[Member]()
    for start in range(0, len(ids), 5000):  # SQLite takes 32,766 values in a statement
        query = select(Member).where(col(Member.telegram_id).in_(ids[start : start + 5000]))
        found += db.exec(query).all()
    return found


def community(db: Session, *, after: int, limit: int) -> list[Member]:
    """The next `limit` members of the community after the id `after` whom the bot may write to."""
    roles = [role for role in Role if role.reaches(Role.TRAINEE)]
    query = _reachable().where(col(Member.role).in_(roles), col(Member.id) > after)
    return list(db.exec(query.order_by(col(Member.id)).limit(limit)))


def names(db: Session, ids: Collection[int]) -> list[str]:
    """The names of the members with these ids, in order."""
    return sorted(member.shown_name for member in db.exec(select(Member).where(col(Member.id).in_(ids))))


def in_chats(db: Session, telegram_ids: Select[tuple[int]], *, after: int, limit: int) -> list[int]:
    """The next ids of members after `after` whose private chats a query gives."""
    query = select(Member.id).where(col(Member.telegram_id).in_(telegram_ids), col(Member.id) > after)
    return [id_ for id_ in db.exec(query.order_by(col(Member.id)).limit(limit)) if id_ is not None]


def _reachable() -> SelectOfScalar[Member]:
    return select(Member).where(col(Member.started_at).is_not(None), col(Member.unreachable_at).is_(None))


def forget(db: Session, member: Member) -> None:
    """Delete the person's record; raises LastOwner. What others keep of them is their feature's to delete first."""
    _keep_an_owner(db, member, Role.GUEST)
    db.exec(update(Invitation).where(col(Invitation.made_by) == member.id).values(made_by=None))
    db.delete(member)

"""Certificates of attendance: a number that nobody can guess, the name as its holder wants it, valid until taken back."""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import datetime

from sqlmodel import Session, col, select

from bot.errors import NotAttended, TextTooLong, Unclear
from bot.features.people import Member
from bot.features.webinars._feedback import require_attended
from bot.features.webinars._tables import Certificate
from bot.timetable import SessionRow, State

NAME_LIMIT = 60
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U, which are read as others: 32 letters, twelve of them are sixty bits."""

_LENGTH = 12
_READ_AS = str.maketrans("OIL", "011")


def shown(number: str) -> str:
    """A number as it is printed: 7K3M-Q9XT-4HVD."""
    return "-".join(number[at : at + 4] for at in range(0, _LENGTH, 4))


def read_number(text: str) -> str | None:
    """A number as somebody typed it, in any case, with or without hyphens; None for what is none."""
    plain = unicodedata.normalize("NFKC", text).upper()
    plain = re.sub(r"[\s\-‐‑–—_.:]", "", plain).translate(_READ_AS)
    return plain if len(plain) == _LENGTH and not set(plain) - set(_LETTERS) else None


def checked_name(text: str) -> str:
    """A name as it can be printed; raises Unclear or TextTooLong."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not any(character.isalpha() for character in name) or any(
        unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn", "So") for character in name
    ):
        raise Unclear("name on certificate")
    if len(name) > NAME_LIMIT:
        raise TextTooLong(NAME_LIMIT, len(name))
    return name


def issue(db: Session, session: SessionRow, member: Member, *, name: str, now: datetime) -> Certificate:
    """The member's certificate under this name; one under another name is no longer valid then. Raises NotAttended."""
    require_attended(db, session, member)
    if session.ends_at > now or session.state is State.CANCELLED:
        raise NotAttended
    name = checked_name(name)
    before = certificate(db, session.id or 0, member)
    if before is not None and before.name == name:
        return before
    if before is not None:
        before.revoked_at = now
        db.flush()
    made = Certificate(
        number="".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)),
        session_id=session.id or 0,
        member_id=member.id or 0,
        name=name,
        made_at=now,
    )
    db.add(made)
    db.flush()
    return made


def certificate(db: Session, session_id: int, member: Member) -> Certificate | None:
    """The member's valid certificate of a webinar."""
    valid = col(Certificate.revoked_at).is_(None)
    mine = (Certificate.session_id == session_id, Certificate.member_id == member.id)
    return db.exec(select(Certificate).where(*mine, valid)).one_or_none()


def revoke(db: Session, session_id: int, member: Member, *, now: datetime) -> Certificate | None:
    """Take a certificate back: its holder was not there after all. Gives the one that was valid."""
    before = certificate(db, session_id, member)
    if before is not None:
        before.revoked_at = now
        db.flush()
    return before


def verify(db: Session, text: str) -> Certificate | None:
    """The certificate that somebody holds in their hands, valid or not; None for a number that was never given."""
    number = read_number(text)
    return db.get(Certificate, number) if number is not None else None


def certificates(db: Session, session_id: int) -> dict[int, Certificate]:
    """The valid certificates of a webinar, by member."""
    query = select(Certificate).where(Certificate.session_id == session_id, col(Certificate.revoked_at).is_(None))
    return {made.member_id: made for made in db.exec(query)}


def certificates_of(db: Session, member: Member) -> list[Certificate]:
    """Every certificate that a member was given."""
    return list(db.exec(select(Certificate).where(Certificate.member_id == member.id)))

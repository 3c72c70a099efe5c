"""Offers: a question is put before one consultant at a time, and never twice before the same one by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.errors import Outdated
from bot.features.people import Member
from bot.features.questions._tables import Offer, Outcome, Question, State, id_of


def offer(
    db: Session, question: Question, consultant: Member, *, reasons: Sequence[str], until: datetime, now: datetime
) -> Offer:
    """Offer a question to a consultant; an offer that was open is withdrawn."""
    if consultant.id is None:
        raise Outdated
    before = open_offer(db, question)
    if before is not None:
        end_offer(db, before, Outcome.WITHDRAWN, now=now)
    made = Offer(
        question_id=id_of(question), member_id=consultant.id, reasons=list(reasons), offered_at=now, until=until
    )
    db.add(made)
    db.flush()
    return made


def open_offer(db: Session, question: Question) -> Offer | None:
    """The offer that waits for a word."""
    return db.exec(
        select(Offer).where(Offer.question_id == question.id, col(Offer.outcome) == Outcome.OPEN)
    ).one_or_none()


def offers_of(db: Session, question: Question) -> list[Offer]:
    """Every offer of a question, oldest first."""
    return list(db.exec(select(Offer).where(Offer.question_id == question.id).order_by(col(Offer.id))))


def get_offer(db: Session, offer_id: int) -> Offer:
    """The offer with this id; raises Outdated when there is none."""
    found = db.get(Offer, offer_id)
    if found is None:
        raise Outdated
    return found


def end_offer(db: Session, offer: Offer, outcome: Outcome, *, now: datetime) -> bool:
    """The offer waits no longer; False when it had ended."""
    if offer.outcome is not Outcome.OPEN:
        return False
    offer.outcome, offer.ended_at = outcome, now
    db.flush()
    return True


def offered_to(db: Session, question: Question) -> set[int]:
    """Everybody to whom it was offered, or who had it and gave it back."""
    return set(db.exec(select(Offer.member_id).where(Offer.question_id == question.id)))


def offers_to(db: Session, member: Member) -> list[Offer]:
    """Everything that was offered to somebody, oldest first."""
    return list(db.exec(select(Offer).where(Offer.member_id == member.id).order_by(col(Offer.id))))


def gave_back(db: Session, question: Question, consultant: Member, *, now: datetime) -> None:
    """Note that somebody had the question and gave it back: it is not offered to them again by itself."""
    if consultant.id is None or consultant.id in offered_to(db, question):
        return
    db.add(
        Offer(
            question_id=id_of(question),
            member_id=consultant.id,
            reasons=[],
            offered_at=now,
            until=now,
            outcome=Outcome.PASSED,
            ended_at=now,
        )
    )
    db.flush()


def last_offered(db: Session) -> dict[int, datetime]:
    """When each consultant was last offered something."""
    rows = db.exec(select(Offer.member_id, func.max(Offer.offered_at)).group_by(col(Offer.member_id)))
    return {member_id: moment for member_id, moment in rows if moment is not None}


def recent_offers(db: Session, *, since: datetime, limit: int = 100) -> list[Offer]:
    """Open offers that were made since then."""
    return list(
        db.exec(
            select(Offer)
            .where(col(Offer.outcome) == Outcome.OPEN, col(Offer.offered_at) >= since)
            .order_by(col(Offer.id).desc())
            .limit(limit)
        )
    )


def expired_offers(db: Session, *, now: datetime, limit: int = 50) -> list[Offer]:
    """Open offers whose time is over, the oldest first."""
    return list(
        db.exec(
            select(Offer)
            .where(col(Offer.outcome) == Outcome.OPEN, col(Offer.until) <= now)
            .order_by(col(Offer.until), col(Offer.id))
            .limit(limit)
        )
    )


def idle_offers(db: Session, limit: int = 50) -> list[Offer]:
    """Open offers of questions that somebody has taken, that were answered or merged, or that have ended."""
    return list(db.exec(_IDLE.limit(limit)))


_IDLE = (  # asked at each tick: put together once
    select(Offer)
    .join(Question, col(Question.id) == col(Offer.question_id))
    .where(col(Offer.outcome) == Outcome.OPEN)
    .where(
        (col(Question.state) != State.OPEN)
        | col(Question.owner_id).is_not(None)
        | col(Question.merged_into_id).is_not(None)
    )
    .order_by(col(Offer.id))
)

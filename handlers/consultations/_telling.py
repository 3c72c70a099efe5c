"""Telling somebody of their consultation: in private, after their quiet hours unless it cannot wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot import outbox
from bot.errors import NotHere, Outdated
from bot.features import attention, consultations
from bot.features.consultations import Booking
from bot.features.people import Member
from bot.outbox import Lane
from handlers._kit import Deed, Request, Screen

CANNOT_WAIT = timedelta(hours=12)


def tell(
    deed: Deed,
    member: Member | None,
    screen: Screen,
    *,
    key: str,
    about: str | None = None,
    starts_at: datetime | None = None,
    after: timedelta = timedelta(0),
) -> bool:
    """Promise it to a member once, `after` some time; what starts within hours goes through quiet hours."""
    if member is None or not member.is_reachable:
        return False
    urgent = starts_at is not None and starts_at - deed.now < CANNOT_WAIT
    kind = attention.Kind.CONSULTATIONS
    due_at = attention.moment(deed.db, member, kind=kind, now=deed.now + after, urgent=urgent, asked_for=True)
    return deed.post(
        screen,
        chat_id=member.telegram_id,
        key=key,
        lane=Lane.REMINDER,
        about=about,
        due_at=due_at or deed.now,
        heeds=None if urgent else outbox.QUIET,
    )


def holder_of(deed: Deed, booking: Booking) -> Member | None:
    """Whose booking it is."""
    return deed.db.get(Member, booking.member_id)


def take_back_words(deed: Deed, bookings: Sequence[Booking]) -> None:
    """What was to be said about bookings that are none any more is not said."""
    for booking in bookings:
        outbox.void(deed.db, about=booking.key(), now=deed.now)


def own(request: Request, booking_id: int) -> Booking:
    """The member's own booking that holds a slot, in private only: a slot is nobody else's business."""
    require_private(request)
    return consultations.held(request.db, booking_id, request.me)


def own_in(request: Request, session_id: int) -> Booking:
    """The member's own slot in a session; raises SessionOver for a cancelled one, and Outdated without a slot."""
    require_private(request)
    consultations.session_of(request.db, session_id)
    booking = consultations.in_session(request.db, session_id, request.me)
    if booking is None:
        raise Outdated
    return own(request, consultations.id_of(booking))


def require_private(request: Request) -> None:
    """Raise NotHere in a group."""
    if not request.heard.private:
        raise NotHere

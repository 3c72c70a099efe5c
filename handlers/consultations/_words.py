"""Times, names and places of consultations in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.errors import Outdated
from bot.features import consultations
from bot.features.consultations import Booking
from bot.features.people import Member
from bot.i18n import Translator
from bot.timetable import SessionRow
from handlers import _sessions
from handlers._kit import Deed

BEIJING = "Asia/Shanghai"


def both_clocks(starts_at: datetime, ends_at: datetime, t: Translator) -> Markup:
    """From when to when in Beijing, and on the reader's own clock where it shows something else."""
    beijing = Translator(t.language, t.context, BEIJING)
    said = t("{when}–{end} Beijing time", when=beijing.when(starts_at), end=beijing.time(ends_at))
    if starts_at.astimezone(ZoneInfo(t.zone)).utcoffset() == starts_at.astimezone(ZoneInfo(BEIJING)).utcoffset():
        return said
    return said + t(" ({when}–{end} your time)", when=t.when(starts_at), end=t.time(ends_at))


def when(booking: Booking, t: Translator) -> Markup:
    """When a booking is, on both clocks."""
    return both_clocks(booking.starts_at, booking.ends_at, t)


def name_of(deed: Deed, member_id: int | None, t: Translator) -> str:
    """A consultant's name; what people call whoever is there where nobody is named yet."""
    member = deed.db.get(Member, member_id) if member_id is not None else None
    return member.shown_name if member else t.label("whoever is free")


def title_of(deed: Deed, session: SessionRow, t: Translator) -> str:
    """What the session is called."""
    return _sessions.name(deed.db, session, t)


def names(deed: Deed, member_ids: Iterable[int], t: Translator) -> str:
    """Several consultants in a row."""
    return t.series([name_of(deed, member_id, t) for member_id in member_ids])


def minute_of(moment: datetime) -> int:
    """A moment for a button: whole minutes since 1970."""
    return int(moment.timestamp()) // 60


def moment_of(minute: int) -> datetime:
    """The moment of a button; raises Outdated for a number that is none."""
    try:
        return datetime.fromtimestamp(minute * 60, UTC)
    except (OverflowError, ValueError, OSError):
        raise Outdated from None


def field_name(field: str, t: Translator) -> str:
    """What a field of a booking is called."""
    return {
        "subject": t.label("Subject"),
        "setting": t.label("Setting"),
        "situation": t.label("Situation"),
        "tried": t.label("Tried so far"),
        "wish": t.label("Hoped for"),
        "notes": t.label("Notes"),
        "steps": t.label("Next steps"),
    }[field]


def about(booking: Booking, t: Translator, *, limit: int = 1000) -> list[Markup]:
    """The subject and the case form, a line each."""
    fields = [("subject", booking.subject), *((field, booking.case.get(field)) for field in consultations.CASE)]
    return [
        line(field_name(field, t), text if len(text) <= limit else text[:limit] + "…", t)
        for field, text in fields
        if text
    ]


def line(name: str, text: str, t: Translator) -> Markup:
    """A name in bold, and what belongs to it."""
    return t("{name}: {text}", name=Markup("<b>{}</b>").format(name), text=text)

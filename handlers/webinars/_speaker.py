"""The questions go to whoever speaks: a day before, an hour before if there are new ones, and when they ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup

from bot import outbox, timetable
from bot.features import people, webinars
from bot.features.people import Member, Role
from bot.features.webinars import Ranked
from bot.i18n import Translator
from bot.outbox import Lane
from bot.timetable import Part, SessionRow
from handlers import _waking
from handlers._kit import Button, Deed, Moment, Request, Screen, Tap, units
from handlers.webinars._feature import Questions, feature, require_lead, require_private, webinar_held
from handlers.webinars._words import title, when

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LONGEST = 3600
"""UTF-16 units of the list: with its heading it is one message."""


@dataclass(frozen=True)
class SendList(Tap, prefix="webinars.list"):
    """Get the questions as one list, to read from."""

    session: int


@feature.tick(timedelta(minutes=1))
def tell_speakers(moment: Moment) -> None:
    """Webinars that begin within a day or an hour: their speakers get the questions, once each time.

    The list of a day before waits for the morning, that of an hour before comes at any time, but only with something new.
    """
    for session in webinars.beginning(moment.db, now=moment.now, until=moment.now + DAY):
        kept = webinars.record(moment.db, session.id or 0)
        if session.starts_at <= moment.now + HOUR and kept.hour_list_at is None:
            kept.hour_list_at = moment.now
            _tell_news(moment, session, since=kept.day_list_at)
            kept.day_list_at = kept.day_list_at or moment.now  # the newer list makes the older one needless
        elif kept.day_list_at is None:
            kept.day_list_at = moment.now
            _tell_tomorrow(moment, session)


def _tell_tomorrow(moment: Moment, session: SessionRow) -> None:
    for member in receivers(moment, session):
        at = _waking.when_up(moment, member)
        if at < session.starts_at - HOUR:
            _tell(moment, session, member, "1d", due_at=at, heeds=outbox.QUIET)


def _tell_news(moment: Moment, session: SessionRow, *, since: datetime | None) -> None:
    """To whoever has no list yet, or an older one than the newest question."""
    asked = [one.question.asked_at for one in _open_ones(moment, session)]
    is_new = since is None or any(at > since for at in asked)
    for member in receivers(moment, session):
        if is_new or not outbox.is_promised(moment.db, _key(session, "1d", member)):
            _tell(moment, session, member, "1h")


def _tell(deed: Deed, session: SessionRow, member: Member, rung: str, **when: Any) -> None:
    t = deed.words(member).of(feature.name)
    deed.post(
        sheet(deed, session, t),
        chat_id=member.telegram_id,
        key=_key(session, rung, member),
        lane=Lane.REMINDER,
        about=timetable.about_changing(session.id or 0),
        **when,
    )


def _key(session: SessionRow, rung: str, member: Member) -> str:
    return f"webinar:{session.id}:questions:{rung}:{member.id}:{session.sequence}"


def _open_ones(deed: Deed, session: SessionRow) -> list[Ranked]:
    return [one for one in webinars.ranked(deed.db, session.id or 0) if one.question.answered_at is None]


def receivers(deed: Deed, session: SessionRow) -> list[Member]:
    """The speakers and hosts who can be written to; where there are none, the organizer who planned it, or all of them."""
    parts = [p for p in timetable.people(deed.db, session.id or 0) if p.part in (Part.SPEAKER, Part.HOST)]
    speakers = _reachable(deed, [person.member_id for person in parts])
    if speakers:
        return speakers
    planner = _reachable(deed, [session.made_by] if session.made_by is not None else [])
    everybody = people.with_role(deed.db, Role.ORGANIZER)
    return planner or _reachable(deed, [member.id or 0 for member in everybody])


def _reachable(deed: Deed, ids: list[int]) -> list[Member]:
    found = [deed.db.get(Member, member_id) for member_id in dict.fromkeys(ids)]
    return [m for m in found if m is not None and m.is_reachable]


def sheet(deed: Deed, session: SessionRow, t: Translator) -> Screen:
    """All open questions in one message, sorted by how many want to know."""
    found = _open_ones(deed, session)
    heading = t("<b>Questions for your webinar</b>") + Markup("\n<b>{}</b>\n").format(title(deed.db, session, t))
    lines = [heading + when(deed, session, t)]
    room = LONGEST
    for number, one in enumerate(found, start=1):
        line = _line(deed, number, one.question.text, one.question.member_id, one.question.anonymous, one.support, t)
        room -= units(str(line)) + 2
        if room < 0:
            rest = len(found) - number + 1
            lines.append(t.n("… and one more: see below.", "… and {n} more: see below.", rest))
            break
        lines.append(line)
    if not found:
        lines.append(t("So far nobody has asked anything."))
    button = Button("💬 " + t.label("Questions for the speaker"), Questions(session.id or 0, 0))
    return Screen(Markup("\n\n").join(lines), buttons=[[button]])


def _line(deed: Deed, number: int, text: str, member_id: int, anonymous: bool, support: int, t: Translator) -> Markup:
    asker = deed.db.get(Member, member_id) if not anonymous else None
    line = Markup("<b>{}.</b> {}").format(number, text)
    if asker is not None:
        line += Markup(" — {}").format(asker.shown_name)
    return line + (Markup(" · 👍 {}").format(t.number(support)) if support else Markup())


@feature.tap(SendList)
def send_list(request: Request, tap: SendList) -> Screen:
    """The same on request, for the speaker and organizers."""
    require_private(request)
    session = webinar_held(request, tap.session)
    require_lead(request, session)
    return sheet(request, session, request.t)

"""Whoever leads a session is asked in good time whether they will be there; the organizer hears of a no."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from bot import outbox, timetable
from bot.errors import NotAllowed, Outdated
from bot.features import attention
from bot.features.people import Member, Role
from bot.timetable import SessionRow, State
from handlers._kit import Button, Deed, Moment, Request, Screen
from handlers.schedule._feature import Leading, ShowSession, feature
from handlers.schedule._holidays import deciders
from handlers.schedule._words import icon, kind_name, lines, moment_in_words


@feature.tick(timedelta(hours=1))
def ask_whoever_leads(moment: Moment) -> None:
    """Ask each of them once for each time that a session has."""
    for person, row in timetable.unconfirmed(moment.db, now=moment.now):
        member = moment.db.get_one(Member, person.member_id)
        if member.is_reachable:
            _ask(moment, row, member)


def _ask(deed: Deed, row: SessionRow, member: Member) -> None:
    t, starts = deed.words(member), _seconds(row)
    text = lines(
        t("You are planned for this. Will you be there?"),
        _head(deed, row, member),
        moment_in_words(row.starts_at, row.ends_at, row.zone, t),
    )
    yes = Button("✅ " + t.label("I'll be there"), Leading(row.id or 0, starts, can=True))
    no = Button("✕ " + t.label("I can't"), Leading(row.id or 0, starts, can=False))
    deed.post(
        Screen(text, buttons=[[yes, no]]),
        chat_id=member.telegram_id,
        key=f"schedule:leading:{row.id}:{member.id}:{starts}",
        due_at=attention.after_quiet(attention.of(deed.db, member), member.timezone, deed.now),
        heeds=outbox.QUIET,
    )


def _head(deed: Deed, row: SessionRow, member: Member) -> Markup:
    title = timetable.title(deed.db, row, member.language) or kind_name(row.kind, deed.words(member))
    return Markup("<b>{} {}</b>").format(icon(row.kind), title)


def _seconds(row: SessionRow) -> int:
    return int(row.starts_at.timestamp())


@feature.tap(Leading, role=Role.CONSULTANT)
def answer(request: Request, tap: Leading) -> Screen:
    """Take the yes, or tell the organizer of the no; raises Outdated when it is at another time by now."""
    row, t = timetable.locked(request.db, tap.session), request.t
    if request.me.id not in {person.member_id for person in timetable.people(request.db, row.id or 0)}:
        raise NotAllowed(Role.ORGANIZER)
    timetable.refuse_over(row, request.now)
    if tap.starts != _seconds(row) or row.state is not State.PLANNED:
        raise Outdated
    said = lines(_head(request, row, request.me), moment_in_words(row.starts_at, row.ends_at, row.zone, t), "")
    if tap.can:
        timetable.confirm(request.db, row, request.me.id or 0, now=request.now)
        return Screen(lines(said, t("✅ Noted: you will be there.")), edit=True)
    for organizer in deciders(request, row):
        _tell_of_a_no(request, row, organizer)
    again = Button("✅ " + t.label("I'll be there"), Leading(row.id or 0, tap.starts, can=True))
    return Screen(
        lines(said, t("Noted: you cannot. The organizers look for somebody else.")), buttons=[[again]], edit=True
    )


def _tell_of_a_no(request: Request, row: SessionRow, organizer: Member) -> None:
    t = request.words(organizer)
    text = lines(
        t("{name} cannot be there:", name=request.me.shown_name),
        _head(request, row, organizer),
        moment_in_words(row.starts_at, row.ends_at, row.zone, t),
    )
    request.post(
        Screen(text, buttons=[[Button(t.label("Show the session"), ShowSession(row.id or 0))]]),
        chat_id=organizer.telegram_id,
        key=f"schedule:cannot:{row.id}:{request.me.id}:{_seconds(row)}:{organizer.id}",
        due_at=attention.after_quiet(attention.of(request.db, organizer), organizer.timezone, request.now),
        heeds=outbox.QUIET,
    )

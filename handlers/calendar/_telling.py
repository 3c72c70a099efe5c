"""Changes are told once to those whom they concern: who takes part, waits or leads, and who had been told otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from bot import outbox, timetable
from bot.features import attention, groups, people
from bot.features.people import Member
from bot.i18n import Translator
from bot.outbox import Lane
from bot.timetable import Attendee, Difference, SessionRow, SessionRung, Standing, What
from handlers import _sessions
from handlers._kit import Moment, Screen
from handlers.calendar import _words
from handlers.calendar._feature import ATTENTION, PORTION, feature

HEARD = ("sent", "claimed")


def tell_some(moment: Moment, session: SessionRow, told: SessionRung) -> None:
    """Tell the next people of the changes that `told` puts together, and in the beginning the groups."""
    differences = timetable.differences(moment.db, session, told)
    named = [_named(moment, each) for each in differences]
    if named and told.reached == 0:
        _tell_groups(moment, session, told, named)
    some, reached = _concerned(moment, session, differences, after=told.reached) if named else ([], None)
    _tell(moment, session, told, named, people.these(moment.db, some))
    timetable.told(moment.db, session, some)
    if reached is None:
        told.done_at = moment.now
    else:
        told.reached = reached


def _named(moment: Moment, difference: Difference) -> Difference:
    """People by their names."""
    if difference.what != What.PEOPLE:
        return difference
    old, new = (
        people.names(moment.db, [int(id_) for id_ in (ids or "").split(",") if id_])
        for ids in (difference.old, difference.new)
    )
    return Difference(difference.what, ", ".join(old), ", ".join(new))


def _concerned(
    moment: Moment, session: SessionRow, differences: Sequence[Difference], *, after: int
) -> tuple[list[int], int | None]:
    """The next ids of those who are something to it, or were told of it and did not say no; and how far that reaches.

    None when these are the last.
    """
    db, session_id = moment.db, session.id or 0
    about = [timetable.about_announcing(session_id), timetable.about_reminding(session_id)]
    heard = people.in_chats(db, outbox.chats_of(about, states=HEARD), after=after, limit=PORTION)
    horizon = heard[-1] if len(heard) == PORTION else None
    known = timetable.concerned(db, session) | timetable.once_there(differences)
    near = {id_ for id_ in known if id_ > after and (horizon is None or id_ <= horizon)}
    ids = sorted(near | (set(heard) - timetable.spoken_for(db, session_id)))
    return (ids[:PORTION], ids[PORTION - 1]) if len(ids) > PORTION else (ids, horizon)


def _tell(
    moment: Moment, session: SessionRow, told: SessionRung, differences: Sequence[Difference], members: Sequence[Member]
) -> None:
    soon = session.starts_at - moment.now <= _words.SOON
    kind = ATTENTION[session.kind]
    times = attention.moments(moment.db, members, kind=kind, now=moment.now, urgent=soon, asked_for=True)
    mine = timetable.standings(moment.db, session.id or 0, [member.id or 0 for member in members])
    leading = {person.member_id for person in timetable.people(moment.db, session.id or 0)}
    for member in members:
        theirs = mine.get(member.id or 0)
        privy = member.id in leading or (theirs is not None and theirs.standing is Standing.COMING)
        screen = _screen(moment, session, differences, moment.words(member), theirs, privy=privy)
        if screen is not None:
            moment.post(
                screen,
                chat_id=member.telegram_id,
                key=f"{_key(session, told)}:member:{member.id}",
                about=timetable.about_changing(session.id or 0),
                lane=Lane.REMINDER,
                due_at=times[member.id or 0],
                heeds=None if soon else outbox.QUIET,
            )


def _key(session: SessionRow, told: SessionRung) -> str:
    return f"session:{session.id}:{told.rung}"


def _screen(
    moment: Moment,
    session: SessionRow,
    differences: Sequence[Difference],
    t: Translator,
    mine: Attendee | None,
    *,
    privy: bool,
) -> Screen | None:
    home = moment.services.settings.timezone
    text = _words.change(moment.db, session, differences, t, mine=mine, privy=privy, home=home)
    if text is None:
        return None
    cancelled = differences[0].what == What.CANCELLED
    in_calendars = privy and (cancelled or any(each.what in ("starts_at", "ends_at", "link") for each in differences))
    return Screen(text, buttons=[[_sessions.add_button(session, t)]] if in_calendars else [])


def _tell_groups(moment: Moment, session: SessionRow, told: SessionRung, differences: Sequence[Difference]) -> None:
    """The groups in which it was announced, or anything else said of it."""
    if not timetable.was_public(moment.db, session.id or 0):
        return
    for group in groups.community(moment.db):
        t = Translator(group.language, feature.name, group.timezone)
        screen = _screen(moment, session, differences, t, None, privy=False)
        if screen is not None:
            due_at = attention.after_quiet(attention.Preferences(member_id=0), group.timezone, moment.now)
            soon = session.starts_at - moment.now <= _words.SOON
            moment.post(
                screen,
                chat_id=group.chat_id,
                key=f"{_key(session, told)}:group:{group.chat_id}",
                about=timetable.about_changing(session.id or 0),
                lane=Lane.REMINDER,
                due_at=moment.now if soon else due_at,
            )

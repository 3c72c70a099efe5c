"""The clock's part: whoever is to hear of a session now hears of it, some people at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot import outbox, timetable
from bot.features import attention, groups, people
from bot.features.attention import Preferences
from bot.features.groups import Group
from bot.features.people import Member
from bot.i18n import Translator
from bot.outbox import Lane
from bot.timetable import Attendee, Audience, SessionRow, Step
from handlers import _sessions
from handlers._kit import Button, Moment, Screen
from handlers.calendar import _words
from handlers.calendar._feature import ATTENTION, PORTION, feature
from handlers.calendar._telling import tell_some

STALE = timedelta(minutes=4)
"""A reminder that is so late no longer says the truth."""
NIGHT = Preferences(member_id=0)
"""Groups are quiet when most people are."""


@feature.tick(timedelta(0))
def remind(moment: Moment) -> timedelta | None:
    """One portion of what is due: changes first, then the newest reminder."""
    db, now = moment.db, moment.now
    if (changed := timetable.ripe(db, now=now)) is not None:
        timetable.begin_telling(db, changed, now=now)
        return timedelta(0)
    session = timetable.due_session(db, now=now)
    if session is None:
        return None
    if (told := timetable.telling(db, session)) is not None:
        tell_some(moment, session, told)
        return timedelta(0)
    usual = moment.services.settings.ladder(session.kind)
    left = PORTION
    for step in timetable.reckon(db, session, usual=usual, now=now):
        left -= climb(moment, session, step, at_most=left)
        if left <= 0:
            break
    return timedelta(0)


@feature.at_start
def freshen(moment: Moment) -> None:
    """Reminders that were left when the process ended say how long it was until then: they are made anew."""
    _make_anew(moment, tried=False)


@feature.tick(STALE)
def freshen_tried(moment: Moment) -> None:
    """The same for those that Telegram could not take for a while."""
    _make_anew(moment, tried=True)


def _make_anew(moment: Moment, *, tried: bool) -> None:
    subjects = timetable.about_reminding("%")
    for about in outbox.late(moment.db, subjects=subjects, before=moment.now - STALE, tried=tried):
        session = timetable.session(moment.db, timetable.reminded_of(about))
        if session is not None:
            timetable.hold(moment.db, session, now=moment.now)


def climb(moment: Moment, session: SessionRow, step: Step, *, at_most: int) -> int:
    """Tell the next people of a step's audience; gives how many were thought of."""
    progress = timetable.begin(moment.db, step, now=moment.now)
    if step.audience is Audience.GROUPS:
        _post_in_groups(moment, session, step, round_=progress.anew)
        progress.done_at = moment.now
        return 0
    thought_of, members = _next_people(moment, session, step, after=progress.reached, at_most=at_most)
    _post_to(moment, session, step, members, round_=progress.anew)
    progress.reached = max(thought_of, default=progress.reached)
    if len(thought_of) < at_most:
        progress.done_at = moment.now
    return len(thought_of)


def _next_people(
    moment: Moment, session: SessionRow, step: Step, *, after: int, at_most: int
) -> tuple[list[int], list[Member]]:
    """The next ids of an audience, and whom of them a message can reach."""
    db = moment.db
    if step.audience is not Audience.UNANSWERED:
        ids = timetable.listeners(db, session, step, after=after, limit=at_most)
        return ids, people.these(db, ids)
    members = people.community(db, after=after, limit=at_most)
    ids = [member.id or 0 for member in members]
    answered = timetable.answered(db, session.id or 0, ids)
    return ids, [member for member in members if member.id not in answered]


def _post_to(moment: Moment, session: SessionRow, step: Step, members: Iterable[Member], *, round_: int) -> None:
    told = outbox.promised_to(moment.db, about=step.about, key=f"{step.key}:")
    waiting = [member for member in members if member.telegram_id not in told]
    times = attention.moments(
        moment.db,
        waiting,
        kind=ATTENTION[session.kind],
        now=moment.now,
        urgent=step.urgent,
        asked_for=step.audience is not Audience.UNANSWERED,
        before=step.until,  # later the next step says it better
    )
    mine = timetable.standings(moment.db, session.id or 0, [member.id or 0 for member in waiting])
    screens = Screens(moment, session, step)
    for member in waiting:
        due_at = times[member.id or 0]
        if due_at is not None:
            screen = screens.for_member(member, mine.get(member.id or 0), due_at)
            _post(moment, session, step, screen, member, due_at, round_=round_)


def _post(
    moment: Moment,
    session: SessionRow,
    step: Step,
    screen: Screen,
    to: Member | Group,
    due_at: datetime,
    *,
    round_: int,
) -> None:
    chat_id = to.telegram_id if isinstance(to, Member) else to.chat_id
    moment.post(
        screen,
        chat_id=chat_id,
        key=f"{step.key}:{round_}:{chat_id}",
        about=step.about,
        lane=Lane.NOTICE if step.audience is Audience.UNANSWERED else Lane.REMINDER,
        due_at=due_at,
        heeds=_heeded(session, step) if isinstance(to, Member) else None,
    )


def _heeded(session: SessionRow, step: Step) -> str | None:
    """Which of its reader's wishes hold for a reminder."""
    if step.urgent:
        return None
    return ATTENTION[session.kind] if step.audience is Audience.UNANSWERED else outbox.QUIET


def _post_in_groups(moment: Moment, session: SessionRow, step: Step, *, round_: int) -> None:
    told = outbox.promised_to(moment.db, about=step.about, key=f"{step.key}:")
    screens = Screens(moment, session, step)
    for group in groups.community(moment.db):
        due_at = moment.now if step.urgent else attention.after_quiet(NIGHT, group.timezone, moment.now)
        if group.chat_id not in told and due_at < step.until:
            screen = screens.made(Translator(group.language, feature.name, group.timezone), None, due_at)
            _post(moment, session, step, screen, group, due_at, round_=round_)


class Screens:
    """What a step says, made once for all who read it in the same language, on the same clock, at the same time."""

    def __init__(self, moment: Moment, session: SessionRow, step: Step) -> None:
        self.moment, self.session, self.step = moment, session, step
        self._made: dict[tuple[str, str, datetime], Screen] = {}

    def for_member(self, member: Member, mine: Attendee | None, at: datetime) -> Screen:
        """In a member's words; who has a time of their own reads of that."""
        t = self.moment.words(member)
        if mine is not None and mine.starts_at is not None:
            return self.made(t, mine, at)
        key = (t.language, t.zone, at)
        if key not in self._made:
            self._made[key] = self.made(t, mine, at)
        return self._made[key]

    def made(self, t: Translator, mine: Attendee | None, at: datetime) -> Screen:
        """The message that arrives at `at`."""
        home = self.moment.services.settings.timezone
        text = _words.reminder(self.moment.db, self.session, self.step, t, at=at, mine=mine, home=home)
        return Screen(text, buttons=self._buttons(t, mine, at))

    def _buttons(self, t: Translator, mine: Attendee | None, at: datetime) -> Sequence[Sequence[Button]]:
        if self.step.audience is Audience.GROUPS:
            return []
        answers = [] if self.step.audience is Audience.LEADING else _sessions.answers(self.session, mine, t, at=at)
        known = self.step.audience in _words.PRIVY
        return [*answers, [_sessions.add_button(self.session, t)]] if known else answers

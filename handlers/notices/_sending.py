"""Send now and Schedule…: asked once more, with the exact number, bound to what was agreed to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import timewords
from bot.errors import MomentUnfit, NoticeBusy, NoticeGone, NoticeUnfit
from bot.features import attention, duty, notices
from bot.features.attention import Preferences
from bot.features.notices import Notice, State
from bot.features.people import Role
from bot.i18n import Translator
from bot.worktime import Calendar
from handlers._kit import Button, Request, Screen, Tap
from handlers.notices._approving import ask_others, others_who_approve
from handlers.notices._editor import ended, shown
from handlers.notices._feature import Home, Open, Schedule, SendNow, TakeBack, feature
from handlers.notices._words import audience_in_words, number_in_words, reach_in_words, title_of
from handlers.people import value_name

_EVERY_DAY = {day: ((time(0), time(0)),) for day in range(7)}
_GOOD_HOURS = (time(9), time(19))
"""When alternatives to a night or a holiday are offered."""

_LOOKED_THROUGH = range(-1, 15)
"""Days around the chosen one among which alternatives are looked for: longer than any row of holidays."""


@dataclass(frozen=True)
class At(Tap, prefix="notices.at"):
    """This time, in minutes since 1970; asked back before anything happens."""

    notice: int
    minute: int


@dataclass(frozen=True)
class Confirm(Tap, prefix="notices.confirm"):
    """Yes: what is agreed to is in the seal; at minute 0 it goes at once."""

    notice: int
    minute: int
    seal: str


@feature.tap(SendNow, role=Role.ORGANIZER)
def send_now(request: Request, tap: SendNow) -> Screen:
    """Ask once more."""
    request.me.pending = None
    notice = notices.get(request.db, tap.notice)
    notices.require_ready(request.db, notice)
    return question(request, notice, None)


@feature.tap(Schedule, role=Role.ORGANIZER)
def schedule(request: Request, tap: Schedule) -> Screen:
    """Wait for a time in words."""
    t, notice = request.t, notices.get(request.db, tap.notice)
    notices.require_ready(request.db, notice)
    request.me.expects("notices.moment", notice=notice.id)
    soon = _alternatives(request, request.now + timedelta(hours=1))
    return Screen(
        t(
            "When shall it go out? Write it as you would say it: “tomorrow 9:00”, “27 Nov 19:30”, “next Tuesday 7pm”. "
            "Times are yours ({zone}), where it is now {now}. To stop: /cancel.",
            zone=_zone(request),
            now=t.when(request.now),
        ),
        buttons=[*([_at_button(notice, each, t)] for each in soon), [Button("‹ " + t.label("Back"), Open(tap.notice))]],
        edit=True,
    )


@feature.step("moment", role=Role.ORGANIZER)
def hear_moment(request: Request) -> Screen:
    """Read the time, and say it back."""
    try:
        notice = notices.open_draft(request.db, int(request.pending["notice"]))
    except (NoticeGone, NoticeBusy) as error:
        return ended(request, error)
    notices.require_ready(request.db, notice)
    at = timewords.read(request.text, now=request.now, zone=request.me.timezone)
    return question(request, notice, _minute(at), edit=False)


@feature.tap(At, role=Role.ORGANIZER)
def choose_moment(request: Request, tap: At) -> Screen:
    """A time that was offered."""
    request.me.pending = None
    notice = notices.get(request.db, tap.notice)
    notices.require_ready(request.db, notice)
    at = _moment(tap.minute)
    if at is None or at <= request.now:
        raise MomentUnfit("past")
    return question(request, notice, at)


def _minute(at: datetime) -> datetime:
    """The time without its seconds, or the next whole minute where they matter."""
    return at if not at.second and not at.microsecond else at.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _moment(minute: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(minute * 60, UTC) if minute > 0 else None
    except (ValueError, OverflowError, OSError):
        raise MomentUnfit("far") from None


def _minutes(at: datetime | None) -> int:
    return int(at.timestamp()) // 60 if at is not None else 0


def question(
    request: Request, notice: Notice, at: datetime | None, *, changed: bool = False, edit: bool = True
) -> Screen:
    """What is about to happen, exactly; its button agrees to this and nothing else."""
    t, number = request.t, notice.id or 0
    counted = notices.count(request.db, notice.audience)
    most = request.services.settings.approval
    lines = [
        *([t("⚠️ Content or audience changed since you looked. This is how it is now:")] if changed else []),
        Markup("<b>{}</b>").format(title_of(request, notice, t)),
        t("For: {audience}", audience=audience_in_words(request, notice.audience, t)),
        *reach_in_words(request, notice, t),
        Markup(),
        _when(request, at),
        *_warnings(request, notice, at or request.now),
    ]
    if most is not None and counted.chats > most:
        lines.append(t("For more than {most}, another organizer has to approve it first.", most=t.number(most)))
    agree = Button(
        _agreement(at, counted.chats, t), Confirm(number, _minutes(at), notices.seal(request.db, notice, at=at))
    )
    others = _alternatives(request, at or request.now) if _warnings(request, notice, at or request.now) else []
    rows = [[agree], *([_at_button(notice, each, t)] for each in others)]
    if at is not None:
        rows.append([Button("🕘 " + t.label("Another time"), Schedule(number))])
    return Screen(Markup("\n").join(lines), buttons=[*rows, [Button("‹ " + t.label("Back"), Open(number))]], edit=edit)


def _agreement(at: datetime | None, chats: int, t: Translator) -> str:
    if at is None:
        return "✅ " + t.label("Yes, send it now ({n})", n=t.number(chats))
    return "✅ " + t.label("Yes, schedule it ({n})", n=t.number(chats))


def _when(request: Request, at: datetime | None) -> Markup:
    t = request.t
    if at is None:
        return t("It goes out <b>now</b>.")
    zone = ZoneInfo(request.me.timezone)
    another_year = at.astimezone(zone).year != request.now.astimezone(zone).year
    when = f"{t.date(at)} {t.time(at)}" if another_year else t.when(at)
    return t("It goes out <b>{when}</b> ({zone}).", when=when, zone=_zone(request))


def _zone(request: Request) -> str:
    """The person's zone as people call it, or by its own name."""
    return value_name(request.me.timezone, request.t.of("people"))


def _warnings(request: Request, notice: Notice, at: datetime) -> list[Markup]:
    t, found = request.t, []
    if _is_night(request, at):
        found.append(
            t("🌙 That is at night: it is urgent, so phones ring.")
            if notice.urgent
            else t("🌙 That is at night: people get it when their quiet hours end, most at 8:00.")
        )
    if _is_holiday(request, at):
        found.append(t("🎉 That is a public holiday."))
    return found


def _is_night(request: Request, at: datetime) -> bool:
    return attention.after_quiet(Preferences(member_id=0), request.me.timezone, at) != at


def _is_holiday(request: Request, at: datetime) -> bool:
    zone = request.me.timezone
    days = Calendar(zone, _EVERY_DAY, region=duty.region_of_zone(zone))
    return not days.is_working_day(at.astimezone(ZoneInfo(zone)).date())


def _alternatives(request: Request, at: datetime) -> list[datetime]:
    """The last good time before a moment, if it is still ahead, and the first one after it."""
    good = list(_good_times(request, at))
    before, after = [each for each in good if each < at], [each for each in good if each > at]
    return [*before[-1:], *after[:1]]


def _good_times(request: Request, around: datetime) -> Iterator[datetime]:
    zone = ZoneInfo(request.me.timezone)
    for day in _LOOKED_THROUGH:
        for hour in _GOOD_HOURS:
            wall = datetime.combine(around.astimezone(zone).date() + timedelta(days=day), hour, zone)
            each = wall.astimezone(UTC)
            if each > request.now and not _is_night(request, each) and not _is_holiday(request, each):
                yield each


def _at_button(notice: Notice, at: datetime, t: Translator) -> Button:
    return Button("🕘 " + t.when(at), At(notice.id or 0, _minutes(at)))


@feature.tap(Confirm, role=Role.ORGANIZER)
def confirm(request: Request, tap: Confirm) -> Screen:
    """Do what was agreed to, once; ask again where content or count are not the same any more."""
    notice, at, most = notices.get(request.db, tap.notice), _moment(tap.minute), request.services.settings.approval
    needs_another = most is not None and notices.count(request.db, notice.audience).chats > most
    if notice.state is State.DRAFT and needs_another and not others_who_approve(request, notice, but=request.me.id):
        raise NoticeUnfit("alone")
    agreed = notices.confirm(request.db, notice, agreed=tap.seal, at=at, by=request.me, most=most, now=request.now)
    if not agreed:
        return question(request, notice, at, changed=True)
    if notice.state is State.ASKED:
        ask_others(request, notice)
        return shown(request, notice, news=request.t("📨 The other organizers are asked. I tell you what they decide."))
    request.hurry()
    return _done(request, notice, at)


def _done(request: Request, notice: Notice, at: datetime | None) -> Screen:
    t, number = request.t, number_in_words(notices.count(request.db, notice.audience), request.t)
    title, home = title_of(request, notice, t), [Button("‹ " + t.label("Notices"), Home())]
    if at is None:
        return Screen(
            t("📣 “{title}” goes out now to {number}.", title=title, number=number), buttons=[home], edit=True
        )
    return Screen(
        t("🕘 “{title}” is scheduled for {number}.", title=title, number=number) + Markup("\n") + _when(request, at),
        buttons=[[Button("↩️ " + t.label("Take it back and change it"), TakeBack(notice.id or 0))], home],
        edit=True,
    )

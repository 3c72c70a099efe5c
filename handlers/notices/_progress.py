"""How far a notice is: one message to its author that edits itself, with the means to pause, resume and stop it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from markupsafe import Markup

from bot import outbox
from bot.features import notices
from bot.features.notices import LATELY, Notice, State, Tally
from bot.features.people import Member, Role
from bot.i18n import Translator
from bot.outbox import Lane, receipt_of
from handlers import _waking
from handlers._kit import Button, Deed, Moment, Request, Screen, Tap
from handlers.notices._feature import feature
from handlers.notices._words import title_of

BETWEEN_EDITS = timedelta(seconds=5)


@dataclass(frozen=True)
class Pause(Tap, prefix="notices.pause"):
    """Nothing further goes out for now."""

    notice: int


@dataclass(frozen=True)
class Resume(Tap, prefix="notices.resume"):
    """It goes on."""

    notice: int


@dataclass(frozen=True)
class Stop(Tap, prefix="notices.stop"):
    """Whoever has not got it does not get it."""

    notice: int


def progress(deed: Deed, notice: Notice, tally: Tally, t: Translator, *, edit: bool = False) -> Screen:
    """How far it is, in a few lines."""
    heading = {
        State.RUNNING: t("📣 <b>{name}</b>\nIt is going out.", name=title_of(deed, notice, t)),
        State.PAUSED: t("⏸ <b>{name}</b>\nIt is paused; nothing further goes out.", name=title_of(deed, notice, t)),
    }.get(notice.state, t("📣 <b>{name}</b>", name=title_of(deed, notice, t)))
    lines = [heading, t("Sent {sent} of {all} · failed {failed} · left {left}", **_numbers(tally, t))]
    if notice.listed_at is None:
        lines = [heading, t("I am still going through the list of recipients.")]
    elif notice.state is State.RUNNING:
        lines += _time_to_go(deed, notice, tally, t)
    if notice.state is State.PAUSED and tally.queued:
        lines.append(_on_the_way(tally, t))
    return Screen(Markup("\n").join(lines), buttons=controls(notice, t), edit=edit)


def _numbers(tally: Tally, t: Translator) -> dict[str, str]:
    wanted = {
        "sent": tally.reached,
        "all": tally.all,
        "failed": tally.failed + tally.unreachable,
        "left": tally.left,
    }
    return {name: t.number(number) for name, number in wanted.items()}


def _on_the_way(tally: Tally, t: Translator) -> Markup:
    return t.n(
        "One is being sent at this moment and may still arrive.",
        "{n} are being sent at this moment and may still arrive.",
        tally.queued,
    )


def _time_to_go(deed: Deed, notice: Notice, tally: Tally, t: Translator) -> list[Markup]:
    """How long it takes for those who need not wait, and until when the others wait."""
    lines = []
    if now_going := tally.left - tally.later:
        minutes = ceil(now_going / _speed(deed, notice, tally) / 60)
        lines.append(t.n("Less than a minute to go.", "About {n} minutes to go.", minutes))
    if tally.later and tally.until is not None:
        lines.append(waiting_line(tally, t))
    return lines


def waiting_line(tally: Tally, t: Translator) -> Markup:
    """How many wait for the morning."""
    return t(
        "🌙 Waiting for the end of their quiet hours: {n}, the last until {when}.",
        n=t.number(tally.later),
        when=t.when(tally.until) if tally.until else "",
    )


def _speed(deed: Deed, notice: Notice, tally: Tally) -> float:
    """Messages a second: as measured lately, or as allowed where there is nothing to measure yet."""
    measured = tally.lately / LATELY.total_seconds()
    is_new = notice.started_at is None or deed.now - notice.started_at < LATELY
    return deed.services.settings.rate if is_new or not measured else measured


def controls(notice: Notice, t: Translator) -> list[list[Button]]:
    """What can be done with it now."""
    number = notice.id or 0
    pause, resume = Button(t.label("Pause"), Pause(number)), Button(t.label("Resume"), Resume(number))
    stop = Button(t.label("Stop"), Stop(number))
    return {State.RUNNING: [[pause, stop]], State.PAUSED: [[resume, stop]]}.get(notice.state, [])


def author(deed: Deed, notice: Notice) -> Member | None:
    """Who wrote it, if they are still here and can be written to."""
    member = deed.db.get(Member, notice.author_id) if notice.author_id else None
    return member if member is not None and member.unreachable_at is None else None


def begin_to_show(moment: Moment, notice: Notice) -> None:
    """The message that will edit itself; whoever sleeps is not woken for it, but sees it once they are up."""
    member = author(moment, notice)
    if member is None or not _waking.is_up(moment, member):
        return
    screen = progress(moment, notice, notices.tally(moment.db, notice, now=moment.now), moment.words(member))
    about = f"{notices.subject(notice)}:watch"
    moment.post(screen, chat_id=member.telegram_id, key=_watch(notice), about=about, lane=Lane.REMINDER)
    notice.shown_at = moment.now


def _watch(notice: Notice) -> str:
    return f"{notices.subject(notice)}:watch:{notice.runs}"


def show(moment: Moment, notice: Notice) -> bool:
    """Edit it when something has changed, every few seconds at most; always says that nothing else is to be done."""
    if is_behind(moment, notice) and not _is_fresh(moment, notice):
        _edit(moment, notice, notices.tally(moment.db, notice, now=moment.now))
    return False


def is_behind(deed: Deed, notice: Notice) -> bool:
    """Whether the author sees other numbers than the present ones while it is going out."""
    if notice.state not in (State.RUNNING, State.PAUSED):
        return False
    return notice.shown != _in_short(notice, notices.tally(deed.db, notice, now=deed.now))


def _in_short(notice: Notice, tally: Tally) -> str:
    numbers = (tally.reached, tally.failed + tally.unreachable, tally.left, tally.later)
    return "/".join([notice.state, *map(str, numbers)])


def _is_fresh(moment: Moment, notice: Notice) -> bool:
    return notice.shown_at is not None and timedelta(0) <= moment.now - notice.shown_at < BETWEEN_EDITS


def end_showing(moment: Moment, notice: Notice) -> None:
    """The last edit: it is over, and the buttons go; where it was never shown, the report says it all."""
    if outbox.is_promised(moment.db, _watch(notice)):
        _edit(moment, notice, notices.tally(moment.db, notice, now=moment.now))


def _edit(moment: Moment, notice: Notice, tally: Tally) -> None:
    """Replace what it says; an earlier edit that still waits is not sent any more."""
    notice.shown_at, notice.shown = moment.now, _in_short(notice, tally)
    member = author(moment, notice)
    if member is None:
        return
    if not outbox.is_promised(moment.db, _watch(notice)):
        begin_to_show(moment, notice)
        return
    about = f"{notices.subject(notice)}:progress"
    outbox.void(moment.db, about=about, now=moment.now)
    moment.replace(
        progress(moment, notice, tally, moment.words(member)),
        chat_id=member.telegram_id,
        message_id=receipt_of(_watch(notice), "message_id"),
        key=f"{about}:{notice.runs}:{moment.now.timestamp():.0f}:{notice.state}",
        about=about,
        needs=_watch(notice),
        lane=Lane.REMINDER,  # before the notice itself, or it would tell of a moment long past; not before any reply
    )


@feature.tap(Pause, role=Role.ORGANIZER)
def pause(request: Request, tap: Pause) -> Screen:
    """Pause it at once."""
    notice = notices.begun(request.db, tap.notice)
    if notice.state is State.RUNNING:
        notices.pause(request.db, notice, now=request.now)
    return _shown(request, notice)


@feature.tap(Resume, role=Role.ORGANIZER)
def resume(request: Request, tap: Resume) -> Screen:
    """Let it go on."""
    notice = notices.begun(request.db, tap.notice)
    if notice.state is not State.RUNNING:
        notices.resume(request.db, notice, now=request.now)
    return _shown(request, notice)


@feature.tap(Stop, role=Role.ORGANIZER)
def stop(request: Request, tap: Stop) -> Screen:
    """Stop it at once; the report follows when what is being sent has arrived."""
    notice = notices.begun(request.db, tap.notice)
    if notice.state is not State.STOPPED:
        notices.stop(request.db, notice, now=request.now)
    return _shown(request, notice)


def _shown(request: Request, notice: Notice) -> Screen:
    """What it looks like now, in place of what was tapped; the author's own message follows with the next tick."""
    request.hurry()
    tally = notices.tally(request.db, notice, now=request.now)
    if notice.state is State.STOPPED:
        t = request.t
        text = t("⏹ <b>{name}</b>\nIt is stopped. The report follows.", name=title_of(request, notice, t))
        return Screen(text if not tally.queued else text + Markup("\n") + _on_the_way(tally, t), edit=True)
    notice.shown_at = None
    return progress(request, notice, tally, request.t, edit=True)
